//! What was found as annotations on the lines of a pull request.

use std::collections::HashMap;

use errlore::corpus::Document;
use errlore::diagnostic::{Diagnostic, Label as Place, Location, Severity, SourceId};
use errlore::duplicates::{Label, Pair, reasons};
use errlore::pointer::JsonPointer;
use errlore::report::{Report, github};
use errlore::{Result, pointer, visible};

use super::Out;
use super::found::{Found, label, sides};
use super::known::Known;
use super::since::how;

/// So many pairs are looked at; GitHub shows fewer.
const MOST_PAIRS: usize = 100;
/// From this probability on a duplicate is an error, as it is to the rule.
const SURE: f64 = 0.9;

/// The report as it grows: sources are read once.
struct Findings<'k> {
    known: &'k Known,
    report: Report,
    sources: HashMap<usize, (SourceId, Document)>,
}

/// Writes annotations for the likeliest pairs, and how many there are in all.
pub(super) fn write(found: &Found<'_>, out: &mut Out<'_>) -> Result<()> {
    let known = found.known;
    let mut findings = Findings { known, report: Report::default(), sources: HashMap::new() };
    let pairs = found.surest_first();
    for pair in pairs.iter().take(MOST_PAIRS) {
        findings.add(found, pair)?;
    }
    findings.report.sort();
    out(&github(&findings.report))?;
    if pairs.len() > MOST_PAIRS {
        let more = pairs.len() - MOST_PAIRS;
        out(&format!("::notice title=errlore::{more} less likely pairs are not looked at here\n"))?;
    }
    Ok(())
}

impl Findings<'_> {
    fn add(&mut self, found: &Found<'_>, pair: &Pair) -> Result<()> {
        let base = &self.known.base;
        let (here, there) = sides(self.known, pair);
        let other = visible::quote(base.id(there).as_str());
        let contradictions = found.contradictions(pair);
        if !found.contradicting.iter().any(|of| (of.a, of.b) == (pair.a, pair.b)) {
            let (percent, label) = (pair.probability * 100.0, label(pair));
            let mut notes = reasons(&pair.evidence(base.model()), 2).for_it;
            notes.extend(found.notes(pair));
            let (rule, severity) = match (pair.in_name_only, pair.label == Label::Duplicate) {
                (true, _) => ("variant-in-name-only", Severity::Warning),
                (_, true) if pair.probability >= SURE || !contradictions.is_empty() => {
                    ("duplicate-entry", Severity::Error)
                }
                _ => ("duplicate-entry", Severity::Warning),
            };
            let message = format!("this {} {other}: {percent:.0} % {label}", how(pair));
            let help = Some(notes.join("; ")).filter(|notes| !notes.is_empty());
            self.push(here, &pointer!["signature"], (rule, severity), message, help)?;
        }
        for contradiction in contradictions {
            let is_a = here == pair.a;
            let (at, side) = if is_a { (&contradiction.a, 1) } else { (&contradiction.b, 0) };
            let (message, label) = contradiction.seen_from(is_a, &other);
            let help = format!("{label}: {}", visible::quote(&contradiction.texts[side]));
            let rule = ("contradicting-advice", Severity::Error);
            self.push(here, at, rule, message, Some(help))?;
        }
        Ok(())
    }

    fn push(
        &mut self,
        entry: usize,
        pointer: &JsonPointer,
        (rule, severity): (&'static str, Severity),
        message: String,
        help: Option<String>,
    ) -> Result<()> {
        if !self.sources.contains_key(&entry) {
            let document = self.known.document(entry)?.document;
            let source = SourceId(u32::try_from(self.report.sources.len()).unwrap_or(u32::MAX));
            self.report.sources.push(document.source.clone());
            self.sources.insert(entry, (source, document));
        }
        let (source, document) = &self.sources[&entry];
        let tree = document.tree();
        let root = tree.as_ref().and_then(|tree| tree.root(document.source.text()));
        let span = root.map(|root| root.follow(pointer).0.value.span()).unwrap_or_default();
        let location = Location { source: *source, pointer: pointer.clone(), span };
        self.report.diagnostics.push(Diagnostic {
            rule,
            severity,
            message,
            entry: Some(self.known.base.id(entry).as_str().to_owned()),
            primary: Place { location, text: String::new() },
            related: Vec::new(),
            help,
            fix: None,
        });
        Ok(())
    }
}
