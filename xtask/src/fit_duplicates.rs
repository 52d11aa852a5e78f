//! `fit-duplicates`: fits the weights of `duplicates` on judged pairs, and says how well they do on pairs
//! that were not fitted on.
//!
//! Folds are made of whole groups of entries that hang together through judged pairs, so that no entry is
//! on both sides.

use std::fs;
use std::path::{Path, PathBuf};

use errlore::config::Case;
use errlore::duplicates::{
    Base, Digest, Label, Model, Part, Prior, Values, Weights, folds, regression,
};
use errlore::entry::Entry;
use errlore::{Error, Result};
use serde_json::Value;

use crate::repository;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder with `entries/` and `pairs.jsonl`
    #[arg(long, value_name = "FOLDER", default_value = "../shared/corpus")]
    corpus: PathBuf,
    /// Print the figures and leave the weights as they are
    #[arg(long)]
    dry_run: bool,
    /// Over how many random groupings of the entries precision and recall are averaged
    #[arg(long, value_name = "N", default_value_t = 5)]
    groupings: u64,
    /// List the pairs that are judged wrongly while they were not fitted on
    #[arg(long)]
    errors: bool,
}

const WEIGHTS: &str = "src/duplicates/weights.json";
const FOLDS: usize = 10;

/// A judged pair.
struct Judged {
    a: usize,
    b: usize,
    label: Label,
    why: String,
    values: Values,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let corpus = repository::root().join(&arguments.corpus);
    let base = Base::new(digests(&corpus.join("entries"))?);
    let judged = judged(&corpus.join("pairs.jsonl"), &base)?;
    let mut out = recall_of_candidates(&base, &judged);
    let (unseen, labels) = not_fitted_on(&judged, 0);
    out += &figures(&judged, &unseen, &labels);
    out += &over_groupings(&judged, arguments.groupings);
    if arguments.errors {
        out += &errors(&base, &judged, &unseen, &labels);
    }
    let model = fit(&judged.iter().collect::<Vec<_>>());
    for part in &model.parts {
        let [duplicate, variant, related] = part.weights;
        out += &format!(
            "{:20} {:6.3} {duplicate:7.3} {variant:7.3} {related:7.3}\n",
            part.name, part.centre
        );
    }
    crate::print(&out)?;
    if !arguments.dry_run {
        repository::write(WEIGHTS, &model.write())?;
    }
    Ok(())
}

/// Probabilities and labels of pairs by weights that were fitted on groups of other entries. Another
/// `grouping` puts the groups into other folds.
fn not_fitted_on(judged: &[Judged], grouping: u64) -> (Vec<f64>, Vec<Label>) {
    let mut order: Vec<usize> = (0..judged.len()).collect();
    order.sort_by_key(|at| shuffled(*at as u64, grouping));
    let entries: Vec<(usize, usize)> =
        order.iter().map(|at| (judged[*at].a, judged[*at].b)).collect();
    let mut fold_of = vec![0; judged.len()];
    for (at, fold) in order.iter().zip(folds(&entries, FOLDS)) {
        fold_of[*at] = fold;
    }
    let mut unseen = vec![0.0; judged.len()];
    let mut labels = vec![Label::Distinct; judged.len()];
    for fold in 0..FOLDS {
        let seen = judged.iter().zip(&fold_of).filter(|(_, of)| **of != fold);
        let model = fit(&seen.map(|(pair, _)| pair).collect::<Vec<_>>());
        for (at, pair) in judged.iter().enumerate().filter(|(at, _)| fold_of[*at] == fold) {
            unseen[at] = model.probability(&pair.values);
            labels[at] = model.label(&pair.values, model.threshold);
        }
    }
    (unseen, labels)
}

