//! What a change comes to, beside the old and the new value.

use serde_json::Value as Json;

use super::Change;
use super::bases::EntryDiff;
use crate::config::Case;
use crate::pattern::Pattern;

/// By how much a number rose or fell, how far apart two days are, or whether a pattern finds its signature.
pub fn difference(change: &Change, diff: &EntryDiff) -> Option<String> {
    match (change.before.as_ref()?, change.after.as_ref()?) {
        (Json::Number(old), Json::Number(new)) => amount(old.as_f64()?, new.as_f64()?),
        (Json::String(_), Json::String(_)) if change.pointer.as_str() == "/regex" => {
            Some(still_found(diff).to_owned())
        }
        (Json::String(old), Json::String(new)) => days(old, new),
        _ => None,
    }
}

/// A rate has two to four digits: what floating point leaves behind them is cut off. Of less nothing is told.
fn amount(old: f64, new: f64) -> Option<String> {
    let by = format!("{:+.4}", new - old);
    let by = by.trim_end_matches('0').trim_end_matches('.');
    (!matches!(by, "+" | "-" | "+0" | "-0")).then(|| by.to_owned())
}

fn days(old: &str, new: &str) -> Option<String> {
    let date = |text: &str| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let days = date(new)?.signed_duration_since(date(old)?).num_days();
    let count = days.unsigned_abs();
    let unit = if count == 1 { "day" } else { "days" };
    Some(format!("{count} {unit} {}", if days < 0 { "earlier" } else { "later" }))
}

fn still_found(diff: &EntryDiff) -> &'static str {
    let finds = |document: Option<&Json>| {
        let text = |key: &str| document.and_then(|document| document[key].as_str()).unwrap_or("");
        Pattern::new(text("regex")).finds(text("signature"), Case::Insensitive) == Some(true)
    };
    match (finds(diff.old.as_ref()), finds(diff.new.as_ref())) {
        (true, true) => "still finds its signature",
        (true, false) => "no longer finds its signature",
        (false, true) => "now finds its signature",
        (false, false) => "does not find its signature",
    }
}
