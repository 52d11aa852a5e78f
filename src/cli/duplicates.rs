//! `duplicates`: which entries describe the same error, and why.

use clap::Args;
use errlore::corpus::{Document, read};
use errlore::duplicates::{
    Base, Clusters, Contradiction, Digest, Evidence, Label, Model, Pair, reasons,
};
use errlore::entry::Entry;
use errlore::{Error, Result, visible};
use rayon::prelude::*;
use serde::Serialize;

use super::output::{self, ListFormat};
use super::{Global, Status, input, print, print_plain};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: input::Arguments,
    /// From which probability on two entries are duplicates [default: that of the model]
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Option<f64>,
    /// text or json
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: ListFormat,
    /// List all pairs that were compared, whatever they are to each other
    #[arg(long)]
    all_pairs: bool,
    /// Compare two entries, named by their ids, and say all that speaks for and against it
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with = "all_pairs")]
    explain: Vec<String>,
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
    /// What is listed: duplicates, or all pairs.
    pairs: Vec<&'b Pair>,
    in_name_only: Vec<&'b Pair>,
    clusters: Clusters,
    cut_blocks: usize,
    cut_pairs: u64,
}

/// What comes behind the pairs, as programs read it.
#[derive(Serialize)]
struct Rest<'b> {
    clusters: Vec<Vec<&'b str>>,
    bridges: Vec<[&'b str; 2]>,
    variants_in_name_only: Vec<Listed<'b>>,
    cut: Cut,
}

#[derive(Serialize)]
struct Listed<'b> {
    a: &'b str,
    b: &'b str,
    label: Label,
    probability: f64,
    evidence: Vec<Evidence>,
}

/// A pair that was asked for.
#[derive(Serialize)]
struct Explained<'b> {
    #[serde(flatten)]
    pair: Listed<'b>,
    contradictions: &'b [Contradiction],
}

/// What was too common to be compared in full.
#[derive(Serialize)]
struct Cut {
    blocks: usize,
    pairs: u64,
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    let mut inputs = input::discover(global, &arguments.input, true)?;
    let config = std::mem::take(&mut inputs.loaded.config);
    let mut has_failures = !inputs.failures.is_empty();
    for failure in &inputs.failures {
        output::failure(failure);
    }
    let each = inputs.files.par_iter().enumerate().map(|(number, file)| {
        let loaded = Document::load(file, number, read(file, config.max_file_size)?, true);
        Ok(loaded.entry.map(|entry| {
            let digest = Digest::new(&entry);
            let is_named = arguments.explain.iter().any(|id| id == entry.id.as_str());
            (digest, is_named.then_some(entry), file.in_scope)
        }))
    });
    let (mut digests, mut outside, mut named) = (Vec::new(), Vec::new(), Vec::new());
    for digest in each.collect::<Vec<Result<Option<(Digest, Option<Entry>, bool)>>>>() {
        match digest {
            Ok(Some((digest, entry, in_scope))) => {
                named.extend(entry);
                if !in_scope {
                    outside.push(digest.id().clone());
                }
                digests.push(digest);
            }
            Ok(None) => {}
            Err(failure) => {
                output::failure(&failure);
                has_failures = true;
            }
        }
    }
    outside.sort_unstable();
    let base = Base::new(digests);
    let case = config.regex.case;
    if let [a, b] = &arguments.explain[..] {
        return explain(&base, [a, b], &named, case, arguments.format);
    }
    let threshold = arguments.threshold.unwrap_or(Model::fitted().threshold);
    let candidates = base.candidates();
    let least = if arguments.all_pairs { 0.0 } else { threshold };
    let mut pairs = base.pairs(&candidates.pairs, least, case);
    pairs.retain(|pair| {
        let is_outside = |entry| outside.binary_search(base.id(entry)).is_ok();
        !(is_outside(pair.a) && is_outside(pair.b))
    });
    let reach = |pair: &&Pair| pair.probability >= threshold;
    let duplicates: Vec<Pair> = pairs.iter().filter(reach).cloned().collect();
    let found = Found {
        base: &base,
        in_name_only: pairs.iter().filter(|pair| pair.in_name_only).collect(),
        pairs: pairs.iter().filter(|pair| arguments.all_pairs || reach(pair)).collect(),
        clusters: base.clusters(&duplicates, threshold, case),
        cut_blocks: candidates.cut_blocks,
        cut_pairs: candidates.cut_pairs,
    };
    match arguments.format {
        ListFormat::Text => found.print_words()?,
        ListFormat::Json => found.print_json()?,
    }
    Ok(match (has_failures, duplicates.is_empty()) {
        (true, _) => Status::Failed,
        (false, true) => Status::Clean,
        (false, false) => Status::Findings,
    })
}

