//! `errlore.toml`: where it is found, what counts when, what it ignores; and the commands that
//! explain: `rules`, `explain`, `config`.

use std::fs;

use errlore::diagnostic::Level;
use errlore::rule::{Check, Rule};
use serde_json::{Value, json};

use crate::support::{self, Base, place, placeholder, stale};

const OFF: &str = "[rules]\nstale-entry = \"off\"\n";

#[test]
fn the_configuration_is_found_by_walking_up() {
    let base = Base::new();
    base.neighbours();
    base.write("errlore.toml", OFF);
    for folder in ["", "entries", "entries/example"] {
        let run = base.errlore(&["check", "--format", "json"]).within(base.root().join(folder));
        let output = run.output();
        assert_eq!(output.places(), [""; 0], "from {folder}: {}", output.stderr);
        assert_eq!(output.code, Some(0));
    }
    // From elsewhere, a path leads to the base around it.
    let run = base.errlore(&["check", "base/entries/example/stale.json", "--format", "json"]);
    assert_eq!(run.within(base.home()).output().places(), [""; 0]);
}

#[test]
fn the_nearest_configuration_counts() {
    let base = Base::new();
    let note = base.neighbours();
    fs::write(base.home().join("errlore.toml"), "no = \"such key\"\n").expect("a new file");
    base.write("errlore.toml", "");
    // HOME elsewhere, so that only the nearer file keeps the other one out.
    let elsewhere = tempfile::TempDir::new().expect("a temporary folder");
    let output =
        base.errlore(&["check", "--format", "json"]).env("HOME", elsewhere.path()).output();
    assert_eq!(output.places(), [note], "{}", output.stderr);
}

#[test]
fn a_configuration_in_the_home_folder_is_never_used() {
    let base = Base::new();
    let note = base.neighbours();
    // One that would be seen: it switches the finding off, or it is no configuration at all.
    for text in [OFF, "no = \"such key\"\n"] {
        fs::write(base.home().join("errlore.toml"), text).expect("a new file");
        let output = base.check();
        assert_eq!(output.places(), std::slice::from_ref(&note), "{}", output.stderr);
        let shown = base.errlore(&["config"]).output();
        assert_eq!(shown.code, Some(0), "{}", shown.stderr);
        assert!(!shown.stdout.contains("# from"), "{}", shown.stdout);
        // Not even in the home folder itself.
        let run = base.errlore(&["check", "base/entries", "--format", "json"]).within(base.home());
        assert_eq!(run.output().code, Some(0));
    }
}

#[test]
fn the_walk_ends_at_the_root_of_the_repository() {
    let base = Base::new();
    let note = base.neighbours();
    fs::write(base.home().join("errlore.toml"), "no = \"such key\"\n").expect("a new file");
    base.git(&["init", "--quiet"]);
    let elsewhere = tempfile::TempDir::new().expect("a temporary folder");
    let output =
        base.errlore(&["check", "--format", "json"]).env("HOME", elsewhere.path()).output();
    assert_eq!(output.places(), [note], "{}", output.stderr);
}

#[test]
fn a_flag_counts_before_the_environment_and_that_before_the_file() {
    let base = Base::new();
    base.neighbours();
    base.write("errlore.toml", OFF);
    base.write("note.toml", "");
    base.write("error.toml", "[rules]\nstale-entry = \"error\"\n");
    let errors = |run: support::Run| run.output().code;
    assert_eq!(errors(base.errlore(&["check", "--fail-on", "note"])), Some(0), "the file");
    let run = base.errlore(&["check", "--fail-on", "note"]).env("ERRLORE_CONFIG", "note.toml");
    assert_eq!(errors(run), Some(1), "the environment");
    let run = base.errlore(&["check", "--config", "error.toml"]).env("ERRLORE_CONFIG", "note.toml");
    assert_eq!(errors(run), Some(1), "the flag");
    let run = base.errlore(&["check", "--config", "note.toml"]).env("ERRLORE_FAIL_ON", "note");
    assert_eq!(errors(run), Some(1));
    let run = base.errlore(&["check", "--config", "note.toml", "--fail-on", "warning"]);
    assert_eq!(errors(run.env("ERRLORE_FAIL_ON", "note")), Some(0));
    let output = base.errlore(&["check", "--config", "missing.toml"]).output();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("missing.toml"), "{}", output.stderr);
}

#[test]
fn levels_change_what_a_finding_counts_as() {
    let base = Base::new();
    let note = base.neighbours();
    for level in ["note", "warning", "error"] {
        base.write("errlore.toml", format!("[rules]\nstale-entry = \"{level}\"\n"));
        let output = base.check();
        assert_eq!(output.places(), std::slice::from_ref(&note));
        assert_eq!(output.only("stale-entry")["severity"], level);
    }
}

