//! `duplicates`: which entries describe the same error, and why.

use std::sync::LazyLock;

use clap::Args;
use errlore::corpus::Inputs;
use errlore::duplicates::{
    Base, Clusters, Contradiction, Decision, Evidence, Fault, Label, Pair, Standing, Standings,
    reasons,
};
use errlore::pattern::{Limits, Overlap, overlap};
use errlore::{Error, Result, visible};
use rayon::prelude::*;
use serde::Serialize;

use super::regex::overlap::in_words as compared;
use super::{Global, Status, input, print, print_plain};
use known::{Known, against, announce};
use raised::{Cut, LeftOut, Raised};

mod decide;
mod index;
mod known;
mod like;
mod measure;
mod page;
mod raised;
mod refit;
mod review;
mod sides;
mod since;
mod store;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: input::Arguments,
    /// From which probability on two entries are duplicates [default: that of the model]
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<f64>,
    /// text, json or html: a page with the entries of each pair side by side
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// List all pairs that were compared, whatever they are to each other
    #[arg(long)]
    all_pairs: bool,
    /// Compare two entries, named by their ids, and say all that speaks for and against it
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with = "all_pairs")]
    explain: Vec<String>,
    #[command(flatten)]
    like: like::Arguments,
    #[command(flatten)]
    decide: decide::Arguments,
    #[command(flatten)]
    review: review::Arguments,
    #[command(flatten)]
    judge: measure::Arguments,
}

/// How to write what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For people with a browser.
    Html,
}

fn probability(text: &str) -> std::result::Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number, such as 0.6".to_owned())?;
    let is_within = number > 0.0 && number <= 1.0;
    is_within.then_some(number).ok_or_else(|| "expected more than 0 and at most 1".to_owned())
}

/// So many pairs are written at a time.
const AT_A_TIME: usize = 1000;

/// What was found.
struct Found<'b> {
    base: &'b Base,
    standings: &'b Standings<'b>,
    /// What is listed: duplicates, or all pairs.
    pairs: Vec<&'b Pair>,
    in_name_only: Vec<&'b Pair>,
    outdated: &'b [Pair],
    clusters: Clusters,
    left_out: LeftOut,
    cut: Cut,
}

/// What comes behind the pairs, as programs read it.
#[derive(Serialize)]
struct Rest<'b> {
    outdated: Vec<Listed<'b>>,
    clusters: Vec<Vec<&'b str>>,
    bridges: Vec<[&'b str; 2]>,
    variants_in_name_only: Vec<Listed<'b>>,
    left_out: LeftOut,
    decisions_file: Vec<Said>,
    cut: Cut,
}

#[derive(Serialize)]
struct Listed<'b> {
    a: &'b str,
    b: &'b str,
    label: Label,
    probability: f64,
    evidence: Vec<Evidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'b Decision>,
    /// Which have changed since the decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<&'b str>,
}

/// A pair that was asked for.
#[derive(Serialize)]
struct Explained<'b> {
    #[serde(flatten)]
    pair: Listed<'b>,
    contradictions: &'b [Contradiction],
    /// What the patterns have in common, where both entries have one.
    patterns: Option<Overlap>,
}

/// Something to say about a line of the file of decisions.
#[derive(Serialize)]
struct Said {
    line: usize,
    severity: &'static str,
    message: String,
    help: String,
}