/// Numbers in another order for each grouping; the first leaves them as they are. Multiplication by an odd
/// number keeps different numbers different.
fn shuffled(number: u64, grouping: u64) -> u64 {
    if grouping == 0 {
        return number;
    }
    let mixed = number.wrapping_add(grouping << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// The pairs of a folder with `entries/` and `pairs.jsonl`: their values, and whether they are duplicates.
pub(crate) fn values(corpus: &Path) -> Result<Vec<(Values, bool)>> {
    let base = Base::new(digests(&corpus.join("entries"))?);
    let judged = judged(&corpus.join("pairs.jsonl"), &base)?.into_iter();
    Ok(judged.map(|pair| (pair.values, pair.label == Label::Duplicate)).collect())
}

/// Precision and recall on pairs of such a folder that were not fitted on, each as [`spread`] tells.
pub(crate) fn cross_validated(corpus: &Path, groupings: u64) -> Result<[(f64, f64); 2]> {
    let base = Base::new(digests(&corpus.join("entries"))?);
    Ok(spread(&judged(&corpus.join("pairs.jsonl"), &base)?, groupings))
}

/// Precision and recall at the threshold: mean and standard deviation over groupings.
fn over_groupings(judged: &[Judged], groupings: u64) -> String {
    let [precision, recall] = spread(judged, groupings)
        .map(|(mean, deviation)| format!("{mean:.3} (spread {deviation:.3})"));
    format!("over {groupings} groupings at {THRESHOLD}: precision {precision}, recall {recall}\n")
}

/// The same as numbers.
fn spread(judged: &[Judged], groupings: u64) -> [(f64, f64); 2] {
    let found: Vec<(f64, f64)> = (0..groupings)
        .map(|grouping| precision_and_recall(judged, &not_fitted_on(judged, grouping).0, THRESHOLD))
        .collect();
    let mean_and_spread = |of: fn(&(f64, f64)) -> f64| {
        let count = found.iter().fold(0.0, |count, _| count + 1.0);
        let mean = found.iter().map(of).sum::<f64>() / count;
        let variance = found.iter().map(|pair| (of(pair) - mean).powi(2)).sum::<f64>() / count;
        (mean, variance.sqrt())
    };
    [mean_and_spread(|pair| pair.0), mean_and_spread(|pair| pair.1)]
}

#[allow(clippy::cast_precision_loss, reason = "a few hundred pairs")]
fn precision_and_recall(judged: &[Judged], unseen: &[f64], threshold: f64) -> (f64, f64) {
    let (mut right, mut reported, mut all) = (0, 0, 0);
    for (pair, probability) in judged.iter().zip(unseen) {
        let (is, said) = (pair.label == Label::Duplicate, *probability >= threshold);
        right += usize::from(is && said);
        reported += usize::from(said);
        all += usize::from(is);
    }
    (right as f64 / reported as f64, right as f64 / all as f64)
}

fn digests(folder: &Path) -> Result<Vec<Digest>> {
    let mut digests = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |error: &std::io::Error| Error::path("read", &folder, error);
        for found in fs::read_dir(&folder).map_err(|error| failed(&error))? {
            let path = found.map_err(|error| failed(&error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let entry: Entry = serde_json::from_str(&repository::read(&path)?)
                    .map_err(|error| Error::config(format!("{}: {error}", path.display())))?;
                digests.push(Digest::new(&entry));
            }
        }
    }
    Ok(digests)
}

fn judged(file: &Path, base: &Base) -> Result<Vec<Judged>> {
    let text = repository::read(file)?;
    let pair = |line: &str| {
        let value: Value = serde_json::from_str(line).ok()?;
        let entry = |key| base.number(value[key].as_str()?);
        let (a, b) = (entry("a")?, entry("b")?);
        let label = serde_json::from_value(value["label"].clone()).ok()?;
        let why = value["why"].as_str().unwrap_or_default().to_owned();
        Some(Judged { a, b, label, why, values: base.values(a, b, Case::Insensitive) })
    };
    text.lines()
        .map(|line| {
            pair(line).ok_or_else(|| Error::config(format!("{}: no pair: {line}", file.display())))
        })
        .collect()
}

fn recall_of_candidates(base: &Base, judged: &[Judged]) -> String {
    let candidates = base.candidates();
    let is_found = |pair: &&Judged| {
        let (a, b) = (pair.a.min(pair.b), pair.a.max(pair.b));
        let numbers = (u32::try_from(a).unwrap_or(0), u32::try_from(b).unwrap_or(0));
        candidates.pairs.binary_search(&numbers).is_ok()
    };
    let mut out = format!(
        "{} entries, {} candidates, {} blocks cut, {} pairs in them, {} weak\n",
        base.len(),
        candidates.pairs.len(),
        candidates.cut_blocks,
        candidates.cut_pairs,
        candidates.weak_pairs
    );
    for label in [Label::Duplicate, Label::Variant, Label::Related, Label::Distinct] {
        let all = judged.iter().filter(|pair| pair.label == label);
        let found = all.clone().filter(is_found).count();
        out += &format!("  {label:?}: {found} of {} are candidates\n", all.clone().count());
        if label == Label::Duplicate {
            for pair in all.filter(|pair| !is_found(pair)) {
                out += &format!("    not {} {}\n", base.id(pair.a), base.id(pair.b));
            }
        }
    }
    out
}

fn fit(judged: &[&Judged]) -> Model {
    let centres = Part::ALL.map(|part| {
        let known: Vec<f64> = judged.iter().filter_map(|pair| pair.values[part as usize]).collect();
        #[allow(clippy::cast_precision_loss, reason = "a few hundred pairs")]
        let count = known.len().max(1) as f64;
        (known.iter().sum::<f64>() / count * 1000.0).round() / 1000.0 + 0.0
    });
    let spreads = Part::ALL.map(|part| {
        let centre = centres[part as usize];
        let known = judged.iter().filter_map(|pair| pair.values[part as usize]);
        let (sum, count) = known.fold((0.0, 0.0_f64), |(sum, count), value| {
            (sum + (value - centre).powi(2), count + 1.0)
        });
        ((sum / count.max(1.0)).sqrt() * 1000.0).round() / 1000.0
    });
    let unweighted = Model {
        fitted_until: None,
        threshold: THRESHOLD,
        intercepts: [0.0; 3],
        parts: Part::ALL
            .map(|part| Weights {
                name: part.name().to_owned(),
                centre: centres[part as usize],
                spread: spreads[part as usize],
                weights: GIVEN
                    .iter()
                    .find(|given| given.0 == part)
                    .map_or([0.0; 3], |given| given.1),
            })
            .into(),
    };
    let questions = [Label::Duplicate, Label::Variant, Label::Related].map(|label| {
        let of = judged.iter().filter(|pair| pair.label >= label);
        let rows: Vec<_> = of.clone().map(|pair| unweighted.filled(&pair.values)).collect();
        let yes: Vec<bool> = of.map(|pair| pair.label == label).collect();
        let given = Part::ALL.map(|part| {
            let given = GIVEN.iter().find(|given| given.0 == part);
            given.map_or(0.0, |given| given.1[label as usize])
        });
        let prior = Prior {
            intercept: 0.0,
            intercept_ridge: 0.0,
            weights: given,
            ridges: ridges(&rows, label),
            is_signed: label == Label::Duplicate,
        };
        regression(&rows, &yes, &prior)
    });
    let round = |number: f64| (number * 1000.0).round() / 1000.0;
    let mut model = unweighted;
    model.intercepts = [0, 1, 2].map(|question| round(questions[question].0));
    for (at, part) in model.parts.iter_mut().enumerate() {
        for (weight, question) in part.weights.iter_mut().zip(&questions) {
            *weight = round(question.1[at]);
        }
    }
    model
}

/// The penalty of each weight: half of it times the square of what the weight makes of one standard
/// deviation of its part is taken from the log-likelihood.
fn ridges(rows: &[[f64; Part::COUNT]], label: Label) -> [f64; Part::COUNT] {
    const RIDGE: f64 = 10.0;
    /// Holds a weight where it is.
    const HELD: f64 = 1e9;
    /// A part that hardly ever varies is not to be bent to a few pairs.
    const LEAST: f64 = 0.02;
    #[allow(clippy::cast_precision_loss, reason = "a few hundred rows")]
    let count = rows.len().max(1) as f64;
    Part::ALL.map(|part| {
        if label == Label::Duplicate && NOT_ASKED.contains(&part) {
            return HELD;
        }
        let at = part as usize;
        let mean = rows.iter().map(|row| row[at]).sum::<f64>() / count;
        let variance = rows.iter().map(|row| (row[at] - mean).powi(2)).sum::<f64>() / count;
        (RIDGE * variance / relief(part)).max(LEAST)
    })
}

/// By how much the penalty of a part is less: what it says is known without pairs, but only a few show it.
fn relief(part: Part) -> f64 {
    match part {
        Part::SameSlug => 16.0,
        Part::Environment => 8.0,
        Part::Opposite => 4.0,
        _ => 1.0,
    }
}

/// Weights that the fit starts from and is held to, where no judged pair shows what is known: a code that
/// few entries of a domain give is nearly the identity of an error, and other codes are other errors.
const GIVEN: &[(Part, [f64; 3])] = &[
    (Part::ErrorCode, [2.0, 0.0, 1.0]),
    (Part::OtherCode, [-1.5, 0.0, 0.0]),
    (Part::Environment, [-6.0, 4.0, 0.0]),
    (Part::Swapped, [-5.0, 0.0, 0.0]),
];

/// Parts that do not help to tell duplicates that were not fitted on from variants and related entries,
/// which share exceptions, shapes and pages as well; products tell more than domains do.
const NOT_ASKED: &[Part] = &[
    Part::SignatureContained,
    Part::SignatureShape,
    Part::SignatureEqual,
    Part::CodeInMessage,
    Part::ErrorName,
    Part::Quoted,
    Part::Pages,
    Part::OtherDomain,
    Part::DeclaredConfused,
];

/// Where duplicates begin, above one half: whoever is told of a duplicate should seldom look in vain.
const THRESHOLD: f64 = 0.65;

#[allow(clippy::cast_precision_loss, reason = "a few hundred pairs")]
fn figures(judged: &[Judged], unseen: &[f64], labels: &[Label]) -> String {
    let mut out = "on pairs not fitted on:\n  threshold precision recall\n".to_owned();
    for threshold in [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9] {
        let (precision, recall) = precision_and_recall(judged, unseen, threshold);
        out += &format!("  {threshold:9.2} {precision:9.3} {recall:6.3}\n");
    }
    let loss = judged.iter().zip(unseen).map(|(pair, probability)| {
        let right = if pair.label == Label::Duplicate { *probability } else { 1.0 - probability };
        -right.max(1e-9).ln()
    });
    out += &format!("  log loss {:.3}\n", loss.sum::<f64>() / judged.len() as f64);
    out += "  probability: pairs, of which duplicates\n";
    for tenth in 0..10 {
        let from = f64::from(tenth) / 10.0;
        let within = |probability: f64| (from..from + 0.1).contains(&probability);
        let of = judged.iter().zip(unseen).filter(|(_, probability)| within(**probability));
        let (all, duplicates) = of.fold((0, 0), |(all, duplicates), (pair, _)| {
            (all + 1, duplicates + usize::from(pair.label == Label::Duplicate))
        });
        out += &format!("    0.{tenth}: {all:4} {duplicates:4}\n");
    }
    out += "  judged as (columns: duplicate, variant, related, distinct)\n";
    for label in [Label::Duplicate, Label::Variant, Label::Related, Label::Distinct] {
        let mut counts = [0; 4];
        for (pair, said) in judged.iter().zip(labels) {
            counts[*said as usize] += usize::from(pair.label == label);
        }
        out += &format!("    {label:?}: {counts:?}\n");
    }
    out
}

fn errors(base: &Base, judged: &[Judged], unseen: &[f64], labels: &[Label]) -> String {
    let mut wrong: Vec<_> = judged
        .iter()
        .zip(unseen)
        .zip(labels)
        .filter(|((pair, _), said)| {
            (pair.label == Label::Duplicate) != (**said == Label::Duplicate)
        })
        .collect();
    wrong.sort_by(|a, b| a.0.1.total_cmp(b.0.1));
    let mut out = String::new();
    for ((pair, probability), _) in wrong {
        let values: Vec<String> = Part::ALL
            .iter()
            .filter_map(|part| {
                let value = pair.values[*part as usize].filter(|value| *value != 0.0)?;
                Some(format!("{} {value:.2}", part.name()))
            })
            .collect();
        out += &format!(
            "{probability:.2} {:?} {} {}\n     {}\n     {}\n",
            pair.label,
            base.id(pair.a),
            base.id(pair.b),
            pair.why,
            values.join(", ")
        );
    }
    out
}
