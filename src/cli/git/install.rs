//! `git install` and `git uninstall`: git's drivers and tools for entries.
//!
//! What was there before is kept under `errlore.replaced` in the same configuration, so that it can be
//! brought back.

use std::path::{Path, PathBuf};

use clap::Args;
use errlore::git::{self, Scope};
use errlore::{Error, Result, visible};

use super::super::{Global, Status, input, output, print_plain};

mod attributes;

use attributes::Attributes;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// In this repository (default)
    #[arg(long)]
    local: bool,
    /// For all repositories of the user
    #[arg(long, conflicts_with = "local")]
    global: bool,
    /// Change nothing; show what would be changed
    #[arg(long = "diff")]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct InstallArguments {
    #[command(flatten)]
    common: Arguments,
    /// Let `git log -p` and `git show` break long texts into sentences
    ///
    /// Editors and `git blame` then read an entry in these lines too, which are not those of the file.
    #[arg(long)]
    textconv: bool,
}

/// Programs with windows often have a PATH without errlore: then git's own diff is shown, under the name of the file
/// instead of those of the two that are compared, unless git would quote it.
const DIFF: &str = "f() { if command -v errlore >/dev/null 2>&1; then errlore git diff \"$@\"; else \
    a=a/$1; b=b/${8-$1}; h=1; case $a$b in *[[:cntrl:]]*|*'\"'*|*'\\'*) h=;; esac; \
    if test $# -lt 7; then echo \"* Unmerged path ${h:+$1}\"; else \
    git -c core.quotePath=false diff --no-index --no-ext-diff --no-textconv --no-color \
    --src-prefix=a/ --dst-prefix=b/ -- \"$2\" \"$5\" | while IFS= read -r l; do case $h$l in \
    '1diff --git '*) l=\"diff --git $a $b\";; '1--- a'*) l=\"--- $a\";; '1+++ b'*) l=\"+++ $b\";; 1@@*) h=;; esac; \
    printf '%s\\n' \"$l\"; done; fi; fi; }; f";

/// Of the merge driver, git takes each status up to 128 for that of a merge, also where the command was not
/// found or broke down: whatever is not the driver's own answer becomes 129, at which git changes nothing.
/// A git before 2.42 takes any status for that of a merge: for it, what git makes of the three files stands there.
/// A shell that does not find a command names itself, which is all of this; `env` says it in a sentence.
const MERGE_DRIVER: &str = "env errlore git merge --ours-label=%X --base-label=%S --theirs-label=%Y \
    -- %O %A %B %L %P; case $? in 0) exit 0;; 1) exit 1;; \
    127) echo 'errlore is not on the PATH: entries cannot be merged' >&2;; esac; \
    git merge-file -q --diff3 --marker-size=%L -L ours -L base -L theirs %A %O %B; exit 129";

/// Where a merge has several bases, git merges these first. What is not agreed between them is as it was before.
const ANCESTOR_DRIVER: &str = "env errlore git merge --ancestor -- %O %A %B %L %P || cat %O > %A";

/// What git is told where it is asked for.
const TEXTCONV: (&str, &str) = (
    "diff.errlore.textconv",
    "f() { if command -v errlore >/dev/null 2>&1; then errlore git textconv \"$1\"; \
     else cat \"$1\"; fi; }; f",
);

/// What git is told.
const SETTINGS: [(&str, &str); 10] = [
    ("diff.errlore.command", DIFF),
    ("diff.errlore.xfuncname", "^  (\"[^\"]+\":)"),
    ("merge.errlore.name", "entries of a knowledge base, by structure"),
    ("merge.errlore.driver", MERGE_DRIVER),
    ("merge.errlore.recursive", "errlore-ancestor"),
    ("merge.errlore-ancestor.name", "what versions of an entry have in common"),
    ("merge.errlore-ancestor.driver", ANCESTOR_DRIVER),
    (
        "mergetool.errlore.cmd",
        "errlore git merge --output \"$MERGED\" -- \"$BASE\" \"$LOCAL\" \"$REMOTE\" 7 \"$MERGED\"",
    ),
    ("mergetool.errlore.trustExitCode", "true"),
    ("difftool.errlore.cmd", "errlore git diff \"${MERGED:-.}\" \"$LOCAL\" . . \"$REMOTE\" . ."),
];

