//! Where the ways through an automaton multiply.
//!
//! A place that a word leads back to in two ways doubles the ways with each word (exponential
//! ambiguity). Two loops such that one word stays in the first, leads from the first to the second, and
//! stays in the second add a factor of the length; the longest chain of such pairs is the degree of
//! the polynomial. Weber & Seidl, "On the degree of ambiguity of finite automata" (1991); Allauzen, Mohri &
//! Rastogi, "General algorithms for testing the ambiguity of finite automata" (2008); for backtracking
//! matchers Weideman, van der Merwe, Berglund & Watson (2016). Searches go over pairs and triples of
//! states, backwards, so that alternatives are not gone through for each other; their work is counted.

use std::collections::{HashMap, VecDeque};

use super::automaton::{Automaton, START};
use super::components::{Components, NONE};
use super::letters::{Alphabet, Letters};

/// The steps of one analysis, some nanoseconds each.
const MOST_WORK: u64 = 4_000_000;

/// The longest chain that is sought; a longer one is as bad.
const MOST_LINKS: usize = 24;

/// Two ways from a state to itself.
#[derive(Clone, Debug)]
pub(super) struct Doubling {
    pub(super) state: u32,
    /// The letters of both.
    pub(super) word: Vec<u8>,
}

/// A word that stays in one loop, leads to another, and stays there.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) word: Vec<u8>,
}

/// Links, each of which begins in a loop that the one before leads to.
pub(super) type Chain = Vec<Link>;

/// An analysis under way.
pub(super) struct Search<'a> {
    automaton: &'a Automaton,
    alphabet: &'a Alphabet,
    pub(super) components: Components,
    work: u64,
}

impl<'a> Search<'a> {
    pub(super) fn new(automaton: &'a Automaton, alphabet: &'a Alphabet) -> Self {
        Self { automaton, alphabet, components: Components::new(automaton), work: 0 }
    }

    fn spend(&mut self, work: usize) -> Result<(), String> {
        self.work = self.work.saturating_add(work as u64);
        if self.work > MOST_WORK {
            return Err("its loops are too many or too large to compare".into());
        }
        Ok(())
    }

    fn letters(&self, state: u32) -> &Letters {
        &self.automaton.states[state as usize].letters
    }

    fn best(&self, letters: Letters) -> u8 {
        self.alphabet.best(letters).unwrap_or_default()
    }

    /// The states before one that are in a component.
    fn before(&self, state: u32, component: u32) -> impl Iterator<Item = u32> {
        let before = self.automaton.states[state as usize].before.iter().copied();
        before.filter(move |&state| self.components.of[state as usize] == component)
    }

    /// A shortest word from one state to another, of one letter at least.
    pub(super) fn path(&mut self, from: u32, to: u32) -> Result<Option<Vec<u8>>, String> {
        let mut known: HashMap<u32, u32> = HashMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(state) = queue.pop_front() {
            let automaton = self.automaton;
            let next = &automaton.states[state as usize].next;
            self.spend(next.len())?;
            for &next in next {
                let usable = !automaton.states[next as usize].found;
                if !usable || known.contains_key(&next) {
                    continue;
                }
                known.insert(next, state);
                if next == to {
                    let mut word = Vec::new();
                    let mut at = to;
                    loop {
                        word.push(self.best(*self.letters(at)));
                        at = known[&at];
                        if at == from {
                            word.reverse();
                            return Ok(Some(word));
                        }
                    }
                }
                queue.push_back(next);
            }
        }
        Ok(None)
    }

    /// A shortest word that leads to a state from the start.
    pub(super) fn prefix(&mut self, to: u32) -> Result<Vec<u8>, String> {
        // What the search for a beginning takes is left out: the pumps are that.
        let searches = |state: u32| self.automaton.states[state as usize].place.is_none();
        if searches(to) {
            return Ok(Vec::new());
        }
        Ok(self.path(START, to)?.unwrap_or_default())
    }

