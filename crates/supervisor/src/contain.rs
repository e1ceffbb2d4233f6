//! Work that may panic without taking anybody along.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::Poll;

use crate::Supervisor;

/// Work panicked. What it held is dropped, and what it had written but not committed is undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panicked {
    /// The name of the work.
    pub task: String,
    /// What it said.
    pub message: String,
}

impl std::fmt::Display for Panicked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the {} panicked, which is a fault of this server: {}", self.task, self.message)
    }
}

impl std::error::Error for Panicked {}

impl Supervisor {
    /// Does work that fails alone: a panic in it is counted, named in the log, and given back as an error.
    ///
    /// # Errors
    /// The work panicked.
    pub fn contain<T, F: Future<Output = T>>(
        &self,
        task: &str,
        work: F,
    ) -> impl Future<Output = Result<T, Panicked>> + use<T, F> {
        // On the heap: work is often large, and who waits for it should not be.
        let (supervisor, task, work) = (self.clone(), task.to_owned(), Box::pin(work));
        async move { supervisor.await_contained(&task, work).await }
    }

    async fn await_contained<T>(&self, task: &str, mut work: Pin<Box<impl Future<Output = T>>>) -> Result<T, Panicked> {
        // Whatever the work shares is behind locks whose owners take them back after a panic, or in transactions.
        let done = poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(panic) => Poll::Ready(Err(message_of(&*panic))),
        });
        done.await.map_err(|message| self.panicked(task, message))
    }

    /// Counts a panic.
    fn panicked(&self, task: &str, message: String) -> Panicked {
        *self.records().panics.entry(task.to_owned()).or_default() += 1;
        tracing::error!(task, message, "a task panicked; it fails alone");
        Panicked { task: task.to_owned(), message }
    }
}

/// What a panic says.
fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it said nothing".to_owned())
}

/// Does work that takes the processor for a while on a thread where it holds up nobody. A panic there is the caller's, as
/// if the work had been done in place; nothing when the work was cut off, because the process ends.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Some(done),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_an_error_with_a_name_and_is_counted() {
        let supervisor = Supervisor::default();
        let fine = supervisor.contain("turn", async { 1 }).await;
        assert_eq!(fine, Ok(1));
        let formatted = supervisor
            .contain("turn", async {
                tokio::task::yield_now().await;
                panic!("place {}", 7)
            })
            .await;
        assert_eq!(formatted, Err::<(), _>(Panicked { task: "turn".into(), message: "place 7".into() }));
        let elsewhere = supervisor.contain("job", async { blocking(|| panic!("on another thread")).await }).await;
        assert_eq!(
            elsewhere.unwrap_err().to_string(),
            "the job panicked, which is a fault of this server: on another thread"
        );
        let mute = supervisor.contain("turn", async { std::panic::panic_any(7) }).await;
        assert_eq!(mute, Err::<(), _>(Panicked { task: "turn".into(), message: "it said nothing".into() }));
        assert_eq!(supervisor.panics(), [("job".to_owned(), 1), ("turn".to_owned(), 2)]);
        assert_eq!(supervisor.failed(), [], "work on its own is nothing to be kept alive");
    }
}
