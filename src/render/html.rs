//! The page of an entry as HTML: one file, without scripts, that fetches nothing.
//!
//! It has the sections of a text page, and beside them the pattern, the links to other entries, and
//! when an item holds and where it is written. Nothing of an entry is markup: [`write`] has no way to
//! add it. Where a text is in a script that runs from right to left, it is kept apart from what stands
//! beside it (`dir="auto"`); characters that would rearrange the page are shown by their names.
//!
//! The links to the other forms and to other entries are relative: they lead somewhere where all
//! pages are written into one folder.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Link, badges, figures, is_link, links, more_figures, percent, version_rows};
use crate::canonical::canonical_text;
use crate::entry::{Entry, EntryId};
use crate::fields::heading;

mod changes;
mod page;
mod pairs;
mod write;

pub use changes::changes_html;
pub use pairs::{PairsPage, Side, SideBySide, pairs_html};
use write::{Data, Html};

/// The rules of the page's looks.
const STYLE: &str = include_str!("html/style.css");

/// The direction of a text is that of its own script.
const AUTO: (&str, &str) = ("dir", "auto");
const CHINESE: (&str, &str) = ("lang", "zh");

/// The page of an entry as HTML.
pub fn html(entry: &Entry) -> String {
    let mut page = Html::new();
    page.markup("<!doctype html>\n");
    page.open("html", &[("lang", &entry.locale.0)]);
    page.markup("\n");
    head(&mut page, entry);
    page.markup("<body>\n<main>\n");
    summary(&mut page, entry);
    versions(&mut page, entry);
    root_cause(&mut page, entry);
    pattern(&mut page, entry);
    documentation(&mut page, entry);
    workarounds(&mut page, entry);
    dead_ends(&mut page, entry);
    operating_systems(&mut page, entry);
    chain(&mut page, entry);
    page.markup("</main>\n");
    about(&mut page, entry);
    page.markup("</body>\n</html>\n");
    page.finish()
}

fn head(page: &mut Html, entry: &Entry) {
    page.markup(
        "<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"generator\" content=\"errlore\">\n",
    );
    page.title(&entry.signature);
    page.markup("\n");
    let description = canonical_text(&entry.root_cause).replace('\n', " ");
    page.open("meta", &[("name", "description"), ("content", &description)]);
    page.markup("\n");
    for (kind, address) in forms(&entry.id) {
        page.open("link", &[("rel", "alternate"), ("type", kind), ("href", &address)]);
        page.markup("\n");
    }
    page.markup("<style>\n");
    page.markup(STYLE);
    page.markup("</style>\n");
    page.linked_data(&linked_data(entry));
    page.markup("</head>\n");
}

/// What search engines read: <https://schema.org/TechArticle>.
fn linked_data(entry: &Entry) -> Vec<(&'static str, Data<'_>)> {
    let text = |text| Data::Text(canonical_text(text));
    let mut members = vec![
        ("@context", text("https://schema.org")),
        ("@type", text("TechArticle")),
        ("headline", text(&entry.signature)),
        ("description", text(&entry.root_cause)),
        ("identifier", text(entry.id.as_str())),
        ("inLanguage", text(&entry.locale.0)),
    ];
    if let Some(day) = entry.last_updated {
        members.push(("dateModified", Data::Text(day.to_string().into())));
    }
    let words: Vec<_> =
        entry.error_code.iter().chain(&entry.tags).map(|word| canonical_text(word)).collect();
    if !words.is_empty() {
        members.push(("keywords", Data::List(words)));
    }
    let sources: BTreeSet<_> = entry
        .official_doc_url
        .iter()
        .chain(entry.workarounds.iter().flat_map(|item| &item.sources))
        .chain(entry.dead_ends.iter().flat_map(|item| &item.sources))
        .map(|source| canonical_text(source))
        .filter(|source| is_link(source))
        .collect();
    if !sources.is_empty() {
        members.push(("citation", Data::List(sources.into_iter().collect())));
    }
    members
}

impl Html {
    /// When the advice of an item holds, and where it is written.
    fn context(&mut self, condition: &str, sources: &[String]) {
        if !condition.trim().is_empty() {
            self.markup("\n<p class=\"condition\">Condition: ");
            self.element("span", &[AUTO], condition);
            self.markup("</p>");
        }
        if !sources.is_empty() {
            self.markup("\n<p class=\"sources\">Sources:</p>\n<ul class=\"sources\">\n");
            for source in sources {
                self.markup("<li>");
                self.address(source);
                self.markup("</li>\n");
            }
            self.markup("</ul>");
        }
    }

    /// An address, as a link if it may be one.
    fn address(&mut self, address: &str) {
        let address = canonical_text(address);
        if is_link(&address) {
            let attributes = [("href", &*address), ("rel", "external nofollow"), AUTO];
            self.element("a", &attributes, &address);
        } else {
            self.element("span", &[("class", "address"), AUTO], &address);
        }
    }

