//! The console blocks of README.md show what the command really prints.

#[test]
fn the_readme_is_true() {
    trycmd::TestCases::new()
        .case("README.md")
        .env("ERRLORE_TODAY", "2026-11-22")
        .env("NO_COLOR", "1");
}
