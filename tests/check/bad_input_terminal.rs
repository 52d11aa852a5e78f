//! What a terminal would obey never reaches it: not from a text, a key, a file name or a
//! configuration.

use serde_json::json;

use crate::support::{self, Base, Output, entry};

/// Sequences that clear a screen, set a title, hide text, reorder it, or break a line.
const NASTY: [&str; 9] = [
    "\u{1b}[2J",
    "\u{1b}]0;title\u{7}",
    "\u{9b}31m",
    "\u{9d}0;title\u{9c}",
    "\u{85}",
    "\u{202e}",
    "\u{2066}",
    "\u{2028}",
    "\u{7f}",
];

/// Whether a character must not reach a terminal or a log. Written out here, apart from the list that
/// the program goes by.
fn is_obeyed(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn assert_harmless(output: &Output, of: &str) {
    for (name, text) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let found: Vec<char> = text.chars().filter(|c| is_obeyed(*c)).collect();
        assert!(found.is_empty(), "{of}: {found:?} in {name}: {text:?}");
    }
}

/// Runs what prints about a base, in the formats that people and logs see, and gives what was seen.
fn runs(base: &Base) -> Vec<Output> {
    let mut outputs = Vec::new();
    for format in ["text", "concise", "github"] {
        for command in ["check", "validate", "regex"] {
            let output = base.errlore(&[command, "--format", format]).output();
            assert_harmless(&output, &format!("{command} {format}"));
            outputs.push(output);
        }
    }
    outputs
}

#[test]
fn texts_with_escapes_in_json() {
    let base = Base::new();
    for (index, nasty) in NASTY.iter().enumerate() {
        // The canonical form writes them as escapes of JSON; the entry holds them all the same.
        base.entry(
            &format!("example/text-{index}"),
            &json!({
                "signature": format!("write {nasty} failed"),
                "root_cause": format!("TODO: {nasty} full"),
                "category": format!("resource{nasty}_error"),
                "official_doc_url": format!("http://example.com/{nasty}"),
                "dead_ends": [{"action": format!("a{nasty}"), "why_fails": format!("b{nasty}"), "fail_rate": 0.9}],
                "tags": [format!("tag{nasty}")],
            }),
        );
    }
    let seen: String = runs(&base).into_iter().map(|output| output.stdout).collect();
    assert!(seen.contains("placeholder-text"), "the entries were checked: {seen}");
}

#[test]
fn texts_that_hold_them_raw() {
    let base = Base::new();
    for (index, nasty) in NASTY.iter().enumerate() {
        // JSON allows these raw in a string, all but the first two; the parser's excerpt shows those.
        let id = format!("example/raw-{index}");
        let text = entry(&id, &json!({})).replace("\"Polish", &format!("\"TODO: {nasty} Polish"));
        base.write(format!("entries/{id}.json"), text);
    }
    let seen: String = runs(&base).into_iter().map(|output| output.stdout).collect();
    assert!(seen.contains("invalid-json") && seen.contains("placeholder-text"), "{seen}");
}

#[test]
fn keys_ids_and_links() {
    let base = Base::new();
    for (index, nasty) in NASTY.iter().enumerate() {
        let id = format!("example/key-{index}");
        let link =
            json!({"leads_to": [{"error_id": format!("example/{nasty}"), "probability": 0.5}]});
        let text = entry(&id, &json!({"transition_graph": link, "locale": "en"}));
        let key = serde_json::to_string(&format!("key{nasty}")).expect("a string");
        let text = text
            .replace("\"aliases\": []", &format!("\"aliases\": [], {key}: {{{key}: 1, {key}: 2}}"));
        base.write(format!("entries/{id}.json"), text);
        let wrong = json!({"id": format!("example/{nasty}"), "locale": nasty, "resolvable": nasty, "first_seen": nasty});
        base.write(format!("entries/example/wrong-{index}.json"), wrong.to_string());
    }
    let seen: String = runs(&base).into_iter().map(|output| output.stdout).collect();
    for rule in ["unknown-key", "duplicate-key", "schema-violation"] {
        assert!(seen.contains(rule), "{rule}: {seen}");
    }
}

