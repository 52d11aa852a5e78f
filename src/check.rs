//! The engine: every selected rule over every document, then levels, ignores, places, order.

use std::collections::HashMap;

use chrono::NaiveDate;
use globset::GlobMatcher;
use rayon::prelude::*;

use crate::config::Config;
use crate::corpus::{self, Content, Corpus, Document, DocumentId, InputFile, Inputs, Loaded};
use crate::diagnostic::{Applicability, Diagnostic, Label, Location, SourceId};
use crate::duplicates::Digest;
use crate::entry::Entry;
use crate::error::{Error, Result};
use crate::pointer::JsonPointer;
use crate::report::Report;
use crate::rule::{
    Check, CorpusContext, CrossMatches, DocumentContext, DuplicatePairs, EngineAnswers,
    EntryContext, Finding, Findings, FormerName, Group, IgnoreUse, Revision, Rule,
};
use crate::source::Span;

mod former;
mod place;
mod reading;

pub use reading::add_reading;

/// Which rules to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All of them.
    All,
    /// Those that tell whether a file is JSON and keeps the schema.
    Schema,
    /// Those about patterns.
    Patterns,
    /// Those about entries that describe the same error.
    Duplicates,
    /// Those that tell why a file cannot be formatted.
    Form,
}

impl Selection {
    fn has(self, rule: &Rule) -> bool {
        use Group::{Duplicate, File, Form, Pattern, Schema};
        match self {
            Self::All => true,
            Self::Schema => matches!(rule.group, File | Schema),
            Self::Form => matches!(rule.group, File | Schema | Form),
            Self::Patterns => matches!(rule.group, File | Schema | Pattern),
            Self::Duplicates => rule.group == Duplicate,
        }
    }
}

/// What a check needs beside the files.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The day it is.
    pub today: NaiveDate,
    /// Which rules to run.
    pub selection: Selection,
    /// What real engines said of the patterns, where they were asked.
    pub engines: Option<&'a EngineAnswers>,
}

/// The rules that run, sorted by what they look at.
struct Selected {
    document: Vec<&'static Rule>,
    entry: Vec<&'static Rule>,
    change: Vec<&'static Rule>,
    corpus: Vec<&'static Rule>,
    former: Vec<&'static Rule>,
    ignores: Vec<&'static Rule>,
}

impl Selected {
    fn new(settings: &Settings<'_>) -> Self {
        let of = |wanted: fn(&Check) -> bool| {
            let runs = |rule: &&'static Rule| {
                wanted(&rule.check)
                    && settings.selection.has(rule)
                    && rule.severity(settings.config).is_some()
            };
            crate::rules::all().iter().copied().filter(runs).collect()
        };
        Self {
            document: of(|check| matches!(check, Check::Document(_))),
            entry: if settings.engines.is_some() {
                of(|check| matches!(check, Check::Entry(_) | Check::Engines(_)))
            } else {
                of(|check| matches!(check, Check::Entry(_)))
            },
            change: of(|check| matches!(check, Check::Change(_))),
            corpus: of(|check| {
                matches!(check, Check::Corpus(_) | Check::Patterns(_) | Check::Duplicates(_))
            }),
            former: of(|check| matches!(check, Check::Former(_))),
            ignores: of(|check| matches!(check, Check::Ignores(_))),
        }
    }
}

impl Selected {
    /// Whether a rule over the whole asks for what has to be worked out for it.
    fn asks(&self, wanted: fn(&Check) -> bool) -> bool {
        self.corpus.iter().any(|rule| wanted(&rule.check))
    }

    /// Whether a rule has looked at all that is in scope. What speaks of a change needs an older version, and
    /// what `normalize` says needs a source.
    fn has(&self, id: &str) -> bool {
        let lists = [&self.document, &self.entry, &self.corpus, &self.ignores];
        lists.into_iter().flatten().any(|rule| rule.id == id)
    }

    fn asks_for_patterns(&self) -> bool {
        self.asks(|check| matches!(check, Check::Patterns(_)))
    }

    fn asks_for_duplicates(&self) -> bool {
        self.asks(|check| matches!(check, Check::Duplicates(_)))
    }
}

/// What came of a file, if it has a part in the rest; or why it could not be read, and whether it was in scope.
type Looked = std::result::Result<Option<Box<Outcome>>, (bool, Error)>;

