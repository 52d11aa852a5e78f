//! Which files a command is about.
//!
//! The root of the knowledge base is found from the first path, or from the working directory. Where
//! a path lies in one of the folders that hold its entries, all of them are read, because ids and
//! links need the whole; only what was named is in scope. A path elsewhere stands for itself.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::InputFile;
use crate::config::{self, Loaded};
use crate::duplicates::{Decisions, Model};
use crate::error::{Error, Result};
use crate::visible;

/// The name of a text from standard input that was given no other.
pub const STDIN: &str = "<stdin>";

/// What a command was asked to look at.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Files and folders; none: all of the knowledge base around the working directory.
    pub paths: Vec<PathBuf>,
    /// A text instead of a file: its name and content. It stands in for the file of that name.
    pub given: Option<(PathBuf, Vec<u8>)>,
    /// The working directory, absolute.
    pub working_directory: PathBuf,
    /// The home folder, where no configuration is looked for.
    pub home: Option<PathBuf>,
    /// The configuration file, where it was named.
    pub config: Option<PathBuf>,
    /// Whether what is out of scope must be read too.
    pub whole: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The root of the knowledge base, if there is one.
    pub root: Option<PathBuf>,
    /// The working directory, with links resolved.
    pub here: PathBuf,
    /// Its configuration.
    pub loaded: Loaded,
    /// The folders that hold its entries.
    pub folders: Vec<PathBuf>,
    /// The files, by name.
    pub files: Vec<InputFile>,
    /// The folders that were walked, in no order.
    pub walked: Vec<PathBuf>,
    /// The files that were named, as against those that were found in a folder.
    pub named: Vec<PathBuf>,
    /// Whether each file of the knowledge base is in scope.
    pub complete: bool,
    /// The ids of entries that are gone since the revision that the scope is counted from.
    pub removed: HashSet<String>,
    /// The files of those entries, with what they held.
    pub gone: Vec<InputFile>,
    /// What people have decided about entries that look like duplicates.
    pub decisions: Decisions,
    /// The weights that the knowledge base compares its entries with, if they are not those of errlore.
    pub weights: Option<Model>,
    /// The files that are new since that revision, by their paths, sorted.
    pub added: Vec<PathBuf>,
    /// What could not be walked.
    pub failures: Vec<Error>,
}

impl Inputs {
    /// The files as they were at the revision that the scope is counted from, as far as that is known; what differs
    /// is in scope.
    #[must_use]
    pub fn before(&self) -> Self {
        let is_added = |file: &InputFile| {
            file.path.as_ref().is_some_and(|path| self.added.binary_search(path).is_ok())
        };
        let as_it_was = |file: &InputFile| match &file.before {
            Some(before) => {
                let (given, special) = (Some(before.clone()), None);
                Some(InputFile { given, special, before: None, ..file.clone() })
            }
            None => (!file.in_scope && !is_added(file)).then(|| file.clone()),
        };
        let stayed = self.files.iter().filter_map(as_it_was);
        let mut files: Vec<InputFile> = stayed.chain(self.gone.iter().cloned()).collect();
        files.sort_unstable_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
        Self {
            root: self.root.clone(),
            here: self.here.clone(),
            folders: self.folders.clone(),
            files,
            decisions: self.decisions.clone(),
            weights: self.weights.clone(),
            ..Self::default()
        }
    }

    /// Whether a path is that of an entry: a visible file of JSON in a folder of entries, there or not.
    pub fn is_entry(&self, path: &Path) -> bool {
        let Some(id) = self.expected_id(path) else { return false };
        let is_hidden = id.split('/').any(|part| part.starts_with('.'));
        !is_hidden && path.extension().is_some_and(|extension| extension == "json")
    }

    /// The id that a path asks for, if it lies in a folder of entries.
    pub fn expected_id(&self, path: &Path) -> Option<String> {
        self.folders.iter().find_map(|folder| expected_id(folder, path))
    }
}

