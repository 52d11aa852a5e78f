//! Fixes: what `--fix`, `--unsafe-fixes` and `--diff` change, and what they leave alone.

use std::fs;

use serde_json::json;

use crate::support::{self, Base, entry};

const FIXABLE: [&str; 3] = ["not-canonical", "half-width-punctuation", "reference-to-alias"];

/// A base with a finding of each rule in [`FIXABLE`], and one file that has all three.
fn fixable() -> Base {
    let base = Base::new();
    let link = |target: &str| json!({"leads_to": [{"error_id": target, "probability": 0.2}]});
    let back = json!({"preceded_by": [
        {"error_id": "example/full", "probability": 0.2},
        {"error_id": "example/all", "probability": 0.2},
    ]});
    base.entry(
        "example/read-only",
        &json!({"aliases": ["example/readonly"], "transition_graph": back}),
    );
    base.entry("example/full", &json!({"transition_graph": link("example/readonly")}));
    base.entry("example/wide", &json!({"root_cause_zh": "磁盘已满,无法写入!请清理。"}));
    let text = entry("example/form", &json!({}));
    base.write("entries/example/form.json", text.replace("\n  ", "\n\t").trim_end());
    let all = json!({"root_cause_zh": "磁盘已满,无法写入。", "transition_graph": link("example/readonly")});
    base.write("entries/example/all.json", entry("example/all", &all).replace("\n    ", "\n  "));
    base
}

/// The rules that find something.
fn rules(base: &Base) -> Vec<String> {
    let mut rules: Vec<String> = base
        .check()
        .findings()
        .iter()
        .filter_map(|found| Some(found["rule"].as_str()?.to_owned()))
        .collect();
    rules.sort();
    rules.dedup();
    rules
}

