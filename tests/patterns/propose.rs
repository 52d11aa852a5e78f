//! Proposed patterns, held against other engines than ours and against 1,702 real signatures.

use std::fs;
use std::process::Command;

use chrono::NaiveDate;
use errlore::check::{Selection, Settings, check};
use errlore::config::Config;
use errlore::corpus::{InputFile, Inputs};
use errlore::pattern::{Pattern, Proposal, Refusal, Signatures};
use regex::RegexBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Value, json};

use crate::support;
use crate::support::corpora::{Corpus, corpora};

/// Signatures with something in them that engines might read in ways of their own.
const TRICKY: &[&str] = &[
    "every mark !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ stands for itself",
    "doubled && || -- ~~ !! ## $$ %% ** ++ ,, .. :: ;; << == >> ?? @@ ^^ `` __ marks",
    "[[:alpha:]] [^a] [a--b] [a&&b] (?i)x (?<n>y) \\d \\Q \\E \\x41 \\u0041 \\p{L} \\1 in a message",
    "a{2} b{,3} c{1,} d* e+ f? ^g$ h|i of nothing but syntax",
    "class of <X>/{name}|[y](z)-%s^my_a\\foo&&X-X~~X for the ends of names",
    "brackets [X] (X) {X} <X> 'X' \"X\" `X` “X” ‘X’ «X» 「X」 around names",
    "ends |X| -X- ^X^ /X/ &X& ~X~ #X# @X@ \\X\\ !X! ,X, ;X; :X: =X= of names",
    "内存不足：无法分配 4096 字节，文件“a.txt”第3行",
    "die Größe der Datei straße überschreitet 5 MB, ΣΊΣΥΦΟΣ ſ K İ ı",
    "emoji 😀 and ⚠\u{fe0f} and 👩\u{200d}💻 in 'name 😀' of 5 messages",
    "blanks\u{a0}of\u{2003}all \u{3000} kinds\u{1680}\tin\r\na\n\n  message\u{202f}here",
    "combining e\u{301} and astral 𝒳𝒴 letters in the message",
    "# a comment # in extended (?x) syntax",
    "-1 to +2 at 1e5 from 0x1F to 0xNN, 10.0.0.1:80, ::1, 2024-01-02T03:04:05+01:00 for a message",
    "https://user@host.tld:80/a?b=c#d failed, so did ../a/b.php:7 and C:\\a\\b.c for the user",
    "a taint {key: value} on `a b`, «c d» and {x}",
    "ends in the status 7",
];

fn signatures(corpus: &Corpus) -> Vec<(String, String)> {
    let entries = corpus.entries().into_iter();
    entries.map(|entry| (entry.id.as_str().to_owned(), entry.signature)).collect()
}

fn tricky() -> Vec<(String, String)> {
    let numbered = TRICKY.iter().enumerate();
    numbered.map(|(number, text)| (number.to_string(), (*text).to_owned())).collect()
}

fn propose(known: &[(String, String)]) -> Vec<Result<Proposal, Refusal>> {
    let signatures: Signatures<'_> =
        known.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    known.iter().map(|(id, text)| signatures.propose(id, text)).collect()
}

/// What is proposed, each with its own signature.
fn proposed(known: &[(String, String)]) -> Vec<(String, String)> {
    let proposals = propose(known).into_iter().zip(known);
    proposals
        .filter_map(|(proposal, (_, text))| Some((proposal.ok()?.pattern, text.clone())))
        .collect()
}

#[test]
fn real_proposals_find_their_own_signature_and_no_other() {
    for corpus in corpora() {
        let known = signatures(&corpus);
        let proposals = propose(&known);
        for (proposal, (id, text)) in proposals.iter().zip(&known) {
            match proposal {
                Ok(proposal) => {
                    let pattern = &proposal.pattern;
                    let facts = Pattern::new(&**pattern).facts(text);
                    assert!(facts.error.is_none() && facts.matches_with_case, "{id}: {pattern}");
                    assert!(!facts.matches_empty && facts.echo.is_none(), "{id}: {pattern}");
                    let regex = RegexBuilder::new(pattern).case_insensitive(true).build();
                    let regex = regex.expect("a pattern");
                    let found = known.iter().filter(|(_, text)| regex.is_match(text));
                    let found: Vec<&str> = found.map(|(id, _)| id.as_str()).collect();
                    assert_eq!(found, [id.as_str()], "{pattern}");
                }
                Err(Refusal::AlsoFinds(ids)) => {
                    assert!(!ids.is_empty() && !ids.contains(id), "{id}: {ids:?}");
                }
                Err(refusal) => assert_eq!(*refusal, Refusal::NothingFixed, "{id}"),
            }
        }
        // 50 entries share their signature with another, and 61 signatures stand whole in others.
        let count = proposals.iter().filter(|proposal| proposal.is_ok()).count();
        if corpus.is_large() {
            assert_eq!(count, 1_577);
        } else {
            // Six are the message of another system too, and three stand whole in that of a duplicate.
            assert_eq!(count, 75);
        }
    }
}

#[test]
fn tricky_signatures_have_proposals() {
    assert_eq!(proposed(&tricky()).len(), TRICKY.len());
}

#[test]
fn python_reads_the_patterns_alike() {
    run_elsewhere(
        "python3",
        "-c",
        "\
import json, re, sys, warnings
warnings.simplefilter('error')
for pattern, text in json.load(open(sys.argv[1], encoding='utf-8')):
    for flags in (0, re.IGNORECASE):
        try:
            found = re.search(pattern, text, flags)
        except Exception as error:
            found = print(error)
        if not found:
            print(repr(pattern), 'on', repr(text), flags)
print('done')
",
    );
}

