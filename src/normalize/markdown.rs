//! Markdown (`CommonMark` with pipe tables) to lines.
//!
//! Converters differ in what they escape, so what `CommonMark` takes for markup may be text: the
//! delimiters of strong, emphasis, code and links stay in the line, as marks, and so do the markers of
//! items, headings and quotes. The grammar of the page decides.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::front_matter;
use super::html;
use super::line::{Cell, Kind, Line, Mark, Style};
use crate::source::Span;

mod breaks;
mod stress;

/// The lines of a Markdown text that stands at an offset of its source.
pub(super) fn lines(text: &str, offset: usize) -> Vec<Line<'_>> {
    let mut reader = Reader {
        text,
        is_markup: holds_markup(text),
        out: Vec::new(),
        inline: Inline::default(),
        container: None,
        heading: None,
        in_code: false,
        code_begins: false,
        code_goes_on: false,
        html: None,
        row: None,
    };
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    // Nothing refers to a definition here: it is a text that begins with brackets.
    let definitions: Vec<Range<usize>> = parser
        .reference_definitions()
        .iter()
        .map(|(_, definition)| definition.span.clone())
        .collect();
    for (event, range) in parser.into_offset_iter() {
        reader.event(event, range);
    }
    reader.flush();
    let mut lines = reader.out;
    for span in definitions {
        let mut line = Line::of(text[span.clone()].trim_end(), span.start);
        line.gap = 1;
        lines.push(line);
    }
    lines.sort_by_key(|line| line.span.start);
    breaks::resolve(text, &mut lines);
    for line in &mut lines {
        line.shift(offset);
    }
    lines
}

/// The pages in a text: one, or several that `render` wrote, each with front matter of its own.
pub(super) fn pages(text: &str) -> Vec<Range<usize>> {
    let mut starts = front_matter::beginnings(text);
    starts.retain(|at| *at > 0);
    if !starts.is_empty() {
        // In code it is an example.
        let lines = lines(text, 0);
        let code: Vec<Span> =
            lines.iter().filter(|line| line.is_code()).map(|line| line.span).collect();
        starts.retain(|at| {
            let next = code.partition_point(|span| span.range().start <= *at);
            next.checked_sub(1).is_none_or(|last| code[last].range().end < *at)
        });
    }
    let ends = starts.clone().into_iter().chain([text.len()]);
    std::iter::once(0).chain(starts).zip(ends).map(|(start, end)| start..end).collect()
}

/// Where a block of code begins that nothing ends.
pub(super) fn open_fence(text: &str, lines: &[Line<'_>]) -> Option<Span> {
    let last = lines.last().filter(|line| line.is_code())?;
    let first = lines.iter().rev().take_while(|line| line.is_code()).last()?;
    let before =
        text[..first.span.range().start].trim_end_matches([' ', '\t']).strip_suffix('\n')?;
    let opening = before.rsplit('\n').next().unwrap_or_default();
    let mark =
        |line: &str| line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
    let after = &text[last.span.range().end..];
    (mark(opening) && !after.lines().any(mark))
        .then(|| Span::new(before.len() - opening.len(), before.len()))
}

/// The tag of the element around a page that a converter left in and nothing closes.
pub(super) fn open_frame(text: &str) -> Option<Span> {
    if !text.contains("<div role=") {
        return None;
    }
    let mut open: Vec<Range<usize>> = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Html(tag) if tag.trim_start().starts_with("<div") => open.push(range),
            Event::Html(tag) if tag.trim_start().starts_with("</div") => {
                open.pop();
            }
            _ => {}
        }
    }
    let frame = open.into_iter().next().filter(|at| text[at.clone()].contains("role="))?;
    Some(Span::new(frame.start, frame.start + text[frame].trim_end().len()))
}

/// Whether tags in the text are markup: converters that write some of the page's own tags escape those
/// of its texts. Else a tag is a text that was not escaped.
fn holds_markup(text: &str) -> bool {
    const SIGNS: [&str; 6] =
        ["<div class=", "<div role=", "<span class=", "<main", "<section", "\\<"];
    SIGNS.iter().any(|sign| text.contains(sign))
}

/// The text of a paragraph, a heading or a cell, as it is put together.
#[derive(Default)]
struct Inline {
    text: String,
    marks: Vec<Mark>,
    /// Strong, emphasis and links that are open: where they begin in the text, their delimiter, and which
    /// mark a link has.
    open: Vec<(usize, usize, usize)>,
    span: Option<Range<usize>>,
}

#[allow(clippy::struct_excessive_bools, reason = "each is a state of its own")]
struct Reader<'s> {
    text: &'s str,
    is_markup: bool,
    out: Vec<Line<'s>>,
    inline: Inline,
    /// Where the outermost item or quote begins whose first line has not come yet, and whether it is an
    /// item.
    container: Option<(usize, bool)>,
    heading: Option<(usize, u8)>,
    in_code: bool,
    code_begins: bool,
    /// Whether the last line of code has not ended: before a carriage return a text is in two parts.
    code_goes_on: bool,
    /// The block of HTML that is being read.
    html: Option<Range<usize>>,
    row: Option<(Range<usize>, Vec<Cell>)>,
}