#[test]
fn settings_reach_the_rules() {
    let base = Base::new();
    base.neighbours();
    base.write("errlore.toml", "stale-after-days = 36500\n");
    assert_eq!(base.check().places(), [""; 0]);
    base.write("errlore.toml", "entries = [\"other\"]\n");
    base.write("other/example/bad.json", support::entry("example/bad", &placeholder()));
    assert_eq!(base.check().findings().len(), 1, "only what is in `other`");
}

#[test]
fn a_pattern_that_consumers_cannot_find_with_case_fails_where_case_counts() {
    let base = Base::new();
    base.entry("example/case", &json!({"regex": "NO SPACE left on (device|volume)"}));
    assert_eq!(base.check().code, Some(0), "look-ups ignore case unless said otherwise");
    base.write("errlore.toml", "[regex]\ncase = \"sensitive\"\n");
    let output = base.check();
    assert_eq!(output.findings().len(), 1, "one fault, one finding: {}", output.stdout);
    assert_eq!(output.code, Some(1), "no look-up finds the entry: {}", output.stdout);
}

/// A base whose one note is ignored by an entry of the configuration with these further lines.
fn ignoring(lines: &str) -> Base {
    let base = Base::new();
    base.neighbours();
    base.write("errlore.toml", format!("# accepted\n[[ignore]]\nrule = \"stale-entry\"\nreason = \"text does not age\"\n{lines}"));
    base
}

#[test]
fn what_is_ignored_is_counted_and_not_shown() {
    for lines in [
        "",
        "entry = \"example/*\"\n",
        "entry = \"example/stale\"\n",
        "entry = \"*\"\nuntil = \"2026-11-22\"\n",
        "until = 2027-01-01\n",
    ] {
        let base = ignoring(lines);
        let output = base.check();
        assert_eq!(output.places(), [""; 0], "{lines}");
        let report: Value = serde_json::from_str(&output.stdout).expect("JSON");
        assert_eq!(report["summary"]["ignored"], 1, "{lines}");
        assert_eq!(base.errlore(&["check", "--fail-on", "note"]).output().code, Some(0));
    }
}

#[test]
fn an_ignore_takes_only_what_it_names() {
    let base = ignoring("entry = \"example/stale\"\n");
    base.entry("example/older", &stale());
    base.entry("example/stale", &json!({"root_cause": "TODO: find out", "first_seen": "2019-01-01", "last_confirmed": "2020-01-01", "last_updated": "2020-01-01"}));
    let output = base.check();
    assert_eq!(output.only("stale-entry")["entry"], "example/older");
    assert_eq!(output.only("placeholder-text")["entry"], "example/stale");
}

#[test]
fn an_ignore_for_a_file_that_is_no_entry_goes_by_its_path() {
    let base = Base::new();
    base.neighbours();
    base.write("entries/example/broken.json", "{");
    base.write(
        "errlore.toml",
        "[[ignore]]\nrule = \"invalid-json\"\nentry = \"*/broken.json\"\nreason = \"a specimen\"\n",
    );
    assert!(!base.check().stdout.contains("invalid-json"));
}

#[test]
fn an_unused_ignore_is_a_finding_of_a_full_run() {
    let base = ignoring("entry = \"no-such/*\"\n");
    let text = base.read("errlore.toml");
    let output = base.check();
    let found = output.only("unused-ignore");
    assert_eq!(support::place_of(&found), place("errlore.toml", &text, "\"stale-entry\""));
    output.only("stale-entry");
    // Whoever looks at a part cannot know.
    for arguments in [
        &["entries/example/good.json"][..],
        &["entries/example/good.json", "entries/example/stale.json", "--since", "HEAD"],
    ] {
        base.git(&["init", "--quiet"]);
        base.commit("all");
        let output = base.errlore(&["check", "--format", "json"]).args(arguments).output();
        assert!(!output.stdout.contains("unused-ignore"), "{arguments:?}: {}", output.stdout);
        fs::remove_dir_all(base.root().join(".git")).expect("a repository");
    }
    for command in ["validate", "regex"] {
        let output = base.errlore(&[command, "--format", "json"]).output();
        assert_eq!(output.places(), [""; 0], "{command} does not run the rule that is ignored");
    }
}

