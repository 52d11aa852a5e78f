//! `duplicates --refit`: weights of the knowledge base's own, and reading them.

use std::path::Path;

use errlore::corpus::{Content, InputFile, read};
use errlore::duplicates::{
    Judged, Label, Measure, Model, Standing, Standings, WEIGHTS, refit, unseen,
};
use errlore::{Error, Result, visible};

use super::super::write::write_file;
use super::super::{Status, print};
use super::known::Known;
use super::measure::figures;
use super::wrapped;

/// The weights of a knowledge base, if it has some of its own.
pub(super) fn weights(root: &Path) -> Result<Option<Model>> {
    /// Weights take a tenth of it, in bytes.
    const LARGEST: u64 = 64 << 10;
    let path = root.join(WEIGHTS);
    let Ok(found) = std::fs::symlink_metadata(&path) else { return Ok(None) };
    let name = path.to_string_lossy().into_owned();
    let failed = |why: &str| {
        Error::config(format!("{} holds no weights: {}", visible::name(&name), visible::name(why)))
            .with_help("`errlore duplicates --refit` makes it anew; without it the weights of errlore hold")
    };
    if !found.is_file() {
        return Err(failed("it is not a file of its own"));
    }
    let file = InputFile {
        name: name.clone(),
        path: Some(path),
        expected_id: None,
        in_scope: false,
        special: None,
        given: None,
    };
    match read(&file, LARGEST)? {
        Content::Text(text) => Model::parse(&text).map(Some).map_err(|why| failed(&why)),
        Content::NotText(_, fault) => Err(failed(&fault.message)),
        Content::Unread(_) => Err(failed("it has more than 64 kB")),
    }
}

/// Fits the weights to the decisions, and writes them if pairs that were not fitted to are judged better.
pub(super) fn run(known: &Known, standings: &Standings<'_>, threshold: f64) -> Result<Status> {
    let (mut judged, mut entries): (Vec<Judged>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
    for ((a, b), standing) in standings.pairs() {
        if let Standing::Decided(decision) = standing {
            judged.push((known.base.values(a, b, known.case), decision.label));
            entries.push((a, b));
        }
    }
    // From the weights that come with errlore, so that the same decisions always give the same weights.
    let start = Model::fitted();
    let fitted = refit(start, &judged).map_err(|few| {
        Error::no_input(few.to_string()).with_help("`errlore duplicates --review` makes more")
    })?;
    let is = |label: Label| label == Label::Duplicate;
    let measure = |probabilities: Vec<f64>| {
        let pairs = probabilities.into_iter().zip(judged.iter().map(|(_, label)| is(*label)));
        Measure::new(pairs, threshold)
    };
    let old = judged.iter().map(|(values, _)| start.probability(values));
    let before = measure(old.collect());
    let after = measure(unseen(start, &judged, &entries));
    let mut out =
        wrapped("", &format!("{} decided pairs, duplicates from {threshold} on", judged.len()));
    out += &format!("weights that come with errlore:\n{}", figures(&before));
    out += &format!("weights fitted to the other nine tenths of the pairs:\n{}", figures(&after));
    let is_better = after.brier < before.brier;
    if is_better {
        let path = known.root().join(WEIGHTS);
        if std::fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
            let name = path.to_string_lossy();
            return Err(Error::io(format!("{} is not a file of its own", visible::name(&name)))
                .with_help("weights are not written through a link"));
        }
        write_file(&path, fitted.write().as_bytes())?;
        out += &wrapped("", &format!("the fitted weights are in {WEIGHTS}, and hold from now on"));
    } else {
        out += &wrapped(
            "",
            "nothing is written: pairs that weights were not fitted to are judged no better by them",
        );
    }
    print(&out)?;
    Ok(if known.has_failures { Status::Failed } else { Status::Clean })
}
