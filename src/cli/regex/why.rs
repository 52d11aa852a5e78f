//! `regex --why`: why a pattern does not find a message, and a better one.

use std::io::{self, Read};

use errlore::config::Case;
use errlore::corpus::Card;
use errlore::entry::EntryId;
use errlore::pattern::{Engine, Lookup, Repair, Request, Signatures, Why, nearest};
use errlore::{Error, Result, suggest, visible};
use serde::Serialize;

use super::super::known::{Known, known};
use super::super::named::{decided, survivor};
use super::super::output::{Format, Target, json, only};
use super::super::{Global, Status, print, print_plain};

mod show;

/// More of a message is not read, in bytes.
const LONGEST: u64 = 1 << 20;
/// How many entries are shown that nearly answer.
const SHOWN: usize = 3;

/// What is told of one entry.
struct Told<'k> {
    card: &'k Card,
    why: Why,
    /// How many characters of the message the pattern spells out, if it finds the message.
    score: usize,
    repairs: Vec<Repair>,
}

pub(super) fn run(
    global: &Global,
    message: &str,
    id: Option<&str>,
    formats: &[Target],
) -> Result<Status> {
    let is_json = only(formats, &[Format::Text, Format::Json], "an explanation")? == Format::Json;
    let message = text(message)?;
    if message.trim().is_empty() {
        return Err(Error::config("the message is empty").with_help("quote what the user sees"));
    }
    let known = known(global)?;
    if known.cards.is_empty() {
        return Err(Error::no_input("there are no entries to hold the message against"));
    }
    let told = match id {
        Some(id) => vec![told(&known, card(&known, id)?, &message)],
        None => near(&known, &message),
    };
    if is_json {
        print_plain(&json(&as_json(&message, &told))?)?;
    } else {
        print(&show::text(&message, &told, known.config.regex.case))?;
    }
    Ok(match (known.has_failures, told.iter().any(|told| told.why.matches)) {
        (true, _) => Status::Failed,
        (false, true) => Status::Clean,
        (false, false) => Status::Findings,
    })
}

/// The message: the argument, or what comes from standard input, without the line end behind it. What is
/// not UTF-8 is replaced.
fn text(argument: &str) -> Result<String> {
    if argument != "-" {
        return Ok(argument.to_owned());
    }
    let mut bytes = Vec::new();
    let mut stdin = io::stdin().lock();
    let mut read = |most: u64, into: &mut Vec<u8>| {
        stdin
            .by_ref()
            .take(most)
            .read_to_end(into)
            .map_err(|error| Error::io(format!("cannot read standard input: {error}")))
    };
    read(LONGEST, &mut bytes)?;
    if read(1, &mut Vec::new())? > 0 {
        eprintln!("the message has more than {} kB: it is looked at up to there", LONGEST >> 10);
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The entry of an id, or of a former one.
fn card<'k>(known: &'k Known, id: &str) -> Result<&'k Card> {
    let wanted = EntryId::new(id);
    let found = known.cards.iter().find(|card| card.id == wanted);
    let found = found.or_else(|| known.cards.iter().find(|card| card.aliases.contains(&wanted)));
    found.ok_or_else(|| {
        let error = Error::no_input(format!("no entry is called {}", visible::quote(id)));
        if let Some(survivor) = survivor(&wanted, known.cards.iter(), &known.root) {
            return error.with_help(decided(&survivor));
        }
        let ids = known.cards.iter().map(|card| card.id.as_str());
        match suggest::did_you_begin(id, ids) {
            Some(guess) => error.with_help(format!("did you mean {}?", visible::quote(guess))),
            None => error.with_help("without an id, the entries that nearly answer are shown"),
        }
    })
}

/// The entries that answer; if none does, those that nearly do.
fn near<'k>(known: &'k Known, message: &str) -> Vec<Told<'k>> {
    /// So many are tried of those that share words with the message.
    const TRIED: usize = 12;
    let cards: Vec<&Card> = known.cards.iter().filter(|card| !card.pattern.is_empty()).collect();
    let patterns = cards.iter().map(|card| &card.pattern).collect();
    let hits = Lookup::new(patterns, known.config.regex.case).find(message);
    if !hits.is_empty() {
        let of = |hit: &errlore::pattern::Hit| Told {
            card: cards[hit.pattern],
            why: cards[hit.pattern].pattern.why(message, known.config.regex.case),
            score: hit.score,
            repairs: Vec::new(),
        };
        return hits.iter().take(SHOWN).map(of).collect();
    }
    let texts = cards.iter().enumerate().flat_map(|(number, card)| {
        let messages = card.messages.iter().map(String::as_str);
        messages.chain([card.pattern.text()]).map(move |text| (number, text))
    });
    let tried = nearest(message, texts, TRIED).into_iter().enumerate();
    let mut tried: Vec<(usize, &Card, Why)> = tried
        .map(|(rank, number)| {
            let card = cards[number];
            (rank, card, card.pattern.why(message, known.config.regex.case))
        })
        .collect();
    tried.sort_by_key(|(rank, _, why)| {
        let length = why.matched.as_ref().map_or(0, std::ops::Range::len);
        let far = if why.near.is_empty() { usize::MAX - length } else { 0 };
        (far, *rank)
    });
    tried.retain(|(_, _, why)| why.matched.is_some() || !why.near.is_empty());
    tried.truncate(SHOWN);
    tried.into_iter().map(|(_, card, why)| with_repairs(known, card, message, why)).collect()
}

