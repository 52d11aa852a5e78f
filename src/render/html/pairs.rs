//! Pairs of entries side by side as one page of HTML, without scripts, that fetches nothing.
//!
//! Nothing of an entry is markup: [`Html`] has no way to add it. Words that both entries of a pair have
//! in a section are marked.

use super::super::Advice;
use super::page::{begin, end};
use super::write::Html;
use super::{AUTO, CHINESE};
use crate::duplicates::{CommonWords, Contradiction, Reasons};
use crate::entry::Entry;

/// What this page has beside the looks of an entry's page.
const PAIRS_STYLE: &str = include_str!("pairs.css");

const ENGLISH: (&str, &str) = ("lang", "en");
/// Of one text no more is shown, in bytes.
const MOST_BYTES: usize = 4 << 10;
/// Of one section no more texts are shown.
const MOST_TEXTS: usize = 30;

/// What is on the page.
#[derive(Clone, Debug, Default)]
pub struct PairsPage<'p> {
    /// Clusters of duplicates: the ids of their entries.
    pub clusters: Vec<Vec<&'p str>>,
    /// Pairs, in the order in which they are shown.
    pub pairs: Vec<SideBySide<'p>>,
    /// What there is to say below: how many pairs were left out, and why.
    pub notes: Vec<String>,
}

/// Two entries, and what they are to each other.
#[derive(Clone, Debug)]
pub struct SideBySide<'p> {
    /// The one and the other.
    pub sides: [Side; 2],
    /// What they are, in a word.
    pub label: &'p str,
    /// The probability that they are duplicates.
    pub probability: f64,
    /// Why.
    pub reasons: Reasons,
    /// Where they contradict each other.
    pub contradictions: Vec<Contradiction>,
    /// What is decided about them, if anything is.
    pub notes: Vec<String>,
}

