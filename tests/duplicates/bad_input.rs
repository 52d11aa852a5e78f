//! `duplicates` on entries that have little, nothing or too much to compare: each is answered for in bounded
//! time, and nothing is taken for a duplicate because it is empty.

use serde_json::{Value, json};

use crate::support::{self, Base, Output};

fn run(base: &Base, arguments: &[&str]) -> Output {
    base.errlore(&["duplicates"]).args(arguments).output()
}

fn pairs(base: &Base) -> Vec<[String; 2]> {
    let output = run(base, &["--format", "json"]);
    let found: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let pairs = found["pairs"].as_array().expect("a list");
    let id = |pair: &Value, side: &str| pair[side].as_str().expect("an id").to_owned();
    pairs.iter().map(|pair| [id(pair, "a"), id(pair, "b")]).collect()
}

fn says(message: &str, cause: &str) -> Value {
    json!({
        "signature": message, "regex": message, "root_cause": cause, "workarounds": [], "dead_ends": [],
    })
}

#[test]
fn a_thousand_identical_entries_are_one_cluster_and_no_flood() {
    let base = Base::new();
    let one = support::entry("example/bad", &json!({}));
    for number in 0..1000 {
        let id = format!("example/entry-{number:03}");
        base.write(format!("entries/{id}.json"), one.replace("example/bad", &id));
    }
    let output = run(&base, &[]);
    assert_eq!((output.code, &*output.stderr), (Some(1), ""));
    assert!(output.stdout.starts_with("cluster 1: 1000 entries\n"));
    assert!(!output.stdout.contains("cluster 2"));
    assert_eq!(output.stdout.matches("% duplicate\n").count(), 10);
    let words = " more within these clusters; `--all-pairs` lists all\n";
    assert!(output.stdout.contains(words), "{}", &output.stdout[output.stdout.len() - 500..]);
    for (format, most) in [("markdown", 65_536), ("github", 10_000), ("html", 1_500_000)] {
        let output = run(&base, &["--format", format]);
        assert_eq!(output.code, Some(1), "{}", output.stderr);
        assert!(output.stdout.len() < most, "{format}: {}", output.stdout.len());
    }
}

#[test]
fn entries_that_say_nothing_are_counted_and_no_duplicates() {
    let base = Base::new();
    for (slug, text) in [("a", ""), ("b", ""), ("c", " \u{3000}"), ("d", "\t")] {
        base.entry(&format!("blank/{slug}"), &says(text, text));
    }
    assert_eq!(pairs(&base), Vec::<[String; 2]>::new());
    let output = run(&base, &[]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    let words = "4 entries have no words to compare: neither a message nor a cause nor advice\n";
    assert!(output.stdout.contains(words), "{}", output.stdout);
    let output = run(&base, &["--explain", "blank/a", "blank/b"]);
    assert!(output.code.is_some_and(|code| code < 2), "{}", output.stderr);
}

#[test]
fn one_word_and_no_letters_are_compared_as_far_as_they_go() {
    let base = Base::new();
    base.entry("word/a", &says("timeout", "The pump of the spring stands still."));
    base.entry("word/b", &says("timeout", "A letter was never answered by the bank."));
    base.entry("signs/a", &says("::: --- ###", "!!!"));
    base.entry("signs/b", &says("$$$ ... ///", "???"));
    base.entry("digits/a", &says("4711 0815 2342", "99 100 101"));
    base.entry("digits/b", &says("4711 0815 2342", "99 100 101"));
    for pair in pairs(&base) {
        assert_ne!(pair[0].split('/').next(), Some("signs"), "{pair:?}");
        assert_ne!(pair[0].split('/').next(), Some("word"), "{pair:?}");
    }
    for (a, b) in [("word/a", "word/b"), ("signs/a", "signs/b"), ("digits/a", "digits/b")] {
        let output = run(&base, &["--explain", a, b]);
        assert!(output.code.is_some_and(|code| code < 2), "{}", output.stderr);
    }
}

#[test]
fn chinese_alone_is_compared_too() {
    let base = Base::new();
    let with = |message: &str, cause: &str, help: &str| {
        let mut entry = says(message, cause);
        entry["workarounds"] = json!([{"action": help, "how": help, "success_rate": 0.9, "condition": "", "sources": []}]);
        entry
    };
    let (full, rotate) = ("磁盘空间不足：无法写入日志文件", "清理旧的日志文件，再启动日志轮转");
    base.entry("disk/full", &with(full, "分区已满，而日志轮转没有运行", rotate));
    base.entry("disk/no-room", &with(full, "日志轮转没有运行，所以分区已满", rotate));
    base.entry(
        "net/slow",
        &with("网络连接超时：服务器没有响应", "防火墙丢弃了数据包", "检查防火墙"),
    );
    assert_eq!(pairs(&base), [["disk/full".to_owned(), "disk/no-room".to_owned()]]);
}

#[test]
fn a_megabyte_of_text_is_answered_for() {
    let base = Base::new();
    let long = "word salad of the spooler ".repeat(40_000);
    base.entry("big/one", &json!({"signature": long, "root_cause": long}));
    base.entry("big/two", &json!({"signature": long, "root_cause": format!("{long}more")}));
    base.entry("big/three", &json!({"regex": "a|".repeat(3000) + "b"}));
    for arguments in [
        &["--format", "text"][..],
        &["--format", "markdown"],
        &["--format", "github"],
        &["--format", "html"],
        &["--explain", "big/one", "big/two"],
        &["--like", "entries/big/one.json"],
    ] {
        let output = run(&base, arguments);
        assert_eq!(output.code, Some(1), "{arguments:?}: {}", output.stderr);
        assert!(output.stdout.len() < 200_000, "{arguments:?}: {}", output.stdout.len());
    }
    assert!(pairs(&base).contains(&["big/one".to_owned(), "big/two".to_owned()]));
}
