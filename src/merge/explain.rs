//! Conflicts in words.

use serde_json::Value as Json;

use super::{Conflict, Merged, Side};
use crate::diff::document;
use crate::fields::title as name;
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
    // An item is told by its name, or by what became of it under that name.
    let shown = |value: &Json| match (name(value), base.and_then(name)) {
        (Some(_), Some(_)) if base == Some(value) => "as before".to_owned(),
        (Some(own), Some(old)) if own == old => "changed".to_owned(),
        (Some(own), _) => quote(own),
        _ => quote(&value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
    };
    let made = |value: &Json| {
        if name(value) == base.and_then(name) { "changed" } else { "replaced" }
    };
    match (ours, base, theirs) {
        // It goes with something else that the other side has changed.
        (None, Some(base), Some(theirs)) if base == theirs => {
            format!("{at}: removed by ours, as before in theirs")
        }
        (Some(ours), Some(base), None) if base == ours => {
            format!("{at}: as before in ours, removed by theirs")
        }
        (Some(_), None, None) => format!("{at}: new in ours, not in theirs"),
        (None, None, Some(_)) => format!("{at}: not in ours, new in theirs"),
        (None, _, Some(theirs)) => format!("{at}: removed by ours, {} by theirs", made(theirs)),
        (Some(ours), _, None) => format!("{at}: {} by ours, removed by theirs", made(ours)),
        (Some(ours), None, Some(theirs)) => {
            format!("{at}: {} in ours, {} in theirs, new in both", shown(ours), shown(theirs))
        }
        (Some(ours), Some(base), Some(theirs)) => format!(
            "{at}: {} in ours, {} in theirs, {} before",
            shown(ours),
            shown(theirs),
            name(base).map_or_else(|| shown(base), quote)
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
    name(item).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::entry::Entry;
    use crate::merge::merge;

    /// What is written in Chinese goes with its workaround, and nobody has changed it.
    #[test]
    fn what_goes_with_something_else_is_not_said_to_be_changed() {
        let entry = |rate: Option<f64>| -> Entry {
            let mut entry: serde_json::Value =
                serde_json::from_str(crate::rule::MINIMAL_ENTRY).expect("JSON");
            let item = |action: &str, rate: f64| json!({"action": action, "success_rate": rate});
            let rates = [Some(0.5), rate];
            let actions = ["Add a disk", "Delete old logs"].into_iter().zip(rates);
            let items = actions.filter_map(|(action, rate)| Some(item(action, rate?)));
            entry["workarounds"] = items.collect();
            entry["workarounds_zh"] = ["加一块磁盘", "删除旧日志"]
                .into_iter()
                .zip(rates)
                .filter_map(|(text, rate)| rate.map(|_| text))
                .collect();
            serde_json::from_value(entry).expect("an entry")
        };
        let (base, edited, gone) = (entry(Some(0.8)), entry(Some(0.9)), entry(None));
        let said = |ours, theirs| merge(Some(&base), ours, theirs).expect("a merge").explain();
        assert_eq!(
            said(&gone, &edited),
            [
                "/workarounds/1 (`Delete old logs`): removed by ours, changed by theirs",
                "/workarounds_zh/1: removed by ours, as before in theirs",
            ]
        );
        assert_eq!(
            said(&edited, &gone)[1],
            "/workarounds_zh/1: as before in ours, removed by theirs"
        );
    }
}
