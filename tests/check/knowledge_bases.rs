//! Where a knowledge base is, which configuration rules over it, and what of it is not read.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{self, Base, Output, entry, placeholder};

/// A fault that `check` and `regex` see, and nothing else.
fn misses() -> Value {
    json!({"regex": "another message"})
}

/// `severity rule entry` of each finding, in order.
fn found(output: &Output) -> Vec<String> {
    let word = |found: &Value, key: &str| found[key].as_str().unwrap_or_default().to_owned();
    let name = |found: &Value| {
        [word(found, "severity"), word(found, "rule"), word(found, "entry")].join(" ")
    };
    output.findings().iter().map(name).collect()
}

fn run(base: &Base, folder: &str, arguments: &[&str]) -> Output {
    base.errlore(arguments).args(&["--format", "json"]).within(base.root().join(folder)).output()
}

/// Two knowledge bases: `A` by the defaults, `B` with other levels and another folder of entries.
fn two() -> Base {
    let base = Base::new();
    fs::remove_dir(base.root().join("entries")).expect("it is empty");
    base.write("A/entries/example/a.json", entry("example/a", &misses()));
    base.write("A/entries/example/other.json", entry("example/other", &json!({})));
    base.write("B/kb/example/b.json", entry("example/b", &misses()));
    base.write(
        "B/errlore.toml",
        "entries = [\"kb\"]\n[rules]\nregex-misses-signature = \"warning\"\n",
    );
    base
}

#[test]
fn each_file_is_checked_by_the_configuration_above_it() {
    let base = two();
    let both =
        ["error regex-misses-signature example/a", "warning regex-misses-signature example/b"];
    let (a, b) = ("A/entries/example/a.json", "B/kb/example/b.json");
    for command in ["check", "regex"] {
        for paths in [
            &["A", "B"][..],
            &["B", "A"],
            &[a, b],
            &[b, a],
            &["B", a],
            &["A/entries", "B/kb/example"],
            &["."],
        ] {
            let output = run(&base, "", &[&[command], paths].concat());
            assert_eq!(found(&output), both, "{command} {paths:?}: {}", output.stderr);
            assert_eq!((output.code, output.stderr.as_str()), (Some(1), ""), "{paths:?}");
        }
        // Each by itself, and from within.
        assert_eq!(found(&run(&base, "", &[command, "B"])), [both[1]]);
        assert_eq!(found(&run(&base, "B", &[command, ".", "../A"])), both);
    }
    for format in support::FORMATS {
        let text = |paths: [&str; 2]| {
            base.errlore(&["check", "--format", format]).args(&paths).output().stdout
        };
        assert_eq!(text(["A", "B"]), text(["B", "A"]), "{format}");
    }
}

#[test]
fn two_knowledge_bases_know_nothing_of_each_other() {
    let base = two();
    // The same id in both, and a link to an entry of the other.
    let link = json!({"transition_graph": {"leads_to": [], "preceded_by": [], "frequently_confused_with":
        [{"error_id": "example/other", "distinction": "Another volume."}]}});
    base.write("B/kb/example/b.json", entry("example/b", &link));
    base.write("B/kb/example/a.json", entry("example/a", &json!({})));
    let output = run(&base, "", &["check", "A", "B"]);
    assert!(!output.stdout.contains("duplicate-id"), "{}", output.stdout);
    output.only("unknown-reference");
}

#[test]
fn files_of_two_knowledge_bases_are_formatted_and_fixed() {
    let base = two();
    let files = ["A/entries/example/a.json", "B/kb/example/b.json"];
    for file in files {
        base.write(file, base.read(file).replace("\n  ", "\n "));
    }
    let output = base.errlore(&["fmt", "--check", "B", "A"]).output();
    assert_eq!(output.stdout.lines().collect::<Vec<_>>(), files, "{}", output.stderr);
    assert_eq!(output.code, Some(1));
    let patch = base.errlore(&["check", "--diff", "B", "A"]).output().stdout;
    assert_eq!(patch.matches("\n+++ b/").count(), 2, "{patch}");
    base.errlore(&["check", "--fix", "A"]).output();
    base.errlore(&["fmt", "B"]).output();
    assert_eq!(base.errlore(&["fmt", "--check", "B", "A"]).output().code, Some(0));
}

