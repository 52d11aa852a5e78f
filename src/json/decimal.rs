//! [`Decimal`]: a number as it is written, so that nothing is lost before it is said what it is.

/// A decimal number: a sign, digits, and a power of ten. Blanks, signs other than one `-` and words
/// such as `NaN` make no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    /// Without zeros at either end; none for 0.
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// Reads `84`, `0.84`, `.84`, `-1` or `8.4e-1`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        let digits = [whole, fraction].concat();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let trimmed = digits.trim_end_matches('0');
        let zeros = i64::try_from(digits.len() - trimmed.len()).ok()?;
        let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let digits = trimmed.trim_start_matches('0');
        if digits.is_empty() {
            // All zeros are one.
            return Some(Self { negative: false, digits: String::new(), exponent: 0 });
        }
        let exponent = exponent.checked_add(zeros)?;
        Some(Self { negative, digits: digits.to_owned(), exponent })
    }

    /// The same digits, `places` further to the left.
    pub(crate) fn shifted(self, places: i64) -> Self {
        if self.digits.is_empty() {
            return self;
        }
        Self { exponent: self.exponent.saturating_add(places), ..self }
    }

    /// The nearest `f64`; `None` where there is none.
    pub(crate) fn to_f64(&self) -> Option<f64> {
        let sign = if self.negative { "-" } else { "" };
        let digits = if self.digits.is_empty() { "0" } else { &self.digits };
        let number: f64 = format!("{sign}{digits}e{}", self.exponent).parse().ok()?;
        number.is_finite().then_some(number)
    }

    /// The number, where it is whole, not negative and not too large.
    pub(crate) fn to_u64(&self) -> Option<u64> {
        /// `u64` has 20 digits.
        const MOST: i64 = 20;
        if self.digits.is_empty() {
            return Some(0);
        }
        if self.negative || !(0..=MOST).contains(&self.exponent) {
            return None;
        }
        let zeros = usize::try_from(self.exponent).ok()?;
        format!("{}{}", self.digits, "0".repeat(zeros)).parse().ok()
    }

    /// Whether it is a whole number.
    pub(crate) fn is_whole(&self) -> bool {
        // Zeros at the end are in the exponent.
        self.exponent >= 0
    }
}

/// Whether a number reads back as it is written: as an integer of 64 bits, or as the `f64` whose
/// shortest spelling has the same value.
pub(crate) fn is_kept(digits: &str) -> bool {
    /// An `f64` keeps as many digits whatever they are, if the number is neither very large nor small.
    const ALWAYS: usize = 15;
    let is_short = |digits: &str| digits.len() <= ALWAYS && !digits.contains(['e', 'E']);
    let is_integer = |digits: &str| digits.parse::<i64>().is_ok() || digits.parse::<u64>().is_ok();
    is_short(digits) || is_integer(digits) || {
        let number = Decimal::parse(digits);
        let float = number.as_ref().and_then(Decimal::to_f64);
        float.is_some_and(|float| Decimal::parse(&format!("{float:e}")) == number)
    }
}