    /// For each component that a word leads through in two ways, the shortest such.
    pub(super) fn doublings(&mut self) -> Result<Vec<Doubling>, String> {
        let mut found = Vec::new();
        for component in 0..self.components.members.len() {
            found.extend(self.doubling(component)?);
        }
        Ok(found)
    }

    fn doubling(&mut self, component: usize) -> Result<Option<Doubling>, String> {
        let number = u32::try_from(component).unwrap_or(NONE);
        let members = self.components.members[component].clone();
        for &from in &members {
            let mut next = self.automaton.states[from as usize].next.clone();
            self.spend(next.len())?;
            next.sort_unstable();
            let is_inside = |state: u32| self.components.of[state as usize] == number;
            let double = next.windows(2).find(|two| two[0] == two[1] && is_inside(two[0]));
            if let Some(&[to, _]) = double {
                let mut word = vec![self.best(*self.letters(to))];
                if to != from {
                    word.extend(self.path(to, from)?.unwrap_or_default());
                }
                return Ok(Some(Doubling { state: from, word }));
            }
        }
        if members.len() < 2 {
            return Ok(None);
        }
        self.doubling_of_pairs(&members, number)
    }

    /// Over pairs of states: a pair of two that is on a way from a state, taken twice, to itself.
    fn doubling_of_pairs(
        &mut self,
        members: &[u32],
        number: u32,
    ) -> Result<Option<Doubling>, String> {
        /// Pairs of more states would take too much memory.
        const MOST: usize = 1_000;
        const FAR: u32 = u32::MAX;
        let size = members.len();
        if size > MOST {
            return Err("a loop takes too many characters".into());
        }
        self.spend(size * size)?;
        let index: HashMap<u32, usize> =
            members.iter().enumerate().map(|(index, &state)| (state, index)).collect();
        let inside = |states: &[u32]| -> Vec<usize> {
            states.iter().filter_map(|state| index.get(state).copied()).collect()
        };
        let states = &self.automaton.states;
        let next: Vec<Vec<usize>> =
            members.iter().map(|&state| inside(&states[state as usize].next)).collect();
        let before: Vec<Vec<usize>> =
            members.iter().map(|&state| inside(&states[state as usize].before)).collect();
        let letters: Vec<Letters> = members.iter().map(|&state| *self.letters(state)).collect();
        debug_assert!(members.iter().all(|&state| self.components.of[state as usize] == number));
        let pair = |a: usize, b: usize| if a <= b { a * size + b } else { b * size + a };

        // Each pair that can be reached from the first state twice, and the pair before it; then those
        // that lead back, and the pair after.
        let (mut came, mut goes) = (vec![FAR; size * size], vec![FAR; size * size]);
        let mut queue = VecDeque::from([(0, 0)]);
        let mut order = Vec::new();
        while let Some((a, b)) = queue.pop_front() {
            self.spend(next[a].len() * next[b].len())?;
            for &to_a in &next[a] {
                for &to_b in &next[b] {
                    let to = pair(to_a, to_b);
                    if came[to] == FAR && !letters[to_a].and(&letters[to_b]).is_empty() {
                        came[to] = u32::try_from(pair(a, b)).unwrap_or(FAR);
                        order.push(to);
                        queue.push_back((to / size, to % size));
                    }
                }
            }
        }
        queue.push_back((0, 0));
        while let Some((a, b)) = queue.pop_front() {
            if letters[a].and(&letters[b]).is_empty() {
                continue;
            }
            self.spend(before[a].len() * before[b].len())?;
            for &from_a in &before[a] {
                for &from_b in &before[b] {
                    let from = pair(from_a, from_b);
                    if goes[from] == FAR {
                        goes[from] = u32::try_from(pair(a, b)).unwrap_or(FAR);
                        queue.push_back((from / size, from % size));
                    }
                }
            }
        }
        let two = |pair: usize| pair / size != pair % size;
        let found = order.into_iter().find(|&pair| two(pair) && goes[pair] != FAR);
        let Some(found) = found else { return Ok(None) };
        let letter = |pair: usize| letters[pair / size].and(&letters[pair % size]);
        let mut word = Vec::new();
        let mut at = found;
        while at != 0 {
            word.push(self.best(letter(at)));
            at = came[at] as usize;
        }
        word.reverse();
        at = found;
        while at != 0 {
            at = goes[at] as usize;
            word.push(self.best(letter(at)));
        }
        Ok(Some(Doubling { state: members[0], word }))
    }

