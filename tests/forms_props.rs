//! Rendering and reading are inverse over entries that hold whatever may stand in a text.

use errlore::canonical::canonical;
use errlore::entry::Entry;
use errlore::normalize::{Form, normalize, read_markdown};
use errlore::render;
use errlore::source::Source;
use proptest::prelude::*;

#[path = "support/hostile.rs"]
mod hostile;

fn settled(entry: &Entry) -> Entry {
    serde_json::from_str(&canonical(entry)).expect("canonical text reads back")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn markdown_carries_everything(entry in hostile::entries()) {
        let entry = settled(&entry);
        let page = render::markdown(&entry);
        prop_assert_eq!(canonical(&read_markdown(&page)), canonical(&entry), "{}", page);
    }

    #[test]
    fn canonical_json_is_read_as_it_is(entry in hostile::entries()) {
        let text = canonical(&entry);
        let reading = normalize(&Source::new("entry.json", text.as_str()), Form::Json);
        prop_assert_eq!(reading.drafts.len(), 1);
        prop_assert_eq!(reading.drafts[0].json(), text);
    }
}
