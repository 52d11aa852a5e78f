//! The table of fields: what each field of an entry is, in one row, in the order of the schema.
//!
//! `schema/entry.schema.json` is the contract, and a test holds the table against it. All who treat fields
//! by their kind read the table: canonical form, texts, merge, diff, pages, the rules about translations.
//! A new optional field is a property of the schema, a row here, and a member of its type in `entry.rs`.

use std::sync::OnceLock;

use serde_json::Value as Json;

use self::Identity::{Key, Set};
use self::Merge::{Earlier, Later, Words};
use self::Role::{Action, Date, Message, Name, Pattern, Prose, Rate, Reference, Setting, Url};
use crate::han::is_han;

/// The version of the schema. A change that adds a field raises it, and the field says so in `since`.
pub const VERSION: u32 = 1;

/// A field of an entry or of an item in it.
#[derive(Debug)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What its value must be.
    pub shape: Shape,
    /// What its texts are for.
    pub role: Role,
    /// Whether each entry must have it.
    pub required: bool,
    /// The word that stands for what is left out; of all but a few words it is nothing.
    pub default: &'static str,
    /// The version of the schema that it came with; 0 for what is no part of the entry, which is written
    /// only where it is set.
    pub since: u32,
    /// Of a list: how its items are known.
    pub items: Identity,
    /// What becomes of a text that two sides have changed.
    pub merge: Merge,
    /// Whether it says something even where it is empty: a condition, that it always holds.
    pub says_when_empty: bool,
    /// Whether an item of a list is called by it.
    pub names_item: bool,
    /// The field that it says in another language, and which.
    pub translates: Option<(&'static str, &'static Language)>,
    /// The heading on pages, and what else pages call it.
    pub headings: &'static [&'static str],
}

/// What a value must be.
#[derive(Debug)]
pub enum Shape {
    /// A text; where it is `nullable`, `null` stands for none.
    Text {
        /// Whether it may be `null`.
        nullable: bool,
    },
    /// A full date; where it is `nullable`, `null` stands for none.
    Date {
        /// Whether it may be `null`.
        nullable: bool,
    },
    /// A number from 0 to 1.
    Rate,
    /// A whole number.
    Count,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list.
    List {
        /// What each item must be.
        item: &'static Shape,
        /// Whether there must be one.
        needs_one: bool,
    },
    /// Texts by keys of any name.
    Texts,
    /// An object with these fields.
    Object(Object),
}

/// The fields of an object.
#[derive(Clone, Copy, Debug)]
pub struct Object {
    /// In the order of the schema.
    pub fields: &'static [Field],
}

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A message as a program printed it.
    Message,
    /// Sentences.
    Prose,
    /// What somebody is to do, or to type.
    Action,
    /// A pattern.
    Pattern,
    /// A web address.
    Url,
    /// A name, a code, a label.
    Name,
    /// The id of an entry that is elsewhere.
    Reference,
    /// For programs: a word of a few, a language.
    Setting,
    /// How often.
    Rate,
    /// A day.
    Date,
}

/// How the items of a list are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// By the text under a key: versions by name, links by target.
    Key(&'static str),
    /// By their texts: workarounds, dead ends, translations, sources.
    Likeness,
    /// They are the items of a set, each of which is there or is not.
    Set,
}

/// What becomes of a text that two sides have changed to different ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// Somebody decides. A mixture of two names, patterns, messages or commands would be one that nobody has seen.
    Whole,
    /// Two edits of prose are brought together word by word.
    Words,
    /// The earlier day counts.
    Earlier,
    /// The later day counts.
    Later,
}

/// A language that some fields are in, whatever that of the entry is.
#[derive(Debug)]
pub struct Language {
    /// Its BCP 47 tag.
    pub tag: &'static str,
    /// Its name in English.
    pub name: &'static str,
    /// Whether a character is one of those that it is written in.
    pub is_letter: fn(char) -> bool,
}

/// Chinese.
pub static CHINESE: Language = Language { tag: "zh", name: "Chinese", is_letter: is_han };

/// A text as most fields are: optional, plain, and for somebody to decide where sides differ.
pub(crate) const FIELD: Field = Field {
    name: "",
    shape: TEXT,
    role: Name,
    required: false,
    default: "",
    since: 1,
    items: Identity::Likeness,
    merge: Merge::Whole,
    says_when_empty: false,
    names_item: false,
    translates: None,
    headings: &[],
};

const TEXT: Shape = Shape::Text { nullable: false };
const TEXT_OR_NULL: Shape = Shape::Text { nullable: true };
const DATE: Shape = Shape::Date { nullable: false };
const DATE_OR_NULL: Shape = Shape::Date { nullable: true };
const TEXTS: Shape = Shape::List { item: &TEXT, needs_one: false };
const LINKS: Shape = list(&TRANSITION);
const STATUS: Shape = Shape::Word(&["active", "deprecated", "removed", "unknown"]);
const TIER: Shape = Shape::Word(&["ai_generated", "human_reviewed", "community_verified"]);
const RESOLVABLE: Shape = Shape::Word(&["true", "partial", "false"]);

