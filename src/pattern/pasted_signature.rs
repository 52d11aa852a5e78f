//! Patterns that were patched to pass: the signature pasted in as one more alternative.
//!
//! A phrase of the message beside others is how patterns are written. What shows that nobody wrote it is a
//! cut in the middle of a word, or the escapes of a program: no hand writes `\ ` for a blank.

use std::ops::Range;

use regex_syntax::ast::{Ast, Span};

use super::{Case, Pattern};

/// The alternative that is the signature, whole or cut off, if the pattern matches only through it.
pub(super) fn find(pattern: &Pattern, signature: &str) -> Option<Range<usize>> {
    /// A shorter text may be an honest name for the message.
    const FEWEST_WORDS: usize = 3;
    let mut alternatives = Vec::new();
    collect(pattern.syntax().ok()?, &mut alternatives);
    if alternatives.len() < 2 {
        return None;
    }
    let range = |span: &Span| span.start.offset..span.end.offset;
    let mut message = None;
    let (pasted, place) = alternatives.iter().enumerate().find_map(|(place, alternative)| {
        let literal = fold(&literal(alternative)?);
        let message = message.get_or_insert_with(|| fold(signature));
        let rest = message.strip_prefix(literal.as_str())?;
        let words = literal.split(' ').count();
        let in_mid_word =
            rest.starts_with(char::is_alphanumeric) && literal.ends_with(char::is_alphanumeric);
        let by_a_program = pattern.text[range(alternative.span())].contains("\\ ");
        let most_of_it = literal.len() * 2 >= message.len();
        let is_pasted = words >= FEWEST_WORDS && most_of_it && (in_mid_word || by_a_program);
        is_pasted.then_some((*alternative, place))
    })?;
    // Without that alternative the pattern must not match, or it was not needed to pass.
    let others = alternatives.iter().enumerate().filter(|(other, _)| *other != place);
    let matched_otherwise = others.into_iter().any(|(_, alternative)| {
        let text = &pattern.text[range(alternative.span())];
        Pattern::new(text).search(signature, Case::Insensitive).unwrap_or(true)
    });
    (!matched_otherwise).then(|| range(pasted.span()))
}

/// The alternatives of a pattern that is nothing but a choice, however it is grouped.
fn collect<'a>(ast: &'a Ast, out: &mut Vec<&'a Ast>) {
    match ast {
        Ast::Alternation(alternation) => {
            for alternative in &alternation.asts {
                collect(alternative, out);
            }
        }
        Ast::Group(group) => collect(&group.ast, out),
        // Leading flags, as in `(?i)a|b`, stand in the first alternative; in `(?i)(a|b)` before it.
        Ast::Concat(concat) => match concat.asts.as_slice() {
            [Ast::Flags(_), Ast::Group(group)] => collect(&group.ast, out),
            _ => out.push(ast),
        },
        _ => out.push(ast),
    }
}

/// The text that an alternative spells out, if it is nothing else.
fn literal(ast: &Ast) -> Option<String> {
    fn spell(ast: &Ast, out: &mut String) -> Option<()> {
        match ast {
            Ast::Literal(literal) => out.push(literal.c),
            Ast::Concat(concat) => concat.asts.iter().try_for_each(|part| spell(part, out))?,
            _ => return None,
        }
        Some(())
    }
    let mut text = String::new();
    spell(ast, &mut text)?;
    Some(text)
}

/// Lower case, each run of blanks one blank.
fn fold(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
