//! Classes of Unicode: which engine knows which, under which name.

use super::check::Check;
use super::{Engine, Range};
use crate::pattern::lists;
use crate::pattern::syntax::{Braces, Property};

use Engine::{Java, JavaScriptU, JavaScriptV, Pcre2, Re2};

/// General categories, by their short names.
const CATEGORIES: &str = "L|LC|Lu|Ll|Lt|Lm|Lo|M|Mn|Mc|Me|N|Nd|Nl|No|P|Pc|Pd|Ps|Pe|Pi|Pf|Po|S|Sm|\
    Sc|Sk|So|Z|Zs|Zl|Zp|C|Cc|Cf|Cs|Co|Cn";

/// The same by their long names, which JavaScript knows too.
const LONG_CATEGORIES: &str = "Letter|Cased_Letter|Uppercase_Letter|Lowercase_Letter|\
    Titlecase_Letter|Modifier_Letter|Other_Letter|Mark|Nonspacing_Mark|Spacing_Mark|\
    Enclosing_Mark|Number|Decimal_Number|Letter_Number|Other_Number|Punctuation|\
    Connector_Punctuation|Dash_Punctuation|Open_Punctuation|Close_Punctuation|\
    Initial_Punctuation|Final_Punctuation|Other_Punctuation|Symbol|Math_Symbol|Currency_Symbol|\
    Modifier_Symbol|Other_Symbol|Separator|Space_Separator|Line_Separator|Paragraph_Separator|\
    Other|Control|Format|Surrogate|Private_Use|Unassigned";

/// Properties that are true or not, as JavaScript spells them.
const BINARY: &str = "ASCII|ASCII_Hex_Digit|Alpha|Alphabetic|Any|Assigned|Cased|Dash|Diacritic|\
    Emoji|Emoji_Presentation|Extended_Pictographic|Hex_Digit|ID_Continue|ID_Start|Ideographic|\
    Lower|Lowercase|Math|Upper|Uppercase|White_Space|XID_Continue|XID_Start";

/// Classes of POSIX that Java knows by these names.
const JAVA: [&str; 13] = [
    "ASCII", "Alnum", "Alpha", "Blank", "Cntrl", "Digit", "Graph", "Lower", "Print", "Punct",
    "Space", "Upper", "XDigit",
];

impl Check<'_> {
    pub(super) fn property(&mut self, property: &Property, at: &Range<usize>) {
        let name = &self.text[property.name.clone()];
        let short = |name: &str| lists(CATEGORIES, name);
        let plain = name.strip_prefix('^').unwrap_or(name);
        let known = match (property.braces, self.engine) {
            (Braces::Open, _) => false,
            (Braces::None, Pcre2 | Re2 | Java) => name.len() == 1 && short(name),
            (Braces::None, _) => self.engine == Engine::Rust,
            (_, JavaScriptU | JavaScriptV) => self.known_to_javascript(name),
            (_, Pcre2) => {
                plain == "L&"
                    || plain == "Any"
                    || short(plain)
                    || script(plain)
                    || known_to_pcre2(plain)
            }
            (_, Re2) => {
                plain == "Any"
                    || (short(plain) && !["LC", "Cn"].contains(&plain))
                    || (script(plain) && plain.starts_with(|c: char| c.is_ascii_uppercase()))
            }
            (_, Java) => known_to_java(name),
            _ => true,
        };
        if !known {
            self.refuse(at, "this class of Unicode is not known here, or not by this name");
        }
    }

    fn known_to_javascript(&self, name: &str) -> bool {
        let category = |name: &str| lists(CATEGORIES, name) || lists(LONG_CATEGORIES, name);
        let strings = [
            "RGI_Emoji",
            "Basic_Emoji",
            "Emoji_Keycap_Sequence",
            "RGI_Emoji_Flag_Sequence",
            "RGI_Emoji_Modifier_Sequence",
            "RGI_Emoji_ZWJ_Sequence",
        ];
        match name.split_once('=') {
            Some(("gc" | "General_Category", value)) => category(value),
            Some(("sc" | "Script" | "scx" | "Script_Extensions", value)) => {
                titled(value) && script(value)
            }
            Some(_) => false,
            None => {
                category(name)
                    || lists(BINARY, name)
                    || (self.engine == JavaScriptV && strings.contains(&name))
            }
        }
    }
}

fn known_to_pcre2(name: &str) -> bool {
    match name.split_once('=') {
        Some(("sc" | "Script" | "script" | "scx" | "Script_Extensions", value)) => script(value),
        Some(_) => false,
        None => lists(BINARY, name) && name != "Assigned",
    }
}

fn known_to_java(name: &str) -> bool {
    let category = |name: &str| name == "L1" || name == "LD" || lists(CATEGORIES, name);
    let binary = ["Alphabetic", "Ideographic", "Letter", "Lowercase", "Uppercase", "Digit"];
    match name.split_once('=') {
        Some(("sc" | "script" | "Script", value)) => script(value),
        Some(("gc" | "general_category" | "General_Category", value)) => category(value),
        Some(_) => false,
        None => {
            let is = name.strip_prefix("Is");
            category(name)
                || JAVA.contains(&name)
                || is.is_some_and(|rest| category(rest) || binary.contains(&rest) || script(rest))
                || ["InGreek", "InCyrillic", "InBasicLatin", "InHebrew", "InArabic"].contains(&name)
        }
    }
}

/// Whether Unicode knows a script of this name.
fn script(name: &str) -> bool {
    let word = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    let prefixed = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("is"));
    word && !prefixed
        && name.len() < 40
        && regex_syntax::parse(&format!("\\p{{sc={name}}}")).is_ok()
}

/// Whether each word of a name begins with a capital, as JavaScript spells scripts.
fn titled(name: &str) -> bool {
    name.split('_').all(|word| {
        let mut letters = word.chars();
        letters.next().is_some_and(|c| c.is_ascii_uppercase())
            && letters.all(|c| c.is_ascii_lowercase())
    })
}