/// An entry.
#[rustfmt::skip]
pub static ENTRY: Object = Object { fields: &[
    Field { name: "$schema", shape: TEXT, role: Setting, since: 0, ..FIELD },
    Field { name: "id", role: Name, required: true, ..FIELD },
    Field { name: "signature", role: Message, required: true, ..FIELD },
    Field { name: "signature_zh", shape: TEXT_OR_NULL, role: Prose, translates: Some(("signature", &CHINESE)), ..FIELD },
    Field { name: "regex", role: Pattern, required: true, headings: &["Pattern", "Regex"], ..FIELD },
    Field { name: "domain", role: Name, required: true, ..FIELD },
    Field { name: "category", role: Name, required: true, ..FIELD },
    Field { name: "subcategory", shape: TEXT_OR_NULL, role: Name, ..FIELD },
    Field { name: "root_cause", role: Prose, required: true, merge: Words, headings: &["Root Cause"], ..FIELD },
    Field { name: "root_cause_type", role: Name, default: "generic", ..FIELD },
    Field { name: "root_cause_zh", shape: TEXT_OR_NULL, role: Prose, merge: Words, translates: Some(("root_cause", &CHINESE)),
            headings: &["中文", "Root Cause (中文)", "根本原因"], ..FIELD },
    Field { name: "versions", shape: list(&VERSION_OF), items: Key("version"),
            headings: &["Version Compatibility", "Versions", "Affected Versions"], ..FIELD },
    Field { name: "os_specific", shape: Shape::Texts, role: Prose, headings: &["Operating Systems"], ..FIELD },
    Field { name: "dead_ends", shape: Shape::List { item: &DEAD_END, needs_one: true }, required: true,
            headings: &["Dead Ends"], ..FIELD },
    Field { name: "workarounds", shape: list(&WORKAROUND), required: true, headings: &["Workarounds"], ..FIELD },
    Field { name: "workarounds_zh", shape: TEXTS, role: Prose, translates: Some(("workarounds", &CHINESE)),
            headings: &["中文步骤", "Workarounds (中文)"], ..FIELD },
    Field { name: "transition_graph", shape: Shape::Object(GRAPH), headings: &["Error Chain"], ..FIELD },
    Field { name: "official_doc_url", shape: TEXT_OR_NULL, role: Url,
            headings: &["Official Documentation", "Documentation"], ..FIELD },
    Field { name: "official_doc_section", shape: TEXT_OR_NULL, role: Name, ..FIELD },
    Field { name: "error_code", shape: TEXT_OR_NULL, role: Name, ..FIELD },
    Field { name: "verification_tier", shape: TIER, role: Setting, required: true, ..FIELD },
    Field { name: "confidence", shape: Shape::Rate, role: Rate, required: true, ..FIELD },
    Field { name: "fix_success_rate", shape: Shape::Rate, role: Rate, required: true, ..FIELD },
    Field { name: "resolvable", shape: RESOLVABLE, role: Setting, required: true, ..FIELD },
    Field { name: "first_seen", shape: DATE, role: Date, required: true, merge: Earlier, ..FIELD },
    Field { name: "last_confirmed", shape: DATE_OR_NULL, role: Date, merge: Later, ..FIELD },
    Field { name: "last_updated", shape: DATE_OR_NULL, role: Date, merge: Later, ..FIELD },
    Field { name: "evidence_count", shape: Shape::Count, role: Setting, required: true, ..FIELD },
    Field { name: "tags", shape: TEXTS, role: Name, items: Set, ..FIELD },
    Field { name: "locale", role: Setting, default: "en", ..FIELD },
    Field { name: "aliases", shape: TEXTS, role: Reference, items: Set, ..FIELD },
] };

#[rustfmt::skip]
static VERSION_OF: Shape = Shape::Object(Object { fields: &[
    Field { name: "version", role: Name, required: true, names_item: true, ..FIELD },
    Field { name: "introduced", shape: TEXT_OR_NULL, role: Name, ..FIELD },
    Field { name: "deprecated", shape: TEXT_OR_NULL, role: Name, ..FIELD },
    Field { name: "removed", shape: TEXT_OR_NULL, role: Name, ..FIELD },
    Field { name: "behavior_change", shape: TEXT_OR_NULL, role: Prose, merge: Words, ..FIELD },
    Field { name: "status", shape: STATUS, role: Setting, default: "unknown", ..FIELD },
] });

#[rustfmt::skip]
static DEAD_END: Shape = Shape::Object(Object { fields: &[
    Field { name: "action", role: Action, required: true, names_item: true, ..FIELD },
    Field { name: "why_fails", role: Prose, required: true, merge: Words, ..FIELD },
    Field { name: "fail_rate", shape: Shape::Rate, role: Rate, required: true, ..FIELD },
    Field { name: "condition", role: Prose, says_when_empty: true, ..FIELD },
    Field { name: "sources", shape: TEXTS, role: Url, ..FIELD },
] });

