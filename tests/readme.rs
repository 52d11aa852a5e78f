//! README.md shows what the command really prints, and names what is really there.

use std::process::Command;

const README: &str = include_str!("../README.md");

#[test]
fn its_console_blocks_are_true() {
    trycmd::TestCases::new()
        .case("README.md")
        .env("ERRLORE_TODAY", "2026-11-22")
        .env("NO_COLOR", "1");
}

fn help(arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_errlore")).args(arguments).output().expect("errlore runs");
    String::from_utf8(output.stdout).expect("help is UTF-8")
}

/// The long options in a text.
fn options(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_lowercase() || c == '-')).filter(|word| {
        word.strip_prefix("--").is_some_and(|name| name.starts_with(char::is_alphabetic))
    })
}

#[test]
fn it_names_every_option_and_no_other() {
    let commands = ["check", "regex", "match", "duplicates", "diff", "fmt", "normalize", "render"];
    let of_git = ["merge", "install", "uninstall"];
    let help = commands.map(|command| help(&[command, "--help"])).concat()
        + &of_git.map(|command| help(&["git", command, "--help"])).concat();
    let known: Vec<&str> = options(&help).collect();
    assert!(known.len() > 12, "{known:?}");
    for option in &known {
        assert!(*option == "--help" || README.contains(option), "README.md does not name {option}");
    }
    let of_cargo = ["--release", "--workspace", "--path", "--locked", "--open"];
    let of_git = ["--no-ext-diff", "--no-textconv", "--merge"];
    let others = [&of_cargo[..], &of_git].concat();
    for option in options(README) {
        assert!(known.contains(&option) || others.contains(&option), "{option} is not there");
    }
}

#[test]
fn it_names_every_command() {
    for group in [&["--help"][..], &["git", "--help"]] {
        let help = help(group);
        let commands = help.split("Commands:").nth(1).and_then(|rest| rest.split("\n\n").next());
        let commands = commands.expect("a list of commands").lines();
        for line in commands.filter(|line| !line.trim().is_empty()) {
            let name = [&["errlore"], &group[..group.len() - 1]].concat().join(" ");
            let name = format!("{name} {}", line.split_whitespace().next().expect("a name"));
            assert!(
                name.ends_with(" help") || README.contains(&format!("`{name}")),
                "README.md does not name {name}"
            );
        }
    }
}
