//! The `errlore` command: parses the command line, calls the library, prints, exits.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::run()
}
