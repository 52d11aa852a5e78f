//! From what a rule names to where it stands.

use std::collections::HashMap;

use rayon::prelude::*;

use super::Placed;
use crate::canonical::json_string;
use crate::corpus::{Corpus, Document, DocumentId};
use crate::diagnostic::{Edit, Fix};
use crate::json::{Finder, Kind, Tree};
use crate::rule::{At, Change, Finding, FindingFix};
use crate::source::Span;

/// Works out the places of findings that name nothing but their own document.
pub(super) fn in_one(document: &Document, tree: Option<&Tree>, found: Vec<Finding>) -> Vec<Placed> {
    let root = tree.and_then(|tree| tree.root(document.source.text()));
    let mut finder = root.map(Finder::new);
    let place = |mut finding: Finding| {
        let finder = &mut finder;
        let primary = span(finder, &finding.at);
        let related = finding.related.iter().map(|(_, at, _)| span(finder, at)).collect();
        let fix = finding.fix.take().and_then(|fix| resolve(finder, fix));
        Placed { finding, primary, related, fix }
    };
    found.into_iter().map(place).collect()
}

/// Works out the places of findings over the whole knowledge base. Each document that is named is
/// parsed once, and its tree let go before the next.
pub(super) fn in_many(corpus: &Corpus, found: Vec<Finding>) -> Vec<Placed> {
    let mut placed: Vec<Placed> = found
        .into_iter()
        .map(|finding| {
            let related = vec![Span::default(); finding.related.len()];
            Placed { finding, primary: Span::default(), related, fix: None }
        })
        .collect();
    // By document: which finding, and which of its related places, or else the primary one.
    let mut wanted: HashMap<DocumentId, Vec<(usize, Option<usize>)>> = HashMap::new();
    for (number, Placed { finding, .. }) in placed.iter().enumerate() {
        wanted.entry(finding.document).or_default().push((number, None));
        for (which, (document, _, _)) in finding.related.iter().enumerate() {
            wanted.entry(*document).or_default().push((number, Some(which)));
        }
    }
    let spans: Vec<_> = wanted
        .into_par_iter()
        .flat_map_iter(|(id, wanted)| {
            let document = corpus.document(id);
            let tree = document.tree();
            let root = tree.as_ref().and_then(|tree| tree.root(document.source.text()));
            let finder = &mut root.map(Finder::new);
            let spans: Vec<_> = wanted
                .into_iter()
                .map(|(number, which)| {
                    let finding = &placed[number].finding;
                    let at = which.map_or(&finding.at, |which| &finding.related[which].1);
                    let fix = finding.fix.as_ref().filter(|_| which.is_none());
                    let fix = fix.and_then(|fix| resolve(finder, fix.clone()));
                    (number, which, span(finder, at), fix)
                })
                .collect();
            spans
        })
        .collect();
    for (number, which, span, fix) in spans {
        if let Some(which) = which {
            placed[number].related[which] = span;
        } else {
            (placed[number].primary, placed[number].fix) = (span, fix);
        }
    }
    placed
}

fn span(finder: &mut Option<Finder<'_>>, at: &At) -> Span {
    let Some(finder) = finder else {
        return if let At::Text(_, span) = at { *span } else { Span::default() };
    };
    let (found, complete) = finder.follow(at.pointer());
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

fn resolve(finder: &mut Option<Finder<'_>>, fix: FindingFix) -> Option<Fix> {
    let edits = match fix.change {
        Change::Raw(edits) => edits,
        Change::Text(pointer, range, text) => {
            let (found, complete) = finder.as_mut()?.follow(&pointer);
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
