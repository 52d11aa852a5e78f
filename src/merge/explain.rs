//! Conflicts in words.

use serde_json::Value as Json;

use super::{Conflict, Merged, Side};
use crate::diff::document;
use crate::visible::quote;

impl Merged {
    /// Each conflict in a line: where it is, and what each side says.
    pub fn explain(&self) -> Vec<String> {
        let documents = [Side::Ours, Side::Theirs].map(|side| document(&self.entry(side)));
        self.conflicts.iter().map(|conflict| explain(conflict, &documents)).collect()
    }
}

fn explain(conflict: &Conflict, documents: &[Json; 2]) -> String {
    let [ours, base, theirs] = conflict.sides.each_ref().map(Option::as_ref);
    let at = match (item(conflict, documents), conflict.pointer.as_str()) {
        (Some(item), pointer) => format!("{} ({})", crate::visible::name(pointer), quote(&item)),
        (None, pointer) => crate::visible::name(pointer).into_owned(),
    };
    let shown =
        |value: &Json| quote(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    match (ours, base, theirs) {
        (None, _, Some(_)) => format!("{at}: removed by ours, changed by theirs"),
        (Some(_), _, None) => format!("{at}: changed by ours, removed by theirs"),
        (Some(ours), None, Some(theirs)) => {
            format!("{at}: {} in ours, {} in theirs, new in both", shown(ours), shown(theirs))
        }
        (Some(ours), Some(base), Some(theirs)) => format!(
            "{at}: {} in ours, {} in theirs, {} before",
            shown(ours),
            shown(theirs),
            shown(base)
        ),
        (None, _, None) => at,
    }
}

/// What the item is called that a conflict is about, or is in. One that ours has removed is in theirs.
fn item(conflict: &Conflict, documents: &[Json; 2]) -> Option<String> {
    let steps: Vec<_> = conflict.pointer.steps().collect();
    let place = steps.iter().position(|step| step.parse::<usize>().is_ok())?;
    let is_itself = place + 1 == steps.len();
    let side = usize::from(is_itself && conflict.sides[Side::Ours as usize].is_none());
    let item = steps[..=place].iter().try_fold(&documents[side], |value, step| match value {
        Json::Array(items) => items.get(step.parse::<usize>().ok()?),
        value => value.get(&**step),
    })?;
    let name = ["action", "version", "error_id"].iter().find_map(|key| item.get(key)?.as_str());
    name.map(str::to_owned)
}
