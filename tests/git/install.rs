//! `git install` and `git uninstall`: what they set, and that it goes again.

use std::fs;

use serde_json::json;

use crate::support::{self, Base};

#[test]
fn what_was_there_before_comes_back() {
    let foreign = "*.md text\n# entries\n*.png binary";
    for attributes in
        [None, Some(""), Some("*.md text\n"), Some(foreign), Some("*.md text\r\n*.c text\r\n")]
    {
        let base = Base::new();
        base.git(&["init", "--quiet"]);
        base.git(&["config", "merge.errlore.driver", "mine %A"]);
        base.git(&["config", "--add", "diff.errlore.textconv", "cat"]);
        if let Some(attributes) = attributes {
            base.write(".gitattributes", attributes);
        }
        let state = |base: &Base| {
            let attributes = fs::read(base.root().join(".gitattributes")).ok();
            (base.git(&["config", "--local", "--list"]), attributes)
        };
        let run = |arguments: &[&str]| {
            let output = base.errlore(arguments).env("PATH", support::path()).output();
            // What would be changed is told by the status, too.
            let status = i32::from(arguments.contains(&"--diff"));
            assert_eq!(output.code, Some(status), "{arguments:?}: {}", output.stderr);
            output
        };
        let sorted = |state: &(String, Option<Vec<u8>>)| {
            let mut lines: Vec<String> = state.0.lines().map(str::to_owned).collect();
            lines.sort();
            (lines, state.1.clone())
        };
        let before = state(&base);
        let dry = run(&["git", "install", "--diff"]);
        assert_eq!(state(&base), before, "a dry run changes nothing");
        let done = run(&["git", "install", "--local"]);
        assert_eq!(done.stdout, dry.stdout, "and says what would be done");
        assert!(
            done.stdout.contains("merge.errlore.driver 'env errlore git merge "),
            "{}",
            done.stdout
        );
        let installed = state(&base);
        let line = "entries/**/*.json diff=errlore merge=errlore text eol=lf";
        let text = String::from_utf8(installed.1.clone().expect("attributes")).expect("a text");
        assert!(text.starts_with(attributes.unwrap_or_default()), "{text}");
        assert_eq!(text.lines().filter(|own| *own == line).count(), 1, "{text}");

        let again = run(&["git", "install"]);
        assert_eq!((again.stdout.as_str(), state(&base)), ("", installed.clone()));
        let dry = run(&["git", "uninstall", "--diff"]);
        assert_eq!(state(&base), installed);
        let done = run(&["git", "uninstall"]);
        assert_eq!(done.stdout, dry.stdout);
        assert_eq!(sorted(&state(&base)), sorted(&before));
        assert!(run(&["git", "uninstall"]).stderr.contains("not installed"));
    }
}

#[test]
fn lines_that_others_add_later_stay() {
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    base.write("errlore.toml", "entries = [\"entries\", \"more entries\"]\n");
    base.write(".gitattributes", "*.png binary");
    let run = |arguments: &[&str]| base.errlore(arguments).env("PATH", support::path()).output();
    assert_eq!(run(&["git", "install"]).code, Some(0));
    let text = base.read(".gitattributes");
    assert!(text.contains("\n\"more entries/**/*.json\" diff=errlore"), "{text}");
    let attribute = base.git(&["check-attr", "merge", "more entries/a/b.json"]);
    assert!(attribute.ends_with("merge: errlore\n"), "{attribute}");
    base.write(".gitattributes", format!("{text}*.c text\n"));
    base.git(&["config", "merge.errlore.name", "of my own"]);
    let output = run(&["git", "uninstall"]);
    assert!(
        output.stderr.contains("merge.errlore.name has been changed since"),
        "{}",
        output.stderr
    );
    assert_eq!(base.read(".gitattributes"), "*.png binary\n*.c text\n");
    assert_eq!(base.git(&["config", "merge.errlore.name"]), "of my own\n");
}