    /// The word of a link from one component to another, if there is one.
    fn link(&mut self, first: u32, second: u32) -> Result<Option<Link>, String> {
        let members = &self.components.members;
        let (from, to) = (members[first as usize].clone(), members[second as usize].clone());
        let mut shortest: Option<Link> = None;
        for &from in &from {
            for &to in &to {
                let link = self.link_of(from, to, first, second)?;
                if let Some(link) = link
                    && shortest.as_ref().is_none_or(|old| link.word.len() < old.word.len())
                {
                    shortest = Some(link);
                }
            }
        }
        shortest.map(|link| self.shorten(link)).transpose()
    }

    /// Leaves out the last letter where twice the rest is a link as well: after `a`, the loop of `a.*`
    /// need not take a letter within the word.
    fn shorten(&mut self, link: Link) -> Result<Link, String> {
        let Link { from, to, word } = &link;
        let Some((_, rest)) = word.split_last() else { return Ok(link) };
        let twice = [rest, rest].concat();
        for (from, to) in [(*from, *from), (*from, *to), (*to, *to)] {
            if twice.is_empty() || !self.leads(from, to, &twice)? {
                return Ok(link);
            }
        }
        Ok(Link { word: rest.to_vec(), ..link })
    }

    /// Whether a word leads from one state to another.
    fn leads(&mut self, from: u32, to: u32, word: &[u8]) -> Result<bool, String> {
        let mut now = vec![from];
        for &letter in word {
            let mut after = Vec::new();
            for state in now {
                let automaton = self.automaton;
                let next = &automaton.states[state as usize].next;
                self.spend(next.len())?;
                after.extend(next.iter().copied().filter(|&next| {
                    let state = &automaton.states[next as usize];
                    !state.found && state.letters.has(letter)
                }));
            }
            after.sort_unstable();
            after.dedup();
            now = after;
        }
        Ok(now.binary_search(&to).is_ok())
    }

    /// Over triples of states, backwards from (p, q, q) to (p, p, q).
    fn link_of(&mut self, p: u32, q: u32, first: u32, second: u32) -> Result<Option<Link>, String> {
        let mut after: HashMap<[u32; 3], ([u32; 3], Letters)> = HashMap::new();
        let mut queue = VecDeque::from([[p, q, q]]);
        while let Some(now) = queue.pop_front() {
            let [in_first, on_way, in_second] = now;
            let letters = self.letters(in_first).and(self.letters(on_way));
            let letters = letters.and(self.letters(in_second));
            self.spend(1)?;
            if letters.is_empty() {
                continue;
            }
            let froms: Vec<u32> = self.before(in_first, first).collect();
            let tos: Vec<u32> = self.before(in_second, second).collect();
            let automaton = self.automaton;
            let between = &automaton.states[on_way as usize].before;
            self.spend(froms.len() * between.len() * tos.len())?;
            for &from in &froms {
                for &middle in between {
                    if automaton.states[middle as usize].found {
                        continue;
                    }
                    for &to in &tos {
                        let triple = [from, middle, to];
                        if after.contains_key(&triple) {
                            continue;
                        }
                        after.insert(triple, (now, letters));
                        if triple == [p, p, q] {
                            return Ok(Some(self.spell(&after, p, q)));
                        }
                        queue.push_back(triple);
                    }
                }
            }
        }
        Ok(None)
    }

