//! `regex --why` on the command line.

use serde_json::{Value, json};

use crate::support::Base;

const MISSED: &str = "tar: disk quota  exceeded for user 7";

fn base() -> Base {
    let base = Base::new();
    let entry = |id: &str, patch: Value| base.entry(id, &patch);
    entry(
        "example/quota",
        json!({
            "signature": "disk quota exceeded for user 42",
            "regex": "disk quota exceeded for user [0-9]+",
            "aliases": ["example/old-quota"],
        }),
    );
    entry("example/chinese", json!({"signature": "磁盘已满", "regex": "磁盘已满"}));
    entry("example/look", json!({"signature": "look around", "regex": "look(?= around)"}));
    base
}

fn why(base: &Base, arguments: &[&str], input: &[u8]) -> (Option<i32>, String, String) {
    let all = [&["regex", "--why"], arguments].concat();
    let output = base.errlore(&all).input(input).output();
    (output.code, output.stdout, output.stderr)
}

fn as_json(base: &Base, arguments: &[&str], input: &[u8]) -> (Option<i32>, Value) {
    let (code, stdout, stderr) = why(base, &[arguments, &["--format", "json"]].concat(), input);
    let value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stdout}{stderr}"));
    (code, value)
}

#[test]
fn a_miss_is_explained_and_mended() {
    let base = base();
    let (code, stdout, stderr) = why(&base, &[MISSED, "example/quota"], b"");
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    assert_eq!(
        stdout,
        r"example/quota does not find the message (case is ignored)
  message   tar: disk quota  exceeded for user 7
                 ^^^^^^^^^^^
  pattern   disk quota exceeded for user [0-9]+
                       ^^^^^^^^
  near miss ` ` does not take the white space there: `  `
  proposal  disk quota\s+exceeded for user [0-9]+
            the pattern, mended; 28 characters spelled out
  proposal  disk\s+quota\s+exceeded\s+for\s+user\s+[0-9]+
            made from the signature; 24 characters spelled out
  proposal  disk\s+quota\s+exceeded\s+for\s+user
            what the messages have in common; 24 characters spelled out
"
    );
    let (code, value) = as_json(&base, &[MISSED, "example/old-quota"], b"");
    assert_eq!(code, Some(1));
    let entry = &value["entries"][0];
    assert_eq!((&value["message"], &entry["id"]), (&json!(MISSED), &json!("example/quota")));
    assert_eq!(entry["matched"], json!([5, 16]));
    assert_eq!(entry["failed"], json!({"pattern": [11, 19], "at": 16}));
    assert_eq!(entry["near"][0]["kind"], "blanks");
}

#[test]
fn full_width_text_is_marked_where_it_stands() {
    let base = base();
    let (code, stdout, _) = why(&base, &["错误：磁盘 已满", "example/chinese"], b"");
    assert_eq!(code, Some(1), "{stdout}");
    let (_, stdout, _) = why(&base, &["错误：磁盘已满", "example/chinese"], b"");
    let marks: Vec<&str> = stdout.lines().skip(1).take(2).collect();
    assert_eq!(marks, ["  message   错误：磁盘已满", "                  ^^^^^^^^"]);
}

#[test]
fn without_an_id_the_nearest_entries_are_shown() {
    let base = base();
    let (code, value) = as_json(&base, &[MISSED], b"");
    assert_eq!(code, Some(1));
    assert_eq!(value["entries"][0]["id"], "example/quota");
    let (code, value) = as_json(&base, &["disk quota exceeded for user 7"], b"");
    assert_eq!((code, &value["entries"][0]["matches"]), (Some(0), &json!(true)));
    let (code, stdout, _) = why(&base, &["zzz"], b"");
    assert_eq!((code, stdout.as_str()), (Some(1), "no entry comes near the message\n"));
}

#[test]
fn wrong_use_is_an_error_that_helps() {
    let base = base();
    let (code, _, stderr) = why(&base, &[MISSED, "example/qouta"], b"");
    assert_eq!(code, Some(3));
    assert!(stderr.contains("no entry is called `example/qouta`"), "{stderr}");
    assert!(stderr.contains("did you mean `example/quota`?"), "{stderr}");
    for (arguments, says) in [
        (&[" ", "example/quota"][..], "the message is empty"),
        (&["x", "--format", "github"], "text or as json"),
        (&["x", "--fix"], "cannot be used with"),
    ] {
        let (code, _, stderr) = why(&base, arguments, b"");
        assert!(code == Some(2) && stderr.contains(says), "{stderr}");
    }
    let (code, _, stderr) = why(&Base::new(), &["x"], b"");
    assert_eq!(code, Some(3), "{stderr}");
}

#[test]
fn any_input_has_an_answer() {
    let base = base();
    let long = [b"x ".repeat(1 << 19), b" disk quota exceeded".to_vec()].concat();
    let inputs: [&[u8]; 6] = [
        b"disk quota\0exceeded for user 7",
        b"\xff\xfe disk quota exceeded \x1b[31mfor \xe2\x80\xae user",
        b"disk\nquota\r\nexceeded\n\n",
        &long,
        "磁\u{3000}盘".as_bytes(),
        b"disk quota exceeded for user seven\n",
    ];
    for input in inputs {
        for id in ["example/quota", "example/chinese", "example/look"] {
            let (code, stdout, _) = why(&base, &["-", id], input);
            assert_eq!(code, Some(1), "{stdout}");
            assert!(!stdout.contains(['\u{1b}', '\0', '\u{202e}']), "{stdout}");
            let wide = stdout.lines().map(textwrap::core::display_width).max();
            assert!(wide <= Some(80), "{stdout}");
        }
        let (code, value) = as_json(&base, &["-"], input);
        assert!(code == Some(1) && value["entries"].is_array());
    }
    let (_, stdout, _) = why(&base, &["looks around", "example/look"], b"");
    assert!(stdout.contains("look-around"), "{stdout}");
    let (code, _, stderr) = why(&base, &["-", "example/quota"], b"\n");
    assert!(code == Some(2) && stderr.contains("the message is empty"), "{stderr}");
}
