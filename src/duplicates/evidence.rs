//! What speaks for two entries being the same, and what against it: named parts, each a number.

use super::base::Base;
use super::digest::{Digest, Field};
use super::hash::{Term, hash};
use super::signature::are_opposite;

/// A piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// How much the words of the messages are alike, rare words counting more: a cosine.
    SignatureWords,
    /// How much of the shorter message the longer one contains, 0 to 1.
    SignatureContained,
    /// How much the shapes of the messages are alike, what varies being masked: Dice's coefficient of their
    /// triples of characters.
    SignatureShape,
    /// 1 where the shapes of the messages are equal.
    SignatureEqual,
    /// Which part of the patterns find the other entry's message.
    PatternMatch,
    /// Of the messages nearby that either pattern finds, which part both find: Jaccard's coefficient.
    PatternsShare,
    /// How much of the lines that the patterns need is the same: 1 where the shortest line that one needs is
    /// found by both, 0 where a line that both find holds what each needs side by side.
    PatternOverlap,
    /// How much the words that the patterns spell out are alike: a cosine.
    PatternWords,
    /// How much the root causes are alike: a cosine.
    RootCause,
    /// How much the workarounds are alike: a cosine.
    Workarounds,
    /// How much the dead ends are alike: a cosine.
    DeadEnds,
    /// How much of the words of each message the other entry uses in its advice.
    Told,
    /// How much of the words of each root cause the other entry uses.
    CauseTold,
    /// How much the slugs are alike: a cosine.
    Slug,
    /// Which part of the words of each slug the other entry uses nowhere, on average: what tells the error from
    /// its siblings. 0 where the texts are the same.
    SlugUntold,
    /// How many of both entries name a word in their message and their slug that the other has in neither, as
    /// a part of 1: each is about something else.
    OtherSubject,
    /// Where both entries of a domain give their error code: up to 1 where it is the same, more where few
    /// entries have it; -1 where it is another.
    ErrorCode,
    /// 1 where the messages hold the same error code.
    CodeInMessage,
    /// 1 where the messages hold error codes of one kind, and none in common.
    OtherCode,
    /// 1 where the messages name the same exception or status, -1 where they name others, else 0.
    ErrorName,
    /// 1 where the messages quote the same, -1 where they quote something else, else 0.
    Quoted,
    /// How much of the pages that they point to they share, 0 to 1.
    Pages,
    /// 1 where the domains differ.
    OtherDomain,
    /// 1 where they are about no product in common, and neither points to pages of the other's.
    OtherProduct,
    /// 1 where they name environments that differ, less where one is narrower.
    Environment,
    /// 1 where the ids name one error in two environments.
    SameSlug,
    /// 1 where one message claims the opposite of the other, or speaks of the other side in the same place.
    Opposite,
    /// 1 where the messages have the same words, two of them in each other's place.
    Swapped,
    /// 1 where one entry is declared to be confused with the other.
    DeclaredConfused,
}

impl Part {
    /// How many there are.
    pub const COUNT: usize = 29;

    /// All of them, in the order of their numbers.
    pub const ALL: [Self; Self::COUNT] = [
        Self::SignatureWords,
        Self::SignatureContained,
        Self::SignatureShape,
        Self::SignatureEqual,
        Self::PatternMatch,
        Self::PatternsShare,
        Self::PatternOverlap,
        Self::PatternWords,
        Self::RootCause,
        Self::Workarounds,
        Self::DeadEnds,
        Self::Told,
        Self::CauseTold,
        Self::Slug,
        Self::SlugUntold,
        Self::OtherSubject,
        Self::ErrorCode,
        Self::CodeInMessage,
        Self::OtherCode,
        Self::ErrorName,
        Self::Quoted,
        Self::Pages,
        Self::OtherDomain,
        Self::OtherProduct,
        Self::Environment,
        Self::SameSlug,
        Self::Opposite,
        Self::Swapped,
        Self::DeclaredConfused,
    ];

