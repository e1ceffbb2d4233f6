//! The `botyard` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    botyard::cli::run()
}