    fn paragraph(&mut self, class: &'static str, text: &str) {
        if !text.trim().is_empty() {
            self.element("p", &[("class", class), AUTO], text);
            self.markup("\n");
        }
    }
}

/// The addresses of the same entry in other forms, each with its media type.
fn forms(id: &EntryId) -> Vec<(&'static str, String)> {
    let Some(name) = id.as_str().rsplit('/').next().filter(|_| id.is_usable()) else {
        return Vec::new();
    };
    vec![("application/json", format!("{name}.json")), ("text/markdown", format!("{name}.md"))]
}

fn summary(page: &mut Html, entry: &Entry) {
    page.markup("<p class=\"badges\">");
    for (index, word) in badges(entry).iter().enumerate() {
        page.markup(if index > 0 { " " } else { "" });
        page.element("span", &[("class", "badge"), AUTO], word);
    }
    page.markup("</p>\n");
    page.element("h1", &[AUTO], &entry.signature);
    page.markup("\n");
    if let Some(text) = &entry.signature_zh {
        page.element("p", &[("class", "translation"), CHINESE, AUTO], text);
        page.markup("\n");
    }
    if !entry.id.as_str().trim().is_empty() {
        page.markup("<p class=\"id\">ID: ");
        page.element("code", &[("dir", "ltr")], entry.id.as_str());
        page.markup("</p>\n");
    }
    if let [(json, json_address), (markdown, markdown_address)] = forms(&entry.id).as_slice() {
        let attributes = |kind, address| [("rel", "alternate"), ("type", kind), ("href", address)];
        page.markup("<p class=\"forms\">Also available as: ");
        page.element("a", &attributes(json, json_address), "JSON");
        page.markup(" · ");
        page.element("a", &attributes(markdown, markdown_address), "Markdown");
        page.markup("</p>\n");
    }
    page.markup("<ul class=\"figures\">\n");
    for (figure, label) in figures(entry).into_iter().chain(more_figures(entry)) {
        page.markup("<li>");
        page.element("b", &[], &figure);
        page.markup(" ");
        page.markup(label);
        page.markup("</li>\n");
    }
    page.markup("</ul>\n");
}

fn versions(page: &mut Html, entry: &Entry) {
    let rows = version_rows(entry, true);
    let [head, rows @ ..] = rows.as_slice() else { return };
    if rows.is_empty() {
        return;
    }
    page.element("h2", &[("id", "versions")], heading("versions"));
    page.markup(
        "\n<div class=\"scroll\" role=\"region\" aria-labelledby=\"versions\" tabindex=\"0\">\n\
         <table>\n<thead><tr>",
    );
    for cell in head {
        page.element("th", &[("scope", "col")], cell);
    }
    page.markup("</tr></thead>\n<tbody>\n");
    for row in rows {
        page.markup("<tr>");
        for cell in row {
            page.open("td", if cell.is_empty() { &[] } else { &[AUTO] });
            page.cell(cell);
            page.close("td");
        }
        page.markup("</tr>\n");
    }
    page.markup("</tbody>\n</table>\n</div>\n");
}

fn root_cause(page: &mut Html, entry: &Entry) {
    if !entry.root_cause.trim().is_empty() {
        page.element("h2", &[], heading("root_cause"));
        page.markup("\n");
        page.paragraph("cause", &entry.root_cause);
        page.paragraph("kind", &entry.root_cause_type.0);
    }
    if let Some(text) = &entry.root_cause_zh {
        page.element("h3", &[CHINESE], heading("root_cause_zh"));
        page.markup("\n");
        page.element("p", &[CHINESE, AUTO], text);
        page.markup("\n");
    }
}

fn pattern(page: &mut Html, entry: &Entry) {
    if !entry.regex.is_empty() {
        page.element("h2", &[], heading("regex"));
        page.markup("\n<pre class=\"pattern\" dir=\"ltr\"><code>");
        page.preformatted(&entry.regex);
        page.markup("</code></pre>\n");
    }
}

fn documentation(page: &mut Html, entry: &Entry) {
    let address = entry.official_doc_url.as_deref();
    let section = entry.official_doc_section.as_deref();
    if address.or(section).is_some() {
        page.element("h2", &[], heading("official_doc_url"));
        page.markup("\n<p>");
        if let Some(address) = address {
            page.address(address);
        }
        if let Some(section) = section {
            page.markup(if address.is_some() { "<br>\n" } else { "" });
            page.element("span", &[("class", "section"), AUTO], section);
        }
        page.markup("</p>\n");
    }
}