#[rustfmt::skip]
static WORKAROUND: Shape = Shape::Object(Object { fields: &[
    Field { name: "action", role: Action, required: true, names_item: true, ..FIELD },
    Field { name: "success_rate", shape: Shape::Rate, role: Rate, required: true, ..FIELD },
    Field { name: "how", role: Action, ..FIELD },
    Field { name: "condition", role: Prose, says_when_empty: true, ..FIELD },
    Field { name: "sources", shape: TEXTS, role: Url, ..FIELD },
] });

#[rustfmt::skip]
const GRAPH: Object = Object { fields: &[
    Field { name: "leads_to", shape: LINKS, items: Key("error_id"), ..FIELD },
    Field { name: "preceded_by", shape: LINKS, items: Key("error_id"), ..FIELD },
    Field { name: "frequently_confused_with", shape: list(&CONFUSION), items: Key("error_id"), ..FIELD },
] };

#[rustfmt::skip]
static TRANSITION: Shape = Shape::Object(Object { fields: &[
    Field { name: "error_id", role: Reference, required: true, names_item: true, ..FIELD },
    Field { name: "probability", shape: Shape::Rate, role: Rate, required: true, ..FIELD },
    Field { name: "condition", role: Prose, says_when_empty: true, ..FIELD },
] });

#[rustfmt::skip]
static CONFUSION: Shape = Shape::Object(Object { fields: &[
    Field { name: "error_id", role: Reference, required: true, names_item: true, ..FIELD },
    Field { name: "distinction", role: Prose, merge: Words, ..FIELD },
] });

const fn list(item: &'static Shape) -> Shape {
    Shape::List { item, needs_one: false }
}

impl Identity {
    /// How the items of the list under a key of an entry are known.
    pub fn of(key: &str) -> Self {
        all().find(|field| field.name == key).map_or(Self::Likeness, |field| field.items)
    }
}

impl Object {
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that another spelling of its name means: `rootCause`, `Root-Cause`, `ROOT CAUSE`.
    pub fn field_spelled(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| letters(field.name).eq(letters(name)))
    }
}

/// A name without case, blanks and the marks that join words.
fn letters(name: &str) -> impl Iterator<Item = char> {
    let is_letter = |c: &char| !matches!(c, ' ' | '_' | '-' | '.');
    name.chars().filter(is_letter).flat_map(char::to_lowercase)
}

impl Shape {
    /// The fields of an object, or of the objects in a list.
    pub fn fields(&self) -> &'static [Field] {
        match self {
            Self::Object(object) => object.fields,
            Self::List { item, .. } => item.fields(),
            _ => &[],
        }
    }
}

/// All fields, those of items behind that of their list.
pub fn all() -> impl Iterator<Item = &'static Field> {
    fn add(fields: &'static [Field], out: &mut Vec<&'static Field>) {
        for field in fields {
            out.push(field);
            add(field.shape.fields(), out);
        }
    }
    static ALL: OnceLock<Vec<&'static Field>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut all = Vec::new();
        add(ENTRY.fields, &mut all);
        all
    });
    all.iter().copied()
}

/// What an item of a list is called.
pub fn title(item: &Json) -> Option<&str> {
    all().filter(|field| field.names_item).find_map(|field| item.get(field.name)?.as_str())
}

/// Whether others know what holds this key by its value.
pub fn is_known_by(key: &str) -> bool {
    key == "id" || all().any(|field| matches!(field.items, Key(own) if own == key))
}

/// Whether a text is made of sentences, of which a part can be read alone. A message, a pattern and what somebody
/// is to type cannot.
pub fn is_prose(key: &str) -> bool {
    all().any(|field| field.name == key && (field.merge == Words || field.says_when_empty))
}

/// What becomes of a text under a key that two sides have changed.
pub fn policy(key: &str) -> Merge {
    all().find(|field| field.name == key).map_or(Merge::Whole, |field| field.merge)
}

/// Whether what stands under a key says something even where it is empty.
pub fn says_when_empty(key: &str) -> bool {
    all().any(|field| field.name == key && field.says_when_empty)
}

/// A list, and the list of texts that say its items in another language, in the same order.
pub fn beside() -> [&'static str; 2] {
    translations()
        .find(|(field, ..)| matches!(field.shape, Shape::List { .. }))
        .map_or([""; 2], |(field, original, _)| [original, field.name])
}

/// The heading of a field on pages.
pub fn heading(name: &str) -> &'static str {
    ENTRY.field(name).and_then(|field| field.headings.first()).copied().unwrap_or("")
}

/// The fields that say in another language what others say.
pub fn translations() -> impl Iterator<Item = (&'static Field, &'static str, &'static Language)> {
    let of = |field: &'static Field| {
        field.translates.map(|(original, language)| (field, original, language))
    };
    ENTRY.fields.iter().filter_map(of)
}