/// Finds the files for a request.
pub fn discover(request: &Request) -> Result<Inputs> {
    let here = canonical(&request.working_directory)?;
    let mut asked: Vec<Asked> = Vec::new();
    for path in request.paths.iter().chain(request.given.iter().map(|(path, _)| path)) {
        asked.push(Asked::new(path, &here)?);
    }
    let names = Names { here: &here, asked: &asked };
    let (root, loaded) = base(request, &names)?;
    let mut walk = Walk { names, files: Vec::new(), walked: Vec::new(), failures: Vec::new() };

    let base = root.clone().unwrap_or_else(|| here.clone());
    let folders = entry_folders(&base, &loaded, &walk.names)?;
    let folder_of = |path: &Path| folders.iter().find(|folder| path.starts_with(folder)).cloned();
    // A folder that holds the folders of entries, such as the root, stands for them.
    let holds_base = |asked: &Asked| {
        asked.is_folder && folders.iter().any(|folder| folder.starts_with(&asked.path))
    };
    let in_base = |asked: &Asked| folder_of(&asked.path).is_some() || holds_base(asked);
    if asked.is_empty() && folders.is_empty() {
        let wanted = loaded.config.entries.join("`, `");
        return Err(Error::no_input(format!(
            "there is no folder `{wanted}` in {}",
            walk.names.of(&base)
        ))
        .with_help("name the files or folders to check, or run `errlore` in the knowledge base"));
    }
    let reads_base = asked.is_empty() || asked.iter().any(in_base);
    let mut complete = reads_base;
    if reads_base {
        let everything = request.whole || asked.is_empty();
        for folder in &folders {
            let scoped = |path: &Path| {
                asked.is_empty() || asked.iter().any(|asked| path.starts_with(&asked.path))
            };
            if everything {
                walk.folder(folder, Some(folder), &scoped);
            }
        }
        if !everything {
            for asked in asked.iter().filter(|asked| in_base(asked)) {
                let folder = folder_of(&asked.path);
                match (asked.is_folder, &folder) {
                    (true, Some(folder)) => walk.folder(&asked.path, Some(folder), &|_| true),
                    (true, None) => {
                        for folder in folders.iter().filter(|f| f.starts_with(&asked.path)) {
                            walk.folder(folder, Some(folder), &|_| true);
                        }
                    }
                    (false, _) => {}
                }
            }
        }
    }
    // Outside of a knowledge base, a folder of the usual name is taken for one of entries.
    let usual = |path: &Path| {
        let is_usual = |folder: &&Path| {
            loaded.config.entries.iter().any(|name| folder.file_name() == Some(OsStr::new(name)))
        };
        path.ancestors().find(is_usual).map(Path::to_owned)
    };
    for asked in &asked {
        let folder = folder_of(&asked.path).filter(|_| asked.written != Path::new(STDIN));
        if !asked.is_folder {
            walk.file(&asked.path, folder.as_deref(), true);
        } else if !in_base(asked) {
            let root = usual(&asked.path).unwrap_or_else(|| asked.path.clone());
            walk.folder(&asked.path, Some(&root), &|_| true);
        }
    }
    let Walk { mut files, walked, mut failures, .. } = walk;
    failures.sort_by_key(ToString::to_string);
    files.sort_unstable_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
    // A file may have been named, and walked upon as well.
    files.dedup_by(|again, first| {
        let same = again.path == first.path;
        first.in_scope |= same && again.in_scope;
        same
    });
    if let (Some((_, bytes)), Some(asked)) = (&request.given, asked.last())
        && let Some(file) = files.iter_mut().find(|file| file.path.as_ref() == Some(&asked.path))
    {
        (file.given, file.special) = (Some(bytes.clone()), None);
    }
    complete &= files.iter().all(|file| file.in_scope);
    Ok(Inputs {
        root,
        here: here.clone(),
        loaded,
        folders,
        files,
        walked,
        named: asked.iter().filter(|path| !path.is_folder).map(|path| path.path.clone()).collect(),
        complete,
        removed: HashSet::new(),
        gone: Vec::new(),
        decisions: Decisions::default(),
        weights: None,
        added: Vec::new(),
        failures,
    })
}

