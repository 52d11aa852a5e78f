//! Conflicts as text: markers of the usual kind around the lines that differ.
//!
//! The canonical texts with ours, the base and theirs chosen in every conflict are walked side by side,
//! along the tree of the merge. Lines that are the same in all stand once. So a text in which one side is
//! chosen everywhere is the canonical text of that choice, commas included.

use crate::canonical::canonical;
use crate::json::{self, Kind, Value};
use crate::visible;

use super::node::Node;
use super::{Merged, Side};

/// How conflicts are marked.
#[derive(Clone, Debug)]
pub struct Markers {
    /// How often the character of a marker stands there; 7 is usual.
    pub size: usize,
    /// What ours, the base and theirs are called.
    pub labels: [String; 3],
}

impl Default for Markers {
    fn default() -> Self {
        Self { size: 7, labels: Side::ALL.map(|side| side.name().to_owned()) }
    }
}

impl Markers {
    fn line(&self, mark: char, side: Option<Side>) -> String {
        let marks = String::from(mark).repeat(self.size);
        let label = side.map(|side| visible::name(&self.labels[side as usize])).unwrap_or_default();
        if label.is_empty() { format!("{marks}\n") } else { format!("{marks} {label}\n") }
    }

    fn block(&self, out: &mut Vec<u8>, [ours, base, theirs]: [&[u8]; 3]) {
        out.extend(self.line('<', Some(Side::Ours)).bytes());
        lines(out, ours);
        out.extend(self.line('|', Some(Side::Base)).bytes());
        lines(out, base);
        out.extend(self.line('=', None).bytes());
        lines(out, theirs);
        out.extend(self.line('>', Some(Side::Theirs)).bytes());
    }
}

/// Adds whole lines: a marker stands at the beginning of one.
fn lines(out: &mut Vec<u8>, text: &[u8]) {
    out.extend(text);
    if text.last().is_some_and(|last| *last != b'\n') {
        out.push(b'\n');
    }
}

/// Three files as one conflict.
pub fn whole(ours: &[u8], base: &[u8], theirs: &[u8], markers: &Markers) -> Vec<u8> {
    let mut out = Vec::new();
    markers.block(&mut out, [ours, base, theirs]);
    out
}

/// The text of a merge with its conflicts between markers.
pub(super) fn marked(merged: &Merged, markers: &Markers) -> String {
    let texts = Side::ALL.map(|side| canonical(&merged.entry(side)));
    let trees = texts.each_ref().map(|text| json::parse(text).expect("canonical text is JSON"));
    let mut walk = Walk {
        versions: [0, 1, 2].map(|at| Version::new(&texts[at])),
        markers,
        out: String::new(),
        open: Default::default(),
    };
    let roots = [0, 1, 2].map(|at| trees[at].root(&texts[at]));
    walk.node(&merged.tree, roots);
    walk.up_to([usize::MAX; 3]);
    walk.close();
    walk.out
}

/// A text and how much of it has been taken.
struct Version<'t> {
    lines: Vec<&'t str>,
    /// The line from which on nothing has been taken.
    next: usize,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl<'t> Version<'t> {
    fn new(text: &'t str) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut at = 0;
        let start = |line: &&str| {
            at += line.len();
            at - line.len()
        };
        let starts = lines.iter().map(start).collect();
        Self { lines, next: 0, starts }
    }

    /// The line of a place in the text.
    fn line(&self, at: u32) -> usize {
        self.starts.partition_point(|start| *start <= at as usize).saturating_sub(1)
    }

    fn take(&mut self, end: usize) -> Vec<&'t str> {
        let end = end.clamp(self.next, self.lines.len());
        let taken = self.lines[self.next..end].to_vec();
        self.next = end;
        taken
    }
}

