//! What may stand in a file: whatever it is, one clear finding says so, and the run goes on.

use serde_json::json;

use crate::support::{self, Base, Output, entry, place, place_of};

const BAD: &str = "entries/example/bad.json";

/// Checks a base in which one file is bad: the findings about it must be these, as places in it and
/// rules, and the other entries must have been checked too.
fn check(content: impl AsRef<[u8]>, status: i32, expected: &[(&str, &str)]) -> (Base, Output) {
    let base = Base::new();
    let note = base.neighbours();
    base.write(BAD, content);
    let output = base.check();
    let mut places: Vec<String> =
        expected.iter().map(|(place, rule)| format!("{BAD}:{place} {rule}")).collect();
    places.push(note);
    assert_eq!(output.places(), places, "{}", output.stdout);
    assert_eq!(output.code, Some(status), "{}{}", output.stdout, output.stderr);
    assert_eq!(output.stderr, "", "what is wrong with an entry is a finding, no error");
    (base, output)
}

/// The message and the help of the one finding of a rule.
fn says(output: &Output, rule: &str) -> String {
    let found = output.only(rule);
    format!(
        "{} | {}",
        found["message"].as_str().unwrap_or_default(),
        found["help"].as_str().unwrap_or_default()
    )
}

/// A valid entry for the place of the bad file.
fn valid() -> String {
    entry("example/bad", &json!({}))
}

/// The valid entry with one text in it replaced, and `line:column` of the replacement.
fn with(old: &str, new: &str) -> (String, String) {
    let text = valid();
    assert_eq!(text.matches(old).count(), 1, "{old} is there once");
    let text = text.replacen(old, new, 1);
    let place = place("", &text, new).split_off(1);
    (text, place)
}

#[test]
fn not_json() {
    check("this is no JSON\n", 1, &[("1:1", "invalid-json")]);
}

#[test]
fn a_comment_and_a_trailing_comma_are_not_json() {
    check("{\n  // the id\n  \"id\": 1\n}\n", 1, &[("2:3", "invalid-json")]);
    check("{\n  \"id\": \"example/bad\",\n}\n", 1, &[("2:22", "invalid-json")]);
}

#[test]
fn what_cannot_be_seen_is_named_and_what_is_often_written_has_a_help() {
    for (text, place, wanted) in [
        ("{\u{a0} \"id\": 1}", "1:2", "found a no-break space, U+00A0 | write a plain blank"),
        ("{\"id\": \u{2060}1}", "1:8", "found a word joiner, U+2060 | remove it"),
        ("{\"id\": \u{feff}1}", "1:8", "found a byte order mark, U+FEFF | remove it"),
        ("{\"id\": \u{202e}1}", "1:8", "found a bidirectional control, U+202E | remove it"),
        ("{\"id\": \u{1b}[m1}", "1:8", "found a control character, U+001B | remove it"),
        ("{\"id\": \u{ffff}1}", "1:8", "found a noncharacter, U+FFFF | remove it"),
        ("{\"id\": \0 1}", "1:8", "U+0000 | the file holds NUL bytes"),
        ("{\"id\": \"\0\"}", "1:9", "(U+0000) in a string |"),
        ("{“id”: 1}", "1:2", "found `“` | JSON quotes with \""),
        ("{「id」: 1}", "1:2", "found `「` | JSON quotes with \""),
        ("{\"id\"： 1}", "1:6", "found `：` | this is a full-width mark; write :"),
        ("{\"id\": 1，\"b\": 1}", "1:9", "found `，` | this is a full-width mark; write ,"),
        ("{\"id\": 1}\n// the end\n", "2:1", "found `/` | JSON has no comments"),
        ("{\"id\": 1}\n{\"id\": 2}\n", "2:1", "found `{` | a file holds one JSON value"),
        ("{\"id\": +1}", "1:8", "found `+` | JSON writes no + before a number"),
        (
            "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
            "1:1",
            "`git lfs pull` fetches the file",
        ),
    ] {
        let (_, output) = check(text, 1, &[(place, "invalid-json")]);
        let said = says(&output, "invalid-json");
        assert!(said.contains(wanted), "{text:?}: {said}");
    }
}

