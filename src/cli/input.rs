//! What a command line names: paths, lists of paths, standard input, a revision.

use std::collections::HashSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use errlore::config::Loaded;
use errlore::corpus::{self, InputFile, Inputs, Request, STDIN, Unread};
use errlore::{Error, ErrorKind, Result, git};

use super::since;

#[derive(Clone, Debug, Default, Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Files and folders, or `-` for standard input [default: the whole knowledge base]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Only what has changed since the merge base of HEAD and this revision
    #[arg(long, value_name = "REV", env = "ERRLORE_SINCE", hide_env = true)]
    pub(super) since: Option<String>,
    /// Leave out files that git does not track: no commit holds them
    #[arg(long)]
    pub(super) tracked: bool,
    /// Read paths from a file, one a line or separated by NUL; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,
    /// The name of what comes from standard input; it stands in for the file of that name
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_filename: Option<PathBuf>,
    /// End with 0 where nothing matches the inputs
    #[arg(long)]
    pub(super) allow_empty: bool,
}

impl Arguments {
    /// Whether standard input is taken: by an entry or by a list of files.
    pub(super) fn takes_stdin(&self) -> bool {
        self.reads_stdin() || self.files_from.as_deref().is_some_and(is_stdin)
    }

    /// Whether the whole knowledge base around the working directory is meant, and nothing else.
    pub(super) fn is_whole(&self) -> bool {
        self.paths.is_empty() && self.since.is_none() && self.files_from.is_none()
    }

    /// Whether an entry comes from standard input.
    pub(super) fn reads_stdin(&self) -> bool {
        self.paths.iter().any(|path| is_stdin(path))
    }
}

/// Finds the files that the command line names, of one knowledge base. `whole`: read the rest of it too.
pub(super) fn discover(
    global: &super::Global,
    arguments: &Arguments,
    whole: bool,
) -> Result<Inputs> {
    let one = |request: &Request| corpus::discover(request).map(|inputs| vec![inputs]);
    let all = find(global, arguments, whole, &one)?;
    Ok(all.into_iter().next().expect("one knowledge base at least"))
}

/// The same for commands that look at each knowledge base by itself. There is always one.
pub(super) fn discover_each(
    global: &super::Global,
    arguments: &Arguments,
    whole: bool,
) -> Result<Vec<Inputs>> {
    find(global, arguments, whole, &corpus::discover_each)
}

fn find(
    global: &super::Global,
    arguments: &Arguments,
    whole: bool,
    discover: &dyn Fn(&Request) -> Result<Vec<Inputs>>,
) -> Result<Vec<Inputs>> {
    let mut paths: Vec<PathBuf> =
        arguments.paths.iter().filter(|path| !is_stdin(path)).cloned().collect();
    let reads_stdin = arguments.reads_stdin();
    let lists_stdin = arguments.files_from.as_deref().is_some_and(is_stdin);
    if reads_stdin && lists_stdin {
        return Err(Error::config("standard input cannot be both an entry and a list of files"));
    }
    if arguments.stdin_filename.is_some() && !reads_stdin {
        return Err(Error::config("`--stdin-filename` names what comes from standard input")
            .with_help("add `-` to the paths"));
    }
    let given = if reads_stdin {
        let name = arguments.stdin_filename.clone().unwrap_or_else(|| STDIN.into());
        Some((name, read_stdin()?))
    } else {
        None
    };
    let mut narrowed = false;
    if let Some(list) = &arguments.files_from {
        let bytes = if is_stdin(list) {
            read_stdin()?
        } else {
            std::fs::read(list).map_err(|error| Error::path("read", list, &error))?
        };
        paths.extend(split_list(&bytes));
        narrowed = true;
    }
    let request = Request { paths, given, whole, ..request(global)? };
    if narrowed && request.paths.is_empty() && request.given.is_none() {
        return nothing(arguments, "the list of files is empty");
    }
    let since = arguments.since.as_deref();
    let is_all = request.paths.is_empty() && request.given.is_none();
    let gone = match since.filter(|_| is_all) {
        Some(revision) => gone(&request, revision)?,
        None => None,
    };
    let mut all = match (discover(&request), &gone) {
        (Err(error), Some(_)) if error.kind() == ErrorKind::NoInput => Vec::new(),
        (Err(error), None) if error.kind() == ErrorKind::NoInput && arguments.allow_empty => {
            return Ok(vec![Inputs::default()]);
        }
        (outcome, _) => outcome?,
    };
    if arguments.tracked {
        for inputs in &mut all {
            since::leave_out_untracked(inputs)?;
        }
    }
    // Where the whole is asked for what has changed, that is a part of it.
    let is_asked = whole && arguments.since.is_some();
    for inputs in &mut all {
        add_not_checked_out(inputs, is_asked.then_some(&request.paths))?;
    }
    if let Some(revision) = since {
        for inputs in &mut all {
            let entries = inputs.loaded.config.entries.clone();
            inputs.add_missing(&entries);
            since::narrow(inputs, revision)?;
            if whole {
                since::say_unread_before(inputs);
            }
            if !inputs.files.iter().any(|file| file.in_scope) && inputs.removed.is_empty() {
                // Nothing changed is an answer, not a mistake.
                inputs.files.clear();
            }
        }
        if let Some(mut gone) = gone {
            // A knowledge base that is still there has told of its own, and one that was moved has lost nothing.
            let held = all.iter().flat_map(|inputs| &inputs.files);
            let held: HashSet<&str> = held.filter_map(|file| file.expected_id.as_deref()).collect();
            gone.removed.retain(|id| !held.contains(&**id));
            gone.gone.retain(|file| {
                let is_told = |path: &PathBuf| all.iter().any(|inputs| inputs.is_entry(path));
                let is_held = file.expected_id.as_deref().is_some_and(|id| held.contains(id));
                !is_held && !file.path.as_ref().is_some_and(is_told)
            });
            all.push(gone);
        }
        return Ok(all);
    }
    let is_empty = |inputs: &Inputs| {
        !inputs.files.iter().any(|file| file.in_scope) && inputs.failures.is_empty()
    };
    if all.iter().all(is_empty) {
        return nothing(arguments, "no .json file was found");
    }
    Ok(all)
}

