//! Pages: an entry as Markdown, text and HTML, and back.

#[path = "../support/generated.rs"]
mod generated;
#[path = "../render/pages.rs"]
mod pages;
#[path = "../support/mod.rs"]
mod support;

mod cases;
mod forms;
mod forms_laws;
mod fuzz_cases;
mod normalize;
mod normalize_map;
mod render;
mod render_command;
