//! Which files a run is about: paths, lists of paths, standard input, what has changed in git.

use std::fs;

use serde_json::json;

use crate::support::{self, Base, Output, place, placeholder, stale};

/// The names of the entries that findings are about, sorted, each once.
fn entries(output: &Output) -> Vec<String> {
    let mut names: Vec<String> = output
        .findings()
        .iter()
        .filter_map(|found| {
            let name = found["path"].as_str()?.rsplit('/').next()?;
            Some(name.trim_end_matches(".json").to_owned())
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// A base with three faulty entries.
fn three() -> Base {
    let base = Base::new();
    for id in ["example/a", "example/b", "example/c"] {
        base.entry(id, &placeholder());
    }
    base
}

/// The same in git, all of it committed.
fn three_in_git() -> Base {
    let base = three();
    base.git(&["init", "--quiet"]);
    base.commit("three entries");
    base
}

/// Another entry with a fault, so that a file differs.
fn changed() -> serde_json::Value {
    json!({"root_cause": "TODO: find out", "tags": ["changed"]})
}

fn json_of(base: &Base, arguments: &[&str]) -> Output {
    // What is in scope shows on findings that stood there before, too.
    let all = arguments.iter().any(|argument| argument.starts_with("--since")).then_some("--all");
    base.errlore(&["check", "--format", "json"]).args(arguments).args(all.as_slice()).output()
}

#[test]
fn paths_narrow_the_scope() {
    let base = three();
    base.entry("other/d", &placeholder());
    assert_eq!(entries(&json_of(&base, &[])), ["a", "b", "c", "d"]);
    assert_eq!(entries(&json_of(&base, &["entries/example/b.json"])), ["b"]);
    assert_eq!(entries(&json_of(&base, &["entries/example"])), ["a", "b", "c"]);
    assert_eq!(entries(&json_of(&base, &["entries/other", "entries/example/a.json"])), ["a", "d"]);
    assert_eq!(entries(&json_of(&base, &["."])), ["a", "b", "c", "d"]);
    let twice = json_of(&base, &["entries/example/b.json", "./entries/../entries/example/b.json"]);
    assert_eq!(twice.findings().len(), 1, "a file that is named twice is checked once");
}

#[test]
fn validate_and_regex_run_their_own_rules() {
    let base = three();
    base.entry("example/d", &json!({"regex": "another message"}));
    base.write("entries/example/e.json", "{\"id\": \"example/e\"}\n");
    let rules = |command: &str| {
        let output = base.errlore(&[command, "--format", "json"]).output();
        let mut rules: Vec<_> = output
            .findings()
            .iter()
            .map(|found| found["rule"].as_str().map(str::to_owned))
            .collect();
        rules.sort();
        rules.dedup();
        rules.into_iter().flatten().collect::<Vec<_>>()
    };
    assert_eq!(rules("validate"), ["schema-violation"]);
    // An entry without a pattern is not clean.
    assert_eq!(rules("regex"), ["regex-misses-signature", "schema-violation"]);
}

#[test]
fn a_pair_counts_when_either_side_is_in_scope() {
    let base = Base::new();
    base.entry("example/a", &json!({}));
    let copy = base.read("entries/example/a.json");
    base.write("entries/example/z.json", &copy);
    base.entry("example/apart", &json!({}));
    for (path, names) in
        [("entries/example/a.json", ["a", "z"]), ("entries/example/z.json", ["z", "a"])]
    {
        let output = json_of(&base, &[path]);
        let found = output.only("duplicate-id");
        let places = [support::place_of(&found), support::place_of(&found["related"][0])];
        let both = names
            .map(|name| place(&format!("entries/example/{name}.json"), &copy, "\"example/a\""));
        assert_eq!(places, both, "the file that was named comes first");
        assert_eq!(output.code, Some(1));
    }
    let output = json_of(&base, &["entries/example/apart.json"]);
    assert_eq!(output.places(), [""; 0]);
}

#[test]
fn links_are_held_against_the_whole_base() {
    let base = Base::new();
    let link = |id: &str| json!({"transition_graph": {"frequently_confused_with": [{"error_id": id, "distinction": "Another volume."}]}});
    let path = base.entry("example/a", &link("example/b"));
    base.entry("example/b", &link("example/a"));
    assert_eq!(json_of(&base, &[&path]).places(), [""; 0], "what is out of scope is there");
    fs::remove_file(base.root().join("entries/example/b.json")).expect("a file");
    json_of(&base, &[&path]).only("unknown-reference");
}

#[test]
fn files_from_a_list() {
    let base = three();
    base.write("lines.txt", "entries/example/a.json\nentries/example/c.json\n");
    base.write("crlf.txt", "entries/example/a.json\r\n\r\nentries/example/c.json");
    base.write("nul.bin", "entries/example/a.json\0entries/example/c.json\0");
    for list in ["lines.txt", "crlf.txt", "nul.bin"] {
        let output = json_of(&base, &["--files-from", list]);
        assert_eq!(entries(&output), ["a", "c"], "{list}");
    }
    let output = json_of(&base, &["--files-from", "lines.txt", "entries/example/b.json"]);
    assert_eq!(entries(&output), ["a", "b", "c"], "beside what is named");
    for list in [
        "entries/example/a.json\nentries/example/c.json\n",
        "entries/example/a.json\0entries/example/c.json",
    ] {
        let run = base.errlore(&["check", "--format", "json", "--files-from", "-"]);
        assert_eq!(entries(&run.input(list).output()), ["a", "c"]);
    }
}

#[test]
#[cfg(unix)]
fn names_in_a_nul_list_are_taken_as_they_are() {
    let base = three();
    let text = base.read("entries/example/a.json");
    for name in [
        "entries/example/line\nbreak.json",
        "entries/example/blank .json",
        "entries/example/-dash.json",
    ] {
        base.write(name, &text);
        let run = base.errlore(&["check", "--format", "json", "--files-from", "-"]);
        let output = run.input(format!("{name}\0")).output();
        assert!(
            output.findings().iter().any(|found| found["path"] == name),
            "{name:?}: {}",
            output.stdout
        );
    }
}

#[test]
fn a_list_with_faults() {
    let base = three();
    let output = json_of(&base, &["--files-from", "no-such-list.txt"]);
    assert_eq!(output.code, Some(2), "{}", output.stderr);
    assert!(output.stderr.contains("no-such-list.txt"), "{}", output.stderr);
    base.write("missing.txt", "entries/example/a.json\nentries/example/missing.json\n");
    let output = json_of(&base, &["--files-from", "missing.txt"]);
    assert_eq!((output.code, entries(&output)), (Some(2), vec!["a".to_owned()]));
    base.write("empty.txt", "\n");
    let output = json_of(&base, &["--files-from", "empty.txt"]);
    assert_eq!(output.code, Some(3), "an empty list names nothing, not everything");
    let output = json_of(&base, &["--files-from", "empty.txt", "--allow-empty"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
}

#[test]
fn standard_input_stands_in_for_the_file_of_its_name() {
    let base = Base::new();
    let path = base.entry("example/a", &placeholder());
    base.entry("example/other", &placeholder());
    let good = support::entry("example/a", &json!({}));
    let run = base.errlore(&["check", "-", "--stdin-filename", &path, "--format", "json"]);
    let output = run.input(good.clone()).output();
    assert_eq!(output.places(), [""; 0], "what an editor holds counts, and only that");
    assert_eq!(output.code, Some(0));
    base.write(&path, &good);
    let bad = support::entry("example/a", &placeholder());
    let run = base.errlore(&["check", "-", "--stdin-filename", &path, "--format", "json"]);
    let output = run.input(bad.clone()).output();
    assert_eq!(output.places(), [place(&path, &bad, "\"TODO") + " placeholder-text"]);
    assert_eq!(base.read(&path), good, "the file is left alone");
}

#[test]
fn standard_input_of_a_file_that_is_not_there_yet() {
    let base = Base::new();
    base.entry("example/a", &json!({}));
    let path = "entries/example/new.json";
    let text = support::entry("example/a", &json!({}));
    let run = base.errlore(&["check", "-", "--stdin-filename", path, "--format", "json"]);
    let output = run.input(text).output();
    let rules: Vec<_> = output.findings().iter().map(|found| found["rule"].clone()).collect();
    assert_eq!(
        rules,
        ["duplicate-id", "id-path-mismatch"],
        "its place in the base counts: {}",
        output.stdout
    );
    assert!(!base.root().join(path).exists());
}

#[test]
fn standard_input_without_a_name() {
    let base = Base::new();
    base.entry("example/a", &json!({}));
    let text = support::entry("example/new", &placeholder());
    let output = base.errlore(&["check", "-", "--format", "json"]).input(text.clone()).output();
    assert_eq!(output.places(), [place("<stdin>", &text, "\"TODO") + " placeholder-text"]);
    assert_eq!(output.code, Some(1));
    let output = base.errlore(&["validate", "-"]).input(text).output();
    assert_eq!(output.code, Some(0), "{}", output.stdout);
}

#[test]
fn standard_input_cannot_be_two_things() {
    let base = three();
    let output = base.errlore(&["check", "-", "--files-from", "-"]).output();
    assert_eq!(output.code, Some(2), "{}", output.stderr);
    let output = base.errlore(&["check", "--stdin-filename", "entries/example/a.json"]).output();
    assert_eq!(output.code, Some(2), "a name for nothing");
    assert!(output.stderr.contains("--stdin-filename"), "{}", output.stderr);
}

#[test]
fn since_takes_what_has_changed_and_what_is_new() {
    let base = three_in_git();
    base.entry("example/a", &changed());
    base.commit("a changed");
    base.entry("example/d", &placeholder());
    let output = json_of(&base, &["--since", "HEAD~1"]);
    assert_eq!(entries(&output), ["a", "d"], "the file of the commit and the one not tracked yet");
    assert_eq!(output.code, Some(1));
    assert_eq!(entries(&json_of(&base, &["--since", "HEAD"])), ["d"]);
    base.entry("example/b", &changed());
    assert_eq!(entries(&json_of(&base, &["--since", "HEAD"])), ["b", "d"], "in the work tree");
    base.git(&["add", "--all"]);
    assert_eq!(entries(&json_of(&base, &["--since", "HEAD"])), ["b", "d"], "in the index");
    assert_eq!(
        entries(&json_of(
            &base,
            &["--since", "HEAD", "entries/example/b.json", "entries/example/c.json"]
        )),
        ["b"],
        "both must hold"
    );
}

#[test]
fn since_leaves_out_what_git_ignores_and_tells_what_is_gone() {
    let base = three_in_git();
    base.write(".gitignore", "entries/example/ignored.json\n");
    base.commit("ignores");
    base.entry("example/ignored", &placeholder());
    fs::remove_file(base.root().join("entries/example/a.json")).expect("a file");
    let output = json_of(&base, &["--since", "HEAD"]);
    assert_eq!(output.places(), ["entries/example/a.json:2:9 removed-id"], "{}", output.stderr);
}

#[test]
fn since_goes_by_the_merge_base() {
    let base = three_in_git();
    base.git(&["checkout", "--quiet", "-b", "topic"]);
    base.entry("example/a", &changed());
    base.commit("a changed on the branch");
    base.git(&["checkout", "--quiet", "main"]);
    base.entry("example/b", &changed());
    base.commit("b changed on main");
    base.git(&["checkout", "--quiet", "topic"]);
    // b differs between the two as well, but not by this branch's doing.
    assert_eq!(entries(&json_of(&base, &["--since", "main"])), ["a"]);
}

#[test]
fn since_without_a_common_ancestor_takes_the_revision_itself() {
    let base = three_in_git();
    base.git(&["checkout", "--quiet", "--orphan", "apart"]);
    base.entry("example/a", &changed());
    base.commit("another beginning");
    assert_eq!(entries(&json_of(&base, &["--since", "main"])), ["a"]);
}

#[test]
fn since_works_from_any_folder_below() {
    let base = three_in_git();
    base.entry("example/a", &changed());
    let run = base.errlore(&["check", "--format", "json", "--since", "HEAD", "--all"]);
    let output = run.within(base.root().join("entries/example")).output();
    assert_eq!(entries(&output), ["a"], "{}", output.stderr);
}

#[test]
fn since_with_nothing_changed_is_clean() {
    let base = three_in_git();
    for format in support::FORMATS {
        let output = base.errlore(&["check", "--since", "HEAD", "--format", format]).output();
        assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn since_an_unknown_revision_is_an_error() {
    let base = three_in_git();
    for revision in ["no-such-branch", "HEAD~99", "--all", "", "HEAD:entries", "main..HEAD"] {
        let output = json_of(&base, &[&format!("--since={revision}")]);
        assert_eq!(output.code, Some(2), "{revision}: {}{}", output.stdout, output.stderr);
        assert!(output.stderr.starts_with("error"), "{revision}: {}", output.stderr);
        assert_eq!(output.stdout, "", "{revision}");
    }
}

#[test]
fn since_outside_of_git_is_an_error() {
    let base = three();
    let output = json_of(&base, &["--since", "HEAD"]);
    assert_eq!(output.code, Some(2), "{}{}", output.stdout, output.stderr);
    assert!(output.stderr.contains("git"), "{}", output.stderr);
}

#[test]
fn since_reports_a_pair_with_an_unchanged_entry() {
    let base = Base::new();
    base.entry("example/z", &json!({}));
    base.entry("example/stale", &stale());
    base.git(&["init", "--quiet"]);
    base.commit("the first");
    base.write("entries/example/a.json", base.read("entries/example/z.json"));
    let output = json_of(&base, &["--since", "HEAD"]);
    let found = output.only("duplicate-id");
    assert_eq!(found["path"], "entries/example/a.json", "the file that is new");
    assert_eq!(found["related"][0]["path"], "entries/example/z.json", "the unchanged one");
    assert!(!output.stdout.contains("stale-entry"), "{}", output.stdout);
}

#[test]
#[cfg(unix)]
fn since_knows_odd_names() {
    let base = three_in_git();
    for (index, name) in ["line\nbreak", "消息", "quo\"te", " blank"].iter().enumerate() {
        let text = support::entry(&format!("example/odd-{index}"), &json!({}));
        base.write(format!("entries/example/{name}.json"), text);
    }
    let output = json_of(&base, &["--since", "HEAD"]);
    assert_eq!(entries(&output), [" blank", "line\nbreak", "quo\"te", "消息"]);
}

#[test]
fn since_reads_no_command_from_a_repository() {
    // A knowledge base from elsewhere may carry a configuration that runs programs for a diff.
    let base = three_in_git();
    base.write(".gitattributes", "*.json diff=odd\n");
    base.git(&["config", "diff.odd.command", "touch executed"]);
    base.git(&["config", "diff.odd.textconv", "touch executed"]);
    base.git(&["config", "diff.external", "touch executed"]);
    base.entry("example/a", &changed());
    let output = json_of(&base, &["--since", "HEAD"]);
    assert_eq!(entries(&output), ["a"]);
    assert!(!base.root().join("executed").exists());
}

/// The ids that are told as gone since the last commit, and the exit status, as for a hook.
fn gone(base: &Base) -> (Vec<String>, Option<i32>) {
    let output = json_of(base, &["--since", "HEAD", "--allow-empty"]);
    let found = output.findings();
    let gone = found.iter().filter(|found| found["rule"] == "removed-id");
    let mut gone: Vec<String> = gone
        .filter_map(|found| Some(found["message"].as_str()?.split('`').nth(1)?.to_owned()))
        .collect();
    gone.sort();
    (gone, output.code)
}

/// Three sound entries in a knowledge base in a folder of a repository, committed.
fn committed(folder: &str) -> Base {
    let base = Base::new();
    fs::remove_dir(base.root().join("entries")).expect("it is empty");
    for id in ["example/a", "example/b", "more/c"] {
        base.write(format!("{folder}entries/{id}.json"), support::entry(id, &json!({})));
    }
    base.git(&["init", "--quiet"]);
    base.commit("three entries");
    base
}

#[test]
fn since_tells_of_a_whole_folder_that_is_gone() {
    let all = ["example/a", "example/b", "more/c"].map(str::to_owned).to_vec();
    for folder in ["", "docs/kb/"] {
        for configuration in [None, Some("entries = [\"entries\"]\n")] {
            let base = committed(folder);
            if let Some(configuration) = configuration {
                base.write(format!("{folder}errlore.toml"), configuration);
                base.commit("a configuration");
            }
            base.git(&["rm", "-r", "--quiet", &format!("{folder}entries")]);
            let what = format!("{folder} {configuration:?}");
            assert_eq!(gone(&base), (all.clone(), Some(1)), "{what}");
            base.commit("nothing is left");
            assert_eq!(gone(&base), (Vec::new(), Some(0)), "{what}");
        }
    }
    // One of several folders of entries.
    let base = committed("");
    fs::create_dir(base.root().join("other")).expect("a folder");
    base.git(&["mv", "entries/more", "other/more"]);
    base.write("errlore.toml", "entries = [\"entries\", \"other\"]\n");
    base.commit("two folders");
    base.git(&["rm", "-r", "--quiet", "other"]);
    assert_eq!(gone(&base).0, ["more/c"]);
}

#[test]
fn since_knows_the_folders_of_entries_of_before() {
    for configuration in [None, Some("entries = [\"entries\"]\n")] {
        let base = committed("");
        if let Some(configuration) = configuration {
            base.write("errlore.toml", configuration);
            base.commit("a configuration");
        }
        base.git(&["mv", "entries", "kb"]);
        base.write("errlore.toml", "entries = [\"kb\"]\n");
        base.git(&["add", "--all"]);
        assert_eq!(gone(&base), (Vec::new(), Some(0)), "{configuration:?}");
        base.git(&["rm", "--quiet", "--force", "kb/more/c.json"]);
        assert_eq!(gone(&base), (vec!["more/c".to_owned()], Some(1)), "{configuration:?}");
    }
    // Moved without a configuration that tells.
    let base = committed("docs/kb/");
    base.git(&["mv", "docs/kb", "docs/other"]);
    assert_eq!(gone(&base), (Vec::new(), Some(0)));
    base.git(&["rm", "--quiet", "--force", "docs/other/entries/more/c.json"]);
    assert_eq!(gone(&base), (vec!["more/c".to_owned()], Some(1)));
}