#[test]
fn a_command_that_is_about_one_knowledge_base_says_so() {
    let base = two();
    for paths in [["A", "B"], ["B", "A"]] {
        let output = base.errlore(&["duplicates"]).args(&paths).output();
        assert_eq!(output.code, Some(2), "{}", output.stdout);
        let said = "the inputs belong to two knowledge bases: `A` and `B`";
        assert!(output.stderr.contains(said), "{}", output.stderr);
    }
    // What lies in none goes with the one that there is.
    base.write("draft.json", entry("example/draft", &json!({})));
    for paths in [["A", "draft.json"], ["draft.json", "B"]] {
        let output = base.errlore(&["duplicates"]).args(&paths).output();
        assert_eq!(output.code, Some(0), "{}", output.stderr);
    }
}

/// A repository with a knowledge base in a folder of it, which has no errlore.toml.
fn in_a_subfolder() -> Base {
    let base = Base::new();
    fs::remove_dir(base.root().join("entries")).expect("it is empty");
    base.git(&["init", "--quiet"]);
    base.write("docs/kb/entries/example/bad.json", entry("example/bad", &misses()));
    base.write("docs/kb/entries/example/good.json", entry("example/good", &json!({})));
    base
}

/// The same knowledge base, named from everywhere: folder and arguments.
const FROM_EVERYWHERE: [(&str, &[&str]); 9] = [
    ("docs/kb", &[]),
    ("docs/kb", &["."]),
    ("docs/kb/entries/example", &[]),
    ("", &["docs/kb"]),
    ("", &["docs/kb/entries"]),
    ("", &["docs/kb/entries/example/bad.json"]),
    ("docs/kb/entries/example", &["bad.json"]),
    ("docs/kb/entries", &["../../../docs/kb"]),
    ("docs", &["kb/entries/example"]),
];

#[test]
fn the_root_is_the_nearest_folder_that_holds_entries() {
    let base = in_a_subfolder();
    let expected = ["error regex-misses-signature example/bad"];
    for decoy in [false, true] {
        if decoy {
            // Something else that is called so.
            base.write("entries/list.json", "{}");
            base.write(
                "docs/kb/entries/example/entries.json",
                entry("example/entries", &json!({})),
            );
        }
        for (folder, arguments) in FROM_EVERYWHERE {
            let output = run(&base, folder, &[&["check"], arguments].concat());
            assert_eq!(found(&output), expected, "{folder} {arguments:?}: {}", output.stderr);
        }
    }
    // A folder that holds the knowledge base further down.
    assert_eq!(found(&run(&base, "", &["check", "docs"])), expected);
}

#[test]
fn where_no_folder_of_entries_is_above_the_message_says_where_it_was_looked_for() {
    let base = in_a_subfolder();
    // Those below are meant, if there are any.
    for folder in ["", "docs"] {
        let output = run(&base, folder, &["check", "--since", "HEAD", "--allow-empty"]);
        assert_eq!(found(&output), ["error regex-misses-signature example/bad"], "{folder}");
        assert_eq!(output.code, Some(1));
    }
    let folder = base.root().join("docs/other");
    fs::create_dir(&folder).expect("a folder");
    let output = base.errlore(&["check"]).within(folder).output();
    assert_eq!(output.code, Some(3));
    assert!(output.stderr.contains("no folder `entries` in . or above it"), "{}", output.stderr);
    fs::remove_dir_all(base.root().join("docs/kb/entries")).expect("a folder");
    base.write("docs/package.json", "{}");
    base.write("docs/errlore.toml", "entries = [\"data\"]\n");
    let output = base.errlore(&["check"]).within(base.root().join("docs/kb")).output();
    assert_eq!(output.code, Some(3));
    assert!(output.stderr.contains("no folder `data` in "), "{}", output.stderr);
    // What else lies there is no entry; and what is beside it is checked.
    assert_eq!(base.errlore(&["check", "docs"]).output().code, Some(3));
    base.write("other/entries/example/bad.json", entry("example/bad", &misses()));
    let output = run(&base, "", &["check", "--allow-empty", "docs", "other"]);
    assert_eq!(found(&output), ["error regex-misses-signature example/bad"]);
}

