//! What a source was read as: an entry with its gaps, and what each stretch of the source became.

use std::collections::BTreeSet;

use crate::canonical::canonical;
use crate::entry::Entry;
use crate::json::{self, Value};
use crate::pointer::JsonPointer;
use crate::rule::Rule;
use crate::rules;
use crate::source::Span;
use crate::visible::quote;

mod finish;

/// An entry as far as a source carries it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The entry. A value that the source does not carry has the default of its type.
    pub entry: Entry,
    /// The numbers, words and dates among them that no default can stand for: written as `null`.
    pub gaps: BTreeSet<JsonPointer>,
    /// What each stretch of the source became, in the order of the source once it is finished.
    pub bindings: Vec<Binding>,
    /// What there is to say about it.
    pub remarks: Vec<Remark>,
    /// Whether it is said that rates are whole percentages.
    whole_percentages: bool,
}

/// A stretch of the source and what it became. Spans are bytes of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub bound: Bound,
}

/// What a stretch of a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The value of a field.
    Field(JsonPointer),
    /// A heading, a word or a mark that says what stands beside it, or that every page has.
    Label(&'static str),
    /// Nothing that is known.
    NotUnderstood,
}

/// Something to say about a source: becomes a finding.
#[derive(Clone, Debug)]
pub struct Remark {
    /// The rule it falls under, one that only `normalize` raises.
    pub rule: &'static Rule,
    /// The field it is about.
    pub pointer: JsonPointer,
    /// Where.
    pub span: Span,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// What one source holds.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Its entries.
    pub drafts: Vec<Draft>,
    /// What there is to say about the source as a whole.
    pub remarks: Vec<Remark>,
}

impl Draft {
    /// Notes that a stretch of the source is the value at a pointer.
    pub(crate) fn bind(&mut self, span: Span, pointer: JsonPointer) {
        self.bindings.push(Binding { span, bound: Bound::Field(pointer) });
    }

    /// Notes that a stretch of the source is a label.
    pub(crate) fn label(&mut self, span: Span, label: &'static str) {
        self.bindings.push(Binding { span, bound: Bound::Label(label) });
    }

    /// Adds a remark.
    pub(crate) fn remark(
        &mut self,
        rule: &'static Rule,
        pointer: JsonPointer,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Remark {
        let message = message.into();
        self.remarks.push(Remark { rule, pointer, span, message, help: None });
        let last = self.remarks.len() - 1;
        &mut self.remarks[last]
    }

    /// The rate of a percentage that is a field's value; `None` and a remark where it is none.
    pub(crate) fn percentage(
        &mut self,
        percent: &str,
        span: Span,
        pointer: JsonPointer,
    ) -> Option<f64> {
        // A power of ten moves the point: what is read is the decimal itself.
        let rate =
            self.in_range(&format!("{percent}e-2"), &format!("{percent}%"), span, pointer)?;
        let rule = &rules::percentage_may_be_cut::RULE;
        if !percent.contains('.') && !std::mem::replace(&mut self.whole_percentages, true) {
            let message = "rates are read from whole percentages, which may have been cut";
            self.remark(rule, JsonPointer::root(), span, message)
                .help("0.585 can show as 58% or as 59%: compare with the source of the page");
        }
        Some(rate)
    }

    /// The rate that a decimal gives as a field's value; `None` and a remark where it is none.
    pub(crate) fn decimal(&mut self, text: &str, span: Span, pointer: JsonPointer) -> Option<f64> {
        self.in_range(text, text, span, pointer)
    }

    fn in_range(
        &mut self,
        number: &str,
        shown: &str,
        span: Span,
        pointer: JsonPointer,
    ) -> Option<f64> {
        let rate: Option<f64> = number.parse().ok();
        if let Some(rate) = rate.filter(|rate| (0.0..=1.0).contains(rate)) {
            self.bind(span, pointer);
            return Some(rate);
        }
        let message = format!("{} is no rate from 0% to 100%", quote(shown));
        self.remark(&rules::rate_out_of_range::RULE, pointer, span, message)
            .help("the draft has none; find out what was meant");
        self.label(span, "rate out of range");
        None
    }

    /// Whether the source gives a value for a pointer.
    pub fn carries(&self, pointer: &JsonPointer) -> bool {
        self.bindings.iter().any(|binding| binding.bound == Bound::Field(pointer.clone()))
    }

    /// The canonical text, with `null` for what the source does not carry.
    pub fn json(&self) -> String {
        let text = canonical(&self.entry);
        if self.gaps.is_empty() {
            return text;
        }
        let tree = json::parse(&text).expect("canonical text is JSON");
        let Some(root) = tree.root(&text) else { return text };
        let mut spans = Vec::with_capacity(self.gaps.len());
        self.find_gaps(root, &JsonPointer::root(), &mut spans);
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for span in spans {
            out.push_str(&text[done..span.range().start]);
            out.push_str("null");
            done = span.range().end;
        }
        out.push_str(&text[done..]);
        out
    }

    /// Where in its own text the gaps are. One walk: an item of a list is found by counting.
    fn find_gaps(&self, value: Value<'_>, at: &JsonPointer, spans: &mut Vec<Span>) {
        let next = self.gaps.range(at.clone()..).next();
        match next {
            Some(gap) if gap == at => spans.push(value.span()),
            Some(gap) if gap.as_str().starts_with(at.as_str()) => {
                for (index, item) in value.items().enumerate() {
                    self.find_gaps(item, &at.clone().join(index), spans);
                }
                for (key, value) in value.members() {
                    let key = key.as_str().unwrap_or_default().into_owned();
                    self.find_gaps(value, &at.clone().join(key), spans);
                }
            }
            _ => {}
        }
    }
}

impl Remark {
    /// Adds what to do.
    pub(crate) fn help(&mut self, text: impl Into<String>) {
        self.help = Some(text.into());
    }
}