/// The beginning of an item: its rate and what is done.
fn item(page: &mut Html, class: &'static str, rate: &str, action: &str) {
    page.markup("<li>");
    page.element("span", &[("class", class)], rate);
    if !action.trim().is_empty() {
        page.markup(" ");
        page.element("strong", &[AUTO], action);
    }
}

fn workarounds(page: &mut Html, entry: &Entry) {
    if !entry.workarounds.is_empty() {
        page.element("h2", &[], heading("workarounds"));
        page.markup("\n<ol class=\"advice\">\n");
        for advice in &entry.workarounds {
            let rate = format!("{} success", percent(advice.success_rate));
            item(page, "rate success", &rate, &advice.action);
            let how = canonical_text(&advice.how);
            if how.contains(['\n', '\t']) {
                page.markup("\n");
                page.open("pre", &[AUTO]);
                page.preformatted(&how);
                page.close("pre");
            } else if !how.is_empty() {
                // One line wraps like any text, also where a program cuts preformatted lines.
                page.markup("\n");
                page.element("div", &[("class", "how"), AUTO], &how);
            }
            page.context(&advice.condition, &advice.sources);
            page.markup("</li>\n");
        }
        page.markup("</ol>\n");
    }
    if !entry.workarounds_zh.is_empty() {
        let level = if entry.workarounds.is_empty() { "h2" } else { "h3" };
        page.element(level, &[CHINESE], heading("workarounds_zh"));
        page.markup("\n<ol lang=\"zh\">\n");
        for text in &entry.workarounds_zh {
            page.element("li", &[AUTO], text);
            page.markup("\n");
        }
        page.markup("</ol>\n");
    }
}

fn dead_ends(page: &mut Html, entry: &Entry) {
    if entry.dead_ends.is_empty() {
        return;
    }
    page.element("h2", &[], heading("dead_ends"));
    page.markup("\n<p>Common approaches that don&#39;t work:</p>\n");
    page.markup("<ol class=\"advice\">\n");
    for advice in &entry.dead_ends {
        let rate = format!("{} fail", percent(advice.fail_rate));
        item(page, "rate fail", &rate, &advice.action);
        if !advice.why_fails.trim().is_empty() {
            page.markup("\n");
            page.element("p", &[AUTO], &advice.why_fails);
        }
        page.context(&advice.condition, &advice.sources);
        page.markup("</li>\n");
    }
    page.markup("</ol>\n");
}

fn operating_systems(page: &mut Html, entry: &Entry) {
    if entry.os_specific.values().all(|text| text.trim().is_empty()) {
        return;
    }
    page.element("h2", &[], heading("os_specific"));
    page.markup("\n<ul class=\"systems\">\n");
    for (system, text) in &entry.os_specific {
        page.markup("<li>");
        page.element("strong", &[AUTO], system);
        page.markup(": ");
        page.element("span", &[AUTO], text);
        page.markup("</li>\n");
    }
    page.markup("</ul>\n");
}

fn chain(page: &mut Html, entry: &Entry) {
    let links = links(entry);
    if links.is_empty() {
        return;
    }
    let up = "../".repeat(entry.id.as_str().matches('/').count());
    page.element("h2", &[], heading("transition_graph"));
    page.markup("\n<ul class=\"chain\">\n");
    for Link { relation, id, note } in links {
        page.markup("<li>");
        page.markup(relation);
        page.markup(": ");
        page.open("code", &[("dir", "ltr")]);
        if id.is_usable() && entry.id.is_usable() {
            page.element("a", &[("href", &format!("{up}{id}.html"))], id.as_str());
        } else {
            page.text(id.as_str());
        }
        page.close("code");
        if !note.is_empty() {
            page.markup(" (");
            page.element("span", &[AUTO], &note);
            page.markup(")");
        }
        page.markup("</li>\n");
    }
    page.markup("</ul>\n");
}

/// What one need not know to be helped: below the page.
fn about(page: &mut Html, entry: &Entry) {
    fn set<'e>(texts: impl Iterator<Item = &'e str>) -> BTreeSet<Cow<'e, str>> {
        texts.map(canonical_text).collect()
    }
    let rows = [
        ("Subcategory", set(entry.subcategory.iter().map(String::as_str))),
        ("Tags", set(entry.tags.iter().map(String::as_str))),
        ("Former IDs", set(entry.aliases.iter().map(EntryId::as_str))),
    ];
    if rows.iter().all(|(_, texts)| texts.is_empty()) {
        return;
    }
    page.markup("<footer>\n<dl>\n");
    for (label, texts) in rows.iter().filter(|(_, texts)| !texts.is_empty()) {
        page.element("dt", &[], label);
        for text in texts {
            page.element("dd", &[AUTO], text);
        }
        page.markup("\n");
    }
    page.markup("</dl>\n</footer>\n");
}