/// Says that errlore is installed.
const INSTALLED: &str = "errlore.installed";
/// What was there before, as `key=value`.
const REPLACED: &str = "errlore.replaced";
/// What was done to the attributes.
const ATTRIBUTES: &str = "errlore.attributes";

/// Where it is installed.
struct Place {
    /// The top of the repository, or the working directory.
    folder: PathBuf,
    scope: Scope,
    dry_run: bool,
    /// What is done, a line each.
    done: String,
}

impl Place {
    fn new(arguments: &Arguments) -> Result<Self> {
        let here = std::env::current_dir()
            .map_err(|error| Error::io(format!("there is no working directory: {error}")))?;
        let (folder, scope) = if arguments.global {
            (here, Scope::Global)
        } else {
            let top = git::top(&here).map_err(|error| match error.help() {
                Some(_) => error,
                None => error.with_help("run it in a repository, or with --global for all of them"),
            })?;
            (top, Scope::Local)
        };
        Ok(Self { folder, scope, dry_run: arguments.dry_run, done: String::new() })
    }

    fn values(&self, key: &str) -> Result<Vec<String>> {
        git::values(&self.folder, self.scope, key)
    }

    /// Gives a key these values, and says so.
    fn set(&mut self, key: &str, values: &[String]) -> Result<()> {
        if self.values(key)? == values {
            return Ok(());
        }
        let option = self.scope.option();
        match values {
            [] => self.done.push_str(&format!("git config {option} --unset-all {key}\n")),
            values => {
                for value in values {
                    let value = value.replace('\'', "'\\''");
                    self.done.push_str(&format!("git config {option} {key} '{value}'\n"));
                }
            }
        }
        self.keep(key, values)
    }

    /// The same without a word.
    fn keep(&self, key: &str, values: &[String]) -> Result<()> {
        if self.dry_run {
            return Ok(());
        }
        git::set(&self.folder, self.scope, key, values)
    }

    /// The values that a key had before errlore was installed.
    fn before(&self, key: &str) -> Result<Vec<String>> {
        let replaced = self.values(REPLACED)?;
        let of_key = replaced.iter().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        Ok(of_key.map(str::to_owned).collect())
    }

    /// Whether a key has nothing but values that errlore gave it.
    fn is_own(&self, key: &str) -> Result<bool> {
        let is_own = |value: &String| {
            value.contains("errlore git ") || SETTINGS.contains(&(key, value.as_str()))
        };
        Ok(self.values(key)?.iter().all(is_own))
    }

    /// Gives a key what it had before.
    fn bring_back(&mut self, key: &str) -> Result<()> {
        let before = self.before(key)?;
        self.set(key, &before)
    }

    fn finish(self, nothing: &str) -> Result<Status> {
        if self.done.is_empty() {
            output::remark(nothing);
        }
        print_plain(&self.done)?;
        let is_due = self.dry_run && !self.done.is_empty();
        Ok(if is_due { Status::Findings } else { Status::Clean })
    }
}

