//! The entries of the knowledge base as `duplicates` sees them, and what is decided about them.

use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Effects, Style};
use chrono::NaiveDate;
use errlore::check::{Selection, Settings, check};
use errlore::config::{Case, Config};
use errlore::corpus::{Document, InputFile, Inputs, Loaded, read};
use errlore::duplicates::{
    Base, Curation, DECISIONS, Decisions, Digest, Fault, Model, Pair, Query, Raised, Reason,
    Standings,
};
use errlore::entry::{Entry, EntryId};
use errlore::report::github;
use errlore::{Error, Result, visible};
use rayon::prelude::*;

use super::super::{Global, input, named, output};
use super::refit::weights;
use super::store::Store;

/// The entries of a knowledge base.
pub(super) struct Known {
    pub(super) base: Base,
    pub(super) case: Case,
    /// Ids of entries that findings are not asked for, sorted.
    outside: Vec<EntryId>,
    /// Which file each entry comes from, sorted.
    files: Vec<(EntryId, usize)>,
    inputs: Inputs,
    config: Config,
    /// How to find the files again, where they were not walked.
    unwalked: Option<Global>,
    /// Whether a file could not be read.
    pub(super) has_failures: bool,
}

impl Known {
    /// Reads them, and puts `drafts` beside them; without `with_weights` they are compared with the weights
    /// that come with errlore.
    pub(super) fn read(
        global: &Global,
        arguments: &input::Arguments,
        with_weights: bool,
        drafts: Vec<Digest>,
    ) -> Result<Self> {
        let mut inputs = input::discover(global, arguments, true)?;
        let config = std::mem::take(&mut inputs.loaded.config);
        let mut has_failures = !inputs.failures.is_empty();
        for failure in &inputs.failures {
            output::failure(failure);
        }
        let each = inputs.files.par_iter().enumerate().map(|(number, file)| {
            let loaded = Document::load(file, number, read(file, config.max_file_size)?, true);
            Ok(loaded.entry.map(|entry| (Digest::new(&entry), number)))
        });
        let (mut digests, mut outside, mut files) = (Vec::new(), Vec::new(), Vec::new());
        let mut unread = Vec::new();
        let all = each.collect::<Vec<Result<Option<(Digest, usize)>>>>();
        for (file, digest) in inputs.files.iter().zip(all) {
            match digest {
                Ok(Some((digest, number))) => {
                    if !file.in_scope {
                        outside.push(digest.id().clone());
                    }
                    files.push((digest.id().clone(), number));
                    digests.push(digest);
                }
                Ok(None) => unread.push(&*file.name),
                Err(failure) => {
                    output::failure(&failure);
                    has_failures = true;
                }
            }
        }
        output::unread(&unread);
        digests.extend(drafts);
        outside.sort_unstable();
        files.sort_unstable();
        let (mut base, case) = (Base::new(digests), config.regex.case);
        if with_weights && let Some(model) = weights(root(&inputs))? {
            base = base.with_model(model);
        }
        Ok(Self { base, case, outside, files, inputs, config, unwalked: None, has_failures })
    }

    /// A base of drafts and the entries that they are held against, and the knowledge base around it.
    pub(super) fn of_drafts(global: &Global, base: Base, mut inputs: Inputs) -> Result<Self> {
        let config = std::mem::take(&mut inputs.loaded.config);
        let (mut base, case) = (base, config.regex.case);
        if let Some(model) = weights(root(&inputs))? {
            base = base.with_model(model);
        }
        let (outside, files) = (Vec::new(), Vec::new());
        let unwalked = Some(global.clone());
        Ok(Self { base, case, outside, files, inputs, config, unwalked, has_failures: false })
    }

    /// Whether findings about an entry are asked for.
    pub(super) fn is_in_scope(&self, entry: usize) -> bool {
        self.outside.binary_search(self.base.id(entry)).is_err()
    }

