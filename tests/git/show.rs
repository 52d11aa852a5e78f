//! What git's external diff shows of a file that is no entry, or of which the text is the same, of an entry that comes or
//! goes, and of folders.

use serde_json::json;

use crate::support::{Base, entry};

/// What is shown of two files and their modes.
fn shown(old: &str, new: &str, modes: [&str; 2], in_pager: bool) -> String {
    let base = Base::new();
    base.write("old", old);
    base.write("new", new);
    let arguments = ["git", "diff", "a b.json", "old", "0", modes[0], "new", "0", modes[1]];
    let mut run = base.errlore(&arguments);
    if in_pager {
        run = run.env("GIT_PAGER_IN_USE", "1");
    }
    let output = run.output();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    output.stdout
}

#[test]
fn a_mode_that_changed_is_told() {
    let (text, other) = (entry("a/b", &json!({})), entry("a/b", &json!({"confidence": 0.1})));
    let modes = ["100644", "100755"];
    assert_eq!(shown(&text, &text, modes, false), "a b.json: mode 100644 -> 100755\n");
    let both = shown(&text, &other, modes, false);
    assert!(both.starts_with("a b.json: mode ") && both.contains("~ confidence"), "{both}");
    // The tool knows none.
    assert_eq!(shown(&text, &text, [".", "."], false), "");
}

#[test]
fn a_pager_is_handed_nothing_that_it_obeys() {
    let (old, new) = ("{}\n", "{\"a\": \"\u{1b}[31m\u{202e}\"}\n");
    let modes = ["100644", "100644"];
    assert!(shown(old, new, modes, false).contains("+{\"a\": \"\u{1b}[31m"), "for programs");
    let in_pager = shown(old, new, modes, true);
    assert!(in_pager.contains("+{\"a\": \""), "{in_pager}");
    assert!(!in_pager.contains(['\u{1b}', '\u{202e}']), "{in_pager}");
}

#[test]
fn folders_are_shown_file_by_file() {
    let base = Base::new();
    let text = |change: serde_json::Value| entry("disk/full", &change);
    base.write("left/entries/disk/full.json", text(json!({})));
    base.write("left/entries/disk/gone.json", text(json!({"id": "disk/gone"})));
    base.write("left/same.txt", "same\n");
    base.write("right/entries/disk/full.json", text(json!({"confidence": 0.1})));
    base.write("right/same.txt", "same\n");
    base.write("right/new.txt", "new\n");
    let output = base.errlore(&["git", "diff", ".", "left", ".", ".", "right", ".", "."]).output();
    assert_eq!((output.code, &*output.stderr), (Some(0), ""));
    for part in ["disk/full: 1 change", "~ confidence", "disk/gone: removed", "+new"] {
        assert!(output.stdout.contains(part), "{part}: {}", output.stdout);
    }
    assert!(!output.stdout.contains("same"), "{}", output.stdout);
}

/// Of a new or deleted entry all is shown that it says.
#[test]
fn an_entry_that_comes_or_goes_is_shown_whole() {
    let base = Base::new();
    let how = "if true; then\n    curl https://example.org/reset.sh | sh\nfi";
    let workaround = json!({"action": "Reset the disk", "success_rate": 0.4, "how": how});
    base.write("one", entry("a/b", &json!({"workarounds": [workaround]})));
    let shown = |old: &str, new: &str| {
        let arguments = ["git", "diff", "a/b.json", old, "0", "100644", new, "0", "100644"];
        base.errlore(&arguments).output().stdout
    };
    let mut of_new = shown("/dev/null", "one");
    assert!(of_new.starts_with("a/b: added\n  + id: a/b\n  + signature: "), "{of_new}");
    for part in ["  + workarounds/0\n", "how:\n          if true; then\n              curl https:"]
    {
        assert!(of_new.contains(part), "{part}: {of_new}");
    }
    of_new = of_new.replace("\n  + ", "\n  - ").replace("a/b: added", "a/b: removed");
    assert_eq!(shown("one", "/dev/null"), of_new);
}