/// The folders that hold the entries, as far as they are there. The configuration is a part of what is
/// under review: it must not lead to what lies outside.
fn entry_folders(base: &Path, loaded: &Loaded, names: &Names<'_>) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for folder in &loaded.config.entries {
        let Ok(path) = fs::canonicalize(base.join(folder)) else { continue };
        if !path.starts_with(base) {
            let message = format!(
                "the folder of entries {} leads out of the knowledge base {}",
                visible::quote(folder),
                visible::quote(&names.of(base))
            );
            return Err(Error::config(message).with_help("name the folder as an argument instead"));
        }
        folders.push(path);
    }
    Ok(folders)
}

/// The knowledge base around the working directory: all that [`discover`] finds but the files.
pub fn locate(request: &Request) -> Result<Inputs> {
    let here = canonical(&request.working_directory)?;
    let names = Names { here: &here, asked: &[] };
    let (root, loaded) = base(request, &names)?;
    let folders = entry_folders(root.as_ref().unwrap_or(&here), &loaded, &names)?;
    Ok(Inputs { root, here: here.clone(), loaded, folders, ..Inputs::default() })
}

/// The same with folders of entries that are not there now: at another time they may have been.
pub fn locate_at_any_time(request: &Request) -> Result<Inputs> {
    let mut inputs = locate(request)?;
    let base = inputs.root.as_ref().unwrap_or(&inputs.here);
    let folders = inputs.loaded.config.entries.iter().map(|folder| base.join(folder));
    let is_missing = |path: &PathBuf| !path.exists() && !path.iter().any(|part| part == "..");
    let missing: Vec<PathBuf> = folders.filter(is_missing).collect();
    inputs.folders.extend(missing);
    Ok(inputs)
}

/// The configuration that holds around the first path of a request, or around the working directory.
pub fn settings(request: &Request) -> Result<Loaded> {
    let here = canonical(&request.working_directory)?;
    base(request, &Names { here: &here, asked: &[] }).map(|(_, loaded)| loaded)
}

/// The root of the knowledge base and its configuration.
fn base(request: &Request, names: &Names<'_>) -> Result<(Option<PathBuf>, Loaded)> {
    let start = names.asked.first().map_or(names.here, |asked| asked.folder());
    let home = request.home.as_deref().and_then(|home| fs::canonicalize(home).ok());
    let (root, found) = config::discover(start, home.as_deref());
    match (&request.config, found) {
        (Some(path), _) => {
            let path = canonical(&request.working_directory.join(path))?;
            let loaded = config::load(&path, &names.of(&path))?;
            Ok((path.parent().map(Path::to_owned).or(root), loaded))
        }
        (None, Some(path)) => Ok((root, config::load(&path, &names.of(&path))?)),
        (None, None) => Ok((root, Loaded::default())),
    }
}

fn canonical(path: &Path) -> Result<PathBuf> {
    fs::canonicalize(path).map_err(|error| Error::path("find", path, &error))
}

/// A path that was named.
struct Asked {
    /// As it was written.
    written: PathBuf,
    /// Absolute, with links resolved in all but the last part of a file's path.
    path: PathBuf,
    is_folder: bool,
}

impl Asked {
    fn new(written: &Path, here: &Path) -> Result<Self> {
        let absolute = here.join(written);
        let is_folder = absolute.is_dir();
        let path = match (absolute.parent(), absolute.file_name()) {
            (Some(parent), Some(name)) if !is_folder => fs::canonicalize(parent)
                .map_or_else(|_| absolute.clone(), |parent| parent.join(name)),
            _ => canonical(&absolute)?,
        };
        Ok(Self { written: written.to_owned(), path, is_folder })
    }