    /// What a curator has to look at, without what an ignore of the configuration takes away.
    pub(super) fn curation(
        &self,
        standings: &Standings<'_>,
        threshold: f64,
        all: bool,
        today: NaiveDate,
    ) -> Result<Curation> {
        let is_in_scope = |entry| self.is_in_scope(entry);
        let query = Query { case: self.case, threshold, all, is_in_scope: &is_in_scope };
        let read = |number| self.entry(number).map(Some);
        let mut curation = self.base.curate(standings, &query, read)?;
        let Curation { raised, left_out, .. } = &mut curation;
        raised.retain(|of| {
            let ends = [of.pair.a, of.pair.b].map(is_in_scope);
            let at = if ends == [true, false] { of.pair.a } else { of.pair.b };
            let id = self.base.id(at).as_str();
            let rule = rule_of(of.reason);
            let is_ignored = self.config.ignore.iter().any(|ignore| ignore.holds(rule, id, today));
            left_out.ignored += usize::from(is_ignored && !all);
            all || !is_ignored
        });
        Ok(curation)
    }

    /// Whether a raised pair is a finding: its rule is not off.
    pub(super) fn is_finding(&self, raised: &Raised) -> bool {
        let rule = errlore::rules::find(rule_of(raised.reason));
        rule.is_some_and(|rule| rule.severity(&self.config).is_some())
    }

    /// Compares pairs, at once: the patterns of all are tried together. They come in the order of their
    /// numbers and stay in it.
    pub(super) fn compare(&self, pairs: &[(usize, usize)]) -> Vec<Pair> {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let numbers: Vec<(u32, u32)> =
            pairs.iter().map(|(a, b)| (number(*a), number(*b))).collect();
        self.base.pairs(&numbers, 0.0, self.case)
    }

    /// What the rules about duplicates find, as annotations on the lines of a pull request: as `check` does.
    pub(super) fn annotations(
        &mut self,
        decisions: &Decisions,
        threshold: f64,
        today: NaiveDate,
    ) -> String {
        self.inputs.decisions = decisions.clone();
        self.inputs.weights = Some(Model { threshold, ..self.base.model().clone() });
        let (config, selection) = (&self.config, Selection::Duplicates);
        let settings = Settings { config, today, selection, engines: None };
        let report = check(&self.inputs, settings);
        github(&report, &output::checkout(&report))
    }

    /// The name of the file of an entry that findings are asked for, and whether the file is new since the
    /// revision that the scope is counted from.
    pub(super) fn in_scope(&self, number: usize) -> Option<(&str, bool)> {
        let file = &self.inputs.files[self.file(number)?];
        let is_new = |path| self.inputs.added.binary_search(path).is_ok();
        file.in_scope.then(|| (&*file.name, file.path.as_ref().is_some_and(is_new)))
    }

    /// Which file an entry comes from; a draft has none.
    fn file(&self, number: usize) -> Option<usize> {
        let id = self.base.id(number);
        let at = self.files.partition_point(|(known, _)| known < id);
        self.files.get(at).filter(|(known, _)| known == id).map(|(_, file)| *file)
    }

    /// The number of the entry that an id names, or once named.
    pub(super) fn number(&self, id: &str) -> Result<usize> {
        self.base.resolve(id).ok_or_else(|| {
            let error = Error::no_input(format!("no entry is called {}", visible::quote(id)));
            let decisions = super::decisions(self.root());
            let is_there = |id: &EntryId| self.base.resolve(id.as_str()).is_some();
            if let Some(survivor) = decisions.survivors(is_there).get(&EntryId::new(id)) {
                return error.with_help(named::decided(survivor));
            }
            let ids = (0..self.base.len()).map(|number| self.base.id(number).as_str());
            error.with_help(match errlore::suggest::did_you_mean(id, ids) {
                Some(guess) => format!("did you mean {}?", visible::quote(guess)),
                None => "name both entries by their ids".to_owned(),
            })
        })
    }

    /// The numbers of two entries that ids name.
    pub(super) fn two(&self, a: &str, b: &str) -> Result<(usize, usize)> {
        let (a, b) = (self.number(a)?, self.number(b)?);
        if a == b {
            let id = visible::quote(self.base.id(a).as_str());
            return Err(Error::config(format!("both are the same entry, {id}"))
                .with_help("name two entries"));
        }
        Ok((a, b))
    }

