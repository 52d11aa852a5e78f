//! Whether what is said to be slow is slow in Python: its searches of the attack lines, in CPU time.

use std::io::Write as _;
use std::process::{Command, Stdio};

use errlore::config::Case;
use errlore::pattern::{Growth, LINE, Pattern, SLOW};
use errlore::{Error, Result};
use serde_json::json;

use super::patterns::Item;
use super::table::{Table, thousands};

/// Takes patterns and lines as JSON, one pair a line; gives the seconds each search took, cut off at three.
const SEARCH: &str = r"
import json, re, signal, sys, time
class Enough(Exception): pass
def enough(*_): raise Enough
signal.signal(signal.SIGVTALRM, enough)
for row in sys.stdin:
    pattern, line, case = json.loads(row)
    start = time.process_time()
    try:
        compiled = re.compile(pattern, 0 if case else re.IGNORECASE)
        signal.setitimer(signal.ITIMER_VIRTUAL, 3)
        compiled.search(line)
    except Enough: pass
    finally: signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    print(time.process_time() - start)
";

/// Searches and puts rows into a table.
pub(super) fn measure(table: &mut Table, items: &[Item]) -> Result<()> {
    let (mut rows, mut exponential) = (Vec::new(), 0);
    for (pattern, _) in items {
        let found = Pattern::new(&**pattern).cost(Case::Insensitive);
        exponential += usize::from(found.growth == Growth::Exponential);
        let is_slow = found.steps.is_some_and(|steps| steps >= SLOW);
        if let Some(attack) = found.attack.filter(|_| is_slow) {
            rows.push((pattern, attack.line(LINE)));
        }
    }
    for (name, with_case) in [("ignoring case", false), ("with case", true)] {
        let lines =
            rows.iter().map(|(pattern, line)| json!([pattern, line, with_case]).to_string() + "\n");
        let seconds = python(&lines.collect::<String>())?;
        let reach = |least: f64| seconds.iter().filter(|took| **took >= least).count();
        table.push(vec![
            format!("{} patterns", thousands(&items.len().to_string())),
            format!(
                "said to be slow {}, exponential {exponential}; in python3, {name}, {} take 2 s or more, \
                 {} 1 s or more",
                rows.len(),
                reach(2.0),
                reach(1.0)
            ),
            seconds.get(seconds.len() / 2).map_or("-".to_owned(), |took| format!("{took:.1} s")),
            "-".to_owned(),
        ]);
    }
    Ok(())
}

/// How long the searches took, in order of the time.
fn python(input: &str) -> Result<Vec<f64>> {
    let failed = |error: std::io::Error| Error::io(format!("cannot run python3: {error}"));
    let mut child = Command::new("python3")
        .args(["-c", SEARCH])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut stdin = child.stdin.take();
    if let Some(stdin) = &mut stdin {
        stdin.write_all(input.as_bytes()).map_err(failed)?;
    }
    drop(stdin);
    let output = child.wait_with_output().map_err(failed)?;
    let mut seconds: Vec<f64> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.parse().ok())
        .collect();
    seconds.sort_by(f64::total_cmp);
    Ok(seconds)
}