    /// Its name, as reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignatureWords => "signature_words",
            Self::SignatureContained => "signature_contained",
            Self::SignatureShape => "signature_shape",
            Self::SignatureEqual => "signature_equal",
            Self::PatternMatch => "pattern_match",
            Self::PatternsShare => "patterns_share",
            Self::PatternOverlap => "pattern_overlap",
            Self::PatternWords => "pattern_words",
            Self::RootCause => "root_cause",
            Self::Workarounds => "workarounds",
            Self::DeadEnds => "dead_ends",
            Self::Told => "told",
            Self::CauseTold => "cause_told",
            Self::Slug => "slug",
            Self::SlugUntold => "slug_untold",
            Self::OtherSubject => "other_subject",
            Self::ErrorCode => "error_code",
            Self::CodeInMessage => "code_in_message",
            Self::OtherCode => "other_code",
            Self::ErrorName => "error_name",
            Self::Quoted => "quoted",
            Self::Pages => "pages",
            Self::OtherDomain => "other_domain",
            Self::OtherProduct => "other_product",
            Self::Environment => "environment",
            Self::SameSlug => "same_slug",
            Self::Opposite => "opposite",
            Self::Swapped => "swapped",
            Self::DeclaredConfused => "declared_confused",
        }
    }
}

impl Part {
    /// The least value that it can have; the greatest is 1.
    pub(super) fn least(self) -> f64 {
        match self {
            Self::ErrorCode | Self::ErrorName | Self::Quoted => -1.0,
            Self::SignatureWords
            | Self::SignatureContained
            | Self::SignatureShape
            | Self::SignatureEqual
            | Self::PatternMatch
            | Self::PatternsShare
            | Self::PatternOverlap
            | Self::PatternWords
            | Self::RootCause
            | Self::Workarounds
            | Self::DeadEnds
            | Self::Told
            | Self::CauseTold
            | Self::Slug
            | Self::SlugUntold
            | Self::OtherSubject
            | Self::CodeInMessage
            | Self::OtherCode
            | Self::Pages
            | Self::OtherDomain
            | Self::OtherProduct
            | Self::Environment
            | Self::SameSlug
            | Self::Opposite
            | Self::Swapped
            | Self::DeclaredConfused => 0.0,
        }
    }
}

/// The value of each part; nothing where the entries do not say.
pub type Values = [Option<f64>; Part::COUNT];

/// The fields that say what to do.
const ADVICE: [Field; 3] = [Field::Cause, Field::Workarounds, Field::DeadEnds];

/// The parts by which most pairs are told not to be duplicates, before all are looked at: from the ones
/// that tell much for little.
pub(super) const FIRST: [Part; 7] = [
    Part::ErrorCode,
    Part::Workarounds,
    Part::DeadEnds,
    Part::SlugUntold,
    Part::PatternWords,
    Part::Told,
    Part::RootCause,
];

/// The value of one of the first parts.
pub(super) fn value(base: &Base, a: usize, b: usize, part: Part) -> Option<f64> {
    let cosine = |field| Some(base.vector(a, field).alike(base.vector(b, field))?.0);
    match part {
        Part::PatternWords => cosine(Field::Pattern),
        Part::RootCause => cosine(Field::Cause),
        Part::Workarounds => cosine(Field::Workarounds),
        Part::DeadEnds => cosine(Field::DeadEnds),
        Part::Told => base.told(a, b, Field::Signature, &ADVICE),
        Part::SlugUntold => Some(base.untold_slugs(a, b)),
        Part::ErrorCode => base.same_code(a, b),
        _ => None,
    }
}

/// The values of a pair; what the patterns find is put in by whoever has tried them.
pub(super) fn values(base: &Base, a: usize, b: usize) -> Values {
    let mut first: Values = [None; Part::COUNT];
    for part in FIRST {
        first[part as usize] = value(base, a, b, part);
    }
    values_after(base, a, b, &first)
}

