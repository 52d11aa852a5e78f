//! What a page that is no entry begins and ends with.

use super::STYLE;
use super::write::Html;

/// Begins a page: up to its heading.
pub(super) fn begin(title: &'static str, style: &'static str) -> Html {
    let mut out = Html::new();
    out.markup(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"generator\" content=\"errlore\">\n",
    );
    out.element("title", &[], title);
    out.markup("\n<style>\n");
    out.markup(STYLE);
    out.markup(style);
    out.markup("</style>\n</head>\n<body>\n<main>\n");
    out.element("h1", &[], title);
    out.markup("\n");
    out
}

/// Ends a page, with notes below it.
pub(super) fn end(mut out: Html, notes: &[String]) -> String {
    out.markup("</main>\n");
    if !notes.is_empty() {
        out.markup("<footer>\n");
        for note in notes {
            out.element("p", &[], note);
            out.markup("\n");
        }
        out.markup("</footer>\n");
    }
    out.markup("</body>\n</html>\n");
    out.finish()
}
