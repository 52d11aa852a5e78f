//! Which files a command is about, and which configuration rules over them.
//!
//! Each path belongs to the knowledge base around it. Where it lies in one of the folders that hold the
//! entries, all of them are read, because ids and links need the whole; only what was named is in scope. A
//! path elsewhere stands for itself.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use super::InputFile;
use super::asked::{Asked, Names, canonical};
use super::base::{Folders, Places};
use super::walk::{Kind, Walk, expected_id};
use crate::config::{Loaded, Place};
use crate::duplicates::{Decisions, Model};
use crate::error::{Error, Result};
use crate::visible;

/// What a command was asked to look at.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Files and folders; none: all of the knowledge base around the working directory, or of those below it.
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
    /// Whether the files lie in no knowledge base, so that nobody knows what they may link to.
    pub is_alone: bool,
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
                let special = file.special.filter(|why| why.is_of_the_name());
                let given = Some(before.clone());
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
        let folder = self.folders.iter().find(|folder| path.starts_with(folder));
        folder.is_some_and(|folder| Kind::of(folder, path, None) == Kind::Entry)
    }

    /// Adds those of some folders below the root that are not there: they may have held entries.
    pub fn add_missing(&mut self, folders: &[String]) {
        let base = self.root.as_ref().unwrap_or(&self.here);
        let folders = folders.iter().map(|folder| base.join(folder));
        let is_missing = |path: &PathBuf| {
            path.symlink_metadata().is_err() && !path.iter().any(|part| part == "..")
        };
        let missing: Vec<PathBuf> = folders.filter(is_missing).collect();
        self.folders.extend(missing);
    }

    /// The path of a file from the root of the knowledge base, with `/` between its parts.
    pub fn from_root(&self, number: usize) -> Option<String> {
        let path = self.files.get(number)?.path.as_deref()?;
        let path = path.strip_prefix(self.root.as_deref()?).ok()?.to_string_lossy();
        Some(if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() })
    }

    /// The id that a path asks for, if it lies in a folder of entries.
    pub fn expected_id(&self, path: &Path) -> Option<String> {
        self.folders.iter().find_map(|folder| expected_id(folder, path))
    }
}

/// Finds the files for a request that is about one knowledge base.
pub fn discover(request: &Request) -> Result<Inputs> {
    let mut all = discover_each(request)?;
    let [first, second, ..] = &all[..] else { return Ok(all.pop().unwrap_or_default()) };
    let root = |inputs: &Inputs| inputs.root.clone().unwrap_or_else(|| inputs.here.clone());
    Err(several(&first.here, &root(first), &root(second)))
}

/// That a command for one knowledge base cannot be about two.
fn several(here: &Path, first: &Path, second: &Path) -> Error {
    let name = |root: &Path| visible::quote(&Names::new(here, &[]).of(root));
    let (first, second) = (name(first), name(second));
    let message = format!("the inputs belong to two knowledge bases: {first} and {second}");
    Error::config(message).with_help("run the command for each by itself")
}

