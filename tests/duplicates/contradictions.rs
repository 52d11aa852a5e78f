//! `duplicates` where entries contradict each other: in every format, and what a decision has to know.

use serde_json::{Value, json};

use crate::support::{Base, Output};

const ONE: &str = "spool/lock-busy";
const TWO: &str = "spool/lock-file-in-use";
const FILE: &str = "decisions.jsonl";
const DAY: [&str; 2] = ["--today", "2026-01-02"];

fn entry(action: &str, dead_end: &str) -> Value {
    json!({
        "signature": "spoold: cannot rename spool.lock: text file busy",
        "regex": "cannot rename \\S+\\.lock: text file busy",
        "root_cause": "Another spooler still holds the lock file open while it is renamed.",
        "workarounds": [
            {"action": "Stop the other spooler before the rename", "success_rate": 0.9,
             "how": "systemctl stop spoold", "condition": "", "sources": []},
            {"action": action, "success_rate": 0.8, "how": action, "condition": "", "sources": []},
        ],
        "dead_ends": [
            {"action": dead_end, "why_fails": "The other spooler makes it again.", "fail_rate": 0.9,
             "condition": "", "sources": []},
        ],
    })
}

/// An error entered twice; what one entry recommends is a dead end of the other.
fn base() -> Base {
    let base = Base::new();
    base.entry(ONE, &entry("Delete the stale lock file @team <b>`x`", "Wait an hour"));
    base.entry(TWO, &entry("Use a folder for each spooler", "Remove the stale lock file"));
    base
}

fn run(base: &Base, arguments: &[&str]) -> Output {
    base.errlore(&["duplicates"]).args(arguments).output()
}

fn decide(base: &Base, more: &[&str]) -> Output {
    let arguments = ["--decide", ONE, TWO, "duplicate", "--reason", "one daemon"];
    run(base, &[&arguments, &DAY[..], more].concat())
}

fn as_json(output: &Output) -> Value {
    serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", output.stdout, output.stderr))
}

#[test]
fn each_format_tells_them() {
    let base = base();
    let output = run(&base, &[]);
    assert_eq!((output.code, &*output.stderr), (Some(1), ""));
    let words = "    ! the first recommends at /workarounds/1/action what is a dead end of the\n      \
                 second at /dead_ends/0/action\n        `Delete the stale lock file @team <b>'x'`\n        \
                 `Remove the stale lock file`\n";
    let words = words.replace("'x'", "`x`");
    assert!(output.stdout.contains(&words), "{}", output.stdout);
    assert!(output.stdout.contains("1 pair with contradicting advice"), "{}", output.stdout);

    let found = as_json(&run(&base, &["--format", "json"]));
    let contradiction = &found["pairs"][0]["contradictions"][0];
    assert_eq!(contradiction["conflict"], "dead-end");
    assert_eq!(contradiction["b"], "/dead_ends/0/action");
    assert_eq!(contradiction["texts"][1], "Remove the stale lock file");

    let page = run(&base, &["--format", "html"]).stdout;
    assert_eq!(page.matches("<ul class=\"clash\"><li>").count(), 1, "{page}");
    assert!(page.contains("A: Delete the stale lock file @team &lt;b&gt;`x`</p>"), "{page}");

    let comment = run(&base, &["--format", "markdown"]).stdout;
    assert!(comment.contains(" % duplicate | **1** |\n"), "{comment}");
    assert!(comment.contains("<code>Remove the stale lock file</code>"), "{comment}");
    assert!(!comment.contains("@team") && !comment.contains("<b>"), "{comment}");

    let lines = run(&base, &["--format", "github"]).stdout;
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    let place =
        "title=contradicting-advice::`spool/lock-busy` recommends what is a dead end here%0A";
    assert!(lines[1].starts_with("::warning file=entries/spool/lock-file-in-use.json,line="));
    assert!(lines[1].contains(place), "{lines:#?}");
    // The words and the severities are those of `check`.
    let check = base.errlore(&["check", "--format", "github"]).output().stdout;
    for line in lines {
        assert!(check.lines().any(|of_check| of_check == line), "{line}\n{check}");
    }
}

