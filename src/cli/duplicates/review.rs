//! `duplicates --review`: one raised pair after another, side by side, and a key for each answer.
//!
//! Every answer is in the file before the next pair is shown, so that the next run goes on where this one
//! ended, however it did.

use std::io::{self, BufRead, Read};

use chrono::NaiveDate;
use clap::Args;
use errlore::duplicates::{Decision, Label, Pair, Standing};
use errlore::{Error, Result, visible};

use super::super::{Status, print, width};
use super::decide::{contradictions, decision, in_words, places, record};
use super::known::{Known, against, announce};
use super::sides::sides;
use super::store::Store;
use super::words;

const QUESTION: &str = "[d]uplicate [v]ariant [r]elated [n]ot the same [s]kip [u]ndo [q]uit > ";
/// After the last pair, so that its answer can be taken back too.
const LAST_QUESTION: &str = "that was the last pair: [u]ndo [q]uit > ";
/// After the contradictions between two entries that are to be one.
const CONTRADICTIONS: &str = "they contradict each other: a merge has to keep one advice\n\
                              still one error? [y]es [n]o > ";
const DEFAULT_REASON: &str = "reviewed side by side";

#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Go through the pairs that are raised, one after another, and decide about each
    #[arg(long, conflicts_with_all = ["decide", "explain", "all_pairs"])]
    review: bool,
    /// Show neither the probability nor the evidence before a pair is decided
    #[arg(long, requires = "review")]
    blind: bool,
}

impl Arguments {
    pub(super) fn is_asked_for(&self) -> bool {
        self.review
    }
}

/// What was typed.
enum Answer {
    Decide(Label),
    Skip,
    Undo,
    Quit,
    Unknown(String),
}

/// What became of a pair.
enum Done {
    Decided(Decision),
    Skipped,
    /// Somebody else was quicker.
    Meanwhile,
}

struct Review<'k> {
    known: &'k Known,
    store: Store,
    pairs: Vec<Pair>,
    done: Vec<Done>,
    /// What was decided, before the review began, about pairs that are asked about all the same.
    before: Vec<Decision>,
    is_blind: bool,
    today: NaiveDate,
}

/// Goes through the pairs that are raised.
pub(super) fn run(
    known: &Known,
    threshold: f64,
    arguments: &Arguments,
    today: NaiveDate,
) -> Result<Status> {
    let is_blind = arguments.blind;
    let store = known.store();
    let (decisions, faults) = store.read()?;
    let standings = against(&known.base, &decisions, faults);
    announce(&standings.faults);
    let raised = known.curation(&standings, threshold, false, today)?.raised;
    let before =
        raised.iter().filter_map(|of| match standings.of(&known.base, of.pair.a, of.pair.b) {
            Standing::Decided(decision) => Some(decision.clone()),
            _ => None,
        });
    let before = before.collect();
    let mut pairs: Vec<Pair> = raised.into_iter().map(|of| of.pair).collect();
    if is_blind {
        // The place in the queue would tell the score too.
        let key = |pair: &Pair| {
            let both = [pair.a, pair.b].map(|entry| known.base.fingerprint(entry).to_string());
            both.map(|text| text.chars().rev().collect::<String>())
        };
        pairs.sort_by_cached_key(|pair| (key(pair), pair.a, pair.b));
    } else {
        pairs.sort_by(|one, other| {
            let (p, q) = (one.probability, other.probability);
            q.total_cmp(&p).then((one.a, one.b).cmp(&(other.a, other.b)))
        });
    }
    let review = Review { known, store, pairs, done: Vec::new(), before, is_blind, today };
    review.run(&mut io::stdin().lock())
}