#[test]
fn a_conflict_that_git_left() {
    let text = "{\n<<<<<<< HEAD\n  \"id\": \"example/bad\"\n=======\n>>>>>>> main\n}\n";
    let (_, output) = check(text, 1, &[("2:1", "invalid-json")]);
    assert!(says(&output, "invalid-json").contains("conflict"), "{}", output.stdout);
}

#[test]
fn cut_off_within_a_string() {
    let text = "{\"id\": \"example/bad\", \"signature\": \"消息 cut o";
    let (_, output) = check(text, 1, &[("1:45", "invalid-json")]);
    let found = output.only("invalid-json");
    assert_eq!(place_of(&found["related"][0]), format!("{BAD}:1:36"), "where the string begins");
}

#[test]
fn cut_off_at_every_tenth_byte() {
    // Wherever a write stopped, the file is one finding at the end of what is left of it.
    let text = valid();
    let base = Base::new();
    let mut expected = Vec::new();
    for length in (10..text.trim_end().len()).step_by(10) {
        let name = format!("example/cut-{length:05}");
        let cut = &text[..length];
        base.write(format!("entries/{name}.json"), cut);
        let end = format!("{cut}\u{1}");
        expected.push(place(&format!("entries/{name}.json"), &end, "\u{1}") + " invalid-json");
    }
    expected.push(base.neighbours());
    let output = base.check();
    // A word such as `nul` is shown where it begins; all else where the text ends.
    let line = |place: &String| place.rsplit_once(':').map(|(line, _)| line.to_owned());
    let lines: Vec<_> = output.places().iter().map(line).collect();
    assert_eq!(lines, expected.iter().map(line).collect::<Vec<_>>(), "{}", output.stdout);
    assert_eq!(output.code, Some(1));
}

#[test]
fn an_empty_file() {
    let (_, output) = check("", 1, &[("1:1", "invalid-json")]);
    assert!(says(&output, "invalid-json").contains("empty"), "{}", output.stdout);
    check("\n  \n", 1, &[("1:1", "invalid-json")]);
}

#[test]
fn a_top_level_array() {
    let (_, output) =
        check(format!("[{}]\n", valid().trim_end()), 1, &[("1:1", "schema-violation")]);
    assert!(says(&output, "schema-violation").contains("object"), "{}", output.stdout);
}

#[test]
fn a_top_level_scalar() {
    for text in ["null\n", "\"example/bad\"\n", "1\n", "true\n"] {
        check(text, 1, &[("1:1", "schema-violation")]);
    }
}

#[test]
fn an_empty_object_is_one_finding() {
    let (_, output) = check("{}\n", 1, &[("1:1", "schema-violation")]);
    let said = says(&output, "schema-violation");
    assert!(said.starts_with("these 14 keys are missing: `id`, `signature`, "), "{said}");
    // Each object tells of its own.
    let text = "{\n  \"dead_ends\": [\n    {},\n    {}\n  ]\n}\n";
    let expected =
        [("1:1", "schema-violation"), ("3:5", "schema-violation"), ("4:5", "schema-violation")];
    check(text, 1, &expected);
}

#[test]
fn a_byte_order_mark() {
    let (_, output) = check(format!("\u{feff}{}", valid()), 1, &[("1:1", "invalid-json")]);
    assert!(says(&output, "invalid-json").contains("byte order mark"), "{}", output.stdout);
}

#[test]
fn a_byte_order_mark_does_not_hide_the_rest() {
    let (text, place) = with("\"Retry the write\"", "\"TODO: find out\"");
    check(format!("\u{feff}{text}"), 1, &[("1:1", "invalid-json"), (&place, "placeholder-text")]);
}

