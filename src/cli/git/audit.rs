//! `git audit`: edits that merge commits have lost.

use std::path::Path;

use clap::Args;
use errlore::entry::Entry;
use errlore::git::{self, MergeCommit, MergedFile};
use errlore::merge::{self, Deed, Side, Standing, audit, common, read};
use errlore::{Result, visible};
use serde::Serialize;
use serde_json::Value as Json;

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

/// What programs read.
#[derive(Serialize)]
struct Report<'l> {
    version: u32,
    merges: usize,
    losses: &'l [Loss],
    not_looked_at: &'l [Unseen],
}

/// A merge, or a file of one, that was not looked at.
#[derive(Serialize)]
struct Unseen {
    commit: String,
    path: Option<String>,
    why: String,
}

/// An edit that a merge has lost, as programs read it.
#[derive(Serialize)]
struct Loss {
    commit: String,
    path: String,
    id: Option<String>,
    side: &'static str,
    /// Where it stands in the result, or in the side's version; empty if it is the whole entry.
    pointer: String,
    /// The item of a list that it is, or is in.
    item: Option<String>,
    deed: Deed,
    was_conflict: bool,
    before: Option<Json>,
    made: Option<Json>,
    found: Option<Json>,
    /// What happened, in words.
    what: String,
}

/// The merge driver that `errlore git install` sets up.
const DRIVER: &str = "errlore";

pub(super) fn run(global: &Global, arguments: &Arguments) -> Result<Status> {
    let inputs = input::locate_at_any_time(global)?;
    // The entries may have a repository of their own.
    let folders = inputs.folders.iter().filter(|folder| folder.is_dir());
    let folder = folders.chain(&inputs.root).next().unwrap_or(&inputs.here);
    let (merges, others) = git::merges(folder, &arguments.range)?;
    let wanted = |path: &Path| inputs.is_entry(path);
    let limit = inputs.loaded.config.max_file_size;
    let (mut losses, mut unseen) = (Vec::new(), Vec::new());
    for commit in others {
        unseen.push(Unseen { commit, path: None, why: "it has more than two sides".to_owned() });
    }
    for merge in &merges {
        for file in git::merged_files(folder, merge, limit, &wanted)? {
            let name = file.path.strip_prefix(&inputs.here).unwrap_or(&file.path);
            let name = name.to_string_lossy().replace('\\', "/");
            if file.is_too_large {
                let why = "larger than `max-file-size`".to_owned();
                unseen.push(Unseen { commit: merge.commit.clone(), path: Some(name), why });
            } else if let Err(why) = lost(merge, &name, &file, &mut losses) {
                unseen.push(Unseen { commit: merge.commit.clone(), path: Some(name), why });
            }
        }
    }
    for Unseen { commit, path, why } in &unseen {
        let what = path.as_deref().map_or_else(|| format!("merge {commit}").into(), visible::name);
        output::remark(&format!("{what}: not looked at: {why}"));
    }
    let entry = inputs.folders.first().unwrap_or(folder).join("any.json");
    if git::lacks_merge_driver(folder, &entry, DRIVER)? {
        output::remark(
            "this clone has not the merge driver that .gitattributes names, so git merges entries line by line: \
             run `errlore git install`",
        );
    }
    match arguments.format {
        ListFormat::Json => {
            let report = Report {
                version: 1,
                merges: merges.len(),
                losses: &losses,
                not_looked_at: &unseen,
            };
            let text = serde_json::to_string_pretty(&report).expect("a report can be written");
            print_plain(&(text + "\n"))?;
        }
        ListFormat::Text => print(&text(&merges, &losses, &unseen))?,
    }
    Ok(if losses.is_empty() { Status::Clean } else { Status::Findings })
}

