//! The cause and the advice of two entries are the same word for word, and they are no duplicates.
//!
//! # Why
//! Somebody has copied an entry under another id, for another country, environment or message. What is
//! mended in one stays wrong in the other, and whoever reads the copy cannot tell what of it was ever
//! tried there.
//!
//! Let one entry speak for both (`os_specific` and `versions` say where it holds), or say in each what is
//! so only there. An entry that says next to nothing is no copy.
//!
//! # Bad
//! ```json
//! [
//!   {"id": "spool/lock-left/de", "domain": "spool",
//!    "signature": "spoold: cannot take lock 17", "regex": "spoold: cannot take lock \\d+",
//!    "root_cause": "The spooler died and left its lock file behind.",
//!    "dead_ends": [{"action": "Restart the spooler", "fail_rate": 0.9,
//!      "why_fails": "The file is still there.", "condition": "", "sources": []}],
//!    "workarounds": [{"action": "Remove the lock file", "success_rate": 0.9,
//!      "how": "rm /run/spool.lock", "condition": "", "sources": []}]},
//!   {"id": "spool/stale-file/fr", "domain": "spool",
//!    "signature": "printer reel 4 stands still", "regex": "reel \\d+ stands still",
//!    "root_cause": "The spooler died and left its lock file behind.",
//!    "dead_ends": [{"action": "Restart the spooler", "fail_rate": 0.9,
//!      "why_fails": "The file is still there.", "condition": "", "sources": []}],
//!    "workarounds": [{"action": "Remove the lock file", "success_rate": 0.9,
//!      "how": "rm /run/spool.lock", "condition": "", "sources": []}]}
//! ]
//! ```
//!
//! # Good
//! ```json
//! [
//!   {"id": "spool/lock-left/de", "domain": "spool",
//!    "signature": "spoold: cannot take lock 17", "regex": "spoold: cannot take lock \\d+",
//!    "root_cause": "The spooler died and left its lock file behind."},
//!   {"id": "spool/stale-file/fr", "domain": "spool",
//!    "signature": "printer reel 4 stands still", "regex": "reel \\d+ stands still",
//!    "root_cause": "A sheet is stuck between the rollers of the reel."}
//! ]
//! ```

use crate::diagnostic::Level;
use crate::rule::{Check, CorpusContext, DuplicatePair, DuplicatePairs, Findings, Group, Rule};

pub(super) static RULE: Rule = Rule {
    id: "copied-text",
    group: Group::Duplicate,
    level: Level::Warning,
    since: "0.1.0",
    source: include_str!("copied_text.rs"),
    check: Check::Duplicates(check),
};

fn check(cx: &CorpusContext<'_>, related: &DuplicatePairs, found: &mut Findings) {
    let say = |_: &DuplicatePair, other: &str| {
        format!("cause and advice are those of {other}, word for word")
    };
    let is_copy = |pair: &DuplicatePair| pair.raised.pair.is_copy && !pair.raised.pair.in_name_only;
    related.report(cx, found, is_copy, say, |_, finding| {
        finding.help(
            "let one entry speak for both (`os_specific`, `versions`), or say what is so only here",
        );
    });
}
