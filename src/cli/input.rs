//! What a command line names: paths, lists of paths, standard input, a revision.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use errlore::config::Loaded;
use errlore::corpus::{self, InputFile, Inputs, Request, STDIN};
use errlore::{Error, ErrorKind, Result, git};

#[derive(Clone, Debug, Default, Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Files and folders, or `-` for standard input [default: the whole knowledge base]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Only what has changed since the merge base of HEAD and this revision
    #[arg(long, value_name = "REV", env = "ERRLORE_SINCE", hide_env = true)]
    pub(super) since: Option<String>,
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
    Ok(all.into_iter().next().unwrap_or_default())
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
    let mut all = match discover(&request) {
        Err(error) if error.kind() == ErrorKind::NoInput && arguments.allow_empty => {
            return Ok(vec![Inputs::default()]);
        }
        outcome => outcome?,
    };
    if let Some(revision) = &arguments.since {
        for inputs in &mut all {
            narrow(inputs, &request.working_directory, revision)?;
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

/// Leaves in scope what has changed since the merge base with a revision.
fn narrow(inputs: &mut Inputs, folder: &Path, revision: &str) -> Result<()> {
    let git::Changes { changed, added, removed } = git::changed_since(folder, revision)?;
    inputs.removed = removed.iter().filter_map(|path| inputs.expected_id(path)).collect();
    for file in &mut inputs.files {
        let is_changed = file.path.as_ref().is_some_and(|path| changed.binary_search(path).is_ok());
        file.in_scope &= is_changed;
    }
    add_older(inputs, folder, revision, &removed)?;
    inputs.added = added;
    inputs.complete = false;
    if !inputs.files.iter().any(|file| file.in_scope) && inputs.removed.is_empty() {
        // Nothing changed is an answer, not a mistake.
        inputs.files.clear();
    }
    Ok(())
}

/// Adds what the files in scope held at the merge base with a revision, and the entries that are gone since.
fn add_older(
    inputs: &mut Inputs,
    folder: &Path,
    revision: &str,
    removed: &[PathBuf],
) -> Result<()> {
    let limit = inputs.loaded.config.max_file_size;
    let files = inputs.files.iter().enumerate().filter(|(_, file)| file.in_scope);
    let numbers: HashMap<PathBuf, usize> =
        files.filter_map(|(number, file)| Some((file.path.clone()?, number))).collect();
    let is_gone = |path: &Path| {
        removed.binary_search_by(|removed| removed.as_path().cmp(path)).is_ok()
            && inputs.is_entry(path)
    };
    let wanted = |path: &Path| numbers.contains_key(path) || is_gone(path);
    for git::Blob { path, bytes } in git::blobs_before(folder, revision, limit, wanted)? {
        if let Some(number) = numbers.get(&path) {
            inputs.files[*number].before = bytes;
        } else {
            inputs.gone.push(InputFile {
                name: path.to_string_lossy().into_owned(),
                expected_id: inputs.expected_id(&path),
                path: Some(path),
                in_scope: true,
                special: None,
                given: bytes,
                before: None,
            });
        }
    }
    inputs.gone.retain(|file| file.given.is_some());
    Ok(())
}

/// The configuration of the knowledge base around the working directory.
pub(super) fn settings(global: &super::Global) -> Result<Loaded> {
    corpus::settings(&request(global)?)
}

/// The knowledge base around the working directory as it is in any commit, without its files.
pub(super) fn locate_at_any_time(global: &super::Global) -> Result<Inputs> {
    corpus::locate_at_any_time(&request(global)?)
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