struct Walk<'t, 'm> {
    versions: [Version<'t>; 3],
    markers: &'m Markers,
    out: String,
    /// Lines that differ and stand directly one after the other.
    open: [String; 3],
}

impl<'t> Walk<'t, '_> {
    /// Walks over a node, which each side has as a value or not at all, to the end of its last line.
    fn node(&mut self, node: &Node, values: [Option<Value<'t>>; 3]) {
        let (starts, ends) = (self.starts(values), self.ends(values));
        let has_lines_inside = (0..3).all(|at| starts[at] + 1 < ends[at]);
        match node {
            Node::Conflict(sides) => {
                self.conflict(starts, ends, sides.each_ref().map(Option::is_some));
            }
            // Empty on a side, it stands on one line there.
            Node::Object(_) | Node::List(_) if !has_lines_inside => {
                self.conflict(starts, ends, [true; 3]);
            }
            Node::Object(members) => {
                self.up_to(starts.map(|start| start + 1));
                for key in in_order(values) {
                    let Some((_, node)) = members.iter().find(|(own, _)| *own == key) else {
                        continue;
                    };
                    self.node(node, values.map(|value| value.and_then(|value| value.get(&key))));
                }
            }
            Node::List(items) => {
                self.up_to(starts.map(|start| start + 1));
                let mut rest = values.map(|value| value.map(Value::items));
                for item in items {
                    let mut values = [None; 3];
                    for side in Side::ALL {
                        if item.is_on(side) {
                            let items = rest[side as usize].as_mut();
                            values[side as usize] = items.and_then(Iterator::next);
                        }
                    }
                    self.node(item, values);
                }
            }
            Node::Agreed(_) => {}
        }
        self.up_to(ends);
    }

    /// The line in which each value begins. A side that has it not has come to its place.
    fn starts(&self, values: [Option<Value<'t>>; 3]) -> [usize; 3] {
        [0, 1, 2].map(|at| {
            let version = &self.versions[at];
            values[at].map_or(version.next, |value| version.line(value.span().start))
        })
    }

    /// The line after that in which each value ends.
    fn ends(&self, values: [Option<Value<'t>>; 3]) -> [usize; 3] {
        [0, 1, 2].map(|at| {
            let version = &self.versions[at];
            values[at].map_or(version.next, |value| version.line(value.span().end - 1) + 1)
        })
    }

    /// What the sides do not agree on is one stretch, however many lines each has of it. Of a side that has
    /// it not, nothing is shown, though its text may have a default there.
    fn conflict(&mut self, starts: [usize; 3], ends: [usize; 3], is_there: [bool; 3]) {
        self.up_to(starts);
        let mut part = [0, 1, 2].map(|at| self.versions[at].take(ends[at]));
        for (lines, is_there) in part.iter_mut().zip(is_there) {
            if !is_there {
                lines.clear();
            }
        }
        self.lines(&part);
    }

    fn up_to(&mut self, ends: [usize; 3]) {
        let part = [0, 1, 2].map(|at| self.versions[at].take(ends[at]));
        self.lines(&part);
    }

    /// Adds lines of each side: one beside the other where there are as many of each.
    fn lines(&mut self, [ours, base, theirs]: &[Vec<&str>; 3]) {
        let shortest = ours.len().min(base.len()).min(theirs.len());
        let is_even = ours.len() == shortest && base.len() == shortest && theirs.len() == shortest;
        let is_same = |(a, b, c): (&str, &str, &str)| a == b && b == c;
        let (start, end) = if is_even {
            (shortest, 0)
        } else {
            let at = |at: usize| (ours[at], base[at], theirs[at]);
            let back = |at: usize| {
                (ours[ours.len() - at], base[base.len() - at], theirs[theirs.len() - at])
            };
            let start = (0..shortest).take_while(|line| is_same(at(*line))).count();
            let end = (1..=shortest - start).take_while(|line| is_same(back(*line))).count();
            (start, end)
        };
        for line in 0..start {
            self.row(ours[line], base[line], theirs[line]);
        }
        for (at, lines) in [ours, base, theirs].into_iter().enumerate() {
            self.open[at].extend(lines[start..lines.len() - end].iter().copied());
        }
        for line in (1..=end).rev() {
            self.row(ours[ours.len() - line], base[base.len() - line], theirs[theirs.len() - line]);
        }
    }

    fn row(&mut self, ours: &str, base: &str, theirs: &str) {
        if ours == base && base == theirs {
            self.close();
            self.out.push_str(ours);
        } else {
            for (open, line) in self.open.iter_mut().zip([ours, base, theirs]) {
                open.push_str(line);
            }
        }
    }

    fn close(&mut self) {
        let open = std::mem::take(&mut self.open);
        if open.iter().all(String::is_empty) {
            return;
        }
        let mut block = Vec::new();
        self.markers.block(&mut block, open.each_ref().map(String::as_bytes));
        self.out.push_str(&String::from_utf8_lossy(&block));
    }
}

/// The keys of objects, each once, in an order that is that of each of them.
fn in_order(values: [Option<Value<'_>>; 3]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for value in values.into_iter().flatten().filter(|value| value.kind() == Kind::Object) {
        let mut at = 0;
        for (key, _) in value.members() {
            let Some(key) = key.as_str() else { continue };
            let known = keys.iter().position(|known| *known == key);
            at = known.unwrap_or_else(|| {
                keys.insert(at, key.into_owned());
                at
            }) + 1;
        }
    }
    keys
}

/// The text with one side chosen in every conflict.
pub(super) fn choose(text: &str, length: usize, side: Side) -> String {
    let is_marker = |line: &str, mark: char| {
        line.starts_with(mark) && line.chars().take_while(|c| *c == mark).count() == length
    };
    let mut part = None;
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        match part {
            None if is_marker(line, '<') => part = Some(Side::Ours),
            Some(Side::Ours) if is_marker(line, '|') => part = Some(Side::Base),
            Some(Side::Base) if is_marker(line, '=') => part = Some(Side::Theirs),
            Some(Side::Theirs) if is_marker(line, '>') => part = None,
            _ if part.is_none_or(|part| part == side) => out.push_str(line),
            _ => {}
        }
    }
    out
}
