//! How an index is laid out: items one after another, sections with what leads to them, and at the end
//! where those are. Nothing is used before its checksum is right.

use std::io::{self, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::checksum::checksum;

/// What an index begins with.
pub(super) const MAGIC: &[u8; 16] = b"errlore index 2\n";

/// Where the bytes of an index are read from.
pub trait Source {
    /// How many there are.
    fn length(&self) -> u64;

    /// So many bytes from a place on; nothing where they cannot be read.
    fn read_at(&self, offset: u64, length: usize) -> Option<Vec<u8>>;
}

impl Source for &[u8] {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, length: usize) -> Option<Vec<u8>> {
        let offset = usize::try_from(offset).ok()?;
        self.get(offset..offset.checked_add(length)?).map(<[u8]>::to_vec)
    }
}

/// Where an item is, and its checksum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) offset: u64,
    pub(super) length: u64,
    pub(super) checksum: u64,
}

impl Place {
    const BYTES: usize = 24;

    fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        for (to, number) in bytes.chunks_exact_mut(8).zip([self.offset, self.length, self.checksum])
        {
            to.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        let number = |at: usize| {
            let bytes = bytes.get(8 * at..8 * at + 8).and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(0, u64::from_le_bytes)
        };
        Self { offset: number(0), length: number(1), checksum: number(2) }
    }

    /// Reads what is there, if it is what was written.
    pub(super) fn read(self, source: &impl Source) -> Option<Vec<u8>> {
        let end = self.offset.checked_add(self.length)?;
        if end > source.length() {
            return None;
        }
        let bytes = source.read_at(self.offset, usize::try_from(self.length).ok()?)?;
        (checksum(&bytes) == self.checksum).then_some(bytes)
    }

    /// Reads a value.
    pub(super) fn value<T: DeserializeOwned>(self, source: &impl Source) -> Option<T> {
        postcard::from_bytes(&self.read(source)?).ok()
    }
}

/// Places one after another.
pub(super) fn places(bytes: &[u8]) -> Vec<Place> {
    bytes.chunks_exact(Place::BYTES).map(Place::from_bytes).collect()
}

/// Writes an index.
pub(super) struct Writer<W> {
    out: W,
    offset: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(mut out: W) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        Ok(Self { out, offset: MAGIC.len() as u64 })
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> io::Result<Place> {
        let (offset, length) = (self.offset, bytes.len() as u64);
        self.out.write_all(bytes)?;
        self.offset += length;
        Ok(Place { offset, length, checksum: checksum(bytes) })
    }

    pub(super) fn value(&mut self, value: &impl Serialize) -> io::Result<Place> {
        self.bytes(&encoded(value)?)
    }

    pub(super) fn places(&mut self, places: &[Place]) -> io::Result<Place> {
        let bytes: Vec<u8> = places.iter().flat_map(|place| place.to_bytes()).collect();
        self.bytes(&bytes)
    }

    /// Writes the end: where the sections are.
    pub(super) fn finish(mut self, sections: &[Place; SECTIONS], made_by: u64) -> io::Result<()> {
        self.out.write_all(&trailer(sections, made_by))?;
        self.out.flush()
    }
}

pub(super) fn encoded(value: &impl Serialize) -> io::Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(io::Error::other)
}

/// How many sections there are.
pub(super) const SECTIONS: usize = 7;
/// How long the end of an index is, in bytes.
const TRAILER: usize = SECTIONS * Place::BYTES + 16;

fn trailer(sections: &[Place; SECTIONS], made_by: u64) -> Vec<u8> {
    let mut bytes: Vec<u8> = sections.iter().flat_map(|place| place.to_bytes()).collect();
    bytes.extend_from_slice(&made_by.to_le_bytes());
    bytes.extend_from_slice(&checksum(&bytes).to_le_bytes());
    bytes
}

/// Reads the end of an index: where the sections are, and by which build it was made.
pub(super) fn read_trailer(source: &impl Source) -> Option<([Place; SECTIONS], u64)> {
    let offset = source.length().checked_sub(TRAILER as u64)?;
    let bytes = source.read_at(offset, TRAILER)?;
    let (bytes, sum) = bytes.split_at(TRAILER - 8);
    if checksum(bytes).to_le_bytes() != sum {
        return None;
    }
    let (sections, made_by) = bytes.split_at(SECTIONS * Place::BYTES);
    let sections = places(sections).try_into().ok()?;
    Some((sections, u64::from_le_bytes(made_by.try_into().ok()?)))
}
