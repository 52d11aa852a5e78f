//! `duplicates --review` in a terminal of 80 columns, as somebody sits before it.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::json;

use crate::support::{Base, skipped};

const QUESTION: &str = "[u]ndo [q]uit > ";
const REASON: &str = "why [reviewed side by side] > ";

/// A review in a pseudo-terminal, which `script` makes.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: ChildStdout,
    seen: String,
}

impl Terminal {
    fn new(base: &Base) -> Self {
        let run = "stty cols 80 rows 40; trap : INT; was=$(stty -g); \
                   \"$ERRLORE\" duplicates --review --today 2026-01-02; echo \"status $?\"; \
                   test \"$was\" = \"$(stty -g)\" && echo restored";
        let mut child = Command::new("timeout")
            .args(["--foreground", "120", "script", "-qec", run, "/dev/null"])
            .current_dir(base.root())
            .env("HOME", base.home())
            .env("ERRLORE", env!("CARGO_BIN_EXE_errlore"))
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script runs");
        let keys = child.stdin.take().expect("a pipe");
        let screen = child.stdout.take().expect("a pipe");
        Self { child, keys, screen, seen: String::new() }
    }

    /// What is on the screen from here until it says `end`, or the review is over.
    fn until(&mut self, end: &str) -> String {
        let mut bytes = Vec::new();
        let mut one = [0];
        while !bytes.ends_with(end.as_bytes()) {
            if self.screen.read(&mut one).unwrap_or(0) == 0 {
                break;
            }
            // A terminal ends a line with both.
            if one != [b'\r'] {
                bytes.push(one[0]);
            }
        }
        let text = anstream::adapter::strip_str(&String::from_utf8_lossy(&bytes)).to_string();
        self.seen += &text;
        assert!(text.ends_with(end), "{}", self.seen);
        text
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).and_then(|()| self.keys.flush()).expect("a terminal");
    }

    /// Waits for the end of the review with a status, and that the terminal is as it was.
    fn ends(mut self, status: i32) {
        self.until(&format!("status {status}\n"));
        self.until("restored\n");
        self.child.wait().expect("it has ended");
    }
}

/// Two errors, each entered twice, with Chinese beside.
fn base() -> Base {
    let base = Base::new();
    let chinese =
        "磁盘空间不足：无法写入日志文件，因为分区已满，而日志轮转没有运行，请先清理旧的日志文件。";
    for (name, cause) in [("disk", "The partition is full."), ("tape", "A loose reel blocks it.")] {
        for slug in ["stuck", "jammed"] {
            let patch = json!({
                "signature": format!("{name}d: the daemon of the {name} stands still"),
                "signature_zh": chinese,
                "regex": format!("daemon of the {name}"),
                "root_cause": cause,
                "root_cause_zh": chinese,
                "workarounds": [{"action": format!("Empty the {name}"), "how": cause, "success_rate": 0.8,
                    "condition": "", "sources": []}],
                "dead_ends": [],
            });
            base.entry(&format!("{name}/{slug}"), &patch);
        }
    }
    base
}

fn has_script() -> bool {
    let found = Command::new("script").arg("--version").stdout(Stdio::null()).status();
    let is_there = found.is_ok_and(|status| status.success());
    if !is_there {
        skipped("`script` is not installed");
    }
    is_there
}

fn decided(base: &Base) -> usize {
    let text = std::fs::read_to_string(base.root().join("decisions.jsonl")).unwrap_or_default();
    text.lines().count()
}

#[test]
fn columns_align_and_every_key_does_what_it_says() {
    if !has_script() {
        return;
    }
    let base = base();
    let mut terminal = Terminal::new(&base);
    let page = terminal.until(QUESTION);
    let width = |line: &str| textwrap::core::display_width(line);
    let bars: Vec<usize> =
        page.lines().filter_map(|line| line.find(" |").map(|at| width(&line[..at]))).collect();
    assert!(bars.len() > 10 && bars.iter().all(|bar| *bar == bars[0]), "{page}");
    assert!(page.contains('磁') && page.lines().all(|line| width(line) <= 80), "{page}");
    assert!(!page.lines().any(|line| line.starts_with(['，', '。'])), "{page}");

    terminal.press("n\n");
    terminal.until(REASON);
    terminal.press("two daemons\n");
    terminal.until(QUESTION);
    assert_eq!(decided(&base), 1);
    terminal.press("u\n");
    terminal.until("taken back: distinct on 2026-01-02: two daemons\n");
    terminal.until(QUESTION);
    assert_eq!(decided(&base), 0);
    terminal.press("s\n");
    terminal.until(QUESTION);
    terminal.press("d\n");
    terminal.until(REASON);
    terminal.press("\n");
    terminal.until(QUESTION);
    assert_eq!(decided(&base), 1);
    terminal.press("q\n");
    terminal.until("1 decided, 1 left\n");
    terminal.ends(1);
}

#[test]
fn an_interrupt_and_the_end_of_input_lose_nothing_and_leave_the_terminal_as_it_was() {
    if !has_script() {
        return;
    }
    let base = base();
    let mut terminal = Terminal::new(&base);
    terminal.until(QUESTION);
    terminal.press("n\n");
    terminal.until(REASON);
    terminal.press("two daemons\n");
    terminal.until(QUESTION);
    terminal.press("\u{3}");
    terminal.ends(130);
    assert_eq!(decided(&base), 1);
    // The next one goes on with the pair that is left; its answer is not complete without a reason.
    let mut terminal = Terminal::new(&base);
    assert!(terminal.until(QUESTION).contains("pair 1 of 1"));
    terminal.press("d\n");
    terminal.until(REASON);
    terminal.press("\u{4}");
    terminal.until("0 decided, 1 left\n");
    terminal.ends(1);
    assert_eq!(decided(&base), 1);
    let left = std::fs::read_dir(base.root()).expect("a folder").count();
    assert_eq!(left, 2, "the entries and the decisions, and no half of a file");
}
