//! Running a program and measuring it: wall time, CPU time, peak memory, and how much it finds.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use errlore::{Error, Result};

/// What is measured: one program on one input.
pub(super) struct Job {
    /// As the table calls it.
    pub(super) name: String,
    pub(super) program: PathBuf,
    pub(super) directory: PathBuf,
    /// The arguments of each call; a list of files can be too long for one.
    pub(super) calls: Vec<Vec<OsString>>,
    /// Whether a line of output is a finding; `None` for what finds nothing.
    pub(super) is_finding: Option<fn(&str) -> bool>,
}

/// What came out.
#[derive(Debug)]
pub(super) struct Measured {
    /// Median of the runs; calls are added up.
    pub(super) wall: Duration,
    /// User and system time of one run.
    pub(super) cpu: Option<Duration>,
    /// Resident memory of the largest call of one run, in bytes.
    pub(super) peak: Option<u64>,
    pub(super) findings: Option<usize>,
}

/// GNU time, where it is installed, and a file for its output.
#[derive(Debug)]
pub(super) struct Time {
    program: &'static str,
    file: PathBuf,
}

impl Time {
    pub(super) fn find(scratch: &Path) -> Option<Self> {
        let file = scratch.join("time.txt");
        ["/usr/bin/time", "gtime", "time"]
            .into_iter()
            .map(|program| Self { program, file: file.clone() })
            .find(|time| {
                let mut command = Command::new(time.program);
                command.args(["-f", "%U %S %M", "-o"]).arg(&time.file).args(["cargo", "--version"]);
                let silent = command.stdout(Stdio::null()).stderr(Stdio::null());
                silent.status().is_ok_and(|status| status.success()) && time.read().is_some()
            })
    }

    /// CPU time and peak memory of the call that ended last.
    fn read(&self) -> Option<(Duration, u64)> {
        usage(&fs::read_to_string(&self.file).ok()?)
    }
}

/// Reads `user system kilobytes` from the last line; before it may stand a remark on the exit status.
fn usage(text: &str) -> Option<(Duration, u64)> {
    let mut numbers = text.lines().last()?.split(' ');
    let mut seconds = || Duration::try_from_secs_f64(numbers.next()?.parse().ok()?).ok();
    let cpu = seconds()? + seconds()?;
    let kilobytes: u64 = numbers.next()?.parse().ok()?;
    Some((cpu, kilobytes * 1024))
}

/// Measures jobs side by side: each is run once to warm up and to count, then all of them in turn, so
/// that what disturbs the machine disturbs them alike.
pub(super) fn measure(
    jobs: &[Job],
    runs: usize,
    time: Option<&Time>,
    scratch: &Path,
) -> Result<Vec<Measured>> {
    let mut found = Vec::new();
    for job in jobs {
        eprintln!("measuring {} in {}", job.name, job.directory.display());
        found.push(count(job, scratch)?);
    }
    let mut walls = vec![Vec::new(); jobs.len()];
    for _ in 0..runs {
        for (job, walls) in jobs.iter().zip(&mut walls) {
            walls.push(run(job)?);
        }
    }
    let mut measured = Vec::new();
    for ((job, findings), walls) in jobs.iter().zip(found).zip(walls) {
        let usage = time.map(|time| use_of(job, time)).transpose()?.flatten();
        let (cpu, peak) = usage.unzip();
        measured.push(Measured { wall: median(walls), cpu, peak, findings });
    }
    Ok(measured)
}

fn command(job: &Job, call: &[OsString]) -> Command {
    let mut command = Command::new(&job.program);
    command.args(call).current_dir(&job.directory).stdin(Stdio::null());
    command
}

/// Runs a job with its output thrown away.
fn run(job: &Job) -> Result<Duration> {
    let mut sum = Duration::ZERO;
    for call in &job.calls {
        let mut command = command(job, call);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status();
        sum += start.elapsed();
        accept(job, status, "")?;
    }
    Ok(sum)
}

/// Runs a job and counts the lines that are findings.
fn count(job: &Job, scratch: &Path) -> Result<Option<usize>> {
    let log = scratch.join("stderr.txt");
    let mut findings = 0;
    for call in &job.calls {
        let stderr = File::create(&log).map_err(|error| Error::path("write", &log, &error))?;
        let child = command(job, call).stdout(Stdio::piped()).stderr(stderr).spawn();
        let mut child = child.map_err(|error| Error::path("run", &job.program, &error))?;
        if let Some(stdout) = child.stdout.take() {
            let lines = BufReader::new(stdout).split(b'\n').map_while(std::result::Result::ok);
            let is_finding = |line: &Vec<u8>| {
                job.is_finding.is_some_and(|is_finding| is_finding(&String::from_utf8_lossy(line)))
            };
            findings += lines.filter(is_finding).count();
        }
        let status = child.wait();
        let said = fs::read(&log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        accept(job, status, &said.unwrap_or_default())?;
    }
    Ok(job.is_finding.map(|_| findings))
}

/// CPU time and peak memory of one run.
fn use_of(job: &Job, time: &Time) -> Result<Option<(Duration, u64)>> {
    let mut sum = (Duration::ZERO, 0);
    for call in &job.calls {
        let mut command = Command::new(time.program);
        command.args(["-f", "%U %S %M", "-o"]).arg(&time.file).arg(&job.program).args(call);
        command
            .current_dir(&job.directory)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        accept(job, command.status(), "")?;
        let Some((cpu, peak)) = time.read() else { return Ok(None) };
        sum = (sum.0 + cpu, sum.1.max(peak));
    }
    Ok(Some(sum))
}

/// Findings are 1 for all programs measured here; more is a failure, and its time means nothing.
fn accept(job: &Job, status: std::io::Result<ExitStatus>, said: &str) -> Result<()> {
    let status = status.map_err(|error| Error::path("run", &job.program, &error))?;
    if matches!(status.code(), Some(0 | 1)) {
        return Ok(());
    }
    let said: Vec<&str> = said.lines().take(3).collect();
    Err(Error::io(format!("{} failed ({status}): {}", job.name, said.join("; ")))
        .with_help(format!("run {} in {} by hand", job.program.display(), job.directory.display())))
}

/// The middle of some times; of an even number, the mean of the two in the middle.
pub(super) fn median(mut walls: Vec<Duration>) -> Duration {
    walls.sort_unstable();
    match walls.len() {
        0 => Duration::ZERO,
        len if len % 2 == 1 => walls[len / 2],
        len => (walls[len / 2 - 1] + walls[len / 2]) / 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_of_the_middle() {
        let ms = |list: &[u64]| median(list.iter().copied().map(Duration::from_millis).collect());
        assert_eq!(ms(&[9, 1, 2]), Duration::from_millis(2));
        assert_eq!(ms(&[4, 1, 2, 9]), Duration::from_millis(3));
        assert_eq!(ms(&[]), Duration::ZERO);
    }

    #[test]
    fn the_output_of_time_is_read_behind_its_remarks() {
        let read = usage("Command exited with non-zero status 1\n0.25 1.50 2048\n");
        assert_eq!(read, Some((Duration::from_millis(1750), 2 << 20)));
        assert_eq!(usage("time: cannot run x\n"), None);
        assert_eq!(usage(""), None);
    }
}
