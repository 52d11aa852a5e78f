//! How slow a pattern can get in a backtracking engine, such as those of Python, JavaScript, Java and
//! PCRE2.
//!
//! Such an engine tries one way through the pattern after the other. On a line that is not found it tries
//! them all, and their number grows with the line: linearly, polynomially or exponentially. The growth
//! is read off an automaton in which each way counts ([`automaton`], [`ambiguity`]). From there comes a
//! kind of line on which the growth shows ([`Attack`]), and on which a backtracking matcher of our own
//! counts its steps ([`backtrack`], [`growth`]). A growth worse than that of the square is given only if
//! the count bears it out.
//!
//! The search is unanchored, so that `a.*b` is quadratic: it begins at each `a`, and goes on to the end
//! of the line from each. Lines hold no line feed. What a repetition with an end costs, as in `.{0,200}`,
//! does not count as growth, but it counts as steps.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use super::{Case, Pattern};

mod ambiguity;
mod attack;
mod automaton;
mod backtrack;
mod components;
mod growth;
mod letters;
mod pieces;

pub use attack::{Attack, Pump};

use ambiguity::{Chain, Doubling, Search, logarithm};
use automaton::Automaton;
use backtrack::Program;
use pieces::Pieces;

/// The length of the line on which steps are told, in characters.
pub const LINE: usize = 2_000;

/// From so many steps on, a search is slow: it takes about 2 s in Python's `re`, which is told below.
///
/// Python 3.11, ignoring case, was run on the attack lines of 230 real patterns: it took from 3.0 to 6.5 ns
/// for each step in nine of ten, 4.1 ns in the median, with steps from 10^7 to 5·10^9. With case it is
/// up to three times as fast, because it then looks for the letter after a `.*` in a tight loop.
pub const SLOW: u64 = 450_000_000;

/// How the steps of a search grow with the length of a line that is not found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Growth {
    /// With the length.
    Linear,
    /// With a power of the length, from the square on.
    Polynomial(u32),
    /// They multiply with each repetition.
    Exponential,
    /// Not known, and why.
    Undecided(String),
}

/// What a search for a pattern can cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// How the steps grow.
    pub growth: Growth,
    /// Lines on which they do, unless they grow linearly.
    pub attack: Option<Attack>,
    /// The loops to blame, in bytes of the pattern, in order.
    pub loops: Vec<Range<usize>>,
    /// How many steps a search takes on the attack line of [`LINE`] characters, at least; counted for
    /// growth beyond the square that is not exponential.
    pub steps: Option<u64>,
}

impl Cost {
    fn undecided(reason: String) -> Self {
        let growth = Growth::Undecided(reason);
        Self { growth, attack: None, loops: Vec::new(), steps: None }
    }
}

impl Pattern {
    /// What a search for the pattern can cost, letters of both cases being the same or not.
    pub fn cost(&self, case: Case) -> Cost {
        let (length, most) = (self.text().len(), super::MAX_LENGTH);
        if length > most {
            return Cost::undecided(format!("the pattern has {length} bytes, more than {most}"));
        }
        analyse(self, case).unwrap_or_else(Cost::undecided)
    }
}

fn analyse(pattern: &Pattern, case: Case) -> Result<Cost, String> {
    let pattern = Pieces::new(pattern, case)?;
    let program = Program::new(&pattern);
    let relaxed = Automaton::new(&pattern, true)?;
    let mut judge = Judge::new(&pattern, &relaxed);
    if let Some((attack, loops)) = judge.exponential(&program)? {
        let growth = Growth::Exponential;
        return Ok(Cost { growth, attack: Some(attack), loops, steps: None });
    }
    let Some(worst) = judge.polynomial(&program)? else {
        let growth = Growth::Linear;
        return Ok(Cost { growth, attack: None, loops: Vec::new(), steps: None });
    };
    let states: Vec<u32> = worst.chain.iter().map(|link| link.to).collect();
    let loops = judge.blamed(&states);
    let mut degree = worst.degree;
    if relaxed.relaxed {
        let strict = Automaton::new(&pattern, false)?;
        let strict = Judge::new(&pattern, &strict).polynomial(&program)?;
        degree = strict.map_or(1, |strict| strict.degree);
    }
    let growth = match degree {
        0 | 1 => Growth::Linear,
        _ => Growth::Polynomial(u32::try_from(degree).unwrap_or(u32::MAX)),
    };
    Ok(Cost { growth, attack: Some(worst.attack), loops, steps: worst.steps })
}