fn explain(
    base: &Base,
    [a, b]: [&str; 2],
    named: &[Entry],
    case: errlore::config::Case,
    format: ListFormat,
) -> Result<Status> {
    let number = |id: &str| {
        base.number(id).ok_or_else(|| {
            Error::config(format!("there is no entry {}", visible::quote(id)))
                .with_help("name both entries by their ids")
        })
    };
    let (a, b) = (number(a)?, number(b)?);
    let pair = base.pair(a, b, case);
    let is_duplicate = pair.label == Label::Duplicate;
    let entry = |number| named.iter().find(|entry| entry.id == *base.id(number));
    let contradictions = match (entry(pair.a), entry(pair.b)) {
        (Some(one), Some(other)) => base.contradictions(one, other),
        _ => Vec::new(),
    };
    match format {
        ListFormat::Text => {
            let mut text = in_words(base, &pair, usize::MAX);
            for contradiction in &contradictions {
                text += &wrapped("    ! ", &contradiction.in_words());
            }
            print(&text)?;
        }
        ListFormat::Json => {
            let pair = listed(base, &pair);
            print_plain(&json(&Explained { pair, contradictions: &contradictions })?)?;
        }
    }
    Ok(if is_duplicate { Status::Findings } else { Status::Clean })
}

fn json(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string(value);
    text.map(|text| text + "\n").map_err(|error| Error::io(format!("cannot write JSON: {error}")))
}

fn listed<'b>(base: &'b Base, pair: &'b Pair) -> Listed<'b> {
    Listed {
        a: base.id(pair.a).as_str(),
        b: base.id(pair.b).as_str(),
        label: pair.label,
        probability: pair.probability,
        evidence: pair.evidence(),
    }
}

impl Found<'_> {
    /// Writes `{"pairs": [...], "clusters": [...], ...}`, some pairs at a time: there may be a million.
    fn print_json(&self) -> Result<()> {
        let id = |entry: usize| self.base.id(entry).as_str();
        let rest = Rest {
            clusters: self
                .clusters
                .clusters
                .iter()
                .map(|members| members.iter().map(|entry| id(*entry)).collect())
                .collect(),
            bridges: self.clusters.bridges.iter().map(|(a, b)| [id(*a), id(*b)]).collect(),
            variants_in_name_only: self
                .in_name_only
                .iter()
                .map(|pair| listed(self.base, pair))
                .collect(),
            cut: Cut { blocks: self.cut_blocks, pairs: self.cut_pairs },
        };
        print_plain("{\"pairs\":[")?;
        for (number, some) in self.pairs.chunks(AT_A_TIME).enumerate() {
            let mut text = String::from(if number > 0 { "," } else { "" });
            let all: Vec<Listed<'_>> = some.iter().map(|pair| listed(self.base, pair)).collect();
            text += json(&all)?.trim().trim_start_matches('[').trim_end_matches(']');
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
        let (clusters, bridges) = (self.clusters.clusters.len(), self.clusters.bridges.len());
        let entries: usize = self.clusters.clusters.iter().map(Vec::len).sum();
        let has_pairs = has_clusters || !self.pairs.is_empty() || !self.in_name_only.is_empty();
        let mut out = String::from(if has_pairs { "\n" } else { "" });
        let all = self.base.len();
        out += &wrapped(
            "",
            &format!("{all} entries: {entries} of them in {clusters} clusters of duplicates"),
        );
        if bridges > 0 {
            let text = format!("{bridges} pairs stand between clusters that do not hold together");
            out += &wrapped("", &text);
        }
        if self.cut_blocks > 0 {
            let text = format!(
                "{} sets of entries share something so common that only neighbours among them were compared: \
                 {} pairs were left out",
                self.cut_blocks, self.cut_pairs
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
            let text: Vec<String> =
                some.iter().map(|pair| in_words(self.base, pair, REASONS)).collect();
            print(&text.concat())?;
        }
        Ok(())
    }
}

/// A pair and the strongest reasons.
fn in_words(base: &Base, pair: &Pair, most: usize) -> String {
    let label = match pair.label {
        Label::Duplicate => "duplicate",
        Label::Variant => "variant",
        Label::Related => "related",
        Label::Distinct => "distinct",
    };
    let mut out = format!("{:.0} % {label}\n", pair.probability * 100.0);
    for entry in [pair.a, pair.b] {
        out += &wrapped("  ", &visible::name(base.id(entry).as_str()));
    }
    let reasons = reasons(&pair.evidence(), most);
    for (sign, reasons) in [("    + ", &reasons.for_it), ("    - ", &reasons.against)] {
        for reason in reasons {
            out += &wrapped(sign, reason);
        }
    }
    out
}

/// Lines that fit 80 columns, or a narrower terminal; what follows the first is set in as far.
fn wrapped(start: &str, text: &str) -> String {
    const COLUMNS: usize = 80;
    let indent = " ".repeat(start.len());
    let options = textwrap::Options::new(super::width().min(COLUMNS))
        .initial_indent(start)
        .subsequent_indent(&indent);
    textwrap::fill(text, options) + "\n"
}
