//! Running git: the one place that starts it, and what it is told whatever a user has configured.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::error::{Error, Result};
use crate::visible;

/// What users may have configured otherwise, and what would change an answer.
const SETTINGS: [&str; 11] = [
    "color.diff=false",
    "color.grep=false",
    "core.excludesFile=/dev/null",
    "core.fsmonitor=false",
    "diff.autoRefreshIndex=true",
    "diff.orderFile=/dev/null",
    "diff.relative=false",
    "diff.renameLimit=1000",
    "i18n.logOutputEncoding=UTF-8",
    "log.showSignature=false",
    "submodule.recurse=false",
];

/// Variables that make a path mean something else than itself.
const PATHSPECS: [&str; 3] = ["GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"];

/// Variables that say which repository is asked; git sets some of them for its hooks.
const PLACE: [&str; 4] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX"];

/// Variables that say where parts of that repository are.
const PARTS: [&str; 6] = [
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_NAMESPACE",
];

/// How a run of git ended.
pub(super) struct Answer {
    name: String,
    status: ExitStatus,
    /// What it printed.
    pub(super) out: Vec<u8>,
    err: Vec<u8>,
}

impl Answer {
    /// The exit status.
    pub(super) fn code(&self) -> i32 {
        self.status.code().unwrap_or(-1)
    }

    /// What it printed, if all went well.
    pub(super) fn output(self) -> Result<Vec<u8>> {
        if self.status.success() { Ok(self.out) } else { Err(self.failure()) }
    }

    /// The same; `None` where git plainly says no: it says nothing of a failure, and ends with 1.
    fn or_no(self) -> Result<Option<Vec<u8>>> {
        let is_no = self.code() == 1 && sentence(&self.err).is_none();
        if is_no { Ok(None) } else { self.output().map(Some) }
    }

    /// The failure that it is, in git's own words.
    pub(super) fn failure(&self) -> Error {
        failure(&self.name, &self.err, self.status)
    }
}

/// A failure of git in its own words: a sentence, and what it advises.
pub(super) fn failure(name: &str, stderr: &[u8], status: ExitStatus) -> Error {
    let stderr = String::from_utf8_lossy(stderr);
    let Some((said, advice)) = sentence(stderr.as_bytes()) else {
        let said = stderr.lines().next().unwrap_or_default().trim();
        let said = if said.is_empty() { status.to_string() } else { said.to_owned() };
        return Error::io(format!("git {name} failed: {}", visible::name(&said)));
    };
    let error = Error::io(format!("git {name} failed: {}", visible::name(&said)));
    if advice.is_empty() { error } else { error.with_help(visible::name(&advice).into_owned()) }
}

/// The sentences in which git says why it failed, and the other lines after the first of them; none where it says
/// nothing.
fn sentence(stderr: &[u8]) -> Option<(String, String)> {
    let stderr = String::from_utf8_lossy(stderr);
    let (mut said, mut advice) = (Vec::new(), Vec::new());
    for line in stderr.lines() {
        let reason = ["fatal: ", "error: "].iter().find_map(|start| line.strip_prefix(start));
        let line = line.trim_start_matches("hint:").trim();
        match reason {
            Some(reason) => said.push(reason),
            None if !said.is_empty() && !line.is_empty() => advice.push(line),
            None => {}
        }
    }
    (!said.is_empty()).then(|| (said.join("; "), advice.join(" ")))
}

/// git, to be run in a folder: it answers for the repository around that folder.
pub(super) fn command(folder: &Path) -> Command {
    let mut command = anywhere();
    command.arg("-C").arg(folder);
    match place(folder) {
        Place::AsGiven => {}
        Place::Around => forget(&mut command, &PLACE),
        Place::Other => {
            forget(&mut command, &PLACE);
            forget(&mut command, &PARTS);
        }
        Place::Named { repository, work_tree } => {
            // From another folder they would lead elsewhere.
            command.env("GIT_DIR", repository);
            command.envs(work_tree.map(|work_tree| ("GIT_WORK_TREE", work_tree)));
        }
    }
    command
}

/// git, for what has to do with no repository.
pub(super) fn anywhere() -> Command {
    let mut command = Command::new("git");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command.arg("--literal-pathspecs");
    forget(&mut command, &PATHSPECS);
    // Its words are read; and nothing is written where something is only asked.
    command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
    command
}

fn forget(command: &mut Command, variables: &[&str]) {
    for name in variables {
        command.env_remove(name);
    }
}