#[test]
fn crlf_line_ends_are_a_matter_of_form() {
    let text = valid().replace('\n', "\r\n");
    let (base, output) = check(&text, 0, &[("1:1", "not-canonical")]);
    assert_eq!(output.only("not-canonical")["severity"], "warning");
    // The excerpt of the next fault is not thrown off by the carriage returns.
    let text = text.replacen("\"Retry the write\"", "\"TODO: find out\"", 1);
    let place = place(BAD, &text, "\"TODO: find out\"") + " placeholder-text";
    base.write(BAD, &text);
    assert!(base.check().places().contains(&place), "{place}");
}

#[test]
fn utf_16() {
    let units: Vec<u16> = valid().encode_utf16().collect();
    let little = units.iter().flat_map(|unit| unit.to_le_bytes());
    let big = units.iter().flat_map(|unit| unit.to_be_bytes());
    for text in [
        [0xff, 0xfe].into_iter().chain(little).collect(),
        [0xfe, 0xff].into_iter().chain(big).collect::<Vec<u8>>(),
    ] {
        let (_, output) = check(text, 1, &[("1:1", "invalid-json")]);
        assert!(says(&output, "invalid-json").contains("UTF-16"), "{}", output.stdout);
    }
}

#[test]
fn utf_32() {
    let little = "\u{feff}{}".chars().flat_map(|c| u32::from(c).to_le_bytes());
    let big = "\u{feff}{}".chars().flat_map(|c| u32::from(c).to_be_bytes());
    for bytes in [little.collect::<Vec<u8>>(), big.collect()] {
        let (_, output) = check(bytes, 1, &[("1:1", "invalid-json")]);
        assert!(says(&output, "invalid-json").contains("UTF-32"), "{}", output.stdout);
    }
}

#[test]
fn utf_16_without_a_mark() {
    let units: Vec<u16> = valid().encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    check(little, 1, &[("1:2", "invalid-json")]);
    check(big, 1, &[("1:1", "invalid-json")]);
    let wide: Vec<u8> = valid().chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let (_, output) = check(wide, 1, &[("1:2", "invalid-json")]);
    let said = says(&output, "invalid-json");
    assert!(said.ends_with("it may be damaged, UTF-16 or UTF-32, or no text"), "{said}");
}

#[test]
fn utf_16_cut_in_the_middle_of_a_unit() {
    check(b"\xff\xfe{\0}", 1, &[("1:1", "invalid-json")]);
    check(b"\xff\xfe", 1, &[("1:1", "invalid-json")]);
    check(b"\xfe\xff\0", 1, &[("1:1", "invalid-json")]);
}

#[test]
fn invalid_utf_8() {
    let mut bytes = b"{\n  \"id\": \"example/bad\",\n  \"signature\": \"caf".to_vec();
    bytes.extend(b"\xe9 not found\"\n}\n");
    let (_, output) = check(bytes, 1, &[("3:20", "invalid-json")]);
    assert!(says(&output, "invalid-json").contains("0xE9"), "{}", output.stdout);
}

#[test]
fn invalid_utf_8_at_the_end() {
    // Two of the three bytes of a character, and then nothing.
    check(b"{\"signature\": \"\xe6\xb6", 1, &[("1:16", "invalid-json")]);
    // A surrogate and an overlong form are no UTF-8 either.
    check(b"{\"signature\": \"\xed\xa0\x80\"}", 1, &[("1:16", "invalid-json")]);
    check(b"\"\xc0\xaf\"", 1, &[("1:2", "invalid-json")]);
}

#[test]
fn nul_bytes() {
    let (text, _) = with("write failed: no", "write\0failed: no");
    let at = place("", &text, "\0").split_off(1);
    check(&text, 1, &[(&at, "invalid-json")]);
    check("\0".repeat(4096), 1, &[("1:1", "invalid-json")]);
    let text = valid();
    let end = place("", &format!("{text}\0"), "\0").split_off(1);
    check(format!("{text}\0"), 1, &[(&end, "invalid-json")]);
}

#[test]
fn ten_thousand_nested_brackets() {
    let arrays = "[".repeat(10_000) + &"]".repeat(10_000);
    let (_, output) = check(&arrays, 1, &[("1:129", "invalid-json")]);
    assert!(says(&output, "invalid-json").contains("deeper than 128"), "{}", output.stdout);
    check("[".repeat(10_000), 1, &[("1:129", "invalid-json")]);
    let objects = "{\"a\":".repeat(10_000) + "1" + &"}".repeat(10_000);
    check(&objects, 1, &[("1:641", "invalid-json")]);
}