/// Finds the files for a request, by the knowledge base that they belong to: each has its own configuration.
/// There is always one, and they come in the order of their roots. Without paths, in a repository, those below the
/// working directory are meant where it lies in none.
pub fn discover_each(request: &Request) -> Result<Vec<Inputs>> {
    let here = canonical(&request.working_directory)?;
    let places = Places::new(request, &here)?;
    let paths = request.paths.iter().map(|path| (path, false));
    let given = request.given.iter().map(|(path, _)| (path, true));
    let asked = paths.chain(given).map(|(path, is_given)| Asked::new(path, is_given, &places));
    let mut asked = asked.collect::<Result<Vec<Asked>>>()?;
    if asked.is_empty() && places.are_below(&here) {
        asked.push(Asked::new(Path::new("."), false, &places)?);
    }
    let names = Names::new(&here, &asked);
    let mut bases: BTreeMap<Option<PathBuf>, (Place, Vec<Asked>)> = BTreeMap::new();
    let mut elsewhere: Option<(Place, Vec<Asked>)> = None;
    for (place, asked) in asked.iter().flat_map(|asked| places.of(asked)) {
        if place.is_base {
            bases.entry(place.root.clone()).or_insert((place, Vec::new())).1.push(asked);
        } else {
            let (known, list) = elsewhere.get_or_insert((place.clone(), Vec::new()));
            if known.root != place.root {
                *known = Place::default();
            }
            list.push(asked);
        }
    }
    // What belongs to no knowledge base goes with the one that there is.
    let mut bases: Vec<(Place, Vec<Asked>)> = bases.into_values().collect();
    match (elsewhere, &mut bases[..]) {
        (Some((_, list)), [(_, only)]) => only.extend(list),
        (Some(elsewhere), _) => bases.push(elsewhere),
        (None, []) => bases.push((places.around(&here), Vec::new())),
        (None, _) => {}
    }
    let is_shared = request.config.is_some() && bases.len() > 1;
    let inputs_of = |(place, asked): (Place, Vec<Asked>)| {
        let loaded = places.configuration(&place, &names)?;
        let mut inputs = inputs(request, place, loaded, &asked, &names)?;
        // What one of them does not need of a configuration, another may.
        inputs.complete &= !is_shared;
        Ok(inputs)
    };
    bases.into_iter().map(inputs_of).collect()
}

