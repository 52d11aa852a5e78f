//! errlore as git's merge driver, diff driver and tools, under a real git.

use std::fs;

use errlore::canonical::canonical;
use errlore::entry::Entry;
use serde_json::{Value, json};

use crate::support::{self, Base, Output};

/// A path that a shell would take apart, and that git quotes.
const PATH: &str = "entries/a 例子/磁盘 full.json";

fn entry(patch: &Value) -> String {
    support::entry("example/disk-full", patch)
}

/// A repository with errlore installed and an entry on `main`, and another version of it on `topic`.
struct Repository {
    base: Base,
}

impl Repository {
    fn new() -> Self {
        let base = Base::new();
        base.git(&["init", "--quiet"]);
        let repository = Self { base };
        repository.errlore(&["git", "install"]);
        repository
    }

    /// The same with a base on `main`, and the other sides committed on `main` and on `topic`.
    fn with(base: impl AsRef<[u8]>, ours: impl AsRef<[u8]>, theirs: impl AsRef<[u8]>) -> Self {
        let repository = Self::new();
        repository.commit(base, "base");
        repository.base.git(&["checkout", "--quiet", "-b", "topic"]);
        repository.commit(theirs, "theirs");
        repository.base.git(&["checkout", "--quiet", "main"]);
        repository.commit(ours, "ours");
        repository
    }

    fn commit(&self, content: impl AsRef<[u8]>, message: &str) {
        self.base.write(PATH, content);
        self.base.commit(message);
    }

    #[track_caller]
    fn errlore(&self, arguments: &[&str]) -> Output {
        let output = self.base.errlore(arguments).env("PATH", support::path()).output();
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        output
    }

    fn git(&self, arguments: &[&str]) -> Output {
        self.base.git_run(arguments).output()
    }

    /// Whether git is this version or a later one.
    fn has_git(&self, version: (u32, u32)) -> bool {
        let text = self.base.git(&["version"]);
        let mut numbers =
            text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
        let found = (numbers.next().expect("a number"), numbers.next().expect("a number"));
        if found < version {
            println!("SKIPPED in part: git is older than {version:?}");
        }
        found >= version
    }

