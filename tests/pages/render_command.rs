//! `render`: which entry it shows, what it refuses, and where it writes.

use std::fs;
use std::path::{Path, PathBuf};

use errlore::entry::Entry;
use errlore::render;
use serde_json::{Value, json};

use crate::support::{self, Base, Output, entry};

/// A form, the ending of its files, and its function.
type Form = (&'static str, &'static str, fn(&Entry) -> String);

const FORMS: [Form; 3] = [
    ("markdown", "md", render::markdown),
    ("text", "txt", render::text),
    ("html", "html", render::html),
];

fn entry_of(text: &str) -> Entry {
    serde_json::from_str(text).expect("an entry")
}

/// A base with two entries, one of which had another id.
fn base() -> Base {
    let base = Base::new();
    base.entry("example/disk-full", &json!({"aliases": ["example/enospc"]}));
    base.entry("example/read-only/linux", &json!({"signature": "read-only file system"}));
    base
}

fn is_refused(output: &Output, code: i32, why: &str) {
    assert_eq!(output.code, Some(code), "{}", output.stderr);
    assert_eq!(output.stdout, "", "no page");
    assert!(output.stderr.contains(why), "{}", output.stderr);
}

/// All files below a folder, by their path from there, with their bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(next) = folders.pop() {
        for item in fs::read_dir(next).expect("a folder") {
            let path = item.expect("an item").path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_owned();
                files.push((name, fs::read(&path).expect("a file that can be read")));
            }
        }
    }
    files.sort();
    files
}

fn names(folder: &Path) -> Vec<String> {
    let name = |(name, _): (PathBuf, _)| name.to_string_lossy().replace('\\', "/");
    files(folder).into_iter().map(name).collect()
}

#[test]
fn an_id_a_file_and_standard_input_give_the_same_page() {
    let base = base();
    let text = base.read("entries/example/disk-full.json");
    for (form, _, page) in FORMS {
        let page = page(&entry_of(&text));
        let path = "entries/example/disk-full.json";
        for argument in ["example/disk-full", "example/enospc", path, "-"] {
            let run = base.errlore(&["render", argument, "--format", form]).input(text.clone());
            let output = run.output();
            assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""), "{argument}");
            assert_eq!(output.stdout, page, "{argument}");
        }
    }
    let output = base.errlore(&["render", "example/disk-full"]).output();
    assert_eq!(output.stdout, render::markdown(&entry_of(&text)), "Markdown unless said otherwise");
}

#[test]
fn an_id_is_found_from_within_the_base_wherever_its_file_is() {
    let base = base();
    base.write("errlore.toml", "");
    base.write("entries/example/elsewhere.json", entry("example/moved", &json!({})));
    let inside = base.root().join("entries/example");
    let output = base.errlore(&["render", "example/moved", "--format", "text"]).within(inside);
    let output = output.output();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stdout.contains("ID: example/moved\n"), "{}", output.stdout);
}

#[test]
fn a_file_need_not_be_in_a_base() {
    let base = Base::new();
    base.write("draft.json", entry("example/draft", &json!({})));
    let output = base.errlore(&["render", "draft.json", "--format", "text"]).output();
    assert!(output.stdout.contains("ID: example/draft\n"), "{}", output.stderr);
}

#[test]
fn what_is_not_there_is_said() {
    let base = base();
    is_refused(
        &base.errlore(&["render", "example/disc-full"]).output(),
        3,
        "did you mean `example/disk-full`?",
    );
    is_refused(&base.errlore(&["render", "other/thing"]).output(), 3, "`other/thing`");
    is_refused(&base.errlore(&["render", "none.json"]).output(), 2, "cannot read");
    is_refused(&base.errlore(&["render", "entries"]).output(), 2, "--all --into DIR");
    for usage in [
        &["render"][..],
        &["render", "--all"],
        &["render", "--into", "site"],
        &["render", "example/disk-full", "--all", "--into", "site"],
        &["render", "example/disk-full", "--format", "pdf"],
    ] {
        is_refused(&base.errlore(usage).output(), 2, "'--help'");
    }
    assert!(!base.root().join("site").exists());
}

#[test]
fn one_id_in_two_files_is_no_guess() {
    let base = base();
    base.write("entries/example/a.json", entry("example/twice", &json!({})));
    base.write("entries/example/b.json", entry("example/twice", &json!({})));
    let output = base.errlore(&["render", "example/twice"]).output();
    is_refused(&output, 2, "entries/example/a.json, entries/example/b.json");
}

#[test]
fn what_is_no_entry_is_a_finding() {
    let base = base();
    let text = entry("example/odd", &json!({}));
    // What the configuration makes of the rule is no matter: there is no page to be had.
    base.write("errlore.toml", "[rules]\nschema-violation = \"off\"\n");
    for (broken, rule) in [
        (text.replace("\"confidence\": 0.3", "\"confidence\": \"high\""), "schema-violation"),
        (text.replace("  \"regex\"", "  \"id\": \"example/other\",\n  \"regex\""), "duplicate-key"),
        (text.replace("  \"regex\"", "  \"regexp\""), "unknown-key"),
        (text.replace("\"aliases\": []", "\"aliases\": ["), "invalid-json"),
        (String::new(), "invalid-json"),
        ("[1]".to_owned(), "schema-violation"),
    ] {
        let path = base.write("entries/example/odd.json", &broken);
        for argument in ["example/odd", path.to_str().expect("UTF-8"), "-"] {
            let run = base.errlore(&["render", argument]).input(broken.clone());
            is_refused(&run.output(), 1, &format!("error[{rule}]"));
        }
    }
    let own = text.replace("\"aliases\": []", "\"aliases\": [],\n  \"x-own\": 1");
    assert_eq!(base.errlore(&["render", "-"]).input(own).output().code, Some(0));
}

