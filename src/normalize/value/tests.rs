//! Each reading, and what has none.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

#[test]
fn rates() {
    for (text, wanted) in [
        ("0.84", 0.84),
        ("84%", 0.84),
        ("84 %", 0.84),
        ("84％", 0.84),
        (" 85.5% ", 0.855),
        ("57%", 0.57),
        ("58%", 0.58),
        ("0.1%", 0.001),
        ("0%", 0.0),
        ("100%", 1.0),
        ("100.0 %", 1.0),
        (".5", 0.5),
        ("1", 1.0),
        ("-0.0", 0.0),
        ("8.4e-1", 0.84),
    ] {
        assert_eq!(rate(text), Ok(wanted), "{text}");
    }
    for text in ["84", "1.4", "-0.1", "140%", "-5%", "100.1%", "1e400", "1e999999999999"] {
        assert_eq!(rate(text), Err(NoRate::OutOfRange), "{text}");
    }
    for text in
        ["", "%", "often", "0,84", "8/10", "80-90%", "~84%", "+0.8", "NaN", "1.", "1e", "٣%"]
    {
        assert_eq!(rate(text), Err(NoRate::NotUnderstood), "{text}");
    }
}

#[test]
fn counts() {
    for (text, wanted) in [
        ("3", 3),
        (" 3 ", 3),
        ("3.0", 3),
        ("0", 0),
        ("1e3", 1000),
        ("9007199254740991", (1 << 53) - 1),
    ] {
        assert_eq!(count(text), Some(wanted), "{text}");
    }
    for text in
        ["", "three", "3.5", "-3", "1,200", "9007199254740992", "1e99999999999999999999", "3+"]
    {
        assert_eq!(count(text), None, "{text}");
    }
}

#[test]
fn dates() {
    for text in [
        "2024-06-01",
        "2024-6-1",
        "2024/6/1",
        "2024.06.01",
        "20240601",
        "1 June 2024",
        "01 Jun 2024",
        "June 1, 2024",
        "Jun. 1, 2024",
        "June 1st 2024",
        "1-JUN-2024",
        "2024-Jun-01",
        "2024年6月1日",
        "2024 年 06 月 01 日",
        "2024年6月1号",
        "2024-06-01T23:59:59Z",
        "2024-06-01T00:00:00.123+09:00",
        "2024-06-01 12:30:00",
        "2024-06-01T12:30",
        "2024-06-01 12:30:00 +0200",
    ] {
        assert_eq!(date(text), NaiveDate::from_ymd_opt(2024, 6, 1), "{text}");
    }
    assert_eq!(date("Sept 9 2024"), NaiveDate::from_ymd_opt(2024, 9, 9));
    assert_eq!(date("2 May 2024"), NaiveDate::from_ymd_opt(2024, 5, 2));
    for text in [
        "",
        "06/01/2024",
        "25/12/2024",
        "1.6.2024",
        "2024-06",
        "June 2024",
        "2024",
        "24-06-01",
        "2023-02-29",
        "2024-13-01",
        "2024-06-01 or so",
        "2024-06-01T25:00:00Z",
        "2024-06-011",
        "2024-06-01-02",
        "Juneteenth 1, 2024",
        "June June 2024",
        "２０２４-06-01",
        "+2024-06-01",
        "1717200000",
        "yesterday",
    ] {
        assert_eq!(date(text), None, "{text}");
    }
}

#[test]
fn words() {
    for (text, wanted) in [
        ("true", Resolvable::True),
        ("TRUE", Resolvable::True),
        ("Yes", Resolvable::True),
        ("Partial", Resolvable::Partial),
        ("partially", Resolvable::Partial),
        ("no", Resolvable::False),
    ] {
        assert_eq!(resolvable(text), Some(wanted), "{text}");
    }
    for text in ["", "maybe", "1", "nope"] {
        assert_eq!(resolvable(text), None, "{text}");
    }
    for text in ["human_reviewed", "Human Reviewed", "human-reviewed"] {
        assert_eq!(tier(text), Some(VerificationTier::HumanReviewed), "{text}");
    }
    assert_eq!(tier("auto_generated"), Some(VerificationTier::AiGenerated));
    assert_eq!(tier("yes"), None, "a word for another question");
    assert_eq!(status("Deprecated "), Some(VersionStatus::Deprecated));
    assert_eq!(status("fixed"), None);
}

proptest! {
    /// Every percentage is the decimal that one writes for it.
    #[test]
    fn a_percentage_is_its_decimal(whole in 0_u32..100, fraction in 0_u32..100) {
        let decimal: f64 = format!("0.{whole:02}{fraction:02}").parse().expect("a number");
        prop_assert_eq!(rate(&format!("{whole}.{fraction:02}%")), Ok(decimal));
        prop_assert_eq!(rate(&format!("{decimal}")), Ok(decimal));
    }

    /// What JSON can write as a number is one here, and what `f64` prints is kept.
    #[test]
    fn a_number_is_kept_as_printed(number: f64, whole: u64) {
        prop_assume!(number.is_finite());
        for text in [format!("{number}"), format!("{number:e}")] {
            let decimal = Decimal::parse(&text).expect("a number");
            prop_assert_eq!(decimal.to_f64(), Some(if number == 0.0 { 0.0 } else { number }));
            prop_assert!(crate::json::is_kept(&text));
        }
        let decimal = Decimal::parse(&whole.to_string()).expect("a number");
        prop_assert_eq!(decimal.to_u64(), Some(whole));
    }

    #[test]
    fn nothing_panics(text: String) {
        let _ = (rate(&text), count(&text), date(&text), resolvable(&text));
    }
}