#[test]
fn javascript_reads_the_patterns_alike() {
    run_elsewhere(
        "node",
        "-e",
        "\
const known = JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'));
let modes = ['', 'u', 'v'];
try { new RegExp('a', 'v') } catch { modes.pop() }
for (const [pattern, text] of known) {
    for (const flags of modes.concat(modes.map(mode => mode + 'i'))) {
        let found = false;
        try { found = new RegExp(pattern, flags).test(text) } catch (error) { console.log(error.message) }
        if (!found) console.log(pattern, 'on', text, flags);
    }
}
console.log('done');
",
    );
}

/// Runs a script on pairs of patterns and signatures, which prints what does not match.
fn run_elsewhere(program: &str, option: &str, script: &str) {
    if Command::new(program).arg("--version").output().is_err() {
        support::skipped(&format!("no {program}"));
        return;
    }
    let mut pairs = proposed(&tricky());
    pairs.extend(corpora().iter().flat_map(|corpus| proposed(&signatures(corpus))));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("pairs.json");
    fs::write(&path, json!(pairs).to_string()).expect("a file that can be written");
    let output = Command::new(program)
        .args([option, script])
        .arg(&path)
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .expect("the program starts");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        "done",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// What backtracks must not do so again and again over the same text: where two runs of a class
/// follow each other, one of them ends where the other begins.
#[test]
fn patterns_take_linear_time() {
    let mut pairs = proposed(&tricky());
    pairs.extend(corpora().iter().flat_map(|corpus| proposed(&signatures(corpus))));
    for (pattern, _) in pairs {
        let hir = regex_syntax::parse(&pattern).expect("a pattern");
        let parts = match hir.kind() {
            HirKind::Concat(parts) => parts.as_slice(),
            _ => std::slice::from_ref(&hir),
        };
        let mut last: Option<&Class> = None;
        let mut between = String::new();
        for part in parts {
            match part.kind() {
                HirKind::Literal(literal) => {
                    between.push_str(&String::from_utf8_lossy(&literal.0));
                }
                HirKind::Repetition(repetition) if repetition.max.is_none() => {
                    let class = class_of(&repetition.sub).expect("a run of one class");
                    let ends = match last {
                        Some(last) if between.is_empty() => !overlap(last, class),
                        Some(last) => between.chars().any(|c| !holds(last, c) || !holds(class, c)),
                        None => between.chars().any(|c| !holds(class, c)),
                    };
                    assert!(ends, "{pattern}: after {between:?}");
                    last = Some(class);
                    between.clear();
                }
                HirKind::Class(class) => {
                    last = Some(class);
                    between.clear();
                }
                // A sign, an ellipsis, a boundary.
                _ => {}
            }
        }
    }
}

fn class_of(hir: &Hir) -> Option<&Class> {
    match hir.kind() {
        HirKind::Class(class) => Some(class),
        _ => None,
    }
}

fn holds(class: &Class, c: char) -> bool {
    match class {
        Class::Unicode(class) => {
            class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&c))
        }
        Class::Bytes(_) => false,
    }
}

fn overlap(one: &Class, other: &Class) -> bool {
    match (one, other) {
        (Class::Unicode(one), Class::Unicode(other)) => {
            let mut common = one.clone();
            common.intersect(other);
            !common.ranges().is_empty()
        }
        _ => true,
    }
}

/// A pattern must not bring into an entry what a rule then finds.
#[test]
fn no_pattern_holds_what_cannot_be_seen() {
    let signatures = Signatures::default();
    let codes =
        (0..0x3200).chain(0xfe00..0x1_0000).chain(0x1_d160..0x1_d180).chain(0xe_0000..0xe_0200);
    let mut pattern = String::new();
    for c in codes.filter_map(char::from_u32) {
        if let Ok(proposal) = signatures.propose("a/b", &format!("message with {c} in it")) {
            pattern.push_str(&proposal.pattern);
        }
    }
    assert!(pattern.len() > 100_000);
    let mut entry: Value = serde_json::from_str(errlore::rule::MINIMAL_ENTRY).expect("JSON");
    entry["regex"] = pattern.into();
    // A blank of the message may stand in its pattern.
    let blanks: String =
        ('\u{80}'..='\u{3000}').filter(|c| errlore::visible::is_other_blank(*c)).collect();
    entry["signature"] = format!("message with {blanks} in it").into();
    let file = InputFile {
        path: None,
        name: "entries/a.json".to_owned(),
        expected_id: None,
        in_scope: true,
        special: None,
        given: Some(entry.to_string().into_bytes()),
        before: None,
    };
    let inputs = Inputs { files: vec![file], complete: true, ..Inputs::default() };
    let config = Config::default();
    let today = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a real day");
    let report = check(
        &inputs,
        Settings { config: &config, today, selection: Selection::All, engines: None },
    );
    let rules: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.rule).collect();
    // So many patterns in one are too long, which shows that they were looked at.
    assert!(rules.contains(&"regex-invalid"), "{rules:?}");
    for rule in ["control-character", "bidi-control", "damaged-text"] {
        let of = report.diagnostics.iter().find(|found| found.rule == rule);
        assert!(of.is_none(), "{:?}", of.map(|found| &found.message));
    }
}
