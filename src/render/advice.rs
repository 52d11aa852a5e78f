//! Advice as it is shown beside that of another entry.

use std::borrow::Cow;

use super::percent;
use crate::entry::{DeadEnd, Extra, Workaround};

/// A workaround or a dead end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// How often it helps or fails, in words.
    pub rate: String,
    says: String,
    /// Where it is written, and what the schema does not name.
    rest: String,
}

impl Advice {
    fn new(
        rate: String,
        [action, more, condition]: [&str; 3],
        sources: &[String],
        extra: &Extra,
    ) -> Self {
        let (action, more, condition) = (action.trim(), more.trim(), condition.trim());
        let is_all = more.is_empty() || action == more;
        let mut says = if is_all { action.to_owned() } else { format!("{action}: {more}") };
        if !condition.is_empty() {
            says += &format!("\nCondition: {condition}");
        }
        let mut rest = String::new();
        if !sources.is_empty() {
            rest += &format!("\nSources: {}", sources.join(", "));
        }
        for (key, value) in extra {
            rest += &format!("\n{key}: {value}");
        }
        Self { rate, says, rest }
    }

    /// What is shown of it beside others: all of it where one of them reads alike and is not the same.
    pub fn beside(&self, others: &[Self]) -> Cow<'_, str> {
        let is_like = |other: &Self| other.says == self.says && other.rest != self.rest;
        if others.iter().any(is_like) {
            Cow::Owned(format!("{}{}", self.says, self.rest))
        } else {
            Cow::Borrowed(&self.says)
        }
    }
}

impl From<&Workaround> for Advice {
    fn from(item: &Workaround) -> Self {
        let rate = format!("{} success", percent(item.success_rate));
        Self::new(rate, [&item.action, &item.how, &item.condition], &item.sources, &item.extra)
    }
}

impl From<&DeadEnd> for Advice {
    fn from(item: &DeadEnd) -> Self {
        let rate = format!("{} fail", percent(item.fail_rate));
        Self::new(
            rate,
            [&item.action, &item.why_fails, &item.condition],
            &item.sources,
            &item.extra,
        )
    }
}
