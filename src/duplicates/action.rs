//! What a text tells one to do: the operation, its direction, and what it is done to; synonyms of this
//! field are one word.

use std::sync::LazyLock;

use super::hash::{Term, term};
use super::vocabulary::{
    CAREFUL, CONDITIONS, LIGHT, NEGATORS, OFF, PURPOSES, QUALIFIERS, SIDES, operation,
};
use super::words;

/// An action as it is compared with others.
#[derive(Debug, Default)]
pub(super) struct Action {
    /// What is done, where a word says it.
    pub(super) operation: Option<&'static str>,
    /// 1 for more, -1 for less, 0 for neither.
    pub(super) direction: i8,
    /// Whether it undoes or turns off.
    pub(super) is_off: bool,
    /// Whether it is meant as overdone, half done or done without care: what is wrong with it then is that.
    pub(super) is_qualified: bool,
    /// Whether it asks for care: the right value, what is needed and no more.
    pub(super) is_careful: bool,
    /// What it names as programs do (options, keys, functions, files), with the value that it gives it; sorted.
    names: Vec<(Term, Option<Term>)>,
    /// What it is made of, each word as it is compared and as it is counted; sorted.
    pub(super) core: Vec<(Term, Term)>,
    /// The words around that: its purpose, its condition, its steps; sorted.
    pub(super) more: Vec<Term>,
}

impl Action {
    /// Reads an action.
    pub(super) fn new(action: &str) -> Self {
        /// Of an action no more words are looked at.
        const MOST: usize = 60;
        let action = words::first_bytes(action, 1 << 10);
        let mut found = Self::default();
        // Words that say what is not done, or why, go on to the end of their clause.
        let (mut is_negated, mut is_aside, mut is_first_clause) = (false, false, true);
        let mut tokens = action.split_whitespace().take(MOST).peekable();
        while let Some(token) = tokens.next() {
            let bare = token.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            let is_open = token.starts_with('(');
            if is_open {
                (is_negated, is_aside) = (false, is_aside || !is_first_clause);
            }
            if NEGATORS.contains(&*bare) {
                is_negated = true;
                found.is_qualified |= matches!(&*bare, "without" | "never");
            } else if CONDITIONS.contains(&*bare)
                || (bare == "to"
                    && !found.core.is_empty()
                    && tokens.peek().is_some_and(|next| PURPOSES.contains(&*next.to_lowercase())))
            {
                is_aside = true;
                // What begins with its condition, or is to be done behind something else.
                found.is_careful |= bare == "after" || (bare == "if" && found.core.is_empty());
            } else if !is_negated {
                found.take(&bare, token, is_aside || !is_first_clause);
            }
            if token.ends_with([',', ';', ')']) {
                (is_negated, is_aside) = (false, false);
            }
            let is_end = token.len() > 1 && token.ends_with(['.', ':', ';']);
            if is_end || matches!(token, "-" | "–" | "—") {
                (is_negated, is_aside) = (false, false);
                is_first_clause &= found.core.len() < 2;
            }
        }
        found.core.sort_unstable();
        found.core.dedup_by_key(|(word, _)| *word);
        found.more.sort_unstable();
        found.more.dedup();
        found.names.sort_unstable();
        found.names.dedup();
        found
    }

    fn take(&mut self, bare: &str, token: &str, is_aside: bool) {
        self.is_careful |= CAREFUL.contains(bare);
        if QUALIFIERS.contains(bare) {
            self.is_qualified = true;
            return;
        }
        if !is_aside {
            self.names.extend(name(token));
        }
        words::each(token, |word| {
            if !is_aside {
                if OFF.contains(word) {
                    self.is_off = true;
                    return;
                }
                if QUALIFIERS.contains(word) {
                    self.is_qualified = true;
                    return;
                }
                if LIGHT.contains(word) {
                    return;
                }
                if let (None, Some((name, direction))) = (self.operation, operation(word)) {
                    (self.operation, self.direction) = (Some(name), direction);
                }
                self.core.push((canonical(word), words::root(word)));
            }
            self.more.push(canonical(word));
        });
    }

    /// Whether two actions are done to two sides of the same thing.
    pub(super) fn is_on_another_side(&self, other: &Self) -> bool {
        static TERMS: LazyLock<Vec<(Term, Term)>> = LazyLock::new(|| {
            SIDES.iter().map(|(left, right)| (canonical(left), canonical(right))).collect()
        });
        TERMS.iter().any(|(left, right)| {
            let sides = [self, other].map(|action| (action.has(*left), action.has(*right)));
            matches!(sides, [(true, false), (false, true)] | [(false, true), (true, false)])
        })
    }

    /// Whether two actions name what the other does not, or give the same another value.
    pub(super) fn names_another(&self, other: &Self) -> bool {
        let lacks = |from: &Self, to: &Self| {
            from.names.iter().any(|(name, _)| !to.names.iter().any(|(other, _)| name == other))
        };
        let differs = |(name, value): &(Term, Option<Term>)| {
            let mut same = other.names.iter().filter(|(other, _)| other == name);
            same.any(|(_, other)| value.zip(*other).is_some_and(|(a, b)| a != b))
        };
        (lacks(self, other) && lacks(other, self)) || self.names.iter().any(differs)
    }

    fn has(&self, word: Term) -> bool {
        self.core.binary_search_by_key(&word, |(word, _)| *word).is_ok()
    }

    /// Whether it has a word, in what it does or around it.
    pub(super) fn tells(&self, word: Term) -> bool {
        self.has(word) || self.more.binary_search(&word).is_ok()
    }
}

/// `requires_grad=True`, `--no-cache`, `go.sum`, `asyncio.run()`: a name of a program, and its value.
fn name(token: &str) -> Option<(Term, Option<Term>)> {
    let token =
        token.trim_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | '@')));
    let token = token.trim_end_matches(['.', '-', '/']);
    let end = token.find(['=', '(', ':']).unwrap_or(token.len());
    let (name, value) = token.split_at(end);
    let value = value.strip_prefix([':']).unwrap_or(value).strip_prefix('=');
    let is_name = value.is_some()
        || name.starts_with(['-', '/', '@'])
        || name.contains(['_', '.', '/'])
        || name.chars().skip(1).any(|c| c.is_ascii_uppercase())
            && name.chars().any(|c| c.is_ascii_lowercase());
    let plain = |text: &str| {
        let kept = text.chars().filter(|c| c.is_alphanumeric() || *c == '.' || *c == '/');
        term(&kept.flat_map(char::to_lowercase).collect::<String>())
    };
    (is_name && !name.is_empty()).then(|| (plain(name), value.map(plain)))
}

/// The one word for all that mean the same.
fn canonical(word: &str) -> Term {
    operation(word).map_or_else(|| term(word), |(name, _)| term(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_its_operation() {
        let of = |text: &str| {
            let action = Action::new(text);
            (action.operation, action.direction, action.is_off, action.is_qualified)
        };
        assert_eq!(of("Compress the payload with gzip"), (Some("compress"), 0, false, false));
        assert_eq!(
            of("Enable permessage-deflate compression"),
            (Some("compress"), 0, false, false)
        );
        assert_eq!(of("Turn compression off"), (Some("compress"), 0, true, false));
        assert_eq!(of("Raise the limit"), (Some("increase"), 1, false, false));
        assert_eq!(of("Lower the limit"), (Some("increase"), -1, false, false));
        assert_eq!(of("Raise the limit on the client only"), (Some("increase"), 1, false, true));
        assert_eq!(of("Use a token instead of deleting the lock"), (None, 0, false, false));
        assert_eq!(of(""), (None, 0, false, false));
    }
}