impl From<&Fault> for Said {
    fn from(fault: &Fault) -> Self {
        let severity = if fault.is_warning() { "warning" } else { "note" };
        Self { line: fault.line, severity, message: fault.message(), help: fault.help() }
    }
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    if arguments.review.is_asked_for() && arguments.input.reads_stdin() {
        return Err(Error::config("standard input cannot be both an entry and the answers")
            .with_help("name the file of the entry"));
    }
    if !arguments.like.like.is_empty() {
        let Arguments { input, like, threshold, format, .. } = arguments;
        return like::run(global, input, like, *threshold, *format);
    }
    let known = Known::read(global, &arguments.input, !arguments.judge.refit, Vec::new())?;
    let threshold = arguments.threshold.unwrap_or(known.base.model().threshold);
    if !arguments.decide.decide.is_empty() {
        return decide::run(&known, &arguments.decide);
    }
    if arguments.review.is_asked_for() {
        return review::run(&known, threshold, &arguments.review, arguments.decide.today());
    }
    let (decisions, faults) = known.store().read()?;
    let standings = against(&known.base, &decisions, faults);
    if let [a, b] = &arguments.explain[..] {
        return explain(&known, &standings, a, b, arguments.format);
    }
    announce(&standings.faults);
    if arguments.judge.refit {
        return refit::run(&known, &standings, threshold);
    }
    if arguments.judge.measure {
        return measure::run(&known, &standings, threshold, arguments.format);
    }
    let raised = Raised::new(&known, &standings, threshold, arguments.all_pairs);
    let pairs = &raised.pairs;
    let reach = |pair: &&Pair| pair.probability >= threshold;
    let duplicates: Vec<Pair> = pairs.iter().filter(reach).cloned().collect();
    let found = Found {
        base: &known.base,
        standings: &standings,
        in_name_only: pairs.iter().filter(|pair| pair.in_name_only).collect(),
        pairs: pairs.iter().filter(|pair| arguments.all_pairs || reach(pair)).collect(),
        outdated: &raised.outdated,
        clusters: known.base.clusters(&duplicates, threshold, known.case),
        left_out: raised.left_out,
        cut: raised.cut,
    };
    match arguments.format {
        Format::Text if arguments.input.since.is_some() => since::print_words(&found, &known)?,
        Format::Text => found.print_words()?,
        Format::Json => found.print_json()?,
        Format::Html => page::print(&known, &found)?,
    }
    let is_clean = duplicates.is_empty()
        && raised.outdated.is_empty()
        && !standings.faults.iter().any(Fault::is_warning);
    Ok(match (known.has_failures, is_clean) {
        (true, _) => Status::Failed,
        (false, true) => Status::Clean,
        (false, false) => Status::Findings,
    })
}

/// Reads what is known of duplicates beside the entries: decisions, and weights fitted to them.
pub(super) fn read_curation(inputs: &mut Inputs) -> Result<()> {
    let root = known::root(inputs).to_owned();
    let (decisions, faults) = store::Store::new(&root).read()?;
    announce(&faults);
    inputs.decisions = decisions;
    inputs.weights = refit::weights(&root)?;
    Ok(())
}

fn explain(
    known: &Known,
    standings: &Standings<'_>,
    a: &str,
    b: &str,
    format: Format,
) -> Result<Status> {
    let (a, b) = (known.number(a)?, known.number(b)?);
    if a == b {
        let id = visible::quote(known.base.id(a).as_str());
        return Err(
            Error::config(format!("both are the same entry, {id}")).with_help("name two entries")
        );
    }
    let base = &known.base;
    let pair = base.pair(a, b, known.case);
    let is_duplicate = pair.label == Label::Duplicate;
    let (one, other) = (known.entry(pair.a)?, known.entry(pair.b)?);
    let contradictions = base.contradictions(&one, &other);
    let have_patterns = !one.regex.is_empty() && !other.regex.is_empty();
    let patterns =
        have_patterns.then(|| overlap(&one.regex, &other.regex, known.case, &Limits::default()));
    match format {
        Format::Text => {
            let standing = standing_in_words(base, &pair, standings.of(base, a, b));
            let mut text = in_words(base, &pair, usize::MAX) + &standing;
            for contradiction in &contradictions {
                text += &wrapped("    ! ", &contradiction.in_words());
            }
            if let Some(patterns) = &patterns {
                text += "    = the patterns\n";
                for line in compared(patterns, known.case).lines() {
                    text += &format!("      {line}\n");
                }
            }
            print(&text)?;
        }
        Format::Json => {
            let pair = listed(base, &pair, standings);
            let contradictions = &contradictions[..];
            print_plain(&json(&Explained { pair, contradictions, patterns })?)?;
        }
        Format::Html => page::print_one(known, &pair, standings.of(base, a, b))?,
    }
    Ok(if is_duplicate { Status::Findings } else { Status::Clean })
}

