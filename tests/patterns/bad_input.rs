//! Patterns and messages that nobody should write: each ends in a clear finding, in little memory, whichever
//! engines consumers run.

use serde_json::{Value, json};

use crate::support::{self, Base, Output};

/// The configuration of consumers who do not run the `regex` crate.
const OTHERS: &str = "[regex]\nengines = [\"python\", \"javascript\"]\n";

/// The findings about patterns in a base with one entry of this pattern, and one that is well.
fn found(config: &str, pattern: &str) -> (Vec<String>, Output) {
    let base = Base::new();
    base.write("errlore.toml", config);
    let note = base.neighbours();
    let text = support::entry("example/bad", &json!({"regex": "PATTERN"}));
    let quoted = serde_json::to_string(pattern).expect("a text is JSON");
    base.write("entries/example/bad.json", text.replace("\"PATTERN\"", &quoted));
    let output = run(&base, &["check", "--format", "json"]);
    assert_eq!(output.stderr, "");
    assert!(output.places().contains(&note), "the other entries were checked: {}", output.stdout);
    assert!(output.stdout.len() < 20_000, "the pattern is not repeated in the report");
    let rules = output.findings().into_iter().filter(|found| found["entry"] == "example/bad");
    let rules = rules.map(|found| found["rule"].as_str().expect("a rule").to_owned());
    (rules.collect(), output)
}

/// In little memory where that can be held to.
fn run(base: &Base, arguments: &[&str]) -> Output {
    #[cfg(target_os = "linux")]
    return base.errlore_within(512, arguments).output();
    #[cfg(not(target_os = "linux"))]
    base.errlore(arguments).output()
}

#[test]
fn an_entry_without_a_pattern_or_a_message_is_not_clean() {
    let with = |key: &str, value: Value| {
        let whole = support::entry("example/bad", &json!({}));
        let mut entry: Value = serde_json::from_str(&whole).expect("an entry");
        entry[key] = value;
        entry.to_string()
    };
    let without = with("regex", json!("")).replace("\"regex\":\"\",", "");
    let bad = [
        with("regex", json!("")),
        with("regex", json!(5)),
        with("signature", json!("")),
        without,
        "[]".to_owned(),
    ];
    for text in bad {
        let base = Base::new();
        base.write("entries/example/bad.json", &text);
        let output = base.errlore(&["regex", "--format", "json"]).output();
        assert_eq!(output.code, Some(1), "{text}\n{}", output.stdout);
        let rules: Vec<_> = output.findings().iter().map(|found| found["rule"].clone()).collect();
        assert!(rules.contains(&json!("schema-violation")), "{text}: {rules:?}");
    }
    let base = Base::new();
    base.write("entries/example/bad.json", with("locale", json!(5)));
    let output = base.errlore(&["regex"]).output();
    assert_eq!(
        output.code,
        Some(0),
        "what is no part of a pattern is for `check`: {}",
        output.stdout
    );
}

#[test]
fn what_is_a_pattern_in_no_engine() {
    let deep = format!("{}a{}", "(".repeat(4_000), ")".repeat(4_000));
    let long = "no space|".repeat(1_000_000 / 9);
    let alternatives = "a|".repeat(10_000);
    let patterns = [
        "(",
        ")",
        "[a",
        "*a",
        "a{2,1}",
        "(?<",
        "a\\",
        "(?P<n",
        "[z-a]",
        "(?<n>a)(?<n>b)",
        &deep,
        &long,
        &alternatives,
        "a{1000}{1000}{1000}",
    ];
    for pattern in patterns {
        for config in ["", OTHERS] {
            let (rules, _) = found(config, pattern);
            let shown = &pattern[..pattern.len().min(40)];
            assert_eq!(rules, ["regex-invalid"], "{shown} {config}");
        }
    }
}

