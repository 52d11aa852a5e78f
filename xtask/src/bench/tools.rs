//! The programs that are measured: errlore built for release, the peers where they are installed, and
//! the machine they run on.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use errlore::{Error, Result};

use super::bases::Base;
use super::measure::Job;
use crate::repository;

/// The day for `errlore check`, so that the findings do not change with the calendar.
const TODAY: &str = "2026-12-01";

/// What of a list of arguments is left to the system, in bytes.
const RESERVE: usize = 16 * 1024;

/// The programs there are.
#[derive(Debug)]
pub(super) struct Tools {
    errlore: PathBuf,
    jsonvet: Option<PathBuf>,
    jsonschema_cli: Option<PathBuf>,
    floor: PathBuf,
    schema: PathBuf,
    /// How many bytes the arguments of one call may take.
    argument_bytes: usize,
}

impl Tools {
    /// Builds errlore and looks for the peers.
    pub(super) fn find(target: &Path) -> Result<Self> {
        eprintln!("building errlore for release");
        run_cargo(
            &["build", "--release", "--package", "errlore", "--bin", "errlore"].map(OsString::from),
        )?;
        let name = |name: &str| format!("{name}{}", env::consts::EXE_SUFFIX);
        let errlore = target.join("release").join(name("errlore"));
        if !errlore.is_file() {
            return Err(Error::io(format!("cargo built no {}", errlore.display()))
                .with_help("unset CARGO_BUILD_TARGET: the benchmark is for this machine"));
        }
        let floor = env::current_exe().map_err(|error| {
            Error::io(format!("cannot find the program of xtask itself: {error}"))
        })?;
        let path = env::var_os("PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
        folders.push(peers_folder(target).join("bin"));
        let find = |peer: &str| {
            folders.iter().map(|folder| folder.join(name(peer))).find(|file| file.is_file())
        };
        Ok(Self {
            errlore,
            jsonvet: find("jsonvet"),
            jsonschema_cli: find("jsonschema-cli"),
            floor,
            schema: repository::root().join("schema/entry.schema.json"),
            argument_bytes: argument_bytes(),
        })
    }

    /// The program that is measured.
    pub(super) fn program(&self) -> &Path {
        &self.errlore
    }

    /// How many files errlore says that it reads in a base: a walk that skips some is quick for
    /// nothing.
    pub(super) fn files_read(&self, base: &Base) -> Result<usize> {
        let mut command = Command::new(&self.errlore);
        command
            .args(["validate", "--format", "json", "--config", &base.config])
            .current_dir(&base.root);
        let output = command.output().map_err(|error| Error::path("run", &self.errlore, &error))?;
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        report["summary"]["files"]
            .as_u64()
            .and_then(|files| usize::try_from(files).ok())
            .ok_or_else(|| {
                let said = String::from_utf8_lossy(&output.stderr);
                Error::io(format!(
                    "errlore validate --format json did not say how many files it read: {}",
                    said.trim()
                ))
                .with_help("run it by hand in the scratch folder")
            })
    }

    /// `errlore validate` and `errlore check` on a whole base.
    pub(super) fn errlore_jobs(&self, base: &Base) -> Vec<Job> {
        ["validate", "check"].map(|command| self.errlore(command, base, None)).into()
    }

    /// All programs on a whole base; the first is what the others are compared with.
    pub(super) fn all_jobs(&self, base: &Base) -> Vec<Job> {
        let mut jobs = self.errlore_jobs(base);
        jobs.extend(self.peers(base, &base.folders, &base.files));
        jobs.push(Job {
            name: "floor: walk and read".to_owned(),
            program: self.floor.clone(),
            directory: base.root.clone(),
            calls: vec![arguments(["floor"], &base.folders)],
            is_finding: None,
        });
        jobs
    }

    /// All programs on one file. `errlore check` reads the base around it.
    pub(super) fn one_file_jobs(&self, base: &Base, file: &str) -> Vec<Job> {
        let files = [file.to_owned()];
        let mut jobs = vec![
            self.errlore("validate", base, Some(file)),
            self.errlore("check", base, Some(file)),
        ];
        jobs.extend(self.peers(base, &files, &files));
        jobs
    }

    fn errlore(&self, command: &str, base: &Base, file: Option<&str>) -> Job {
        let fixed = [command, "--format", "concise", "--today", TODAY, "--config", &base.config];
        Job {
            name: format!("errlore {command}"),
            program: self.errlore.clone(),
            directory: base.root.clone(),
            calls: vec![arguments(fixed, file.as_slice())],
            is_finding: Some(has_severity),
        }
    }

    /// The peers. jsonvet walks folders; jsonschema-cli takes files only, and checks formats, as errlore
    /// does, where it is told to. jsonvet has no such option and checks none.
    fn peers(&self, base: &Base, inputs: &[String], files: &[String]) -> Vec<Job> {
        let schema = self.schema.to_string_lossy();
        let mut jobs = Vec::new();
        if let Some(program) = &self.jsonvet {
            jobs.push(Job {
                name: "jsonvet --schema".to_owned(),
                program: program.clone(),
                directory: base.root.clone(),
                calls: vec![arguments(["--no-config", "--schema", &schema], inputs)],
                is_finding: Some(has_severity),
            });
        }
        if let Some(program) = &self.jsonschema_cli {
            let fixed =
                ["validate", &schema, "--assert-format", "--offline", "--errors-only", "-i"];
            let taken: usize = fixed.iter().map(|argument| cost(argument)).sum();
            let batches = batches(files, self.argument_bytes.saturating_sub(taken));
            let calls: Vec<_> = batches.iter().map(|batch| arguments(fixed, batch)).collect();
            let name = match calls.len() {
                1 => "jsonschema-cli".to_owned(),
                calls => format!("jsonschema-cli, {calls} calls"),
            };
            let directory = base.root.clone();
            jobs.push(Job {
                name,
                program: program.clone(),
                directory,
                calls,
                is_finding: Some(is_numbered),
            });
        }
        jobs
    }

    /// What ran where: a line each.
    pub(super) fn describe(&self) -> Vec<String> {
        let mut lines = vec![machine(), version(Path::new("rustc")), version(&self.errlore)];
        for (name, program) in
            [("jsonvet", &self.jsonvet), ("jsonschema-cli", &self.jsonschema_cli)]
        {
            lines.push(match program {
                Some(program) => version(program),
                None => {
                    format!("{name} is not installed; `cargo xtask bench --install-peers` does it")
                }
            });
        }
        lines
    }
}

/// A finding of errlore and of jsonvet: `path:1:2: error[rule] message`.
fn has_severity(line: &str) -> bool {
    [": error[", ": warning[", ": note["].iter().any(|mark| line.contains(mark))
}

/// A finding of jsonschema-cli: `1. "x" is not a "date"`.
fn is_numbered(line: &str) -> bool {
    line.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok())
}

