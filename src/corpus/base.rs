//! The knowledge bases that paths lie in, each with its own configuration.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::asked::{Asked, Names, canonical};
use super::discover::Request;
use crate::config::{self, Loaded, Place};
use crate::error::{Error, Result};
use crate::visible;

/// Where knowledge bases are.
pub(super) struct Places<'a> {
    /// The working directory, with links resolved.
    pub(super) here: &'a Path,
    /// The configuration that was told, for all of them.
    told: Option<Loaded>,
    home: Option<PathBuf>,
    /// What was found around each folder.
    known: RefCell<HashMap<PathBuf, Place>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(request: &Request, here: &'a Path) -> Result<Self> {
        let told = request.config.as_ref().map(|path| {
            let path = canonical(&here.join(path))?;
            let name = Names::new(here, &[]).of(&path);
            let loaded = config::load(&path, &name)?;
            // Else the root would be any folder that has such a neighbour.
            match loaded.config.entries.iter().find(|folder| Path::new(folder).starts_with("..")) {
                Some(folder) => Err(Error::config(format!(
                    "{}: the folder of entries {} leads out of the knowledge base",
                    visible::name(&name),
                    visible::quote(folder)
                ))
                .with_help("it is counted from the root of the knowledge base, wherever its configuration lies")),
                None => Ok(loaded),
            }
        });
        let home = request.home.as_deref().and_then(|home| fs::canonicalize(home).ok());
        Ok(Self { here, told: told.transpose()?, home, known: RefCell::default() })
    }

    /// Where the knowledge base around a folder is.
    pub(super) fn around(&self, folder: &Path) -> Place {
        if let Some(place) = self.known.borrow().get(folder) {
            return place.clone();
        }
        let entries = self.told.as_ref().map(|told| &told.config.entries[..]);
        let place = config::discover(folder, self.home.as_deref(), entries);
        self.known.borrow_mut().insert(folder.to_owned(), place.clone());
        place
    }

    /// The knowledge bases that a path stands for, each with what of it was asked for: the one around it, and those
    /// below a folder. What is called like a folder of entries there is one if nothing else is meant; below a folder
    /// of a knowledge base it takes a configuration to make another one.
    pub(super) fn of(&self, asked: &Asked) -> Vec<(Place, Asked)> {
        let place = self.around(asked.folder());
        if !asked.is_folder || place.holds(&asked.path) {
            return vec![(place, asked.clone())];
        }
        let mut below = self.below(&asked.path);
        let is_meant = place.is_below(&asked.path);
        if is_meant {
            below.retain(|other| other.file.is_some() && other.root != place.root);
        }
        let narrowed = |place: Place| {
            let asked = asked.narrowed_to(place.root.as_deref().unwrap_or(&asked.path));
            (place, asked)
        };
        let mut found = Vec::new();
        if is_meant || below.is_empty() {
            found.push((place, asked.clone()));
        }
        found.extend(below.into_iter().map(narrowed));
        found
    }

    /// Whether a folder lies in a repository and in no knowledge base, and holds one.
    pub(super) fn are_below(&self, folder: &Path) -> bool {
        let around = self.around(folder);
        around.root.is_some() && !around.is_base && !self.below(folder).is_empty()
    }

    /// The knowledge bases below a folder, in the order of their paths.
    pub(super) fn below(&self, folder: &Path) -> Vec<Place> {
        let around = self.around(folder);
        let walk = WalkBuilder::new(folder)
            .standard_filters(false)
            .hidden(true)
            // Among entries there is no other one.
            .filter_entry(move |item| !around.holds(item.path()))
            .build();
        let folders = walk.filter_map(|item| {
            let item =
                item.ok().filter(|item| item.file_type().is_some_and(|kind| kind.is_dir()))?;
            let place = self.around(item.path());
            (place.is_base && place.root.as_deref() == Some(item.path())).then_some(place)
        });
        let mut found: Vec<Place> = folders.collect();
        found.sort_by(|a, b| a.root.cmp(&b.root));
        found
    }

    /// The configuration of a place.
    pub(super) fn configuration(&self, place: &Place, names: &Names<'_>) -> Result<Loaded> {
        match (&self.told, &place.file) {
            (Some(told), _) => Ok(told.clone()),
            (None, Some(file)) => config::load(file, &names.of(file)),
            (None, None) => Ok(Loaded::default()),
        }
    }
}

/// The folders of entries of a knowledge base, as far as they are there.
#[derive(Debug, Default)]
pub(super) struct Folders {
    pub(super) folders: Vec<PathBuf>,
    /// Links that stand in the way to one; they are not followed.
    pub(super) links: Vec<PathBuf>,
}

impl Folders {
    /// Looks for them. The configuration is a part of what is under review: it must not lead to what lies
    /// outside.
    pub(super) fn new(base: &Path, loaded: &Loaded, names: &Names<'_>) -> Result<Self> {
        let mut found = Self::default();
        for folder in &loaded.config.entries {
            let path = base.join(folder);
            if let Some(link) = first_link(base, &path) {
                found.links.push(link);
                continue;
            }
            let Ok(path) = fs::canonicalize(path) else { continue };
            if !path.starts_with(base) {
                let message = format!(
                    "the folder of entries {} leads out of the knowledge base {}",
                    visible::quote(folder),
                    visible::quote(&names.of(base))
                );
                return Err(
                    Error::config(message).with_help("name the folder as an argument instead")
                );
            }
            found.folders.push(path);
        }
        Ok(found)
    }

    /// The folder of entries that a path lies in.
    pub(super) fn around(&self, path: &Path) -> Option<&Path> {
        self.folders.iter().map(PathBuf::as_path).find(|folder| path.starts_with(folder))
    }
}

/// The first link on the way from the root of a knowledge base to a path below it.
fn first_link(base: &Path, path: &Path) -> Option<PathBuf> {
    let below: Vec<&Path> =
        path.ancestors().take_while(|path| path.starts_with(base) && *path != base).collect();
    let is_link = |path: &&&Path| path.symlink_metadata().is_ok_and(|found| found.is_symlink());
    below.iter().rev().find(is_link).map(|link| (**link).to_owned())
}
