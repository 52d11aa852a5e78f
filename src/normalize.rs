//! Every other form of an entry, read into an [`Entry`]: JSON that is not canonical, the page of an
//! entry as text, Markdown or HTML, a digest of many entries, the nested public schema.
//!
//! ```text
//! text, markdown, html -> lines -> page -> Draft        digest, json, canon -> Draft
//! ```
//!
//! Nothing is invented: a value that the source does not carry is empty in the draft. Nothing is
//! dropped: each stretch of the source is bound to a field, known as a label, or not understood, and
//! the last is a remark with its place.

use crate::entry::Entry;
use crate::source::Source;

mod canon;
mod chain;
mod detect;
pub mod digest;
mod draft;
mod front_matter;
mod html;
mod json;
mod line;
mod markdown;
mod page;
mod propose;
mod text;
mod value;

use page::Layout;

pub use detect::detect;
pub use draft::{Binding, Bound, Draft, Reading, Remark};
pub use propose::propose_pattern;

/// A form in which entries come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// JSON in the schema's keys, canonical or not.
    Json,
    /// The page as plain text.
    Text,
    /// The page as Markdown, by a converter or by `render`.
    Markdown,
    /// The page as HTML.
    Html,
    /// Many entries in one Markdown file.
    Digest,
    /// The nested public schema, as JSON.
    Canon,
}

impl Form {
    /// All forms, with their names on the command line.
    pub const ALL: [(&'static str, Self); 6] = [
        ("json", Self::Json),
        ("text", Self::Text),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
        ("digest", Self::Digest),
        ("canon", Self::Canon),
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, form)| *form == self).map_or("", |(name, _)| name)
    }
}

/// Reads a source that is in a form.
pub fn normalize(source: &Source, form: Form) -> Reading {
    let text = source.text();
    let (drafts, cut) = match form {
        Form::Json => return json::read(source),
        Form::Canon => return canon::read(source),
        Form::Digest => return digest::read(text),
        Form::Text => (page::read(&text::lines(text), Layout::Lines, None), None),
        Form::Html => {
            let page = html::page(text);
            (page::read(&page.lines, Layout::Markup, None), page.unclosed)
        }
        Form::Markdown => {
            let (mut drafts, mut cut) = (Vec::new(), None);
            for page in markdown::pages(text) {
                let front = front_matter::find(&text[..page.end], page.start);
                let start = front.as_ref().map_or(page.start, |front| front.end);
                let lines = markdown::lines(&text[start..page.end], start);
                cut = cut.or_else(|| markdown::open_fence(&text[..page.end], &lines));
                drafts.append(&mut page::read(&lines, Layout::Markup, front.as_ref()));
            }
            (drafts, cut.or_else(|| markdown::open_frame(text)))
        }
    };
    page::reading(text, drafts, cut)
}

/// What is read from a source that is no text: nothing, and why.
pub fn unreadable(source: &Source, why: &str) -> Reading {
    let line = source.text().lines().next().unwrap_or_default();
    let remark = Remark {
        rule: &crate::rules::unreadable_source::RULE,
        pointer: crate::pointer::JsonPointer::root(),
        span: crate::source::Span::new(0, line.len()),
        message: format!("the source cannot be read: {why}"),
        help: None,
    };
    Reading { drafts: Vec::new(), remarks: vec![remark] }
}

/// The entry on a page of Markdown, with its front matter. What the page does not carry has the
/// default of its type.
pub fn read_markdown(page: &str) -> Entry {
    let reading = normalize(&Source::new("", page), Form::Markdown);
    reading.drafts.into_iter().next().unwrap_or_default().entry
}
