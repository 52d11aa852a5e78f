//! `git install` and `git uninstall`: what they set, and that it goes again.

use std::fs;

use support::Base;

mod support;

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
            done.stdout.contains("merge.errlore.driver 'errlore git merge "),
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
    assert_eq!(base.read(".gitattributes").lines().count(), 3);
    run(&["git", "uninstall"]);
    assert_eq!(base.read(".gitattributes"), "*.png binary\n");
}