impl Review<'_> {
    fn run(mut self, input: &mut impl BufRead) -> Result<Status> {
        let mut is_shown = false;
        if self.pairs.is_empty() {
            print("no pair is raised\n")?;
            return self.end();
        }
        loop {
            let pair = self.pairs.get(self.done.len());
            if let Some(pair) = pair.filter(|_| !is_shown) {
                if let Some(by) = self.is_decided(pair)? {
                    print(&format!("decided meanwhile: {}\n", in_words(&by)))?;
                    self.done.push(Done::Meanwhile);
                    continue;
                }
                print(&self.page(pair)?)?;
                is_shown = true;
            }
            print(if pair.is_some() { QUESTION } else { LAST_QUESTION })?;
            match (answer(input)?, pair) {
                (Answer::Decide(label), Some(pair)) => {
                    let mut decision = decision(self.known, pair.a, pair.b, label, "", self.today);
                    let contradictions = contradictions(self.known, &decision)?;
                    if !contradictions.is_empty() {
                        print(&words::contradictions(&contradictions, usize::MAX))?;
                        print(CONTRADICTIONS)?;
                        match line(input)?.map(|text| text.to_lowercase()).as_deref() {
                            Some("y" | "yes") => {}
                            Some(_) => continue,
                            None => break,
                        }
                    }
                    print(&format!("why [{DEFAULT_REASON}] > "))?;
                    let Some(reason) = line(input)? else { break };
                    decision.reason =
                        if reason.is_empty() { DEFAULT_REASON.to_owned() } else { reason };
                    decision.contradictions = places(contradictions);
                    let (decision, _) = record(self.known, &self.store, decision)?;
                    self.done.push(Done::Decided(decision));
                    is_shown = false;
                }
                (Answer::Skip, Some(_)) => {
                    self.done.push(Done::Skipped);
                    is_shown = false;
                }
                (Answer::Undo, _) => {
                    let text = self.undo()?;
                    print(&text)?;
                    is_shown = false;
                }
                (Answer::Quit, _) => break,
                (Answer::Unknown(text), Some(_)) => {
                    print(&format!("{} is no answer\n", visible::quote(&text)))?;
                }
                (_, None) => print("there is no pair left\n")?,
            }
        }
        self.end()
    }

    /// Goes back to the pair before, and takes what was decided about it out of the file.
    fn undo(&mut self) -> Result<String> {
        while let Some(done) = self.done.pop() {
            let decision = match done {
                Done::Meanwhile => continue,
                Done::Skipped => return Ok("back to the pair that was skipped\n".to_owned()),
                Done::Decided(decision) => decision,
            };
            let mut is_gone = false;
            self.store.change(|decisions| {
                is_gone = decisions.take_back(&decision);
                is_gone
            })?;
            return Ok(if is_gone {
                format!("taken back: {}\n", in_words(&decision))
            } else {
                "the decision is no longer in the file\n".to_owned()
            });
        }
        Ok("there is nothing to undo\n".to_owned())
    }

    /// A decision that holds for a pair, made since the review began.
    fn is_decided(&self, pair: &Pair) -> Result<Option<Decision>> {
        let (decisions, _) = self.store.read()?;
        let standings = against(&self.known.base, &decisions, Vec::new());
        Ok(match standings.of(&self.known.base, pair.a, pair.b) {
            Standing::Decided(decision) if !self.before.contains(decision) => {
                Some(decision.clone())
            }
            _ => None,
        })
    }

    /// A pair as it is shown.
    fn page(&self, pair: &Pair) -> Result<String> {
        /// For and against so many reasons are given.
        const REASONS: usize = 5;
        let base = &self.known.base;
        let (a, b) = (self.known.entry(pair.a)?, self.known.entry(pair.b)?);
        let mut out = format!(
            "\npair {} of {}\n{}",
            self.done.len() + 1,
            self.pairs.len(),
            sides(&a, &b, width())
        );
        if !self.is_blind {
            out += &words::pair(base, pair, REASONS);
            if pair.must_agree() {
                let contradictions = base.contradictions(&a, &b);
                out += &words::contradictions(&contradictions, words::MOST_CONTRADICTIONS);
            }
        }
        let (decisions, _) = self.store.read()?;
        let standings = against(base, &decisions, Vec::new());
        Ok(out + &words::notes(&words::standing(base, pair, standings.of(base, pair.a, pair.b))))
    }

    fn end(self) -> Result<Status> {
        let count = |is: fn(&Done) -> bool| self.done.iter().filter(|done| is(done)).count();
        let decided = count(|done| matches!(done, Done::Decided(_)));
        let meanwhile = count(|done| matches!(done, Done::Meanwhile));
        let left = self.pairs.len() - decided - meanwhile;
        print(&format!("\n{decided} decided, {left} left\n"))?;
        self.store.announce();
        Ok(match (self.known.has_failures, left) {
            (true, _) => Status::Failed,
            (false, 0) => Status::Clean,
            (false, _) => Status::Findings,
        })
    }
}

fn answer(input: &mut impl BufRead) -> Result<Answer> {
    let Some(text) = line(input)? else { return Ok(Answer::Quit) };
    Ok(match &*text.to_lowercase() {
        "d" | "duplicate" => Answer::Decide(Label::Duplicate),
        "v" | "variant" => Answer::Decide(Label::Variant),
        "r" | "related" => Answer::Decide(Label::Related),
        "n" | "not" | "distinct" => Answer::Decide(Label::Distinct),
        "s" | "skip" => Answer::Skip,
        "u" | "undo" => Answer::Undo,
        "q" | "quit" => Answer::Quit,
        _ => Answer::Unknown(text),
    })
}

/// A line that was typed, without blanks around it; nothing at the end of the input.
fn line(input: &mut impl BufRead) -> Result<Option<String>> {
    /// Nobody types a longer one, in bytes.
    const LONGEST: u64 = 64 << 10;
    let mut bytes = Vec::new();
    let read = input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes);
    read.map_err(|error| Error::io(format!("cannot read standard input: {error}")))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok((!bytes.is_empty()).then(|| text.trim().to_owned()))
}