fn arguments<const N: usize>(fixed: [&str; N], more: &[impl AsRef<str>]) -> Vec<OsString> {
    let more = more.iter().map(AsRef::as_ref);
    fixed.into_iter().chain(more).map(OsString::from).collect()
}

/// What an argument takes: its bytes, a NUL and a pointer.
fn cost(argument: &str) -> usize {
    argument.len() + 1 + size_of::<usize>()
}

/// Splits a list so that each part fits into one call.
fn batches(files: &[String], limit: usize) -> Vec<&[String]> {
    let mut batches = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (index, file) in files.iter().enumerate() {
        if used + cost(file) > limit && index > start {
            batches.push(&files[start..index]);
            (start, used) = (index, 0);
        }
        used += cost(file);
    }
    batches.push(&files[start..]);
    batches
}

/// What the system lets arguments take, less what the environment takes.
fn argument_bytes() -> usize {
    const PORTABLE: usize = 128 * 1024;
    let limit = answer(Command::new("getconf").arg("ARG_MAX")).and_then(|line| line.parse().ok());
    let environment: usize =
        env::vars_os().map(|(name, value)| name.len() + value.len() + 10).sum();
    limit.unwrap_or(PORTABLE).saturating_sub(environment + RESERVE)
}

/// The first line that a program answers.
fn answer(command: &mut Command) -> Option<String> {
    let output =
        command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).lines().next()?.trim().to_owned())
}

/// What the machine is, in a line.
pub(super) fn machine() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let cpu = cpu_model().unwrap_or_else(|| format!("{} CPU", env::consts::ARCH));
    format!("{cpu}, {cores} cores, {}", env::consts::OS)
}

pub(super) fn version(program: &Path) -> String {
    answer(Command::new(program).arg("--version"))
        .unwrap_or_else(|| format!("{}: version unknown", program.display()))
}

fn cpu_model() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// Cargo's target folder, wherever a variable or a configuration puts it.
pub(super) fn target_folder() -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let output = command.stderr(Stdio::inherit()).output();
    let output =
        output.map_err(|error| Error::io(format!("cannot run cargo metadata: {error}")))?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    metadata["target_directory"].as_str().map(PathBuf::from).ok_or_else(|| {
        Error::io("cargo metadata names no target directory").with_help("see what cargo says above")
    })
}

fn peers_folder(target: &Path) -> PathBuf {
    target.join("bench/peers")
}

/// Installs the peers below the target folder.
pub(super) fn install_peers(target: &Path) -> Result<()> {
    let mut arguments: Vec<OsString> =
        ["install", "--locked", "jsonvet-cli", "jsonschema-cli", "--root"]
            .map(OsString::from)
            .into();
    arguments.push(peers_folder(target).into());
    run_cargo(&arguments)
}

fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(repository::root());
    command
}

fn run_cargo(arguments: &[OsString]) -> Result<()> {
    let status = cargo().args(arguments).status();
    let status = status.map_err(|error| {
        Error::io(format!("cannot run cargo: {error}")).with_help("run this through `cargo xtask`")
    })?;
    if status.success() {
        return Ok(());
    }
    let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
    Err(Error::io(format!("cargo {} failed ({status})", words.join(" ")))
        .with_help("see what cargo says above"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_hold_every_file_once_and_fit() {
        let files: Vec<String> = (0..100).map(|number| format!("c1/some/{number}.json")).collect();
        for limit in [0, 30, 100, 1000, usize::MAX] {
            let batches = batches(&files, limit);
            assert_eq!(batches.concat(), files);
            for batch in &batches {
                let used: usize = batch.iter().map(|file| cost(file)).sum();
                assert!(used <= limit || batch.len() == 1, "{limit}");
            }
        }
        assert_eq!(batches(&files, usize::MAX).len(), 1);
    }

    #[test]
    fn findings_are_told_from_other_lines() {
        assert!(has_severity("./a.json:85:17: error[schema] \"maybe\" is not one of \"true\""));
        assert!(!has_severity("2 errors in 3 files"));
        assert!(is_numbered("12. \"2023-02-30\" is not a \"date\""));
        assert!(!is_numbered("a.1. json - INVALID. Errors:"));
    }
}
