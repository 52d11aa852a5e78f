//! `duplicates --like`, `--since` and `--format html` on the command line.

use serde_json::{Value, json};

use crate::support::corpora::copied_page;
use crate::support::{self, Base, Output};

const ONE: &str = "spool/lock-busy";
const TWO: &str = "spool/lock-file-in-use";

fn spool() -> Value {
    json!({
        "signature": "spoold: cannot rename spool.lock: text file busy",
        "regex": "cannot rename \\S+\\.lock: text file busy",
        "root_cause": "Another spooler still holds the lock file open while it is renamed.",
        "workarounds": [{
            "action": "Stop the other spooler.", "success_rate": 0.9, "how": "systemctl stop spoold",
            "condition": "", "sources": [],
        }],
    })
}

fn tape() -> Value {
    json!({
        "signature": "taped: rewind of drive 3 did not end within 90 seconds",
        "regex": "rewind of drive \\d+ did not end",
        "root_cause": "The motor of the drive is blocked by a loose reel.",
    })
}

fn base() -> Base {
    let base = Base::new();
    base.entry(ONE, &spool());
    base.entry("spool/rewind-stuck", &tape());
    base
}

/// A draft as a page of text, as far as somebody has written it.
fn page(id: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!("ID: {id}\n\n") };
    format!(
        "spool lock_error\n\n\
         spoold: cannot rename printer.lock: text file busy\n\n\
         {id}\
         Root Cause\n\n\
         Another spooler still holds the lock file open while it is renamed.\n\n\
         Workarounds\n\n  1. 90% success Stop the other spooler.\n"
    )
}

fn run(base: &Base, arguments: &[&str]) -> Output {
    base.errlore(&["duplicates"]).args(arguments).output()
}

fn as_json(output: &Output) -> Value {
    serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", output.stdout, output.stderr))
}

#[test]
fn a_draft_is_told_which_entry_it_repeats_with_the_reasons() {
    let base = base();
    base.write("draft.txt", page("spool/rename-fails"));
    let output = run(&base, &["--like", "draft.txt"]);
    assert_eq!((output.code, output.stderr.as_str()), (Some(1), ""), "{}", output.stdout);
    assert!(output.stdout.starts_with("draft.txt: `spool/rename-fails`\n"), "{}", output.stdout);
    assert!(output.stdout.contains("  this looks like `spool/lock-busy`: "), "{}", output.stdout);
    assert!(
        output
            .stdout
            .contains("    + each entry uses 100 % of the words of the other's root cause\n"),
        "{}",
        output.stdout
    );
    assert!(!output.stdout.contains("rewind"), "{}", output.stdout);

    let output = run(&base, &["--like", "draft.txt", "--format", "json"]);
    assert_eq!(output.code, Some(1));
    let answer = as_json(&output);
    let like = &answer["like"][0];
    assert_eq!((&like["source"], &like["id"]), (&json!("draft.txt"), &json!("spool/rename-fails")));
    let entry = &like["entries"][0];
    assert_eq!((&entry["id"], &entry["label"]), (&json!(ONE), &json!("duplicate")));
    assert!(entry["probability"].as_f64() > Some(0.6), "{entry}");
    let evidence = entry["evidence"].as_array().expect("a list");
    assert!(evidence.iter().any(|evidence| evidence["name"] == "root_cause"), "{entry}");
}

#[test]
fn each_source_is_answered_for_on_its_own_and_standard_input_is_one() {
    let base = base();
    base.write("draft.txt", page(""));
    let unlike = support::entry(
        "mail/queue-full",
        &json!({
            "signature": "postd: queue has no room for a letter",
            "regex": "queue has no room",
            "root_cause": "Nobody empties the box on Sundays.",
        }),
    );
    let arguments = ["--like", "-", "--like", "draft.txt", "--format", "json"];
    let output = base.errlore(&["duplicates"]).args(&arguments).input(&*unlike).output();
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    let answer = as_json(&output);
    let ids = ["mail/queue-full".into(), Value::Null];
    assert_eq!([&answer["like"][0]["id"], &answer["like"][1]["id"]], [&ids[0], &ids[1]]);
    assert_eq!(answer["like"][0]["entries"], json!([]));
    assert_eq!(answer["like"][1]["entries"][0]["id"], json!(ONE));

    let output = base.errlore(&["duplicates", "--like", "-"]).input(&*unlike).output();
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    let line = "  this looks like no entry of the knowledge base\n";
    assert!(output.stdout.ends_with(line), "{}", output.stdout);
}