pub(super) fn install(global: &Global, arguments: &InstallArguments) -> Result<Status> {
    let mut place = Place::new(&arguments.common)?;
    // Before anything is changed: the file may be one that cannot be.
    let (folders, mut attributes, has_crlf) = match place.scope {
        Scope::Local => {
            let (root, folders) = base(global, &place.folder)?;
            let has_crlf = has_crlf(&root, &folders);
            (folders, Attributes::read(&place.folder, root.join(".gitattributes"))?, has_crlf)
        }
        Scope::Global => {
            let folders = input::settings(global)?.config.entries;
            (folders, Attributes::of_user(&place.folder)?, None)
        }
    };
    if place.values(INSTALLED)?.is_empty() {
        let mut replaced = Vec::new();
        for (key, _) in SETTINGS.iter().chain([&TEXTCONV]) {
            replaced.extend(place.values(key)?.into_iter().map(|value| format!("{key}={value}")));
        }
        place.keep(REPLACED, &replaced)?;
        place.keep(INSTALLED, &["true".to_owned()])?;
    }
    for (key, value) in SETTINGS {
        place.set(key, &[value.to_owned()])?;
    }
    let (key, value) = TEXTCONV;
    if arguments.textconv {
        place.set(key, &[value.to_owned()])?;
    } else if place.is_own(key)? {
        place.bring_back(key)?;
    }
    let added = attributes.add(&attributes::lines(&folders, place.scope));
    if !added.is_empty() {
        place.done.push_str(&attributes.said('+', &added));
        if !place.dry_run {
            let record = attributes.record(place.values(ATTRIBUTES)?, &added);
            place.keep(ATTRIBUTES, &record)?;
            attributes.write()?;
        }
    }
    if !is_found() {
        output::remark(
            "`errlore` is not on the PATH: until it is, git shows its own diff of entries and merges none",
        );
    }
    if let Some(said) = has_crlf {
        output::remark(&said);
    }
    place.finish("errlore is installed already")
}

pub(super) fn uninstall(global: &Global, arguments: &Arguments) -> Result<Status> {
    let mut place = Place::new(arguments)?;
    if place.values(INSTALLED)?.is_empty() {
        return place.finish("errlore is not installed here");
    }
    let record = place.values(ATTRIBUTES)?;
    let attributes = Attributes::of_record(&place.folder, &record)?;
    for (key, _) in SETTINGS.iter().chain([&TEXTCONV]) {
        if place.values(key)? == place.before(key)? {
            continue;
        }
        if place.is_own(key)? {
            place.bring_back(key)?;
        } else {
            output::remark(&format!("{key} has been changed since, and stays"));
        }
    }
    if let Some(mut attributes) = attributes {
        let removed = attributes.remove(&record);
        place.done.push_str(&attributes.said('-', &removed));
        if !place.dry_run && !removed.is_empty() {
            attributes.write()?;
        }
        attributes.say_left();
    } else if place.scope == Scope::Local {
        let (root, _) = base(global, &place.folder)?;
        Attributes::read(&place.folder, root.join(".gitattributes"))?.say_left();
    }
    for key in [ATTRIBUTES, REPLACED, INSTALLED] {
        place.keep(key, &[])?;
    }
    if place.scope == Scope::Local
        && !git::values(&place.folder, Scope::Global, INSTALLED)?.is_empty()
    {
        output::remark(
            "errlore is still installed for all your repositories: `errlore git uninstall --global`",
        );
    }
    place.finish("")
}

/// The root of the knowledge base that is meant, or else the top of the repository, and its folders of entries.
fn base(global: &Global, top: &Path) -> Result<(PathBuf, Vec<String>)> {
    let inputs = input::locate_at_any_time(global)?;
    let root = inputs.root.filter(|root| root.starts_with(top));
    Ok((root.unwrap_or_else(|| top.to_owned()), inputs.loaded.config.entries))
}

/// What to say of entries that are committed with other line ends than they are to have, if there are any.
fn has_crlf(root: &Path, folders: &[String]) -> Option<String> {
    let paths: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    let found = match git::with_crlf(root, &paths) {
        Ok(found) => found,
        Err(error) => return Some(format!("the line ends of entries are not known: {error}")),
    };
    let is_entry = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "json");
    let count = found.iter().filter(is_entry).count();
    let entries = match count {
        0 => return None,
        1 => "1 entry is committed with CRLF, and git takes it for modified now".to_owned(),
        _ => {
            format!("{count} entries are committed with CRLF, and git takes them for modified now")
        }
    };
    let name = |folder: &String| match visible::name(folder) {
        name if name.contains(char::is_whitespace) => format!("'{name}'"),
        name => name.into_owned(),
    };
    let names: Vec<String> = folders.iter().map(name).collect();
    let (root, names) = (visible::name(&root.to_string_lossy()).into_owned(), names.join(" "));
    Some(format!(
        "{entries}; in {root}, `git add --renormalize {names}` and a commit put that right"
    ))
}

/// Whether a shell finds the command.
fn is_found() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let name = format!("errlore{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).any(|folder| folder.join(&name).is_file())
}