/// The same where the values of the first parts are at hand.
pub(super) fn values_after(base: &Base, a: usize, b: usize, first: &Values) -> Values {
    let (one, two) = (&base.entries[a], &base.entries[b]);
    let alike = |field| base.vector(a, field).alike(base.vector(b, field));
    let cosine = |field| alike(field).map(|(cosine, _)| cosine);
    let signature = alike(Field::Signature);
    let is = |yes: bool| Some(f64::from(u8::from(yes)));
    let (mine, others) = (&one.signature, &two.signature);
    let mut values: Values = [None; Part::COUNT];
    for part in Part::ALL {
        values[part as usize] = match part {
            Part::SignatureWords => signature.map(|(cosine, _)| cosine),
            Part::SignatureContained => signature.map(|(_, contained)| contained),
            Part::SignatureShape => dice(&mine.grams, &others.grams),
            Part::SignatureEqual => {
                mine.shape.zip(others.shape).map(|(a, b)| f64::from(u8::from(a == b)))
            }
            Part::PatternMatch | Part::PatternsShare | Part::PatternOverlap => None,
            Part::PatternWords
            | Part::RootCause
            | Part::Workarounds
            | Part::DeadEnds
            | Part::Told
            | Part::SlugUntold
            | Part::ErrorCode => first[part as usize],
            Part::CauseTold => base.told(a, b, Field::Cause, &Field::ALL),
            Part::OtherSubject => Some(base.other_subjects(a, b)),
            Part::Slug => cosine(Field::Slug),
            Part::CodeInMessage => is(meet(&mine.codes, &others.codes)),
            Part::OtherCode => {
                is(!meet(&mine.codes, &others.codes) && meet(&mine.code_kinds, &others.code_kinds))
            }
            Part::ErrorName => Some(same_or_other(&mine.names, &others.names)),
            Part::Quoted => Some(same_or_other(&mine.quoted, &others.quoted)),
            Part::Pages => base.shared_pages(a, b),
            // A draft may have no id yet, or that of the entry that it is to replace.
            Part::OtherDomain if has_no_domain(one) || has_no_domain(two) => None,
            Part::OtherProduct if one.products.is_empty() || two.products.is_empty() => None,
            Part::SameSlug if is_draft_of_same_id(one, two) => None,
            Part::OtherDomain => is(one.id.domain() != two.id.domain()),
            Part::OtherProduct => is(![
                (&one.products, &two.products),
                (&one.sites, &two.products),
                (&two.sites, &one.products),
            ]
            .iter()
            .any(|(a, b)| meet(a, b))),
            Part::Environment => Some(one.environment.difference(&two.environment)),
            Part::SameSlug => is(one.id.is_variant_of(&two.id)),
            Part::Opposite => is(are_opposite(mine.claims, others.claims)
                || mine.order.is_of_another_side(&others.order)),
            Part::Swapped => signature.map(|(cosine, _)| {
                /// In messages less alike the order says nothing.
                const ALIKE: f64 = 0.8;
                f64::from(u8::from(cosine >= ALIKE && mine.order.is_swapped(&others.order)))
            }),
            Part::DeclaredConfused => {
                let names = |from: &Digest, to: &Digest| {
                    !from.confused_with.is_empty()
                        && from.confused_with.contains(&hash(to.id.as_str().as_bytes()))
                };
                is(names(one, two) || names(two, one))
            }
        };
    }
    values
}

fn has_no_domain(digest: &Digest) -> bool {
    digest.id.domain().trim().is_empty()
}

fn is_draft_of_same_id(one: &Digest, two: &Digest) -> bool {
    one.id == two.id && (one.draft.is_some() || two.draft.is_some())
}

/// Whether two sorted lists have something in common.
fn meet(a: &[Term], b: &[Term]) -> bool {
    a.iter().any(|item| b.binary_search(item).is_ok())
}

fn same_or_other(a: &[Term], b: &[Term]) -> f64 {
    match (a, b) {
        ([], _) | (_, []) => 0.0,
        _ if meet(a, b) => 1.0,
        _ => -1.0,
    }
}

/// Dice's coefficient (1945) of two sorted sets.
fn dice(a: &[Term], b: &[Term]) -> Option<f64> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (mut at, mut other, mut both) = (0, 0, 0_u32);
    while let (Some(one), Some(two)) = (a.get(at), b.get(other)) {
        both += u32::from(one == two);
        at += usize::from(one <= two);
        other += usize::from(two <= one);
    }
    let all = u32::try_from(a.len() + b.len()).unwrap_or(u32::MAX);
    Some(2.0 * f64::from(both) / f64::from(all))
}