/// All files below the folder of entries, with their bytes.
fn files(base: &Base) -> Vec<(String, Vec<u8>)> {
    let folder = base.root().join("entries/example");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|file| {
            let path = file.expect("a file").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("a file that can be read"))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn fix_mends_what_is_safe_to_mend() {
    let base = fixable();
    let before = rules(&base);
    for rule in FIXABLE {
        assert!(before.iter().any(|found| found == rule), "{rule} is there: {before:?}");
    }
    let output = base.errlore(&["check", "--fix"]).output();
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    let named =
        ["all", "form", "full", "wide"].map(|name| format!("wrote entries/example/{name}.json\n"));
    assert_eq!(output.stderr, named.concat() + "fixed 7 findings in 4 files\n");
    assert_eq!(rules(&base), [""; 0], "nothing is left and nothing is new");
    let full = base.read("entries/example/full.json");
    assert!(full.contains("\"error_id\": \"example/read-only\""), "{full}");
    let wide = base.read("entries/example/wide.json");
    assert!(wide.contains("磁盘已满，无法写入！请清理。"), "{wide}");
    assert_eq!(base.read("entries/example/form.json"), entry("example/form", &json!({})));
}

#[test]
fn a_second_fix_changes_nothing() {
    let base = fixable();
    base.errlore(&["check", "--fix"]).output();
    let once = files(&base);
    let output = base.errlore(&["check", "--fix"]).output();
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
    assert_eq!(files(&base), once);
    assert_eq!(once.len(), 5, "no temporary file stays behind");
}

#[test]
fn the_report_after_a_fix_is_about_what_is_left() {
    let base = fixable();
    base.entry("example/bad", &support::placeholder());
    let output = base.errlore(&["check", "--fix", "--format", "json"]).output();
    assert_eq!(output.code, Some(1));
    assert_eq!(output.places(), base.check().places(), "places are those in the new files");
    output.only("placeholder-text");
}

#[test]
fn fix_keeps_to_the_scope() {
    let base = fixable();
    let form = fs::read(base.root().join("entries/example/form.json")).expect("the file");
    base.errlore(&["check", "--fix", "entries/example/wide.json"]).output();
    assert_eq!(fs::read(base.root().join("entries/example/form.json")).expect("the file"), form);
    assert!(base.read("entries/example/wide.json").contains('，'));
}

#[test]
fn a_file_that_was_not_named_is_not_fixed_and_does_not_count() {
    let base = Base::new();
    base.entry("example/one", &json!({}));
    base.entry("example/three", &json!({}));
    base.entry("example/two", &json!({"category": "resource"}));
    let two = base.read("entries/example/two.json");
    let check = |more: &[&str]| {
        let run = base.errlore(&["check", "entries/example/one.json", "--fail-on", "warning"]);
        run.args(more).output()
    };
    let output = check(&[]);
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    assert!(!output.stdout.contains("0 files"), "{}", output.stdout);
    for fix in ["--fix", "--unsafe-fixes"] {
        let output = check(&[fix]);
        assert_eq!((output.code, &*output.stderr), (Some(0), ""), "{}", output.stdout);
        assert_eq!(base.read("entries/example/two.json"), two, "{fix}");
        assert_eq!(check(&[fix, "--diff"]).stdout, "", "{fix}");
    }
    let output = base.errlore(&["check", "--unsafe-fixes", "entries/example/two.json"]).output();
    assert!(output.stderr.starts_with("wrote entries/example/two.json\n"), "{}", output.stderr);
    assert_ne!(base.read("entries/example/two.json"), two);
}

#[test]
fn a_pair_counts_whichever_side_was_named() {
    let base = Base::new();
    let ids = ["example/one", "example/two"];
    for id in ids {
        base.write(format!("entries/{id}.json"), entry("example/one", &json!({})));
    }
    for id in ids {
        let output = base.errlore(&["check", &format!("entries/{id}.json")]).output();
        assert_eq!(output.code, Some(1), "{}", output.stdout);
        assert!(output.stdout.contains("duplicate-id"), "{}", output.stdout);
    }
}

#[test]
#[cfg(unix)]
fn a_file_that_cannot_be_fixed_stops_no_other() {
    use std::os::unix::fs::PermissionsExt;
    let base = fixable();
    let path = |name: &str| base.root().join("entries/example").join(name);
    let closed = fs::Permissions::from_mode(0o444);
    fs::set_permissions(path("all.json"), closed).expect("own file");
    fs::hard_link(path("form.json"), base.home().join("second name")).expect("a second name");
    let before = files(&base);
    let output = base.errlore(&["check", "--fix", "--format", "concise"]).output();
    assert_eq!(output.code, Some(2), "{}", output.stderr);
    for (name, why) in [("all.json", "it is read-only"), ("form.json", "hard links")] {
        let line = output.stderr.lines().find(|line| line.contains(name)).unwrap_or_default();
        assert!(line.contains("cannot write") && line.contains(why), "{}", output.stderr);
        // The report is about what is there.
        assert!(output.stdout.contains(&format!("example/{name}:")), "{name}: {}", output.stdout);
    }
    let left: Vec<String> = files(&base)
        .into_iter()
        .zip(before)
        .filter_map(|(now, before)| (now == before).then_some(now.0))
        .collect();
    assert_eq!(left, ["all.json", "form.json", "read-only.json"]);
    let output = base.errlore(&["fmt", "entries/example/form.json"]).output();
    assert_eq!(output.code, Some(2), "{}", output.stderr);
    assert!(output.stderr.contains("hard links"), "{}", output.stderr);
}

#[test]
fn unsafe_fixes_are_asked_for() {
    let base = Base::new();
    let path =
        base.entry("example/odd", &json!({"root_cause": "Run \u{202e}this\u{202c} now, or wait."}));
    let before = base.read(&path);
    let output = base.errlore(&["check", "--fix"]).output();
    assert_eq!(output.code, Some(1));
    assert_eq!(base.read(&path), before, "it may change the meaning");
    let output = base.errlore(&["check", "--unsafe-fixes"]).output();
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    assert!(base.read(&path).contains("\"Run this now, or wait.\""));
}

#[test]
fn fix_loses_nothing_that_it_does_not_understand() {
    let base = Base::new();
    // Two texts under one key, a value that the schema refuses, a number of many digits, own keys.
    let text = entry("example/odd", &json!({"root_cause_zh": "磁盘已满,无法写入。"}))
        .replace("\n  ", "\n ");
    let twice = text.replace("\"aliases\": []", "\"aliases\": [],\n \"tags\": [\"other\"]");
    let refused = text.replace("\"evidence_count\": 0", "\"evidence_count\": \"many\"");
    let digits =
        text.replace("\"aliases\": []", "\"aliases\": [],\n \"x-n\": 0.12345678901234567890123");
    let own = text.replace(
        "\"aliases\": []",
        "\"aliases\": [],\n \"x-b\": {\"z\": 1, \"a\": null},\n \"typo\": \"kept\"",
    );
    for (name, text, lost) in [
        ("twice", twice, "[\"other\"]"),
        ("refused", refused, "\"many\""),
        ("digits", digits, "0.12345678901234567890123"),
        ("own", own, "\"kept\""),
    ] {
        let id = format!("example/{name}");
        base.write(format!("entries/{id}.json"), text.replace("example/odd", &id));
        base.errlore(&["check", "--fix"]).output();
        let fixed = base.read(format!("entries/{id}.json"));
        assert!(fixed.contains(lost), "{name}: {fixed}");
        assert!(fixed.contains("磁盘已满，无法写入。"), "what can be mended is: {fixed}");
    }
    let own = base.read("entries/example/own.json");
    assert!(own.contains("\"x-b\"") && own.contains("\"z\"") && own.contains("null"), "{own}");
}

#[test]
fn fix_takes_a_byte_order_mark_away() {
    let base = Base::new();
    let text = entry("example/mark", &json!({}));
    let path = base.write("entries/example/mark.json", format!("\u{feff}{text}"));
    let output = base.errlore(&["check", "--fix"]).output();
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    assert_eq!(base.read(path), text);
}

#[test]
#[cfg(unix)]
fn fix_keeps_the_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let base = fixable();
    let path = base.root().join("entries/example/wide.json");
    for mode in [0o640, 0o600, 0o755] {
        base.entry("example/wide", &json!({"root_cause_zh": "磁盘已满,无法写入。"}));
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("own file");
        base.errlore(&["check", "--fix"]).output();
        let now = fs::metadata(&path).expect("the file").permissions().mode() & 0o777;
        assert_eq!(now, mode, "{now:o}");
        assert!(base.read("entries/example/wide.json").contains('，'));
    }
}