fn json(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(value);
    text.map(|text| text + "\n").map_err(|error| Error::io(format!("cannot write JSON: {error}")))
}

fn listed<'b>(base: &'b Base, pair: &'b Pair, standings: &Standings<'b>) -> Listed<'b> {
    let (a, b) = (base.id(pair.a).as_str(), base.id(pair.b).as_str());
    let (decision, changed) = match standings.of(base, pair.a, pair.b) {
        Standing::Undecided | Standing::Declared => (None, Vec::new()),
        Standing::Decided(decision) => (Some(decision), Vec::new()),
        Standing::Outdated(decision, changed) => {
            let both = [(changed.a, a), (changed.b, b)];
            (Some(decision), both.into_iter().filter(|(is, _)| *is).map(|(_, id)| id).collect())
        }
    };
    Listed {
        a,
        b,
        label: pair.label,
        probability: pair.probability,
        evidence: pair.evidence(base.model()),
        decision,
        changed,
    }
}

/// What is decided about a pair, and what has changed since.
fn standing_in_words(base: &Base, pair: &Pair, standing: Standing<'_>) -> String {
    match standing {
        Standing::Undecided => String::new(),
        Standing::Declared => wrapped("    = ", "one of them says how it is told from the other"),
        Standing::Decided(decision) => {
            wrapped("    = ", &format!("decided {}", decide::in_words(decision)))
        }
        Standing::Outdated(decision, changed) => {
            let id = |entry| visible::name(base.id(entry).as_str());
            let since = match (changed.a, changed.b) {
                (true, true) => "both have changed".to_owned(),
                (true, false) => format!("{} has changed", id(pair.a)),
                _ => format!("{} has changed", id(pair.b)),
            };
            let decided = format!("decided {}", decide::in_words(decision));
            wrapped("    = ", &decided) + &wrapped("    = ", &format!("since then {since}"))
        }
    }
}

