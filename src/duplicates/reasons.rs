//! Evidence in words.

use super::evidence::Part;
use super::model::Evidence;

/// The strongest reasons for two entries being duplicates, and against it; the strongest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons {
    /// For.
    pub for_it: Vec<String>,
    /// Against.
    pub against: Vec<String>,
}

/// Parts that speak against a duplicate only: that they are not the case is what is expected.
const EXPECTED: [Part; 8] = [
    Part::OtherCode,
    Part::OtherDomain,
    Part::OtherProduct,
    Part::Environment,
    Part::SameSlug,
    Part::Opposite,
    Part::Swapped,
    Part::DeclaredConfused,
];

/// Whether a piece of evidence is worth a word.
fn is_reason(evidence: &Evidence) -> bool {
    /// What shifts the odds by less is no reason.
    const LEAST: f64 = 0.05;
    let is_expected =
        evidence.value == 0.0 && EXPECTED.iter().any(|part| part.name() == evidence.name);
    evidence.weight.abs() >= LEAST && !is_expected
}

/// At most `most` reasons for and as many against.
pub fn reasons(evidence: &[Evidence], most: usize) -> Reasons {
    let mut sorted: Vec<&Evidence> =
        evidence.iter().filter(|evidence| is_reason(evidence)).collect();
    sorted.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    let pick = |is_for: bool| {
        let side = sorted.iter().filter(|evidence| (evidence.weight > 0.0) == is_for);
        side.take(most).map(|evidence| sentence(evidence)).collect()
    };
    Reasons { for_it: pick(true), against: pick(false) }
}

/// A piece of evidence as a plain clause, in lower case and without a full stop.
pub fn sentence(evidence: &Evidence) -> String {
    // A sum rather than a rounded -0.
    let percent = (evidence.value * 100.0).round() + 0.0;
    let is_for = evidence.weight > 0.0;
    let alike = |what: &str| {
        if percent == 0.0 {
            format!("{what} have no words in common")
        } else if is_for {
            format!("{what} are {percent} % alike")
        } else {
            format!("{what} are only {percent} % alike")
        }
    };
    let yes = evidence.value > 0.5;
    let choose = |if_yes: &str, if_no: &str| if yes { if_yes } else { if_no }.to_owned();
    match evidence.name {
        "signature_words" => alike("the words of the messages"),
        "signature_contained" if is_for => {
            format!("one message contains {percent} % of the other")
        }
        "signature_contained" => {
            format!("neither message contains more than {percent} % of the other")
        }
        "signature_shape" => alike("the messages, numbers and names apart,"),
        "signature_equal" => choose(
            "the messages are the same once numbers and names are masked",
            "the messages differ in more than numbers and names",
        ),
        "pattern_match" if evidence.value == 0.5 => {
            "one pattern finds the other's message".to_owned()
        }
        "pattern_match" => choose(
            "each pattern finds the other's message",
            "neither pattern finds the other's message",
        ),
        "patterns_share" => shared(percent, is_for),
        "pattern_overlap" => overlapping(percent, is_for),
        "pattern_words" if percent == 0.0 => "the patterns spell out no words in common".to_owned(),
        "pattern_words" => alike("the words that the patterns spell out"),
        "root_cause" => alike("the root causes"),
        "workarounds" => alike("the workarounds"),
        "dead_ends" => alike("the dead ends"),
        "told" if is_for => {
            format!("each entry's advice uses {percent} % of the words of the other's message")
        }
        "told" => format!("their advice uses only {percent} % of the words of the other's message"),
        "cause_told" if is_for => {
            format!("each entry uses {percent} % of the words of the other's root cause")
        }
        "cause_told" => format!("they use only {percent} % of the words of the other's root cause"),
        "slug" => alike("the slugs"),
        "slug_untold" => untold(percent),
        "other_subject" => other_subject(evidence.value).to_owned(),
        "other_code" => choose(
            "the messages hold other error codes",
            "the messages do not hold different error codes",
        ),
        "error_name" | "quoted" if evidence.value == 0.0 => {
            let what = if evidence.name == "quoted" { "quote a name" } else { "name an exception" };
            format!("the messages do not both {what}")
        }
        "error_code" if evidence.value > 0.0 => "they give the same error code".to_owned(),
        "error_code" => "they give other error codes".to_owned(),
        "code_in_message" => choose(
            "the messages hold the same error code",
            "the messages hold no error code in common",
        ),
        "error_name" => choose("they name the same exception", "they name other exceptions"),
        "quoted" => choose("they quote the same name", "they quote other names"),
        "pages" if percent == 0.0 => "they point to no page in common".to_owned(),
        "pages" => format!("they share {percent} % of the pages that they point to"),
        "other_domain" => choose("they are in other domains", "they are in the same domain"),
        "other_product" => {
            choose("they are about other products", "they are about the same product")
        }
        "environment" if evidence.value > 0.0 && evidence.value < 1.0 => {
            "one environment is narrower, or is named after another version".to_owned()
        }
        "environment" => choose(
            "their environments differ",
            "their environments are the same, or are not said to differ",
        ),
        "same_slug" => choose(
            "the ids name one error in two environments",
            "the slugs differ, as they do where an error is entered twice",
        ),
        "opposite" => choose(
            "one message claims the opposite of the other",
            "the messages claim nothing opposite",
        ),
        "swapped" => choose(
            "two words of the messages stand in each other's place",
            "no words of the messages stand in each other's place",
        ),
        "declared_confused" => choose(
            "one is declared to be confused with the other",
            "neither is declared to be confused with the other",
        ),
        name => format!("{name} is {:.2}", evidence.value),
    }
}

