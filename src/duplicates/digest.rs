//! [`Digest`]: what is kept of an entry to compare it with others; a tenth of the entry.

use serde::{Deserialize, Serialize};

use super::claims;
use super::declared::{Distinction, distinctions};
use super::environment::{self, Environment};
use super::fingerprint::{self, Fingerprint};
use super::hash::{Term, hash, term};
use super::pages::{addresses, pages, sites};
use super::signature::Signature;
use super::vocabulary::OF_ANY_SLUG;
use super::words;
use crate::entry::{Entry, EntryId};
use crate::pattern::Pattern;

/// The texts that are compared word by word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Signature,
    Pattern,
    Slug,
    Cause,
    Workarounds,
    DeadEnds,
}

impl Field {
    pub(super) const COUNT: usize = 6;
    pub(super) const ALL: [Self; Self::COUNT] = [
        Self::Signature,
        Self::Pattern,
        Self::Slug,
        Self::Cause,
        Self::Workarounds,
        Self::DeadEnds,
    ];
}

/// What is kept of an entry to compare it with others.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Digest {
    pub(super) id: EntryId,
    /// The beginning of the message, for patterns to search.
    pub(super) message: String,
    pub(super) message_hash: u64,
    pub(super) pattern: Pattern,
    pub(super) signature: Signature,
    /// The words of each field and how often each is there, sorted.
    pub(super) words: [Vec<(Term, u16)>; Field::COUNT],
    /// The words of the slug that say which error it is. Numbers are left out, which count entries as often
    /// as they name errors, and so are pairs of characters written without blanks, which may be no words.
    pub(super) slug: Vec<Term>,
    /// The words of the domain and of the name of the environment.
    pub(super) place: Vec<Term>,
    /// The pages that it points to, sorted.
    pub(super) pages: Vec<Term>,
    /// The names of the sites of these pages, sorted.
    pub(super) sites: Vec<Term>,
    /// The domain, and the products of the environment and the versions, sorted.
    pub(super) products: Vec<Term>,
    pub(super) environment: Environment,
    /// The entries that it is declared to be confused with, as hashes of their ids.
    pub(super) confused_with: Vec<u64>,
    /// The error code that the entry gives, in capitals.
    pub(super) code: Option<String>,
    /// The sides that it takes where others may take the opposite.
    pub(super) claims: u16,
    /// How it says that it is told from others.
    pub(super) distinctions: Vec<Distinction>,
    /// Its former ids.
    pub(super) aliases: Vec<EntryId>,
    pub(super) fingerprint: Fingerprint,
    /// A hash of all that is compared, the id apart.
    pub(super) content: u64,
    /// A hash of the cause and the advice, word for word; 0 where they say next to nothing.
    pub(super) advice: u64,
    /// Which draft it is, if it is one: an entry that is held against the knowledge base, not part of it.
    pub(super) draft: Option<usize>,
}

impl Digest {
    /// Takes from an entry what is compared.
    pub fn new(entry: &Entry) -> Self {
        /// Patterns search no more of a message, in bytes.
        const MOST_MESSAGE: usize = 4 << 10;
        let mut segments = entry.id.as_str().split('/').skip(1);
        let (slug, environment) = (segments.next(), segments.next());
        let mut place = all_words(entry.id.domain());
        place.extend(all_words(environment.unwrap_or_default()));
        let versions = entry.versions.iter().map(|version| &*version.version);
        let systems = entry.os_specific.keys().map(String::as_str);
        let environment =
            Environment::new(entry.id.domain(), environment.unwrap_or_default(), versions, systems);
        let mut products = environment.products();
        if !entry.id.domain().is_empty() {
            products.push(term(entry.id.domain()));
        }
        products.sort_unstable();
        products.dedup();
        let message = or_else(&entry.signature, entry.signature_zh.as_deref());
        let addresses = addresses(entry);
        let confused_with = entry.transition_graph.frequently_confused_with.iter();
        let mut digest = Self {
            id: entry.id.clone(),
            message: words::first_bytes(message, MOST_MESSAGE).to_owned(),
            message_hash: hash(words::first_bytes(message, MOST_MESSAGE).as_bytes()),
            pattern: Pattern::new(&*entry.regex),
            signature: Signature::new(message, entry.error_code.as_deref()),
            words: texts(entry, slug.unwrap_or_default()).map(|texts| counted(&texts)),
            slug: slug_words(slug.unwrap_or_default()),
            place,
            sites: sites(&addresses),
            pages: pages(&addresses),
            products,
            environment,
            confused_with: confused_with
                .map(|edge| hash(edge.error_id.as_str().as_bytes()))
                .collect(),
            code: entry.error_code.as_deref().map(code).filter(|code| !code.is_empty()),
            claims: claims::sides(entry),
            distinctions: distinctions(entry),
            aliases: entry.aliases.clone(),
            fingerprint: Fingerprint::new(entry),
            content: 0,
            advice: fingerprint::of_advice(entry),
            draft: None,
        };
        digest.content = digest.content_hash();
        digest
    }

