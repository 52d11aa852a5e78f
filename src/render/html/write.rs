//! Writing HTML: names of tags come from the program, all else goes through an escape.
//!
//! What HTML text cannot carry stands in an element with a `data-char` attribute, whose value is the
//! character's number in hexadecimal: a control or bidirectional character, which is shown as its
//! name, and the blanks that HTML runs together, which are shown as they are. A reader that puts the
//! character in the element's place has the text back.

use std::borrow::Cow;

use crate::canonical::{canonical_text, json_string};
use crate::visible::{self, is_unsafe_to_show};

/// An HTML document as it grows.
pub(super) struct Html(String);

/// A value of linked data.
pub(super) enum Data<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// Texts.
    List(Vec<Cow<'a, str>>),
}

/// The attributes of a tag.
type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blanks {
    /// Where blanks are run together, and line breaks are an element.
    Collapse,
    /// Where a line break would be read as a blank.
    Cell,
    /// Where all of them stay.
    Stay,
}

impl Html {
    /// An empty document.
    pub(super) fn new() -> Self {
        Self(String::with_capacity(16 * 1024))
    }

    /// The document as text.
    pub(super) fn finish(self) -> String {
        self.0
    }

    /// Adds what the program itself has to say.
    pub(super) fn markup(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(name);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            for c in visible::name(value).chars() {
                self.escaped(c);
            }
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// Closes an element.
    pub(super) fn close(&mut self, name: &'static str) {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    /// An element with nothing in it but a text.
    pub(super) fn element(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close(name);
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        self.carry(&canonical_text(text), Blanks::Collapse);
    }

    /// A text in a cell of a table.
    pub(super) fn cell(&mut self, text: &str) {
        self.carry(&canonical_text(text), Blanks::Cell);
    }

    /// A text whose blanks stay as they are, because `pre` stands around it.
    pub(super) fn preformatted(&mut self, text: &str) {
        self.carry(text, Blanks::Stay);
    }

    /// The name of the document, which cannot hold elements.
    pub(super) fn title(&mut self, text: &str) {
        self.open("title", &[]);
        for c in visible::name(&canonical_text(text).replace('\n', " ")).chars() {
            self.escaped(c);
        }
        self.close("title");
    }

    /// An object as JSON. Within a script nothing may be escaped as in HTML; what could end the script
    /// is escaped as in JSON.
    pub(super) fn linked_data(&mut self, members: &[(&'static str, Data<'_>)]) {
        let string = |text: &Cow<'_, str>| json_string(text).replace('<', "\\u003c");
        let members = members.iter().map(|(key, value)| match value {
            Data::Text(text) => format!("\"{key}\":{}", string(text)),
            Data::List(texts) => {
                let texts: Vec<String> = texts.iter().map(string).collect();
                format!("\"{key}\":[{}]", texts.join(","))
            }
        });
        let members: Vec<String> = members.collect();
        self.markup("<script type=\"application/ld+json\">{");
        self.0.push_str(&members.join(","));
        self.markup("}</script>\n");
    }

    fn carry(&mut self, text: &str, blanks: Blanks) {
        let mut chars = text.chars().peekable();
        let mut before = None;
        while let Some(c) = chars.next() {
            // Of several blanks the first shows, and at the ends of a line none.
            let is_lost = matches!(before, None | Some(' ' | '\t' | '\n'))
                || matches!(chars.peek(), None | Some('\n'));
            match (c, blanks) {
                ('\n' | '\t', Blanks::Stay) => self.0.push(c),
                ('\n', Blanks::Collapse) => self.markup("<br>"),
                ('\n', Blanks::Cell) => self.markup("<br data-char=\"a\">"),
                ('\t', _) => self.markup("<span data-char=\"9\">\t</span>"),
                (' ', Blanks::Collapse | Blanks::Cell) if is_lost => {
                    self.markup("<span data-char=\"20\"> </span>");
                }
                _ if is_unsafe_to_show(c) => self.named(c),
                _ => self.escaped(c),
            }
            before = Some(c);
        }
    }

    /// A character by its name, because itself it could hide or rearrange what stands beside it.
    fn named(&mut self, c: char) {
        let number = u32::from(c);
        self.open("span", &[("class", "char"), ("data-char", &format!("{number:x}"))]);
        self.0.push_str(&format!("U+{number:04X}"));
        self.close("span");
    }

    fn escaped(&mut self, c: char) {
        match c {
            '&' => self.0.push_str("&amp;"),
            '<' => self.0.push_str("&lt;"),
            '>' => self.0.push_str("&gt;"),
            '"' => self.0.push_str("&quot;"),
            '\'' => self.0.push_str("&#39;"),
            c => self.0.push(c),
        }
    }
}
