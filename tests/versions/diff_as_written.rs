//! `diff` of files that the schema refuses in part, or that leave out keys: what is told, and the patch, are of what
//! stands in the files.

use errlore::canonical::canonical;
use errlore::entry::Entry;
use serde_json::{Value, json};

use crate::support::{Base, Output, entry};

/// Two files, compared.
fn compared(old: &str, new: &str, arguments: &[&str]) -> Output {
    let base = Base::new();
    base.write("old.json", old);
    base.write("new.json", new);
    base.errlore(&["diff", "old.json", "new.json"]).args(arguments).output()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn whole() -> Value {
    let dead_end = json!({"action": "Reboot", "why_fails": "It stays full.", "fail_rate": 0.65});
    value(&entry(
        "a/b",
        &json!({
            "confidence": 0.84,
            "dead_ends": [dead_end],
            "resolvable": "true",
            "verification_tier": "ai_generated",
            "first_seen": "2022-04-27",
        }),
    ))
}

#[test]
fn a_value_that_breaks_an_entry_is_told_as_it_is_written() {
    let old = whole();
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    base.write("entries/a/b.json", old.to_string());
    base.commit("an entry");
    let edits = [
        ("/confidence", json!("0.84"), "~ confidence: 0.84 -> \"0.84\"\n"),
        ("/confidence", json!(null), "- confidence: 0.84\n"),
        ("/dead_ends/0/fail_rate", json!("65%"), "~ dead_ends/0/fail_rate: 0.65 -> \"65%\"\n"),
        ("/dead_ends/0/fail_rate", json!(65), "~ dead_ends/0/fail_rate: 0.65 -> 65, +64.35\n"),
        ("/resolvable", json!(true), "~ resolvable: \"true\" -> true\n"),
        (
            "/verification_tier",
            json!("AI Generated"),
            "~ verification_tier: [-ai_generated-]{+AI Generated+}\n",
        ),
        ("/first_seen", json!("27 April 2022"), "~ first_seen: {+27 April +}2022[--04-27-]\n"),
        ("/id", json!("A B"), "~ id: [-a/b-]{+A B+}\n"),
        ("/tags", json!("disk"), "+ tags: disk\n"),
        ("/dead_ends/0/sources", json!("a page"), "+ dead_ends/0/sources: a page\n"),
    ];
    for (pointer, written, told) in edits {
        let mut new = old.clone();
        *new.pointer_mut(pointer).expect("a value") = written.clone();
        base.write("entries/a/b.json", new.to_string());
        let of_range = base.errlore(&["diff", "HEAD", "--exit-code"]).output();
        let of_files = compared(&old.to_string(), &new.to_string(), &["--exit-code"]);
        for output in [of_range, of_files] {
            let said = format!("{pointer} {written}: {}{}", output.stdout, output.stderr);
            assert_eq!(output.code, Some(1), "{said}");
            assert!(output.stdout.contains(told), "{said}");
            assert!(output.stderr.contains(" is no valid entry, "), "{said}");
        }
        let back = compared(&new.to_string(), &old.to_string(), &["--exit-code"]);
        assert_eq!(back.code, Some(1), "{}", back.stderr);
        let same = compared(&new.to_string(), &new.to_string(), &["--exit-code"]);
        assert_eq!((same.code, &*same.stdout), (Some(0), ""));
    }
}

/// What stands for a key that is missing is not told.
#[test]
fn a_key_that_is_missing_is_one_that_went() {
    let (old, mut new) = (whole(), whole());
    new.as_object_mut().expect("an object").remove("confidence");
    new["dead_ends"][0].as_object_mut().expect("an object").remove("fail_rate");
    let output = compared(&old.to_string(), &new.to_string(), &[]);
    let told = output.stdout.lines().skip(2).collect::<Vec<_>>();
    assert_eq!(told, ["  - dead_ends/0/fail_rate (was): 0.65", "  - confidence: 0.84"]);
}

/// A number that is not kept is none of the digits, and nothing else either.
#[test]
fn a_number_of_too_many_digits_is_compared_as_it_is_written() {
    let digits = "1.00000000000000000000000007";
    let with = |written: &str| {
        entry("a/b", &json!({"x-n": 0})).replace("\"x-n\": 0", &format!("\"x-n\": {written}"))
    };
    let other_digits = digits.replace('7', "8");
    let text = format!("\"{digits}\"");
    for (other, told) in
        [("1", "1"), (&*text, digits), (&other_digits, "1.00000000000000000000000008 (a number)")]
    {
        let output = compared(&with(other), &with(digits), &["--format", "json"]);
        let diff: Value = serde_json::from_str(&output.stdout).expect("JSON");
        let [change] = &diff["changes"].as_array().expect("a list")[..] else { panic!("{diff}") };
        assert_eq!(change["after"], format!("{digits} (a number)"), "{diff}");
        let before = &change["before"];
        assert_eq!(before.as_str().map_or_else(|| before.to_string(), str::to_owned), told);
        assert!(output.stderr.contains("more digits than are kept"), "{}", output.stderr);
        let shown = compared(&with(other), &with(digits), &["--exit-code"]);
        assert_eq!(shown.code, Some(1), "{}", shown.stderr);
        assert!(shown.stdout.contains(" x-n: "), "{}", shown.stdout);
        // A patch is read by programs, which would take another number for it.
        let patch = compared(&with(other), &with(digits), &["--format", "json-patch"]);
        assert_eq!((patch.code, &*patch.stdout), (Some(2), ""), "{other}");
    }
    let same = compared(&with(digits), &with(digits), &["--exit-code"]);
    assert_eq!((same.code, &*same.stdout), (Some(0), ""));
    let rate = |written: &str| whole().to_string().replace("0.84", written);
    let output = compared(&rate("0.84"), &rate("0.84000000000000000000001"), &[]);
    let told = "  ~ confidence: 0.84 -> \"0.84000000000000000000001 (a number)\"\n";
    assert!(output.stdout.ends_with(told), "{}", output.stdout);
    let output = compared(&with("1"), &with("1.0"), &[]);
    assert!(output.stdout.ends_with("  ~ x-n: 1 -> 1.0\n"), "{}", output.stdout);
}

/// The patch is of the file, whatever that leaves out.
#[test]
fn a_patch_fits_a_file_that_leaves_out_keys() {
    let mut old = whole();
    for key in ["aliases", "tags", "os_specific", "versions", "transition_graph", "locale"] {
        old.as_object_mut().expect("an object").remove(key);
    }
    old["workarounds"] = json!([
        {"action": "Free some space", "success_rate": 0.80},
        {"action": "Add a larger disk", "success_rate": 0.7, "how": "Buy one."},
        {"action": "Write to another file system", "success_rate": 0.5, "sources": []},
    ]);
    let mut edited = old.clone();
    edited["workarounds"][0]["how"] = json!("Delete the logs.");
    edited["workarounds"][0]["success_rate"] = json!(0.9);
    let mut moved = edited.clone();
    moved["workarounds"].as_array_mut().expect("a list").swap(0, 2);
    moved["workarounds"].as_array_mut().expect("a list").remove(1);
    moved["tags"] = json!(["disk"]);
    let mut broken = moved.clone();
    broken["confidence"] = json!("0.84");
    for new in [edited, moved, broken] {
        let output = compared(&old.to_string(), &new.to_string(), &["--format", "json-patch"]);
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        let patch: json_patch::Patch = serde_json::from_str(&output.stdout).expect("a patch");
        let mut patched = old.clone();
        json_patch::patch(&mut patched, &patch).unwrap_or_else(|error| panic!("{error}: {patch}"));
        assert_eq!(patched, new, "{patch}");
    }
    // How it is written makes no patch.
    let written = canonical(&serde_json::from_value::<Entry>(old.clone()).expect("an entry"));
    let output = compared(&old.to_string(), &written, &["--format", "json-patch"]);
    assert_eq!(output.stdout, "[]\n");
}
