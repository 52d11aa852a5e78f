//! All rules, one file each. Adding one is a new file, a line here, and `cargo xtask codegen`.

use crate::rule::Rule;

macro_rules! rules {
    ($($name:ident),+ $(,)?) => {
        $(pub(crate) mod $name;)+
        static ALL: &[&Rule] = &[$(&$name::RULE),+];
    };
}

// In the order in which they are documented, group by group.
rules! {
    unread_file,
    case_collision,
    invalid_json,
    duplicate_key,
    schema_violation,
    unknown_key,
    not_canonical,
    duplicate_id,
    id_path_mismatch,
    id_domain_mismatch,
    alias_collision,
    removed_id,
    regex_invalid,
    regex_misses_signature,
    regex_needs_ignore_case,
    regex_needs_placeholder,
    regex_not_decided,
    regex_not_portable,
    regex_engine_disagrees,
    regex_slow,
    regex_matches_empty,
    regex_echoes_signature,
    regex_misses_sample,
    regex_matches_counterexample,
    regex_too_broad,
    regex_shadowed,
    regex_collision,
    unknown_reference,
    self_reference,
    reference_to_alias,
    one_way_reference,
    repeated_reference,
    date_order,
    date_in_future,
    stale_entry,
    rate_out_of_line,
    resolvable_contradicts_rate,
    confidence_without_evidence,
    evidence_exceeds_sources,
    how_repeats_action,
    repeated_action,
    untranslated_text,
    half_width_punctuation,
    stray_whitespace,
    not_normalized,
    control_character,
    bidi_control,
    damaged_text,
    placeholder_text,
    split_vocabulary,
    unsafe_url,
    insecure_url,
    repeated_source,
    duplicate_entry,
    variant_in_name_only,
    contradicting_advice,
    copied_text,
    untranslated_change,
    text_loss,
    unbacked_confidence,
    date_only_change,
    unreadable_source,
    source_cut_short,
    several_pages,
    not_understood,
    missing_value,
    percentage_may_be_cut,
    rate_out_of_range,
    unusable_id,
    value_read_leniently,
    front_matter_differs,
    pattern_proposed,
    no_pattern_found,
    unused_ignore,
    expired_ignore,
}

/// Every rule, in the order of RULES.md.
pub fn all() -> &'static [&'static Rule] {
    ALL
}

/// The rule of that name.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_a_group_stand_together() {
        assert!(all().is_sorted_by_key(|rule| rule.group));
    }
}
