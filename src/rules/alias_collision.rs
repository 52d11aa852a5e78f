//! An alias is the id or an alias of another entry, or the entry's own id.
//!
//! # Why
//! An alias is a former id that must still lead somewhere. It can lead to one entry only.
//!
//! # Bad
//! ```json
//! [{"id": "example/disk-full", "aliases": ["example/no-space"]}, {"id": "example/no-space"}]
//! ```
//!
//! # Good
//! ```json
//! [{"id": "example/disk-full", "aliases": ["example/no-space"]}, {"id": "example/quota"}]
//! ```

use crate::diagnostic::Level;
use crate::rule::{Check, CorpusContext, Findings, Group, Rule};
use crate::{pointer, visible};

pub(super) static RULE: Rule = Rule {
    id: "alias-collision",
    group: Group::Id,
    level: Level::Error,
    since: "0.1.0",
    source: include_str!("alias_collision.rs"),
    check: Check::Corpus(check),
};

fn check(cx: &CorpusContext<'_>, found: &mut Findings) {
    for (document, entry) in cx.corpus.entries() {
        for (index, alias) in entry.aliases.iter().enumerate() {
            let at = pointer!["aliases", index];
            let name = visible::quote(alias.as_str());
            if *alias == entry.id {
                found
                    .add_in(document, at, format!("the alias {name} is the entry's own id"))
                    .help("remove the alias");
                continue;
            }
            if let Some(&other) = cx.corpus.with_id(alias).first() {
                if cx.is_in_scope(document) {
                    found
                        .add_in(
                            document,
                            at,
                            format!("the alias {name} is the id of another entry"),
                        )
                        .help("remove the alias, or merge the other entry into this one")
                        .related(other, pointer!["id"], "this entry has the id");
                } else {
                    found
                        .add_in(
                            other,
                            pointer!["id"],
                            format!("the id {name} is an alias elsewhere"),
                        )
                        .help("choose another id, or remove the alias")
                        .related(document, at, "this entry has the alias");
                }
                continue;
            }
            let owner = cx.owner(cx.corpus.with_alias(alias));
            if let Some(owner) = owner.filter(|owner| *owner != document) {
                found
                    .add_in(document, at, format!("the alias {name} is an alias of another entry"))
                    .help("leave it with one of the two")
                    .related(owner, pointer!["id"], "this entry has the alias");
            }
        }
    }
}
