//! Where outputs go: files, links, devices, streams; what shares one, what is appended, what is refused.

use serde_json::{Value, json};

use crate::support::{self, Base, placeholder};

fn faulty() -> Base {
    let base = Base::new();
    base.entry("example/bad", &placeholder());
    base
}

#[test]
fn two_formats_in_one_file_are_refused() {
    let base = faulty();
    for arguments in [
        &["check", "--format", "json=a", "--format", "text=a"][..],
        &["check", "--format", "json=a,text=./a"],
        &["check", "--format", "json=a,text=entries/../a"],
        &["check", "--format", "json=a,text", "--output", "a"],
        &["check", "--format", "markdown=>>a,text=a"],
        &["duplicates", "--format", "json=a,text=./a"],
    ] {
        let output = base.errlore(arguments).output();
        assert_eq!((output.code, &*output.stdout), (Some(2), ""), "{arguments:?}");
        assert!(output.stderr.contains("cannot share one output"), "{}", output.stderr);
        assert!(!base.root().join("a").exists(), "{arguments:?}");
    }
}

#[test]
fn markdown_of_two_commands_stands_in_one_file() {
    let base = faulty();
    base.write("summary.md", "# before");
    for command in ["check", "duplicates"] {
        let output = base.errlore(&[command, "--format", "markdown=>>summary.md"]).output();
        assert_eq!(output.stdout, "", "{}", output.stderr);
    }
    let page = base.read("summary.md");
    let check = base.errlore(&["check", "--format", "markdown"]).output().stdout;
    let duplicates = base.errlore(&["duplicates", "--format", "markdown"]).output().stdout;
    assert_eq!(page, format!("# before\n\n{check}\n{duplicates}"));
    // `--output` says it in the same way, and a file that is not there is made.
    base.errlore(&["check", "--format", "jsonl", "--output", ">>all.jsonl"]).output();
    base.errlore(&["check", "--format", "jsonl=>>all.jsonl"]).output();
    let lines = base.errlore(&["check", "--format", "jsonl"]).output().stdout;
    assert_eq!(base.read("all.jsonl"), lines.repeat(2));
}

/// Programs read the version before they read the rest: each document, and each line of lines, begins with it.
#[test]
fn whatever_is_json_begins_with_its_version() {
    let base = faulty();
    base.entry("example/good", &json!({"error_code": "E28"}));
    base.git(&["init", "--quiet"]);
    base.commit("one");
    base.entry("example/good", &json!({"error_code": "E29", "regex": "write failed: .*"}));
    base.commit("two");
    base.write("page.txt", "no space left on device\n\nID: example/new\n");
    base.write("app.log", "write failed: no space left on device\nwrite failed: disk\n");
    let good = "entries/example/good.json";
    let two = ["example/good", "example/bad", "distinct", "--reason", "others"];
    assert_eq!(base.errlore(&["duplicates", "--decide"]).args(&two).output().code, Some(0));
    for (arguments, is_lines) in [
        (&["check", "--format", "json"][..], false),
        (&["check", "--format", "jsonl"], true),
        (&["check", "--since", "HEAD~1", "--all", "--format", "jsonl"], true),
        (&["validate", "--format", "json"], false),
        (&["regex", "--format", "json"], false),
        (&["regex", "--since", "HEAD~1", "--format", "json"], false),
        (&["regex", "--run-engines", "--format", "json"], false),
        (&["regex", "--overlap", "a+", "ab*", "--format", "json"], false),
        (&["regex", "--why", "write failed", "--format", "json"], false),
        (&["match", "write failed: disk", "--format", "json"], true),
        (&["match", "write failed: disk", "--format", "jsonl"], true),
        (&["match", "app.log", "--format", "jsonl"], true),
        (&["duplicates", "--format", "json"], false),
        (&["duplicates", "--all-pairs", "--format", "json"], false),
        (&["duplicates", "--since", "HEAD~1", "--format", "json"], false),
        (&["duplicates", "--explain", "example/good", "example/bad", "--format", "json"], false),
        (&["duplicates", "--like", good, "--format", "json"], false),
        (&["duplicates", "--measure", "--format", "json"], false),
        (&["diff", "HEAD~1:example/good", "HEAD:example/good", "--format", "json"], false),
        (&["diff", "HEAD~1..HEAD", "--format", "json"], false),
        (&["normalize", "page.txt", "--check", "--report", "json"], false),
        (&["rules", "--format", "json"], false),
        (&["config", "--format", "json"], false),
        (&["git", "audit", "--format", "json"], false),
    ] {
        let output = base.errlore(arguments).output();
        assert!(!output.stdout.is_empty(), "{arguments:?}: {}", output.stderr);
        let texts = if is_lines { output.stdout.lines().collect() } else { vec![&*output.stdout] };
        for text in texts {
            let value: Value = serde_json::from_str(text)
                .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"));
            assert_eq!(value["version"], 1, "{arguments:?}: {text}");
            let begin: String = text.chars().filter(|c| !c.is_whitespace()).take(12).collect();
            assert_eq!(begin, "{\"version\":1", "{arguments:?}");
        }
    }
}