fn shared(percent: f64, is_for: bool) -> String {
    if percent == 0.0 {
        return "the patterns find no message nearby in common".to_owned();
    }
    let only = if is_for { "" } else { "only " };
    format!("of the messages nearby that either pattern finds, both find {only}{percent} %")
}

fn overlapping(percent: f64, is_for: bool) -> String {
    if percent == 0.0 {
        return "a line that both patterns find holds what each needs side by side".to_owned();
    }
    let only = if is_for { "" } else { "only " };
    format!("in a line that both patterns find they share {only}{percent} % of what they need")
}

fn other_subject(part: f64) -> &'static str {
    if part == 0.0 {
        "message and slug of each name nothing that those of the other do not"
    } else if part < 1.0 {
        "message and slug of one name what those of the other do not"
    } else {
        "message and slug of each name what those of the other do not"
    }
}

fn untold(percent: f64) -> String {
    if percent == 0.0 {
        return "each entry uses the words of the other's slug".to_owned();
    }
    format!("of the words of the slugs {percent} % are used nowhere in the other entry")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_reasons_come_first_and_the_expected_ones_not_at_all() {
        let all = [
            ("root_cause", 0.61, 0.4),
            ("error_code", 1.0, 2.0),
            ("same_slug", 0.0, 1.1),
            ("workarounds", 0.02, -1.5),
            ("pages", 0.5, 0.01),
            ("opposite", 1.0, -3.0),
        ];
        let all = all.map(|(name, value, weight)| Evidence { name, value, weight });
        let found = reasons(&all, 2);
        assert_eq!(
            found.for_it,
            ["they give the same error code", "the root causes are 61 % alike"]
        );
        assert_eq!(
            found.against,
            ["one message claims the opposite of the other", "the workarounds are only 2 % alike"]
        );
    }

    #[test]
    fn each_part_has_words_on_either_side() {
        for part in Part::ALL {
            for (value, weight) in [(1.0, 1.0), (0.5, 1.0), (0.5, -1.0), (0.0, -1.0), (-1.0, -1.0)]
            {
                let said = sentence(&Evidence { name: part.name(), value, weight });
                assert!(!said.contains('_') && !said.contains("NaN"), "{said}");
                assert!(said.starts_with(char::is_lowercase) && !said.ends_with('.'), "{said}");
            }
        }
    }
}
