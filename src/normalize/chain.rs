//! Links to other entries as pages and digests write them: `LEADS_TO: id, id (20%, condition)`.

use super::draft::Draft;
use crate::entry::{Confusion, EntryId, Relation, Transition};
use crate::pointer;
use crate::rules::source_cut_short;
use crate::source::Span;

/// Reads the links of one kind; `false` where the name is that of no kind.
pub(super) fn read(draft: &mut Draft, name: &str, list: &str, span: Span) -> bool {
    let name = name.trim().to_uppercase().replace(' ', "_");
    let relation = match name.as_str() {
        "LEADS_TO" => Relation::LeadsTo,
        "PRECEDED_BY" => Relation::PrecededBy,
        "CONFUSED_WITH" | "FREQUENTLY_CONFUSED_WITH" => Relation::ConfusedWith,
        _ => return false,
    };
    for link in split(list) {
        let (id, rest) = id_and_rest(link.trim());
        let opened = rest.trim().strip_prefix('(');
        let closed = opened.map_or(Some(rest), |rest| rest.strip_suffix(')'));
        if closed.is_none() || id.is_empty() {
            let message = "this link ends in the middle: the source is cut";
            draft
                .remark(&source_cut_short::RULE, pointer!["transition_graph"], span, message)
                .help("fetch it again; what came through is in the draft");
        }
        if !id.is_empty() {
            let rest = closed.or(opened).unwrap_or_default();
            add(draft, relation, EntryId::new(id), rest, span);
        }
    }
    true
}

/// The id of a link and what is said about it. A converter may have left the id as a link of its own,
/// `[id](address)`, or put the number of one before it, `[7]id`.
fn id_and_rest(link: &str) -> (&str, &str) {
    let link = link.trim_start_matches(['`', '*', ' ']);
    let of_link = link.strip_prefix('[').and_then(|inner| inner.split_once(']'));
    let (id, rest) = match of_link {
        Some((number, rest)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            return id_and_rest(rest);
        }
        Some((id, rest)) => {
            let address = rest.strip_prefix('(').and_then(|address| address.split_once(')'));
            (id, address.map_or(rest, |(_, rest)| rest))
        }
        None => link.split_at(link.find(['(', '`', ' ']).unwrap_or(link.len())),
    };
    (id.trim_matches(['`', '*', ' ']), rest.trim_start_matches(['`', '*', ' ']))
}

/// Splits at the commas that stand outside of brackets.
fn split(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut out) = (0_usize, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                out.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&list[start..]);
    out
}

fn add(draft: &mut Draft, relation: Relation, error_id: EntryId, rest: &str, span: Span) {
    let graph = &draft.entry.transition_graph;
    let number = match relation {
        Relation::LeadsTo => graph.leads_to.len(),
        Relation::PrecededBy => graph.preceded_by.len(),
        Relation::ConfusedWith => graph.frequently_confused_with.len(),
    };
    let at = |field: &'static str| pointer!["transition_graph", relation.key(), number, field];
    draft.bind(span, at("error_id"));
    if relation == Relation::ConfusedWith {
        let distinction = rest.trim().to_owned();
        if !distinction.is_empty() {
            draft.bind(span, at("distinction"));
        }
        let link = Confusion { error_id, distinction, ..Confusion::default() };
        draft.entry.transition_graph.frequently_confused_with.push(link);
        return;
    }
    let (percent, condition) = match rest.split_once('%') {
        Some((percent, condition)) => (Some(percent.trim()), condition),
        None => (None, rest),
    };
    let probability = percent
        .and_then(|percent| draft.percentage(percent, span, at("probability")))
        .unwrap_or(0.0);
    let condition = condition.trim_start_matches([',', ';', ' ']).trim().to_owned();
    if !condition.is_empty() {
        draft.bind(span, at("condition"));
    }
    let link = Transition { error_id, probability, condition, ..Transition::default() };
    let graph = &mut draft.entry.transition_graph;
    if relation == Relation::LeadsTo {
        graph.leads_to.push(link);
    } else {
        graph.preceded_by.push(link);
    }
}
