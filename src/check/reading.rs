//! What `normalize` has to say of a source, as findings of a report.

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Label, Location, Severity, SourceId};
use crate::normalize::{Bound, Reading, Remark};
use crate::pointer::JsonPointer;
use crate::report::Report;
use crate::rule::Rule;
use crate::rules;
use crate::source::{Source, Span};

/// Adds what there is to say about a source to a report, unsorted. The report keeps the source only where there
/// is something.
///
/// With `strict`, what is not understood is an error.
pub fn add_reading(
    report: &mut Report,
    source: &Source,
    reading: &Reading,
    config: &Config,
    strict: bool,
) {
    let mut adder = Adder { report, source, known: None, config, strict };
    for remark in &reading.remarks {
        adder.remark(remark, None);
    }
    for draft in &reading.drafts {
        let id = Some(draft.entry.id.as_str()).filter(|id| !id.is_empty());
        for remark in &draft.remarks {
            adder.remark(remark, id);
        }
        for binding in draft.bindings.iter().filter(|b| b.bound == Bound::NotUnderstood) {
            let message = "this part of the source belongs to no field that is known";
            let help = "what it says is not in the draft: copy by hand what the entry needs";
            adder.add(
                &rules::not_understood::RULE,
                (JsonPointer::root(), binding.span),
                message.to_owned(),
                Some(help.to_owned()),
                id,
            );
        }
    }
}

struct Adder<'a, 'c> {
    report: &'a mut Report,
    source: &'a Source,
    known: Option<SourceId>,
    config: &'c Config,
    strict: bool,
}

impl Adder<'_, '_> {
    fn remark(&mut self, remark: &Remark, entry: Option<&str>) {
        let place = (remark.pointer.clone(), remark.span);
        self.add(remark.rule, place, remark.message.clone(), remark.help.clone(), entry);
    }

    fn add(
        &mut self,
        rule: &'static Rule,
        (pointer, span): (JsonPointer, Span),
        message: String,
        help: Option<String>,
        entry: Option<&str>,
    ) {
        let Some(mut severity) = rule.severity(self.config) else { return };
        if self.strict && rule.id == rules::not_understood::RULE.id {
            severity = Severity::Error;
        }
        let source = match self.known {
            Some(id) => id,
            None => *self.known.insert(self.report.add_source(self.source)),
        };
        self.report.diagnostics.push(Diagnostic {
            rule: rule.id,
            severity,
            message,
            entry: entry.map(str::to_owned),
            primary: Label { location: Location { source, pointer, span }, text: String::new() },
            in_scope: true,
            related: Vec::new(),
            help,
            fix: None,
        });
    }
}