impl<'s> Reader<'s> {
    fn event(&mut self, event: Event<'s>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) if self.in_code => self.code(&text, range),
            Event::Code(text) => self.code_span(&text, range),
            Event::SoftBreak => self.soft_break(),
            Event::HardBreak => self.push("\n", range),
            Event::Html(_) => {}
            Event::InlineHtml(tag) if self.is_markup || is_break(&tag) => {
                let text = if is_break(&tag) { "\n" } else { "" };
                self.push(text, range);
            }
            Event::Text(text) | Event::InlineHtml(text) => self.push(&text, range),
            Event::Rule => {
                self.flush();
                let mut line = Line::of(self.text[range.clone()].trim_end(), range.start);
                line.gap = 1;
                self.out.push(line);
            }
            Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => self.push(&self.text[range.clone()], range),
        }
    }

    fn start(&mut self, tag: &Tag<'s>, range: Range<usize>) {
        match tag {
            Tag::Strong => self.open(range.start, 2),
            Tag::Emphasis => self.open(range.start, 1),
            Tag::Link { .. } | Tag::Image { .. } => {
                let delimiter = if matches!(tag, Tag::Image { .. }) { 2 } else { 1 };
                self.open(range.start, delimiter);
                if let Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } = tag {
                    let style = Style::Link(dest_url.to_string());
                    let at = self.inline.text.len();
                    self.inline.marks.push(Mark { style, range: at..at, delimiters: (0, 0) });
                }
            }
            Tag::Item | Tag::BlockQuote(_) => {
                self.flush();
                let is_item = matches!(tag, Tag::Item);
                self.container.get_or_insert((range.start, is_item));
            }
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some((range.start, *level as u8));
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                (self.in_code, self.code_begins, self.code_goes_on) = (true, true, false);
                if let CodeBlockKind::Fenced(_) = kind {
                    self.container = None;
                }
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = Some(range);
            }
            Tag::TableHead | Tag::TableRow => {
                self.flush();
                self.row = Some((range, Vec::new()));
            }
            Tag::TableCell => self.inline = Inline::default(),
            _ => self.flush(),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Strong => self.close(range, Some(Style::Strong)),
            TagEnd::Emphasis => self.close(range, Some(Style::Emphasis)),
            TagEnd::Link | TagEnd::Image => self.close(range, None),
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::HtmlBlock => {
                if let Some(block) = self.html.take() {
                    self.html_block(block);
                }
            }
            TagEnd::TableCell => {
                let inline = std::mem::take(&mut self.inline);
                if let Some((_, cells)) = &mut self.row {
                    let at = inline.span.unwrap_or(range);
                    let text = inline.text.trim().to_owned();
                    cells.push(Cell { text, span: Span::new(at.start, at.end) });
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some((at, cells)) = self.row.take() {
                    let mut line = Line::of(self.text[at.clone()].trim_end(), at.start);
                    line.gap = usize::from(tag == TagEnd::TableHead);
                    line.kind = Kind::Row(cells);
                    self.out.push(line);
                }
            }
            TagEnd::Item | TagEnd::BlockQuote(_) => {
                self.flush();
                self.container = None;
            }
            _ => self.flush(),
        }
    }

    fn touch(&mut self, range: Range<usize>) {
        match &mut self.inline.span {
            Some(span) => span.end = span.end.max(range.end),
            span => *span = Some(range),
        }
    }

    fn push(&mut self, text: &str, range: Range<usize>) {
        self.inline.text.push_str(text);
        self.touch(range);
    }

    /// What a break within a paragraph stands for shows when all of them are known.
    fn soft_break(&mut self) {
        let text = &mut self.inline.text;
        text.truncate(text.trim_end_matches(' ').len());
        text.push(breaks::SOFT);
    }

    fn code_span(&mut self, text: &str, range: Range<usize>) {
        let raw = self.text[range.clone()].replace('\n', " ");
        let around = raw.len().saturating_sub(text.len());
        let at = self.inline.text.len();
        let delimiters = (around / 2, around - around / 2);
        self.push(&raw, range);
        let range = at..self.inline.text.len();
        self.inline.marks.push(Mark { style: Style::Code, range, delimiters });
    }

    fn open(&mut self, start: usize, delimiter: usize) {
        self.inline.open.push((self.inline.text.len(), delimiter, self.inline.marks.len()));
        let range = start..start + delimiter;
        self.push(&self.text[range.clone()], range);
    }

    fn close(&mut self, range: Range<usize>, style: Option<Style>) {
        let Some((at, delimiter, mark)) = self.inline.open.pop() else { return };
        let done = self.inline.span.as_ref().map_or(range.start, |span| span.end);
        let after = match style {
            Some(_) => range.end - delimiter.min(range.len())..range.end,
            // Of a link the rest is `](address)`; of an address in angle brackets the bracket is not
            // text.
            None if delimiter == 0 => range.end..range.end,
            None => done.clamp(range.start, range.end)..range.end,
        };
        self.push(&self.text[after.clone()], after.start..range.end);
        let whole = at..self.inline.text.len();
        let delimiters = (delimiter, after.len());
        if let Some(style) = style {
            self.inline.marks.push(Mark { style, range: whole, delimiters });
        } else if let Some(mark) = self.inline.marks.get_mut(mark) {
            (mark.range, mark.delimiters) = (whole, delimiters);
        }
    }

    /// Ends the text that is being put together, and makes a line of it.
    fn flush(&mut self) {
        if self.row.is_some() {
            return;
        }
        let mut inline = std::mem::take(&mut self.inline);
        let heading = self.heading.take();
        let Some(span) = inline.span.take() else { return };
        inline.trim();
        stress::mend(&mut inline.text, &mut inline.marks);
        if inline.text.is_empty() {
            return;
        }
        let container = self.container.take();
        let begin = [container.map(|(start, _)| start), heading.map(|(start, _)| start)]
            .into_iter()
            .flatten()
            .min();
        let marker = begin.map_or("", |begin| &self.text[begin.min(span.start)..span.start]);
        let source = &self.text[span.clone()];
        let exact = *source == *inline.text;
        let text = if exact { Cow::Borrowed(source) } else { Cow::Owned(inline.text) };
        inline.marks.sort_by_key(|mark| (mark.range.start, std::cmp::Reverse(mark.range.end)));
        let kind = match (heading, container) {
            (Some((_, level)), _) => Kind::Heading(level),
            (None, Some((_, true))) => Kind::Item,
            _ => Kind::Text,
        };
        self.out.push(Line {
            text,
            leading: "",
            marker: Cow::Borrowed(marker),
            span: Span::new(span.start, span.end),
            exact,
            kind,
            gap: self.gap_before(begin.unwrap_or(span.start)),
            marks: inline.marks,
        });
    }

    /// How many blank lines stand between the last line and a place.
    fn gap_before(&self, at: usize) -> usize {
        let Some(last) = self.out.last() else { return 0 };
        let between = self.text.get(last.span.range().end..at).unwrap_or_default();
        between.matches('\n').count().saturating_sub(1)
    }

    fn code(&mut self, text: &str, range: Range<usize>) {
        let is_exact = self.text[range.clone()] == *text;
        let begins = std::mem::take(&mut self.code_begins);
        let mut at = range.start;
        for (index, piece) in text.split_inclusive('\n').enumerate() {
            let content = piece.strip_suffix('\n').unwrap_or(piece);
            let goes_on = std::mem::replace(&mut self.code_goes_on, content.len() == piece.len());
            if let Some(line) = self.out.last_mut().filter(|_| goes_on) {
                if !content.is_empty() {
                    line.text.to_mut().push_str(content);
                    (line.exact, line.span.end) =
                        (false, line.span.end.max(Span::new(0, range.end).end));
                }
                at += piece.len();
                continue;
            }
            let mut line = Line::of("", at);
            line.kind = Kind::Code;
            line.gap = usize::from(index == 0 && begins);
            if is_exact {
                line.text = Cow::Borrowed(&self.text[at..at + content.len()]);
                line.span = Span::new(at, at + content.len());
                at += piece.len();
            } else {
                line.text = Cow::Owned(content.to_owned());
                (line.exact, line.span) = (false, Span::new(range.start, range.end));
            }
            self.out.push(line);
        }
    }

    fn html_block(&mut self, block: Range<usize>) {
        if self.is_markup {
            let mut lines = html::lines(&self.text[block.clone()], block.start);
            if let (Some(first), Some((_, true))) = (lines.first_mut(), self.container) {
                first.kind = Kind::Item;
                self.container = None;
            }
            self.out.append(&mut lines);
            return;
        }
        let mut start = block.start;
        for (index, raw) in self.text[block].split_inclusive('\n').enumerate() {
            let content = raw.trim();
            if !content.is_empty() {
                let leading = raw.len() - raw.trim_start().len();
                let mut line = Line::of(content, start + leading);
                line.gap = usize::from(index == 0);
                self.out.push(line);
            }
            start += raw.len();
        }
    }
}

impl Inline {
    /// Blanks at the ends go, and the marks move with the text.
    fn trim(&mut self) {
        let before = self.text.len() - self.text.trim_start().len();
        self.text.truncate(self.text.trim_end().len());
        let before = before.min(self.text.len());
        self.text.drain(..before);
        let len = self.text.len();
        for mark in &mut self.marks {
            mark.range.start = mark.range.start.saturating_sub(before).min(len);
            mark.range.end = mark.range.end.saturating_sub(before).min(len);
        }
        self.marks.retain(|mark| {
            mark.range.start + mark.delimiters.0 + mark.delimiters.1 <= mark.range.end
        });
    }
}

fn is_break(tag: &str) -> bool {
    let name = tag.trim_start_matches('<').trim_end_matches(['>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}