#[test]
fn an_ignore_of_a_rule_that_did_not_run_is_not_unused() {
    let base = Base::new();
    base.neighbours();
    base.git(&["init", "--quiet"]);
    base.commit("all");
    // Each rule is ignored where there is nothing; one of them is off.
    let ignore = |rule: &Rule| {
        let rule = rule.id;
        format!("[[ignore]]\nrule = \"{rule}\"\nentry = \"no-such/*\"\nreason = \"accepted\"\n")
    };
    let ignores: String = errlore::rules::all().iter().map(|rule| ignore(rule)).collect();
    base.write("errlore.toml", format!("{ignores}[rules]\nstale-entry = \"off\"\n"));
    let unused = |arguments: &[&str]| -> Vec<String> {
        let output = base.errlore(arguments).args(&["--format", "json"]).output();
        let found = output.findings().into_iter().filter(|found| found["rule"] == "unused-ignore");
        found
            .filter_map(|found| Some(found["message"].as_str()?.split('`').nth(1)?.into()))
            .collect()
    };
    let runs = |rule: &&&Rule| {
        !matches!(
            rule.check,
            Check::Change(_) | Check::Former(_) | Check::Reading | Check::Engines(_)
        ) && rule.level != Level::Off
            && rule.id != "stale-entry"
    };
    let expected: Vec<&str> =
        errlore::rules::all().iter().filter(runs).map(|rule| rule.id).collect();
    assert_eq!(unused(&["check"]), expected);
    for other in [&["check", "--since", "HEAD"][..], &["regex", "--run-engines"], &["validate"]] {
        assert_eq!(unused(other), [""; 0], "{other:?}");
    }
}

#[test]
fn an_ignore_by_path_holds_from_every_folder() {
    let base = Base::new();
    base.neighbours();
    base.write("entries/example/broken.json", "{");
    base.write(
        "errlore.toml",
        "[[ignore]]\nrule = \"invalid-json\"\nentry = \"entries/example/broken.json\"\nreason = \"a specimen\"\n",
    );
    for folder in ["", "entries", "entries/example"] {
        let run = base.errlore(&["check"]).within(base.root().join(folder));
        assert_eq!(run.output().code, Some(0), "from {folder}");
    }
    let run = base.errlore(&["check", "base"]).within(base.home());
    assert_eq!(run.output().code, Some(0));
}

#[test]
fn an_expired_ignore_is_a_finding_and_hides_nothing() {
    let base = ignoring("until = \"2026-11-21\"\n");
    let text = base.read("errlore.toml");
    let output = base.check();
    let found = output.only("expired-ignore");
    assert_eq!(support::place_of(&found), place("errlore.toml", &text, "\"stale-entry\""));
    output.only("stale-entry");
    assert!(!output.stdout.contains("unused-ignore"), "one fault, one finding: {}", output.stdout);
    let output = base.errlore(&["check", "entries/example/good.json", "--format", "json"]).output();
    assert_eq!(output.places(), [""; 0], "a run about one entry is not about the configuration");
    for command in ["validate", "regex"] {
        let output = base.errlore(&[command, "--format", "json"]).output();
        assert_eq!(output.places(), [""; 0], "{command}");
    }
}

#[test]
fn findings_about_ignores_have_an_excerpt() {
    let base = ignoring("entry = \"no-such/*\"\n");
    let shown = base.errlore(&["check"]).output().stdout;
    assert!(shown.contains("--> errlore.toml:3:8"), "{shown}");
    assert!(shown.contains("3 | rule = \"stale-entry\""), "{shown}");
    let concise = base.errlore(&["check", "--format", "concise"]).output().stdout;
    assert!(concise.contains("errlore.toml:3:8: warning[unused-ignore] "), "{concise}");
}

#[test]
fn rules_are_listed_and_each_is_explained() {
    let base = Base::new();
    let text = base.errlore(&["rules"]).output();
    let list = base.errlore(&["rules", "--format", "json"]).output();
    assert_eq!((text.code, list.code), (Some(0), Some(0)));
    let list: Value = serde_json::from_str(&list.stdout).expect("JSON");
    let rules = list["rules"].as_array().expect("a list");
    assert!(rules.len() > 40, "{}", rules.len());
    for rule in rules {
        let id = rule["id"].as_str().expect("an id");
        assert!(text.stdout.lines().any(|line| line.starts_with(&format!("  {id} "))), "{id}");
        assert!(!rule["summary"].as_str().expect("a summary").is_empty(), "{id}");
        let output = base.errlore(&["explain", id]).output();
        assert_eq!(output.code, Some(0), "{id}: {}", output.stderr);
        assert!(output.stdout.starts_with(id), "{id}: {}", output.stdout);
        for heading in ["# Why", "# Bad", "# Good"] {
            assert!(output.stdout.contains(heading), "{id}: {heading}");
        }
    }
}