/// The lines on which a search takes longest.
struct Worst {
    /// The power with which steps grow.
    degree: usize,
    chain: Chain,
    attack: Attack,
    /// How many there are on a line of [`LINE`] characters, if they grow faster than with the square.
    steps: Option<u64>,
}

/// Ranges of the pattern.
type Loops = Vec<Range<usize>>;

/// What is asked of an automaton.
struct Judge<'a> {
    pattern: &'a Pieces,
    automaton: &'a Automaton,
    search: Search<'a>,
}

impl<'a> Judge<'a> {
    fn new(pattern: &'a Pieces, automaton: &'a Automaton) -> Self {
        let search = Search::new(automaton, &pattern.alphabet);
        Self { pattern, automaton, search }
    }

    /// Lines on which the steps multiply, and the loop to blame.
    fn exponential(&mut self, program: &Program<'_>) -> Result<Option<(Attack, Loops)>, String> {
        for doubling in self.search.doublings()? {
            if let Some(attack) = self.doubling(&doubling)?
                && growth::explodes(program, &attack)
            {
                return Ok(Some((attack, self.blamed(&[doubling.state]))));
            }
        }
        Ok(None)
    }

    /// The lines with which steps grow fastest, and of those on which they are most.
    fn polynomial(&mut self, program: &Program<'_>) -> Result<Option<Worst>, String> {
        /// How many kinds of lines with so many links are tried.
        const TRIED: usize = 4;
        let mut chains = self.search.chains()?;
        chains.sort_by(|a, b| b.len().cmp(&a.len()).then(estimate(b).total_cmp(&estimate(a))));
        let most = chains.iter().map(estimate).fold(0.0, f64::max);
        let mut tried = BTreeMap::new();
        let mut worst: Option<Worst> = None;
        for chain in chains {
            // Where the words are long, fewer loops can do more on a line that is not very long.
            let better = worst.as_ref().is_none_or(|worst| {
                chain.len() >= 2 && estimate(&chain) == most && estimate(&worst.chain) < most
            });
            let tried = tried.entry(chain.len()).or_insert(0);
            if !better || *tried >= TRIED {
                continue;
            }
            *tried += 1;
            let Some(found) =
                self.lines(&chain)?.and_then(|lines| self.count(program, chain, lines))
            else {
                continue;
            };
            worst = match worst {
                None => Some(found),
                Some(old) if old.steps >= found.steps => Some(old),
                Some(old) => Some(Worst { degree: old.degree, ..found }),
            };
        }
        Ok(worst)
    }

    /// Counts the steps on some lines, if they grow faster than with the square; `None` if they do not
    /// grow as they should.
    fn count(&self, program: &Program<'_>, chain: Chain, attack: Attack) -> Option<Worst> {
        let degree = chain.len() + 1;
        if degree < 3 {
            let is_found = self.finds(&attack.line(LINE / 8));
            return (!is_found).then_some(Worst { degree, chain, attack, steps: None });
        }
        let (attack, steps) = if self.automaton.relaxed {
            growth::bounded(program, &attack, LINE)?
        } else {
            growth::polynomial(program, &attack, degree, LINE)?
        };
        Some(Worst { degree, chain, attack, steps: Some(steps) })
    }

    fn finds(&self, line: &str) -> bool {
        let letters: Vec<u8> = line.chars().map(|c| self.pattern.alphabet.letter(c)).collect();
        self.automaton.finds(self.pattern, &letters)
    }

    /// The loops that hold some states, from the pattern's text.
    fn blamed(&self, states: &[u32]) -> Loops {
        let mut loops: Loops = Vec::new();
        for &state in states {
            let component = self.search.components.of[state as usize];
            let Some(members) = self.search.components.members.get(component as usize) else {
                continue;
            };
            let places =
                || members.iter().filter_map(|&state| self.automaton.states[state as usize].place);
            let (Some(first), Some(last)) = (places().min(), places().max()) else { continue };
            let around = self
                .automaton
                .loops
                .iter()
                .filter(|(_, places)| places.contains(&first) && places.contains(&last));
            let smallest = around.min_by_key(|(_, places)| places.len());
            loops.extend(smallest.map(|(span, _)| span.clone()));
        }
        loops.sort_by_key(|span| (span.start, span.end));
        loops.dedup();
        loops
    }

