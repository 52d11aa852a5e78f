//! Dates in the spellings that leave no doubt about the day.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// A date: `2024-06-01`, a date-time of which the date counts as it is written, the year first with
/// other marks or none, the month by its name, or `2024年6月1日`. A month without a day is no date, and
/// neither is one of numbers with the year last.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    /// No spelling of a date is longer; what is cannot be one.
    const LONGEST: usize = 64;
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    year_first(text)
        .or_else(|| compact(text))
        .or_else(|| named(text))
        .or_else(|| han(text))
        .or_else(|| {
            let day = text.get(..10).and_then(year_first)?;
            is_date_time(text).then_some(day)
        })
}

fn day(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let plain = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<u32>().ok()).flatten()
    };
    let year = i32::try_from(number(year, 4..=4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(month, 1..=2)?, number(day, 1..=2)?)
}

/// `2024-6-1`, `2024/06/01`, `2024.6.1`
fn year_first(text: &str) -> Option<NaiveDate> {
    ['-', '/', '.'].into_iter().find_map(|mark| {
        let mut parts = text.split(mark);
        let date = day(parts.next()?, parts.next()?, parts.next()?)?;
        parts.next().is_none().then_some(date)
    })
}

/// `20240601`
fn compact(text: &str) -> Option<NaiveDate> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { day(&text[..4], &text[4..6], &text[6..]) } else { None }
}

/// `1 June 2024`, `June 1st, 2024`, `01-Jun-2024`, `2024 Jun 1`
fn named(text: &str) -> Option<NaiveDate> {
    let words: Vec<&str> =
        text.split([' ', ',', '-', '.', '/']).filter(|word| !word.is_empty()).collect();
    let [first, second, third] = words[..] else { return None };
    let (day_of, month, year) = match (month(first), month(second)) {
        (Some(month), None) => (second, month, third),
        (None, Some(month)) if first.len() == 4 => (third, month, first),
        (None, Some(month)) => (first, month, third),
        _ => return None,
    };
    let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|end| day_of.strip_suffix(end));
    day(year, &month.to_string(), ordinal.unwrap_or(day_of))
}

/// The number of a month by its English name, whole or in three letters.
fn month(name: &str) -> Option<usize> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_lowercase();
    let name = if name == "sept" { "september" } else { &name };
    let position = MONTHS.iter().position(|month| *month == name || month[..3] == *name);
    position.map(|index| index + 1)
}

/// `2024年6月1日`
fn han(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    day(year.trim(), month.trim(), rest.trim_end().strip_suffix(['日', '号'])?.trim())
}

/// Whether a text is a date-time: RFC 3339, ISO 8601 without a zone, or as git writes it.
fn is_date_time(text: &str) -> bool {
    const LOCAL: [&str; 4] =
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    const ZONED: [&str; 2] = ["%Y-%m-%d %H:%M:%S%.f %z", "%Y-%m-%dT%H:%M:%S%.f%z"];
    DateTime::parse_from_rfc3339(text).is_ok()
        || LOCAL.iter().any(|format| NaiveDateTime::parse_from_str(text, format).is_ok())
        || ZONED.iter().any(|format| DateTime::parse_from_str(text, format).is_ok())
}
