//! A program that searches with an engine: started, fed, listened to, and ended.
//!
//! It is given a fixed text to run, no environment but `PATH`, the root as its folder, and questions as lines
//! of JSON through a pipe. What it says is read up to a limit and believed only where it has the form of an
//! answer. Questions are written ahead, so that nobody waits for a round trip.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::Command;
use std::process::{ChildStdin, ChildStdout, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use errlore::config::Case;
use errlore::pattern::Engine;
use errlore::rule::{Answer, Question};
use serde::{Deserialize, Serialize};

/// A program that runs engines.
#[derive(Debug)]
pub(super) struct Program {
    /// Its name on the `PATH`.
    pub(super) name: &'static str,
    /// Its arguments, the last of which is what it is to run.
    pub(super) arguments: &'static [&'static str],
    /// The engines that it runs.
    pub(super) engines: &'static [Engine],
}

/// All that a program is asked.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) questions: Arc<Vec<Question>>,
    /// Which question is asked of which engine, in this order.
    pub(super) jobs: Vec<(usize, Engine)>,
    pub(super) case: Case,
}

/// A question as the program reads it.
#[derive(Serialize)]
struct Line<'a> {
    n: usize,
    pattern: &'a str,
    flags: &'a str,
    texts: &'a [String],
}

/// An answer as the program writes it.
#[derive(Deserialize)]
struct Said {
    n: usize,
    refuses: Option<String>,
    finds: Option<Vec<bool>>,
    fails: Option<String>,
}

/// What came of waiting for an answer.
#[derive(Debug)]
pub(super) enum Heard {
    /// The answer.
    Answer(Answer),
    /// Nothing within the limit.
    Silence,
    /// The program has ended.
    End,
    /// Something that is no answer to what was asked.
    Nonsense,
}

/// A running program; it ends with this.
#[derive(Debug)]
pub(super) struct Child {
    process: std::process::Child,
    lines: Receiver<Vec<u8>>,
}

impl Child {
    /// Starts a program and asks it all that is to be asked from the job of a number on.
    pub(super) fn start(
        program: &Program,
        work: &Arc<Work>,
        from: usize,
        limit: Duration,
    ) -> io::Result<Self> {
        /// The program ends itself so many seconds after it would have been ended, should it be left alone.
        const GRACE: u64 = 5;
        /// Answers that wait to be looked at: what says too much has to wait as well.
        const AHEAD: usize = 64;
        let mut command = Command::new(program.name);
        command.args(program.arguments).arg((limit.as_secs() + GRACE).to_string());
        command.env_clear();
        // Without the second no program of Windows starts.
        for name in ["PATH", "SystemRoot"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn()?;
        let (sender, lines) = sync_channel(AHEAD);
        // The threads end with the pipes; a pipe that some grandchild holds open must not be waited for.
        if let Some(stdin) = process.stdin.take() {
            let work = Arc::clone(work);
            thread::spawn(move || write(stdin, &work, from));
        }
        if let Some(stdout) = process.stdout.take() {
            thread::spawn(move || read(stdout, &sender));
        }
        Ok(Self { process, lines })
    }

    /// Waits for the answer to a job.
    pub(super) fn hear(&self, work: &Work, job: usize, limit: Duration) -> Heard {
        let line = match self.lines.recv_timeout(limit) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => return Heard::Silence,
            Err(RecvTimeoutError::Disconnected) => return Heard::End,
        };
        let texts = work.questions[work.jobs[job].0].texts.len();
        let said = serde_json::from_slice::<Said>(&line).ok().filter(|said| said.n == job);
        let answer = said.and_then(|said| match (said.refuses, said.finds, said.fails) {
            (Some(reason), None, None) => Some(Answer::Refuses(reason)),
            (None, Some(finds), None) if finds.len() == texts => Some(Answer::Finds(finds)),
            (None, None, Some(how)) => Some(Answer::Fails(how)),
            _ => None,
        });
        answer.map_or(Heard::Nonsense, Heard::Answer)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Writes the questions until the program takes no more.
fn write(stdin: ChildStdin, work: &Work, from: usize) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, stdin);
    for (n, (question, engine)) in work.jobs.iter().enumerate().skip(from) {
        let Question { pattern, texts } = &work.questions[*question];
        let line = Line { n, pattern, flags: flags(*engine, work.case), texts };
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Hands the lines on until the program says no more, or too much.
fn read(stdout: ChildStdout, lines: &SyncSender<Vec<u8>>) {
    /// A longer line is no answer.
    const LONGEST: u64 = 1 << 20;
    let mut stdout = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        let length = stdout.by_ref().take(LONGEST).read_until(b'\n', &mut line).unwrap_or(0);
        // What breaks off or goes on cannot be told from an answer to be; as it is, it is none.
        if length == 0 || lines.send(line).is_err() {
            return;
        }
    }
}

/// The flags of an engine; Python knows the letter for case too.
fn flags(engine: Engine, case: Case) -> &'static str {
    match (engine, case) {
        (Engine::JavaScriptU, Case::Insensitive) => "iu",
        (Engine::JavaScriptU, Case::Sensitive) => "u",
        (Engine::JavaScriptV, Case::Insensitive) => "iv",
        (Engine::JavaScriptV, Case::Sensitive) => "v",
        (_, Case::Insensitive) => "i",
        (_, Case::Sensitive) => "",
    }
}
