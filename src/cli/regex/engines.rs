//! `regex --run-engines`: the patterns in the engines that are installed.
//!
//! Each program runs beside the others and answers one question after the other. One that does not answer in
//! time, or ends, is at fault over the question that it was at: that is an answer too, and it is started again
//! for the rest. One that fails over and over, or says what is no answer, is given up.

use std::collections::HashSet;
use std::io;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use errlore::Error;
use errlore::config::Config;
use errlore::corpus::{Document, InputFile, Inputs, read};
use errlore::pattern::Engine;
use errlore::rule::{Answer, EngineAnswers, Question};
use rayon::prelude::*;

mod child;

use child::{Child, Heard, Program, Work};

static PROGRAMS: [Program; 2] = [
    Program {
        name: "python3",
        arguments: &["-I", "-S", "-c", include_str!("engines/child.py")],
        engines: &[Engine::Python],
    },
    Program {
        name: "node",
        arguments: &["--max-old-space-size=512", "-e", include_str!("engines/child.js")],
        engines: &[Engine::JavaScript, Engine::JavaScriptU, Engine::JavaScriptV],
    },
];

/// How often a program is started again.
const MOST_RESTARTS: usize = 3;

/// How long a program may take for everything.
const LONGEST: Duration = Duration::from_mins(10);

/// What came of asking.
#[derive(Debug, Default)]
pub(in super::super) struct Asked {
    /// What the engines said.
    pub(in super::super) answers: EngineAnswers,
    /// The programs that were given up.
    pub(in super::super) failures: Vec<Error>,
}

/// Asks the engines of the configuration about the entries in scope. Each answer may take as long as the
/// limit. What is not installed is said on standard error.
pub(in super::super) fn ask(inputs: &Inputs, config: &Config, limit: Duration) -> Asked {
    let engines: Vec<Engine> =
        config.regex.engines.iter().filter_map(|name| name.parse().ok()).collect();
    say_what_cannot_be_run(&engines);
    let questions = Arc::new(questions(inputs, config));
    let wanted = PROGRAMS.iter().filter_map(|program| {
        let engines: Vec<Engine> =
            program.engines.iter().copied().filter(|engine| engines.contains(engine)).collect();
        (!engines.is_empty()).then_some((program, engines))
    });
    let running: Vec<_> = wanted
        .map(|(program, engines)| {
            let of_engine = |question| engines.iter().map(move |engine| (question, *engine));
            let jobs = (0..questions.len()).flat_map(of_engine).collect();
            let work = Work { questions: Arc::clone(&questions), jobs, case: config.regex.case };
            thread::spawn(move || Run::new(program, engines, work, limit).done())
        })
        .collect();
    let mut asked = Asked::default();
    for thread in running {
        let run = thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        for note in run.notes {
            eprintln!("not run: {note}");
        }
        asked.failures.extend(run.failure);
        for ((question, engine), answer) in run.work.jobs.iter().zip(run.answers) {
            if let Some(answer) = answer.filter(|_| !run.unknown.contains(engine)) {
                asked.answers.add(questions[*question].clone(), *engine, answer);
            }
        }
    }
    asked
}

fn say_what_cannot_be_run(engines: &[Engine]) {
    // The first is run here.
    let has_program = |engine: &Engine| {
        *engine == Engine::Rust || PROGRAMS.iter().any(|program| program.engines.contains(engine))
    };
    let others: Vec<&str> =
        engines.iter().filter(|engine| !has_program(engine)).map(|engine| engine.name()).collect();
    if !others.is_empty() {
        let programs = PROGRAMS.each_ref().map(|program| program.name).join(" and ");
        eprintln!("not run: {} (there is a way to run {programs} only)", others.join(", "));
    }
}

/// What to ask, each once: at first whether the engine works at all.
fn questions(inputs: &Inputs, config: &Config) -> Vec<Question> {
    let of_file = |(number, file): (usize, &InputFile)| {
        // What cannot be read is told when it is checked.
        let content = read(file, config.max_file_size).ok()?;
        Question::of(&Document::load(file, number, content, true).entry?)
    };
    let files = inputs.files.par_iter().enumerate().filter(|(_, file)| file.in_scope);
    let found: Vec<Question> = files.filter_map(of_file).collect();
    let mut seen = HashSet::new();
    let first = Question { pattern: "a".to_owned(), texts: vec!["a".to_owned()] };
    std::iter::once(first).chain(found).filter(|question| seen.insert(question.clone())).collect()
}

