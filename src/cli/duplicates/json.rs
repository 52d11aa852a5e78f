//! What was found, for programs: `{"version": 1, "pairs": [...], "clusters": [...], ...}`.

use errlore::Result;
use errlore::duplicates::{
    Base, Contradiction, Cut, Decision, Evidence, Fault, Label, LeftOut, Pair, Standing, Standings,
};
use rayon::prelude::*;
use serde::Serialize;

use super::super::output::line;
use super::Out;
use super::found::Found;

/// So many pairs are written at a time: there may be a million.
const AT_A_TIME: usize = 4000;

/// What comes behind the pairs.
#[derive(Serialize)]
struct Rest<'b> {
    outdated: Vec<Listed<'b>>,
    clusters: Vec<Vec<&'b str>>,
    bridges: Vec<[&'b str; 2]>,
    variants_in_name_only: Vec<Listed<'b>>,
    copied_texts: Vec<Listed<'b>>,
    contradicting: Vec<Listed<'b>>,
    left_out: LeftOut,
    decisions_file: Vec<Said>,
    cut: Cut,
}

/// A pair.
#[derive(Serialize)]
pub(super) struct Listed<'b> {
    a: &'b str,
    b: &'b str,
    label: Label,
    probability: f64,
    evidence: Vec<Evidence>,
    contradictions: &'b [Contradiction],
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'b Decision>,
    /// Which have changed since the decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<&'b str>,
}

impl<'b> Listed<'b> {
    pub(super) fn new(
        base: &'b Base,
        pair: &Pair,
        contradictions: &'b [Contradiction],
        standings: &Standings<'b>,
    ) -> Self {
        let (a, b) = (base.id(pair.a).as_str(), base.id(pair.b).as_str());
        let (decision, changed) = match standings.of(base, pair.a, pair.b) {
            Standing::Undecided | Standing::Declared => (None, Vec::new()),
            Standing::Decided(decision) => (Some(decision), Vec::new()),
            Standing::Outdated(decision, changed) => {
                let both = [(changed.a, a), (changed.b, b)];
                (Some(decision), both.into_iter().filter(|(is, _)| *is).map(|(_, id)| id).collect())
            }
        };
        let (label, probability) = (pair.label, pair.probability);
        let evidence = pair.evidence(base.model());
        Self { a, b, label, probability, evidence, contradictions, decision, changed }
    }
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

/// Writes what was found, some pairs at a time.
pub(super) fn write(found: &Found<'_>, out: &mut Out<'_>) -> Result<()> {
    let base = &found.known.base;
    let id = |entry: usize| base.id(entry).as_str();
    let list = |pair: &Pair| Listed::new(base, pair, found.contradictions(pair), found.standings);
    let rest = Rest {
        outdated: found.outdated.iter().map(|pair| list(pair)).collect(),
        clusters: found
            .clusters
            .clusters
            .iter()
            .map(|members| members.iter().map(|entry| id(*entry)).collect())
            .collect(),
        bridges: found.clusters.bridges.iter().map(|(a, b)| [id(*a), id(*b)]).collect(),
        variants_in_name_only: found.in_name_only.iter().map(|pair| list(pair)).collect(),
        copied_texts: found.copies.iter().map(|pair| list(pair)).collect(),
        contradicting: found.contradicting.iter().map(|pair| list(pair)).collect(),
        left_out: found.left_out,
        decisions_file: found.standings.faults.iter().map(Said::from).collect(),
        cut: found.cut,
    };
    out("{\"version\":1,\"pairs\":[")?;
    for (number, some) in found.pairs.chunks(AT_A_TIME).enumerate() {
        let text = |pair: &&Pair| line(&list(pair));
        let texts: Vec<String> = some.par_iter().map(text).collect::<Result<_>>()?;
        let comma = if number > 0 { "," } else { "" };
        out(&format!("{comma}{}", texts.join(",")))?;
    }
    out(&format!("],{}\n", line(&rest)?.trim_start_matches('{')))
}