#[test]
#[cfg(unix)]
fn a_file_without_fixes_is_not_written() {
    use std::os::unix::fs::MetadataExt;
    let base = fixable();
    let path = base.root().join("entries/example/read-only.json");
    // A write goes through a new file, which has another number.
    let before = fs::metadata(&path).expect("the file").ino();
    base.errlore(&["check", "--fix"]).output();
    assert_eq!(fs::metadata(&path).expect("the file").ino(), before);
}

#[test]
fn fix_does_not_put_standard_input_into_files() {
    let base = Base::new();
    let path = base.entry("example/a", &json!({}));
    let before = base.read(&path);
    let text = entry("example/a", &json!({"root_cause_zh": "磁盘已满,无法写入。"}));
    for arguments in [&["-"][..], &["-", "--stdin-filename", &path]] {
        let output = base.errlore(&["check", "--fix"]).args(arguments).input(text.clone()).output();
        assert_eq!(output.code, Some(2), "{arguments:?}: {}", output.stdout);
        assert!(output.stderr.contains("standard input"), "{arguments:?}: {}", output.stderr);
        assert_eq!(base.read(&path), before);
        let output =
            base.errlore(&["check", "--diff"]).args(arguments).input(text.clone()).output();
        assert_eq!(output.code, Some(1), "to show the change is no harm: {}", output.stderr);
        assert!(
            output.stdout.contains("+  \"root_cause_zh\": \"磁盘已满，无法写入。\""),
            "{}",
            output.stdout
        );
    }
}

#[test]
fn diff_writes_nothing() {
    let base = fixable();
    let before = files(&base);
    let output = base.errlore(&["check", "--diff"]).output();
    assert_eq!(output.code, Some(1), "files would change");
    assert_eq!(files(&base), before);
    assert_eq!(base.errlore(&["check", "--fix", "--diff"]).output().stdout, output.stdout);
    assert_eq!(files(&base), before, "--diff shows instead of applying");
    base.errlore(&["check", "--fix"]).output();
    let output = base.errlore(&["check", "--diff"]).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""), "nothing would change");
}

/// The diff of a base must be one that git takes, and come to what the fix comes to.
fn assert_diff_is_the_fix(base: &Base) {
    base.git(&["init", "--quiet"]);
    base.commit("before");
    let patch = base.errlore(&["check", "--diff"]).output();
    assert_eq!(patch.code, Some(1), "{}", patch.stderr);
    base.errlore(&["check", "--fix"]).output();
    let fixed = files(base);
    base.git(&["checkout", "--quiet", "--", "entries"]);
    assert_ne!(files(base), fixed);
    fs::write(base.home().join("fix.patch"), &patch.stdout).expect("a new file");
    base.git(&["apply", "--check", "../fix.patch"]);
    base.git(&["apply", "../fix.patch"]);
    assert_eq!(files(base), fixed, "{}", patch.stdout);
}

#[test]
fn git_takes_the_diff() {
    assert_diff_is_the_fix(&fixable());
}

#[test]
fn git_takes_the_diff_of_crlf() {
    let base = Base::new();
    base.write(
        "entries/example/crlf.json",
        entry("example/crlf", &json!({})).replace('\n', "\r\n"),
    );
    assert_diff_is_the_fix(&base);
}

#[test]
fn git_takes_the_diff_of_any_line_ends() {
    let base = fixable();
    let text = |name: &str| entry(&format!("example/{name}"), &json!({"tags": ["b", "a"]}));
    let file = |name: &str, text: String| base.write(format!("entries/example/{name}.json"), text);
    file("cr", text("cr").replace('\n', "\r"));
    file("cr-to-the-end", text("cr-to-the-end").trim_end().replace('\n', "\r"));
    file("lfcr", text("lfcr").replace('\n', "\n\r"));
    file("mixed", text("mixed").replacen('\n', "\r", 5).replacen('\n', "\r\n", 6));
    file("no-end", text("no-end").replace("  ", "\t").trim_end().to_owned());
    file("blanks", text("blanks").replace('\n', " \n\n"));
    assert_diff_is_the_fix(&base);
}

