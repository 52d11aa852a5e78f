//! The texts of a page, read by real parsers of Markdown and HTML.

use html5gum::{DefaultEmitter, Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The texts of the blocks, items, cells, strong parts and pieces of code of a body. Panics where
/// something is there that no page has: tags, images, rules, struck-out text.
pub(crate) fn markdown_texts(body: &str) -> Vec<String> {
    // What GitHub reads beyond CommonMark must find nothing either.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH;
    let (mut texts, mut open) = (Vec::new(), vec![String::new()]);
    for event in Parser::new_ext(body, options) {
        match event {
            Event::Start(
                Tag::Paragraph
                | Tag::Item
                | Tag::Strong
                | Tag::TableCell
                | Tag::Heading { .. }
                | Tag::CodeBlock(_)
                | Tag::Link { .. },
            ) => open.push(String::new()),
            Event::End(
                end @ (TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::Strong
                | TagEnd::TableCell
                | TagEnd::Heading(_)
                | TagEnd::CodeBlock
                | TagEnd::Link),
            ) => {
                let text = open.pop().expect("it was opened");
                if matches!(end, TagEnd::Strong | TagEnd::Link) {
                    open.last_mut().expect("the whole is open").push_str(&text);
                }
                let text = match end {
                    TagEnd::CodeBlock => text.strip_suffix('\n').unwrap_or(&text).to_owned(),
                    _ => text,
                };
                texts.push(text);
            }
            Event::Text(text) => open.last_mut().expect("the whole is open").push_str(&text),
            Event::Code(text) => {
                open.last_mut().expect("the whole is open").push_str(&text);
                texts.push(text.to_string());
            }
            Event::HardBreak => open.last_mut().expect("the whole is open").push('\n'),
            Event::Start(Tag::List(_) | Tag::Table(_) | Tag::TableHead | Tag::TableRow)
            | Event::End(TagEnd::List(_) | TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow) => {
            }
            other => panic!("{other:?} in\n{body}"),
        }
    }
    texts
}

const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "link", "style", "script", "body", "main", "footer", "p",
    "h1", "h2", "h3", "span", "code", "pre", "a", "b", "strong", "br", "ul", "ol", "li", "dl",
    "dt", "dd", "div", "table", "thead", "tbody", "tr", "th", "td",
];
const VOID: &[&str] = &["meta", "link", "br"];
const ATTRIBUTES: &[&str] = &[
    "lang",
    "dir",
    "charset",
    "name",
    "content",
    "http-equiv",
    "rel",
    "type",
    "href",
    "id",
    "class",
    "role",
    "aria-labelledby",
    "tabindex",
    "scope",
    "data-char",
];

/// An element that is open, and its text: which characters are there as they are, and which are run
/// together where they are blanks.
struct Open {
    name: String,
    text: Vec<(char, bool)>,
    /// The character that it stands for.
    stands_for: Option<char>,
}

/// The texts of all elements below the head. Panics where an element or an attribute is there that
/// no page has, where a link leads somewhere else than to the web or to a neighbour, or where
/// elements do not end in order.
pub(crate) fn html_texts(page: &str) -> Vec<String> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let (mut texts, mut open, mut data) = (Vec::new(), Vec::<Open>::new(), Vec::new());
    for token in Tokenizer::new_with_emitter(page, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = utf8(&tag.name);
                assert!(ELEMENTS.contains(&&*name), "<{name}> in {page}");
                let attribute = |wanted: &str| {
                    let found = tag.attributes.iter().find(|(name, _)| utf8(name) == wanted);
                    found.map(|(_, value)| utf8(&value.value))
                };
                for name in tag.attributes.keys().map(|name| utf8(name)) {
                    assert!(ATTRIBUTES.contains(&&*name), "{name}= in {page}");
                }
                if let Some(address) = attribute("href") {
                    let near = address.trim_start_matches("../");
                    let is_near =
                        near.bytes().all(|b| b.is_ascii_alphanumeric() || b"./_-".contains(&b));
                    let is_web = ["https://", "http://"].iter().any(|web| address.starts_with(web));
                    assert!(is_web || is_near && !near.starts_with('/'), "{address}");
                }
                let stands_for = attribute("data-char").map(|number| {
                    let number = u32::from_str_radix(&number, 16).expect("a number");
                    char::from_u32(number).expect("a character")
                });
                if name == "script" {
                    assert_eq!(attribute("type").as_deref(), Some("application/ld+json"));
                }
                if VOID.contains(&&*name) {
                    if name == "br" {
                        add(&mut open, '\n', true);
                    }
                } else {
                    if let Some(c) = stands_for {
                        add(&mut open, c, true);
                    }
                    open.push(Open { name, text: Vec::new(), stands_for });
                }
            }
            Token::EndTag(tag) => {
                let element = open.pop().expect("something is open");
                assert_eq!(utf8(&tag.name), element.name, "{page}");
                if element.name == "script" {
                    data.push(element.text.iter().map(|(c, _)| c).collect::<String>());
                } else if !matches!(&*element.name, "style" | "head" | "html" | "body") {
                    texts.push(run_together(&element.text));
                }
            }
            Token::String(string) => {
                let is_exact = open.iter().any(|element| element.name == "pre");
                for c in utf8(&string.value).chars() {
                    add(&mut open, c, is_exact);
                }
            }
            Token::Doctype(_) => {}
            other => panic!("{other:?} in\n{page}"),
        }
    }
    assert!(open.is_empty(), "{page}");
    for text in data {
        assert!(!text.contains('<'), "{text}");
        let data: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(data["@type"], "TechArticle");
    }
    texts
}

/// Adds a character to the text of each open element, unless it is only the sight of another.
fn add(open: &mut [Open], c: char, is_exact: bool) {
    if open.iter().all(|element| element.stands_for.is_none()) {
        for element in open {
            element.text.push((c, is_exact));
        }
    }
}

/// What is left of a text when HTML has run its blanks together.
fn run_together(text: &[(char, bool)]) -> String {
    let mut out = String::new();
    let mut due = false;
    for (c, is_exact) in text {
        if !is_exact && matches!(c, ' ' | '\n' | '\t') {
            due = !out.is_empty();
        } else {
            if std::mem::take(&mut due) {
                out.push(' ');
            }
            out.push(*c);
        }
    }
    out
}

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
