//! HTML to lines.
//!
//! The tokenizer is the one of the standard and knows the place of each token. No tree is built: a page
//! is read from its order of headings, items, cells and paragraphs, and a million open tags cost nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use html5gum::{DefaultEmitter, EndTag, HtmlString, Spanned, StartTag, Token, Tokenizer};

use super::line::{Cell, Kind, Line, Mark, Style};
use crate::source::Span;

/// A page as lines.
pub(super) struct HtmlPage<'s> {
    /// The lines of its main part, or of all of it where it has none.
    pub(super) lines: Vec<Line<'s>>,
    /// The tag of the body or the main part, where that is never closed.
    pub(super) unclosed: Option<Span>,
}

/// The lines of a page. Where it has a main part, the lines outside of it are left out.
pub(super) fn page(text: &str) -> HtmlPage<'_> {
    let reader = tokenized(text);
    let mut lines = reader.out;
    if !reader.main.is_empty() {
        // Two pages may be in one source, each with a main part of its own.
        lines.retain(|line| {
            let at = line.span.range().start;
            let after = reader.main.partition_point(|main| main.start <= at);
            after.checked_sub(1).is_some_and(|before| reader.main[before].contains(&at))
        });
    }
    let unclosed = reader.frame.map(|frame| Span::new(frame.start, frame.end));
    HtmlPage { lines, unclosed }
}

/// The lines of a part of a page that stands at an offset of its source.
pub(super) fn lines(text: &str, offset: usize) -> Vec<Line<'_>> {
    let mut lines = tokenized(text).out;
    for line in &mut lines {
        line.shift(offset);
    }
    lines
}

fn tokenized(text: &str) -> Reader<'_> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut reader = Reader::new(text);
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&tag),
            Token::String(string) => reader.string(&string),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.flush();
    reader
}

/// How an element is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// A block with space around it.
    Paragraph,
    /// A block that begins on a new line.
    Block,
    /// Within a line.
    Inline,
    /// Not shown, or no part of what a page is about.
    Hidden,
}

fn layout(name: &[u8]) -> Layout {
    match name {
        b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"ul" | b"ol" | b"dl" | b"table"
        | b"pre" | b"blockquote" | b"section" | b"article" | b"main" | b"header" | b"figure"
        | b"hr" | b"body" | b"details" => Layout::Paragraph,
        b"div" | b"li" | b"tr" | b"dt" | b"dd" | b"thead" | b"tbody" | b"tfoot" | b"caption"
        | b"summary" | b"address" | b"center" | b"fieldset" => Layout::Block,
        b"script" | b"style" | b"nav" | b"footer" | b"aside" | b"head" | b"noscript"
        | b"template" | b"svg" | b"button" | b"select" | b"iframe" | b"object" | b"textarea"
        | b"title" => Layout::Hidden,
        _ => Layout::Inline,
    }
}

struct Reader<'s> {
    source: &'s str,
    out: Vec<Line<'s>>,
    text: String,
    /// The first and the last byte of the text's tokens.
    span: Option<Range<usize>>,
    marks: Vec<Mark>,
    /// Elements that set off text and are open: their name, and where their text begins.
    open: Vec<(Vec<u8>, usize, Style)>,
    /// A blank that is due before the next word.
    blank: bool,
    gap: usize,
    kind: Kind,
    marker: String,
    /// The lists that are open: the next number, or none for bullets.
    lists: Vec<Option<u64>>,
    /// How many `pre` are open.
    pre: usize,
    row: Option<(Range<usize>, Vec<Cell>)>,
    in_cell: bool,
    /// The element that hides what is in it, and how many of its name are open.
    hidden: Option<(Vec<u8>, usize)>,
    main: Vec<Range<usize>>,
    /// The tag of the page's body or main part, until that is closed.
    frame: Option<Range<usize>>,
    /// The name of the element that is the main part, and how many of its name are open.
    main_element: Option<(Vec<u8>, usize)>,
}