#[test]
fn fmt_shows_what_git_takes_as_well() {
    let base = fixable();
    let cr = entry("example/cr", &json!({})).replace('\n', "\r");
    base.write("entries/example/消息 \"cr\".json", cr);
    base.git(&["init", "--quiet"]);
    base.commit("before");
    let patch = base.errlore(&["fmt", "--diff"]).output();
    base.errlore(&["fmt"]).output();
    let formatted = files(&base);
    base.git(&["checkout", "--quiet", "--", "entries"]);
    fs::write(base.home().join("fmt.patch"), &patch.stdout).expect("a new file");
    base.git(&["apply", "../fmt.patch"]);
    assert_eq!(files(&base), formatted, "{}", patch.stdout);
}

#[test]
fn the_diff_goes_where_it_was_asked_for() {
    let base = fixable();
    let patch = base.errlore(&["check", "--fix", "--diff"]).output();
    let output = base.errlore(&["check", "--fix", "--diff", "--output", "fixes.patch"]).output();
    assert_eq!((output.code, &*output.stdout), (Some(1), ""));
    assert_eq!(base.read("fixes.patch"), patch.stdout);
    for format in ["json", "github", "text=report.txt", "text,json=report.json"] {
        let output = base.errlore(&["check", "--diff", "--format", format]).output();
        assert_eq!((output.code, &*output.stdout), (Some(2), ""), "{format}");
        assert!(output.stderr.contains("`--diff` writes a patch"), "{}", output.stderr);
    }
}

#[test]
fn what_lies_outside_of_the_folder_is_no_patch_there() {
    let base = fixable();
    let inner = fs::create_dir_all(base.root().join("docs"));
    inner.expect("a new folder");
    let run = base.errlore(&["check", "--diff", "../entries/example/form.json"]);
    let output = run.within(base.root().join("docs")).output();
    assert_eq!((output.code, &*output.stdout), (Some(2), ""));
    assert!(output.stderr.contains("form.json lies outside of this folder"), "{}", output.stderr);
}

#[test]
fn git_takes_the_diff_of_a_byte_order_mark() {
    let base = Base::new();
    base.write(
        "entries/example/mark.json",
        format!("\u{feff}{}", entry("example/mark", &json!({}))),
    );
    assert_diff_is_the_fix(&base);
}

#[test]
fn git_takes_the_diff_around_characters_that_are_not_shown() {
    let base = Base::new();
    let odd = "Retry \u{202e}the\u{202c} \u{9b}31mwrite";
    let text = entry("example/odd", &json!({"tags": ["b", "c"], "x-note": "Retry the write"}));
    let text = text.replace("\"x-note\": \"Retry the write\"", &format!("\"x-note\": \"{odd}\""));
    base.write(
        "entries/example/odd.json",
        text.replace("    \"b\",\n    \"c\"", "    \"c\",\n    \"b\""),
    );
    assert_diff_is_the_fix(&base);
}

/// A base with files of these names that are not in canonical form.
fn named(names: &[&str]) -> Base {
    let base = Base::new();
    for name in names {
        let text = entry("example/odd", &json!({}));
        base.write(format!("entries/example/{name}.json"), text.replace("\n  ", "\n "));
    }
    base
}

#[test]
fn git_takes_the_diff_of_odd_file_names() {
    assert_diff_is_the_fix(&named(&["with blank", "消息", " b", "-"]));
}

#[test]
#[cfg(unix)]
fn git_takes_the_diff_of_file_names_that_it_quotes() {
    assert_diff_is_the_fix(&named(&[
        "quo\"te",
        "back\\slash",
        "tab\there",
        "line\nbreak",
        "\u{202e}odd",
    ]));
}

#[test]
fn a_base_that_is_only_below_is_written_where_it_is_named() {
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    std::fs::remove_dir_all(base.root().join("entries")).expect("an empty folder");
    let text = support::entry("example/one", &json!({})).replace("  ", "    ");
    base.write("docs/kb/entries/example/one.json", &text);
    for arguments in [&["fmt"][..], &["check", "--fix"], &["check", "--fix", "--since", "HEAD"]] {
        let output = base.errlore(arguments).output();
        assert_eq!(output.code, Some(3), "{arguments:?}: {}", output.stderr);
        assert!(output.stderr.contains("name the one below it"), "{}", output.stderr);
    }
    assert_eq!(base.read("docs/kb/entries/example/one.json"), text);
    assert_eq!(base.errlore(&["fmt", "--check"]).output().code, Some(1));
    assert_eq!(base.errlore(&["fmt", "docs/kb"]).output().code, Some(0));
    assert_ne!(base.read("docs/kb/entries/example/one.json"), text);
}
