//! Text in a comment on a pull request, written in Markdown as GitHub renders it.
//!
//! What comes from an entry, a log or a path is text and nothing else: all that could be markup is written
//! as a character reference, which GitHub Flavored Markdown takes for a literal character, and it stands in
//! `<code>`, where GitHub makes no mentions, references or links of it.

use crate::visible;

/// A longer comment is refused by GitHub, in characters.
const LONGEST: usize = 65_536;
/// What is kept for the lines that say how much was left out.
const RESERVE: usize = 1_024;
/// Of a text so many characters are shown.
const SHOWN: usize = 200;

/// A comment that grows up to what GitHub takes.
#[derive(Debug, Default)]
pub struct Comment {
    out: String,
    chars: usize,
}

impl Comment {
    /// Adds a piece if there is room for it.
    pub fn push(&mut self, piece: &str) -> bool {
        let chars = piece.chars().count();
        let fits = self.chars + chars <= LONGEST - RESERVE;
        if fits {
            self.force(piece);
        }
        fits
    }

    /// Adds one of the few short pieces for which room was kept.
    pub fn force(&mut self, piece: &str) {
        self.chars += piece.chars().count();
        self.out.push_str(piece);
    }

    /// The comment.
    pub fn finish(self) -> String {
        self.out
    }

    /// Adds a table: its head, and rows until one does not fit; says how many were left out.
    pub fn table(&mut self, head: &str, rows: impl ExactSizeIterator<Item = String>, what: &str) {
        let mut left = rows.len();
        if self.push(head) {
            for row in rows {
                if !self.push(&row) {
                    break;
                }
                left -= 1;
            }
        }
        if left > 0 {
            self.force(&format!("\n{left} more {what} are left out here.\n"));
        }
    }
}

/// A text as code: literal, on one line, cut where it is long.
pub fn code(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("<code>{}</code>", literal(&visible::name(&shown)))
}

/// A text of several lines, or of one, as it is: literal, to stand within `<code>` or `<pre>`.
pub fn literal_lines(text: &str) -> String {
    let lines = text.split('\n').map(|line| literal(&visible::name(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A sentence of ours in which what is quoted in backticks may be anybody's.
pub fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    for (number, part) in parts.iter().enumerate() {
        let is_quoted = number % 2 == 1 && number + 1 < parts.len();
        if is_quoted {
            out += &code(part);
        } else {
            if number % 2 == 1 {
                out += &literal("`");
            }
            // Outside of code a name must not be told, nor an issue linked: a character without width
            // stands between.
            let shown = literal(&visible::name(part));
            out += &shown.replace("&#64;", "&#64;&#8203;").replace("&#35;", "&#35;&#8203;");
        }
    }
    out
}

/// A text of which Markdown makes nothing else, on one line and after something else in it: what marks
/// emphasis, code, links, cells, HTML, formulas, names and issues is written as a reference; so are a colon
/// that may begin an address or a symbol, and the point of `www.`.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_markup = match c {
            '&' | '<' | '>' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '@' | '\\' | '$' => {
                true
            }
            ':' => chars.peek().is_some_and(|next| *next != ' '),
            '.' => before.eq_ignore_ascii_case(&'w'),
            _ => false,
        };
        if is_markup {
            out += &format!("&#{};", u32::from(c));
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}