#[test]
fn an_error_names_what_was_to_be_written() {
    let base = faulty();
    base.write("page.md", "ID: example/bad\n");
    for arguments in [
        &["check", "--output", "no/such/file"][..],
        &["check", "--format", "json=no/such/file"],
        &["check", "--format", "json=>>no/such/file"],
        &["check", "--diff", "--output", "no/such/file"],
        &["duplicates", "--output", "no/such/file"],
        &["diff", "example/bad", "example/bad", "--output", "no/such/file"],
        &["normalize", "page.md", "--report", "json=no/such/file"],
        &["check", "--output", "entries"],
    ] {
        let output = base.errlore(arguments).output();
        assert_eq!(output.code, Some(2), "{arguments:?}: {}", output.stderr);
        let named = arguments.last().expect("some").trim_start_matches("json=");
        let said = format!("cannot write {}: ", named.trim_start_matches(">>"));
        assert!(output.stderr.contains(&said), "{arguments:?}: {}", output.stderr);
        assert!(!output.stderr.contains(".errlore-"), "{arguments:?}: {}", output.stderr);
    }
}

#[test]
fn every_json_document_tells_its_version() {
    let base = Base::new();
    base.entry("example/one", &json!({"regex": "no space", "signature": "no space left"}));
    base.entry("example/two", &json!({"regex": "quota", "signature": "quota exceeded"}));
    base.git(&["init", "--quiet"]);
    base.commit("all");
    for arguments in [
        &["check"][..],
        &["validate"],
        &["regex"],
        &["regex", "--overlap", "a", "b"],
        &["regex", "--why", "no spaces", "example/one"],
        &["duplicates"],
        &["duplicates", "--explain", "example/one", "example/two"],
        &["duplicates", "--like", "entries/example/one.json"],
        &["diff", "example/one", "example/two"],
        &["diff", "HEAD"],
        &["match", "no space left"],
        &["rules"],
        &["config"],
    ] {
        let output = base.errlore(arguments).args(&["--format", "json"]).output();
        let document: Value = serde_json::from_str(&output.stdout)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", output.stderr));
        assert_eq!(document["version"], 1, "{arguments:?}");
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, File, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::path::Path;
    use std::process::{Command, Stdio};

    use super::*;

    /// A run whose standard output is a file.
    fn into_file(base: &Base, arguments: &[&str], stdout: File) -> Option<i32> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_errlore"));
        command.args(arguments).current_dir(base.root()).env("HOME", base.home());
        command.env("ERRLORE_TODAY", support::TODAY);
        let status = command.stdout(stdout).stderr(Stdio::null()).status();
        status.expect("the binary runs").code()
    }

    fn is_link(path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
    }

    #[test]
    fn a_link_stays_one_and_its_target_is_written() {
        let base = faulty();
        let report = base.errlore(&["check"]).output().stdout;
        base.write("folder/real.txt", "keep");
        symlink("folder/real.txt", base.root().join("inner")).expect("a link");
        symlink("inner", base.root().join("link")).expect("a link to a link");
        symlink("folder/new.txt", base.root().join("new")).expect("a link to nothing");
        for (link, target) in [("link", "folder/real.txt"), ("new", "folder/new.txt")] {
            let output = base.errlore(&["check", "--output", link]).output();
            assert_eq!(output.code, Some(1), "{}", output.stderr);
            assert!(is_link(&base.root().join(link)));
            assert_eq!(base.read(target), report);
        }
        let output =
            base.errlore(&["check", "--format", "text=link,json=folder/real.txt"]).output();
        assert_eq!(output.code, Some(2), "a link and its target are one file");
        symlink("circle", base.root().join("circle")).expect("a link to itself");
        let output = base.errlore(&["check", "--output", "circle"]).output();
        assert_eq!(output.code, Some(2), "{}", output.stderr);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn standard_output_by_another_name_is_written_where_it_stands() {
        let base = faulty();
        base.entry("example/good", &json!({}));
        symlink("/proc/self/fd/1", base.root().join("out")).expect("a link");
        base.write("page.md", "ID: example/bad\n");
        for arguments in [
            &["check", "--output", "out"][..],
            &["check", "--format", "concise=out"],
            &["duplicates", "--output", "out"],
            &["diff", "example/bad", "example/good", "--output", "out"],
            &["normalize", "page.md", "--check", "--report", "json=out"],
        ] {
            base.write("report.txt", "before\n");
            let behind = File::options().append(true).open(base.root().join("report.txt"));
            into_file(&base, arguments, behind.expect("a file"));
            assert!(is_link(&base.root().join("out")), "{arguments:?}");
            let report = base.read("report.txt");
            assert!(report.starts_with("before\n") && report.len() > 10, "{arguments:?}: {report}");
        }
        let output = base.errlore(&["check", "--format", "json,text=out"]).output();
        assert_eq!((output.code, &*output.stdout), (Some(2), ""));
        let output = base.errlore(&["normalize", "page.md", "--report", "json=out"]).output();
        assert_eq!((output.code, &*output.stdout), (Some(2), ""), "the entry goes there");
    }

    #[test]
    fn the_file_that_standard_output_goes_to_takes_no_second_format() {
        let base = faulty();
        let file = File::create(base.root().join("a")).expect("a new file");
        assert_eq!(into_file(&base, &["check", "--format", "text,json=a"], file), Some(2));
        assert_eq!(base.read("a"), "");
    }

    #[test]
    fn a_device_is_written_to() {
        let base = faulty();
        symlink("/dev/null", base.root().join("null")).expect("a link");
        for target in ["null", "/dev/null"] {
            let output = base.errlore(&["check", "--output", target]).output();
            assert_eq!((output.code, &*output.stdout), (Some(1), ""), "{}", output.stderr);
        }
        assert!(is_link(&base.root().join("null")));
    }

    #[test]
    fn the_mode_is_kept_and_what_is_read_only_or_has_two_names_is_refused() {
        let base = faulty();
        let path = |name: &str| base.root().join(name);
        base.write("private", "old");
        fs::set_permissions(path("private"), Permissions::from_mode(0o640)).expect("own file");
        assert_eq!(base.errlore(&["check", "--output", "private"]).output().code, Some(1));
        let mode = fs::metadata(path("private")).expect("the file").mode() & 0o777;
        assert_eq!(mode, 0o640, "{mode:o}");

        base.write("closed", "old");
        fs::set_permissions(path("closed"), Permissions::from_mode(0o444)).expect("own file");
        base.write("one", "old");
        fs::hard_link(path("one"), path("two")).expect("a second name");
        for (target, why) in
            [("closed", "read-only"), (">>closed", "read-only"), ("one", "hard links")]
        {
            let output = base.errlore(&["check", "--output", target]).output();
            assert_eq!(output.code, Some(2), "{target}");
            let name = target.trim_start_matches(">>");
            assert!(output.stderr.contains(&format!("cannot write {name}: ")), "{}", output.stderr);
            assert!(output.stderr.contains(why), "{target}: {}", output.stderr);
            assert_eq!(base.read(name), "old");
        }
        let names = support::files_below(base.root());
        assert!(
            !names.iter().any(|name| name.to_string_lossy().contains(".errlore-")),
            "{names:?}"
        );
    }
}