#[test]
fn a_number_out_of_range() {
    let (text, place) = with("\"confidence\": 0.3", "\"confidence\": 1e999");
    let line = place.split_once(':').map(|(line, _)| line.to_owned()).expect("line:column");
    check(&text, 1, &[(&format!("{line}:17"), "invalid-json")]);
    // As many digits as it takes are out of range as well.
    let digits = "9".repeat(400);
    let (text, _) = with("\"evidence_count\": 0", &format!("\"evidence_count\": {digits}"));
    let at = support::place("", &text, &digits).split_off(1);
    check(&text, 1, &[(&at, "invalid-json")]);
}

#[test]
fn a_count_beyond_64_bits_is_refused_and_not_cut() {
    for (count, digits) in [("18446744073709551616", 20), ("1e300", 5), ("-1", 2)] {
        let (text, _) = with("\"evidence_count\": 0", &format!("\"evidence_count\": {count}"));
        let base = Base::new();
        let note = base.neighbours();
        base.write(BAD, &text);
        let output = base.check();
        let places = output.places();
        assert!(places.contains(&note), "{places:?}");
        let own = places.iter().filter(|place| place.starts_with(BAD)).count();
        assert!(own > 0, "{count} ({digits} characters) passed: {}", output.stdout);
        assert_eq!(output.code, Some(1), "{count}: {}", output.stdout);
    }
}

#[test]
fn lone_surrogates() {
    for escape in ["\\ud800", "\\udc00", "\\ud800\\u0041", "\\udc00\\ud800", "\\ud800\\n"] {
        let (text, place) = with("no free blocks", escape);
        let (_, output) = check(&text, 1, &[(&place, "invalid-json")]);
        assert!(says(&output, "invalid-json").contains("surrogate"), "{}", output.stdout);
    }
    // The halves of a pair are one character.
    let (text, _) = with("no free blocks", "no free \\ud83d\\ude00 blocks");
    let at = place("", &text, "\"root_cause\"").split_off(1);
    check(&text, 0, &[(&at, "not-canonical")]);
}

#[test]
fn duplicate_keys_at_depth() {
    let (text, second) = with(
        "\"how\": \"Find the largest",
        "\"action\": \"Free more\",\n      \"how\": \"Find the largest",
    );
    let first = place(BAD, &text, "\"action\": \"Free some");
    let (_, output) = check(&text, 1, &[(&second, "duplicate-key")]);
    let found = output.only("duplicate-key");
    assert_eq!(found["pointer"], "/workarounds/0/action");
    assert_eq!(place_of(&found["related"][0]), first, "the earlier one");
}

#[test]
fn duplicate_keys_in_another_spelling() {
    let (text, second) = with(
        "\"how\": \"Find the largest",
        "\"\\u0061ction\": \"Free more\",\n      \"how\": \"Find the largest",
    );
    let (_, output) = check(&text, 1, &[(&second, "duplicate-key")]);
    let first = place(BAD, &text, "\"action\": \"Free some");
    assert_eq!(place_of(&output.only("duplicate-key")["related"][0]), first);
}

#[test]
fn duplicate_keys_where_they_are_not_looked_into() {
    let (text, _) = with(
        "\"aliases\": []",
        "\"aliases\": [],\n  \"x-team\": {\"a\": [{\"b\": 1,\n    \"b\": 2}]}",
    );
    let at = place("", &text, "\"b\": 2").split_off(1);
    let (_, output) = check(&text, 1, &[(&at, "duplicate-key")]);
    assert_eq!(output.only("duplicate-key")["pointer"], "/x-team/a/0/b");
}

