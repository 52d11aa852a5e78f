//! How many characters a piece takes.

use super::{GroupKind, Kind, Node};

impl Node {
    /// The fewest and the most characters that this takes, where that can be known.
    ///
    /// A back-reference counts as what may be of any width.
    pub(crate) fn width(&self) -> (u32, Option<u32>) {
        match &self.kind {
            Kind::Shorthand('R' | 'X') => (1, None),
            Kind::Shorthand('K')
            | Kind::Empty
            | Kind::Anchor(_)
            | Kind::Flags(_)
            | Kind::Comment
            | Kind::Verb => (0, Some(0)),
            Kind::Char(_) | Kind::Any | Kind::Property(_) | Kind::Class(_) | Kind::Shorthand(_) => {
                (1, Some(1))
            }
            Kind::Reference(_) | Kind::Call => (0, None),
            Kind::Group(group) => match group.kind {
                GroupKind::Look { .. } => (0, Some(0)),
                _ => group.body.width(),
            },
            Kind::Repeat(repeat) => {
                let (min, max) = repeat.body.width();
                let most = match (max, repeat.max) {
                    (Some(0), _) | (_, Some(0)) => Some(0),
                    (Some(max), Some(times)) => max.checked_mul(times),
                    _ => None,
                };
                (min.saturating_mul(repeat.min), most)
            }
            Kind::Concat(parts) => parts.iter().map(Self::width).fold((0, Some(0)), |sum, part| {
                let most = sum.1.zip(part.1).and_then(|(one, other)| one.checked_add(other));
                (sum.0.saturating_add(part.0), most)
            }),
            Kind::Alternation(branches) => {
                let widths = branches.iter().map(Self::width);
                widths
                    .reduce(|one, other| {
                        (one.0.min(other.0), one.1.zip(other.1).map(|(one, other)| one.max(other)))
                    })
                    .unwrap_or((0, Some(0)))
            }
        }
    }
}