/// What is shown of an entry: of a long text its beginning.
#[derive(Clone, Debug)]
pub struct Side {
    id: String,
    sections: [(&'static str, Section); 7],
}

/// An entry and the one beside it.
type Beside<'e> = [&'e Entry; 2];

/// The texts of a section, and whether there are more.
#[derive(Clone, Debug)]
struct Section {
    texts: Vec<Text>,
    has_more: bool,
}

/// A text of an entry, behind its rate if it has one: the class of the rate and the rate.
#[derive(Clone, Debug)]
struct Text {
    rate: Option<(&'static str, String)>,
    said: String,
    is_cut: bool,
}

impl Text {
    fn new(rate: Option<(&'static str, String)>, text: &str) -> Self {
        let end = text.floor_char_boundary(MOST_BYTES);
        Self { rate, said: text[..end].to_owned(), is_cut: end < text.len() }
    }
}

impl Side {
    /// Takes from two entries what is shown of them.
    pub fn both(a: &Entry, b: &Entry) -> [Self; 2] {
        let of = |both: Beside<'_>| Self {
            id: both[0].id.as_str().to_owned(),
            sections: sections(both),
        };
        [of([a, b]), of([b, a])]
    }
}

/// The page as HTML.
pub fn pairs_html(page: &PairsPage<'_>) -> String {
    let mut out = begin("Duplicates", PAIRS_STYLE);
    clusters(&mut out, &page.clusters);
    if page.pairs.is_empty() {
        out.markup("<p>There are no pairs to show.</p>\n");
    } else {
        out.markup("<h2>Pairs</h2>\n");
    }
    for (number, pair) in (1..).zip(&page.pairs) {
        self::pair(&mut out, number, pair);
    }
    end(out, &page.notes)
}

fn clusters(out: &mut Html, clusters: &[Vec<&str>]) {
    if clusters.is_empty() {
        return;
    }
    out.markup("<h2>Clusters</h2>\n<ol class=\"clusters\">\n");
    for members in clusters {
        out.markup("<li><ul>");
        for id in members {
            out.markup("<li>");
            out.element("code", &[("dir", "ltr")], id);
            out.markup("</li>");
        }
        out.markup("</ul></li>\n");
    }
    out.markup("</ol>\n");
}

fn pair(out: &mut Html, number: usize, pair: &SideBySide<'_>) {
    let name = format!("pair-{number}");
    out.open("article", &[("aria-labelledby", &name)]);
    out.open("h3", &[("id", &name)]);
    out.text(&format!("{number}. {:.0} % {}", pair.probability * 100.0, pair.label));
    out.markup("</h3>\n");
    for (class, reasons) in [("for", &pair.reasons.for_it), ("against", &pair.reasons.against)] {
        if !reasons.is_empty() {
            out.open("ul", &[("class", class)]);
            for reason in reasons {
                out.element("li", &[], reason);
            }
            out.markup("</ul>\n");
        }
    }
    contradictions(out, &pair.contradictions);
    for note in &pair.notes {
        out.element("p", &[("class", "note"), AUTO], note);
        out.markup("\n");
    }
    let [a, b] = &pair.sides;
    out.markup("<div class=\"sides\">\n");
    for side in [a, b] {
        out.markup("<p class=\"side name\">");
        out.element("code", &[("dir", "ltr")], &side.id);
        out.markup("</p>\n");
    }
    for ((title, mine), (_, others)) in a.sections.iter().zip(&b.sections) {
        if mine.texts.is_empty() && others.texts.is_empty() {
            continue;
        }
        let words = |section: &Section| {
            CommonWords::of(&section.texts.iter().map(|text| text.said.clone()).collect::<Vec<_>>())
        };
        let (in_mine, in_others) = (words(mine), words(others));
        for (section, words) in [(mine, &in_others), (others, &in_mine)] {
            let is_chinese = title.ends_with("Chinese");
            out.open("section", &[("class", "side"), if is_chinese { CHINESE } else { ENGLISH }]);
            out.element("h4", &[ENGLISH], title);
            texts(out, *title == "Pattern", section, words);
            out.markup("</section>\n");
        }
    }
    out.markup("</div>\n</article>\n");
}

fn contradictions(out: &mut Html, all: &[Contradiction]) {
    /// Of a pair no more are shown.
    const MOST: usize = 8;
    if all.is_empty() {
        return;
    }
    out.markup("<ul class=\"clash\">");
    for contradiction in all.iter().take(MOST) {
        out.markup("<li>");
        out.element("strong", &[], &contradiction.in_words());
        for (side, text) in ["A", "B"].into_iter().zip(&contradiction.texts) {
            out.open("p", &[("class", "said"), AUTO]);
            out.text(side);
            out.markup(": ");
            out.text(text);
            out.markup("</p>");
        }
        out.markup("</li>");
    }
    if let Some(more) = all.len().checked_sub(MOST).filter(|more| *more > 0) {
        out.element("li", &[], &format!("{more} more contradictions"));
    }
    out.markup("</ul>\n");
}

fn texts(out: &mut Html, is_pattern: bool, section: &Section, words: &CommonWords) {
    for text in &section.texts {
        let direction = if is_pattern { ("dir", "ltr") } else { AUTO };
        out.open("p", &[("class", if is_pattern { "code" } else { "said" }), direction]);
        if let Some((class, rate)) = &text.rate {
            out.element("span", &[("class", class)], rate);
            out.markup(" ");
        }
        let shown = &text.said;
        let mut at = 0;
        for (start, end) in words.places(shown) {
            out.preformatted(&shown[at..start]);
            out.markup("<mark>");
            out.preformatted(&shown[start..end]);
            out.markup("</mark>");
            at = end;
        }
        out.preformatted(&shown[at..]);
        out.markup(if text.is_cut { " … (there is more)</p>" } else { "</p>" });
    }
    if section.texts.is_empty() {
        out.markup("<p class=\"none\">none</p>");
    } else if section.has_more {
        out.markup("<p class=\"none\">… (there are more)</p>");
    }
}

/// The sections of the first of two entries: titles and texts.
fn sections([entry, other]: Beside<'_>) -> [(&'static str, Section); 7] {
    let some = |text: &str| {
        let texts = Some(text.trim()).filter(|text| !text.is_empty());
        Section {
            texts: texts.map(|text| Text::new(None, text)).into_iter().collect(),
            has_more: false,
        }
    };
    let option = |text: &Option<String>| some(text.as_deref().unwrap_or_default());
    let advice = |class: &'static str, items: Vec<Advice>, others: Vec<Advice>| {
        let text =
            |item: &Advice| Text::new(Some((class, item.rate.clone())), &item.beside(&others));
        let texts = items.iter().take(MOST_TEXTS).map(text).collect();
        Section { texts, has_more: items.len() > MOST_TEXTS }
    };
    let workarounds = |entry: &Entry| entry.workarounds.iter().map(Advice::from).collect();
    let dead_ends = |entry: &Entry| entry.dead_ends.iter().map(Advice::from).collect();
    [
        ("Message", some(&entry.signature)),
        ("Message in Chinese", option(&entry.signature_zh)),
        ("Pattern", some(&entry.regex)),
        ("Root cause", some(&entry.root_cause)),
        ("Root cause in Chinese", option(&entry.root_cause_zh)),
        ("Workarounds", advice("rate success", workarounds(entry), workarounds(other))),
        ("Dead ends", advice("rate fail", dead_ends(entry), dead_ends(other))),
    ]
}
