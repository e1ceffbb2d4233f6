//! Long-lived tasks.

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::Supervisor;

impl Supervisor {
    /// Keeps a task alive until it is told to stop: it is started, and started again whenever it panics or ends by
    /// itself, with growing pauses. While it breaks off again and again it is [reported](Self::failed).
    ///
    /// The task sees to it itself that it ends when `stop` says so; it is not cut off.
    pub fn keep<S, F>(
        &self,
        task: &str,
        stop: &CancellationToken,
        start: S,
    ) -> impl Future<Output = ()> + Send + use<S, F>
    where
        S: FnMut() -> F + Send,
        F: Future<Output = ()> + Send,
    {
        let (supervisor, task, stop) = (self.clone(), task.to_owned(), stop.clone());
        async move { supervisor.keep_alive(&task, &stop, start).await }
    }

    async fn keep_alive<F>(&self, task: &str, stop: &CancellationToken, mut start: impl FnMut() -> F)
    where
        F: Future<Output = ()>,
    {
        let restarts = self.restarts;
        let (mut breaks, mut pause) = (0, restarts.first_pause);
        while !stop.is_cancelled() {
            let mut ended = std::pin::pin!(self.contain(task, start()));
            let started = Instant::now();
            let broken_off = tokio::select! {
                broken_off = &mut ended => broken_off,
                () = tokio::time::sleep(restarts.steady_after) => {
                    (breaks, pause) = (0, restarts.first_pause);
                    self.records().failed.remove(task);
                    ended.await
                }
            };
            if stop.is_cancelled() {
                break;
            }
            let reason = broken_off.err().map_or_else(|| "it ended by itself".to_owned(), |it| it.message);
            breaks += 1;
            let ran_ms = started.elapsed().as_millis();
            if breaks >= restarts.limit {
                tracing::error!(task, reason, breaks, ran_ms, "a task does not stay alive; this process is not ready");
                self.records().failed.insert(task.to_owned(), reason);
            } else {
                tracing::warn!(task, reason, breaks, ran_ms, "a task broke off and is started again");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(restarts.longest_pause);
        }
        self.records().failed.remove(task);
    }

    /// Waits for a task that cannot be started again. When it panics or ends before it is told to stop, it is
    /// [reported](Self::failed) from then on. What it gave; nothing when it panicked.
    pub async fn watch<T>(&self, task: &str, stop: &CancellationToken, work: impl Future<Output = T>) -> Option<T> {
        let ended = self.contain(task, work).await;
        if !stop.is_cancelled() {
            let reason = match &ended {
                Ok(_) => "it ended by itself".to_owned(),
                Err(panicked) => panicked.message.clone(),
            };
            tracing::error!(task, reason, "a task that cannot be started again is gone; this process is not ready");
            self.records().failed.insert(task.to_owned(), reason);
        }
        ended.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::{Failed, Restarts};

    fn impatient(steady_after: Duration) -> Supervisor {
        let pause = Duration::from_millis(1);
        Supervisor::new(Restarts { first_pause: pause, longest_pause: pause, limit: 3, steady_after })
    }

    #[tokio::test]
    async fn a_task_that_panics_is_started_again_and_reported_while_it_does_not_stay_alive() {
        let supervisor = impatient(Duration::from_millis(1));
        let (stop, starts) = (CancellationToken::new(), Arc::new(AtomicU32::new(0)));
        let kept = supervisor.keep("worker", &stop, || {
            let (supervisor, stop, start) = (supervisor.clone(), stop.clone(), starts.fetch_add(1, Ordering::SeqCst));
            async move {
                match start {
                    // It ends by itself as often as it takes to be reported.
                    0..3 => {}
                    3 => {
                        let reason = "it ended by itself".to_owned();
                        assert_eq!(supervisor.failed(), [Failed { task: "worker".into(), reason }]);
                        panic!("start {start}");
                    }
                    4 => {
                        assert_eq!(supervisor.failed()[0].reason, "start 3");
                        // From here on it stays alive, until its breaks are forgotten.
                        while !supervisor.failed().is_empty() {
                            tokio::task::yield_now().await;
                        }
                        stop.cancel();
                    }
                    _ => unreachable!("it was told to stop"),
                }
            }
        });
        kept.await;
        assert_eq!(starts.load(Ordering::SeqCst), 5);
        assert_eq!(supervisor.panics(), [("worker".to_owned(), 1)]);
        assert_eq!(supervisor.failed(), []);
    }

    #[tokio::test]
    async fn a_task_that_cannot_be_started_again_is_reported_unless_it_was_told_to_end() {
        let supervisor = impatient(Duration::from_secs(60));
        let stop = CancellationToken::new();
        assert_eq!(supervisor.watch("serving", &stop, async { 1 }).await, Some(1));
        assert_eq!(supervisor.failed()[0].to_string(), "the task `serving` does not stay alive: it ended by itself");
        let supervisor = impatient(Duration::from_secs(60));
        stop.cancel();
        assert_eq!(supervisor.watch("serving", &stop, async { 1 }).await, Some(1));
        assert_eq!(supervisor.failed(), []);
    }
}
