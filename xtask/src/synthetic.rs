//! `synthetic`: a knowledge base of made-up entries of which it is known what each is to others.
//!
//! Words are made of syllables and drawn as in texts: the nth as often as one in n (Zipf 1949), and the
//! more entries there are, the more words (Heaps 1978). Slug and texts take up words of the message. Some errors stand there twice in other words, some
//! in two environments, and beside some stands another error whose message differs by a word and a number.
//! `pairs.jsonl` says which, in the form of judged pairs; all other pairs have nothing to do with each other.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use errlore::canonical::canonical;
use errlore::entry::{DeadEnd, Entry, EntryId, Resolvable, VerificationTier, Version, Workaround};
use errlore::{Error, Result};
use serde_json::json;

use words::Words;

mod words;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many entries there are to be
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) entries: u32,
    /// Another number gives other entries
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where to write the knowledge base; a new folder
    #[arg(long, value_name = "DIR")]
    pub(crate) into: PathBuf,
}

/// Of so many entries two are one planted pair of each kind.
const PERIOD: u32 = 40;

/// What an entry is to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plant {
    Duplicate,
    Variant,
    Related,
}

impl Plant {
    fn of(number: u32) -> Option<Self> {
        match number % PERIOD {
            1 | 11 => Some(Self::Duplicate),
            21 => Some(Self::Variant),
            31 => Some(Self::Related),
            _ => None,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Variant => "variant",
            Self::Related => "related",
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let into = &arguments.into;
    fs::create_dir(into).map_err(|error| Error::path("make", into, &error))?;
    let config = "# Written by `cargo xtask synthetic`.\nentries = [\"entries\"]\n";
    write(&into.join("errlore.toml"), config)?;
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = arguments.entries.div_ceil(u32::try_from(threads).unwrap_or(1)).max(1);
    let share = share.next_multiple_of(2);
    let each: Vec<Result<String>> = thread::scope(|scope| {
        let parts = (0..arguments.entries).step_by(share as usize).map(|first| {
            scope.spawn(move || part(arguments, first, (first + share).min(arguments.entries)))
        });
        let parts: Vec<_> = parts.collect();
        let failed = |_| Err(Error::io("a thread that writes entries ended"));
        parts.into_iter().map(|part| part.join().unwrap_or_else(failed)).collect()
    });
    let pairs = each.into_iter().collect::<Result<Vec<String>>>()?;
    write(&into.join("pairs.jsonl"), &pairs.concat())
}

/// Writes some of the entries, and returns the lines of their planted pairs.
fn part(arguments: &Arguments, from: u32, to: u32) -> Result<String> {
    let entries = arguments.into.join("entries");
    let mut pairs = String::new();
    for number in from..to {
        let entry = entry(arguments.seed, number);
        if let Some(plant) = Plant::of(number) {
            let other = self::entry(arguments.seed, number - 1);
            let pair = json!({
                "a": other.id.as_str(), "b": entry.id.as_str(),
                "label": plant.label(), "why": "planted",
            });
            pairs += &format!("{pair}\n");
        }
        write(&entries.join(format!("{}.json", entry.id)), &canonical(&entry))?;
    }
    Ok(pairs)
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::path("make", folder, &error))?;
    }
    fs::write(path, text).map_err(|error| Error::path("write", path, &error))
}