/// Checks the files in scope.
pub fn check(inputs: &Inputs, settings: Settings<'_>) -> Report {
    let rules = Selected::new(&settings);
    let needs_all = !rules.corpus.is_empty() || !rules.former.is_empty();
    // Whether a file can be written anew shows on its entry.
    let needs_entries = needs_all
        || !rules.entry.is_empty()
        || !rules.change.is_empty()
        || settings.selection == Selection::Form;
    let twins = twins(&inputs.files);
    let outcomes: Vec<Looked> = inputs
        .files
        .par_iter()
        .enumerate()
        .filter(|(_, file)| file.in_scope || needs_all)
        .map(|(number, file)| {
            let outcome = one_file(file, number, &rules, &settings, needs_entries, &twins)
                .map_err(|error| (file.in_scope, error))?;
            // Without rules over the whole, a document without findings has done its part.
            Ok((needs_all || !outcome.findings.is_empty()).then(|| Box::new(outcome)))
        })
        .collect();

    let mut report = Report {
        files: inputs.files.iter().filter(|file| file.in_scope).count(),
        ..Report::default()
    };
    let mut documents = Vec::with_capacity(outcomes.len());
    let (mut digests, mut former) = (Vec::new(), Vec::new());
    let mut removed = inputs.removed.clone();
    let count = |outcome: &Looked| match outcome {
        Ok(Some(outcome)) => outcome.findings.len(),
        _ => 0,
    };
    let mut found = Vec::with_capacity(outcomes.iter().map(count).sum());
    for outcome in outcomes {
        match outcome {
            Ok(Some(outcome)) => {
                let Outcome { document, findings, digest, names_before, lost } = *outcome;
                digests.extend(digest);
                removed.extend(names_before);
                let number = DocumentId(u32::try_from(documents.len()).unwrap_or(u32::MAX));
                former.extend(lost.into_iter().map(|lost| FormerName { document: number, ..lost }));
                found.extend(findings.into_iter().map(|finding| finding.in_document(number)));
                documents.push(document);
            }
            Ok(None) => {}
            Err((was_in_scope, error)) => {
                report.files -= usize::from(was_in_scope);
                report.failures.push(error);
            }
        }
    }
    let mut corpus = Corpus::new(documents);
    if !rules.former.is_empty() {
        corpus = corpus.with_gone(former::gone(&inputs.gone, settings.config));
        former.extend(former::names_of_gone(&corpus));
    }
    let context = CorpusContext {
        corpus: &corpus,
        config: settings.config,
        removed: &removed,
        is_alone: inputs.is_alone,
        decisions: &inputs.decisions,
        weights: inputs.weights.as_ref(),
    };
    found.extend(over_the_whole(&context, Whole { digests, former }, &rules));
    apply_ignores(&mut report, &corpus, &mut found, &rules, &settings, inputs);
    finish(&mut report, &corpus, found, &settings);
    // Millions of texts take a while to free; nobody need wait for it.
    rayon::spawn(move || drop(corpus));
    report
}

/// By the number of a file, the name of another that differs from its own in the case of letters alone.
fn twins(files: &[InputFile]) -> HashMap<usize, &str> {
    let mut twins = HashMap::new();
    // Of two such names one has an upper-case letter, which names seldom have.
    if files.iter().all(|file| file.name.to_lowercase() == file.name) {
        return twins;
    }
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(files.len());
    for (number, file) in files.iter().enumerate() {
        let first = *seen.entry(file.name.to_lowercase()).or_insert(number);
        if files[first].name != file.name {
            twins.insert(number, &*files[first].name);
            twins.insert(first, &*file.name);
        }
    }
    twins
}

struct Outcome {
    document: Document,
    findings: Vec<Placed>,
    /// Only where entries are to be compared.
    digest: Option<Digest>,
    /// The names that the entry had before the change under review.
    names_before: Vec<String>,
    /// Those of them that it does not have now.
    lost: Vec<FormerName>,
}

/// What rules over the whole ask for, beside the documents.
struct Whole {
    digests: Vec<Digest>,
    former: Vec<FormerName>,
}

/// A finding with its bytes worked out.
struct Placed {
    finding: Finding,
    primary: Span,
    related: Vec<Span>,
    fix: Option<crate::diagnostic::Fix>,
}

impl Placed {
    fn in_document(mut self, document: DocumentId) -> Self {
        // So far the document has seen nothing but itself.
        for (related, _, _) in &mut self.finding.related {
            *related = document;
        }
        self.finding.document = document;
        self
    }
}