#[test]
fn a_draft_with_the_id_of_an_entry_is_held_against_the_others() {
    let base = base();
    base.write("draft.txt", page("spool/rewind-stuck"));
    let output = run(&base, &["--like", "draft.txt"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    let start = "draft.txt: `spool/rewind-stuck`\n  in the place of `spool/rewind-stuck`, which is left \
                 out\n  this looks like `spool/lock-busy`: ";
    assert!(output.stdout.starts_with(start), "{}", output.stdout);

    // An entry of the base as its own draft.
    let output = run(&base, &["--like", "entries/spool/lock-busy.json"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let end = "  this looks like no other entry of the knowledge base\n";
    assert!(output.stdout.ends_with(end), "{}", output.stdout);
    let output = run(&base, &["--like", "entries/spool/lock-busy.json", "--format", "json"]);
    assert_eq!(as_json(&output)["like"][0]["in_place_of"], json!(ONE));
}

#[test]
fn a_draft_is_told_by_the_decisions_about_its_id() {
    let base = base();
    base.entry(TWO, &spool());
    let decide = ["--decide", ONE, TWO, "distinct", "--reason", "two daemons"];
    assert_eq!(run(&base, &decide).code, Some(0));
    // What is in the base, and what is to be there again after it was taken out.
    let path = format!("entries/{TWO}.json");
    let text = base.read(&path);
    base.write("draft.json", &text);
    for is_there in [true, false] {
        if !is_there {
            std::fs::remove_file(base.root().join(&path)).expect("it is there");
        }
        base.write("draft.json", &text);
        let output = run(&base, &["--like", "draft.json"]);
        assert_eq!((output.code, &*output.stderr), (Some(0), ""), "{}", output.stdout);
        assert!(output.stdout.contains("    = decided distinct on "), "{}", output.stdout);
        assert_eq!(output.stdout.contains("in the place of"), is_there, "{}", output.stdout);

        let changed = text.replace("spoold", "printd");
        assert_ne!(changed, text);
        base.write("draft.json", changed);
        let output = run(&base, &["--like", "draft.json"]);
        assert_eq!(output.code, Some(1), "{}", output.stdout);
        let words = "    = since then spool/lock-file-in-use has changed";
        assert!(output.stdout.contains(words), "{}", output.stdout);
    }
}

#[test]
fn a_draft_that_says_how_it_is_told_from_an_entry_has_no_finding() {
    let base = base();
    let mut draft = spool();
    draft["transition_graph"] = json!({"frequently_confused_with": [{
        "error_id": ONE,
        "distinction": "That lock belongs to the queue of letters; here a printer holds its own device open.",
    }]});
    base.write("draft.json", support::entry("spool/printer-lock-busy", &draft));
    let output = run(&base, &["--like", "draft.json"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    let words = "    = one of them says how it is told from the other\n";
    assert!(output.stdout.contains(words), "{}", output.stdout);
}

#[test]
fn what_cannot_be_read_is_said_and_the_other_sources_are_answered_for() {
    let base = base();
    base.write("prose.txt", "Dear diary, nothing happened today.\n");
    base.write("draft.txt", page(""));
    let output = run(&base, &["--like", "prose.txt"]);
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), ""));
    assert!(output.stderr.contains("error[unreadable-source]"), "{}", output.stderr);
    let output = run(&base, &["--like", "missing.txt", "--like", "draft.txt"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("missing.txt"), "{}", output.stderr);
    assert!(output.stdout.contains("this looks like `spool/lock-busy`"), "{}", output.stdout);
    let output = run(&base, &["--like", "-", "--like", "-"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("read only once"), "{}", output.stderr);
}

#[test]
fn a_hostile_draft_shows_nothing_raw() {
    let base = base();
    let mut draft: Value =
        serde_json::from_str(&support::entry("spool/x", &spool())).expect("JSON");
    draft["id"] = json!("spool/\u{1b}[31m\u{202e}x");
    base.write("draft.json", draft.to_string());
    let output = run(&base, &["--like", "draft.json"]);
    let shown = output.stdout + &output.stderr;
    assert!(shown.contains("this looks like `spool/lock-busy`"), "{shown}");
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
}

#[test]
fn the_page_of_a_real_entry_finds_its_entry() {
    let page = copied_page().to_string_lossy().into_owned();
    let base = base();
    let normalized = base.errlore(&["normalize", &page, "--stdout"]).output();
    let mut entry: Value = serde_json::from_str(&normalized.stdout).expect("JSON");
    entry["id"] = json!("communication/payload-over-the-limit");
    base.write("entries/communication/payload-over-the-limit.json", entry.to_string());
    let output = run(&base, &["--like", &page, "--format", "json"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    let answer = as_json(&output);
    let found = &answer["like"][0]["entries"];
    assert_eq!(found[0]["id"], "communication/payload-over-the-limit");
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
}

#[test]
fn since_a_revision_the_new_entry_speaks() {
    let base = base();
    base.git(&["init", "--quiet"]);
    base.commit("first");
    base.entry(TWO, &spool());
    let output = run(&base, &["--since", "HEAD"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    let line = "entries/spool/lock-file-in-use.json (new) looks like `spool/lock-busy`: ";
    assert!(output.stdout.starts_with(line), "{}", output.stdout);

    // Both in the scope: the pair is written once, by the new one.
    let mut changed = spool();
    changed["last_updated"] = json!("2026-01-02");
    base.entry(ONE, &changed);
    let output = run(&base, &["--since", "HEAD"]);
    assert!(output.stdout.starts_with(line), "{}", output.stdout);
    assert_eq!(output.stdout.matches("looks like").count(), 1, "{}", output.stdout);

    base.commit("second");
    base.entry(ONE, &spool());
    let output = run(&base, &["--since", "HEAD"]);
    let line = "entries/spool/lock-busy.json (changed) looks like `spool/lock-file-in-use`: ";
    assert!(output.stdout.starts_with(line), "{}", output.stdout);

    let decide = ["--decide", ONE, TWO, "distinct", "--reason", "two daemons"];
    assert_eq!(run(&base, &decide).code, Some(0));
    let output = run(&base, &["--since", "HEAD"]);
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    assert!(!output.stdout.contains("looks like"), "{}", output.stdout);
    assert!(output.stdout.contains("1 decided pair left out"), "{}", output.stdout);
}

/// The tags of a page, without what stands between them.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default()).collect()
}

#[test]
fn the_page_shows_both_entries_and_lets_nothing_of_them_be_markup() {
    let base = base();
    let hostile = json!({
        "signature": "spoold: <script>alert(1)</script> cannot rename spool.lock: text file busy",
        "signature_zh": "磁盘已满</mark><img src=x onerror=alert(2)>\u{202e}",
        "root_cause": "Another spooler still holds the lock </style><a href=\"javascript:1\">file</a> open.",
        "workarounds": [{
            "action": "\"><svg onload=alert(3)>", "success_rate": 0.855, "how": "\u{1b}[31mwait &amp; see",
            "condition": "", "sources": [],
        }],
        "dead_ends": [{
            "action": "delete the lock", "why_fails": "<iframe src=//example.com>", "fail_rate": 0.7,
            "condition": "", "sources": [],
        }],
    });
    base.entry(ONE, &hostile);
    base.entry(TWO, &hostile);
    let output = run(&base, &["--format", "html"]);
    assert_eq!((output.code, output.stderr.as_str()), (Some(1), ""));
    let page = &output.stdout;
    let known = [
        "!doctype", "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3",
        "h4", "ol", "ul", "li", "code", "article", "div", "section", "p", "span", "mark", "footer",
    ];
    for tag in tags(page) {
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        assert!(known.contains(&name), "<{tag}>");
        for no in [" on", "href", "src=", "javascript"] {
            assert!(!tag.contains(no), "<{tag}>");
        }
    }
    assert!(!page.contains("url(") && !page.contains("@import"), "a style that fetches");
    assert!(!page.contains(['\u{1b}', '\u{202e}']));
    for part in [
        "<mark>磁盘已满</mark>&lt;/<mark>mark</mark>&gt;&lt;img src=x <mark>onerror</mark>=",
        "85.5% success",
        "70% fail",
        " &amp;amp; see",
        "U+202E",
        "prefers-color-scheme: dark",
        "3 entries: 2 of them in 1 cluster",
    ] {
        assert!(page.contains(part), "{part}");
    }
    for part in [ONE, TWO] {
        assert_eq!(page.matches(&format!(">{part}<")).count(), 2, "in the cluster and the pair");
    }
    let opened = tags(page).iter().filter(|tag| tag.starts_with("mark")).count();
    assert_eq!(opened, page.matches("</mark>").count());

    let output = run(&base, &["--explain", ONE, TWO, "--format", "html"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert_eq!(output.stdout.matches("<article").count(), 1);
}

/// Two pieces of advice that read alike and are not the same do not look the same, on a page or in a terminal.
#[test]
fn what_tells_two_pieces_of_advice_apart_is_shown() {
    let of = |patch: Value| {
        let mut entry = spool();
        errlore::rule::merge_patch(&mut entry["workarounds"][0], &patch);
        entry
    };
    for (patches, shown) in [
        ([json!({"condition": "as root"}), json!({"condition": "as a user"})], "Condition: as "),
        ([json!({"success_rate": 0.8}), json!({"success_rate": 0.75})], "% success"),
        (
            [
                json!({"sources": ["https://a.example.org/1"]}),
                json!({"sources": ["https://a.example.org/2"]}),
            ],
            "Sources: https://a.example.org/",
        ),
        ([json!({"x-tested": "on one"}), json!({"x-tested": "on two"})], "x-tested: \"on "),
    ] {
        let base = Base::new();
        let [one, two] = patches.clone();
        base.entry(ONE, &of(one));
        base.entry(TWO, &of(two));
        let plain = |page: &str| {
            let texts: Vec<&str> =
                page.split('<').filter_map(|tag| Some(tag.split_once('>')?.1)).collect();
            texts.concat().replace("&quot;", "\"")
        };
        let page = plain(&run(&base, &["--format", "html"]).stdout);
        let review = run(&base, &["--review"]).stdout;
        for text in [&page, &review] {
            assert_eq!(text.matches(shown).count(), 2, "{patches:?}: {text}");
        }
        // Of what is the same on both sides, where it is written is not worth a line.
        base.entry(TWO, &of(patches[0].clone()));
        let page = plain(&run(&base, &["--format", "html"]).stdout);
        let is_always = !shown.starts_with(['S', 'x']);
        assert_eq!(page.contains(shown), is_always, "{patches:?}");
    }
}

#[test]
fn a_page_holds_so_many_pairs_and_counts_the_others() {
    let base = Base::new();
    // 22 copies of one entry are 231 pairs.
    for number in 0..22 {
        base.entry(&format!("spool/lock-{}", char::from(b'a' + number)), &spool());
    }
    let all = as_json(&run(&base, &["--format", "json"]))["pairs"].as_array().map_or(0, Vec::len);
    assert!(all > 200, "{all}");
    let page = run(&base, &["--format", "html"]).stdout;
    assert_eq!(page.matches("<article").count(), 200);
    assert!(page.contains(&format!("{} less likely pairs are not on this page", all - 200)));
}

#[test]
fn a_page_shows_the_beginning_of_what_is_endless() {
    let base = Base::new();
    let mut patch = spool();
    patch["root_cause"] = json!("锁文件仍然打开。".repeat(5_000));
    patch["dead_ends"] = (0..100)
        .map(|number| {
            json!({
                "action": format!("wait {number} days"), "why_fails": "it stays", "fail_rate": 0.7,
                "condition": "", "sources": [],
            })
        })
        .collect();
    base.entry(ONE, &patch);
    base.entry(TWO, &patch);
    let output = run(&base, &["--format", "html"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert_eq!(output.stdout.matches(" … (there is more)</p>").count(), 2);
    assert_eq!(output.stdout.matches("… (there are more)</p>").count(), 2);
    assert!(output.stdout.len() < 100_000, "{}", output.stdout.len());
}

#[test]
fn a_page_without_duplicates_says_so() {
    let output = run(&base(), &["--format", "html"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stdout.contains("There are no pairs to show."));
    let said = run(&base(), &[]).stdout;
    assert!(said.ends_with(" entries: no duplicates\n"), "{said}");
    for flag in ["--measure", "--like"] {
        let arguments: &[&str] = if flag == "--like" { &[flag, "x.txt"] } else { &[flag] };
        let output = base().errlore(&["duplicates", "--format", "html"]).args(arguments).output();
        assert_eq!(output.code, Some(2), "{}", output.stdout);
    }
}