/// Where no entries are around the working directory: those that were there, or below it, at a revision, and are gone
/// with their folder.
fn gone(request: &Request, revision: &str) -> Result<Option<Inputs>> {
    let mut inputs = corpus::locate_at_any_time(request)?;
    if inputs.root.is_none() || !since::is_gone(&inputs) {
        return Ok(None);
    }
    since::narrow(&mut inputs, revision)?;
    Ok((!inputs.gone.is_empty()).then_some(inputs))
}

/// Adds the entries that a sparse checkout leaves out, of folders that were read whole: they are part of the knowledge
/// base, as git has them. Below `asked` they are in scope; with no path, anywhere.
fn add_not_checked_out(inputs: &mut Inputs, asked: Option<&Vec<PathBuf>>) -> Result<()> {
    let whole = inputs.folders.iter().filter(|folder| inputs.walked.contains(folder));
    let whole: Vec<PathBuf> = whole.cloned().collect();
    let limit = inputs.loaded.config.max_file_size;
    let blobs = git::not_checked_out(&whole, limit, &|path| inputs.is_entry(path))?;
    if blobs.is_empty() {
        return Ok(());
    }
    let asked: Option<Vec<PathBuf>> = asked.map(|paths| {
        let paths = paths.iter().map(|path| inputs.here.join(path));
        paths.map(|path| std::fs::canonicalize(&path).unwrap_or(path)).collect()
    });
    let is_asked = |path: &Path, asked: &Vec<PathBuf>| {
        asked.is_empty() || asked.iter().any(|asked| path.starts_with(asked))
    };
    let known: HashSet<&Path> =
        inputs.files.iter().filter_map(|file| file.path.as_deref()).collect();
    let mut missing = Vec::new();
    for git::Blob { path, bytes } in blobs.into_iter().filter(|blob| !known.contains(&*blob.path)) {
        let name = path.strip_prefix(&inputs.here).unwrap_or(&path).to_string_lossy();
        missing.push(InputFile {
            name: if cfg!(windows) { name.replace('\\', "/") } else { name.into_owned() },
            expected_id: inputs.expected_id(&path),
            in_scope: asked.as_ref().is_some_and(|asked| is_asked(&path, asked)),
            special: bytes.is_none().then_some(Unread::TooLarge { size: None, limit }),
            given: bytes,
            before: None,
            path: Some(path),
        });
    }
    inputs.files.append(&mut missing);
    inputs.files.sort_by(|a, b| a.name.cmp(&b.name));
    inputs.complete = false;
    Ok(())
}

/// The configuration of the knowledge base around the working directory.
pub(super) fn settings(global: &super::Global) -> Result<Loaded> {
    corpus::settings(&request(global)?)
}

/// The knowledge base around the working directory, or the one below it, as it is in any commit, without its files.
pub(super) fn locate_at_any_time(global: &super::Global) -> Result<Inputs> {
    corpus::locate_meant(&request(global)?)
}

/// The knowledge base around the working directory, without its files.
pub(super) fn locate(global: &super::Global) -> Result<Inputs> {
    corpus::locate(&request(global)?)
}

/// What every command asks for.
fn request(global: &super::Global) -> Result<Request> {
    let working_directory = std::env::current_dir()
        .map_err(|error| Error::io(format!("cannot find the working directory: {error}")))?;
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    Ok(Request {
        working_directory,
        home: home.map(PathBuf::from),
        config: global.config.clone(),
        ..Request::default()
    })
}

fn nothing(arguments: &Arguments, message: &str) -> Result<Vec<Inputs>> {
    if arguments.allow_empty {
        return Ok(vec![Inputs::default()]);
    }
    Err(Error::no_input(message).with_help("`--allow-empty` takes that for clean"))
}

/// Refuses to write to knowledge bases that were neither named nor are around the working directory.
pub(super) fn refuse_unnamed(arguments: &Arguments, bases: &[Inputs]) -> Result<()> {
    let is_named = !arguments.paths.is_empty() || arguments.files_from.is_some();
    let is_around =
        |inputs: &Inputs| inputs.root.as_ref().is_none_or(|root| inputs.here.starts_with(root));
    if is_named || bases.iter().all(is_around) {
        return Ok(());
    }
    Err(Error::no_input("there is no knowledge base around the working directory")
        .with_help("name the one below it that is to be written"))
}

pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn read_stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io(format!("cannot read standard input: {error}")))?;
    Ok(bytes)
}

/// Paths separated by NUL if there is one, else by line ends.
fn split_list(bytes: &[u8]) -> Vec<PathBuf> {
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    bytes
        .split(|byte| *byte == separator)
        .map(|name| if separator == b'\n' { name.trim_ascii_end() } else { name })
        .filter(|name| !name.is_empty())
        .map(path_of)
        .collect()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
