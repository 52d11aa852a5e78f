//! What merges three texts: errlore, and the programs beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use errlore::merge::{Markers, merge, read, whole};
use errlore::{Error, Result};

use super::super::tools;

const NAMES: [&str; 3] = ["ours.json", "base.json", "theirs.json"];

/// A tool, and where its files stand.
pub(super) struct Tool {
    kind: Kind,
    folder: PathBuf,
}

enum Kind {
    Errlore,
    Git,
    Mergiraf(PathBuf),
}

/// What a tool made of three texts.
pub(super) struct Outcome {
    pub(super) text: String,
    pub(super) is_clean: bool,
    pub(super) took: Duration,
}

/// The tools that are there, and a line for each that is not.
pub(super) fn all(scratch: &Path) -> (Vec<Tool>, Vec<String>) {
    let (mut kinds, mut missing) = (vec![Kind::Errlore, Kind::Git], Vec::new());
    match found(scratch, "mergiraf", "mergiraf/bin") {
        Ok(program) => kinds.push(Kind::Mergiraf(program)),
        Err(line) => missing.push(line),
    }
    let folder = scratch.join("files");
    (kinds.into_iter().map(|kind| Tool { kind, folder: folder.clone() }).collect(), missing)
}

/// A program in the scratch folder or on the path, or the line that says that it is not there.
pub(super) fn found(
    scratch: &Path,
    name: &str,
    below: &str,
) -> std::result::Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = vec![scratch.join(below)];
    folders.extend(std::env::split_paths(&path));
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let file = folders.iter().map(|folder| folder.join(&name)).find(|file| file.is_file());
    file.ok_or_else(|| {
        format!("SKIPPED: {name} is not installed; `--install-peers` installs what can be had")
    })
}

/// Installs what can be had; what cannot is said and left out.
pub(super) fn install(scratch: &Path) -> Result<()> {
    let python = scratch.join("python");
    let run = |program: &Path, arguments: &[&str], last: Option<&Path>| {
        let status = Command::new(program).args(arguments).args(last).status();
        if !status.is_ok_and(|status| status.success()) {
            eprintln!("{} {} failed", program.display(), arguments.join(" "));
        }
    };
    let cargo = std::env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from);
    let mergiraf = ["install", "--locked", "mergiraf", "--version", "0.20.0", "--root"];
    run(&cargo, &mergiraf, Some(&scratch.join("mergiraf")));
    let npm = scratch.join("npm");
    fs::create_dir_all(&npm).map_err(|error| Error::path("make", &npm, &error))?;
    run("npm".as_ref(), &["install", "jsondiffpatch@0.7.7", "--prefix"], Some(&npm));
    run("python3".as_ref(), &["-m", "venv"], Some(&python));
    run(
        &python.join("bin/python3"),
        &["-m", "pip", "install", "--quiet", "graphtage==0.5.0"],
        None,
    );
    Ok(())
}

impl Tool {
    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            Kind::Errlore => "errlore",
            Kind::Git => "git merge-file",
            Kind::Mergiraf(_) => "mergiraf",
        }
    }

    pub(super) fn version(&self) -> String {
        match &self.kind {
            Kind::Errlore => "errlore merges in this process".to_owned(),
            Kind::Git => tools::version("git".as_ref()),
            Kind::Mergiraf(program) => tools::version(program),
        }
    }

    /// Merges ours, base and theirs.
    pub(super) fn merge(&self, texts: [&str; 3]) -> Result<Outcome> {
        let mut command = match &self.kind {
            Kind::Errlore => return Ok(in_process(texts)),
            Kind::Git => {
                let mut git = Command::new("git");
                git.args(["merge-file", "-p", "--diff3"]).args(NAMES);
                git
            }
            Kind::Mergiraf(program) => {
                let mut mergiraf = Command::new(program);
                let [ours, base, theirs] = NAMES;
                // It keeps notes of its merges in the home folder.
                mergiraf.args(["merge", base, ours, theirs]).env("HOME", &self.folder);
                mergiraf.env_remove("XDG_CACHE_HOME");
                mergiraf
            }
        };
        fs::create_dir_all(&self.folder)
            .map_err(|error| Error::path("make", &self.folder, &error))?;
        for (name, text) in NAMES.iter().zip(texts) {
            let file = self.folder.join(name);
            fs::write(&file, text).map_err(|error| Error::path("write", &file, &error))?;
        }
        command.current_dir(&self.folder).stdin(Stdio::null());
        let start = Instant::now();
        let output = command
            .output()
            .map_err(|error| Error::io(format!("cannot run {}: {error}", self.name())))?;
        let took = start.elapsed();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let has_marker = text.lines().any(|line| line.starts_with("<<<<<<<"));
        if text.is_empty() || (!output.status.success() && !has_marker) {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Error::io(format!("{} failed ({}): {said}", self.name(), output.status))
                .with_help(format!("run it by hand in {}", self.folder.display())));
        }
        Ok(Outcome { is_clean: output.status.success(), text, took })
    }
}

/// As the merge driver does it: what cannot be read or fails is one conflict.
fn in_process([ours, base, theirs]: [&str; 3]) -> Outcome {
    let start = Instant::now();
    let merged = || {
        let entry = |text: &str| read(text.as_bytes()).ok();
        merge(Some(&entry(base)?), &entry(ours)?, &entry(theirs)?).ok()
    };
    let markers = Markers::default();
    let (text, is_clean) = if let Some(merged) = merged() {
        (merged.text(&markers), merged.conflicts.is_empty())
    } else {
        let text = whole(ours.as_bytes(), base.as_bytes(), theirs.as_bytes(), &markers);
        (String::from_utf8_lossy(&text).into_owned(), false)
    };
    Outcome { text, is_clean, took: start.elapsed() }
}
