//! A workaround's `how` says the same as its `action`.
//!
//! # Why
//! The steps are what a reader in trouble comes for. Saying the action twice hides that they are missing.
//!
//! # Bad
//! ```json
//! {"workarounds": [{"action": "Free some space", "success_rate": 0.9, "how": "Free some space."}]}
//! ```
//!
//! # Good
//! ```json
//! {
//!   "workarounds": [{"action": "Free some space", "success_rate": 0.9, "how": "du -xh / | sort -h | tail"}]
//! }
//! ```

use crate::diagnostic::Level;
use crate::pointer;
use crate::rule::{Check, EntryContext, Findings, Group, Rule};
use crate::wording::bare;

pub(super) static RULE: Rule = Rule {
    id: "how-repeats-action",
    group: Group::Text,
    level: Level::Note,
    since: "0.1.0",
    source: include_str!("how_repeats_action.rs"),
    check: Check::Entry(check),
};

fn check(cx: &EntryContext<'_>, found: &mut Findings) {
    let repeats = cx.entry.workarounds.iter().enumerate().filter(|(_, workaround)| {
        !workaround.how.is_empty() && bare(&workaround.how) == bare(&workaround.action)
    });
    let mut repeats = repeats.map(|(index, _)| index);
    let Some(first) = repeats.next() else { return };
    // An entry that was made so is one fault, however many workarounds it has.
    let finding = found.add(pointer!["workarounds", first, "how"], "`how` repeats `action`");
    finding
        .help("write the steps: commands, code, settings; or leave it empty")
        .also(pointer!["workarounds", first, "action"], "the action");
    for index in repeats {
        finding.also(pointer!["workarounds", index, "how"], "here too");
    }
}