#[test]
fn levels_and_ignores_hold_as_they_do_in_check() {
    let base = base();
    let contradicting = "[[ignore]]\nrule = \"contradicting-advice\"\nreason = \"known\"\n";
    let duplicate =
        "[[ignore]]\nrule = \"duplicate-entry\"\nentry = \"spool/lock-f*\"\nreason = \"known\"\n";
    for (config, code, rules) in [
        ("[rules]\nduplicate-entry = \"off\"\n".to_owned(), 0, "contradicting-advice"),
        (contradicting.to_owned(), 1, "duplicate-entry"),
        (format!("{duplicate}{contradicting}"), 0, ""),
        (duplicate.replace("lock-f*", "lock-b*"), 1, "duplicate-entry contradicting-advice"),
    ] {
        base.write("errlore.toml", &config);
        let output = run(&base, &["--format", "github"]);
        assert_eq!(output.code, Some(code), "{config}{}", output.stdout);
        assert_eq!(output.stdout.lines().count(), rules.split_whitespace().count(), "{config}");
        assert!(rules.split_whitespace().all(|rule| output.stdout.contains(rule)), "{config}");
        assert_eq!(run(&base, &[]).code, Some(code), "{config}");
    }
    base.write("errlore.toml", format!("{duplicate}{contradicting}"));
    let output = run(&base, &[]);
    assert!(output.stdout.contains("1 pair ignored by the configuration\n"), "{}", output.stdout);
    assert!(!output.stdout.contains("cluster 1"), "{}", output.stdout);
}

#[test]
fn formats_go_to_files_too_and_two_do_not_share_one_output() {
    let base = base();
    let output =
        run(&base, &["--format", "text,markdown=comment.md", "--format", "json=found.json"]);
    assert_eq!((output.code, &*output.stderr), (Some(1), ""));
    assert!(output.stdout.starts_with("cluster 1: 2 entries\n"), "{}", output.stdout);
    assert!(base.read("comment.md").starts_with("**errlore duplicates**\n"));
    assert_eq!(base.read("found.json"), run(&base, &["--format", "json"]).stdout);
    let output = run(&base, &["--format", "html", "--output", "page.html"]);
    assert_eq!((output.code, &*output.stdout), (Some(1), ""), "{}", output.stderr);
    assert!(base.read("page.html").starts_with("<!doctype html>"));
    for (arguments, message) in [
        (&["--format", "text,json"][..], "two formats cannot share one output"),
        (&["--format", "marksdown"], "did you mean markdown?"),
        (&["--like", "x.txt", "--format", "github"], "`--like` is written as text or as json"),
        (&["--explain", ONE, TWO, "--format", "github"], "text or as json or as html"),
        (&["--measure", "--output", "x.txt"], "`--measure` is written to standard output"),
    ] {
        let output = run(&base, arguments);
        assert_eq!((output.code, &*output.stdout), (Some(2), ""));
        assert!(output.stderr.contains(message), "{}", output.stderr);
    }
}