fn one_file(
    file: &InputFile,
    number: usize,
    rules: &Selected,
    settings: &Settings<'_>,
    with_entry: bool,
    twins: &HashMap<usize, &str>,
) -> Result<Outcome> {
    let read: Content = corpus::read(file, settings.config.max_file_size)?;
    let Loaded { mut document, tree, entry } = Document::load(file, number, read, with_entry);
    let mut found = Vec::new();
    // The document gets its number when all have been read.
    let id = DocumentId(0);
    if file.in_scope {
        let texts = entry.as_ref().map(Entry::texts).unwrap_or_default();
        let context = DocumentContext {
            document: &document,
            entry: entry.as_ref(),
            config: settings.config,
            texts: &texts,
            twin: twins.get(&number).copied(),
        };
        // Where only patterns are looked at, the schema matters to an entry that has none, or no message.
        let lacks_a_part =
            |entry: &Entry| [&entry.regex, &entry.signature].iter().any(|text| text.is_empty());
        let skips_schema =
            settings.selection == Selection::Patterns && !entry.as_ref().is_none_or(lacks_a_part);
        for rule in &rules.document {
            if rule.group == Group::Schema && skips_schema {
                continue;
            }
            if let Check::Document(run) = &rule.check {
                let mut findings = Findings::new(rule, id);
                run(&context, &mut findings);
                found.append(&mut findings.list);
            }
        }
        if let (Some(entry), false) = (&entry, rules.entry.is_empty()) {
            let context =
                EntryContext::new(entry, &document, &texts, settings.config, settings.today);
            let answers = settings.engines.map(|answers| answers.about(entry));
            let context = context.with_answers(answers.unwrap_or_default());
            for rule in &rules.entry {
                if let Check::Entry(run) | Check::Engines(run) = &rule.check {
                    let mut findings = Findings::new(rule, id);
                    run(&context, &mut findings);
                    found.append(&mut findings.list);
                }
            }
        }
    }
    let (mut names_before, mut lost) = (Vec::new(), Vec::new());
    if let Some(before) = file.before.as_ref().filter(|_| file.in_scope) {
        // What is at its place now is of no matter, but its name is.
        let special = file.special.filter(|why| why.is_of_the_name());
        let given = Some(before.clone());
        let before = InputFile { given, special, before: None, ..file.clone() };
        let before = corpus::read(&before, settings.config.max_file_size)?;
        if let Some(before) = Document::load(file, number, before, true).entry {
            if let Some(entry) = &entry {
                lost = former::lost(&before, entry);
                let revision = Revision::new(&before, entry);
                for rule in &rules.change {
                    if let Check::Change(run) = &rule.check {
                        let mut findings = Findings::new(rule, id);
                        run(&revision, &mut findings);
                        found.append(&mut findings.list);
                    }
                }
            }
            let names = std::iter::once(before.id).chain(before.aliases);
            names_before.extend(names.map(|name| name.as_str().to_owned()));
        }
    }
    let findings = place::in_one(&document, tree.as_ref(), found);
    if let Some(card) = &mut document.card {
        let case = settings.config.regex.case;
        card.pattern.let_go(rules.asks_for_patterns().then_some(case));
    }
    let has_id = |entry: &&Entry| rules.asks_for_duplicates() && !entry.id.is_empty();
    let digest = entry.as_ref().filter(has_id).map(Digest::new);
    Ok(Outcome { document, findings, digest, names_before, lost })
}

fn over_the_whole(context: &CorpusContext<'_>, whole: Whole, rules: &Selected) -> Vec<Placed> {
    let corpus = context.corpus;
    // Before the rules run, which may wait for nothing that needs the same threads.
    let mut crossing =
        rules.asks_for_patterns().then(|| CrossMatches::new(corpus, context.config.regex.case));
    let related = rules.asks_for_duplicates().then(|| DuplicatePairs::new(context, whole.digests));
    let are_told = rules.corpus.iter().any(|rule| rule.id == "duplicate-entry");
    if let (Some(crossing), Some(related), true) = (&mut crossing, &related, are_told) {
        crossing.leave_out(related.duplicates().map(|pair| (pair.a, pair.b)));
    }
    let lists: Vec<Vec<Finding>> = rules
        .corpus
        .par_iter()
        .chain(&rules.former)
        .map(|rule| {
            let mut findings = Findings::new(rule, DocumentId(0));
            match (&rule.check, &crossing, &related) {
                (Check::Corpus(run), _, _) => run(context, &mut findings),
                (Check::Former(run), _, _) => run(context, &whole.former, &mut findings),
                (Check::Patterns(run), Some(crossing), _) => run(context, crossing, &mut findings),
                (Check::Duplicates(run), _, Some(related)) => run(context, related, &mut findings),
                _ => {}
            }
            // What is about several documents stands on one that is in scope, if any is.
            findings.list.retain(|finding| {
                finding.is_broken_by_change || context.is_in_scope(finding.document)
            });
            findings.list
        })
        .collect();
    place::in_many(corpus, lists.into_iter().flatten().collect())
}