    /// Takes the same from a draft, to be held against a knowledge base by [`Base::like`](super::Base::like).
    /// It may lack anything, even the id; then the domain is the one that it gives apart from it.
    pub fn of_draft(entry: &Entry, number: usize) -> Self {
        let is_nameless = entry.id.as_str().trim().is_empty() && !entry.domain.trim().is_empty();
        let mut digest = if is_nameless {
            let id = EntryId::new(format!("{}/", entry.domain.trim()));
            Self::new(&Entry { id, ..entry.clone() })
        } else {
            Self::new(entry)
        };
        digest.draft = Some(number);
        digest
    }

    /// The id of the entry.
    pub fn id(&self) -> &EntryId {
        &self.id
    }

    /// The words of a field.
    pub(super) fn of(&self, field: Field) -> &[(Term, u16)] {
        &self.words[field as usize]
    }

    fn content_hash(&self) -> u64 {
        let mut bytes = Vec::with_capacity(1 << 10);
        for text in [&*self.message, self.pattern.text()] {
            bytes.extend_from_slice(&hash(text.as_bytes()).to_le_bytes());
        }
        for field in [Field::Cause, Field::Workarounds, Field::DeadEnds] {
            for (term, count) in self.of(field) {
                bytes.extend_from_slice(&term.to_le_bytes());
                bytes.extend_from_slice(&count.to_le_bytes());
            }
            bytes.push(0);
        }
        hash(&bytes)
    }
}

/// A code as it is compared.
fn code(text: &str) -> String {
    /// A longer code is a sentence.
    const MOST: usize = 64;
    words::first_bytes(text.trim(), MOST).to_uppercase()
}

/// The English text, or the Chinese one where there is no other.
fn or_else<'t>(text: &'t str, chinese: Option<&'t str>) -> &'t str {
    if text.trim().is_empty() { chinese.unwrap_or_default() } else { text }
}

/// The texts of each field, in the order of [`Field`].
fn texts<'e>(entry: &'e Entry, slug: &'e str) -> [Vec<&'e str>; Field::COUNT] {
    let mut workarounds = Vec::new();
    for item in &entry.workarounds {
        workarounds.push(&*item.action);
        if item.how != item.action {
            workarounds.push(&*item.how);
        }
        workarounds.push(&*item.condition);
    }
    if workarounds.is_empty() {
        workarounds.extend(entry.workarounds_zh.iter().map(|text| &**text));
    }
    let dead_ends = entry.dead_ends.iter().flat_map(|item| [&*item.action, &*item.why_fails]);
    [
        vec![or_else(&entry.signature, entry.signature_zh.as_deref())],
        vec![&*entry.regex],
        vec![slug],
        vec![or_else(&entry.root_cause, entry.root_cause_zh.as_deref())],
        workarounds,
        dead_ends.collect(),
    ]
    .map(|texts| texts.into_iter().filter(|text| !text.is_empty()).collect())
}

fn slug_words(slug: &str) -> Vec<Term> {
    let mut found = Vec::new();
    words::each(slug, |word| {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let is_of_any = OF_ANY_SLUG.contains(&word) || environment::is_short_name(word);
        if !is_number && !is_of_any && !word.starts_with(words::is_wide) {
            found.push(words::root(word));
        }
    });
    found.sort_unstable();
    found.dedup();
    found
}

fn all_words(text: &str) -> Vec<Term> {
    let mut all = Vec::new();
    words::each(text, |word| all.push(words::root(word)));
    all
}

/// The words of some texts, sorted, with how often each is there.
fn counted(texts: &[&str]) -> Vec<(Term, u16)> {
    let mut all: Vec<Term> = texts.iter().flat_map(|text| all_words(text)).collect();
    all.sort_unstable();
    all.chunk_by(PartialEq::eq)
        .map(|same| (same[0], u16::try_from(same.len()).unwrap_or(u16::MAX)))
        .collect()
}