#[test]
fn it_is_installed_for_a_user_or_in_a_repository() {
    let base = Base::new();
    let run = |arguments: &[&str]| base.errlore(arguments).output();
    let output = run(&["git", "install"]);
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("--global"), "{}", output.stderr);
    let output = run(&["git", "install", "--global"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(output.stderr.contains("not on the PATH"), "{}", output.stderr);
    let config = base.home().join(".gitconfig");
    assert!(fs::read_to_string(&config).expect("a file").contains("errlore git merge"));
    assert!(!base.root().join(".gitattributes").exists());
    let attributes = base.home().join(".config/git/attributes");
    let line = "entries/**/*.json diff=errlore merge=errlore\n";
    assert_eq!(fs::read_to_string(&attributes).expect("a file"), line);
    // So a repository that knows nothing of it has the driver.
    base.git(&["init", "--quiet"]);
    let known = base.git(&["check-attr", "merge", "text", "--", "entries/a/b.json"]);
    assert!(known.contains("merge: errlore\n") && known.contains("text: unspecified"), "{known}");
    assert_eq!(run(&["git", "uninstall", "--global"]).code, Some(0));
    assert_eq!(fs::read_to_string(&config).expect("a file"), "");
    assert!(!attributes.exists());
    assert_eq!(run(&["git", "install", "--global", "--local"]).code, Some(2));
}

/// The file that the user has named is the one that git reads; it may be a link to another.
#[cfg(unix)]
#[test]
fn the_attributes_of_a_user_stay_where_they_are() {
    let base = Base::new();
    base.write("dot/attributes", "*.png binary\n");
    std::os::unix::fs::symlink(base.root().join("dot/attributes"), base.home().join("mine"))
        .expect("a link");
    base.git(&["config", "--global", "core.attributesFile", "~/mine"]);
    // Run from where the file is below, and taken back from elsewhere.
    let run = |arguments: &[&str], folder| {
        let output = base.errlore(arguments).within(folder).output();
        let status = i32::from(arguments.contains(&"--diff"));
        assert_eq!(output.code, Some(status), "{}", output.stderr);
        output.stdout
    };
    let said = run(&["git", "install", "--global", "--diff"], base.root().to_owned());
    assert!(said.contains("dot/attributes: + entries/**/*.json diff="), "{said}");
    assert_eq!(base.read("dot/attributes"), "*.png binary\n");
    assert_eq!(run(&["git", "install", "--global"], base.root().to_owned()), said);
    assert!(base.read("dot/attributes").starts_with("*.png binary\nentries/**/*.json diff="));
    run(&["git", "uninstall", "--global"], base.home());
    assert_eq!(base.read("dot/attributes"), "*.png binary\n");
    assert!(base.home().join("mine").is_symlink());
}

#[test]
fn lines_of_a_second_install_go_with_those_of_the_first() {
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    base.write(".gitattributes", "*.png binary\n");
    let run = |arguments: &[&str]| {
        let output = base.errlore(arguments).output();
        assert_eq!(output.code, Some(0), "{}", output.stderr);
    };
    run(&["git", "install"]);
    base.write("errlore.toml", "entries = [\"entries\", \"more\"]\n");
    run(&["git", "install"]);
    assert_eq!(base.read(".gitattributes").lines().count(), 5);
    run(&["git", "uninstall"]);
    assert_eq!(base.read(".gitattributes"), "*.png binary\n");
}

/// An entry whose long texts `git textconv` breaks, installed and committed.
fn installed(options: &[&str]) -> Base {
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    base.entry("a/one", &json!({"root_cause": "The volume is full. ".repeat(9).trim_end()}));
    let output = base.errlore(&[&["git", "install"], options].concat()).output();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    base.commit("first");
    base
}

const ONE: &str = "entries/a/one.json";

#[test]
fn editors_read_the_lines_of_the_file() {
    let base = installed(&[]);
    let shown = |base: &Base| base.git(&["show", "--textconv", &format!(":{ONE}")]);
    assert_eq!(shown(&base), base.read(ONE));
    let line = base.read(ONE).lines().position(|line| line.contains("confidence")).expect("a line");
    let range = format!("-L{0},{0}", line + 1);
    assert!(base.git(&["blame", &range, ONE]).contains("\"confidence\""));
    // A change can be staged from its patch.
    base.write(ONE, base.read(ONE).replace("\"confidence\": 0.3", "\"confidence\": 0.2"));
    let patch = base.git(&["diff", "--no-ext-diff"]);
    assert_eq!(base.git_run(&["apply", "--cached"]).input(patch).output().code, Some(0));
    assert_eq!(base.git(&["status", "--porcelain"]), format!("M  {ONE}\n"));

    let base = installed(&["--textconv"]);
    assert!(shown(&base).contains("\n    | The volume is full.\n"), "{}", shown(&base));
    // It goes again where it is not asked for.
    let output = base.errlore(&["git", "install"]).output();
    assert!(output.stdout.contains("--unset-all diff.errlore.textconv"), "{}", output.stdout);
    assert_eq!(shown(&base), base.read(ONE));
}

/// A folder with git and a shell alone, for a `PATH`.
#[cfg(unix)]
fn without_errlore(base: &Base) -> std::path::PathBuf {
    let path = std::env::var_os("PATH").expect("a PATH");
    let folder = base.home().join("bin");
    fs::create_dir(&folder).expect("a folder");
    for program in ["git", "sh", "cat", "env"] {
        let found = std::env::split_paths(&path).map(|folder| folder.join(program));
        let found = found.into_iter().find(|program| program.exists()).expect("a program");
        std::os::unix::fs::symlink(found, folder.join(program)).expect("a link");
    }
    folder
}

#[cfg(unix)]
#[test]
fn without_errlore_on_the_path_git_shows_its_own_diff() {
    let base = installed(&["--textconv"]);
    let bin = without_errlore(&base);
    let git = |arguments: &[&str]| base.git_run(arguments).env("PATH", &bin).output();
    let old = base.read(ONE);
    let change = |to: &str| old.replace("\"confidence\": 0.3", &format!("\"confidence\": {to}"));
    base.write(ONE, change("0.2"));
    base.write("entries/a/两 & 1.json", &old);
    base.git(&["add", "--all", "--intent-to-add"]);
    let output = git(&["diff"]);
    assert_eq!((output.code, &*output.stderr), (Some(0), ""));
    let head = format!("diff --git a/{ONE} b/{ONE}\n");
    assert!(output.stdout.starts_with(&head), "{}", output.stdout);
    assert!(output.stdout.contains("\n-  \"confidence\": 0.3,\n+  \"confidence\": 0.2,\n"));
    assert!(
        output.stdout.contains("\n--- /dev/null\n+++ b/entries/a/两 & 1.json\n"),
        "{}",
        output.stdout
    );
    // It is a patch.
    base.git(&["reset", "--quiet"]);
    let patch = git(&["diff"]).stdout;
    assert_eq!(base.git_run(&["apply", "--cached"]).input(patch).output().code, Some(0));
    assert_eq!(git(&["log", "-p", "-1"]).code, Some(0), "texts are shown as they are");

    // A merge stops with one sentence.
    base.commit("ours");
    base.git(&["checkout", "--quiet", "-b", "topic", "HEAD~1"]);
    base.write(ONE, change("0.25"));
    base.commit("theirs");
    let output = git(&["merge", "main"]);
    assert_ne!(output.code, Some(0));
    let said = "errlore is not on the PATH: entries cannot be merged\n";
    assert!(output.stderr.contains(said), "{}", output.stderr);
    assert!(!output.stderr.contains("merge-file"), "no script: {}", output.stderr);
}

#[test]
fn entries_that_are_committed_with_crlf_are_told() {
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    base.entry("a/one", &json!({}));
    base.write("entries/a/two.json", base.read(ONE).replace('\n', "\r\n"));
    base.commit("first");
    let install = || base.errlore(&["git", "install"]).env("PATH", support::path()).output();
    let output = install();
    assert_eq!(output.code, Some(0));
    assert!(output.stderr.starts_with("1 entry is committed with CRLF"), "{}", output.stderr);
    assert!(output.stderr.contains("`git add --renormalize entries`"), "{}", output.stderr);
    base.git(&["add", "--renormalize", "entries"]);
    assert_eq!(install().stderr, "errlore is installed already\n");
}

/// Files to which lines are only added are merged by taking the lines of both sides.
#[test]
fn two_branches_decide() {
    let base = installed(&[]);
    for (branch, line) in [("topic", "{\"b\": 2}\n"), ("main", "{\"a\": 1}\n")] {
        base.git(&["checkout", "--quiet", "-B", branch, "main"]);
        base.write("decisions.jsonl", line);
        base.write("merges.jsonl", line);
        base.commit(branch);
        base.git(&["checkout", "--quiet", "--detach"]);
        if branch == "topic" {
            base.git(&["branch", "--force", "main", "HEAD~1"]);
        }
    }
    base.git(&["merge", "--quiet", "--no-edit", "topic"]);
    assert_eq!(base.read("decisions.jsonl"), "{\"a\": 1}\n{\"b\": 2}\n");
    assert_eq!(base.read("merges.jsonl"), base.read("decisions.jsonl"));
}

#[test]
fn what_uninstalling_leaves_is_said() {
    let base = Base::new();
    base.git(&["init", "--quiet"]);
    // As another clone has committed it.
    let line = "entries/**/*.json diff=errlore merge=errlore text eol=lf";
    base.write(".gitattributes", format!("{line}\n"));
    let run = |arguments: &[&str]| base.errlore(arguments).env("PATH", support::path()).output();
    assert_eq!(run(&["git", "install", "--global"]).code, Some(0));
    assert_eq!(run(&["git", "install"]).code, Some(0));
    let output = run(&["git", "uninstall"]);
    let left = format!(".gitattributes: left, as it was there before: {line}\n");
    assert!(output.stderr.starts_with(&left), "{}", output.stderr);
    assert!(output.stderr.contains("git uninstall --global"), "{}", output.stderr);
    assert_eq!(base.read(".gitattributes"), format!("{line}\n"));
}

/// A line at the top for a folder further down would hold for nothing.
#[test]
fn from_the_top_of_a_repository_it_is_set_up_for_the_knowledge_base_below() {
    let base = Base::new();
    fs::remove_dir(base.root().join("entries")).expect("it is empty");
    base.git(&["init", "--quiet"]);
    base.write("docs/kb/errlore.toml", "entries = [\"data\"]\n");
    let path = "docs/kb/data/example/one.json";
    base.write(path, support::entry("example/one", &json!({})));
    let output = base.errlore(&["git", "install"]).env("PATH", support::path()).output();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let held = base.git(&["check-attr", "diff", "merge", "--", path]);
    assert_eq!(held, format!("{path}: diff: errlore\n{path}: merge: errlore\n"));
    base.errlore(&["git", "uninstall"]).env("PATH", support::path()).output();
    assert!(!base.root().join("docs/kb/.gitattributes").exists());
}
