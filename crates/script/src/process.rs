//! A running child process that answers as a script worker.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Once,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

use crate::{
    bounds::Bounds,
    protocol::{self, LENGTH_BYTES, Reply},
};

/// How long a worker may take from its start to its first word. It needs two milliseconds on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(10);

/// Processor time that a worker may take for a request besides the time it is waited for: it makes its next engine while
/// nobody waits.
const ASIDE: Duration = Duration::from_millis(25);

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
    /// At most so much processor time has it taken.
    taken: Duration,
}

impl Worker {
    /// Starts a worker and waits for its first word.
    pub(crate) async fn start(program: &Path, args: &[OsString], bounds: Bounds) -> Result<Self, Error> {
        let failed = |source| Error::Start { program: program.into(), source };
        // Every file the server has open is closed by the system on exec; the environment, which may hold secrets, is
        // not handed down. Scripts are to see the same local time on every machine.
        let mut process = Command::new(program)
            .args(args)
            .args(bounds.args())
            .env_clear()
            .env("TZ", "UTC0")
            // The server's allocator maps a gigabyte in advance otherwise, which is more than a worker may have.
            .env("MIMALLOC_ARENA_RESERVE", "64MiB")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let input = process.stdin.take().expect("stdin was asked for as a pipe");
        let output = process.stdout.take().expect("stdout was asked for as a pipe");
        let mut worker = Self { process, input, output, taken: ASIDE };
        let reason = match timeout(START_LIMIT, worker.read()).await {
            Ok(Ok((Reply::Ready { keeps }, _))) => {
                warn_of(&keeps);
                return Ok(worker);
            }
            Ok(Ok((Reply::Checked(_) | Reply::Ran(_), _))) => "an answer without a request".into(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("nothing within {} s", START_LIMIT.as_secs()),
        };
        worker.kill().await;
        Err(Error::NotAWorker { program: program.into(), reason })
    }

    /// Sends a frame and waits for the answer: it, and its size in bytes. After an error, or when this future was dropped,
    /// the worker must not be asked again.
    pub(crate) async fn ask(&mut self, frame: &[u8]) -> io::Result<(Reply, usize)> {
        let asked = Instant::now();
        self.input.write_all(frame).await?;
        let reply = self.read().await;
        self.taken += asked.elapsed() + ASIDE;
        reply
    }

    /// Whether it can do one more piece of work of this duration before the system ends it for its processor time.
    pub(crate) fn has_time_for(&self, work: Duration, bounds: Bounds) -> bool {
        self.taken + work + ASIDE < Duration::from_secs(bounds.cpu_s)
    }

    /// Whatever a worker says, this takes no more memory and stack than the largest frame, read, does.
    async fn read(&mut self) -> io::Result<(Reply, usize)> {
        let mut length = [0; LENGTH_BYTES];
        self.output.read_exact(&mut length).await?;
        let mut frame = vec![0; protocol::decode_length(length)?];
        self.output.read_exact(&mut frame).await?;
        Ok((serde_json::from_slice(&frame)?, frame.len()))
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

/// Says once what workers keep; it is the same for all of a machine.
fn warn_of(keeps: &[String]) {
    static WARNED: Once = Once::new();
    if !keeps.is_empty() {
        WARNED.call_once(|| {
            let keeps = keeps.join("; ");
            tracing::warn!(
                keeps,
                "the processes that run scripts keep rights they do not need: a script that breaks out of its engine is \
                 held by less; Linux 5.13 or newer with Landlock and seccomp takes them all"
            );
        });
    }
}