/// Takes away what the configuration accepts, and says which ignores are of no use.
fn apply_ignores(
    report: &mut Report,
    corpus: &Corpus,
    found: &mut Vec<Placed>,
    rules: &Selected,
    settings: &Settings<'_>,
    inputs: &Inputs,
) {
    let ignores = &settings.config.ignore;
    if ignores.is_empty() {
        return;
    }
    let matchers: Vec<Option<GlobMatcher>> = ignores
        .iter()
        .map(|ignore| if ignore.is_expired(settings.today) { None } else { ignore.matcher() })
        .collect();
    let mut used = vec![0; ignores.len()];
    found.retain(|placed| {
        let document = corpus.document(placed.finding.document);
        let id = document.card.as_ref().map(|card| card.id.as_str()).filter(|id| !id.is_empty());
        // Whatever the working directory is, a file is called the same.
        let path = document.source.number().filter(|_| id.is_none());
        let path = path.and_then(|number| inputs.from_root(number));
        let name = id.or(path.as_deref()).unwrap_or(document.source.name());
        let mut keep = true;
        for (index, matcher) in matchers.iter().enumerate() {
            let applies = ignores[index].rule == placed.finding.rule.id
                && matcher.as_ref().is_some_and(|matcher| matcher.is_match(name));
            if applies {
                used[index] += 1;
                keep = false;
            }
        }
        if !keep {
            report.ignored += 1;
        }
        keep
    });
    let Some((_, source)) = &inputs.loaded.file else { return };
    let complete = inputs.complete && settings.selection == Selection::All;
    let mut known = None;
    for rule in &rules.ignores {
        let (Check::Ignores(run), Some(severity)) = (&rule.check, rule.severity(settings.config))
        else {
            continue;
        };
        for (ignore, &used) in ignores.iter().zip(&used) {
            let has_run = rules.has(&ignore.rule);
            let fate = IgnoreUse { ignore, used, has_run, complete, today: settings.today };
            if let Some(message) = run(&fate) {
                let source = *known.get_or_insert_with(|| report.add_source(source));
                report.diagnostics.push(Diagnostic {
                    rule: rule.id,
                    severity,
                    message,
                    entry: None,
                    primary: label(source, JsonPointer::root(), ignore.span, String::new()),
                    in_scope: true,
                    related: Vec::new(),
                    help: Some("remove the ignore, or mend it".to_owned()),
                    fix: None,
                });
            }
        }
    }
}

fn label(source: SourceId, pointer: JsonPointer, span: Span, text: String) -> Label {
    Label { location: Location { source, pointer, span }, text }
}

/// Makes diagnostics of the findings and brings all into order.
fn finish(report: &mut Report, corpus: &Corpus, found: Vec<Placed>, settings: &Settings<'_>) {
    let mut sources: HashMap<DocumentId, SourceId> = HashMap::new();
    let mut source_of = |report: &mut Report, id: DocumentId| {
        *sources.entry(id).or_insert_with(|| report.add_source(&corpus.document(id).source))
    };
    for Placed { finding, primary, related, fix } in found {
        let Some(severity) = finding.rule.severity(settings.config) else { continue };
        let severity = severity.min(finding.most);
        let source = source_of(report, finding.document);
        let document = corpus.document(finding.document);
        let card = document.card.as_ref();
        let in_scope = document.in_scope || finding.is_broken_by_change;
        let fix = fix.map(|mut fix| {
            // What was not named is not changed.
            if !document.in_scope {
                fix.applicability = Applicability::DisplayOnly;
            }
            fix
        });
        let related = finding.related.into_iter().zip(related).map(|((id, at, text), span)| {
            label(source_of(report, id), at.pointer().clone(), span, text)
        });
        let related = related.collect();
        let diagnostic = Diagnostic {
            rule: finding.rule.id,
            severity,
            message: finding.message,
            entry: card.map(|card| card.id.as_str().to_owned()).filter(|id| !id.is_empty()),
            primary: label(source, finding.at.pointer().clone(), primary, finding.label),
            in_scope,
            related,
            help: finding.help,
            fix,
        };
        report.diagnostics.push(diagnostic);
    }
    report.sort();
}
