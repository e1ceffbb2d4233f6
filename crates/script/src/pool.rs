//! A pool of workers that run scripts for a server.

use std::{
    collections::VecDeque,
    ffi::OsString,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use crate::{
    process::Worker,
    protocol::{self, Reply, Request},
    ran::{Fault, Ran},
    run::{Limits, Run, is_too_deep},
};

/// How much longer than its deadline a run may take before its worker is killed. Nearly all runs end by themselves in
/// time; this is for those that hold the engine up where it looks at no clock.
const GRACE: Duration = Duration::from_millis(500);

/// How to start workers, and what one run may take.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// The program to start, which has to call [`run_worker`](crate::run_worker): the server's own binary.
    pub program: PathBuf,
    /// Its arguments: those that make it a worker.
    pub args: Vec<OsString>,
    /// How many run at the same time, at least 1. A worker takes about 4 MB, and `memory_bytes` while it runs.
    pub workers: usize,
    /// After this time a run is ended.
    pub deadline: Duration,
    /// Heap of one run, besides what its data takes in it. Bytes.
    pub memory_bytes: usize,
    /// Largest size of each of: what is printed, all texts, all values, what is returned, all tags. Bytes.
    pub max_output_bytes: usize,
    /// Largest size of the context without its stores. Bytes of JSON.
    pub max_context_bytes: usize,
    /// Largest size of a store that something is put into; all that is put into stores may have four times as much. Bytes of
    /// JSON.
    pub store_bytes: usize,
}

impl PoolOptions {
    /// The usual limits: 2 s, 64 MB, 1 MB of output, of context and of each store, and a worker for every processor.
    pub fn new(program: impl Into<PathBuf>, args: Vec<OsString>) -> Self {
        Self {
            program: program.into(),
            args,
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            deadline: Duration::from_secs(2),
            memory_bytes: 64 * 1024 * 1024,
            max_output_bytes: 1024 * 1024,
            max_context_bytes: 1024 * 1024,
            store_bytes: 1024 * 1024,
        }
    }
}

/// Runs scripts, as many at a time as it has workers; who has to wait is served in the order of asking.
///
/// Workers are started when they are first needed, and kept. One that dies, or has to be killed, takes only the run it had
/// with it.
#[derive(Debug)]
pub struct Pool {
    options: PoolOptions,
    /// A permit for every worker that may work.
    turns: Semaphore,
    idle: Mutex<VecDeque<Worker>>,
}

impl Pool {
    /// A pool that has started nothing yet.
    pub fn new(options: PoolOptions) -> Self {
        let turns = Semaphore::new(options.workers.max(1));
        Self { options, turns, idle: Mutex::default() }
    }

    /// Runs code once. Dropping the future ends the run, and its worker.
    pub async fn run(&self, run: &Run) -> Result<Ran, Fault> {
        let frame = self.frame(run)?;
        let _turn = self.turn().await?;
        let mut worker = self.worker().await?;
        // From here until the answer is there, the worker is nobody's but this future's, which kills it when dropped.
        let limit = self.options.deadline + GRACE;
        match timeout(limit, worker.ask(&frame)).await {
            Ok(Ok(Reply::Ran(result))) => {
                self.keep(worker).await;
                *result
            }
            Ok(Ok(Reply::Ready | Reply::Checked(_))) => Err(crashed(worker, "answered out of turn".into()).await),
            Ok(Err(error)) => Err(crashed(worker, format!("ended: {error}")).await),
            Err(_) => {
                worker.kill().await;
                Err(Fault::TimedOut { limit_ms: self.limits().deadline_ms })
            }
        }
    }

    /// Lets the runs that have begun come to their end, and ends all workers. Runs that wait, and later ones, are
    /// [`Fault::Unavailable`].
    pub async fn close(&self) {
        self.turns.close();
        let idle = std::mem::take(&mut *self.idle());
        for worker in idle {
            worker.kill().await;
        }
    }

    fn frame(&self, run: &Run) -> Result<Vec<u8>, Fault> {
        if [&run.context, &run.env, &run.content, &run.ambiguous].into_iter().any(is_too_deep) {
            return Err(Fault::TooLarge { what: "the depth of the context".into() });
        }
        protocol::encode(&Request::Run(Box::new(run.clone()), self.limits()))
            .map_err(|_| Fault::TooLarge { what: "the code with its context and functions".into() })
    }

    async fn turn(&self) -> Result<SemaphorePermit<'_>, Fault> {
        self.turns.acquire().await.map_err(|_| Fault::Unavailable { reason: "the server is closing".into() })
    }

    /// A worker that is running: one that did before, if there is one.
    async fn worker(&self) -> Result<Worker, Fault> {
        loop {
            // The one that has rested longest has certainly made its next engine.
            let Some(mut worker) = self.idle().pop_front() else {
                let started = Worker::start(&self.options.program, &self.options.args).await;
                return started.map_err(|error| Fault::Unavailable { reason: error.to_string() });
            };
            // The system may end any process at any time, for example when memory is short.
            if worker.is_alive() {
                return Ok(worker);
            }
        }
    }

    async fn keep(&self, worker: Worker) {
        let unwanted = {
            // Closing comes before emptying the list, so whoever holds the list knows whether it will be emptied again.
            let mut idle = self.idle();
            if self.turns.is_closed() {
                Some(worker)
            } else {
                idle.push_back(worker);
                None
            }
        };
        if let Some(worker) = unwanted {
            worker.kill().await;
        }
    }

    fn idle(&self) -> MutexGuard<'_, VecDeque<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn limits(&self) -> Limits {
        Limits {
            deadline_ms: u64::try_from(self.options.deadline.as_millis()).unwrap_or(u64::MAX),
            memory_bytes: self.options.memory_bytes,
            max_output_bytes: self.options.max_output_bytes,
            max_context_bytes: self.options.max_context_bytes,
            store_bytes: self.options.store_bytes,
        }
    }
}

async fn crashed(worker: Worker, reason: String) -> Fault {
    worker.kill().await;
    Fault::Crashed { reason }
}
