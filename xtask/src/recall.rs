//! `recall`: entries as HTML pages, through every converter that is installed, and back.
//!
//! Of the values that a page shows, how many does `normalize` read word for word out of what each
//! program made of the page? A text whose blanks a converter runs together counts as well.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use clap::Args;
use errlore::entry::Entry;
use errlore::normalize::{detect, normalize};
use errlore::render;
use errlore::source::Source;
use errlore::{Error, Result};
use serde_json::Value;

use crate::repository;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder of entries [default: ../shared/corpus/entries, or else entries]
    #[arg(long, value_name = "DIR")]
    entries: Option<PathBuf>,
    /// Take every Nth entry
    #[arg(long, value_name = "N", default_value_t = 10)]
    every: usize,
    /// Show so many values that did not come back, for each converter
    #[arg(long, value_name = "N", default_value_t = 0)]
    show: usize,
}

/// A converter: how it is called, the kind of file it makes, and its command line. It reads a page from
/// standard input.
const CONVERTERS: [(&str, &str, &[&str]); 12] = [
    ("none: the page itself", "html", &[]),
    ("html2text", "md", &["html2text", "--ignore-images"]),
    ("html2text, unwrapped", "md", &["html2text", "-b", "0"]),
    ("markdownify", "md", &["markdownify"]),
    ("pandoc gfm", "md", &["pandoc", "-f", "html", "-t", "gfm"]),
    ("pandoc commonmark", "md", &["pandoc", "-f", "html", "-t", "commonmark"]),
    ("pandoc plain, unwrapped", "txt", &["pandoc", "-f", "html", "-t", "plain", "--wrap=none"]),
    ("pandoc plain", "txt", &["pandoc", "-f", "html", "-t", "plain"]),
    ("inscriptis", "txt", &["inscript"]),
    (
        "lynx",
        "txt",
        &[
            "lynx",
            "-dump",
            "-stdin",
            "-force_html",
            "-display_charset=utf-8",
            "-assume_charset=utf-8",
        ],
    ),
    ("w3m", "txt", &["w3m", "-dump", "-T", "text/html", "-I", "utf-8", "-O", "utf-8"]),
    ("elinks", "txt", &["elinks", "-no-home", "-dump", "-dump-charset", "utf-8", "-force-html"]),
];

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let entries = entries(arguments)?;
    crate::print(&format!(
        "{} entries as pages of `errlore render --format html`, read back\n\n\
         converter                  values  word for word  but for blanks\n",
        entries.len()
    ))?;
    for (name, extension, command) in CONVERTERS {
        let mut sum = Recall::default();
        let mut is_installed = true;
        for entry in &entries {
            let page = render::html(entry);
            let Some(text) = converted(command, &page) else {
                is_installed = false;
                break;
            };
            sum.add(entry, &text, extension);
        }
        let line = if is_installed {
            let share = |count: usize| share(count, sum.all);
            format!("{name:<25} {:>7} {:>14} {:>15}\n", sum.all, share(sum.exact), share(sum.loose))
        } else {
            format!("{name:<25} not installed\n")
        };
        crate::print(&line)?;
        for fault in sum.faults.iter().take(arguments.show) {
            crate::print(&format!("    {fault}\n"))?;
        }
    }
    Ok(())
}

/// A share with four digits, such as `0.9987`.
fn share(count: usize, all: usize) -> String {
    let scaled = (count * 10_000) / all.max(1);
    format!("{}.{:04}", scaled / 10_000, scaled % 10_000)
}

fn entries(arguments: &Arguments) -> Result<Vec<Entry>> {
    let folder = arguments.entries.clone().unwrap_or_else(|| {
        let shared = repository::root().join("../shared/corpus/entries");
        if shared.is_dir() { shared } else { repository::root().join("entries") }
    });
    let mut paths = Vec::new();
    collect(&folder, &mut paths)?;
    paths.sort();
    paths
        .iter()
        .step_by(arguments.every.max(1))
        .map(|path| {
            let text = repository::read(path)?;
            serde_json::from_str(&text)
                .map_err(|error| Error::io(format!("{} is no entry: {error}", path.display())))
        })
        .collect()
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) -> Result<()> {
    for item in fs::read_dir(folder).map_err(|error| Error::path("read", folder, &error))? {
        let path = item.map_err(|error| Error::path("read", folder, &error))?.path();
        if path.is_dir() {
            collect(&path, out)?;
        } else {
            out.push(path);
        }
    }
    Ok(())
}

/// What a program makes of a page; `None` where it is not installed.
fn converted(command: &[&str], page: &str) -> Option<String> {
    let Some((program, arguments)) = command.split_first() else { return Some(page.to_owned()) };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let page = page.to_owned();
    let writer = thread::spawn(move || stdin.write_all(page.as_bytes()));
    let output = child.wait_with_output().ok()?;
    let _ = writer.join();
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[derive(Default)]
struct Recall {
    all: usize,
    exact: usize,
    loose: usize,
    faults: Vec<String>,
}

impl Recall {
    fn add(&mut self, entry: &Entry, text: &str, extension: &str) {
        let name = format!("{}.{extension}", entry.id);
        let reading = normalize(&Source::new(name.as_str(), text), detect(&name, text));
        let read = reading.drafts.first().map(errlore::normalize::Draft::json).unwrap_or_default();
        let read: Value = serde_json::from_str(&read).unwrap_or_default();
        let truth = serde_json::to_value(entry).unwrap_or_default();
        let mut pairs = Vec::new();
        values("", &truth, &mut pairs);
        for (pointer, value) in pairs {
            self.all += 1;
            let got = read.pointer(&pointer).map(text_of).unwrap_or_default();
            let blank = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let is_exact = got.trim() == value.trim();
            let is_loose = is_exact || blank(&got) == blank(&value);
            self.exact += usize::from(is_exact);
            self.loose += usize::from(is_loose);
            if !is_loose {
                self.faults.push(format!("{} {pointer}: {value:?} is {got:?}", entry.id));
            }
        }
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

/// The values of an entry that an HTML page shows in its main part, and their pointers.
fn values(pointer: &str, value: &Value, out: &mut Vec<(String, String)>) {
    const UNSEEN: [&str; 6] =
        ["/tags", "/aliases", "/locale", "/subcategory", "/os_specific", "/$schema"];
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                let is_own = key.starts_with("x-");
                if !is_own && !UNSEEN.iter().any(|unseen| pointer == *unseen) {
                    values(&pointer, value, out);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                values(&format!("{pointer}/{index}"), item, out);
            }
        }
        value => {
            let text = text_of(value);
            if !text.trim().is_empty() {
                out.push((pointer.to_owned(), text));
            }
        }
    }
}
