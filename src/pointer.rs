//! JSON Pointer (RFC 6901): how rules, reports and patches name a place in a document.

use std::borrow::Cow;
use std::fmt;

/// A pointer to a value, such as `/workarounds/0/how`; the empty pointer is the whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct JsonPointer(String);

impl JsonPointer {
    /// The whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Takes a pointer in its written form.
    ///
    /// `None` if it does not begin with `/`, or if a `~` is not followed by `0` or `1`.
    pub fn parse(text: &str) -> Option<Self> {
        let starts_well = text.is_empty() || text.starts_with('/');
        let escapes_well = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        (starts_well && escapes_well).then(|| Self(text.to_owned()))
    }

    /// This pointer and one more step.
    #[must_use]
    pub fn join(mut self, step: impl Into<Step>) -> Self {
        self.0.push('/');
        match step.into() {
            Step::Key(key) => {
                for c in key.chars() {
                    match c {
                        '~' => self.0.push_str("~0"),
                        '/' => self.0.push_str("~1"),
                        c => self.0.push(c),
                    }
                }
            }
            Step::Index(index) => self.0.push_str(&index.to_string()),
        }
        self
    }

    /// The pointer to what holds this value; `None` for the whole document.
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(parent, _)| Self(parent.to_owned()))
    }

    /// The written form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the whole document.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The steps from the root, unescaped. Whether a number is an index or a key shows only on the
    /// document.
    pub fn steps(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(|step| {
            if step.contains('~') {
                Cow::Owned(step.replace("~1", "/").replace("~0", "~"))
            } else {
                Cow::Borrowed(step)
            }
        })
    }
}

impl<'de> serde::Deserialize<'de> for JsonPointer {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a pointer begins with `/`"))
    }
}

impl fmt::Display for JsonPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One step of a pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A member of an object.
    Key(Cow<'static, str>),
    /// An item of an array, from 0.
    Index(usize),
}

impl From<&'static str> for Step {
    fn from(key: &'static str) -> Self {
        Self::Key(Cow::Borrowed(key))
    }
}

impl From<String> for Step {
    fn from(key: String) -> Self {
        Self::Key(Cow::Owned(key))
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// Builds a [`JsonPointer`] from keys and indices: `pointer!["workarounds", 0, "how"]`.
#[macro_export]
macro_rules! pointer {
    ($($step:expr),* $(,)?) => {
        $crate::pointer::JsonPointer::root()$(.join($step))*
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 6901, section 5.
    #[test]
    fn escapes_as_the_rfc_says() {
        assert_eq!(pointer!["a/b"].as_str(), "/a~1b");
        assert_eq!(pointer!["m~n"].as_str(), "/m~0n");
        assert_eq!(pointer!["foo", 0].as_str(), "/foo/0");
        assert_eq!(pointer![""].as_str(), "/");
        assert!(pointer![].is_root());
        let steps: Vec<_> = JsonPointer::parse("/~01/c%d")
            .expect("valid")
            .steps()
            .collect::<Vec<_>>()
            .into_iter()
            .map(Cow::into_owned)
            .collect();
        assert_eq!(steps, ["~1", "c%d"]);
        assert_eq!(JsonPointer::parse("a"), None);
        assert_eq!(JsonPointer::parse("/~2"), None);
    }
}
