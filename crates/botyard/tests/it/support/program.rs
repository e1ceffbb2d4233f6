//! The real program, as a process of its own.

use std::process::{Child, Command};

/// The program with arguments, in an environment that says nothing about Botyard.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_botyard"));
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BOTYARD") {
            command.env_remove(name);
        }
    }
    command
}

/// A program that runs until it is told to stop. It is killed when the test is over, however it ends.
pub struct Running(pub Child);

impl Running {
    pub fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap())
    }

    /// Tells the program to stop, as a service manager does, and expects it to end well.
    #[cfg(unix)]
    pub fn stop(&mut self) {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.0.wait().unwrap().success(), "SIGTERM ends the program well");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already; there is nothing to do about an error.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
