//! Which environments are the same under two names: `go1` and `go121`, `pt2` and `pytorch2`, `linux` and
//! `any`.

use serde::{Deserialize, Serialize};

use super::hash::{Term, term};

/// A major and a minor version.
type Number = (u32, u32);
/// A product and the versions of it: from, to (not itself).
type Range = (Term, Number, Number);

/// How much an environment differs from one that it is a part of: many an entry is about a part without
/// a need.
pub(super) const NARROWER: f64 = 0.2;

/// The environment an entry is about: the third segment of its id, its versions, and the systems that it
/// names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Environment {
    /// A country, as its two letters.
    country: Option<Term>,
    system: Option<Term>,
    /// The systems that the entry says something about; each with its family, such as `ubuntu` and `linux`.
    named: Vec<(Term, Term)>,
    machine: Option<Term>,
    /// A model of hardware, such as `a100`.
    hardware: Vec<Term>,
    /// Products and the versions in their names.
    products: Vec<(Term, Option<Number>)>,
    /// Products and the versions that the entry is about: from, to (not itself).
    ranges: Vec<Range>,
    /// Products and the single versions that it was seen in, which may well not be the only ones.
    seen: Vec<Range>,
}

const SYSTEMS: &[(&str, &str)] = &[
    ("linux", "linux"),
    ("ubuntu", "linux"),
    ("debian", "linux"),
    ("macos", "macos"),
    ("mac", "macos"),
    ("darwin", "macos"),
    ("osx", "macos"),
    ("windows", "windows"),
    ("win", "windows"),
    ("win32", "windows"),
];
const MACHINES: &[(&str, &str)] = &[
    ("arm64", "arm"),
    ("aarch64", "arm"),
    ("m1", "arm"),
    ("x64", "x86"),
    ("x86", "x86"),
    ("amd64", "x86"),
];
const HARDWARE: &[&str] =
    &["rtx", "gtx", "a100", "a10", "h100", "h200", "v100", "t4", "l4", "multi"];
/// Short names of products.
const SHORT: &[(&str, &str)] = &[
    ("pt", "pytorch"),
    ("torch", "pytorch"),
    ("py", "python"),
    ("cpython", "python"),
    ("nodejs", "node"),
    ("golang", "go"),
    ("k8s", "kubernetes"),
    ("tf", "terraform"),
    ("hf", "huggingface"),
    ("transformers", "huggingface"),
    ("cv", "opencv"),
    ("es", "elasticsearch"),
    ("mongo", "mongodb"),
    ("ts", "typescript"),
    ("next", "nextjs"),
    ("pg", "postgresql"),
    ("postgres", "postgresql"),
    ("js", "javascript"),
    ("gh", "github"),
    ("ros", "ros2"),
    ("humble", "ros2"),
];
/// Names that say nothing of an environment.
const ANY: &[&str] = &["any", "all", "generic", "common", "host", "api", "app", "sec", "general"];

/// Whether a word is a short name of a product, or says nothing of an environment.
pub(super) fn is_short_name(word: &str) -> bool {
    SHORT.iter().any(|(short, _)| *short == word) || ANY.contains(&word)
}

/// The one name of a product in a domain: `tf` is Terraform, and TensorFlow among its entries.
fn product(name: &str, domain: &str) -> Term {
    if name == "tf" && domain == "tensorflow" {
        return term(domain);
    }
    let full = SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, full)| full);
    term(full)
}