#[test]
fn all_entries_become_pages_of_a_folder() {
    let base = base();
    for (form, ending, page) in FORMS {
        let folder = base.root().join("site").join(form);
        let into = format!("site/{form}");
        let run = |jobs| {
            base.errlore(&["render", "--all", "--into", &into, "--format", form, "--jobs", jobs])
        };
        let output = run("4").output();
        assert_eq!((output.code, output.stdout.as_str()), (Some(0), ""), "{}", output.stderr);
        let said = [
            format!("wrote {into}/example/disk-full.{ending}\n"),
            format!("wrote {into}/example/read-only/linux.{ending}\n"),
            format!("wrote 2 pages to {into}\n"),
        ];
        assert_eq!(output.stderr, said.concat());
        let wanted = ["example/disk-full", "example/read-only/linux"].map(|id| {
            let text = base.read(format!("entries/{id}.json"));
            (PathBuf::from(format!("{id}.{ending}")), page(&entry_of(&text)).into_bytes())
        });
        assert_eq!(files(&folder), wanted);
        let output = run("1").output();
        assert_eq!(output.stderr, format!("wrote 0 pages to {into}; 2 did not change\n"));
        assert_eq!(files(&folder), wanted);
    }
}

#[test]
fn an_entry_that_cannot_be_rendered_does_not_stop_the_others() {
    let base = base();
    base.write("entries/example/broken.json", "{");
    base.write("entries/example/a.json", entry("example/twice", &json!({})));
    base.write("entries/example/b.json", entry("example/twice", &json!({})));
    let output = base.errlore(&["render", "--all", "--into", "site"]).output();
    is_refused(&output, 1, "error[invalid-json]");
    assert!(output.stderr.contains("entries/example/b.json is the id of another"), "{output:?}");
    let last = "wrote 2 pages to site; 3 could not be rendered\n";
    assert!(output.stderr.ends_with(last), "{}", output.stderr);
    assert_eq!(
        names(&base.root().join("site")),
        ["example/disk-full.md", "example/read-only/linux.md"]
    );
}

#[test]
fn no_page_is_written_outside_of_the_folder() {
    let base = Base::new();
    base.entry("example/good", &json!({}));
    for (index, id) in ["../outside", "example/../../outside", "example/.hidden"].iter().enumerate()
    {
        let text = entry("example/bad", &json!({"id": id}));
        base.write(format!("entries/example/bad{index}.json"), text);
    }
    let before = files(base.root());
    let output = base.errlore(&["render", "--all", "--into", "site"]).output();
    is_refused(&output, 1, "`../outside` is not of the right form");
    assert_eq!(output.stderr.matches("error[schema-violation]").count(), 3, "{}", output.stderr);
    assert_eq!(names(&base.root().join("site")), ["example/good.md"]);
    fs::remove_dir_all(base.root().join("site")).expect("it is there");
    assert_eq!(files(base.root()), before);
}

#[cfg(unix)]
#[test]
fn a_link_among_the_pages_is_not_followed() {
    let base = Base::new();
    base.entry("example/good", &json!({}));
    base.entry("linked/page", &json!({}));
    let outside = base.home().join("outside");
    fs::create_dir_all(&outside).expect("a new folder");
    fs::create_dir_all(base.root().join("site/example")).expect("a new folder");
    fs::write(outside.join("kept"), "kept").expect("a new file");
    let link = |to: &Path, at: &str| {
        std::os::unix::fs::symlink(to, base.root().join(at)).expect("a new link");
    };
    link(&outside, "site/linked");
    link(&outside.join("kept"), "site/example/good.md");
    let output = base.errlore(&["render", "--all", "--into", "site"]).output();
    is_refused(&output, 2, "linked is not a folder");
    assert_eq!(files(&outside), [(PathBuf::from("kept"), b"kept".to_vec())]);
    let page = base.root().join("site/example/good.md");
    assert!(!page.is_symlink(), "the page takes the place of the link");
    assert_eq!(names(&base.root().join("site/example")), ["good.md"], "nothing half written");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let base = base();
    let output = base.errlore(&["render", "example/disk-full"]).output_into_closed_pipe();
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
}

/// What a terminal obeys, in the places of an entry that a page shows.
fn nasty() -> Value {
    let nasty = "a \u{1b}[2J \u{9b}31m \u{202e} b";
    json!({"signature": nasty, "category": nasty, "root_cause": nasty, "workarounds": [
        {"action": nasty, "how": nasty, "success_rate": 0.9}
    ]})
}

fn is_obeyed(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t') || c == '\u{202e}'
}

#[test]
fn no_page_but_plain_text_holds_what_a_terminal_obeys() {
    let base = Base::new();
    base.entry("example/nasty", &nasty());
    for form in ["markdown", "html"] {
        let page = base.errlore(&["render", "example/nasty", "--format", form]).output().stdout;
        assert!(!page.contains(is_obeyed), "{page}");
    }
    let page = base.errlore(&["render", "example/nasty", "--format", "text"]).output().stdout;
    assert!(page.contains("\u{1b}[2J"), "a program gets the text as it is");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_nothing_that_it_obeys() {
    use std::process::{Command, Stdio};

    let base = Base::new();
    base.entry("example/nasty", &nasty());
    // `script` gives the program a terminal.
    let program = env!("CARGO_BIN_EXE_errlore");
    let command = format!("'{program}' render example/nasty --format text");
    let run = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .current_dir(base.root())
        .env("HOME", base.home())
        .stdin(Stdio::null())
        .output();
    let Ok(output) = run else {
        support::skipped("no `script` to make a terminal");
        return;
    };
    let page = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(page.contains("ID: example/nasty"), "{page}");
    assert!(!page.contains(is_obeyed), "{page:?}");
}
