//! The `botyard` command.

use std::process::ExitCode;

/// Answering a call takes some hundred small pieces of memory, which the system's allocator hands out at twice the price.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    botyard::cli::run()
}
