//! The words of actions: what operation they name, and which say something else of it.
//!
//! Words are stems, as [`super::words::each`] gives them, where they are held against stems, and in lower
//! case where they are held against words as they stand.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Operations: the name that all words have in common, the direction, and the stems of the words.
const OPERATIONS: &[(&str, i8, &str)] = &[
    ("increase", 1, "increas rais bump enlarg extend expand grow higher larger bigger lengthen"),
    ("increase", -1, "reduc decreas lower shrink smaller shorten shorter fewer"),
    ("version", 1, "upgrad updat newer latest"),
    ("version", -1, "downgrad pin older rollback roll revert"),
    ("install", 0, "install"),
    ("reinstall", 0, "reinstall"),
    ("delete", 0, "delet remov clear purg wip clean flush eras uninstall unset drop rm"),
    ("restart", 0, "restart reboot relaunch reload"),
    ("retry", 0, "retry retri rerun repeat"),
    ("compress", 0, "compress compression gzip deflat zip brotli"),
    ("split", 0, "split chunk fragment fragmentation break partition shard"),
    ("replace", 0, "replac switch migrat chang swap mov convert"),
    ("catch", 0, "catch try except wrap"),
    ("ignore", 0, "ignor suppress silenc mut hid swallow skip bypass"),
    ("force", 0, "forc"),
    ("cast", 0, "cast coerc assert"),
    (
        "check",
        0,
        "check verify ensur validat inspect confirm review examin diagnos debug monitor audit find identify look
         profil trac determin investigat compar track log",
    ),
    ("create", 0, "creat generat build rebuild"),
    ("copy", 0, "copy duplicat"),
    ("wait", 0, "wait sleep delay"),
    ("edit", 0, "edit modify rewrit rewrot alter"),
    ("assume", 0, "assum rely trust expect believ hop"),
];

/// Words of an action that say nothing of it, as stems.
pub(super) static LIGHT: LazyLock<Words> = LazyLock::new(|| {
    words(
        "
    us set configur enabl activat allow add apply run implement provid specify mak put pass call
    giv turn perform start explicitly explicit option setting flag valu properly correct correctly
    appropriat new e.g directly via like need proper prefer consider current see adjust fix",
    )
});

/// What turns an action round.
pub(super) static OFF: LazyLock<Words> = LazyLock::new(|| words("disabl deactivat off"));

/// What makes an action one that is overdone, half done or done without care.
pub(super) static QUALIFIERS: LazyLock<Words> = LazyLock::new(|| {
    words(
        "
    only alon blindly always everywher everything globally global entirely simply repeatedly
    permanently permanent very extremely hug manually manual again hoping hop unlimit infinit
    infinitely arbitrarily arbitrary random randomly unnecessarily never massiv massively
    excessively excessiv indefinitely high larg low completely every all any until hardcod just
    without wrong incorrect incorrectly too aggressiv aggressively zero entir whole sudo root tight
    loop unconditionally first fully full empty dummy placeholder fake further another different
    elsewhere already insid inside regardless multiple multipl directly mid temporarily
    temporary hope",
    )
});

/// What makes an action one that is done with care.
pub(super) static CAREFUL: LazyLock<Words> = LazyLock::new(|| {
    words(
        "
    match matching compatible correct correctly reasonable appropriate appropriately properly
    proper specific minimal least necessary required only right gradually exact safely carefully
    legitimate valid sufficient",
    )
});

/// What begins a part that says what is not done.
pub(super) static NEGATORS: LazyLock<Words> = LazyLock::new(|| {
    words(
        "
    not never avoid don't dont doesn't without instead rather no than unlike cannot can't",
    )
});

/// What begins a part that says when or why.
pub(super) static CONDITIONS: LazyLock<Words> = LazyLock::new(|| {
    words(
        "
    if when whenever because since so after before until while unless where which that as",
    )
});

/// Verbs behind `to` that make a purpose.
pub(super) static PURPOSES: LazyLock<Words> = LazyLock::new(|| {
    words(
        "
    avoid reduce fix prevent bypass get make ensure resolve allow match see find hide handle force
    stop solve work keep let silence suppress be restore help identify check verify support enable
    create access use increase free eliminate skip limit detect control improve isolate minimize
    trigger clear include provide remove satisfy save accept debug diagnose",
    )
});

/// Words of which two texts may have one each and then are about two things.
pub(super) const SIDES: &[(&str, &str)] = &[
    ("client", "server"),
    ("host", "container"),
    ("local", "remot"),
    ("sourc", "target"),
    ("frontend", "backend"),
    ("sender", "receiver"),
    ("producer", "consumer"),
    ("request", "respons"),
    ("read", "writ"),
    ("parent", "child"),
    ("input", "output"),
    ("primary", "secondary"),
    ("primary", "replica"),
    ("inbound", "outbound"),
    ("ingress", "egress"),
    ("incom", "outgo"),
    ("public", "privat"),
    ("row", "column"),
    ("username", "password"),
    ("departur", "arrival"),
    ("debit", "credit"),
    ("upper", "lower"),
    ("left", "right"),
    ("front", "rear"),
    ("horizontal", "vertical"),
];

/// The same of what is done or happens.
pub(super) const DEEDS: &[(&str, &str)] = &[
    ("push", "pull"),
    ("send", "receiv"),
    ("insert", "delet"),
    ("creat", "delet"),
    ("add", "remov"),
    ("start", "stop"),
    ("open", "clos"),
];

/// Words that any slug may have and that do not say which error it is, as stems; sorted.
pub(super) const OF_ANY_SLUG: &[&str] = &[
    "attack",
    "bad",
    "broken",
    "cannot",
    "cant",
    "conflict",
    "detect",
    "err",
    "error",
    "exception",
    "fail",
    "failur",
    "fatal",
    "incorrect",
    "invalid",
    "issu",
    "mismatch",
    "misconfiguration",
    "misconfigur",
    "miss",
    "new",
    "occur",
    "problem",
    "rais",
    "requir",
    "silent",
    "too",
    "unexpect",
    "unknown",
    "warn",
    "warning",
    "wrong",
];

/// A set of words.
pub(super) type Words = HashSet<&'static str>;

fn words(list: &'static str) -> Words {
    list.split_ascii_whitespace().collect()
}

/// The operation that a stem names, and its direction.
pub(super) fn operation(word: &str) -> Option<(&'static str, i8)> {
    static BY_WORD: LazyLock<HashMap<&str, (&str, i8)>> = LazyLock::new(|| {
        let of = |(name, direction, words): &(&'static str, i8, &'static str)| {
            let meaning = (*name, *direction);
            words.split_ascii_whitespace().map(move |word| (word, meaning)).collect::<Vec<_>>()
        };
        OPERATIONS.iter().flat_map(of).collect()
    });
    BY_WORD.get(word).copied()
}