fn told<'k>(known: &'k Known, card: &'k Card, message: &str) -> Told<'k> {
    let case = known.config.regex.case;
    if card.pattern.is_empty() {
        let unknown = Some("the entry has no pattern".to_owned());
        return with_repairs(known, card, message, Why { unknown, ..Why::default() });
    }
    let why = card.pattern.why(message, case);
    if why.matches {
        let score = card.pattern.specificity(message, case);
        return Told { card, why, score, repairs: Vec::new() };
    }
    with_repairs(known, card, message, why)
}

fn with_repairs<'k>(known: &'k Known, card: &'k Card, message: &str, why: Why) -> Told<'k> {
    let all = known
        .cards
        .iter()
        // The same error in another environment may well be found too.
        .filter(|other| !other.id.is_variant_of(&card.id))
        .flat_map(|card| card.messages.iter().map(|message| (card.id.as_str(), message.as_str())));
    let signatures: Signatures<'_> = all.collect();
    let own = card.messages.iter().map(String::as_str);
    let messages: Vec<&str> = own.filter(|text| !text.trim().is_empty()).chain([message]).collect();
    let counterexamples: Vec<&str> = card.counterexamples.iter().map(String::as_str).collect();
    let engines: Vec<Engine> =
        known.config.regex.engines.iter().filter_map(|name| name.parse().ok()).collect();
    let repairs = signatures.repairs(&Request {
        id: card.id.as_str(),
        pattern: &card.pattern,
        messages: &messages,
        counterexamples: &counterexamples,
        case: known.config.regex.case,
        engines: &engines,
    });
    Told { card, why, score: 0, repairs }
}

/// An answer, as programs read it. Ranges are bytes.
#[derive(Serialize)]
struct Answer<'a> {
    message: &'a str,
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    pattern: &'a str,
    matches: bool,
    matched: Option<[usize; 2]>,
    failed: Option<Failed>,
    unknown: Option<&'a str>,
    window: Option<[usize; 2]>,
    near: Vec<Near<'a>>,
    proposals: Vec<Proposal<'a>>,
}

#[derive(Serialize)]
struct Failed {
    pattern: [usize; 2],
    at: usize,
}

#[derive(Serialize)]
struct Near<'a> {
    kind: errlore::pattern::MissKind,
    pattern: [usize; 2],
    message: [usize; 2],
    explanation: &'a str,
    /// The pattern with this relaxed, and whatever else has the same text here: it finds the message.
    relaxed: &'a str,
}

#[derive(Serialize)]
struct Proposal<'a> {
    pattern: &'a str,
    score: usize,
    origin: errlore::pattern::Origin,
    also_finds: &'a [String],
}

fn as_json<'a>(message: &'a str, told: &'a [Told<'_>]) -> Answer<'a> {
    let pair = |range: &std::ops::Range<usize>| [range.start, range.end];
    let entry = |told: &'a Told<'_>| {
        let why = &told.why;
        let at = why.matched.as_ref().map_or(0, |matched| matched.end);
        let near = why.near.iter().flat_map(|relaxation| {
            relaxation.misses.iter().map(|miss| Near {
                kind: miss.kind,
                pattern: pair(&miss.pattern),
                message: pair(&miss.message),
                explanation: &miss.explanation,
                relaxed: &relaxation.pattern,
            })
        });
        let proposals = told.repairs.iter().map(|repair| Proposal {
            pattern: &repair.pattern,
            score: repair.score,
            origin: repair.origin,
            also_finds: &repair.also_finds,
        });
        Entry {
            id: told.card.id.as_str(),
            pattern: told.card.pattern.text(),
            matches: why.matches,
            matched: why.matched.as_ref().map(pair),
            failed: why.failed.as_ref().map(|piece| Failed { pattern: pair(piece), at }),
            unknown: why.unknown.as_deref(),
            window: why.window.as_ref().map(pair),
            near: near.collect(),
            proposals: proposals.collect(),
        }
    };
    Answer { message, entries: told.iter().map(entry).collect() }
}

/// How case counts, in words.
fn in_words(case: Case) -> &'static str {
    match case {
        Case::Insensitive => "case is ignored",
        Case::Sensitive => "case counts",
    }
}
