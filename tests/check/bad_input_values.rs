//! What may stand in the fields of an entry: ids that no file can have, addresses that name no host, numbers
//! that nobody keeps, characters that cannot be seen.

use errlore::entry::EntryId;
use errlore::rule::MINIMAL_ENTRY;
use serde_json::{Value, json};

use crate::support::{Base, Output, entry};

const FILE: &str = "entries/example/bad.json";

/// The entry with a value at a pointer, as it is written. The value need not fit the schema.
fn with(pointer: &str, value: Value) -> String {
    let mut document: Value =
        serde_json::from_str(&entry("example/bad", &json!({}))).expect("an entry");
    *document.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = value;
    serde_json::to_string_pretty(&document).expect("plain data serialises") + "\n"
}

/// What a command finds in one file.
fn run(command: &str, text: &str) -> Output {
    let base = Base::new();
    base.write(FILE, text);
    base.errlore(&[command, "--format", "json"]).output()
}

/// The pointers of the findings of a rule.
fn pointers(output: &Output, rule: &str) -> Vec<String> {
    let found = output.findings().into_iter().filter(|finding| finding["rule"] == rule);
    found.map(|finding| finding["pointer"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Names that lead elsewhere, or that some system has no file for.
const NO_IDS: [&str; 20] = [
    "../evil",
    "example/..",
    "./evil",
    "a/./b",
    "a//b",
    "a/b/",
    "/a/b",
    "a/b.",
    "a./b",
    "a/.git",
    "con/a",
    "example/nul",
    "example/aux.x",
    "a/b/com1",
    "a/lpt9.tar",
    "a/prn.",
    "Example/a",
    "a/b ",
    "a/...",
    "a",
];

#[test]
fn an_id_that_no_file_can_have_is_a_finding_wherever_it_stands() {
    let base = Base::new();
    for id in NO_IDS {
        for command in ["validate", "check"] {
            let output = run(command, &with("/id", json!(id)));
            assert_eq!(pointers(&output, "schema-violation"), ["/id"], "{command} {id:?}");
            assert!(!output.stdout.contains("move the file"), "{id:?}: {}", output.stdout);
            assert_eq!(output.code, Some(1), "{command} {id:?}");
        }
        let aliases = run("validate", &with("/aliases", json!(["a/b", id])));
        assert_eq!(pointers(&aliases, "schema-violation"), ["/aliases/1"], "{id:?}");
        let link = json!([{"error_id": id, "distinction": "It differs.", "x-n": 1}]);
        let link = run("validate", &with("/transition_graph/frequently_confused_with", link));
        let pointer = "/transition_graph/frequently_confused_with/0/error_id";
        assert_eq!(pointers(&link, "schema-violation"), [pointer], "{id:?}");
        // What reads other forms has the same notion of an id.
        base.write("source.json", with("/id", json!(id)));
        let read = base.errlore(&["normalize", "source.json"]).output();
        let is_trimmed = id.trim() != id;
        assert_eq!(read.stderr.contains("unusable-id"), !is_trimmed, "{id:?}: {}", read.stderr);
        assert!(!EntryId::new(id).is_usable(), "{id:?}");
    }
    for id in ["a/b", "a.b-c_d/x..y/0", "console/com10/nul_x", "-/_"] {
        let output = run("validate", &with("/id", json!(id)));
        assert_eq!(output.code, Some(0), "{id}: {}", output.stdout);
        assert!(EntryId::new(id).is_usable(), "{id}");
    }
    for domain in ["..", ".", "con", "a.", ""] {
        let output = run("validate", &with("/domain", json!(domain)));
        assert_eq!(pointers(&output, "schema-violation"), ["/domain"], "{domain:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn names_that_differ_only_in_case_are_told_of_both_files() {
    let base = Base::new();
    base.entry("example/disk-full", &json!({}));
    base.entry("example/quota", &json!({}));
    base.write("entries/example/Disk-Full.json", entry("example/disk-full", &json!({})));
    for command in ["validate", "check"] {
        let output = base.errlore(&[command, "--format", "concise"]).output();
        assert_eq!(output.stdout.matches("[case-collision]").count(), 2, "{}", output.stdout);
        assert_eq!(output.code, Some(1));
    }
    // The other file counts though it was not named.
    let one = ["check", "entries/example/Disk-Full.json", "--format", "concise"];
    let output = base.errlore(&one).output();
    assert!(output.stdout.contains("differs from `entries/example/disk-full.json`"));
    let output = base.errlore(&["check", "entries/example/quota.json"]).output();
    assert_eq!(output.code, Some(0), "{}", output.stdout);
}

#[test]
fn an_address_that_names_no_host_is_a_finding() {
    for address in [
        "https:/example.org",
        "https:example.org",
        "https:///example.org",
        "https//example.org",
        "HTTP:/example.org",
        "//example.org",
        "https://",
        "https://?a",
        "mailto:a@example.org",
    ] {
        let output = run("validate", &with("/workarounds/0/sources", json!([address])));
        let expected = ["/workarounds/0/sources/0"];
        assert_eq!(pointers(&output, "schema-violation"), expected, "{address}");
        let output = run("validate", &with("/official_doc_url", json!(address)));
        assert_eq!(pointers(&output, "schema-violation"), ["/official_doc_url"], "{address}");
    }
    for address in ["https://a..org/", "https://a.org:99999/", "https://a.org,https://b.org/"] {
        let output = run("check", &with("/official_doc_url", json!(address)));
        assert_eq!(pointers(&output, "unsafe-url"), ["/official_doc_url"], "{address}");
    }
}

/// The entry with a number as it is written.
fn with_number(key: &str, digits: &str) -> String {
    let text = with(key, json!("@"));
    text.replacen("\"@\"", digits, 1)
}

#[test]
fn a_number_that_loses_nothing_is_rewritten() {
    for (key, digits, wanted) in [
        ("/confidence", "300000000000000000000000000000000e-33", "\"confidence\": 0.3,"),
        ("/confidence", "3e-1", "\"confidence\": 0.3,"),
        ("/confidence", "0.30000000000000000000", "\"confidence\": 0.3,"),
        ("/evidence_count", "9007199254740991.0", "\"evidence_count\": 9007199254740991,"),
        ("/evidence_count", "1E3", "\"evidence_count\": 1000,"),
    ] {
        let base = Base::new();
        base.write(FILE, with_number(key, digits));
        let output = base.errlore(&["fmt"]).output();
        assert_eq!(output.code, Some(0), "{digits}: {}", output.stdout);
        let text = base.read(FILE);
        assert!(text.contains(wanted), "{digits}: {text}");
    }
}

#[test]
fn a_number_that_is_not_kept_stays_and_is_named() {
    let own = |digits: &str| {
        MINIMAL_ENTRY.replacen("example/disk-full", "example/bad", 1).replacen(
            "\n}\n",
            &format!(",\n  \"x-n\": [{digits}]\n}}\n"),
            1,
        )
    };
    for (text, pointer, help) in [
        (own("1e-400"), "/x-n/0", "write it as a string, which keeps all digits, or as `0.0`"),
        (own("-1e-400"), "/x-n/0", "or as `0.0`"),
        (own("4.9e-324"), "/x-n/0", "or as `5e-324`"),
        (own("9007199254740993.0"), "/x-n/0", "or as `9007199254740992.0`"),
        (with_number("/confidence", "0.10000000000000000001"), "/confidence", "write `0.1`, if"),
    ] {
        let base = Base::new();
        base.write(FILE, &text);
        let output = base.check();
        let found = output.only("not-canonical");
        assert_eq!(found["pointer"], pointer);
        assert!(found["help"].as_str().is_some_and(|it| it.contains(help)), "{found}");
        assert!(found["fix"].is_null(), "{found}");
        base.errlore(&["fmt"]).output();
        assert_eq!(base.read(FILE), text, "fmt leaves it as it is");
    }
    for kept in ["5e-324", "1e300", "1e21", "0.1", "-2.5", "18446744073709551615"] {
        let output = run("check", &own(kept));
        assert_eq!(output.code, Some(0), "{kept}: {}", output.stdout);
        assert!(!output.stdout.contains("would become"), "{kept}: {}", output.stdout);
    }
    for count in ["1e-400", "9007199254740990.7", "1.00000000000000000001", "1e30"] {
        let output = run("check", &with_number("/evidence_count", count));
        assert_eq!(pointers(&output, "schema-violation"), ["/evidence_count"], "{count}");
    }
}

#[test]
fn the_nested_public_schema_is_one_finding() {
    let nested = json!({
        "schema_version": "1.0.0", "id": "example/bad", "url": "https://docs.example.org/bad",
        "error": {"signature": "linking failed", "regex": "linking failed", "domain": "example"},
        "environment": {"os": "linux"}, "verdict": {"resolvable": "true"},
        "dead_ends": [{"action": 1}], "metadata": {"evidence_count": 3},
    });
    for command in ["validate", "check"] {
        let output = run(command, &nested.to_string());
        assert_eq!(output.findings().len(), 1, "{}", output.stdout);
        let found = output.only("schema-violation").to_string();
        assert!(found.contains("`errlore normalize` makes an entry of it"), "{found}");
        assert_eq!(output.code, Some(1));
    }
}

#[test]
fn what_cannot_be_seen_or_was_lost_is_a_finding_in_every_text() {
    let places = [
        ("/signature", "no space left on device"),
        ("/root_cause", "The disk is full."),
        ("/category", "resource_error"),
        ("/workarounds/0/how", "Run df -h."),
        ("/dead_ends/0/why_fails", "It stays full."),
    ];
    for (pointer, text) in places {
        for c in ['\u{ffff}', '\u{fdd0}', '\u{1fffe}', '\u{10ffff}', '\u{200b}', '\u{2060}'] {
            let output = run("check", &with(pointer, json!(format!("{text}{c}"))));
            assert_eq!(pointers(&output, "control-character"), [pointer], "{c:?}");
        }
        for c in ['\u{fffc}', '\u{fffd}'] {
            let output = run("check", &with(pointer, json!(format!("{text}{c}"))));
            assert_eq!(pointers(&output, "damaged-text"), [pointer], "{c:?}");
        }
    }
}

#[test]
fn a_blank_in_code_is_a_plain_one() {
    for blank in ['\u{a0}', '\u{202f}', '\u{2003}', '\u{3000}'] {
        for (pointer, text) in [
            ("/workarounds/0/how", format!("apt{blank}install du")),
            ("/dead_ends/0/why_fails", format!("The command `df{blank}-h` shows it.")),
            ("/category", format!("resource{blank}error")),
            ("/regex", format!("no space{blank}?left on")),
        ] {
            let output = run("check", &with(pointer, json!(text)));
            assert_eq!(pointers(&output, "control-character"), [pointer], "{text:?}");
            assert_eq!(output.only("control-character")["severity"], "warning");
        }
        // Typography in sentences is left alone.
        let text = with("/root_cause", json!(format!("It needs 12{blank}MB.")));
        assert_eq!(pointers(&run("check", &text), "control-character"), [""; 0], "{blank:?}");
        let text = with("/workarounds_zh", json!(["先看\u{3000}df 的输出。"]));
        assert_eq!(pointers(&run("check", &text), "control-character"), [""; 0]);
    }
    let base = Base::new();
    base.write(FILE, with("/workarounds/0/how", json!("apt\u{a0}install\u{200b} du")));
    base.errlore(&["check", "--unsafe-fixes"]).output();
    assert!(base.read(FILE).contains("\"how\": \"apt install du\""), "{}", base.read(FILE));
}
