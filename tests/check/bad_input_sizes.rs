//! Sources of some hundred kilobytes of the same thing over and over: what would nest, pair up or be looked for
//! again and again ends all the same, and so does a file of nothing but faults, each of which is told.
//! Nothing is timed here but what hangs.

use serde_json::Value;

use crate::support::{Base, entry};

const SIZE: usize = 400_000;

/// A unit as often as it fits.
fn many(unit: &str) -> String {
    unit.repeat(SIZE / unit.len())
}

/// Numbered units, so that none is the same as another.
fn numbered(count: usize, unit: impl Fn(usize) -> String) -> String {
    (0..count).map(unit).collect()
}

/// Reads sources, each into at least so many entries, and gives what was read.
#[track_caller]
fn assert_read(name: &str, sources: &[(&str, String, usize)]) {
    let base = Base::new();
    for (what, text, entries) in sources {
        base.write(name, text);
        let output = base.errlore(&["normalize", name]).output();
        assert!(matches!(output.code, Some(0 | 1)), "{what}: {}", output.stderr);
        let read: Value = match output.stdout.as_str() {
            "" => Value::Array(Vec::new()),
            text => serde_json::from_str(text).unwrap_or_else(|error| panic!("{what}: {error}")),
        };
        let count = read.as_array().map_or(1, Vec::len);
        assert_eq!(count, *entries, "{what}");
        let told = output.stderr.lines().last().unwrap_or_default();
        assert!(told.ends_with(" in 1 file"), "{what}: {told}");
        assert_eq!(count == 0, output.code == Some(1), "{what}: {told}");
    }
}

const MARKDOWN: &str = "# Message\n\nID: a/b\n\n## Root Cause\n\nIt is.\n\n## Workarounds\n\n";

#[test]
fn markdown_that_nests() {
    let page = |text: String| format!("{MARKDOWN}{text}");
    assert_read(
        "page.md",
        &[
            ("lists", page(numbered(1400, |depth| "  ".repeat(depth) + "- a\n")), 1),
            ("quotes", page(many("> ")), 1),
            ("lines of quotes", page(numbered(2000, |depth| ">".repeat(depth) + " a\n")), 1),
            ("emphasis", page(many("*a **b ")), 1),
            ("brackets", page(many("[")), 1),
            ("links in links", page(many("[a](")), 1),
            ("backticks", page(numbered(2000, |count| "`".repeat(count) + "a")), 1),
            ("tags", page(many("<b>")), 1),
            ("elements", page(many("<div>\n")), 1),
        ],
    );
}

#[test]
fn markdown_that_goes_on() {
    let page = |text: String| format!("{MARKDOWN}{text}");
    let row = |cells: &str| format!("|{}\n", cells.repeat(300_000));
    let table = "## Version Compatibility\n\n| Version | Status |\n|---|---|\n";
    assert_read(
        "page.md",
        &[
            ("lines", page(many("a\n")), 1),
            ("links", page(many("[a](b) ")), 1),
            ("definitions", page(numbered(40_000, |number| format!("[r{number}]: b\n"))), 1),
            ("rows", page(format!("{table}{}", many("| a | active |\n"))), 1),
            ("columns", page(row("a|") + &row("-|") + &row("a|")), 1),
            ("headings", page(many("## Workarounds\n\n")), 1),
            ("fences", page(many("```\n")), 1),
            ("references", page(many("&amp;")), 1),
            (
                "items",
                page(numbered(40_000, |number| {
                    format!("{number}. 90% success **a**\n\n   how\n\n")
                })),
                1,
            ),
            ("front matter", format!("---\n{}---\n\n{MARKDOWN}", many("a: b\n")), 1),
            (
                "keys of front matter",
                format!(
                    "---\nformat: \"errlore-entry\"\n{}---\n\n{MARKDOWN}",
                    numbered(40_000, |number| format!("x-{number}: 1\n"))
                ),
                1,
            ),
            ("front matter without an end", format!("---\n{}", many("a: b\n")), 0),
        ],
    );
}

#[test]
fn text_that_goes_on() {
    let page = |text: String| {
        format!("Message\n\nID: a/b\n\nRoot Cause\n\nIt is.\n\nWorkarounds\n\n{text}")
    };
    assert_read(
        "page.txt",
        &[
            ("words on one line", page(many("word ")), 1),
            ("full lines", page(many(&("word ".repeat(14) + "\n"))), 1),
            (
                "items",
                page(numbered(20_000, |n| format!("  {n}. 90% success a{n}\n     how\n"))),
                1,
            ),
            ("rates", page(many("90% success ")), 1),
            ("headings", page(many("\nDead Ends\n")), 1),
            ("figures", format!("Message\nID: a/b\n{}", many("84% Fix Rate\n")), 1),
            ("badges", many("a ai_generated true\n") + "ID: a/b\n", 1),
            (
                "links to other forms",
                "M\nID: a/b\n".to_owned() + &many("Also available as: JSON\n"),
                1,
            ),
            ("ids", many("ID: a/b\n"), 1),
        ],
    );
}

