//! From what a rule names to where it stands.

use super::Placed;
use crate::canonical::json_string;
use crate::corpus::{Document, DocumentId};
use crate::diagnostic::{Edit, Fix};
use crate::json::{Kind, Tree, Value};
use crate::rule::{At, Change, Finding, FindingFix};
use crate::source::Span;

/// Works out the places of a finding; `lookup` gives a document and its tree.
pub(super) fn all<'d>(
    mut finding: Finding,
    lookup: impl Fn(DocumentId) -> (&'d Document, Option<&'d Tree>),
) -> Placed {
    let root = |id: DocumentId| {
        let (document, tree) = lookup(id);
        tree.and_then(|tree| tree.root(document.source.text()))
    };
    let own = root(finding.document);
    let primary = span(own, &finding.at);
    let related = finding.related.iter().map(|(id, at, _)| span(root(*id), at)).collect();
    let fix = finding.fix.take().and_then(|fix| resolve(own, fix));
    Placed { finding, primary, related, fix }
}

fn span(root: Option<Value<'_>>, at: &At) -> Span {
    let Some(root) = root else {
        return if let At::Text(_, span) = at { *span } else { Span::default() };
    };
    let (found, complete) = root.follow(at.pointer());
    let value = found.value;
    let opening = Span { end: value.span().start + 1, ..value.span() };
    // Of a value that runs over many lines, the key or the bracket says enough.
    let head = found.key.unwrap_or(opening);
    match at {
        At::Text(_, span) => *span,
        At::Key(_) | At::Opening(_) => head,
        At::Within(_, range) if complete && value.kind() == Kind::String => {
            value.span_within(range.clone())
        }
        At::Value(_) | At::Within(..) => match value.kind() {
            Kind::Array | Kind::Object => head,
            _ => value.span(),
        },
    }
}

fn resolve(root: Option<Value<'_>>, fix: FindingFix) -> Option<Fix> {
    let edits = match fix.change {
        Change::Raw(edits) => edits,
        Change::Text(pointer, range, text) => {
            let (found, complete) = root?.follow(&pointer);
            if !complete || found.value.kind() != Kind::String {
                return None;
            }
            let quoted = json_string(&text);
            vec![match range {
                None => Edit { span: found.value.span(), text: quoted },
                Some(range) => Edit {
                    span: found.value.span_within(range),
                    text: quoted[1..quoted.len() - 1].to_owned(),
                },
            }]
        }
    };
    Some(Fix { title: fix.title, applicability: fix.applicability, edits })
}