/// The entry of a number: an error of its own, or a plant beside the one before.
fn entry(seed: u64, number: u32) -> Entry {
    let Some(plant) = Plant::of(number) else { return original(seed, number) };
    let mut entry = original(seed, number - 1);
    let mut words = Words::new(seed, number);
    let mut segments = entry.id.as_str().split('/').map(str::to_owned).collect::<Vec<_>>();
    match plant {
        Plant::Duplicate => {
            // Of the words of the causes of judged duplicates half have from 0.40 to 0.71 in common.
            let kept = [0.75, 0.6, 0.45, 0.3][number as usize / PERIOD as usize % 4];
            let mut retell = |text: &mut String| *text = words.retold(text, kept);
            retell(&mut entry.root_cause);
            for item in &mut entry.workarounds {
                retell(&mut item.action);
                retell(&mut item.how);
            }
            for item in &mut entry.dead_ends {
                retell(&mut item.action);
                retell(&mut item.why_fails);
            }
            entry.dead_ends.rotate_left(1);
            entry.signature = words.other_values(&entry.signature);
            if kept < 0.5 {
                entry.signature = words.prefixed(&entry.signature);
                entry.regex = words::shortened(&entry.regex);
            }
            let slug = words.slug(&entry.signature, &entry.root_cause);
            segments[1] = format!("{slug}-{number}");
        }
        Plant::Variant => {
            "windows".clone_into(&mut segments[2]);
            let version = &mut entry.versions[0].version;
            *version = version.replace(">=1.0,<2.0", ">=2.0");
            entry.root_cause = words.retold(&entry.root_cause, 0.8);
            entry.workarounds = original(seed ^ 1, number).workarounds;
        }
        Plant::Related => {
            let other = original(seed ^ 1, number);
            let (signature, regex) = words.another(&entry.signature, &entry.regex);
            (entry.signature, entry.regex) = (signature, regex);
            // Every other one shares some of the advice.
            if (number / PERIOD).is_multiple_of(2) {
                entry.root_cause = words.retold(&entry.root_cause, 0.4);
                entry.workarounds[1..].clone_from_slice(&other.workarounds[1..]);
            } else {
                entry.root_cause = other.root_cause;
                entry.workarounds = other.workarounds;
            }
            entry.dead_ends = other.dead_ends;
            let slug = words.slug(&entry.signature, &entry.root_cause);
            segments[1] = format!("{slug}-{number}");
        }
    }
    entry.id = EntryId::new(segments.join("/"));
    entry
}

/// An error of its own.
fn original(seed: u64, number: u32) -> Entry {
    let mut words = Words::new(seed, number);
    let domain = words.domain();
    let (signature, regex) = words.message();
    let root_cause = [words.sentence(14), words.sentence(12)].join(" ");
    let slug = format!("{}-{number}", words.slug(&signature, &root_cause));
    let workaround = |words: &mut Words| Workaround {
        action: words.sentence(7),
        success_rate: 0.8,
        how: words.sentence(14),
        ..Workaround::default()
    };
    let dead_end = |words: &mut Words| DeadEnd {
        action: words.sentence(6),
        why_fails: words.sentence(10),
        fail_rate: 0.7,
        ..DeadEnd::default()
    };
    let version = Version { version: format!("{domain} >=1.0,<2.0"), ..Version::default() };
    Entry {
        id: EntryId::new(match Plant::of(number + 1) {
            Some(Plant::Variant) => format!("{domain}/{slug}/linux"),
            _ => format!("{domain}/{slug}"),
        }),
        signature,
        regex,
        domain,
        category: "runtime_error".to_owned(),
        root_cause,
        versions: vec![version],
        workarounds: vec![workaround(&mut words), workaround(&mut words)],
        dead_ends: vec![dead_end(&mut words), dead_end(&mut words)],
        verification_tier: VerificationTier::HumanReviewed,
        confidence: 0.5,
        fix_success_rate: 0.8,
        resolvable: Resolvable::True,
        first_seen: chrono::NaiveDate::from_ymd_opt(2024, 1, 15),
        ..Entry::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_gives_the_same_entry_and_patterns_find_their_messages() {
        for number in 0..2 * PERIOD {
            let entry = entry(7, number);
            assert_eq!(entry, self::entry(7, number));
            assert_ne!(entry.id, self::entry(8, number).id);
            let facts = errlore::pattern::Pattern::new(&*entry.regex).facts(&entry.signature);
            assert!(facts.matches_with_case, "{} in {}", entry.regex, entry.signature);
        }
    }

    #[test]
    fn plants_are_what_they_are_said_to_be() {
        let found = |number: u32| (entry(7, number - 1), entry(7, number));
        let (one, other) = found(1);
        assert!(
            one.id != other.id && one.regex == other.regex && one.root_cause != other.root_cause
        );
        let (one, other) = found(21);
        assert!(one.id.is_variant_of(&other.id) && one.signature == other.signature);
        let (one, other) = found(31);
        let facts = errlore::pattern::Pattern::new(&*one.regex).facts(&other.signature);
        assert!(!facts.matches_ignoring_case && one.domain == other.domain);
    }
}
