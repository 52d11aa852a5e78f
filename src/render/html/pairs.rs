//! Pairs of entries side by side as one page of HTML, without scripts, that fetches nothing.
//!
//! Nothing of an entry is markup: [`Html`] has no way to add it. Words that both entries of a pair have
//! in a section are marked.

use super::super::percent;
use super::write::Html;
use super::{AUTO, CHINESE, STYLE};
use crate::duplicates::{CommonWords, Reasons};
use crate::entry::Entry;

/// What this page has beside the looks of an entry's page.
const PAIRS_STYLE: &str = include_str!("pairs.css");

const ENGLISH: (&str, &str) = ("lang", "en");
/// Of one text no more is shown, in bytes.
const MOST_BYTES: usize = 8 << 10;
/// Of one section no more texts are shown.
const MOST_TEXTS: usize = 50;

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
    pub entries: [Entry; 2],
    /// What they are, in a word.
    pub label: &'p str,
    /// The probability that they are duplicates.
    pub probability: f64,
    /// Why.
    pub reasons: Reasons,
    /// What is decided about them, if anything is.
    pub notes: Vec<String>,
}

/// A text of an entry, behind its rate if it has one: the class of the rate and the rate.
struct Text {
    rate: Option<(&'static str, String)>,
    text: String,
}

/// The page as HTML.
pub fn pairs_html(page: &PairsPage<'_>) -> String {
    let mut out = Html::new();
    out.markup(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"generator\" content=\"errlore\">\n\
         <title>Duplicates</title>\n<style>\n",
    );
    out.markup(STYLE);
    out.markup(PAIRS_STYLE);
    out.markup("</style>\n</head>\n<body>\n<main>\n<h1>Duplicates</h1>\n");
    clusters(&mut out, &page.clusters);
    if page.pairs.is_empty() {
        out.markup("<p>There are no pairs to show.</p>\n");
    } else {
        out.markup("<h2>Pairs</h2>\n");
    }
    for (number, pair) in (1..).zip(&page.pairs) {
        self::pair(&mut out, number, pair);
    }
    out.markup("</main>\n");
    if !page.notes.is_empty() {
        out.markup("<footer>\n");
        for note in &page.notes {
            out.element("p", &[], note);
            out.markup("\n");
        }
        out.markup("</footer>\n");
    }
    out.markup("</body>\n</html>\n");
    out.finish()
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
    for note in &pair.notes {
        out.element("p", &[("class", "note"), AUTO], note);
        out.markup("\n");
    }
    let [a, b] = &pair.entries;
    out.markup("<div class=\"sides\">\n");
    for entry in [a, b] {
        out.markup("<p class=\"side name\">");
        out.element("code", &[("dir", "ltr")], entry.id.as_str());
        out.markup("</p>\n");
    }
    for ((title, mine), (_, others)) in sections(a).into_iter().zip(sections(b)) {
        if mine.is_empty() && others.is_empty() {
            continue;
        }
        let words = |texts: &[Text]| {
            CommonWords::of(&texts.iter().map(|text| text.text.clone()).collect::<Vec<_>>())
        };
        let (in_mine, in_others) = (words(&mine), words(&others));
        for (texts, words) in [(&mine, &in_others), (&others, &in_mine)] {
            let is_chinese = title.ends_with("Chinese");
            out.open("section", &[("class", "side"), if is_chinese { CHINESE } else { ENGLISH }]);
            out.element("h4", &[ENGLISH], title);
            self::texts(out, title == "Pattern", texts, words);
            out.markup("</section>\n");
        }
    }
    out.markup("</div>\n</article>\n");
}

fn texts(out: &mut Html, is_pattern: bool, texts: &[Text], words: &CommonWords) {
    for text in texts.iter().take(MOST_TEXTS) {
        let direction = if is_pattern { ("dir", "ltr") } else { AUTO };
        out.open("p", &[("class", if is_pattern { "code" } else { "said" }), direction]);
        if let Some((class, rate)) = &text.rate {
            out.element("span", &[("class", class)], rate);
            out.markup(" ");
        }
        let shown = &text.text[..text.text.floor_char_boundary(MOST_BYTES)];
        let mut at = 0;
        for (start, end) in words.places(shown) {
            out.preformatted(&shown[at..start]);
            out.markup("<mark>");
            out.preformatted(&shown[start..end]);
            out.markup("</mark>");
            at = end;
        }
        out.preformatted(&shown[at..]);
        out.markup(if shown.len() < text.text.len() { " … (there is more)</p>" } else { "</p>" });
    }
    if texts.is_empty() {
        out.markup("<p class=\"none\">none</p>");
    } else if texts.len() > MOST_TEXTS {
        out.markup("<p class=\"none\">… (there are more)</p>");
    }
}

/// The sections of an entry: titles and texts.
fn sections(entry: &Entry) -> [(&'static str, Vec<Text>); 7] {
    let some = |text: &str| match text.trim() {
        "" => Vec::new(),
        text => vec![Text { rate: None, text: text.to_owned() }],
    };
    let option = |text: &Option<String>| some(text.as_deref().unwrap_or_default());
    let with = |class, rate: String, first: &str, second: &str| {
        let (first, second) = (first.trim(), second.trim());
        let is_all = second.is_empty() || first == second;
        let text = if is_all { first.to_owned() } else { format!("{first}: {second}") };
        Text { rate: Some((class, rate)), text }
    };
    let workarounds = entry.workarounds.iter().map(|item| {
        let rate = format!("{} success", percent(item.success_rate));
        with("rate success", rate, &item.action, &item.how)
    });
    let dead_ends = entry.dead_ends.iter().map(|item| {
        let rate = format!("{} fail", percent(item.fail_rate));
        with("rate fail", rate, &item.action, &item.why_fails)
    });
    [
        ("Message", some(&entry.signature)),
        ("Message in Chinese", option(&entry.signature_zh)),
        ("Pattern", some(&entry.regex)),
        ("Root cause", some(&entry.root_cause)),
        ("Root cause in Chinese", option(&entry.root_cause_zh)),
        ("Workarounds", workarounds.collect()),
        ("Dead ends", dead_ends.collect()),
    ]
}