    fn spell(&self, after: &HashMap<[u32; 3], ([u32; 3], Letters)>, p: u32, q: u32) -> Link {
        let mut word = Vec::new();
        let mut at = [p, p, q];
        while at != [p, q, q] {
            let (next, letters) = after[&at];
            word.push(self.best(letters));
            at = next;
        }
        Link { from: p, to: q, word }
    }

    /// For each component and number of links, the chain that ends there and whose words are shortest.
    pub(super) fn chains(&mut self) -> Result<Vec<Chain>, String> {
        let count = self.components.members.len();
        let mut best: Vec<Vec<Option<Step>>> = vec![Vec::new(); count];
        // Those that lead to a component come after it in the list.
        for component in (0..count).rev() {
            let mut own = vec![None; MOST_LINKS + 1];
            own[0] = Some(Step { length: 0.0, from: None, link: None });
            for other in self.leading_to(component)? {
                let number = u32::try_from(component).unwrap_or(NONE);
                let link = self.link(other, number)?;
                for (links, step) in best[other as usize].iter().enumerate() {
                    let Some(step) = step else { continue };
                    let from = Some((other, links));
                    if links > 0 {
                        let pass = Step { length: step.length, from, link: None };
                        shorten(&mut own[links], pass);
                    }
                    if let (Some(link), true) = (&link, links < MOST_LINKS) {
                        let length = step.length + logarithm(link.word.len());
                        let link = Some(link.clone());
                        shorten(&mut own[links + 1], Step { length, from, link });
                    }
                }
            }
            best[component] = own;
        }
        let mut chains = Vec::new();
        // What stands early in the pattern first: less can be found on the way there.
        for component in (0..count).rev() {
            for links in 1..=MOST_LINKS {
                let ends = best[component][links].as_ref().filter(|step| step.link.is_some());
                if ends.is_some() {
                    chains.push(follow(&best, component, links));
                }
            }
        }
        Ok(chains)
    }

    /// The other components from which a component can be reached.
    fn leading_to(&mut self, component: usize) -> Result<Vec<u32>, String> {
        let mut seen = vec![false; self.automaton.states.len()];
        let mut stack = self.components.members[component].clone();
        let mut others = Vec::new();
        while let Some(state) = stack.pop() {
            let automaton = self.automaton;
            let before = &automaton.states[state as usize].before;
            self.spend(before.len())?;
            for &from in before {
                if !automaton.states[from as usize].found && !seen[from as usize] {
                    seen[from as usize] = true;
                    stack.push(from);
                    let of = self.components.of[from as usize];
                    if of != NONE && of as usize != component && !others.contains(&of) {
                        others.push(of);
                    }
                }
            }
        }
        others.sort_unstable();
        Ok(others)
    }
}

/// The last step of a chain.
#[derive(Clone, Debug)]
struct Step {
    /// The sum of the logarithms of the lengths of the words.
    length: f64,
    /// The component and the number of links before.
    from: Option<(u32, usize)>,
    link: Option<Link>,
}

fn shorten(old: &mut Option<Step>, new: Step) {
    if old.as_ref().is_none_or(|old| new.length < old.length) {
        *old = Some(new);
    }
}

fn follow(best: &[Vec<Option<Step>>], component: usize, links: usize) -> Chain {
    let mut chain = Vec::new();
    let mut at = Some((component, links));
    while let Some((component, links)) = at {
        let Some(step) = &best[component][links] else { break };
        chain.extend(step.link.clone());
        at = step.from.map(|(component, links)| (component as usize, links));
    }
    chain.reverse();
    chain
}

#[allow(clippy::cast_precision_loss, reason = "words are short")]
pub(super) fn logarithm(length: usize) -> f64 {
    (length.max(1) as f64).ln()
}