/// What is lost of one file. Fails where that cannot be told, and says why.
fn lost(
    merge: &MergeCommit,
    name: &str,
    file: &MergedFile,
    losses: &mut Vec<Loss>,
) -> std::result::Result<(), String> {
    let of_file = |side: Side, deed: Deed, what: String| {
        let mut versions = file.sides.iter().chain([&file.result, &file.base]).flatten();
        let id = versions.find_map(|bytes| read(bytes).ok());
        Loss {
            commit: merge.commit.clone(),
            path: name.to_owned(),
            id: id.map(|entry| entry.id.as_str().to_owned()),
            side: side.name(),
            pointer: String::new(),
            item: None,
            deed,
            was_conflict: false,
            before: None,
            made: None,
            found: None,
            what,
        }
    };
    for (side, own, other) in [(Side::Ours, 0, 1), (Side::Theirs, 1, 0)] {
        let (deed, what) = match (&file.base, &file.sides[own], &file.sides[other], &file.result) {
            (None, Some(_), None, None) => (Deed::Added, "added, and not in the result"),
            (Some(base), Some(side), None, None) if side != base => {
                (Deed::Edited, "changed, and removed by the other side")
            }
            (Some(base), None, Some(other), Some(_)) if other == base => {
                (Deed::Removed, "removed, and still in the result")
            }
            (Some(base), Some(side), Some(_), None) if side != base => {
                (Deed::Edited, "there on both sides, and not in the result")
            }
            (None, Some(_), Some(_), None) => {
                (Deed::Added, "added by both sides, and not in the result")
            }
            (Some(_), None, None, Some(_)) => {
                (Deed::Removed, "removed by both sides, and still in the result")
            }
            (Some(base), None, Some(_), Some(result)) if result == base => (
                Deed::Removed,
                "removed, and still in the result, without what the other side made of it",
            ),
            _ => continue,
        };
        losses.push(of_file(side, deed, what.to_owned()));
    }
    let Some(result) = &file.result else { return Ok(()) };
    if file.sides.iter().all(Option::is_none) {
        return Ok(());
    }
    let sides = match file.sides.each_ref().map(|side| side.as_deref().map(read)) {
        [Some(Err(why)), _] | [_, Some(Err(why))] => {
            return Err(format!("a side is no entry: {}", why.0));
        }
        sides => sides.map(|side| side.and_then(Result::ok)),
    };
    let result = match read(result) {
        Ok(result) => result,
        Err(why) => {
            for side in [Side::Ours, Side::Theirs] {
                let what = format!("the result is no entry: {}", why.0);
                losses.push(of_file(side, Deed::Edited, what));
            }
            return Ok(());
        }
    };
    let base = base_of(file);
    // Where a side has it not, the other one is held against the base: it may have been chosen.
    let instead = base.clone().unwrap_or_default();
    let [ours, theirs] = sides.each_ref().map(|side| side.as_ref().unwrap_or(&instead));
    for loss in audit(base.as_ref(), ours, theirs, &result) {
        if sides[usize::from(loss.side == Side::Theirs)].is_none() {
            continue;
        }
        let is_removed = base.is_some() && sides.iter().any(Option::is_none);
        let what = what(&loss);
        losses.push(Loss {
            id: Some(result.id.as_str().to_owned()),
            pointer: loss.pointer.as_str().to_owned(),
            item: loss.item,
            was_conflict: is_removed || loss.standing == Standing::Contested,
            before: loss.before,
            made: loss.made,
            found: loss.found,
            ..of_file(loss.side, loss.deed, what)
        });
    }
    Ok(())
}

/// What a side did and what became of it, in words.
fn what(loss: &merge::Loss) -> String {
    let shown = |value: &Json| match value {
        Json::Array(_) | Json::Object(_) => None,
        Json::String(text) => Some(visible::quote(text)),
        value => Some(visible::quote(&value.to_string())),
    };
    let [before, made, found] =
        [&loss.before, &loss.made, &loss.found].map(|value| value.as_ref().and_then(shown));
    let did = match (loss.deed, before, made) {
        (Deed::Added, _, Some(made)) => format!("added {made}"),
        (Deed::Added, ..) => "added".to_owned(),
        (Deed::Edited, Some(before), Some(made)) => format!("changed {before} to {made}"),
        (Deed::Edited | Deed::Kept, ..) => "changed".to_owned(),
        (Deed::Cleared, Some(before), _) => format!("cleared {before}"),
        (Deed::Cleared, ..) => "cleared".to_owned(),
        (Deed::Removed, Some(before), _) => format!("removed {before}"),
        (Deed::Removed, ..) => "removed".to_owned(),
        (Deed::Reordered, ..) => "reordered".to_owned(),
    };
    let is = match (loss.deed, found) {
        _ if loss.found.is_none() => "not in the result".to_owned(),
        (Deed::Removed, _) => "still in the result".to_owned(),
        (Deed::Reordered, _) => "in another order in the result".to_owned(),
        (_, Some(found)) => format!("{found} in the result"),
        (_, None) => "something else in the result".to_owned(),
    };
    format!("{did}, and {is}")
}

/// What both sides come from; of several bases, what stands for them.
fn base_of(file: &MergedFile) -> Option<Entry> {
    let entry = |bytes: &Option<Vec<u8>>| bytes.as_deref().and_then(|bytes| read(bytes).ok());
    let bases = file.other_bases.iter();
    bases.fold(entry(&file.base), |base, [other, root]| common(entry(root), base, entry(other)))
}

fn text(merges: &[MergeCommit], losses: &[Loss], unseen: &[Unseen]) -> String {
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
            let id = loss.id.as_deref().unwrap_or_default();
            let item = loss.item.as_deref().map(|item| format!("({})", visible::quote(item)));
            let place = [id, loss.pointer.as_str(), item.as_deref().unwrap_or_default()];
            let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
            let place = place.join(" ");
            let (place, what) = (visible::name(&place), &loss.what);
            out += &format!("  {path}: {} lost{conflict}: {place}: {what}\n", loss.side);
        }
    }
    let counted = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    };
    out += &match losses.len() {
        0 => format!("{}: no edit of either side is lost", counted(merges.len(), "merge")),
        1 => format!("{}: 1 edit is lost", counted(merges.len(), "merge")),
        lost => format!("{}: {lost} edits are lost", counted(merges.len(), "merge")),
    };
    let files = unseen.iter().filter(|unseen| unseen.path.is_some()).count();
    let whole = unseen.len() - files;
    match (whole, files) {
        (0, 0) => {}
        (0, _) => out += &format!("; not looked at: {}", counted(files, "file")),
        (_, 0) => out += &format!("; not looked at: {}", counted(whole, "merge")),
        _ => {
            let (whole, files) = (counted(whole, "merge"), counted(files, "file"));
            out += &format!("; not looked at: {whole} and {files}");
        }
    }
    out + "\n"
}