impl<'s> Reader<'s> {
    fn new(source: &'s str) -> Self {
        Self {
            source,
            out: Vec::new(),
            text: String::new(),
            span: None,
            marks: Vec::new(),
            open: Vec::new(),
            blank: false,
            gap: 0,
            kind: Kind::Text,
            marker: String::new(),
            lists: Vec::new(),
            pre: 0,
            row: None,
            in_cell: false,
            hidden: None,
            main: Vec::new(),
            frame: None,
            main_element: None,
        }
    }

    fn start(&mut self, tag: &StartTag<usize>) {
        let name: &[u8] = &tag.name;
        if let Some((hiding, depth)) = &mut self.hidden {
            *depth += usize::from(*hiding == name && !tag.self_closing);
            return;
        }
        let attribute = |wanted: &str| attribute(&tag.attributes, wanted);
        if matches!(name, b"html" | b"body" | b"main") {
            self.frame = Some(tag.span.start..tag.span.end);
        }
        if let Some((main, depth)) = &mut self.main_element {
            *depth += usize::from(*main == name);
        } else if name == b"main" || attribute("role").as_deref() == Some("main") {
            self.flush();
            self.main.push(tag.span.end..usize::MAX);
            self.main_element = Some((name.to_vec(), 1));
        }
        // A page that `render` wrote has an element for a character that HTML does not carry.
        if let Some(c) =
            attribute("data-char").and_then(|number| u32::from_str_radix(&number, 16).ok())
        {
            self.push_char(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER), tag.span);
            if !is_void(name) {
                self.hidden = Some((name.to_vec(), 1));
            }
            return;
        }
        let layout = layout(name);
        if layout == Layout::Hidden || (attribute("hidden").is_some() && !is_void(name)) {
            if name != b"head" && name != b"title" {
                self.flush();
            }
            self.hidden = Some((name.to_vec(), 1));
            return;
        }
        if layout != Layout::Inline && !self.in_cell {
            self.flush();
            self.gap = self.gap.max(usize::from(layout == Layout::Paragraph));
        }
        match name {
            b"br" => self.line_break(tag.span.start),
            // A term is set off from what is said about it.
            b"strong" | b"b" | b"dt" => self.open(name, Style::Strong),
            b"em" | b"i" => self.open(name, Style::Emphasis),
            b"code" | b"kbd" | b"samp" | b"tt" => self.open(name, Style::Code),
            b"a" => self.open(name, Style::Link(attribute("href").unwrap_or_default())),
            b"pre" => self.pre += 1,
            b"ul" => self.lists.push(None),
            b"ol" => {
                let start = attribute("start").and_then(|start| start.trim().parse().ok());
                self.lists.push(Some(start.unwrap_or(1)));
            }
            b"li" => {
                self.kind = Kind::Item;
                self.marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{number}. ");
                        *number = number.saturating_add(1);
                        marker
                    }
                    _ => "- ".to_owned(),
                };
            }
            b"tr" => {
                self.end_row();
                self.row = Some((tag.span.start..tag.span.end, Vec::new()));
            }
            b"td" | b"th" => {
                self.end_cell();
                if self.row.is_none() {
                    self.flush();
                    self.row = Some((tag.span.start..tag.span.end, Vec::new()));
                }
                (self.in_cell, self.span) = (true, Some(tag.span.end..tag.span.end));
            }
            [b'h', level @ b'1'..=b'6'] if !self.in_cell => self.kind = Kind::Heading(level - b'0'),
            _ => {}
        }
    }

    fn end(&mut self, tag: &EndTag<usize>) {
        let name: &[u8] = &tag.name;
        if let Some((hiding, depth)) = &mut self.hidden {
            *depth -= usize::from(*hiding == name);
            if *depth == 0 {
                self.hidden = None;
            }
            return;
        }
        match name {
            b"html" | b"body" | b"main" => self.frame = None,
            b"td" | b"th" => self.end_cell(),
            b"tr" | b"table" | b"thead" | b"tbody" => self.end_row(),
            b"pre" => {
                self.flush();
                self.pre = self.pre.saturating_sub(1);
            }
            b"ul" | b"ol" => {
                self.flush();
                self.lists.pop();
            }
            _ => {}
        }
        self.close(name);
        let layout = layout(name);
        if layout != Layout::Inline && !self.in_cell {
            self.flush();
            self.gap = self.gap.max(usize::from(layout == Layout::Paragraph));
            if matches!(name, b"li" | b"ul" | b"ol" | [b'h', b'1'..=b'6']) {
                (self.kind, self.marker) = (Kind::Text, String::new());
            }
        }
        if let Some((main, depth)) = &mut self.main_element {
            *depth -= usize::from(*main == name);
            if *depth == 0 {
                self.main_element = None;
                if let Some(main) = self.main.last_mut() {
                    main.end = tag.span.start;
                }
            }
        }
    }

    fn string(&mut self, string: &Spanned<HtmlString, usize>) {
        if self.hidden.is_some() {
            return;
        }
        let text = String::from_utf8_lossy(&string.value);
        let range = string.span.start..string.span.end.min(self.source.len());
        if self.pre > 0 && !self.in_cell {
            self.preformatted(&text, range);
            return;
        }
        let is_exact = self.source.get(range.clone()) == Some(&*text);
        let mut rest: &str = &text;
        loop {
            let word = rest.trim_start_matches(is_html_blank);
            self.blank |= word.len() < rest.len();
            let len = word.find(is_html_blank).unwrap_or(word.len());
            if len == 0 {
                return;
            }
            let at = text.len() - word.len();
            let place =
                if is_exact { range.start + at..range.start + at + len } else { range.clone() };
            if std::mem::take(&mut self.blank)
                && !self.text.is_empty()
                && !self.text.ends_with('\n')
            {
                self.text.push(' ');
            }
            self.text.push_str(&word[..len]);
            self.touch(place);
            rest = &word[len..];
        }
    }

    fn push_char(&mut self, c: char, span: html5gum::Span<usize>) {
        if std::mem::take(&mut self.blank) && !self.text.is_empty() {
            self.text.push(' ');
        }
        if self.pre > 0 && self.text.is_empty() && !self.in_cell {
            self.kind = Kind::Code;
        }
        self.text.push(c);
        self.touch(span.start..span.end);
    }

    fn touch(&mut self, place: Range<usize>) {
        match &mut self.span {
            Some(span) if span.start < span.end => span.end = span.end.max(place.end),
            span => *span = Some(place),
        }
    }

    fn line_break(&mut self, at: usize) {
        if self.in_cell {
            self.blank = true;
        } else if self.pre > 0 {
            self.preformatted("\n", at..at);
        } else if !self.text.is_empty() {
            self.blank = false;
            self.text.push('\n');
        }
    }

    fn open(&mut self, name: &[u8], style: Style) {
        /// No page has so many; what is deeper is not set off.
        const DEEPEST: usize = 32;
        if self.open.len() < DEEPEST && self.pre == 0 {
            let due = usize::from(self.blank && !self.text.is_empty());
            self.open.push((name.to_vec(), self.text.len() + due, style));
        }
    }

    fn close(&mut self, name: &[u8]) {
        let Some(at) = self.open.iter().rposition(|(open, _, _)| open == name) else { return };
        let (_, start, style) = self.open.remove(at);
        let range = start.min(self.text.len())..self.text.len();
        if !range.is_empty() {
            self.marks.push(Mark { style, range, delimiters: (0, 0) });
        }
    }

    /// The lines of preformatted text, one line each, as they are.
    fn preformatted(&mut self, text: &str, range: Range<usize>) {
        if self.text.is_empty() && self.kind != Kind::Code {
            self.kind = Kind::Code;
        }
        self.text.push_str(text);
        self.touch(range);
    }

    fn end_cell(&mut self) {
        if !std::mem::take(&mut self.in_cell) {
            return;
        }
        let at = self.span.take().unwrap_or_default();
        let text = std::mem::take(&mut self.text).trim().to_owned();
        self.reset();
        if let Some((span, cells)) = &mut self.row {
            span.end = span.end.max(at.end);
            cells.push(Cell { text, span: Span::new(at.start, at.end) });
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if let Some((span, cells)) = self.row.take()
            && !cells.is_empty()
        {
            let mut line = Line::of("", span.start);
            line.text =
                Cow::Owned(cells.iter().map(|cell| &*cell.text).collect::<Vec<_>>().join(" "));
            line.span = Span::new(span.start, span.end);
            line.exact = false;
            line.gap = std::mem::take(&mut self.gap);
            line.kind = Kind::Row(cells);
            self.out.push(line);
        }
    }

    fn reset(&mut self) {
        self.text.clear();
        self.marks.clear();
        self.open.clear();
        (self.span, self.blank) = (None, false);
    }

    /// Ends the line that is being put together.
    fn flush(&mut self) {
        if self.in_cell {
            return;
        }
        if self.kind == Kind::Code {
            self.flush_code();
            return;
        }
        let text = self.text.trim_end().to_owned();
        let span = self.span.take().unwrap_or_default();
        if text.is_empty() {
            self.reset();
            return;
        }
        let exact = self.source.get(span.clone()) == Some(&*text);
        let len = text.len();
        let mut marks = std::mem::take(&mut self.marks);
        // An element that is still open sets off the rest of this line too.
        for (_, start, style) in &self.open {
            if *start < len {
                marks.push(Mark { style: style.clone(), range: *start..len, delimiters: (0, 0) });
            }
        }
        for mark in &mut marks {
            mark.range.end = mark.range.end.min(len);
        }
        marks.retain(|mark| mark.range.start < mark.range.end);
        marks.sort_by_key(|mark| (mark.range.start, std::cmp::Reverse(mark.range.end)));
        self.out.push(Line {
            text: Cow::Owned(text),
            leading: "",
            marker: Cow::Owned(std::mem::take(&mut self.marker)),
            span: Span::new(span.start, span.end),
            exact,
            kind: std::mem::replace(&mut self.kind, Kind::Text),
            gap: std::mem::take(&mut self.gap),
            marks,
        });
        self.reset();
    }

    fn flush_code(&mut self) {
        (self.kind, self.marker) = (Kind::Text, String::new());
        let text = std::mem::take(&mut self.text);
        let span = self.span.take().unwrap_or_default();
        let exact = self.source.get(span.clone()) == Some(&*text);
        // The line feed right after the tag is no part of the text.
        let begin = usize::from(text.starts_with('\n'));
        let end = text.len() - usize::from(text[begin..].ends_with('\n'));
        let mut at = begin;
        for content in text[begin..end].split('\n') {
            let mut line = Line::of("", span.start);
            (line.text, line.kind) = (Cow::Owned(content.to_owned()), Kind::Code);
            line.exact = exact;
            line.span = if exact {
                Span::new(span.start + at, span.start + at + content.len())
            } else {
                Span::new(span.start, span.end)
            };
            line.gap = std::mem::take(&mut self.gap);
            self.out.push(line);
            at += content.len() + 1;
        }
        self.reset();
    }
}

fn attribute(
    attributes: &BTreeMap<HtmlString, Spanned<HtmlString, usize>>,
    name: &str,
) -> Option<String> {
    let found = attributes.iter().find(|(key, _)| key.as_slice() == name.as_bytes());
    found.map(|(_, value)| String::from_utf8_lossy(&value.value).into_owned())
}

fn is_void(name: &[u8]) -> bool {
    matches!(name, b"br" | b"hr" | b"img" | b"input" | b"link" | b"meta" | b"wbr")
}

/// What HTML collapses. A no-break space stays.
fn is_html_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}
