//! A log, read line by line in batches: lines without their ends, each up to what is looked at of it.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
use std::path::Path;

use errlore::{Error, Result, visible};

use super::output;

/// A line is looked at up to here, in bytes; a message is shorter.
const LONGEST: u64 = 64 << 10;
/// So many bytes are read at a time.
const BATCH: usize = 8 << 20;

/// A log that is being read.
pub(super) struct Log {
    reader: BufReader<Box<dyn Read>>,
    /// Whether it may still be written: what is there is answered before more is waited for.
    is_live: bool,
    name: String,
    /// How many lines have been read.
    lines: usize,
    /// How many of them were cut.
    cut: usize,
}

/// Some lines of a log. It is filled again and again, so that its memory is asked for once.
#[derive(Default)]
pub(super) struct Batch {
    bytes: Vec<u8>,
    /// Where each line stands.
    lines: Vec<Range<usize>>,
    /// The number of the first, from 1.
    first: usize,
}

impl Batch {
    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The line of an index, with its number; what is not UTF-8 in it is replaced.
    pub(super) fn line(&self, index: usize) -> (usize, Cow<'_, str>) {
        (self.first + index, String::from_utf8_lossy(&self.bytes[self.lines[index].clone()]))
    }

    /// All lines.
    pub(super) fn lines(&self) -> Vec<(usize, Cow<'_, str>)> {
        (0..self.len()).map(|index| self.line(index)).collect()
    }
}

impl Log {
    /// Opens a file, or standard input for `-`.
    pub(super) fn open(path: &Path) -> Result<Self> {
        if path.as_os_str() == "-" {
            return Ok(Self::new(Box::new(io::stdin().lock()), "<stdin>".to_owned(), true));
        }
        let file = File::open(path).map_err(|error| Error::path("read", path, &error))?;
        Ok(Self::new(Box::new(file), path.to_string_lossy().into_owned(), false))
    }

    fn new(source: Box<dyn Read>, name: String, is_live: bool) -> Self {
        let reader = BufReader::with_capacity(1 << 20, source);
        Self { reader, is_live, name, lines: 0, cut: 0 }
    }

    /// How messages call it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Puts the next lines into a batch; false at the end, where it is said how many lines were cut.
    pub(super) fn fill(&mut self, batch: &mut Batch) -> Result<bool> {
        batch.bytes.clear();
        batch.lines.clear();
        batch.first = self.lines + 1;
        // A line that is short takes more than its text.
        let size = |batch: &Batch| {
            batch.bytes.len() + batch.lines.len() * size_of::<(Range<usize>, usize, Cow<'_, str>)>()
        };
        while size(batch) < BATCH {
            let is_there = self.read_line(batch).map_err(|error| {
                Error::io(format!("cannot read {}: {error}", visible::name(&self.name)))
            })?;
            let is_all = self.is_live && self.reader.buffer().is_empty();
            if !is_there || is_all {
                break;
            }
        }
        if batch.lines.is_empty() {
            self.close();
            return Ok(false);
        }
        self.lines += batch.lines.len();
        Ok(true)
    }

    fn close(&self) {
        if self.cut > 0 {
            let (name, kb) = (visible::name(&self.name), LONGEST >> 10);
            output::remark(&match self.cut {
                1 => {
                    format!("a line of {name} has more than {kb} kB: it was looked at up to there")
                }
                cut => format!(
                    "{cut} lines of {name} have more than {kb} kB: they were looked at up to there"
                ),
            });
        }
    }

    /// Takes one more line; says whether there was one.
    fn read_line(&mut self, batch: &mut Batch) -> io::Result<bool> {
        let start = batch.bytes.len();
        let length = (&mut self.reader).take(LONGEST).read_until(b'\n', &mut batch.bytes)?;
        if length == 0 {
            return Ok(false);
        }
        let mut end = batch.bytes.len();
        if batch.bytes[end - 1] == b'\n' {
            end -= 1;
        } else if length as u64 == LONGEST && self.skip_line()? > 0 {
            self.cut += 1;
        }
        if batch.bytes[start..end].last() == Some(&b'\r') {
            end -= 1;
        }
        batch.lines.push(start..end);
        Ok(true)
    }

    /// Goes on to the next line; gives how many bytes there were, the line feed apart.
    fn skip_line(&mut self) -> io::Result<usize> {
        let mut skipped = 0;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(skipped);
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let length = end.unwrap_or(buffer.len());
            skipped += length;
            self.reader.consume(end.map_or(length, |end| end + 1));
            if end.is_some() {
                return Ok(skipped);
            }
        }
    }
}