impl Found<'_> {
    /// Writes `{"pairs": [...], "clusters": [...], ...}`, some pairs at a time: there may be a million.
    fn print_json(&self) -> Result<()> {
        let id = |entry: usize| self.base.id(entry).as_str();
        let list = |pair| listed(self.base, pair, self.standings);
        let rest = Rest {
            outdated: self.outdated.iter().map(list).collect(),
            clusters: self
                .clusters
                .clusters
                .iter()
                .map(|members| members.iter().map(|entry| id(*entry)).collect())
                .collect(),
            bridges: self.clusters.bridges.iter().map(|(a, b)| [id(*a), id(*b)]).collect(),
            variants_in_name_only: self.in_name_only.iter().map(|pair| list(pair)).collect(),
            left_out: self.left_out,
            decisions_file: self.standings.faults.iter().map(Said::from).collect(),
            cut: self.cut,
        };
        print_plain("{\"pairs\":[")?;
        for (number, some) in self.pairs.chunks(AT_A_TIME).enumerate() {
            let mut text = String::from(if number > 0 { "," } else { "" });
            let each = some.par_iter().map(|pair| json(&list(pair)));
            let each: Vec<String> = each.collect::<Result<_>>()?;
            let each: Vec<&str> = each.iter().map(|pair| pair.trim_end()).collect();
            text += &each.join(",");
            print_plain(&text)?;
        }
        print_plain(&format!("],{}", json(&rest)?.trim_start_matches('{')))
    }

    fn print_words(&self) -> Result<()> {
        let mut out = String::new();
        for (number, members) in (1..).zip(&self.clusters.clusters) {
            out += &format!("cluster {number}: {} entries\n", members.len());
            for entry in members {
                out += &wrapped("  ", &visible::name(self.base.id(*entry).as_str()));
            }
        }
        let has_clusters = !out.is_empty();
        print(&out)?;
        self.print_list("pairs", &self.pairs)?;
        let title = "variants in name only: nothing says that the environments differ";
        self.print_list(title, &self.in_name_only)?;
        let outdated: Vec<&Pair> = self.outdated.iter().collect();
        self.print_list("decided, and changed since", &outdated)?;
        let has_pairs = has_clusters
            || [self.pairs.len(), self.in_name_only.len(), self.outdated.len()] != [0; 3];
        self.print_sums(has_pairs)
    }

    /// How many there are of everything; a blank line parts that from what stands `above` it.
    fn print_sums(&self, above: bool) -> Result<()> {
        let (clusters, bridges) = (self.clusters.clusters.len(), self.clusters.bridges.len());
        let entries: usize = self.clusters.clusters.iter().map(Vec::len).sum();
        let mut out = String::from(if above { "\n" } else { "" });
        let all = self.base.len();
        let plural = if clusters == 1 { "cluster" } else { "clusters" };
        out += &wrapped(
            "",
            &format!("{all} entries: {entries} of them in {clusters} {plural} of duplicates"),
        );
        if bridges > 0 {
            let text = format!("{bridges} pairs stand between clusters that do not hold together");
            out += &wrapped("", &text);
        }
        let LeftOut { decided, declared, to_merge } = self.left_out;
        for (count, what) in [
            (decided, "decided pairs left out"),
            (declared, "pairs left out of which one entry says how it is told from the other"),
            (to_merge, "decided duplicates are still two entries"),
        ] {
            if count > 0 {
                out += &wrapped("", &format!("{count} {what}"));
            }
        }
        if self.cut.blocks > 0 {
            let text = format!(
                "{} sets of entries share something so common that only neighbours among them were compared: \
                 {} pairs were left out",
                self.cut.blocks, self.cut.pairs
            );
            out += &wrapped("", &text);
        }
        print(&out)
    }

    fn print_list(&self, title: &str, pairs: &[&Pair]) -> Result<()> {
        /// For and against so many reasons are given.
        const REASONS: usize = 3;
        if !pairs.is_empty() {
            print(&format!("\n{title}\n"))?;
        }
        for some in pairs.chunks(AT_A_TIME) {
            let in_words = |pair: &&Pair| {
                let standing = self.standings.of(self.base, pair.a, pair.b);
                in_words(self.base, pair, REASONS) + &standing_in_words(self.base, pair, standing)
            };
            let text: Vec<String> = some.par_iter().map(in_words).collect();
            print(&text.concat())?;
        }
        Ok(())
    }
}

/// A pair and the strongest reasons.
fn in_words(base: &Base, pair: &Pair, most: usize) -> String {
    let label = pair.label.as_str();
    let mut out = format!("{:.0} % {label}\n", pair.probability * 100.0);
    for entry in [pair.a, pair.b] {
        out += &wrapped("  ", &visible::name(base.id(entry).as_str()));
    }
    let reasons = reasons(&pair.evidence(base.model()), most);
    for (sign, reasons) in [("    + ", &reasons.for_it), ("    - ", &reasons.against)] {
        for reason in reasons {
            out += &wrapped(sign, reason);
        }
    }
    out
}

/// Lines that fit 80 columns, or a narrower terminal; what follows the first is set in as far.
fn wrapped(start: &str, text: &str) -> String {
    static COLUMNS: LazyLock<usize> = LazyLock::new(|| super::width().min(80));
    // There may be a million lines, and most fit.
    let fits = start.len() + text.len() <= *COLUMNS;
    if fits && !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return format!("{start}{}\n", text.trim_end_matches(' '));
    }
    let indent = " ".repeat(start.len());
    let options = textwrap::Options::new(*COLUMNS).initial_indent(start).subsequent_indent(&indent);
    textwrap::fill(text, options) + "\n"
}
