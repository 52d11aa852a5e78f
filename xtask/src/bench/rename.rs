//! New ids for the copies of an entry: `domain/slug/env` becomes `domain/slug-cN/env`.
//!
//! The text is changed nowhere else, so a copy costs a validator what the original does.

use errlore::json::{self, Value};

/// Where in an entry's text the suffix of a copy goes: behind the slug of its id, of its aliases, and
/// of each `error_id`. What is no JSON has no ids.
pub(super) fn places(text: &str) -> Vec<usize> {
    let Ok(tree) = json::parse(text) else { return Vec::new() };
    let mut places = Vec::new();
    if let Some(root) = tree.root(text) {
        if let Some(id) = root.get("id") {
            places.extend(place(id));
        }
        if let Some(aliases) = root.get("aliases") {
            places.extend(aliases.items().filter_map(place));
        }
        links(root, &mut places);
    }
    places.sort_unstable();
    places
}

/// Finds each `error_id`, wherever it is.
fn links(value: Value<'_>, places: &mut Vec<usize>) {
    for (key, value) in value.members() {
        if key.as_str().is_some_and(|key| key == "error_id") {
            places.extend(place(value));
        }
        links(value, places);
    }
    value.items().for_each(|item| links(item, places));
}

/// The place in a string. The characters of an id are never escaped, so it is as in the id itself.
fn place(id: Value<'_>) -> Option<usize> {
    let decoded = id.as_str()?;
    let start = id.span().range().start + 1;
    Some(start + end_of_slug(&decoded))
}

fn end_of_slug(id: &str) -> usize {
    let mut slashes = id.match_indices('/').map(|(at, _)| at);
    slashes.nth(1).unwrap_or(id.len())
}

/// The text with a suffix at each place; the places are in order.
pub(super) fn with_suffix(text: &str, places: &[usize], suffix: &str) -> String {
    let mut out = String::with_capacity(text.len() + places.len() * suffix.len());
    let mut written = 0;
    for &place in places {
        out.push_str(&text[written..place]);
        out.push_str(suffix);
        written = place;
    }
    out.push_str(&text[written..]);
    out
}

/// The path of a copy, as its id asks for: `domain/slug/env.json` to `domain/slug-cN/env.json`.
pub(super) fn path(path: &str, suffix: &str) -> String {
    let id = path.strip_suffix(".json").unwrap_or(path);
    let (before, after) = path.split_at(end_of_slug(id));
    format!("{before}{suffix}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_links_get_the_suffix_and_nothing_else() {
        let text = r#"{
  "id": "net/reset/linux",
  "signature": "\"error_id\": \"net/reset/linux\"",
  "aliases": [
    "net/old",  "net/older/linux"],
  "x-id": {"id": "net/reset/linux", "aliases": ["a/b"]},
  "transition_graph": {"leads_to": [{"error_id": "net/timeout", "probability": 0.5}],
    "frequently_confused_with": [{"distinction": "错误", "error_id": "os/refused/any"}]}
}
"#;
        let copy = with_suffix(text, &places(text), "-c7");
        let expected = text
            .replace("\"id\": \"net/reset/linux\",\n", "\"id\": \"net/reset-c7/linux\",\n")
            .replace("net/old\"", "net/old-c7\"")
            .replace("net/older/linux", "net/older-c7/linux")
            .replace("net/timeout", "net/timeout-c7")
            .replace("os/refused/any", "os/refused-c7/any");
        assert_eq!(copy, expected);
    }

    #[test]
    fn paths_follow_the_ids() {
        assert_eq!(path("net/reset/linux.json", "-c1"), "net/reset-c1/linux.json");
        assert_eq!(path("net/v1.2.json", "-c1"), "net/v1.2-c1.json");
        assert_eq!(path("stray.json", "-c1"), "stray-c1.json");
    }

    #[test]
    fn what_is_no_entry_stays_as_it_is() {
        for text in ["", "{\"id\": ", "[{\"id\": 1}]", "{\"id\": 7, \"aliases\": \"a/b\"}"] {
            assert_eq!(with_suffix(text, &places(text), "-c1"), text);
        }
    }
}
