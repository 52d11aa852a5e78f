//! `duplicates --decide`: recording what somebody has decided about two entries.

use chrono::{Local, NaiveDate};
use clap::Args;
use errlore::duplicates::{Contradiction, Decision, Label, Standing};
use errlore::pointer::JsonPointer;
use errlore::suggest::did_you_mean;
use errlore::{Error, Result, visible};

use super::super::{Status, print};
use super::known::{Known, against, announce};
use super::store::Store;
use super::words;
use super::wrap::wrapped;

#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Record what two entries are to each other: duplicate, variant, related or distinct
    #[arg(
        long,
        num_args = 3,
        value_names = ["A", "B", "LABEL"],
        requires = "reason",
        conflicts_with_all = ["explain", "all_pairs"]
    )]
    pub(super) decide: Vec<String>,
    /// Why, in a sentence
    #[arg(long, value_name = "TEXT", requires = "decide")]
    reason: Option<String>,
    /// With --decide: the contradictions between the two are known, and are to be recorded with it
    #[arg(long, requires = "decide")]
    contradictions_read: bool,
    /// The day it is, YYYY-MM-DD [default: the system's date]
    #[arg(long, value_name = "DATE", env = "ERRLORE_TODAY", hide_env = true)]
    today: Option<NaiveDate>,
}

impl Arguments {
    /// The day on which decisions are made.
    pub(super) fn today(&self) -> NaiveDate {
        self.today.unwrap_or_else(|| Local::now().date_naive())
    }
}

/// Records one decision.
pub(super) fn run(known: &Known, arguments: &Arguments) -> Result<Status> {
    let [a, b, label] = &arguments.decide[..] else {
        return Err(Error::config("`--decide` takes two ids and a label"));
    };
    let reason = arguments.reason.as_deref().map(str::trim).unwrap_or_default();
    if reason.is_empty() {
        return Err(Error::config("the reason is empty")
            .with_help("say in a sentence how the two are told apart, or why they are one"));
    }
    let label = label_of(label)?;
    let (a, b) = known.two(a, b)?;
    let (_, faults) = known.store().read()?;
    announce(&faults);
    let mut decision = decision(known, a, b, label, reason, arguments.today());
    let contradictions = contradictions(known, &decision)?;
    if !contradictions.is_empty() && !arguments.contradictions_read {
        let [a, b] = [&decision.a, &decision.b].map(|id| visible::name(id.as_str()).into_owned());
        let out = wrapped("", &format!("{a} and {b} contradict each other:"))
            + &words::contradictions(&contradictions, usize::MAX)
            + &wrapped(
                "",
                "nothing is recorded: find out which advice holds, for a merge has to keep one; \
                 `--contradictions-read` records the decision with what is still to be settled",
            );
        print(&out)?;
        return Ok(Status::Findings);
    }
    decision.contradictions = places(contradictions);
    let store = known.store();
    let (decision, earlier) = record(known, &store, decision)?;
    let mut out = format!(
        "{} {} {}: {}\n",
        visible::name(decision.a.as_str()),
        decision.label.as_str(),
        visible::name(decision.b.as_str()),
        visible::name(&decision.reason)
    );
    match decision.contradictions.len() {
        0 => {}
        1 => out += "  with 1 contradiction to settle\n",
        some => out += &format!("  with {some} contradictions to settle\n"),
    }
    if let Some(earlier) = earlier {
        out += &format!("  in the place of: {}\n", in_words(&earlier));
    }
    print(&out)?;
    store.announce();
    Ok(if known.has_failures { Status::Failed } else { Status::Clean })
}

fn label_of(word: &str) -> Result<Label> {
    let known = Label::ALL.into_iter().find(|label| label.as_str() == word);
    known.ok_or_else(|| {
        let words = Label::ALL.map(Label::as_str);
        let help = match did_you_mean(word, words) {
            Some(guess) => format!("did you mean {guess}?"),
            None => format!("use one of {}", words.join(", ")),
        };
        Error::config(format!("{} is no label", visible::quote(word))).with_help(help)
    })
}

/// Where two entries contradict each other that a decision takes for one error; of others the advice may
/// well differ.
pub(super) fn contradictions(known: &Known, decision: &Decision) -> Result<Vec<Contradiction>> {
    if decision.label != Label::Duplicate {
        return Ok(Vec::new());
    }
    let [a, b] = [&decision.a, &decision.b].map(|id| known.number(id.as_str()));
    Ok(known.base.contradictions(&known.entry(a?)?, &known.entry(b?)?))
}

/// The places of contradictions, as a decision records them.
pub(super) fn places(contradictions: Vec<Contradiction>) -> Vec<[JsonPointer; 2]> {
    contradictions.into_iter().map(|Contradiction { a, b, .. }| [a, b]).collect()
}

/// A decision about two entries as they are now.
pub(super) fn decision(
    known: &Known,
    a: usize,
    b: usize,
    label: Label,
    reason: &str,
    date: NaiveDate,
) -> Decision {
    let base = &known.base;
    let (a, b) = (a.min(b), a.max(b));
    Decision {
        a: base.id(a).clone(),
        b: base.id(b).clone(),
        label,
        reason: reason.to_owned(),
        date,
        hashes: [base.fingerprint(a), base.fingerprint(b)],
        replaces: None,
        contradictions: Vec::new(),
    }
}

/// Writes a decision to the file, with the label that it takes the place of; gives it as it was written,
/// and the earlier one.
pub(super) fn record(
    known: &Known,
    store: &Store,
    mut decision: Decision,
) -> Result<(Decision, Option<Decision>)> {
    let mut earlier = None;
    store.change(|decisions| {
        let standings = against(&known.base, decisions, Vec::new());
        let number = |id: &errlore::entry::EntryId| known.base.resolve(id.as_str());
        if let (Some(a), Some(b)) = (number(&decision.a), number(&decision.b)) {
            earlier = match standings.of(&known.base, a, b) {
                Standing::Decided(decision) | Standing::Outdated(decision, _) => {
                    Some(decision.clone())
                }
                Standing::Undecided | Standing::Declared => None,
            };
        }
        decision.replaces =
            earlier.as_ref().map(|earlier| earlier.label).filter(|was| *was != decision.label);
        decisions.record(decision.clone());
        true
    })?;
    Ok((decision, earlier))
}

/// A decision in a line.
pub(super) fn in_words(decision: &Decision) -> String {
    format!("{} on {}: {}", decision.label.as_str(), decision.date, visible::name(&decision.reason))
}