#[test]
fn a_pattern_of_a_megabyte() {
    let long = "a|".repeat(500_000);
    let (text, _) = with("no space left on (device|volume)", &format!("no space|{long}b"));
    let at = place("", &text, "\"no space|").split_off(1);
    let (base, output) = check(&text, 1, &[(&at, "regex-invalid")]);
    assert!(output.stdout.len() < 20_000, "the pattern is not repeated in the report");
    for format in ["text", "concise", "github"] {
        let output = base.errlore(&["check", "--format", format]).output();
        assert!(output.stdout.len() < 20_000, "{format}: {} bytes", output.stdout.len());
    }
}

#[test]
fn patterns_that_compile_to_gigabytes() {
    for pattern in [
        "((a{1000}){1000}){1000}",
        "(\\\\w{1000}){1000}",
        "((((((a{99}){99}){99}){99}){99}){99}){99}",
        "(\\\\p{L}{1000}|\\\\w{999}){500}",
        "(?i)((?:[^x]{1000}){1000}){1000}",
    ] {
        let (text, _) = with("no space left on (device|volume)", pattern);
        let at = place("", &text, &format!("\"{pattern}\"")).split_off(1);
        check(&text, 1, &[(&at, "regex-invalid")]);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_pattern_that_compiles_to_gigabytes_is_refused_within_half_of_one() {
    let (text, _) = with("no space left on (device|volume)", "(\\\\w{1000}){1000}");
    let (base, _) =
        check(&text, 1, &[(&place("", &text, "\"(\\\\w").split_off(1), "regex-invalid")]);
    base.write("entries/example/other.json", text.replace("example/bad", "example/other"));
    let output = base.errlore_within(512, &["check", "--format", "json"]).output();
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert_eq!(output.stdout.matches("\"regex-invalid\"").count(), 2, "{}", output.stdout);
}

#[test]
fn patterns_that_take_long_elsewhere_are_answered_at_once() {
    // Backtracking engines need exponential time for these; they are patterns all the same.
    for pattern in ["(a+)+$", "(no|no|no space)*left", "(x?){500}x{500}no"] {
        let (text, _) = with("no space left on (device|volume)", pattern);
        let base = Base::new();
        let note = base.neighbours();
        base.write(BAD, &text);
        let output = base.check();
        assert!(output.places().contains(&note), "{}", output.stdout);
        assert!(!output.stdout.contains("regex-invalid"), "{}", output.stdout);
    }
}

#[test]
fn a_pattern_that_nests_too_deep() {
    let pattern = "(".repeat(3000) + "a" + &")".repeat(3000);
    let (text, _) = with("no space left on (device|volume)", &pattern);
    let base = Base::new();
    let note = base.neighbours();
    base.write(BAD, &text);
    let output = base.check();
    assert!(output.places().contains(&note), "{}", output.stdout);
    assert_eq!(output.only("regex-invalid")["pointer"], "/regex");
}

#[test]
fn a_text_of_a_megabyte_on_one_line() {
    let long = "word ".repeat(200_000) + "TODO";
    let (text, _) =
        with("write failed: no space left on device", &format!("no space left on device {long}"));
    let base = Base::new();
    let note = base.neighbours();
    base.write(BAD, text.replacen("\"Retry the write\"", "\"TODO: find out\"", 1));
    let output = base.check();
    assert!(output.places().contains(&note), "{}", output.stdout);
    let shown = base.errlore(&["check"]).output().stdout;
    assert!(shown.len() < 50_000, "{} bytes", shown.len());
}

#[test]
fn the_same_bad_file_from_standard_input() {
    // What comes through a pipe is held to the same limits and named as it was asked for.
    let base = Base::new();
    base.neighbours();
    let bad: [&[u8]; 6] =
        [b"", b"not JSON", b"\xff\xfe{\0}\0", b"\"\xe9\"", b"\0", &[b'['; 10_000]];
    for bytes in bad {
        let run = base.errlore(&["check", "-", "--stdin-filename", BAD, "--format", "json"]);
        let output = run.input(bytes).output();
        let rules: Vec<_> = output.findings().iter().map(|found| found["rule"].clone()).collect();
        assert_eq!(rules, ["invalid-json"], "{bytes:?}: {}", output.stdout);
        assert_eq!(output.code, Some(1));
    }
}
