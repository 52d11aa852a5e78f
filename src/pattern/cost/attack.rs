//! Lines on which a search takes long.

use serde::Serialize;

/// The recipe for lines of any length on which a search takes long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Attack {
    /// What a line begins with.
    pub prefix: String,
    /// What is repeated, one after the other.
    pub pumps: Vec<Pump>,
    /// What a line ends with, so that it is not found.
    pub suffix: String,
}

/// A text that is repeated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pump {
    /// The text.
    pub text: String,
    /// How often it stands in a row for each time that the whole is repeated.
    pub weight: usize,
    /// What stands behind the last of them, once.
    pub then: String,
}

impl Attack {
    /// The line in which each pump is repeated so many times, times its weight.
    pub fn repeated(&self, times: usize) -> String {
        let mut line = self.prefix.clone();
        for pump in &self.pumps {
            line.push_str(&pump.text.repeat(pump.weight.saturating_mul(times)));
            line.push_str(&pump.then);
        }
        line + &self.suffix
    }

    /// How often the pumps can be repeated in a line of so many characters.
    pub fn times(&self, length: usize) -> usize {
        let chars = |text: &str| text.chars().count();
        let once: usize = self.pumps.iter().map(|pump| chars(&pump.text) * pump.weight).sum();
        let rest: usize = self.pumps.iter().map(|pump| chars(&pump.then)).sum();
        let fixed = chars(&self.prefix) + chars(&self.suffix) + rest;
        length.saturating_sub(fixed) / once.max(1)
    }

    /// The longest line of its kind that has no more than so many characters; where there is none, the
    /// shortest.
    pub fn line(&self, length: usize) -> String {
        self.repeated(self.times(length).max(1))
    }
}
