//! The `botyard` command.

fn main() {}
