//! The page of an entry as Markdown.

#![no_main]

use errlore::normalize::Form;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| errlore_fuzz::check(text, Form::Markdown));