/// The files of one knowledge base.
fn inputs(
    request: &Request,
    place: Place,
    loaded: Loaded,
    asked: &[Asked],
    names: &Names<'_>,
) -> Result<Inputs> {
    let base = place.root.as_deref().unwrap_or(names.here);
    let found = Folders::new(base, &loaded, names)?;
    let folders = &found.folders;
    // A folder that holds the folders of entries, such as the root, stands for them.
    let is_above = |asked: &Asked| {
        let mut below = folders.iter().chain(&found.links);
        asked.is_folder && below.any(|folder| folder.starts_with(&asked.path))
    };
    let is_link = |asked: &Asked| found.links.contains(&asked.path);
    let in_base =
        |asked: &Asked| found.around(&asked.path).is_some() || is_above(asked) || is_link(asked);
    if asked.is_empty() && folders.is_empty() && found.links.is_empty() {
        let wanted = loaded.config.entries.join("`, `");
        let (place, above) = if place.is_base { (base, "") } else { (names.here, " or above it") };
        let message = format!("there is no folder `{wanted}` in {}{above}", names.of(place));
        return Err(Error::no_input(message).with_help(
            "name the files or folders to check, or run `errlore` in the knowledge base",
        ));
    }
    let mut walk = Walk::new(names, place.file.as_deref());
    // A text without a name may link to what is there.
    let is_about_base =
        |asked: &Asked| in_base(asked) || (asked.is_unnamed() && !folders.is_empty());
    let reads_base = asked.is_empty() || asked.iter().any(is_about_base);
    let paths: HashSet<&Path> = asked.iter().map(|asked| &*asked.path).collect();
    let is_asked =
        |path: &Path| paths.is_empty() || path.ancestors().any(|above| paths.contains(above));
    if reads_base && (request.whole || asked.is_empty()) {
        for folder in folders {
            walk.folder(folder, folder, &is_asked);
        }
    } else {
        for asked in asked.iter().filter(|asked| asked.is_folder) {
            if let Some(folder) = found.around(&asked.path) {
                walk.folder(&asked.path, folder, &|_| true);
            } else {
                for folder in folders.iter().filter(|folder| folder.starts_with(&asked.path)) {
                    walk.folder(folder, folder, &|_| true);
                }
            }
        }
    }
    for link in found.links.iter().filter(|link| is_asked(link)) {
        walk.file(link, None, true);
    }
    for asked in asked {
        if !asked.is_folder {
            let folder = found.around(&asked.path).filter(|_| !asked.is_unnamed());
            walk.file(&asked.path, folder, true);
        } else if !in_base(asked) && !place.is_below(&asked.path) {
            walk.folder(&asked.path, &asked.path, &|_| true);
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
    let given = asked.iter().find(|asked| asked.is_given);
    if let (Some((_, bytes)), Some(asked)) = (&request.given, given) {
        give(&mut files, asked, bytes);
    }
    let is_alone = !place.is_base && found.folders.is_empty() && walked.is_empty();
    let complete = reads_base && files.iter().all(|file| file.in_scope);
    let files_asked = asked.iter().filter(|asked| !asked.is_folder);
    Ok(Inputs {
        here: names.here.to_owned(),
        files,
        walked,
        named: files_asked.map(|asked| asked.path.clone()).collect(),
        complete,
        failures,
        loaded,
        folders: found.folders,
        is_alone,
        root: place.root,
        ..Inputs::default()
    })
}

/// Puts the text from standard input in the place of its file. Without a name it stands for the file of the id
/// that it holds.
fn give(files: &mut Vec<InputFile>, asked: &Asked, bytes: &[u8]) {
    let is_given = |file: &InputFile| file.path.as_ref() == Some(&asked.path);
    let Some(file) = files.iter_mut().find(|file| is_given(file)) else { return };
    file.given = Some(bytes.to_vec());
    // What is at its place is of no matter, but its name is.
    file.special = file.special.filter(|why| why.is_of_the_name());
    let id = || -> Option<String> {
        let entry: serde_json::Value = serde_json::from_slice(bytes).ok()?;
        Some(entry.get("id")?.as_str()?.to_owned())
    };
    if let (true, Some(id)) = (asked.is_unnamed(), id()) {
        let is_older = |file: &InputFile| !file.in_scope && file.expected_id.as_ref() == Some(&id);
        files.retain(|file| is_given(file) || !is_older(file));
    }
}

/// The knowledge base around the working directory: all that [`discover`] finds but the files.
pub fn locate(request: &Request) -> Result<Inputs> {
    let here = canonical(&request.working_directory)?;
    locate_from(request, &here, &here)
}

/// The same; where none is around, the one below it is meant, as it is where its entries are looked for.
pub fn locate_meant(request: &Request) -> Result<Inputs> {
    let here = canonical(&request.working_directory)?;
    let places = Places::new(request, &here)?;
    let below = if places.are_below(&here) { places.below(&here) } else { Vec::new() };
    let roots: Vec<&Path> = below.iter().filter_map(|place| place.root.as_deref()).collect();
    let inputs = match roots[..] {
        [first, second, ..] => return Err(several(&here, first, second)),
        [only] => locate_from(request, &here, only)?,
        [] => locate(request)?,
    };
    Ok(at_any_time(inputs))
}

fn locate_from(request: &Request, here: &Path, from: &Path) -> Result<Inputs> {
    let names = Names::new(here, &[]);
    let places = Places::new(request, here)?;
    let place = places.around(from);
    let loaded = places.configuration(&place, &names)?;
    let found = Folders::new(place.root.as_deref().unwrap_or(here), &loaded, &names)?;
    let (root, folders) = (place.root, found.folders);
    Ok(Inputs { root, here: here.to_owned(), loaded, folders, ..Inputs::default() })
}

/// The same with folders of entries that are not there now: at another time they may have been.
pub fn locate_at_any_time(request: &Request) -> Result<Inputs> {
    locate(request).map(at_any_time)
}

fn at_any_time(mut inputs: Inputs) -> Inputs {
    let folders = inputs.loaded.config.entries.clone();
    inputs.add_missing(&folders);
    inputs
}

/// The configuration that holds around the working directory.
pub fn settings(request: &Request) -> Result<Loaded> {
    let here = canonical(&request.working_directory)?;
    let places = Places::new(request, &here)?;
    places.configuration(&places.around(&here), &Names::new(&here, &[]))
}
