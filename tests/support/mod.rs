//! What the tests of the command line share: a knowledge base in a temporary folder, and a run of the
//! real binary that cannot hang the tests.

#![allow(dead_code, reason = "each test crate uses a part of it")]

pub(crate) mod cases;
pub(crate) mod corpora;

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use errlore::canonical::canonical;
use errlore::entry::Entry;
use errlore::rule::{MINIMAL_ENTRY, merge_patch};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The day on which all tests happen.
pub(crate) const TODAY: &str = "2026-11-22";

/// The formats that a report can be written in.
pub(crate) const FORMATS: [&str; 6] = ["text", "concise", "json", "jsonl", "github", "markdown"];

/// A run that takes longer hangs. Far above what the slowest machine needs: nothing is timed by it.
const HANGS: Duration = Duration::from_mins(1);

/// Says that a test is left out, and why. Written past the test runner, which keeps to itself what a
/// passing test prints.
pub(crate) fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

/// The files below a folder, sorted.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for item in fs::read_dir(folder).expect("a folder") {
        let path = item.expect("an item").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A knowledge base in a temporary folder, which goes when this does.
///
/// The folder above it is `HOME` for every run, so that no configuration of the machine is found.
pub(crate) struct Base {
    home: TempDir,
    root: PathBuf,
}

impl Base {
    /// A folder with an empty `entries` in it.
    pub(crate) fn new() -> Self {
        let home = TempDir::new().expect("a temporary folder");
        // The real path: a temporary folder may itself be behind a link.
        let root = fs::canonicalize(home.path()).expect("the folder is there").join("base");
        fs::create_dir_all(root.join("entries")).expect("a new folder");
        Self { home, root }
    }

    /// The root of the knowledge base.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder above, which is `HOME` for every run.
    pub(crate) fn home(&self) -> PathBuf {
        fs::canonicalize(self.home.path()).expect("the folder is there")
    }

    /// Writes a file below the root and gives its path from there.
    pub(crate) fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let full = self.root.join(&path);
        fs::create_dir_all(full.parent().expect("a path below the root")).expect("a new folder");
        fs::write(&full, content).expect("a file that can be written");
        path.as_ref().to_owned()
    }

    /// The text of a file below the root.
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> String {
        let path = self.root.join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Writes the minimal entry under an id, with a patch, at the place that the id asks for. Gives
    /// the path from the root.
    pub(crate) fn entry(&self, id: &str, patch: &Value) -> String {
        let file = format!("entries/{id}.json");
        self.write(&file, entry(id, patch));
        file
    }

    /// An entry with nothing wrong, and one whose only fault is a note: it is stale. Whatever else is
    /// in the base, both must be checked. Gives the line that [`Output::places`] has for the note.
    pub(crate) fn neighbours(&self) -> String {
        self.entry("example/good", &json!({}));
        let path = self.entry("example/stale", &stale());
        place(&path, &self.read(&path), "\"2020-01-01\"") + " stale-entry"
    }

    /// A run of `errlore` in the root of the base.
    pub(crate) fn errlore(&self, arguments: &[&str]) -> Run {
        let mut run = Run::new(Command::new(env!("CARGO_BIN_EXE_errlore")), &self.home());
        run.command.args(arguments).current_dir(&self.root);
        if let Some("check" | "validate" | "regex") = arguments.first().copied() {
            run.command.args(["--today", TODAY]);
        }
        run
    }

    /// The same with a limit on the memory that the process may ask for, in MiB.
    #[cfg(target_os = "linux")]
    pub(crate) fn errlore_within(&self, mebibytes: u32, arguments: &[&str]) -> Run {
        let mut run = Run::new(Command::new("sh"), &self.home());
        let limit = (mebibytes * 1024).to_string();
        let script = "ulimit -v \"$1\" || exit 99; shift; exec \"$@\"";
        run.command.args(["-c", script, "sh", &limit, env!("CARGO_BIN_EXE_errlore")]);
        // The address space of a thread's stack and heap counts too.
        run.command.args(arguments).args(["--jobs", "2"]).current_dir(&self.root);
        if let Some("check" | "validate" | "regex") = arguments.first().copied() {
            run.command.args(["--today", TODAY]);
        }
        run
    }

    /// What `check` finds, as JSON.
    pub(crate) fn check(&self) -> Output {
        self.errlore(&["check", "--format", "json"]).output()
    }

    /// Runs git in the root, which must succeed; gives what it prints.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = self.git_run(arguments).output();
        assert_eq!(output.code, Some(0), "git {arguments:?}: {}", output.stderr);
        output.stdout
    }

    /// A run of git in the root, which finds the `errlore` that is tested.
    pub(crate) fn git_run(&self, arguments: &[&str]) -> Run {
        let mut run = Run::new(Command::new("git"), &self.home());
        run.command.args(["-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]);
        run.command.args(["-c", "init.defaultBranch=main", "-c", "core.autocrlf=false"]);
        run.command.args(["-c", "core.editor=true", "-c", "core.pager=cat"]);
        run.command.args(arguments).current_dir(&self.root).env("PATH", path());
        run
    }

    /// Commits all that is there.
    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }
}

