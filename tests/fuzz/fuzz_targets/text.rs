//! The page of an entry as plain text.

#![no_main]

use errlore::normalize::Form;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| errlore_fuzz::check(text, Form::Text));
