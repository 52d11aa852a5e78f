//! `duplicates --refit`: weights of the knowledge base's own, and reading them.

use std::path::Path;

use chrono::NaiveDate;
use errlore::corpus::{Content, InputFile, read};
use errlore::duplicates::{
    Judged, Label, Measure, Model, Standing, Standings, WEIGHTS, refit, unseen,
};
use errlore::{Error, Result, visible};

use super::super::write::write_file;
use super::super::{Status, output, print};
use super::known::Known;
use super::measure::figures;
use super::wrap::wrapped;

/// Of fewer pairs decided since the weights were fitted, which of two judges them better is chance.
const ENOUGH_LATER: usize = 10;

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
        before: None,
    };
    match read(&file, LARGEST)? {
        Content::Text(text) => Model::parse(&text).map(Some).map_err(|why| failed(&why)),
        Content::NotText(_, fault) => Err(failed(&fault.message)),
        Content::Unread(_) => Err(failed("it has more than 64 kB")),
    }
}

/// The decided pairs.
#[derive(Default)]
struct Decided {
    judged: Vec<Judged>,
    entries: Vec<(usize, usize)>,
    days: Vec<NaiveDate>,
}

impl Decided {
    fn new(known: &Known, standings: &Standings<'_>) -> Self {
        let mut found = Self::default();
        for ((a, b), standing) in standings.pairs(&known.base) {
            if let Standing::Decided(decision) = standing {
                found.judged.push((known.base.values(a, b, known.case), decision.label));
                found.entries.push((a, b));
                found.days.push(decision.date);
            }
        }
        found
    }

    /// How well probabilities of all pairs meet the decisions, of those pairs that `which` says.
    fn measure(
        &self,
        probabilities: &[f64],
        threshold: f64,
        which: impl Fn(NaiveDate) -> bool,
    ) -> Measure {
        let pairs = probabilities.iter().zip(&self.judged).zip(&self.days);
        let pairs = pairs.filter(|(_, day)| which(**day));
        let is = |label: Label| label == Label::Duplicate;
        Measure::new(pairs.map(|((p, (_, label)), _)| (*p, is(*label))), threshold)
    }

    fn probabilities(&self, model: &Model) -> Vec<f64> {
        self.judged.iter().map(|(values, _)| model.probability(values)).collect()
    }
}

/// Fits the weights to the decisions, and writes them if pairs that were not fitted to are judged better than
/// by the weights that come with errlore, and no worse than by those that hold now.
pub(super) fn run(
    known: &Known,
    standings: &Standings<'_>,
    threshold: Option<f64>,
) -> Result<Status> {
    let decided = Decided::new(known, standings);
    // From the weights that come with errlore, so that the same decisions always give the same weights.
    let start = Model::fitted();
    let threshold = threshold.unwrap_or(start.threshold);
    let mut fitted = refit(start, &decided.judged).map_err(|few| {
        Error::no_input(few.to_string()).with_help("`errlore duplicates --review` makes more")
    })?;
    fitted.fitted_until = decided.days.iter().max().copied();
    let path = known.root().join(WEIGHTS);
    if std::fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
        let name = path.to_string_lossy();
        return Err(Error::io(format!("{} is not a file of its own", visible::name(&name)))
            .with_help("weights are not written through a link"));
    }
    // What cannot be read is made anew, after a word about it.
    let old = weights(known.root()).unwrap_or_else(|fault| {
        output::failure(&fault);
        None
    });
    let unseen = unseen(start, &decided.judged, &decided.entries);
    let before = decided.measure(&decided.probabilities(start), threshold, |_| true);
    let after = decided.measure(&unseen, threshold, |_| true);
    let pairs = decided.judged.len();
    let mut out = wrapped("", &format!("{pairs} decided pairs, duplicates from {threshold} on"));
    out += &format!("weights that come with errlore:\n{}", figures(&before));
    let mut is_worse_than_old = false;
    if let Some(old) = &old {
        let probabilities = decided.probabilities(old);
        let all = decided.measure(&probabilities, threshold, |_| true);
        out += &wrapped("", &format!("weights of {WEIGHTS}, which may have been fitted to them:"));
        out += &figures(&all);
        if let Some(until) = old.fitted_until {
            let [was, is] = [&probabilities, &unseen]
                .map(|of| decided.measure(of, threshold, |day| day > until));
            let later = decided.days.iter().filter(|day| **day > until).count();
            is_worse_than_old = later >= ENOUGH_LATER && is.brier > was.brier;
            if later > 0 {
                let text = format!("the same of the pairs decided after {until}, {later} of them:");
                out += &(wrapped("", &text) + &figures(&was));
                out += &("new weights of these pairs, each unseen:\n".to_owned() + &figures(&is));
            }
        }
    }
    out +=
        &wrapped("", "new weights, each tenth of the pairs by such as were fitted to the others:");
    out += &figures(&after);
    let is_better = after.brier < before.brier;
    let text = fitted.write();
    let (verdict, status) = if !is_better {
        (
            "nothing is written: pairs that weights were not fitted to are judged no better by them \
             than by those that come with errlore"
                .to_owned(),
            Status::Findings,
        )
    } else if is_worse_than_old {
        (
            format!(
                "nothing is written: what was decided since is judged worse than by {WEIGHTS}; delete \
                 that file first if the new weights are to hold all the same"
            ),
            Status::Findings,
        )
    } else if old.is_some_and(|old| old.write() == text) {
        (format!("{WEIGHTS} holds these weights already"), Status::Clean)
    } else {
        write_file(&path, text.as_bytes())?;
        (format!("the fitted weights are in {WEIGHTS}, and hold from now on"), Status::Clean)
    };
    print(&(out + &wrapped("", &verdict)))?;
    Ok(if known.has_failures { Status::Failed } else { status })
}
