//! The pages that an entry points to, and whose they are.

use super::hash::{Term, term};
use crate::entry::Entry;

/// The addresses of the pages, without what varies for one page.
pub(super) fn addresses(entry: &Entry) -> Vec<String> {
    /// Of an entry no more pages are looked at.
    const MOST: usize = 64;
    let of_dead_ends = entry.dead_ends.iter().flat_map(|item| &item.sources);
    let of_workarounds = entry.workarounds.iter().flat_map(|item| &item.sources);
    let urls = entry.official_doc_url.iter().chain(of_dead_ends).chain(of_workarounds);
    let addresses = urls.filter_map(|url| {
        let page = url.trim().split('#').next().unwrap_or_default();
        let page = page.split_once("://").map_or(page, |(_, rest)| rest);
        let page = page.trim_start_matches("www.").trim_end_matches('/').to_lowercase();
        (!page.is_empty()).then_some(page)
    });
    addresses.take(MOST).collect()
}

/// The pages, sorted.
pub(super) fn pages(addresses: &[String]) -> Vec<Term> {
    sorted(addresses.iter().map(|address| term(address)))
}

/// The names of the sites, sorted: of `docs.python.org`, `python`.
pub(super) fn sites(addresses: &[String]) -> Vec<Term> {
    let names = addresses.iter().filter_map(|address| {
        let host = address.split(['/', ':', '?']).next().unwrap_or_default();
        host.rsplit('.').nth(1)
    });
    sorted(names.map(term))
}

fn sorted(terms: impl Iterator<Item = Term>) -> Vec<Term> {
    let mut terms: Vec<Term> = terms.collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_the_same_under_its_addresses() {
        let entry = Entry {
            official_doc_url: Some("https://www.Example.org/errors/7#cause".to_owned()),
            ..Entry::default()
        };
        let found = addresses(&entry);
        assert_eq!(found, ["example.org/errors/7"]);
        assert_eq!(sites(&found), [term("example")]);
        assert_eq!(
            sites(&["docs.python.org/3/".to_owned(), "localhost:8".to_owned()]),
            [term("python")]
        );
    }
}