/// One program at work.
struct Run {
    program: &'static Program,
    /// The engines that it is asked for.
    engines: Vec<Engine>,
    work: Arc<Work>,
    limit: Duration,
    /// For each job done the answer, where there is one.
    answers: Vec<Option<Answer>>,
    /// The engines that the program does not know.
    unknown: Vec<Engine>,
    /// What was not run, and why.
    notes: Vec<String>,
    failure: Option<Error>,
}

impl Run {
    fn new(program: &'static Program, engines: Vec<Engine>, work: Work, limit: Duration) -> Self {
        let (answers, unknown, notes) = (Vec::new(), Vec::new(), Vec::new());
        let work = Arc::new(work);
        Self { program, engines, work, limit, answers, unknown, notes, failure: None }
    }

    fn done(mut self) -> Self {
        self.failure = self.run().err();
        self
    }

    fn run(&mut self) -> Result<(), Error> {
        let until = Instant::now() + LONGEST;
        let mut child = match self.start() {
            Ok(child) => child,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let names: Vec<&str> = self.engines.iter().map(|engine| engine.name()).collect();
                let name = self.program.name;
                self.notes
                    .push(format!("{} ({name} is not on the PATH; install it)", names.join(", ")));
                return Ok(());
            }
            Err(error) => return Err(self.given_up(&format!("cannot be started: {error}"))),
        };
        let mut restarts = 0;
        while self.answers.len() < self.work.jobs.len() {
            let job = self.answers.len();
            let left = until.saturating_duration_since(Instant::now());
            let heard = child.hear(&self.work, job, self.limit.min(left));
            let how = match heard {
                Heard::Answer(answer) => {
                    self.take(answer)?;
                    continue;
                }
                Heard::Nonsense => return Err(self.given_up("said what is no answer")),
                Heard::Silence if left < self.limit => {
                    let minutes = LONGEST.as_secs() / 60;
                    return Err(self.given_up(&format!("took {minutes} minutes")));
                }
                Heard::Silence => format!("did not answer within {}", in_words(self.limit)),
                Heard::End => "ended without an answer".to_owned(),
            };
            if job < self.engines.len() {
                return Err(self.given_up(&how));
            }
            self.blame(how);
            if restarts == MOST_RESTARTS {
                return Err(self.given_up(&format!("failed {} times", restarts + 1)));
            }
            restarts += 1;
            if self.answers.len() < self.work.jobs.len() {
                // The old one ends before the new one begins.
                drop(child);
                child = self
                    .start()
                    .map_err(|error| self.given_up(&format!("cannot be started: {error}")))?;
            }
        }
        Ok(())
    }

    fn start(&self) -> io::Result<Child> {
        Child::start(self.program, &self.work, self.answers.len(), self.limit)
    }

    /// Notes the answer to the next job. The first of each engine tells whether there is such an engine.
    fn take(&mut self, answer: Answer) -> Result<(), Error> {
        let job = self.answers.len();
        if job >= self.engines.len() {
            self.answers.push(Some(answer));
            return Ok(());
        }
        match &answer {
            Answer::Finds(found) if found[..] == [true] => {}
            Answer::Refuses(_) => {
                let engine = self.engines[job];
                let name = self.program.name;
                self.notes
                    .push(format!("{engine} (this {name} does not know it; install a newer one)"));
                self.unknown.push(engine);
            }
            _ => return Err(self.given_up("does not find `a` in `a`")),
        }
        self.answers.push(Some(answer));
        Ok(())
    }

    /// Puts the failure down to the pattern at hand. The other engines of the program are not asked about it:
    /// they are much the same, and each would fail anew.
    fn blame(&mut self, how: String) {
        let jobs = &self.work.jobs;
        let question = jobs[self.answers.len()].0;
        self.answers.push(Some(Answer::Fails(how)));
        while jobs.get(self.answers.len()).is_some_and(|(other, _)| *other == question) {
            self.answers.push(None);
        }
    }

    /// The error of a program that is not asked any further.
    fn given_up(&self, how: &str) -> Error {
        let left = self.work.jobs.len() - self.answers.len().max(self.engines.len());
        let name = self.program.name;
        let message = format!("{name} {how} and was given up: {left} questions were not asked");
        let help = if self.answers.len() < self.engines.len() {
            format!("does `{name}` on the PATH run as usual? Otherwise put another one first")
        } else {
            "mend the patterns that are reported, or name fewer files, and run it again".to_owned()
        };
        Error::io(message).with_help(help)
    }
}

fn in_words(limit: Duration) -> String {
    match limit.subsec_millis() {
        0 => format!("{} s", limit.as_secs()),
        _ => format!("{} ms", limit.as_millis()),
    }
}