    fn text(&self, word: &[u8]) -> String {
        word.iter().map(|&letter| self.pattern.alphabet.char(letter)).collect()
    }

    /// Lines that lead through a loop in many ways and are not found, if there are such.
    fn doubling(&mut self, doubling: &Doubling) -> Result<Option<Attack>, String> {
        let prefix = self.search.prefix(doubling.state)?;
        let mut line = prefix.clone();
        for _ in 0..3 {
            line.extend(&doubling.word);
        }
        let pump = Pump { text: self.text(&doubling.word), weight: 1, then: String::new() };
        let prefix = self.text(&prefix);
        let suffix = self.suffix(&line).map(|suffix| self.text(&suffix));
        Ok(suffix.map(|suffix| Attack { prefix, pumps: vec![pump], suffix }))
    }

    /// What can stand behind a line so that it is not found.
    fn suffix(&self, line: &[u8]) -> Option<Vec<u8>> {
        let alphabet = &self.pattern.alphabet;
        let letters: Vec<u8> = alphabet.all().iter().collect();
        let suffixes = [vec![]].into_iter().chain(letters.iter().map(|&letter| vec![letter]));
        suffixes.into_iter().find(|suffix| {
            let whole: Vec<u8> = line.iter().chain(suffix).copied().collect();
            !self.automaton.finds(self.pattern, &whole)
        })
    }

    /// Lines that lead through the loops of a chain and are not found, if there are such.
    fn lines(&mut self, chain: &Chain) -> Result<Option<Attack>, String> {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return Ok(None) };
        let mut line = self.search.prefix(first.from)?;
        let mut attack = Attack { prefix: self.text(&line), ..Attack::default() };
        let letters: usize = chain.iter().map(|link| link.word.len()).sum();
        let mean = letters.div_ceil(chain.len());
        for (index, link) in chain.iter().enumerate() {
            let then = match chain.get(index + 1) {
                Some(next) if next.from != link.to => self.search.path(link.to, next.from)?,
                _ => None,
            };
            let then = then.unwrap_or_default();
            line.extend(link.word.repeat(2).iter().chain(&then));
            let weight = (mean / link.word.len().max(1)).clamp(1, 4);
            let (text, then) = (self.text(&link.word), self.text(&then));
            attack.pumps.push(Pump { text, weight, then });
        }
        // The last loop runs over what is none of the words; best over what looks like the way on.
        for filler in self.fillers(last.to)? {
            let mut whole = line.clone();
            whole.extend(filler.repeat(3));
            if let Some(suffix) = self.suffix(&whole) {
                let weight = (mean / filler.len().max(1)).clamp(1, 16);
                let text = self.text(&filler);
                attack.pumps.push(Pump { text, weight, then: String::new() });
                attack.suffix = self.text(&suffix);
                return Ok(Some(attack));
            }
        }
        Ok(None)
    }

    /// Words that stay in the loop of a state: letters that also lead on, and any.
    fn fillers(&mut self, state: u32) -> Result<Vec<Vec<u8>>, String> {
        let own = &self.automaton.states[state as usize];
        let mut fillers: Vec<Vec<u8>> = Vec::new();
        if own.next.contains(&state) {
            for &next in own.next.iter().filter(|&&next| next != state) {
                let both = own.letters.and(&self.automaton.states[next as usize].letters);
                let letter = self.pattern.alphabet.best(both);
                fillers.extend(letter.map(|letter| vec![letter]));
            }
            fillers.truncate(4);
        }
        fillers.extend(self.search.path(state, state)?);
        Ok(fillers)
    }
}

/// About how many steps a chain makes on a line of [`LINE`] characters, as a logarithm.
fn estimate(chain: &Chain) -> f64 {
    let blocks = chain.len() + 1;
    let each = logarithm(LINE / blocks);
    let words: f64 = chain.iter().map(|link| logarithm(link.word.len())).sum();
    each * f64::from(u32::try_from(blocks).unwrap_or(u32::MAX)) - words
}

#[cfg(test)]
mod tests;