    fn folder(&self) -> &Path {
        if self.is_folder { &self.path } else { self.path.parent().unwrap_or(&self.path) }
    }
}

/// How reports call a file: by its path from the working directory, or as it was written.
struct Names<'a> {
    here: &'a Path,
    asked: &'a [Asked],
}

impl Names<'_> {
    fn of(&self, path: &Path) -> String {
        if path == self.here {
            return ".".to_owned();
        }
        let name = path.strip_prefix(self.here).map_or_else(
            |_| {
                let asked = self.asked.iter().find_map(|asked| {
                    let rest = path.strip_prefix(&asked.path).ok()?;
                    Some(if rest.as_os_str().is_empty() {
                        asked.written.clone()
                    } else {
                        asked.written.join(rest)
                    })
                });
                asked.unwrap_or_else(|| path.to_owned())
            },
            Path::to_owned,
        );
        let name = name.to_string_lossy();
        if cfg!(windows) { name.replace('\\', "/") } else { name.into_owned() }
    }
}

struct Walk<'a> {
    names: Names<'a>,
    files: Vec<InputFile>,
    walked: Vec<PathBuf>,
    failures: Vec<Error>,
}

impl Walk<'_> {
    /// Adds the `.json` files below a folder.
    fn folder(
        &mut self,
        folder: &Path,
        root: Option<&Path>,
        scoped: &(dyn Fn(&Path) -> bool + Sync),
    ) {
        let walk = WalkBuilder::new(folder)
            // Every file there is an entry: one that .gitignore names can be committed all the same.
            .standard_filters(false)
            .hidden(true)
            .threads(rayon::current_num_threads())
            .build_parallel();
        let found = Mutex::new((Vec::new(), Vec::new(), Vec::new()));
        walk.run(|| {
            Box::new(|entry| {
                let is_entry = |entry: &DirEntry| {
                    entry.path().extension().is_some_and(|extension| extension == "json")
                        && !entry.file_type().is_some_and(|kind| kind.is_dir())
                };
                match entry {
                    Ok(entry) if is_entry(&entry) => lock(&found).0.push(entry),
                    Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {
                        lock(&found).1.push(entry.into_path());
                    }
                    Ok(_) => {}
                    Err(error) => lock(&found).2.push(Error::io(format!("cannot walk: {error}"))),
                }
                WalkState::Continue
            })
        });
        let (files, walked, failures) = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.failures.extend(failures);
        self.walked.extend(walked);
        self.files.reserve(files.len());
        for file in files {
            let (in_scope, special) = (scoped(file.path()), file.file_type().and_then(special));
            self.add(file.into_path(), root, in_scope, special);
        }
    }

    /// Adds a file that was named.
    fn file(&mut self, path: &Path, root: Option<&Path>, in_scope: bool) {
        let special =
            fs::symlink_metadata(path).ok().and_then(|metadata| special(metadata.file_type()));
        self.add(path.to_owned(), root, in_scope, special);
    }

    fn add(
        &mut self,
        path: PathBuf,
        root: Option<&Path>,
        in_scope: bool,
        special: Option<&'static str>,
    ) {
        let expected_id = root.and_then(|root| expected_id(root, &path));
        let name = self.names.of(&path);
        self.files.push(InputFile {
            path: Some(path),
            name,
            expected_id,
            in_scope,
            special,
            given: None,
            before: None,
        });
    }
}

/// The id of the entry that should be in a file below a folder of entries.
fn expected_id(folder: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(folder).ok()?.with_extension("");
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    Some(parts.join("/"))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a file is that must not be read: following a link could show what lies outside of the
/// knowledge base, and a pipe could block for ever.
fn special(kind: fs::FileType) -> Option<&'static str> {
    if kind.is_file() {
        None
    } else if kind.is_symlink() {
        Some("a symbolic link")
    } else {
        Some("neither a file nor a folder")
    }
}