/// The `PATH` with the folder of the `errlore` that is tested in front.
pub(crate) fn path() -> std::ffi::OsString {
    let own = Path::new(env!("CARGO_BIN_EXE_errlore")).parent().expect("a folder").to_owned();
    let rest = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([own].into_iter().chain(std::env::split_paths(&rest))).expect("folders")
}

/// The canonical text of the minimal entry under an id, with a patch. What the patch makes must still
/// be an entry; a text that is none is written by hand.
pub(crate) fn entry(id: &str, patch: &Value) -> String {
    let mut value: Value = serde_json::from_str(MINIMAL_ENTRY).expect("JSON");
    merge_patch(&mut value, &json!({"id": id, "domain": id.split('/').next()}));
    merge_patch(&mut value, &own_message(id, patch));
    merge_patch(&mut value, patch);
    let entry: Entry = serde_json::from_value(value).expect("a patch that leaves an entry");
    canonical(&entry)
}

/// A patch that gives an entry a message of its own, so that it answers for no other one's, unless it has one;
/// and a cause and advice of its own, so that it is no duplicate of another.
pub(crate) fn own_message(id: &str, patch: &Value) -> Value {
    if ["example/disk-full", "example/bad"].contains(&id) {
        return json!({});
    }
    let words = own_words(id);
    let mut own = json!({
        "root_cause": format!("The {} of the {} is {}.", words[0], words[1], words[2]),
        "dead_ends": [{
            "action": format!("Polish the {}", words[3]), "why_fails": format!("It is {} by then.", words[4]),
            "fail_rate": 0.9, "condition": "", "sources": [],
        }],
        "workarounds": [{
            "action": format!("Tune the {}", words[5]),
            "success_rate": 0.9, "how": format!("Turn the {} to the {}.", words[6], words[7]),
            "condition": "", "sources": [],
        }],
    });
    if !["signature", "regex"].iter().any(|key| patch.get(key).is_some()) {
        let mut message = String::from("no space left on device of ");
        message.extend(id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }));
        own["signature"] = format!("write failed: {message}").into();
        own["regex"] = message.into();
    }
    own
}

/// Words that no other id has.
fn own_words(id: &str) -> [String; 8] {
    const SYLLABLES: [&str; 16] = [
        "ba", "ko", "mi", "tu", "re", "so", "ga", "li", "po", "na", "du", "fe", "wo", "ri", "ja",
        "hu",
    ];
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    std::array::from_fn(|number| {
        let bits = hash.rotate_left(u32::try_from(number).expect("few words") * 8);
        (0..4).map(|at| SYLLABLES[((bits >> (at * 7)) & 15) as usize]).collect()
    })
}

/// A patch that makes an entry stale, which is a note, and nothing else.
pub(crate) fn stale() -> Value {
    json!({"first_seen": "2019-01-01", "last_confirmed": "2020-01-01", "last_updated": "2020-01-01"})
}

/// A patch whose text is a placeholder, which is an error, and nothing else.
pub(crate) fn placeholder() -> Value {
    json!({"root_cause": "TODO: find out"})
}

/// `path:line:column` of the first `needle` in a text, both counted from 1, columns in characters.
pub(crate) fn place(path: &str, text: &str, needle: &str) -> String {
    let at = text.find(needle).unwrap_or_else(|| panic!("no {needle:?} in {text}"));
    let line = text[..at].split('\n').count();
    let column = text[..at].rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    format!("{path}:{line}:{column}")
}

