//! A running child process that answers as a script worker.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

use crate::protocol::{self, LENGTH_BYTES, Reply};

/// How long a worker may take from its start to its first word. It needs two milliseconds on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(10);

/// Why no worker could be started.
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

/// A running child process. It is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Worker {
    process: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Worker {
    /// Starts a worker and waits for its first word.
    pub(crate) async fn start(program: &Path, args: &[OsString]) -> Result<Self, Error> {
        let failed = |source| Error::Start { program: program.into(), source };
        // Every file the server has open is closed by the system on exec; the environment, which may hold secrets, is
        // not handed down. Scripts are to see the same local time on every machine.
        let mut process = Command::new(program)
            .args(args)
            .env_clear()
            .env("TZ", "UTC0")
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
            Ok(Ok(Reply::Checked(_) | Reply::Ran(_))) => "an answer without a request".into(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("nothing within {} s", START_LIMIT.as_secs()),
        };
        worker.kill().await;
        Err(Error::NotAWorker { program: program.into(), reason })
    }

    /// Sends a frame and waits for the answer. After an error, or when this future was dropped, the worker must not be
    /// asked again.
    pub(crate) async fn ask(&mut self, frame: &[u8]) -> io::Result<Reply> {
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

    /// Whether the process has not ended by itself.
    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Kills the process and waits until the system has cleared it away.
    pub(crate) async fn kill(mut self) {
        // An error here means that the process has ended by itself; `kill_on_drop` covers the rest.
        let _ = self.process.kill().await;
    }
}