    /// The file of an entry, read again.
    pub(super) fn document(&self, number: usize) -> Result<Loaded> {
        if let Some(global) = &self.unwalked {
            return self.found_again(global, number);
        }
        let file = self.file(number).ok_or_else(|| self.gone(number))?;
        let content = read(&self.inputs.files[file], self.config.max_file_size)?;
        Ok(Document::load(&self.inputs.files[file], file, content, true))
    }

    /// The file of an entry where none were walked: it lies where its id says, or all have to be asked.
    fn found_again(&self, global: &Global, number: usize) -> Result<Loaded> {
        let id = self.base.id(number);
        for folder in &self.inputs.folders {
            let path = folder.join(format!("{id}.json"));
            let file = InputFile {
                name: path.to_string_lossy().into_owned(),
                path: Some(path),
                expected_id: Some(id.as_str().to_owned()),
                in_scope: true,
                special: None,
                given: None,
                before: None,
            };
            if let Ok(content) = read(&file, self.config.max_file_size) {
                let loaded = Document::load(&file, 0, content, true);
                if loaded.entry.as_ref().is_some_and(|entry| entry.id == *id) {
                    return Ok(loaded);
                }
            }
        }
        let inputs = input::discover(global, &input::Arguments::default(), true)?;
        let found = named::find(&inputs, id)?;
        let content = read(&inputs.files[found], self.config.max_file_size)?;
        Ok(Document::load(&inputs.files[found], found, content, true))
    }

    /// The whole entry of a number, read again.
    pub(super) fn entry(&self, number: usize) -> Result<Entry> {
        self.document(number)?.entry.ok_or_else(|| self.gone(number))
    }

    fn gone(&self, number: usize) -> Error {
        let id = visible::quote(self.base.id(number).as_str());
        Error::io(format!("{id} can no longer be read"))
    }

    /// The root of the knowledge base.
    pub(super) fn root(&self) -> &Path {
        root(&self.inputs)
    }

    /// Where the decisions of the knowledge base are kept.
    pub(super) fn store(&self) -> Store {
        Store::new(self.root())
    }
}

/// The rule that speaks of pairs raised for a reason.
fn rule_of(reason: Reason) -> &'static str {
    match reason {
        Reason::Duplicate | Reason::Outdated => "duplicate-entry",
        Reason::InNameOnly => "variant-in-name-only",
        Reason::Copy => "copied-text",
        Reason::Contradicting => "contradicting-advice",
        Reason::Compared => "",
    }
}

/// The root of the knowledge base, or else the working directory.
pub(super) fn root(inputs: &Inputs) -> &Path {
    inputs.root.as_ref().unwrap_or(&inputs.here)
}

/// The decisions, how they stand to the entries, and all there is to say about their file, by line.
pub(super) fn against<'d>(
    base: &Base,
    decisions: &'d Decisions,
    faults: Vec<Fault>,
) -> Standings<'d> {
    let mut standings = decisions.against(base);
    standings.faults.extend(faults);
    standings.faults.sort_by_key(|fault| fault.line);
    standings
}

/// Says on standard error what is wrong with the file of decisions, each with its line.
pub(super) fn announce(faults: &[Fault]) {
    /// More of them say nothing new.
    const MOST: usize = 20;
    let mut stderr = super::super::colored(io::stderr().lock());
    let style = |color: AnsiColor| Style::new().fg_color(Some(color.into())).effects(Effects::BOLD);
    let (warning, note, help) = (
        style(AnsiColor::BrightYellow),
        style(AnsiColor::BrightGreen),
        style(AnsiColor::BrightCyan),
    );
    for fault in faults.iter().take(MOST) {
        let (word, color) = if fault.is_warning() { ("warning", warning) } else { ("note", note) };
        // Where standard error is closed there is nobody left to tell.
        let _ = writeln!(
            stderr,
            "{color}{word}{color:#}: {DECISIONS}:{}: {}\n{help}help{help:#}: {}",
            fault.line,
            fault.message(),
            fault.help()
        );
    }
    if let Some(more) = faults.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = writeln!(
            stderr,
            "{note}note{note:#}: {DECISIONS}: {more} more; `--format json` lists all"
        );
    }
}