#[test]
fn a_decision_that_they_are_one_error_has_to_know_them() {
    let base = base();
    let output = decide(&base, &[]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    for part in [
        "spool/lock-busy and spool/lock-file-in-use contradict each other:\n    ! the first",
        "--contradictions-read",
    ] {
        assert!(output.stdout.contains(part), "{}", output.stdout);
    }
    assert!(!base.root().join(FILE).exists(), "nothing is recorded");

    let output = decide(&base, &["--contradictions-read"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stdout.ends_with("  with 1 contradiction to settle\n"), "{}", output.stdout);
    let line = base.read(FILE);
    let decision: Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(
        decision["contradictions"],
        json!([["/workarounds/1/action", "/dead_ends/0/action"]])
    );
    assert_eq!(run(&base, &[]).code, Some(0));
    let check = || base.errlore(&["check", "--format", "concise"]).output().stdout;
    assert!(!check().contains("[contradicting-advice]"), "{}", check());

    // A line that was written without them.
    let mut without = decision;
    without.as_object_mut().expect("an object").remove("contradictions");
    base.write(FILE, format!("{without}\n"));
    let output = run(&base, &[]);
    assert_eq!(output.code, Some(1), "{}", output.stdout);
    for part in [
        "contradicting each other, about the same message",
        "    ! the first recommends",
        "decided duplicate on",
    ] {
        assert!(output.stdout.contains(part), "{}", output.stdout);
    }
    assert!(!output.stdout.contains("cluster 1"), "{}", output.stdout);
    assert_eq!(as_json(&run(&base, &["--format", "json"]))["contradicting"][0]["a"], ONE);
    assert!(check().contains("[contradicting-advice]") && !check().contains("[duplicate-entry]"));
    let lines = run(&base, &["--format", "github"]).stdout;
    assert!(
        lines.contains("contradicting-advice") && !lines.contains("duplicate-entry"),
        "{lines}"
    );

    // As two errors they may well advise otherwise.
    let arguments = ["--decide", ONE, TWO, "variant", "--reason", "two daemons"];
    assert_eq!(run(&base, &arguments).code, Some(0));
    assert_eq!(run(&base, &[]).code, Some(0));
}

#[test]
fn entries_that_answer_for_one_message_must_not_deny_each_other() {
    let of = |regex: &str, cause: &str, action: &str, environment: &str| {
        let entry = json!({
            "signature": "NoSuchReel: the reel that the job names is not there",
            "regex": regex,
            "root_cause": cause,
            "workarounds": [{"action": action, "success_rate": 0.8, "how": action, "condition": "",
                             "sources": []}],
        });
        (format!("spool/{environment}"), entry)
    };
    let gone =
        "The socket of the old spooler no longer exists in this release, so that jobs are lost.";
    let there = "The profile of the user points to another host. The socket of the old spooler still exists \
                 in this release and answers there.";
    let all = |environments: [&str; 2], claims: [&str; 2]| {
        let base = Base::new();
        let actions = ["Create the reel with reelctl", "Choose the profile of the department"];
        for ((environment, claim), action) in environments.iter().zip(claims).zip(actions) {
            let (id, entry) = of("the reel that the job", claim, action, environment);
            base.entry(&id, &entry);
        }
        base
    };
    let ids = ["reel-gone", "profile-of-another-host"];
    let base = all(ids, [gone, there]);
    let output = run(&base, &[]);
    assert_eq!((output.code, &*output.stderr), (Some(1), ""));
    for part in
        ["about the same message", "the opposite of what the second", "1 pair with contradicting"]
    {
        assert!(output.stdout.contains(part), "{}", output.stdout);
    }
    assert!(!output.stdout.contains("cluster 1"), "they are no duplicates: {}", output.stdout);
    let found = as_json(&run(&base, &["--format", "json"]));
    assert_eq!(found["contradicting"][0]["contradictions"][0]["conflict"], "claim");
    let check = |base: &Base| base.errlore(&["check", "--format", "concise"]).output().stdout;
    assert!(check(&base).contains("[contradicting-advice]"), "{}", check(&base));

    let decided = [
        "--decide",
        "spool/reel-gone",
        "spool/profile-of-another-host",
        "distinct",
        "--reason",
        "x",
    ];
    assert_eq!(run(&base, &decided).code, Some(0));
    assert_eq!(run(&base, &[]).code, Some(0), "{}", run(&base, &[]).stdout);

    // Each is right of its own release.
    let base = all(["reel-gone/spool3", "profile-of-another-host/spool4"], [gone, there]);
    assert!(!check(&base).contains("[contradicting-advice]"), "{}", check(&base));
    let base = all(ids, [there, there]);
    assert!(!check(&base).contains("[contradicting-advice]"), "{}", check(&base));
}

#[test]
fn a_review_asks_about_them() {
    let base = base();
    let review = |keys: &str| {
        base.errlore(&["duplicates", "--review", "--blind"]).args(&DAY).input(keys).output()
    };
    let output = review("d\nn\nd\n");
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert_eq!(
        output.stdout.matches("still one error? [y]es [n]o > ").count(),
        2,
        "{}",
        output.stdout
    );
    assert!(!base.root().join(FILE).exists(), "neither a no nor the end is a yes");
    let output = review("d\ny\none daemon\nq\n");
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(base.read(FILE).contains("\"contradictions\":[[\"/workarounds/1/action\""));
    assert!(review("").stdout.starts_with("no pair is raised\n"));
    // What was decided without them is asked about again, once.
    let line = base.read(FILE);
    let at = line.find(",\"contradictions\"").expect("they are there");
    base.write(FILE, format!("{}}}\n", &line[..at]));
    let output = review("d\ny\nread now\n");
    assert_eq!(output.code, Some(0), "{}", output.stdout);
    assert!(review("").stdout.starts_with("no pair is raised\n"));
}

#[test]
fn a_pull_request_is_told_by_its_new_entry_and_blocked() {
    let base = base();
    let text = base.read(format!("entries/{TWO}.json"));
    std::fs::remove_file(base.root().join(format!("entries/{TWO}.json"))).expect("it is there");
    base.git(&["init", "--quiet"]);
    base.commit("first");
    base.write(format!("entries/{TWO}.json"), text);
    let output = run(&base, &["--since", "HEAD"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    let first = "entries/spool/lock-file-in-use.json (new) looks like `spool/lock-busy`: ";
    assert!(output.stdout.starts_with(first), "{}", output.stdout);
    assert!(output.stdout.contains("    ! the first recommends at"), "{}", output.stdout);
    let comment = run(&base, &["--since", "HEAD", "--format", "markdown"]).stdout;
    let first = "**errlore duplicates**\n\n<code>entries/spool/lock-file-in-use.json</code> (new) looks like \
                 <code>spool/lock-busy</code>.\n";
    assert!(comment.starts_with(first), "{comment}");
    base.commit("second");
    let output = run(&base, &["--since", "HEAD", "--format", "markdown"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(!output.stdout.contains("looks like"), "{}", output.stdout);
}

#[test]
fn texts_copied_word_for_word_are_told_whatever_the_ids_say() {
    let copy = |signature: &str, regex: &str| {
        let mut copy = entry("Delete the stale lock file", "Wait an hour");
        errlore::rule::merge_patch(&mut copy, &json!({"signature": signature, "regex": regex}));
        copy
    };
    let base = Base::new();
    let (one, other) = ("spool/lock-left/de", "reel/stands-still/fr");
    base.entry(one, &copy("spoold: cannot take lock 17", "cannot take lock \\d+"));
    base.entry(other, &copy("reel 4 of the printer stands still", "reel \\d+ of the printer"));
    // Others that have nothing to do with it.
    for at in 0..20 {
        base.entry(&format!("other/entry-{at}"), &json!({}));
    }
    let output = run(&base, &[]);
    assert_eq!(output.code, Some(1), "{}{}", output.stdout, output.stderr);
    assert!(output.stdout.contains("copied texts: cause and advice are the same"));
    let found = as_json(&run(&base, &["--format", "json"]));
    assert_eq!(found["copied_texts"][0]["a"], other);
    assert_eq!(found["copied_texts"].as_array().map(Vec::len), Some(1));
    let check = base.errlore(&["check", "--format", "concise"]).output().stdout;
    assert_eq!(check.matches("[copied-text]").count(), 1, "{check}");
    // In other words it is no copy.
    base.entry(other, &entry("Remove the lock file that is stale", "Wait for an hour or so"));
    assert_eq!(as_json(&run(&base, &["--format", "json"]))["copied_texts"], json!([]));

    base.entry(other, &copy("reel 4 of the printer stands still", "reel \\d+ of the printer"));
    let arguments = ["--decide", one, other, "related", "--reason", "one cause, two messages"];
    assert_eq!(run(&base, &arguments).code, Some(0));
    assert_eq!(run(&base, &[]).code, Some(0));
    let check = base.errlore(&["check", "--format", "concise"]).output().stdout;
    assert!(!check.contains("[copied-text]"), "{check}");
}