#[test]
fn open_tags_without_end() {
    let page = |text: String| {
        format!(
            "<!doctype html><html><body><main><h1>Message</h1><p>ID: <code>a/b</code></p>\
             <h2>Root Cause</h2><p>It is.</p><h2>Workarounds</h2>{text}"
        )
    };
    let attributes = numbered(60_000, |number| format!("a{number}=b "));
    assert_read(
        "page.html",
        &[
            ("open", page("<b>".repeat(400_000)), 1),
            ("open blocks", page(many("<div><ul><li><b>a")), 1),
            ("closed", page(many("</b>")), 1),
            ("main parts", page(many("<main>a</main>")), 1),
            ("attributes", page(format!("<p {attributes}>")), 1),
            ("rows", page(format!("<table>{}", many("<tr><td>a<td>active"))), 1),
            ("items", page(format!("<ol>{}", many("<li>90% success <b>x</b><p>how</p>"))), 1),
            ("preformatted lines", page(format!("<pre>{}", many("a\n"))), 1),
            ("breaks", page(format!("<p>{}", many("a<br>"))), 1),
            ("references", page(format!("<p>{}", many("a &lt; "))), 1),
            ("comments", page(many("<!--")), 1),
        ],
    );
}

#[test]
fn json_that_nests_or_goes_on() {
    let keys = numbered(24_000, |number| format!("\"k{number}\": 1, "));
    let entries = numbered(8_000, |number| format!("{{\"id\": \"a/b{number}\"}},"));
    assert_read(
        "page.json",
        &[
            ("brackets", "[".repeat(SIZE), 0),
            ("objects", "{\"id\":".repeat(SIZE / 6), 0),
            ("keys", format!("{{{keys}\"id\": \"a/b\"}}"), 1),
            ("one key", format!("{{{}\"id\": 1}}", many("\"id\": 1, ")), 0),
            ("entries on one line", format!("[{}]", entries.trim_end_matches(',')), 8_000),
            ("entries, one a line", entries.replace("},", "}\n"), 8_000),
            ("the nested schema", format!("{{\"schema_version\": 1, {keys}\"error\": {{}}}}"), 1),
        ],
    );
}

#[test]
fn a_digest_that_goes_on() {
    let entry = |text: String| format!("## a/b\n\n- ERROR: x\n\n{text}");
    let workarounds = |text: String| entry(format!("### Workarounds\n\n{text}"));
    assert_read(
        "digest.md",
        &[
            ("items", workarounds(many("- a (success_rate=0.9) - `x`\n")), 1),
            ("rates", workarounds(many("(success_rate=0.9)")), 1),
            ("rates without items", workarounds(many("(success_rate=0.9)\n")), 1),
            ("headings", entry(many("### Dead Ends\n")), 1),
            ("heads on one line", entry(many("## a/b ")), 1),
            ("heads", entry(many("## a/b\n")), 1),
            ("links", entry(format!("### Error Chain\n\n- LEADS_TO: {}", many("a/b (1%), "))), 1),
            ("entries", numbered(8_000, |n| format!("## a/b{n}\n\n- ERROR: x\n")), 8_000),
        ],
    );
}

/// A valid entry with something instead of its last line.
fn entry_with(rest: &str) -> String {
    let text = entry("example/bad", &serde_json::json!({}));
    format!("{},\n{rest}\n}}\n", text.trim_end().trim_end_matches('}').trim_end())
}

/// Each finding of a file with very many is told, and the file is not walked over again
/// for each of them.
#[test]
fn findings_without_number() {
    const MANY: usize = 8_000;
    let list = |count, item: &str| vec![item; count].join(",\n");
    let keys = numbered(MANY, |number| format!("\"k{number}\": 1,\n")) + "\"x-end\": 1";
    let pairs = numbered(MANY, |number| format!("\"x-{}\": 1,\n", number / 2)) + "\"x-end\": 1";
    let bad_item = "{\"action\": \"a\", \"why_fails\": 1, \"fail_rate\": 0.5}";
    let items = entry_with("").replacen(
        "\"dead_ends\": [",
        &format!("\"dead_ends\": [{},", list(MANY, bad_item)),
        1,
    );
    let items = items.replacen(",\n\n}", "\n}", 1);
    let samples = numbered(MANY, |number| format!("\"sample {number}\",\n"));
    let samples =
        format!("\"x-samples\": {{\"match\": [\n{samples}\"no space left on device\"\n]}}");
    let sources = list(MANY, "\"https://docs.example.org/disk\"");
    let sources = entry_with("\"x-end\": 1").replacen(
        "\"sources\": []",
        &format!("\"sources\": [{sources}]"),
        1,
    );
    for (what, text, rule, count) in [
        ("unknown keys", entry_with(&keys), "unknown-key", MANY),
        ("keys twice", entry_with(&pairs), "duplicate-key", MANY / 2),
        ("one key", format!("{{{}\"id\": 1}}", "\"id\": 1,".repeat(MANY)), "duplicate-key", MANY),
        ("items", items, "schema-violation", MANY),
        ("samples", entry_with(&samples), "regex-misses-sample", MANY),
        ("sources", sources, "repeated-source", MANY - 1),
    ] {
        let base = Base::new();
        base.write("entries/example/bad.json", text);
        let concise = base.errlore(&["check", "--format", "concise"]).output();
        let told = concise.stdout.matches(&format!("[{rule}]")).count();
        assert_eq!(told, count, "{what}: {}", concise.stderr);
        // Excerpts are walked for as well.
        if ["unknown keys", "samples"].contains(&what) {
            let text = base.errlore(&["check"]).output();
            assert_eq!(text.code, concise.code, "{what}: {}", text.stderr);
            assert_eq!(text.stdout.matches(&format!("[{rule}]")).count(), count, "{what}");
        }
    }
}
