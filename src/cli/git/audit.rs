//! `git audit`: edits that merge commits have lost.

use std::path::Path;

use clap::Args;
use errlore::diff::bases::{EntryDiff, Fate};
use errlore::diff::document;
use errlore::entry::Entry;
use errlore::git::{self, MergeCommit, MergedFile};
use errlore::merge::{Dropped, Side, audit, common, read};
use errlore::report::{self, Layout};
use errlore::{Result, visible};
use serde::Serialize;

use super::super::output::{self, ListFormat};
use super::super::{Global, Status, input, print, print_plain};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The revisions whose merge commits are replayed, as of `git log`
    #[arg(value_name = "RANGE", default_value = "HEAD")]
    range: String,
    /// text, or json
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "text",
        hide_possible_values = true
    )]
    format: ListFormat,
}

/// What a merge has lost of an entry, as programs read it.
#[derive(Serialize)]
struct Loss {
    commit: String,
    path: String,
    side: &'static str,
    /// The field; none if it is the whole entry.
    field: Option<String>,
    was_conflict: bool,
    what: String,
    #[serde(skip)]
    shown: Option<EntryDiff>,
}

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    let inputs = input::locate_at_any_time(global)?;
    let (merges, others) = git::merges(&inputs.here, &arguments.range)?;
    let wanted = |path: &Path| inputs.is_entry(path);
    let limit = inputs.loaded.config.max_file_size;
    let mut losses = Vec::new();
    for merge in &merges {
        for file in git::merged_files(&inputs.here, merge, limit, &wanted)? {
            let name = file.path.strip_prefix(&inputs.here).unwrap_or(&file.path);
            let name = name.to_string_lossy().replace('\\', "/");
            lost(merge, &name, &file, &mut losses);
        }
    }
    if others > 0 {
        output::remark(&format!("{others} merges of more than two sides are not looked at"));
    }
    match arguments.format {
        ListFormat::Json => {
            let text = serde_json::to_string_pretty(&losses).unwrap_or_default();
            print_plain(&(text + "\n"))?;
        }
        ListFormat::Text => print(&text(&merges, &losses))?,
    }
    Ok(if losses.is_empty() { Status::Clean } else { Status::Findings })
}

/// What is lost of one file.
fn lost(merge: &MergeCommit, name: &str, file: &MergedFile, losses: &mut Vec<Loss>) {
    let mut push = |side: Side, dropped: Option<Dropped>, what: String, shown| {
        losses.push(Loss {
            commit: merge.commit.clone(),
            path: name.to_owned(),
            side: side.name(),
            was_conflict: dropped.as_ref().is_some_and(|dropped| dropped.was_conflict),
            field: dropped.map(|dropped| dropped.field),
            what,
            shown,
        });
    };
    for (side, own, other) in [(Side::Ours, 0, 1), (Side::Theirs, 1, 0)] {
        let what = match (&file.base, &file.sides[own], &file.sides[other], &file.result) {
            (None, Some(_), None, None) => "added, and not in the result",
            (Some(base), Some(side), None, None) if side != base => {
                "changed, and removed by the other side"
            }
            (Some(base), None, Some(other), Some(_)) if other == base => {
                "removed, and still in the result"
            }
            (Some(_), Some(_), Some(_), None) => "there on both sides, and not in the result",
            _ => continue,
        };
        push(side, None, what.to_owned(), None);
    }
    let [Some(ours), Some(theirs)] = &file.sides else { return };
    let Some(result) = &file.result else { return };
    let (ours, theirs) = match (read(ours), read(theirs)) {
        (Ok(ours), Ok(theirs)) => (ours, theirs),
        (Err(why), _) | (_, Err(why)) => {
            let name = visible::name(name);
            return output::remark(&format!(
                "{name}: a side is no entry, and is not looked at: {}",
                why.0
            ));
        }
    };
    let result = match read(result) {
        Ok(result) => result,
        Err(why) => {
            for side in [Side::Ours, Side::Theirs] {
                push(side, None, format!("the result is no entry: {}", why.0), None);
            }
            return;
        }
    };
    let base = base_of(file);
    match audit(base.as_ref(), &ours, &theirs, &result) {
        Ok(all) => {
            for dropped in all {
                let shown = shown(&dropped, &result);
                let what =
                    format!("`{}` has not what {} made of it", dropped.field, dropped.side.name());
                push(dropped.side, Some(dropped), what, Some(shown));
            }
        }
        Err(doubt) => {
            output::remark(&format!("{}: cannot be replayed: {}", visible::name(name), doubt.0));
        }
    }
}

/// What both sides come from; of several bases, what stands for them.
fn base_of(file: &MergedFile) -> Option<Entry> {
    let entry = |bytes: &Option<Vec<u8>>| bytes.as_deref().and_then(|bytes| read(bytes).ok());
    let bases = file.other_bases.iter();
    bases.fold(entry(&file.base), |base, [other, root]| common(entry(root), base, entry(other)))
}

/// From what the merge would have been to what was made of it.
fn shown(dropped: &Dropped, result: &Entry) -> EntryDiff {
    EntryDiff {
        fate: Fate::Changed,
        id: result.id.as_str().to_owned(),
        // Where it is has been told.
        path: format!("{}.json", result.id.as_str()),
        old_path: None,
        old: None,
        new: Some(document(result)),
        changes: dropped.changes.clone(),
        facts: Vec::new(),
    }
}

fn text(merges: &[MergeCommit], losses: &[Loss]) -> String {
    let mut out = String::new();
    for merge in merges {
        let of_merge: Vec<&Loss> =
            losses.iter().filter(|loss| loss.commit == merge.commit).collect();
        if of_merge.is_empty() {
            continue;
        }
        let short: String = merge.commit.chars().take(10).collect();
        out += &format!("{short} {}\n", visible::name(&merge.subject));
        for loss in of_merge {
            let path = visible::name(&loss.path);
            let conflict = if loss.was_conflict { ", in a conflict" } else { "" };
            out += &format!("  {path}: {} lost{conflict}: {}\n", loss.side, loss.what);
            if let Some(shown) = &loss.shown {
                let style = output::plain_or_colored(true);
                let changes =
                    report::diff_text(std::slice::from_ref(shown), style, Layout::Unified);
                for line in changes.lines().skip(1) {
                    out += &format!("  {line}\n");
                }
            }
        }
    }
    let (count, lost) = (merges.len(), losses.len());
    let merges = if count == 1 { "merge" } else { "merges" };
    match lost {
        0 => out + &format!("{count} {merges}: no edit of either side is lost\n"),
        1 => out + &format!("{count} {merges}: 1 edit is lost\n"),
        _ => out + &format!("{count} {merges}: {lost} edits are lost\n"),
    }
}
