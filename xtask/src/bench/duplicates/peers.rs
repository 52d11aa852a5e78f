//! Judged pairs, as errlore and other tools judge them.

use std::path::{Path, PathBuf};
use std::process::Command;

use errlore::duplicates::{Model, Part, Values};
use errlore::{Error, Result};

use super::super::table::Table;
use super::Arguments;
use crate::{fit_duplicates, repository};

/// Each peer as the script knows it, and what it is called as a package.
const PEERS: [(&str, &str); 5] = [
    ("tf-idf", "scikit-learn"),
    ("rensa", "rensa"),
    ("datasketch", "datasketch"),
    ("splink", "splink pandas"),
    (JSCPD, "jscpd@4"),
];
/// The one that comes from npm.
const JSCPD: &str = "jscpd";
/// Over so many random groupings errlore is fitted and measured.
const GROUPINGS: u64 = 8;

/// The table of judged pairs, and what could not be measured.
pub(super) fn on_judged_pairs(
    arguments: &Arguments,
    corpus: &Path,
    scratch: &Path,
) -> Result<String> {
    let judged = corpus.join("pairs.jsonl");
    if !judged.is_file() {
        return Ok(format!("no judged pairs at {}\n", judged.display()));
    }
    let python = scratch.join("peers/bin/python3");
    if arguments.install_peers {
        install(&python)?;
    }
    let mut table = Table::new(&["tool", "what is compared", "threshold", "precision", "recall"]);
    let mut notes = String::new();
    let [precision, recall] = fit_duplicates::cross_validated(corpus, GROUPINGS)?
        .map(|(mean, deviation)| format!("{mean:.3} ± {deviation:.3}"));
    let threshold = format!("{}", Model::fitted().threshold);
    let cells = ["errlore, not fitted on these", "all", &threshold, &precision, &recall];
    table.push(cells.map(str::to_owned).into());
    let values = fit_duplicates::values(corpus)?;
    for (name, what, says) in RULES {
        let said = |(of, is): &&(Values, bool)| *is && says(of);
        let count = |many: usize| super::as_f64(many as u64);
        let right = count(values.iter().filter(said).count());
        let raised = count(values.iter().filter(|(of, _)| says(of)).count());
        let all = count(values.iter().filter(|(_, is)| *is).count());
        let figures = [right / raised, right / all].map(|figure| format!("{figure:.3}"));
        let cells = [name, what, "", &figures[0], &figures[1]];
        table.push(cells.map(str::to_owned).into());
    }
    for (peer, package) in PEERS {
        let entries = corpus.join("entries");
        let run = |rest: [&std::ffi::OsStr; 3]| script(&python, peer, &rest);
        match run([entries.as_os_str(), judged.as_os_str(), "".as_ref()]) {
            Ok(text) => {
                for line in text.lines() {
                    let name = format!("{peer} ({package})");
                    let cells = line.split('\t').map(str::to_owned);
                    table.push([name].into_iter().chain(cells).collect());
                }
            }
            Err(why) => notes += &format!("{peer} ({package}) was not measured: {why}\n"),
        }
        // Only these look for candidates without comparing all with all.
        if arguments.time_peers > 0 && ["rensa", "datasketch"].contains(&peer) {
            let count = arguments.time_peers.to_string();
            let seconds = run(["--time".as_ref(), entries.as_os_str(), count.as_ref()]);
            let seconds = seconds.map_or_else(|why| format!("not measured: {why}"), |it| it + " s");
            let seconds = seconds.replace('\n', "");
            notes += &format!("candidates among {count} texts, {peer}: {seconds}\n");
        }
    }
    Ok(format!("\n{}\n{notes}", table.render(arguments.markdown)))
}

type Rule = (&'static str, &'static str, fn(&Values) -> bool);

/// Rules that need nothing fitted.
const RULES: [Rule; 2] = [
    ("equal signatures", "the shapes of messages", |values| {
        values[Part::SignatureEqual as usize] == Some(1.0)
    }),
    ("two signals", "patterns that find both messages, cosine 0.3", |values| {
        values[Part::PatternMatch as usize] == Some(1.0)
            && values[Part::SignatureWords as usize].is_some_and(|cosine| cosine >= 0.3)
    }),
];

/// Makes a virtual environment with each peer that can be had.
fn install(python: &Path) -> Result<()> {
    let folder: PathBuf = python.ancestors().nth(2).unwrap_or(python).to_owned();
    let made = Command::new("python3").args(["-m", "venv"]).arg(&folder).status();
    made.map_err(|error| Error::path("run python3 for", &folder, &error))?;
    for (peer, package) in PEERS {
        let mut install = Command::new(if peer == JSCPD { "npm".as_ref() } else { python });
        if peer == JSCPD {
            install.args(["install", "--silent", "--prefix"]).arg(&folder).arg(package);
        } else {
            install.args(["-m", "pip", "install", "--quiet"]).args(package.split(' '));
        }
        let installed = install.status();
        if !installed.is_ok_and(|status| status.success()) {
            eprintln!("{package} could not be installed");
        }
    }
    Ok(())
}

/// What the script prints, or in a few words why it does not.
fn script(
    python: &Path,
    peer: &str,
    rest: &[&std::ffi::OsStr],
) -> std::result::Result<String, String> {
    if !python.is_file() {
        return Err("`--install-peers` installs it".to_owned());
    }
    let script = repository::root().join("xtask/peers/pairs.py");
    let output = Command::new(python).arg(script).arg(peer).args(rest).output();
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().last().unwrap_or("it failed").to_owned())
}