    /// Whether the index says that the file is not merged yet.
    fn is_unmerged(&self) -> bool {
        !self.base.git(&["ls-files", "--unmerged"]).is_empty()
    }
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Edits that git cannot merge line by line: lines beside each other.
fn ours() -> String {
    entry(&json!({"confidence": 0.55}))
}

fn theirs() -> String {
    entry(&json!({"fix_success_rate": 0.45, "signature_zh": "磁盘已满"}))
}

fn both() -> String {
    entry(&json!({"confidence": 0.55, "fix_success_rate": 0.45, "signature_zh": "磁盘已满"}))
}

#[test]
fn merge_rebase_and_cherry_pick_bring_edits_together() {
    for command in [
        &["merge", "--no-edit", "topic"][..],
        &["rebase", "topic"],
        &["cherry-pick", "topic"],
        &["merge", "--squash", "topic"],
    ] {
        let repository = Repository::with(entry(&json!({})), ours(), theirs());
        let output = repository.git(command);
        assert_eq!(output.code, Some(0), "{command:?}: {}{}", output.stdout, output.stderr);
        assert_eq!(repository.base.read(PATH), both(), "{command:?}");
        assert!(!repository.is_unmerged());
    }
    // Without the driver, git finds a conflict.
    let repository = Repository::with(entry(&json!({})), ours(), theirs());
    repository.errlore(&["git", "uninstall"]);
    assert_eq!(repository.git(&["merge", "--no-edit", "topic"]).code, Some(1));
}

#[test]
fn a_stash_comes_back_into_what_has_changed() {
    let repository = Repository::with(entry(&json!({})), ours(), theirs());
    repository.base.write(PATH, entry(&json!({"confidence": 0.55, "fix_success_rate": 0.45})));
    repository.base.git(&["stash", "--quiet"]);
    repository.commit(entry(&json!({"confidence": 0.55, "signature_zh": "磁盘已满"})), "more");
    let output = repository.git(&["stash", "pop"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    assert_eq!(repository.base.read(PATH), both());
}

#[test]
fn conflicts_stand_between_markers_and_are_listed() {
    let base = entry(&json!({}));
    let theirs = entry(&json!({"confidence": 0.15, "fix_success_rate": 0.45}));
    for (command, labels) in [
        (&["merge", "topic"][..], ["HEAD", "topic"]),
        (&["cherry-pick", "topic"], ["HEAD", "theirs)"]),
        (&["rebase", "topic"], ["HEAD", "ours)"]),
    ] {
        let repository = Repository::with(&base, ours(), &theirs);
        let output = repository.git(command);
        assert_eq!(output.code, Some(1), "{command:?}");
        assert!(repository.is_unmerged(), "{command:?}");
        let text = repository.base.read(PATH);
        let start = text.find("<<<<<<<").expect("a marker");
        let lines: Vec<&str> = text[start..].lines().take(8).collect();
        // An older git tells no labels.
        let labels = if repository.has_git((2, 44)) { labels } else { ["ours", "theirs"] };
        assert!(lines[0].starts_with("<<<<<<< ") && lines[0].ends_with(labels[0]), "{text}");
        assert!(lines[2].starts_with("||||||| "), "{text}");
        assert_eq!(lines[4], "=======");
        assert!(lines[6].starts_with(">>>>>>> ") && lines[6].ends_with(labels[1]), "{text}");
        assert_eq!(lines[7], "  \"fix_success_rate\": 0.45,", "what is no conflict is merged");
        assert!(
            output.stderr.contains("磁盘 full.json: conflict: /confidence:"),
            "{}",
            output.stderr
        );
    }
    // The markers are as long as they are asked to be.
    let repository = Repository::with(&base, ours(), &theirs);
    repository.base.write(".git/info/attributes", "*.json conflict-marker-size=12\n");
    repository.git(&["merge", "topic"]);
    assert!(repository.base.read(PATH).contains("\n============\n"));
}

#[test]
fn a_side_with_other_line_ends_is_just_an_entry() {
    let crlf = theirs().replace('\n', "\r\n");
    let repository = Repository::new();
    // As it was committed before there were attributes.
    repository.base.write(".gitattributes", "");
    let attributes = "entries/**/*.json merge=errlore\n";
    repository.base.write(".git/info/attributes", attributes);
    repository.commit(entry(&json!({})), "base");
    repository.base.git(&["checkout", "--quiet", "-b", "topic"]);
    repository.commit(&crlf, "theirs");
    assert!(repository.base.git(&["show", &format!("topic:{PATH}")]).contains("\r\n"));
    repository.base.git(&["checkout", "--quiet", "main"]);
    repository.commit(format!("\u{feff}{}", ours()), "ours");
    let output = repository.git(&["merge", "--no-edit", "topic"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    assert_eq!(repository.base.read(PATH), both());
}

#[test]
fn what_both_have_added_is_merged_without_a_base() {
    let repository = Repository::new();
    repository.base.write("readme", "");
    repository.base.commit("base");
    repository.base.git(&["checkout", "--quiet", "-b", "topic"]);
    repository.commit(entry(&json!({"signature_zh": "磁盘已满", "tags": ["b"]})), "theirs");
    repository.base.git(&["checkout", "--quiet", "main"]);
    repository.commit(entry(&json!({"tags": ["a"]})), "ours");
    let output = repository.git(&["merge", "--no-edit", "topic"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    let merged = entry(&json!({"signature_zh": "磁盘已满", "tags": ["a", "b"]}));
    assert_eq!(repository.base.read(PATH), merged);
}

/// Two merges of the same branches make two bases, which git merges first.
#[test]
fn a_criss_cross_has_a_base() {
    let rate = |rate: f64| entry(&json!({"confidence": rate}));
    let repository = Repository::with(rate(0.5), rate(0.6), rate(0.7));
    for (branch, other) in [("main", "topic~0"), ("topic", "main~1")] {
        repository.base.git(&["checkout", "--quiet", branch]);
        let other = if branch == "topic" { "main^1" } else { other };
        assert_eq!(repository.git(&["merge", other]).code, Some(1));
        repository.commit(rate(if branch == "main" { 0.61 } else { 0.71 }), "merged");
    }
    repository.base.git(&["checkout", "--quiet", "main"]);
    let output = repository.git(&["merge", "topic"]);
    assert_eq!(output.code, Some(1));
    let text = repository.base.read(PATH);
    assert!(text.contains("0.61,\n|||||||") && text.contains("0.71,\n>>>>>>>"), "{text}");
}

/// Where both sides have merged each other, the base is what both had then: what one has taken back since is gone,
/// and does not come in anew from the other.
#[test]
fn what_a_criss_cross_agreed_on_can_be_taken_back() {
    let edited = |patch: Value| entry(&patch);
    let repository = Repository::with(
        edited(json!({"tags": []})),
        edited(json!({"tags": ["ours"]})),
        edited(json!({"tags": [], "confidence": 0.9})),
    );
    let both = edited(json!({"tags": ["ours"], "confidence": 0.9}));
    for (branch, other) in [("main", "topic"), ("topic", "main^1")] {
        repository.base.git(&["checkout", "--quiet", branch]);
        assert_eq!(repository.git(&["merge", "--no-edit", other]).code, Some(0));
        assert_eq!(repository.base.read(PATH), both);
    }
    // Theirs takes back both; ours changes something else.
    repository.commit(edited(json!({"tags": []})), "back");
    repository.base.git(&["checkout", "--quiet", "main"]);
    let other = json!({"tags": ["ours"], "confidence": 0.9, "signature_zh": "磁盘已满"});
    repository.commit(edited(other), "else");
    let output = repository.git(&["merge", "--no-edit", "topic"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    let merged = edited(json!({"tags": [], "signature_zh": "磁盘已满"}));
    assert_eq!(repository.base.read(PATH), merged);
}

/// A result that is to be a base has no markers: what is not agreed on is as it was before.
#[test]
fn an_ancestor_is_what_both_agree_on() {
    let (base, shared) = (entry(&json!({})), json!({"signature_zh": "磁盘已满"}));
    let side = |confidence: f64| {
        let mut patch = shared.clone();
        patch["confidence"] = json!(confidence);
        entry(&patch)
    };
    for (base, ours, theirs, wanted) in [
        (base.as_str(), side(0.1), side(0.2), entry(&shared)),
        (&base, side(0.1), side(0.1), side(0.1)),
        ("", side(0.1), side(0.2), String::new()),
        (&base, "{".to_owned(), side(0.2), base.clone()),
        (&base, "\0".to_owned(), side(0.2), base.clone()),
    ] {
        let (code, result, said) =
            drive_with(&["--ancestor"], base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
        assert_eq!((code, said.as_str()), (Some(0), ""));
        assert_eq!(String::from_utf8(result).expect("a text"), wanted);
    }
}

/// For a git before 2.42 each status is that of a merge, and the file its result: so it is one of all three.
#[test]
fn a_driver_that_is_missing_leaves_no_side_alone_in_the_file() {
    let repository = Repository::new();
    let driver = repository.base.git(&["config", "merge.errlore.driver"]);
    let theirs = entry(&json!({"confidence": 0.15}));
    for (fault, base) in [("no-such-command", entry(&json!({}))), ("kill -9 $$;:", String::new())] {
        for (name, content) in [("O", &base), ("A", &ours()), ("B", &theirs)] {
            repository.base.write(name, content);
        }
        let mut script = driver.replacen("errlore", &format!("sh -c '{fault}' "), 1);
        for (placeholder, value) in
            [("%O", "O"), ("%A", "A"), ("%B", "B"), ("%L", "9"), ("%P", "'a b'")]
        {
            script = script.replace(placeholder, value);
        }
        let output = repository.git(&["-c", &format!("alias.drive=!{}", script.trim()), "drive"]);
        assert_eq!(output.code, Some(129), "{script}: {}", output.stderr);
        let text = repository.base.read("A");
        for part in ["<<<<<<<<< ours\n", "0.55,", "||||||||| base\n", "0.15,", ">>>>>>>>> theirs\n"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

/// A driver that ends in any other way than its own: git changes nothing, and nothing is taken for merged.
#[test]
fn a_driver_that_breaks_down_leaves_nothing_merged() {
    let install = Repository::new();
    if !install.has_git((2, 42)) {
        return;
    }
    let driver = install.base.git(&["config", "merge.errlore.driver"]);
    let rest = driver.trim().split_once(';').expect("what guards it").1.to_owned();
    let partly = "printf '{' > %A; ";
    for (fault, is_guarded) in [
        ("kill -9 $$".to_owned(), false),
        (format!("{partly}kill -9 $$"), false),
        (format!("{partly}sh -c 'kill -9 $$'"), true),
        (format!("{partly}(exit 101)"), true),
        ("no-such-command %O".to_owned(), true),
        ("errlore git merge --no-such-option %O %A %B".to_owned(), true),
        ("errlore git merge --no-such-option %O %A %B".to_owned(), false),
        ("errlore git merge %O %A no-such-file".to_owned(), false),
        ("errlore git merge --output no/such/folder %O %A %B".to_owned(), false),
    ] {
        let repository = Repository::with(entry(&json!({})), ours(), theirs());
        let driver = if is_guarded { format!("{fault};{rest}") } else { fault };
        repository.base.git(&["config", "merge.errlore.driver", &driver]);
        let output = repository.git(&["merge", "--no-edit", "topic"]);
        assert!(output.code.is_some_and(|code| code > 1), "{driver}: {:?}", output.code);
        assert_eq!(repository.base.read(PATH), ours(), "{driver}");
        let merges = repository.base.git(&["rev-list", "--merges", "--all"]);
        assert_eq!(merges, "", "{driver}");
        // And once it works again it is merged.
        repository.errlore(&["git", "install"]);
        let output = repository.git(&["merge", "--no-edit", "topic"]);
        assert_eq!(output.code, Some(0), "{driver}: {}{}", output.stdout, output.stderr);
        assert_eq!(repository.base.read(PATH), both(), "{driver}");
    }
}

/// Runs the driver on three files; gives its status, the result and what it says.
fn drive(base: &[u8], ours: &[u8], theirs: &[u8]) -> (Option<i32>, Vec<u8>, String) {
    drive_with(&[], base, ours, theirs)
}

fn drive_with(
    options: &[&str],
    base: &[u8],
    ours: &[u8],
    theirs: &[u8],
) -> (Option<i32>, Vec<u8>, String) {
    let folder = Base::new();
    for (name, content) in [("O", base), ("A", ours), ("B", theirs)] {
        folder.write(name, content);
    }
    let output =
        folder.errlore(&["git", "merge"]).args(options).args(&["O", "A", "B", "7", PATH]).output();
    (output.code, fs::read(folder.root().join("A")).expect("a result"), output.stderr)
}

#[test]
fn what_is_no_entry_is_merged_line_by_line_or_is_one_conflict() {
    let (base, ours, theirs) = (entry(&json!({})), ours(), theirs());
    let broken = ours.replace("\"domain\"", "<<<<<<< a\n=======\n>>>>>>> b\n\"domain\"");
    let twice = ours.replace("  \"domain\"", "  \"id\": \"a/b\",\n  \"domain\"");
    let digits = ours.replace("0.55", "0.55555555555555555555555555555555");
    let missing = ours.replace("\n  \"domain\": \"example\",", "");
    for (own, why) in [
        (broken.as_str(), "ours is no entry (expected a key"),
        (&twice, "ours is no entry (the key `id` occurs twice)"),
        (&digits, "ours is no entry (it holds a number of more digits than are kept)"),
        (&missing, "ours is no entry (the key `domain` is missing)"),
        ("", "ours is no entry (the file is empty"),
        ("[]", "ours is no entry (expected an object, found an array)"),
        ("not JSON\n", "ours is no entry ("),
    ] {
        let (code, result, said) = drive(base.as_bytes(), own.as_bytes(), theirs.as_bytes());
        assert_eq!(code, Some(1), "{why}: {said}");
        assert!(said.contains(why), "{why}: {said}");
        let result = String::from_utf8(result).expect("a text");
        assert!(
            result.contains("<<<<<<< ours\n") && result.contains(">>>>>>> theirs\n"),
            "{result}"
        );
        for line in own.lines().chain(theirs.lines()) {
            // What the other side has removed may be gone.
            let is_in_base = base.lines().any(|other| other == line);
            assert!(is_in_base || result.contains(line), "{line} is lost: {result}");
        }
    }
    // No text at all: all three between markers, byte by byte.
    let bytes = b"\xff\xfe{\0}\0".to_vec();
    let (code, result, said) = drive(base.as_bytes(), &bytes, theirs.as_bytes());
    assert_eq!(code, Some(1), "{said}");
    let wanted = [
        b"<<<<<<< ours\n",
        &bytes[..],
        b"\n||||||| base\n",
        base.as_bytes(),
        b"=======\n",
        theirs.as_bytes(),
        b">>>>>>> theirs\n",
    ];
    assert_eq!(result, wanted.concat());
    // A base that is none, of two sides that are.
    let (code, result, _) = drive(b"{", ours.as_bytes(), theirs.as_bytes());
    assert_eq!(code, Some(1));
    let result = String::from_utf8(result).expect("a text");
    assert!(result.contains("0.55") && result.contains("磁盘已满"), "{result}");
}

#[test]
fn keys_in_another_order_are_no_conflict() {
    let reordered: Value = read(&ours());
    let keys: Vec<&String> = reordered.as_object().expect("an object").keys().rev().collect();
    let members = keys.iter().map(|key| format!("{}:{}", json!(key), reordered[key.as_str()]));
    let text = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
    let (code, result, said) =
        drive(entry(&json!({})).as_bytes(), text.as_bytes(), theirs().as_bytes());
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert_eq!(String::from_utf8(result).expect("a text"), both());
}

#[test]
fn log_and_diff_read_well() {
    let cause = "The disk is full. It was not before. Somebody has written a large file to it, which is there still.";
    let edited = cause.replace("large", "very large");
    let repository = Repository::new();
    repository.errlore(&["git", "install", "--textconv"]);
    repository.commit(entry(&json!({"root_cause": cause})), "base");
    repository.commit(entry(&json!({"root_cause": edited})), "edit");
    for command in [&["log", "-p", "-1"][..], &["show"], &["diff", "--no-ext-diff", "HEAD~1"]] {
        let output = repository.git(command);
        assert_eq!(output.code, Some(0), "{command:?}: {}", output.stderr);
        let changed: Vec<&str> = output
            .stdout
            .lines()
            .filter(|line| {
                line.starts_with(['+', '-']) && !line.starts_with("---") && !line.starts_with("+++")
            })
            .collect();
        assert_eq!(
            changed,
            [
                "-    | Somebody has written a large file to it, which is there still.",
                "+    | Somebody has written a very large file to it, which is there still.",
            ],
            "{command:?}"
        );
    }
    let output = repository.git(&["diff", "HEAD~1"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stdout.contains("~ root_cause: "), "{}", output.stdout);
    assert!(output.stdout.contains("{+very +}large"), "{}", output.stdout);
    // A rename, a new file, one that is gone, a mode, one that is no entry, one that is unmerged.
    repository.base.git(&["mv", PATH, "entries/b.json"]);
    repository.base.write("entries/none.json", "{");
    repository.base.write("entries/bytes.json", b"\xff\0");
    repository.base.git(&["add", "--all"]);
    let output = repository.git(&["diff", "-M", "HEAD~1", "--"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    for part in ["-> entries/b.json", "{+very +}large", "entries/none.json", "Binary files"] {
        assert!(output.stdout.contains(part), "{part}: {}", output.stdout);
    }
    let unmerged = repository.errlore(&["git", "diff", "a b.json"]);
    assert_eq!(unmerged.stdout, "* Unmerged path a b.json\n");
    let gone = ["git", "diff", "a", "no-such-file", "0", "100644", "/dev/null", ".", "."];
    let gone = repository.errlore(&gone);
    assert!(gone.stderr.contains("no-such-file"), "git goes on: {}", gone.stderr);
}

#[test]
fn the_tools_merge_and_show() {
    let repository = Repository::with(entry(&json!({})), ours(), theirs());
    // Merged without the driver first.
    repository.errlore(&["git", "uninstall"]);
    assert_eq!(repository.git(&["merge", "topic"]).code, Some(1));
    repository.errlore(&["git", "install"]);
    let output = repository.git(&["mergetool", "--no-prompt", "--tool=errlore"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    assert_eq!(repository.base.read(PATH), both());
    assert!(!repository.is_unmerged());

    let output =
        repository.git(&["difftool", "--no-prompt", "--tool=errlore", "topic", "HEAD", "--"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(
        output.stdout.contains("~ confidence: 0.3 -> 0.55"),
        "{}{}",
        output.stdout,
        output.stderr
    );
}

#[test]
fn a_result_is_canonical_though_its_sides_are_not() {
    let ours = ours().replace("  \"", "      \"");
    let (code, result, _) =
        drive(entry(&json!({})).as_bytes(), ours.as_bytes(), theirs().as_bytes());
    assert_eq!(code, Some(0));
    let result = String::from_utf8(result).expect("a text");
    let read: Entry = serde_json::from_str(&result).expect("an entry");
    assert_eq!(canonical(&read), result);
}
