//! The program as a process of its own, to be stopped the hard way.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::TestServer;
use super::program::Running;

/// A process on the data of a test's server. It is killed when the test ends.
pub struct Process {
    running: Running,
    log: PathBuf,
}

const LOOK_INTERVAL: Duration = Duration::from_millis(10);
const LOOKS: usize = 6_000;

impl Process {
    /// Starts `botyard serve` in a role, with settings given by their variables.
    pub fn serve(server: &TestServer, role: &str, settings: &[(&str, &str)]) -> Self {
        let command = server.command(&["serve", "--listen", "127.0.0.1:0", "--roles", role]);
        Self::start(server, command, role, settings)
    }

    /// Starts `botyard serve` as the shell's `ulimit` with these words lets it.
    pub fn serve_within(server: &TestServer, limit: &str, settings: &[(&str, &str)]) -> Self {
        let program = server.command(&["serve", "--listen", "127.0.0.1:0", "--roles", "api"]);
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit {limit} && exec \"$0\" \"$@\"")]).arg(program.get_program());
        command.args(program.get_args());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Self::start(server, command, "api", settings)
    }

    fn start(server: &TestServer, mut command: Command, role: &str, settings: &[(&str, &str)]) -> Self {
        let log = server.path(&format!("{role}-{}.log", server.store().ids().object_id()));
        command.env("BOTYARD__LOG__FORMAT", "json").envs(settings.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        Self { running: Running::start(&mut command), log }
    }

    /// Where it answers, as soon as it does.
    pub async fn url(&self) -> String {
        self.logged(|event| event["fields"]["url"].as_str().map(str::to_owned)).await
    }

    /// Waits until the log has an event that `find` finds something in.
    async fn logged<T>(&self, find: impl Fn(&Value) -> Option<T>) -> T {
        let mut pause = tokio::time::interval(LOOK_INTERVAL);
        for _ in 0..LOOKS {
            pause.tick().await;
            let text = std::fs::read_to_string(&self.log).unwrap();
            // A line that is being written is not JSON yet.
            let mut events = text.lines().filter_map(|line| serde_json::from_str(line).ok());
            if let Some(found) = events.find_map(|event| find(&event)) {
                return found;
            }
        }
        panic!("not logged: {}", std::fs::read_to_string(&self.log).unwrap());
    }

    /// All that it logged until now, a JSON object a line.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Ends the process as `kill -9` does: nothing in it runs any more.
    pub fn kill(mut self) {
        self.running.0.kill().unwrap();
        self.running.0.wait().unwrap();
    }

    /// Tells the process to stop, as a service manager does, and waits until it has.
    pub fn terminate(mut self) {
        self.running.stop();
    }
}
