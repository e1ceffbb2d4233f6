//! The server's side: starts a worker, hands it scripts, and kills it when a script takes too long.

use std::{ffi::OsString, io, path::PathBuf, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::{Instant, timeout},
};

use crate::protocol::{self, LENGTH_BYTES, Outcome, Reply, Request, Script};

/// How long a worker may take from its start to its first word. It needs two milliseconds on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(10);

/// How to start workers, and how long they may read one script.
#[derive(Clone, Debug)]
pub struct Checker {
    /// The program to start, which has to call [`run_worker`](crate::run_worker): the server's own binary.
    pub program: PathBuf,
    /// Its arguments: those that make it a worker.
    pub args: Vec<OsString>,
    /// After this time with one script the worker is killed.
    pub script_limit: Duration,
}

/// Why no script could be read at all. What is wrong with one script is an [`Outcome`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program could not be started: not there, not executable, or the machine is out of processes.
    #[error("cannot start the script worker {}: {source}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The program runs but does not speak the protocol: wrong program, wrong arguments, or a wrong version.
    #[error("{} did not answer as a script worker: {reason}", program.display())]
    NotAWorker {
        /// The program.
        program: PathBuf,
        /// What came instead of its first word.
        reason: String,
    },
}

impl Checker {
    /// Reads the scripts one after the other; the outcomes are in the same order. A script that makes its worker hang,
    /// crash or be killed is [`Outcome::Unreadable`], and the next one gets a new worker. Scripts that were not begun
    /// when `time_limit` is over are `Unreadable` too. Dropping the future kills the worker.
    pub async fn check(&self, scripts: &[Script], time_limit: Duration) -> Result<Vec<Outcome>, Error> {
        let end = Instant::now() + time_limit;
        let mut outcomes = Vec::with_capacity(scripts.len());
        let mut idle_worker = None;
        for script in scripts {
            let Ok(frame) = protocol::encode(&Request::Check(script.clone())) else {
                outcomes.push(Outcome::Unreadable { reason: "it is too large to be handed to a worker".into() });
                continue;
            };
            if Instant::now() >= end {
                outcomes
                    .push(Outcome::Unreadable { reason: "the time for all scripts was over before its turn".into() });
                continue;
            }
            let mut worker = match idle_worker.take() {
                Some(worker) => worker,
                None => Worker::start(self).await?,
            };
            let limit = self.script_limit.min(end.saturating_duration_since(Instant::now()));
            match timeout(limit, worker.ask(&frame)).await {
                Ok(Ok(Reply::Checked(outcome))) => {
                    outcomes.push(outcome);
                    idle_worker = Some(worker);
                }
                Ok(Ok(Reply::Ready)) => outcomes.push(worker.end("answered out of turn").await),
                Ok(Err(error)) => outcomes.push(worker.end(&format!("ended while reading it: {error}")).await),
                Err(_) => outcomes.push(worker.end(&format!("was stopped after {} ms", limit.as_millis())).await),
            }
        }
        if let Some(worker) = idle_worker {
            worker.kill().await;
        }
        Ok(outcomes)
    }
}

/// A running child process. It is killed when this is dropped.
struct Worker {
    process: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Worker {
    /// Starts a worker and waits for its first word.
    async fn start(checker: &Checker) -> Result<Self, Error> {
        let program = &checker.program;
        let failed = |source| Error::Start { program: program.clone(), source };
        // Every file the server has open is closed by the system on exec; the environment, which may hold secrets, is
        // not handed down.
        let mut process = Command::new(program)
            .args(&checker.args)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let input = process.stdin.take().expect("stdin was asked for as a pipe");
        let output = process.stdout.take().expect("stdout was asked for as a pipe");
        let mut worker = Self { process, input, output };
        let reason = match timeout(START_LIMIT, worker.read()).await {
            Ok(Ok(Reply::Ready)) => return Ok(worker),
            Ok(Ok(Reply::Checked(_))) => "an answer without a request".into(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("nothing within {} s", START_LIMIT.as_secs()),
        };
        worker.kill().await;
        Err(Error::NotAWorker { program: program.clone(), reason })
    }

    async fn ask(&mut self, frame: &[u8]) -> io::Result<Reply> {
        self.input.write_all(frame).await?;
        self.read().await
    }

    async fn read(&mut self) -> io::Result<Reply> {
        let mut length = [0; LENGTH_BYTES];
        self.output.read_exact(&mut length).await?;
        let mut frame = vec![0; protocol::decode_length(length)?];
        self.output.read_exact(&mut frame).await?;
        Ok(serde_json::from_slice(&frame)?)
    }

    /// Ends a worker that failed with a script, and says so as that script's outcome.
    async fn end(self, what_happened: &str) -> Outcome {
        self.kill().await;
        Outcome::Unreadable { reason: format!("the worker {what_happened}") }
    }

    /// Kills the process and waits until the system has cleared it away.
    async fn kill(mut self) {
        // An error here means that the process has ended by itself; `kill_on_drop` covers the rest.
        let _ = self.process.kill().await;
    }
}
