//! `duplicates --measure`: how well the decisions are met.

use clap::Args;
use errlore::duplicates::{Label, Measure, Proportion, Standing, Standings, Tenth};
use errlore::wording::counted;
use errlore::{Error, Result};
use serde::Serialize;

use super::super::output::json;
use super::super::{Status, print, print_plain};
use super::known::Known;
use super::wrap::wrapped;

#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Tell how well the decisions are met: precision and recall of duplicates
    #[arg(long, conflicts_with_all = ["decide", "explain", "all_pairs", "review"])]
    pub(super) measure: bool,
    /// Fit the weights to the decisions, and keep them in the knowledge base where that helps
    #[arg(long, conflicts_with_all = ["decide", "explain", "all_pairs", "review", "measure"])]
    pub(super) refit: bool,
}

/// The answer as programs read it.
#[derive(Serialize)]
struct Answer {
    threshold: f64,
    decisions: usize,
    outdated: usize,
    duplicate: usize,
    variant: usize,
    related: usize,
    distinct: usize,
    precision: Figure,
    recall: Figure,
    f1: Option<f64>,
    brier: Option<f64>,
    tenths: [Tenth; 10],
}

#[derive(Serialize)]
struct Figure {
    value: Option<f64>,
    interval_95: Option<[f64; 2]>,
    part: usize,
    whole: usize,
}

impl From<Proportion> for Figure {
    fn from(of: Proportion) -> Self {
        Self { value: of.value(), interval_95: of.interval(), part: of.part, whole: of.whole }
    }
}

impl Figure {
    fn in_words(&self, name: &str) -> String {
        let (Some(value), Some([low, high])) = (self.value, self.interval_95) else {
            return format!("  {name:<10} none: there are no such pairs\n");
        };
        let Self { part, whole, .. } = self;
        format!(
            "  {name:<10} {value:.3}, 95 % interval {low:.3} to {high:.3} ({part} of {whole})\n"
        )
    }
}

pub(super) fn run(
    known: &Known,
    standings: &Standings<'_>,
    threshold: f64,
    is_json: bool,
) -> Result<Status> {
    let (mut pairs, mut labels, mut outdated) = (Vec::new(), Vec::new(), 0);
    for (pair, standing) in standings.pairs(&known.base) {
        match standing {
            Standing::Decided(decision) => {
                pairs.push(pair);
                labels.push(decision.label);
            }
            Standing::Outdated(..) => outdated += 1,
            Standing::Undecided | Standing::Declared => {}
        }
    }
    if pairs.is_empty() {
        let text = match outdated {
            0 => "there are no decisions to measure on".to_owned(),
            _ => {
                format!("all {outdated} decisions are outdated: an entry of each has changed since")
            }
        };
        return Err(Error::no_input(text).with_help("`errlore duplicates --review` makes some"));
    }
    let compared = known.compare(&pairs);
    let is_duplicate = labels.iter().map(|label| *label == Label::Duplicate);
    let probabilities = compared.iter().map(|pair| pair.probability);
    let measure = Measure::new(probabilities.zip(is_duplicate), threshold);
    let count = |of: Label| labels.iter().filter(|label| **label == of).count();
    let answer = Answer {
        threshold,
        decisions: labels.len(),
        outdated,
        duplicate: count(Label::Duplicate),
        variant: count(Label::Variant),
        related: count(Label::Related),
        distinct: count(Label::Distinct),
        precision: measure.precision.into(),
        recall: measure.recall.into(),
        f1: measure.f1(),
        brier: measure.brier,
        tenths: measure.tenths,
    };
    if is_json {
        print_plain(&json(&answer)?)?;
    } else {
        print(&in_words(&answer, &measure))?;
    }
    Ok(if known.has_failures { Status::Failed } else { Status::Clean })
}

/// Precision, recall and what is made of them, each on a line.
pub(super) fn figures(measure: &Measure) -> String {
    let mut out = Figure::from(measure.precision).in_words("precision");
    out += &Figure::from(measure.recall).in_words("recall");
    for (name, value) in [("F1", measure.f1()), ("Brier", measure.brier)] {
        if let Some(value) = value {
            out += &format!("  {name:<10} {value:.3}\n");
        }
    }
    out
}

fn in_words(answer: &Answer, measure: &Measure) -> String {
    let Answer { decisions, outdated, duplicate, variant, related, distinct, .. } = answer;
    let mut out = wrapped(
        "",
        &format!(
            "{}: {}, {}, {related} related, {distinct} distinct",
            counted(*decisions, "decided pair"),
            counted(*duplicate, "duplicate"),
            counted(*variant, "variant"),
        ),
    );
    if *outdated > 0 {
        let are = if *outdated == 1 { "is" } else { "are" };
        out += &wrapped("", &format!("{outdated} more {are} left out: an entry has changed since"));
    }
    out += &format!("duplicates from {} on:\n", answer.threshold);
    out += &figures(measure);
    out += "probability: pairs, of which duplicates\n";
    for (number, tenth) in answer.tenths.iter().enumerate() {
        if tenth.pairs > 0 {
            out += &format!("  from 0.{number}: {:4} {:4}\n", tenth.pairs, tenth.duplicates);
        }
    }
    out + &wrapped(
        "",
        "recall is among decided pairs: duplicates that were never raised are not in it",
    )
}