/// Beside the entries of a knowledge base another one may lie, if it says that it is one.
#[test]
fn a_folder_that_is_named_stands_for_each_knowledge_base_in_it() {
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    base.entry("example/bad", &misses());
    base.write("docs/kb/errlore.toml", "[rules]\nregex-misses-signature = \"note\"\n");
    base.write("docs/kb/entries/inner/bad.json", entry("inner/bad", &misses()));
    base.write("site/entries/page.json", "{}");
    let (outer, inner) =
        ("error regex-misses-signature example/bad", "note regex-misses-signature inner/bad");
    for (folder, arguments, expected) in [
        ("", &["."][..], &[inner, outer][..]),
        ("docs", &[".."], &[outer, inner]),
        ("", &[".", "docs/kb/entries/inner/bad.json"], &[inner, outer]),
        ("", &["docs"], &[inner]),
        ("", &["docs/kb"], &[inner]),
        ("docs/kb", &["."], &[inner]),
        // What is around the working directory is one.
        ("", &[], &[outer]),
        ("", &["entries"], &[outer]),
        ("docs/kb/entries/inner", &[], &[inner]),
    ] {
        let output = run(&base, folder, &[&["check"], arguments].concat());
        assert_eq!(found(&output), expected, "{folder} {arguments:?}: {}", output.stderr);
    }
    base.commit("all");
    base.write("docs/kb/entries/inner/bad.json", entry("inner/bad", &placeholder()));
    let output = run(&base, "", &["check", "--since", "HEAD", "."]);
    assert_eq!(found(&output).len(), 1, "{}", output.stdout);
}

#[test]
fn a_folder_on_the_way_to_the_entries_is_no_root() {
    let base = Base::new();
    base.write(
        "errlore.toml",
        "entries = [\"data/entries\"]\n[rules]\nplaceholder-text = \"note\"\n",
    );
    base.write("data/entries/entries/bad.json", entry("entries/bad", &placeholder()));
    let expected = ["note placeholder-text entries/bad"];
    for folder in ["", "data", "data/entries", "data/entries/entries"] {
        assert_eq!(found(&run(&base, folder, &["check"])), expected, "{folder}");
    }
    // Not even with a configuration of its own.
    base.write("data/errlore.toml", "[rules]\nplaceholder-text = \"off\"\n");
    for path in ["data", "data/entries", "data/entries/entries/bad.json"] {
        assert_eq!(found(&run(&base, "", &["check", path])), expected, "{path}");
    }
}

#[test]
fn a_configuration_among_the_entries_rules_over_nothing_and_is_a_finding() {
    let off = "[rules]\nregex-misses-signature = \"off\"\nunread-file = \"off\"\n";
    for own in ["", "max-file-size = 100_000\n"] {
        let base = Base::new();
        base.git(&["init", "--quiet"]);
        if !own.is_empty() {
            base.write("errlore.toml", own);
        }
        base.entry("aaa/ok", &json!({}));
        base.entry("demo/bad", &misses());
        base.write("entries/aaa/errlore.toml", off);
        let expected = "error regex-misses-signature demo/bad";
        let (ok, bad) = ("entries/aaa/ok.json", "entries/demo/bad.json");
        for paths in [[ok, bad], [bad, ok]] {
            let output = run(&base, "", &[&["check"], &paths[..]].concat());
            assert_eq!(found(&output), [expected], "{paths:?}");
        }
        for command in ["check", "validate", "regex"] {
            for folder in ["", "entries/aaa"] {
                let unread = run(&base, folder, &[command]).only("unread-file");
                assert!(unread["path"].as_str().is_some_and(|path| path.ends_with("errlore.toml")));
                assert!(unread["help"].as_str().is_some_and(|help| help.contains("remove it")));
            }
        }
        // Nor where what it stands in is a repository of its own.
        base.write("entries/aaa/.git", "gitdir: ../../.git/modules/aaa\n");
        base.write(ok, entry("aaa/ok", &misses()));
        let output = run(&base, "", &["check", ok]);
        assert_eq!(found(&output), ["error regex-misses-signature aaa/ok"]);
    }
}