impl Environment {
    /// Reads the third segment of an id, the versions of the entry, and the names of the systems that it
    /// says something about.
    pub(super) fn new<'v>(
        domain: &str,
        name: &str,
        versions: impl Iterator<Item = &'v str>,
        systems: impl Iterator<Item = &'v str>,
    ) -> Self {
        let mut found = Self::default();
        let bytes = name.as_bytes();
        if bytes.len() == 2 && bytes.iter().all(u8::is_ascii_lowercase) {
            found.country = Some(term(name));
        } else {
            for part in name.split('-').filter(|part| !part.is_empty()) {
                found.add(part, domain);
            }
        }
        for version in versions.take(MOST_VERSIONS) {
            found.ranges.extend(range(version, domain));
            found.seen.extend(single(version, domain));
        }
        for system in systems.take(MOST_SYSTEMS) {
            let system = system.trim().to_lowercase();
            let first = system.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            if !system.is_empty() && !ANY.contains(&first) && first != "cross" {
                let family = SYSTEMS.iter().find(|(name, _)| *name == first);
                let family = family.map_or(first, |(_, family)| family);
                found.named.push((term(&system), term(family)));
            }
        }
        found
    }

    fn add(&mut self, part: &str, domain: &str) {
        let known = |list: &[(&str, &'static str)]| {
            list.iter().find(|(name, _)| *name == part).map(|(_, system)| term(system))
        };
        if let Some(system) = known(SYSTEMS) {
            self.system = Some(system);
        } else if let Some(machine) = known(MACHINES) {
            self.machine = Some(machine);
        } else if HARDWARE.iter().any(|start| part.starts_with(start)) {
            self.hardware.push(term(part));
        } else if !ANY.contains(&part) {
            let (name, version) = split_version(part);
            self.products.push((product(name, domain), version));
        }
    }

    /// How much two environments differ: 1 where both are named and cannot be the same; [`NARROWER`] where
    /// one is narrower, or the names speak of other versions and the entries of the same ones.
    pub(super) fn difference(&self, other: &Self) -> f64 {
        fn both<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.zip(b).is_some_and(|(a, b)| a != b)
        }
        let models = [&self.hardware, &other.hardware];
        let named = models.map(|models| !models.is_empty());
        let disjoint = !models[0].iter().any(|model| models[1].contains(model));
        let ranges = overlap(&self.ranges, &other.ranges);
        let versions = self.versions_differ(other);
        if both(self.country, other.country)
            || both(self.system, other.system)
            || self.systems_differ(other)
            || both(self.machine, other.machine)
            || (named == [true, true] && disjoint)
            // What the entries say of their versions is more than what their names say.
            || ranges == Some(false)
            || (versions && ranges.is_none())
        {
            return 1.0;
        }
        let seen_apart = overlap(&self.seen, &other.seen) == Some(false);
        let is_narrower =
            seen_apart || named[0] != named[1] || self.machine.is_some() != other.machine.is_some();
        if versions || is_narrower { NARROWER } else { 0.0 }
    }

    /// Whether both say something of systems, and of none that is the same: in a list of them, or else in
    /// their names.
    fn systems_differ(&self, other: &Self) -> bool {
        let of = |environment: &Self| match &*environment.named {
            [] => environment.system.map(|system| (system, system)).into_iter().collect(),
            named => named.to_vec(),
        };
        let (ours, theirs) = (of(self), of(other));
        // A family stands for all its systems.
        let same = |(a, family): &(Term, Term), (b, other): &(Term, Term)| {
            a == b || family == other && (a == family || b == other)
        };
        let shared = ours.iter().any(|a| theirs.iter().any(|b| same(a, b)));
        !ours.is_empty() && !theirs.is_empty() && !shared
    }

    /// Whether the names of both hold versions of a product that are not the same.
    fn versions_differ(&self, other: &Self) -> bool {
        self.products.iter().any(|(name, version)| {
            let mut same = other.products.iter().filter(|product| product.0 == *name);
            same.any(|(_, others)| version.zip(*others).is_some_and(|(a, b)| !agree(a, b)))
        })
    }

    /// What the entry is about, sorted.
    pub(super) fn products(&self) -> Vec<Term> {
        let named = self.products.iter().map(|(name, _)| *name);
        let mut all: Vec<Term> = named.chain(self.ranges.iter().map(|range| range.0)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Whether the versions of a product that two lists are about have one in common.
fn overlap(ours: &[Range], theirs: &[Range]) -> Option<bool> {
    let mut shared = ours.iter().flat_map(|(name, from, to)| {
        let others = theirs.iter().filter(move |range| range.0 == *name);
        others.map(move |(_, start, end)| from < end && start < to)
    });
    let first = shared.next()?;
    Some(first || shared.any(|overlaps| overlaps))
}

/// Of an entry no more versions are looked at.
const MOST_VERSIONS: usize = 16;
/// Of an entry no more systems are looked at.
const MOST_SYSTEMS: usize = 16;
/// A version that was not given: any.
const NONE: u32 = u32::MAX;

/// Whether two versions may be the same: `1` and `1.21` are.
fn agree(a: Number, b: Number) -> bool {
    a.0 == b.0 && (a.1 == b.1 || a.1 == NONE || b.1 == NONE)
}

/// `go121` in its name and version: three digits and more are a major and a minor version.
fn split_version(part: &str) -> (&str, Option<Number>) {
    let name = part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    // What ends in digits and is a name: `http2`, `s3`.
    if name.is_empty() || matches!(part, "http2" | "s3" | "oauth2" | "iso8601") {
        return (part, None);
    }
    let digits = &part[name.len()..];
    let version = match digits.split_once('.') {
        Some((major, minor)) => {
            let minor = minor.split('.').next().and_then(|minor| minor.parse().ok());
            major.parse().ok().map(|major| (major, minor.unwrap_or(NONE)))
        }
        None if digits.len() >= 3 => digits[..1].parse().ok().zip(digits[1..].parse().ok()),
        None => digits.parse().ok().map(|major| (major, NONE)),
    };
    (name, version)
}

/// `nginx 1.24.0`: the product and the one version of it, as a range.
fn single(version: &str, domain: &str) -> Option<Range> {
    let (name, number) = version.trim().rsplit_once(' ')?;
    let mut parts = number.trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    let (major, minor): (u32, Option<u32>) = (parts.next()?, parts.next());
    let from = (major, minor.unwrap_or(0));
    let to = minor.map_or((major.saturating_add(1), 0), |minor| (major, minor.saturating_add(1)));
    let name = name.trim().to_lowercase();
    (!name.contains(['>', '<', '='])).then(|| (product(&name, domain), from, to))
}

/// `node >=18,<23`: the product and which versions of it.
fn range(version: &str, domain: &str) -> Option<Range> {
    let at = version.find(['>', '<', '='])?;
    let name = version[..at].trim().to_lowercase();
    let (mut from, mut to) = ((0, 0), (NONE, NONE));
    for bound in version[at..].split(',') {
        let bound = bound.trim();
        let number = bound.trim_start_matches(['>', '<', '=', '~', '^']);
        let mut parts = number.split('.').map_while(|part| part.parse::<u32>().ok());
        let Some(major) = parts.next() else { continue };
        let minor = parts.next().unwrap_or(0);
        if bound.starts_with('>') {
            from = (major, minor);
        } else if bound.starts_with("<=") {
            to = (major, minor.saturating_add(1));
        } else if bound.starts_with('<') {
            to = (major, minor);
        }
    }
    (!name.is_empty() && from < to).then(|| (product(&name, domain), from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(a: &str, b: &str) -> f64 {
        let none = std::iter::empty;
        let of = |name| Environment::new("example", name, none(), none());
        let (a, b) = (of(a), of(b));
        assert_eq!(a.difference(&b), b.difference(&a));
        a.difference(&b)
    }

    #[test]
    fn other_names_of_one_environment() {
        for (a, b) in [
            ("go1-linux", "go121-linux"),
            ("go1.22-linux", "go1-any"),
            ("pt2-linux", "pytorch2-linux"),
            ("k8s1-linux", "k8s128-linux"),
            ("stm32-linux", "stm32-arm-linux"),
            ("api-all", "rest-linux"),
            ("", "linux"),
        ] {
            assert_eq!(difference(a, b), 0.0, "{a} {b}");
        }
        for (a, b) in [
            ("node18-linux", "node20-linux"),
            ("py311-linux", "py311-macos"),
            ("cuda12-a100", "cuda12-rtx4090"),
            ("pip23-linux-arm64", "pip23-linux-x64"),
            ("de", "fr"),
        ] {
            assert_eq!(difference(a, b), 1.0, "{a} {b}");
        }
    }

    #[test]
    fn versions_that_overlap_are_one_environment() {
        let of = |name: &str, range: &'static str| {
            Environment::new("pip", name, std::iter::once(range), std::iter::empty())
        };
        let difference = |a: (&str, &'static str), b: (&str, &'static str)| {
            of(a.0, a.1).difference(&of(b.0, b.1))
        };
        assert_eq!(difference(("linux", "pip >=23.0"), ("any", "pip >=24,<25")), 0.0);
        assert_eq!(
            difference(("pip23-linux", "pip >=23.0"), ("pip24-linux", "pip >=24,<25")),
            NARROWER
        );
        assert_eq!(difference(("a", "torch >=2.0,<2.1"), ("b", "pytorch >=2.1")), 1.0);
        assert!(range("no version", "x").is_none() && range(">=1", "x").is_none());
        assert_eq!(difference(("linux", "pip 23.1"), ("any", "pip 23.1.2")), 0.0);
        assert_eq!(difference(("linux", "pip 23.1"), ("any", "pip 23")), 0.0);
        assert_eq!(difference(("linux", "pip 23.1"), ("any", "pip 24.0")), NARROWER);
    }

    #[test]
    fn systems_that_the_entries_name_are_their_environment() {
        let differ = |a: (&str, &[&'static str]), b: (&str, &[&'static str])| {
            let of = |(name, systems): (&str, &[&'static str])| {
                Environment::new("spool", name, std::iter::empty(), systems.iter().copied())
            };
            of(a).difference(&of(b)) > 0.0
        };
        assert!(differ(("a", &["linux"]), ("b", &["windows"])));
        assert!(differ(("a", &["Windows 11"]), ("b", &["macos", "linux"])));
        assert!(differ(("a", &["ubuntu 22.04"]), ("b", &["debian"])));
        assert!(differ(("a", &["alpine"]), ("b", &["debian"])));
        assert!(
            differ(("a", &["windows"]), ("b-linux", &[])),
            "the one names what the other is called"
        );
        assert!(!differ(("a", &["ubuntu"]), ("b", &["linux"])), "a part of it");
        assert!(!differ(("a", &["linux", "windows"]), ("b", &["windows"])));
        assert!(!differ(("a", &["linux"]), ("b", &[])), "the other says nothing");
        assert!(!differ(("a", &["cross-platform"]), ("b", &["linux"])));
    }
}