/// One run of a program, about to start.
pub(crate) struct Run {
    pub(crate) command: Command,
    input: Vec<u8>,
}

impl Run {
    fn new(mut command: Command, home: &Path) -> Self {
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("ERRLORE_") || name.starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR"] {
            command.env_remove(name);
        }
        command.env("HOME", home).env("USERPROFILE", home);
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CEILING_DIRECTORIES", home);
        Self { command, input: Vec::new() }
    }

    /// Adds an argument.
    pub(crate) fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    pub(crate) fn args(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs in another folder.
    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Gives the program something to read.
    pub(crate) fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Runs the program to its end.
    pub(crate) fn output(mut self) -> Output {
        self.command.stdout(Stdio::piped());
        self.finish()
    }

    /// Runs the program with a standard output that nobody reads any more.
    pub(crate) fn output_into_closed_pipe(mut self) -> Output {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        self.command.stdout(writer);
        self.finish()
    }

    fn finish(mut self) -> Output {
        self.command.stdin(Stdio::piped()).stderr(Stdio::piped());
        let shown = format!("{:?}", self.command);
        let mut child = self.command.spawn().expect("the program starts");
        if let Some(mut stdin) = child.stdin.take() {
            let input = std::mem::take(&mut self.input);
            // A program that does not read its input closes the pipe, which is no fault of it.
            thread::spawn(move || stdin.write_all(&input).is_ok());
        }
        let stdout = child.stdout.take().map(collect);
        let stderr = child.stderr.take().map(collect);
        let until = Instant::now() + HANGS;
        let stdout =
            stdout.map(|stdout| wait(&mut child, &stdout, until, &shown)).unwrap_or_default();
        let stderr =
            stderr.map(|stderr| wait(&mut child, &stderr, until, &shown)).unwrap_or_default();
        let status = child.wait().expect("the program has ended");
        Output::new(status, &stdout, &stderr, &shown)
    }
}

/// Reads all of a stream on a thread of its own, so that waiting for it can have an end.
fn collect(mut stream: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stream.read_to_end(&mut bytes);
        // Nobody listens any more where the run was given up.
        let _ = sender.send(read.map(|_| bytes).unwrap_or_default());
    });
    receiver
}

fn wait(child: &mut Child, stream: &Receiver<Vec<u8>>, until: Instant, shown: &str) -> Vec<u8> {
    stream.recv_timeout(until.saturating_duration_since(Instant::now())).unwrap_or_else(|_| {
        // It may have ended by itself just now.
        let _ = child.kill();
        let _ = child.wait();
        panic!("hangs: {shown}");
    })
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Output {
    /// The exit status; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    fn new(status: ExitStatus, stdout: &[u8], stderr: &[u8], shown: &str) -> Self {
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec()).unwrap_or_else(|error| panic!("{shown}: {error}"))
        };
        let output = Self { code: status.code(), stdout: text(stdout), stderr: text(stderr) };
        assert!(!output.stderr.contains("panicked"), "{shown}: {}", output.stderr);
        assert!(output.code.is_some(), "{shown}: {status}: {}", output.stderr);
        output
    }

    /// The findings of a report in JSON.
    pub(crate) fn findings(&self) -> Vec<Value> {
        let report: Value = serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr));
        report["findings"].as_array().expect("a list of findings").clone()
    }

    /// The findings of a report in JSON, each as `path:line:column rule`.
    pub(crate) fn places(&self) -> Vec<String> {
        self.findings()
            .iter()
            .map(|found| format!("{} {}", place_of(found), found["rule"].as_str().expect("a rule")))
            .collect()
    }

    /// The one finding of a rule in a report in JSON.
    pub(crate) fn only(&self, rule: &str) -> Value {
        let found: Vec<Value> =
            self.findings().into_iter().filter(|found| found["rule"] == rule).collect();
        assert_eq!(found.len(), 1, "{rule}: {}", self.stdout);
        found[0].clone()
    }
}

/// `path:line:column` of a finding, or of a label beside it, in JSON.
pub(crate) fn place_of(found: &Value) -> String {
    let path = found["path"].as_str().expect("a path");
    format!("{path}:{}:{}", found["start"]["line"], found["start"]["column"])
}