#[test]
fn the_configuration_beside_the_entries_is_no_finding() {
    let base = Base::new();
    base.write("errlore.toml", "entries = [\".\"]\n");
    base.write("example/good.json", entry("example/good", &json!({})));
    assert_eq!(found(&base.check()), [""; 0]);
}

#[test]
fn a_configuration_that_is_named_moves_no_root() {
    let base = in_a_subfolder();
    base.write("docs/kb/errlore.toml", "[rules]\nregex-misses-signature = \"off\"\n");
    let strict = base.root().join("ci/strict.toml");
    base.write("ci/strict.toml", "[rules]\nregex-misses-signature = \"note\"\n");
    let strict = strict.to_str().expect("a path in UTF-8");
    for (folder, arguments) in FROM_EVERYWHERE {
        for command in ["check", "regex"] {
            let arguments = [&[command, "--config", strict], arguments].concat();
            let output = run(&base, folder, &arguments);
            let expected = ["note regex-misses-signature example/bad"];
            assert_eq!(found(&output), expected, "{folder} {arguments:?}: {}", output.stderr);
        }
    }
    for command in [&["validate"][..], &["fmt", "--check"], &["duplicates"]] {
        let run = base.errlore(command).args(&["--config", "../../ci/strict.toml"]);
        let output = run.within(base.root().join("docs/kb")).output();
        assert_eq!(output.code, Some(0), "{command:?}: {}{}", output.stdout, output.stderr);
    }
    // Its folders of entries are those of the knowledge base, not of the place where it lies.
    base.write("ci/strict.toml", "entries = [\"other\"]\n");
    base.write("docs/kb/other/example/new.json", entry("example/new", &misses()));
    let output = run(&base, "docs/kb/other/example", &["check", "--config", strict]);
    assert_eq!(found(&output), ["error regex-misses-signature example/new"], "{}", output.stderr);
    // So that they cannot be written as they lie from there.
    base.write("ci/strict.toml", "entries = [\"../docs/kb/entries\"]\n");
    for folder in ["", "ci", "docs/kb"] {
        let output = run(&base, folder, &["check", "--config", strict]);
        assert_eq!(output.code, Some(2), "{folder}: {}", output.stdout);
        for said in [
            "strict.toml: the folder of entries `../docs/kb/entries` leads out of the knowledge base\n",
            "help: it is counted from the root of the knowledge base",
        ] {
            assert!(output.stderr.contains(said), "{folder}: {}", output.stderr);
        }
    }
}

#[test]
fn what_one_of_two_knowledge_bases_ignores_is_not_unused() {
    let base = two();
    base.write(
        "strict.toml",
        "entries = [\"entries\", \"kb\"]\n[[ignore]]\nrule = \"regex-misses-signature\"\n\
         entry = \"example/a\"\nreason = \"a specimen\"\n",
    );
    let unused = |paths: &[&str]| {
        let output = run(&base, "", &[&["check", "--config", "strict.toml"], paths].concat());
        found(&output).iter().any(|found| found.contains("unused-ignore"))
    };
    assert_eq!((unused(&["A", "B"]), unused(&["A"]), unused(&["B"])), (false, false, true));
}

#[test]
fn standard_input_without_a_name_is_held_against_the_knowledge_base() {
    let base = Base::new();
    base.entry("example/a", &json!({}));
    let link = json!({"transition_graph": {"leads_to": [], "preceded_by": [], "frequently_confused_with":
        [{"error_id": "example/a", "distinction": "Another volume."}]}});
    let check = |folder: &str, text: String| {
        let run = base.errlore(&["check", "-", "--format", "json"]);
        let output = run.within(base.root().join(folder)).input(text).output();
        let rules = output.findings().into_iter().filter(|found| found["severity"] != "note");
        rules.map(|found| found["rule"].to_string()).collect::<Vec<_>>()
    };
    for folder in ["", "entries", "entries/example"] {
        assert_eq!(check(folder, entry("example/new", &link)), [""; 0], "from {folder}");
        // An entry that is there is not its own double.
        assert_eq!(check(folder, base.read("entries/example/a.json")), [""; 0], "from {folder}");
    }
    let to_nothing = entry("example/new", &link).replace("example/a", "example/no-such");
    assert_eq!(check("", to_nothing), ["\"unknown-reference\""]);
    // Where there is none, it stands for itself.
    let output = base
        .errlore(&["check", "-", "--format", "json"])
        .within(base.home())
        .input(entry("example/new", &misses()))
        .output();
    assert_eq!(found(&output), ["error regex-misses-signature example/new"]);
    assert!(output.stderr.starts_with("no knowledge base is around"), "{}", output.stderr);
    let drafts = base.home().join("drafts/example");
    fs::create_dir_all(&drafts).expect("a folder");
    fs::write(drafts.join("new.json"), entry("example/new", &link)).expect("a file");
    let output = base.errlore(&["check", "new.json"]).within(&drafts).output();
    assert_eq!((output.code, &*output.stdout), (Some(0), "no findings in 1 file\n"));
    assert!(output.stderr.contains("what it links to is not looked up"), "{}", output.stderr);
    // A folder without a knowledge base stands for one.
    let output = base.errlore(&["check", "drafts"]).within(base.home()).output();
    assert!(output.stdout.contains("error[unknown-reference]"), "{}", output.stdout);
}

