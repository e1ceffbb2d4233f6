//! A pool of workers that run scripts for a server, fair among bots.

use std::{
    collections::VecDeque,
    ffi::OsString,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::timeout;

use crate::{
    bounds::Bounds,
    engine::DATA_GROWTH,
    gate::{Gate, Pass, Refusal},
    process::Worker,
    protocol::{self, Reply, Request},
    ran::{Fault, Ran},
    run::{Limits, Run, is_too_deep},
    turns::Rules,
};

/// How much longer than its deadline a run may take before its worker is killed. Nearly all runs end by themselves in
/// time; this is for those that hold the engine up where it looks at no clock.
const GRACE: Duration = Duration::from_millis(500);

/// The largest answer that says no more than why a run failed. Our own code cuts what scripts can make long.
const MAX_FAULT_BYTES: usize = 64 * 1024;

/// How to start workers, and what one run may take.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// The program to start, which has to call [`run_worker`](crate::run_worker): the server's own binary.
    pub program: PathBuf,
    /// Its arguments: those that make it a worker.
    pub args: Vec<OsString>,
    /// How many run at the same time, at least 1. A worker takes about 4 MB, and `memory_bytes` while it runs.
    pub workers: usize,
    /// How many runs of one bot run at the same time; 0 means all workers but one. Never more than that, when there are
    /// several: then a bot that never ends does not make another one wait at all, and some of them by one deadline.
    pub workers_per_bot: usize,
    /// How many runs of one bot may wait. One more is [`Fault::Crowded`].
    pub waiting_per_bot: usize,
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
    /// The usual limits: 2 s, 64 MB, 1 MB of output, of context and of each store; a worker for every processor, and one more for bots that come while
    /// one keeps all processors busy.
    pub fn new(program: impl Into<PathBuf>, args: Vec<OsString>) -> Self {
        Self {
            program: program.into(),
            args,
            workers: std::thread::available_parallelism().map_or(1, usize::from) + 1,
            workers_per_bot: 0,
            waiting_per_bot: 1_000,
            deadline: Duration::from_secs(2),
            memory_bytes: 64 * 1024 * 1024,
            max_output_bytes: 1024 * 1024,
            max_context_bytes: 1024 * 1024,
            store_bytes: 1024 * 1024,
        }
    }
}

/// Runs scripts, as many at a time as it has workers. Bots are served in turn, the runs of each in the order of asking, and
/// no bot holds all workers unless there is only one.
///
/// Workers are started when they are first needed, and kept. One that dies, or has to be killed, takes only the run it had
/// with it.
#[derive(Debug)]
pub struct Pool {
    options: PoolOptions,
    bounds: Bounds,
    gate: Gate,
    idle: Mutex<VecDeque<Worker>>,
}

impl Pool {
    /// A pool that has started nothing yet.
    pub fn new(options: PoolOptions) -> Self {
        let workers = options.workers.max(1);
        let all_but_one = (workers - 1).max(1);
        let per_bot = if options.workers_per_bot == 0 { all_but_one } else { options.workers_per_bot.min(all_but_one) };
        let gate = Gate::new(Rules { workers, per_bot, waiting_per_bot: options.waiting_per_bot });
        // A full context and full stores take their room besides, and a run may fill them anew.
        let data = options.max_context_bytes.saturating_add(options.store_bytes.saturating_mul(4));
        let heap = options.memory_bytes.saturating_add(data.saturating_mul(DATA_GROWTH));
        let bounds = Bounds::around(options.deadline, heap);
        Self { options, bounds, gate, idle: Mutex::default() }
    }

    /// Starts a worker, so that the first run need not wait for it. What workers should not be allowed and are is logged with
    /// the first one of a process.
    pub async fn warm_up(&self) -> Result<(), Fault> {
        let worker = self.worker().await?;
        self.keep(worker).await;
        Ok(())
    }

    /// Runs code of a bot once. Dropping the future ends the run, and its worker.
    pub async fn run(&self, bot: &str, run: &Run) -> Result<Ran, Fault> {
        let _turn = self.turn(bot).await?;
        // Runs that wait take no more memory than they did before.
        let frame = self.frame(run)?;
        let mut worker = self.worker().await?;
        // From here until the answer is there, the worker is nobody's but this future's, which kills it when dropped.
        match timeout(self.longest(), worker.ask(&frame)).await {
            Ok(Ok((Reply::Ran(result), bytes))) => match self.judge(*result, bytes, run) {
                Ok(result) => {
                    self.keep(worker).await;
                    result
                }
                Err(reason) => Err(crashed(worker, reason).await),
            },
            Ok(Ok((Reply::Ready { .. } | Reply::Checked(_), _))) => {
                Err(crashed(worker, "answered out of turn".into()).await)
            }
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
        self.gate.close();
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

    async fn turn<'a>(&'a self, bot: &'a str) -> Result<Pass<'a>, Fault> {
        self.gate.enter(bot).await.map_err(|refusal| match refusal {
            Refusal::Full => Fault::Crowded { waiting: self.options.waiting_per_bot },
            Refusal::Closed => Fault::Unavailable { reason: "the server is closing".into() },
        })
    }

    /// Looks at an answer as at one of whoever took the worker over: the result, or what makes it impossible.
    fn judge(&self, result: Result<Ran, Fault>, bytes: usize, run: &Run) -> Result<Result<Ran, Fault>, String> {
        match result {
            Ok(ran) if !ran.is_of(run) => Err("answered what no script can leave".into()),
            Ok(ran) => Ok(ran.check_sizes(&self.limits(), bytes).map(|()| ran)),
            Err(_) if bytes > MAX_FAULT_BYTES => Err("failed with more words than it may".into()),
            Err(fault) => Ok(Err(fault)),
        }
    }

    /// After this time a run is over, one way or the other.
    fn longest(&self) -> Duration {
        self.options.deadline + GRACE
    }

    /// A worker that is running: one that did before, if there is one.
    async fn worker(&self) -> Result<Worker, Fault> {
        loop {
            // The one that has rested longest has certainly made its next engine.
            let Some(mut worker) = self.idle().pop_front() else {
                let started = Worker::start(&self.options.program, &self.options.args, self.bounds).await;
                return started.map_err(|error| Fault::Unavailable { reason: error.to_string() });
            };
            // The system may end any process at any time, for example when memory is short.
            if worker.is_alive() {
                return Ok(worker);
            }
        }
    }

    async fn keep(&self, worker: Worker) {
        let unwanted = if !worker.has_time_for(self.longest(), self.bounds) {
            Some(worker)
        } else {
            // Closing comes before emptying the list, so whoever holds the list knows whether it will be emptied again.
            let mut idle = self.idle();
            if self.gate.is_closed() {
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