#[test]
fn patterns() {
    let base = Base::new();
    for (index, nasty) in NASTY.iter().enumerate() {
        base.entry(&format!("example/open-{index}"), &json!({"regex": format!("({nasty}")}));
        base.entry(&format!("example/class-{index}"), &json!({"regex": format!("\\p{{{nasty}}}")}));
    }
    let seen: String = runs(&base).into_iter().map(|output| output.stdout).collect();
    assert!(seen.contains("regex-invalid"), "{seen}");
}

#[test]
fn not_json_at_all() {
    let base = Base::new();
    for (index, nasty) in NASTY.iter().enumerate() {
        for (kind, text) in [nasty.to_string(), format!("{{\"a\" {nasty}"), format!("\"\\{nasty}")]
            .iter()
            .enumerate()
        {
            base.write(format!("entries/example/no-json-{index}-{kind}.json"), text);
        }
    }
    runs(&base);
}

#[test]
#[cfg(unix)]
fn file_names() {
    let base = Base::new();
    for (index, nasty) in NASTY.iter().enumerate() {
        let text = entry(&format!("example/name-{index}"), &json!({}));
        base.write(format!("entries/example/name-{nasty}.json"), text);
    }
    let seen: String = runs(&base).into_iter().map(|output| output.stdout).collect();
    assert!(seen.contains("id-path-mismatch"), "{seen}");
    for nasty in NASTY {
        let output = base.errlore(&["check", &format!("no-such-{nasty}.json")]).output();
        assert_eq!(output.code, Some(2));
        assert_harmless(&output, "a name that is not there");
    }
}

#[test]
fn configuration_and_arguments() {
    let base = Base::new();
    base.neighbours();
    for nasty in NASTY {
        let quoted = serde_json::to_string(nasty).expect("a string").replace('\u{7f}', "\\u007f");
        for text in [
            format!("{quoted} = 1\n"),
            format!("entries = {nasty}\n"),
            format!("[rules]\nstale-entry = {quoted}\n"),
            format!("[[ignore]]\nrule = {quoted}\nreason = \"x\"\n"),
            format!(
                "[[ignore]]\nrule = \"stale-entry\"\nreason = \"x\"\nentry = {}\n",
                json!(format!("{nasty}[")).to_string().replace('\u{7f}', "\\u007f")
            ),
        ] {
            base.write("errlore.toml", &text);
            for arguments in [&["check"][..], &["config"]] {
                let output = base.errlore(arguments).output();
                assert_eq!(output.code, Some(2), "{text:?}: {}", output.stdout);
                assert_harmless(&output, &text);
            }
        }
        // A value that is allowed is shown as well.
        base.write("errlore.toml", format!("entries = [\"entries\", {quoted}]\n"));
        assert_harmless(&base.errlore(&["config"]).output(), "config");
        base.write("errlore.toml", "");
        assert_harmless(&base.errlore(&["explain", nasty]).output(), "explain");
        assert_harmless(&base.errlore(&["check", "--since", nasty]).output(), "since");
    }
}

#[test]
fn a_report_in_a_pipe_is_the_report_in_a_file() {
    // What takes escapes out on the way to a pipe must not take out of a report what belongs there.
    let base = Base::new();
    for (index, nasty) in NASTY.iter().enumerate() {
        let id = format!("example/same-{index}");
        let text =
            entry(&id, &json!({})).replace("\"Retry", &format!("\"TODO: {nasty} 消息 Retry"));
        base.write(format!("entries/{id}.json"), text);
    }
    for format in support::FORMATS {
        let output = base.errlore(&["check", "--format", format]).output();
        let target = format!("{format}=report.txt");
        base.errlore(&["check", "--format", &target]).output();
        assert_eq!(base.read("report.txt"), output.stdout, "{format}");
    }
}