#[test]
fn annotations_are_counted_from_the_top_of_the_repository() {
    let base = in_a_subfolder();
    let expected = "::error file=docs/kb/entries/example/bad.json,line=";
    for (folder, arguments) in FROM_EVERYWHERE {
        let github = base.errlore(&["check", "--format", "github"]).args(arguments);
        let github = github.within(base.root().join(folder)).output().stdout;
        assert!(github.starts_with(expected), "{folder} {arguments:?}: {github}");
    }
    // The other formats count from the working directory.
    let json = run(&base, "docs/kb", &["check"]);
    assert_eq!(json.findings()[0]["path"], "entries/example/bad.json");
    // Without a repository the workspace counts, where the files lie in it.
    fs::rename(base.root().join(".git"), base.home().join("git")).expect("a folder");
    for (workspace, expected) in [
        (base.root(), "file=docs/kb/entries/example/bad.json,"),
        (&base.root().join("docs"), "file=kb/entries/example/bad.json,"),
        (Path::new("/no/such/folder"), "file=entries/example/bad.json,"),
    ] {
        let github = base.errlore(&["check", "--format", "github"]);
        let github = github.env("GITHUB_WORKSPACE", workspace).within(base.root().join("docs/kb"));
        let github = github.output().stdout;
        assert!(github.contains(expected), "{}: {github}", workspace.display());
    }
}

#[test]
fn annotations_on_what_a_change_loses_are_counted_from_there_too() {
    let base = in_a_subfolder();
    base.commit("before");
    let path = "docs/kb/entries/example/good.json";
    base.write(path, entry("example/good", &misses()));
    let run = base.errlore(&["regex", "--since", "HEAD", "--format", "github"]);
    let github = run.within(base.root().join("docs/kb")).output().stdout;
    assert!(github.contains("::warning file=docs/kb/entries/example/good.json,"), "{github}");
}

/// What a reader may take for an entry, and is not read.
const UNREAD: [&str; 9] = [
    "bad.JSON",
    "bad.Json",
    "bad.json5",
    "bad.jsonc",
    "bad.json ",
    "bad.json\u{200b}",
    ".bad.json",
    ".json",
    ".hidden/bad.json",
];

