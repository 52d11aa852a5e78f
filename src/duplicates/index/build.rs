//! Writing an index.

use std::io::{self, Write};
use std::sync::Arc;

use rayon::prelude::*;

use super::super::base::{Base, in_order};
use super::super::candidates::{Key, MOST_MET};
use super::super::digest::Digest;
use super::super::identity::{Identities, Links};
use super::super::statistics::Statistics;
use super::format::{MAGIC, Place, SECTIONS, Source, Writer, encoded};
use super::{BLOCKS_A_PAGE, Beside, Block, ENTRIES_A_PAGE, Index, MADE_BY, Section};

/// Writes an index of entries, each with a number by which the caller knows it. `state` is given these
/// numbers in the order of the records, and says what is to be put down of the state of the entries.
pub fn write(
    mut entries: Vec<(Digest, usize)>,
    out: impl Write,
    state: impl FnOnce(&[usize]) -> io::Result<Vec<u8>>,
) -> io::Result<()> {
    /// So many digests are encoded at a time.
    const AT_A_TIME: usize = 4096;
    entries.par_sort_by(|a, b| in_order(&a.0, &b.0));
    let mut out = Writer::new(out)?;
    let mut records = Vec::with_capacity(entries.len());
    for some in entries.chunks(AT_A_TIME) {
        let bytes: Vec<_> = some.par_iter().map(|(digest, _)| encoded(digest)).collect();
        for bytes in bytes {
            records.push(out.bytes(&bytes?)?);
        }
    }
    let (mut digests, numbers): (Vec<Digest>, Vec<usize>) = entries.into_iter().unzip();
    let mut sections = [Place::default(); SECTIONS];
    sections[Section::Records as usize] = out.places(&records)?;
    drop(records);

    let statistics = Arc::new(Statistics::of(&digests));
    sections[Section::Statistics as usize] = out.value(&*statistics)?;
    let runs = statistics.runs();
    let links: Vec<Links> =
        digests.par_iter_mut().map(|digest| Links::take(digest, runs)).collect();
    let identities = Identities::of(&digests, links.clone());
    let base = Base::of(digests, Arc::clone(&statistics), identities);
    let aliases = base.identities.aliases(&base.entries);
    sections[Section::Aliases as usize] = out.value(&aliases)?;

    let keys = base.keys_of_entries();
    base.candidates_by(&keys);
    // A larger block is never looked at, nor is one that is larger still.
    let blocks = keys.chunk_by(|a, b| a.name == b.name).filter(|block| block.len() <= MOST_MET);
    let blocks: Vec<&[Key]> = blocks.collect();
    let (mut names, mut places) = (Vec::new(), Vec::new());
    for some in blocks.chunks(AT_A_TIME * BLOCKS_A_PAGE) {
        let pages: Vec<_> =
            some.par_chunks(BLOCKS_A_PAGE).map(|page| encoded(&members(page))).collect();
        names.extend(some.chunks(BLOCKS_A_PAGE).flat_map(|page| page[0][0].name.to_le_bytes()));
        for page in pages {
            places.push(out.bytes(&page?)?);
        }
    }
    sections[Section::BlockNames as usize] = out.bytes(&names)?;
    sections[Section::Blocks as usize] = out.places(&places)?;

    places.clear();
    let neighbours = base.neighbours();
    for (page, links) in links.chunks(ENTRIES_A_PAGE).enumerate() {
        let of = |(at, links): (usize, &Links)| {
            let mut links = links.clone();
            let number = page * ENTRIES_A_PAGE + at;
            links.aliases.retain(|alias| base.resolve(alias.as_str()) == Some(number));
            (neighbours.of(number).to_vec(), links)
        };
        let beside: Vec<Beside> = links.iter().enumerate().map(of).collect();
        places.push(out.value(&beside)?);
    }
    sections[Section::Beside as usize] = out.places(&places)?;
    sections[Section::State as usize] = out.bytes(&state(&numbers)?)?;
    out.finish(&sections, *MADE_BY)
}

/// The members of blocks, as they are kept.
fn members(blocks: &[&[Key]]) -> Vec<Block> {
    let of =
        |block: &&[Key]| (block[0].name, block.iter().map(|key| (key.entry, key.weight)).collect());
    blocks.iter().map(of).collect()
}

/// Writes an index again, with another state of the entries.
pub fn restamp<S: Source>(index: &Index<S>, state: &[u8], out: impl Write) -> io::Result<()> {
    const AT_A_TIME: usize = 1 << 20;
    let mut out = Writer::new(out)?;
    let mut sections = index.sections;
    // The state comes last, so that the places of all else stay.
    let end = sections[Section::State as usize].offset;
    let mut offset = MAGIC.len() as u64;
    while offset < end {
        let length = usize::try_from(end - offset).unwrap_or(AT_A_TIME).min(AT_A_TIME);
        let bytes = index.source.read_at(offset, length);
        let bytes = bytes.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        out.bytes(&bytes)?;
        offset += bytes.len() as u64;
    }
    sections[Section::State as usize] = out.bytes(state)?;
    out.finish(&sections, *MADE_BY)
}