#[test]
fn what_only_some_engines_take() {
    // What Python or JavaScript takes, and `regex` does not: both, one of them.
    let cases: &[(&str, &[&str])] = &[
        ("(?=no) ?space", &["regex-not-decided"]),
        ("(?<!no )space", &["regex-not-decided"]),
        (r"(space|left) \1", &["regex-not-decided"]),
        (r"((?:\w{1000}){1000})*x", &["regex-not-decided"]),
        (r"(?P<n>space) (?P=n)", &["regex-not-decided", "regex-not-portable"]),
        (r"(?<=o+) space", &["regex-not-decided", "regex-not-portable"]),
    ];
    for (pattern, expected) in cases {
        let (rules, _) = found("", pattern);
        assert_eq!(rules, ["regex-invalid"], "{pattern}");
        let (mut rules, output) = found(OTHERS, pattern);
        rules.sort();
        rules.dedup();
        assert_eq!(rules, *expected, "{pattern}");
        let note = output.only("regex-not-decided");
        assert_eq!(
            (note["severity"].as_str(), note["pointer"].as_str()),
            (Some("note"), Some("/regex"))
        );
        assert_eq!(output.code, Some(0), "{pattern}: a note fails nothing");
    }
    // Taken by engines that nobody here runs.
    let (rules, output) = found(OTHERS, "(?<n>a)(?>b)(?R)?");
    assert_eq!(rules, ["regex-invalid"]);
    let message = output.only("regex-invalid")["message"].to_string();
    assert!(message.contains("(python)"), "{message}");
}

#[test]
fn what_rust_takes_is_judged_as_the_engines_read_it() {
    for (engine, pattern, expected) in [
        ("python", r"\p{L}+ space", "regex-invalid"),
        ("javascript", "(?i)no space", "regex-invalid"),
        ("python", "no[[:space:]]space", "regex-not-decided"),
        ("python", "no spac[[a-z]]", "regex-not-decided"),
        ("python", "no spac[a-z&&[^x]]", "regex-not-decided"),
        ("javascript", r"no space left on device\z", "regex-not-decided"),
        ("javascript", r"no \p{L}+", "regex-not-decided"),
    ] {
        let (rules, _) = found(&format!("[regex]\nengines = [\"{engine}\"]\n"), pattern);
        assert_eq!(rules, [expected], "{engine}: {pattern}");
    }
    for pattern in ["no space left", r"\bno\s+space [a-z]+ on (?:device|volume)$"] {
        let (rules, _) = found(OTHERS, pattern);
        assert!(!rules.contains(&"regex-not-decided".to_owned()), "{pattern}: {rules:?}");
    }
}

#[test]
fn what_finds_everything_or_nothing() {
    let bars = "|".repeat(9_999);
    for config in ["", OTHERS] {
        for pattern in [".*", "(?:)", "a?|", &bars] {
            let (rules, _) = found(config, pattern);
            assert!(rules.contains(&"regex-matches-empty".to_owned()), "{pattern}: {rules:?}");
        }
        let (rules, _) = found(config, "");
        assert_eq!(rules, ["schema-violation"]);
    }
}

#[test]
fn a_message_of_a_hundred_megabytes_is_looked_at_up_to_a_limit() {
    let base = Base::new();
    base.entry("example/disk-full", &json!({}));
    let mut log = b"x \0 \xff\xfe\xc3 write failed: no space left on device \x1b[31m".to_vec();
    log.resize(100 << 20, b'y');
    log.extend(b"\nagain: no space left on device\n");
    let run = |input: Vec<u8>| {
        let arguments = ["match", "-", "--format", "json"];
        #[cfg(target_os = "linux")]
        let run = base.errlore_within(512, &arguments);
        #[cfg(not(target_os = "linux"))]
        let run = base.errlore(&arguments);
        run.input(input).output()
    };
    let output = run(log);
    assert_eq!(
        output.stderr,
        "a line of <stdin> has more than 64 kB: it was looked at up to there\n"
    );
    assert_eq!(output.code, Some(0));
    let lines: Vec<Value> =
        output.stdout.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let found: Vec<_> =
        lines.iter().map(|line| (&line["line"], &line["entries"][0]["id"])).collect();
    assert_eq!(
        found,
        [(&json!(1), &json!("example/disk-full")), (&json!(2), &json!("example/disk-full"))]
    );
    // Nothing but what is no text.
    let output = run([0, 0xff, b'\n'].repeat(2 << 20));
    assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (Some(1), "", ""));
}