/// What the variables of the environment have to do with the repository around a folder.
enum Place {
    /// There are none.
    AsGiven,
    /// They name the same repository, which is found better from the folder: without a work tree git would take any
    /// folder for the top of it.
    Around,
    /// They name another one.
    Other,
    /// They name the one that is meant.
    Named { repository: PathBuf, work_tree: Option<PathBuf> },
}

fn place(folder: &Path) -> Place {
    let is_set = |name: &&str| std::env::var_os(name).is_some();
    if !PLACE.iter().chain(&PARTS).any(is_set) {
        return Place::AsGiven;
    }
    let ask = |folder: Option<&Path>, question: &str| {
        let mut command = anywhere();
        if let Some(folder) = folder {
            command.arg("-C").arg(folder);
            forget(&mut command, &PLACE);
            forget(&mut command, &PARTS);
        }
        let answer = run(command.args(["rev-parse", question]), "rev-parse", &[]).ok()?;
        Some(PathBuf::from(super::path(line(&answer.output().ok()?))))
    };
    let around = ask(Some(folder), "--absolute-git-dir");
    let named = ask(None, "--absolute-git-dir");
    let work_tree = ask(None, "--show-toplevel").filter(|_| is_set(&"GIT_WORK_TREE"));
    // A hook that goes to another repository takes along the index of its own.
    let has_index = |repository: &Path| {
        let Some(index) = std::env::var_os("GIT_INDEX_FILE") else { return true };
        let top = ask(Some(folder), "--show-toplevel").unwrap_or_default();
        let index = top.join(index);
        let parent = index.parent().and_then(|parent| fs::canonicalize(parent).ok());
        index.is_file() && parent == fs::canonicalize(repository).ok()
    };
    match (around, named, work_tree) {
        (None, None, _) => Place::AsGiven,
        (Some(around), None, _) if has_index(&around) => Place::Around,
        (None, Some(repository), work_tree) => Place::Named { repository, work_tree },
        // Of two work trees around a folder the inner one holds it.
        (Some(_), Some(repository), Some(work_tree))
            if folder.starts_with(&work_tree)
                && ask(Some(folder), "--show-toplevel")
                    .is_none_or(|top| work_tree.starts_with(top)) =>
        {
            Place::Named { repository, work_tree: Some(work_tree) }
        }
        (Some(around), Some(named), None) if around == named && has_index(&around) => Place::Around,
        (Some(_), _, _) => Place::Other,
    }
}

/// Runs git to its end, with something to read.
fn run(command: &mut Command, name: &str, input: &[u8]) -> Result<Answer> {
    let failed = |error: std::io::Error| {
        Error::io(format!("cannot run git: {error}")).with_help("is it installed, and on the PATH?")
    };
    command.stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    let stdin = child.stdin.take();
    // It may answer while it is still being asked. What it does not read it does not need.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.is_some_and(|mut stdin| stdin.write_all(input).is_ok()));
        child.wait_with_output()
    });
    let output = output.map_err(failed)?;
    let (name, status) = (name.to_owned(), output.status);
    Ok(Answer { name, status, out: output.stdout, err: output.stderr })
}

/// Asks git about no repository.
pub(super) fn answer_anywhere(command: &mut Command, name: &str) -> Result<Answer> {
    run(command, name, &[])
}

/// Asks git something that it may answer by its exit status.
pub(super) fn answer(folder: &Path, arguments: &[&str]) -> Result<Answer> {
    run(command(folder).args(arguments), arguments[0], &[])
}

/// Asks git something; `None` where it plainly says no.
pub(super) fn ask(folder: &Path, arguments: &[&str]) -> Result<Option<Vec<u8>>> {
    answer(folder, arguments)?.or_no()
}

/// The same with something to read, and paths.
pub(super) fn ask_with(
    folder: &Path,
    arguments: &[&str],
    input: &[u8],
    paths: &[PathBuf],
) -> Result<Option<Vec<u8>>> {
    run(command(folder).args(arguments).arg("--").args(paths), arguments[0], input)?.or_no()
}

/// Asks git, which must answer.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>> {
    answer(folder, arguments)?.output()
}

/// The files that git lists below some folders, each as a record that ends with a zero.
pub(super) fn list(folder: &Path, arguments: &[&str], below: &[PathBuf]) -> Result<Vec<u8>> {
    run(command(folder).args(arguments).arg("--").args(below), arguments[0], &[])?.output()
}

/// A line without its end: a path may end with a blank.
pub(super) fn line(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\n").unwrap_or(bytes)
}