#[test]
#[cfg(unix)]
fn what_is_not_read_is_a_finding() {
    for name in UNREAD {
        let base = Base::new();
        base.entry("example/good", &json!({}));
        let path = format!("entries/example/{name}");
        base.write(&path, entry("example/bad", &json!({})));
        // What nobody takes for an entry.
        for other in ["README.md", ".gitkeep", "notes.txt", "bad.json.orig", "data.csv"] {
            base.write(format!("entries/example/{other}"), "{");
        }
        for command in ["check", "validate", "regex"] {
            // A hook names the file.
            for paths in [&[][..], &["entries"], &[&path]] {
                let output = run(&base, "", &[&[command], paths].concat());
                assert_eq!(
                    output.places(),
                    [format!("{path}:1:1 unread-file")],
                    "{command} {paths:?}"
                );
                assert_eq!(output.code, Some(1), "{command} {name}");
            }
        }
        let output = base.errlore(&["fmt"]).output();
        assert_eq!(output.code, Some(1), "{name}: {}", output.stdout);
        assert!(output.stdout.contains("error[unread-file]"), "{name}: {}", output.stdout);
        let found = base.check().only("unread-file");
        assert!(found["help"].as_str().is_some_and(|help| help.contains("move it out")), "{found}");
        // A text for it from an editor changes nothing about its name.
        let editor = base.errlore(&["validate", "-", "--stdin-filename", &path]);
        assert_eq!(editor.input(entry("example/bad", &json!({}))).output().code, Some(1), "{name}");
    }
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A base with a folder of entries beside those that are read.
    fn beside() -> Base {
        let base = Base::new();
        base.write("docs/x/bad.json", entry("x/bad", &misses()));
        base
    }

    /// The paths of what is not read.
    fn unread(output: &Output) -> Vec<String> {
        output
            .findings()
            .iter()
            .filter(|found| found["rule"] == "unread-file")
            .map(|found| found["path"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    #[test]
    fn a_link_of_any_name_is_a_finding() {
        let base = beside();
        let links: Vec<PathBuf> = ["to-a-folder", "to-a-file", "README.md", "to-nothing"]
            .map(|name| base.root().join("entries").join(name))
            .into();
        for (link, target) in links.iter().zip(["docs/x", "docs/x/bad.json", "README.md", "none"]) {
            symlink(Path::new("..").join(target), link).expect("a link");
        }
        let expected = ["README.md", "to-a-file", "to-a-folder", "to-nothing"];
        let expected = expected.map(|name| format!("entries/{name}"));
        for command in ["check", "validate", "regex"] {
            let output = run(&base, "", &[command]);
            assert_eq!(unread(&output), expected, "{}", output.stderr);
            assert!(!output.stdout.contains("x/bad"), "{}", output.stdout);
        }
        // Named by a hook, and what is behind it.
        for path in ["entries/to-a-folder", "entries/to-a-folder/bad.json", "entries/to-a-folder/"]
        {
            let output = run(&base, "", &["check", path]);
            assert_eq!(unread(&output), ["entries/to-a-folder"], "{path}: {}", output.stdout);
            assert_eq!(output.code, Some(1));
        }
        let run = run(&base, "docs", &["check", "../entries/to-a-folder/bad.json"]);
        assert_eq!(unread(&run), ["../entries/to-a-folder"]);
    }

    #[test]
    fn a_link_in_the_place_of_the_folder_of_entries_is_a_finding() {
        for (toml, link, target) in [
            ("", "entries", "docs"),
            ("", "entries", "no-such-folder"),
            ("", "entries", "../outside"),
            ("entries = [\"data/entries\"]\n", "data", "docs"),
            ("entries = [\"data/entries\"]\n", "data/entries", "../docs"),
        ] {
            let base = beside();
            fs::remove_dir(base.root().join("entries")).expect("it is empty");
            fs::create_dir(base.home().join("outside")).expect("a folder outside");
            if !toml.is_empty() {
                base.write("errlore.toml", toml);
                base.write("docs/entries/x/bad.json", entry("x/bad", &misses()));
                if link.contains('/') {
                    fs::create_dir(base.root().join("data")).expect("a folder");
                }
            }
            symlink(target, base.root().join(link)).expect("a link");
            let behind = format!("{link}/x/bad.json");
            for paths in [&[][..], &["."], &[link], &[&behind]] {
                for command in ["check", "validate"] {
                    let output = run(&base, "", &[&[command], paths].concat());
                    let of = format!("{link} -> {target} {paths:?}: {}", output.stderr);
                    assert_eq!(unread(&output), [link], "{of}");
                    assert_eq!(output.code, Some(1), "{of}");
                    assert!(!output.stdout.contains("x/bad"), "{of}");
                }
            }
        }
    }

    #[test]
    fn a_link_above_the_knowledge_base_is_followed() {
        let base = Base::new();
        base.entry("example/bad", &misses());
        symlink("base", base.home().join("short")).expect("a link");
        for path in ["short", "short/entries", "short/entries/example/bad.json"] {
            let run = base.errlore(&["check", path, "--format", "json"]).within(base.home());
            assert_eq!(
                found(&run.output()),
                ["error regex-misses-signature example/bad"],
                "{path}"
            );
        }
    }
}