#[test]
fn an_unknown_rule_is_an_error_with_a_guess() {
    let base = Base::new();
    let output = base.errlore(&["explain", "stale-entri"]).output();
    assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""));
    assert!(output.stderr.contains("`stale-entri`"), "{}", output.stderr);
    assert!(output.stderr.contains("did you mean `stale-entry`?"), "{}", output.stderr);
    let output = base.errlore(&["explain", "qqqq"]).output();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("errlore rules"), "where to look: {}", output.stderr);
}

#[test]
fn config_shows_each_value_and_where_it_comes_from() {
    let base = Base::new();
    let output = base.errlore(&["config"]).output();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stdout.contains("stale-after-days = 730  # default"), "{}", output.stdout);
    base.write(
        "errlore.toml",
        "stale-after-days = 100\n[rules]\nstale-entry = \"off\"\n[regex]\ncase = \"sensitive\"\n",
    );
    let output = base.errlore(&["config"]).output();
    for line in [
        "stale-after-days = 100  # errlore.toml",
        "regex.case = \"sensitive\"  # errlore.toml",
        "rules.stale-entry = \"off\"  # errlore.toml",
        "max-file-size = 10000000  # default",
    ] {
        assert!(output.stdout.lines().any(|shown| shown == line), "{line}: {}", output.stdout);
    }
    let output = base.errlore(&["config", "--format", "json"]).output();
    let shown: Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(shown["file"], "errlore.toml");
    let settings = shown["settings"].as_array().expect("a list");
    let days =
        settings.iter().find(|setting| setting["key"] == "stale-after-days").expect("the key");
    assert_eq!((&days["value"], &days["origin"]), (&json!(100), &json!("errlore.toml")));
}

#[test]
fn help_and_version_are_no_failure() {
    let base = Base::new();
    for arguments in [&["--help"][..], &["--version"], &["check", "--help"], &["help", "explain"]] {
        let output = base.errlore(arguments).output();
        assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(!output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn what_fails_a_check_stands_in_the_file_and_flags_and_the_environment_go_before() {
    let base = Base::new();
    base.neighbours();
    base.write("errlore.toml", "fail-on = \"note\"\n[rules]\nstale-entry = \"warning\"\n");
    let status = |flags: &[&str], variable: &str| {
        base.errlore(&["check"]).args(flags).env("ERRLORE_FAIL_ON", variable).output().code
    };
    assert_eq!(status(&[], ""), Some(1), "a variable that is empty is not set");
    assert_eq!(status(&[], "error"), Some(0));
    assert_eq!(status(&["--fail-on", "warning"], "error"), Some(1));
    let shown = |variable: &str| {
        let output = base.errlore(&["config"]).env("ERRLORE_FAIL_ON", variable).output();
        let lines: Vec<String> = output.stdout.lines().map(str::to_owned).collect();
        lines.into_iter().filter(|line| line.contains("fail-on")).collect::<Vec<_>>()
    };
    assert_eq!(shown(""), ["fail-on = \"note\"  # errlore.toml"]);
    assert_eq!(shown("error"), ["fail-on = \"error\"  # ERRLORE_FAIL_ON"]);
    base.write("errlore.toml", "fail-on = \"fatal\"\n");
    let output = base.check();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("errlore.toml:1:11"), "{}", output.stderr);
}

#[test]
fn a_variable_that_is_empty_is_not_set() {
    let base = Base::new();
    base.entry("example/good", &json!({}));
    let names = ["FORMAT", "FAIL_ON", "SINCE", "TODAY", "CONFIG", "JOBS"];
    for command in [&["check"][..], &["validate"], &["regex"], &["fmt", "--check"], &["config"]] {
        let plain = base.errlore(command).output();
        let run = names
            .iter()
            .fold(base.errlore(command), |run, name| run.env(&format!("ERRLORE_{name}"), ""));
        let output = run.output();
        assert_eq!(output.code, Some(0), "{command:?}: {}", output.stderr);
        if command != ["config"] {
            assert_eq!(output.stdout, plain.stdout, "{command:?}");
        }
    }
}

#[test]
fn a_rule_that_the_configuration_misspells_has_a_guess() {
    let base = Base::new();
    for (text, guess) in [
        ("[rules]\nstale-entri = \"off\"\n", "`stale-entry`"),
        ("[rules]\nregex-match-empty = \"off\"\n", "`regex-matches-empty`"),
        ("[[ignore]]\nrule = \"stale\"\nreason = \"x\"\n", "`stale-entry`"),
    ] {
        base.write("errlore.toml", text);
        let output = base.check();
        assert_eq!(output.code, Some(2), "{text}");
        assert!(output.stderr.contains(&format!("did you mean {guess}?")), "{}", output.stderr);
    }
    base.write("errlore.toml", "[rules]\nqqqq = \"off\"\n");
    let output = base.check();
    assert!(output.stderr.contains("`errlore rules` lists them"), "{}", output.stderr);
}
