//! Answers kept for as long as nothing is committed, by any process.
//!
//! SQLite's WAL index (`…-shm`, a documented format) begins with a header that every commit of every process changes.
//! Reading it costs one `pread` of a page that is always in memory, a hundredth of a query. An answer that was read
//! while the header had a value is still the answer while it has that value, so nothing here is ever stale. On
//! PostgreSQL there is no such mark, and no answer is kept.

use std::any::Any;
use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use crate::Error;

/// The first copy of the header; the second one, behind it, says the same.
const HEADER_BYTES: usize = 48;
type Mark = [u8; HEADER_BYTES];

/// More answers than this are not worth their memory.
const MOST_ANSWERS: usize = 4096;

/// What is asked, and about what.
type Key = (&'static str, String);

#[derive(Debug)]
pub(crate) struct ReadCache {
    index: Option<File>,
    answers: RwLock<Answers>,
}

#[derive(Debug)]
struct Answers {
    mark: Mark,
    by_key: HashMap<Key, Arc<dyn Any + Send + Sync>>,
}

impl ReadCache {
    /// A cache that keeps nothing.
    pub(crate) fn none() -> Self {
        Self { index: None, answers: RwLock::new(Answers { mark: [0; HEADER_BYTES], by_key: HashMap::new() }) }
    }

    /// A cache over the SQLite database at `path`, which must be open already (and stay so: its index lives as long).
    pub(crate) fn of_sqlite(path: &Path) -> Self {
        let mut index = path.as_os_str().to_owned();
        index.push("-shm");
        Self { index: File::open(index).ok(), ..Self::none() }
    }

    /// The answer to a question: the kept one, else the one `load` finds.
    pub(crate) async fn answer<T, F>(&self, question: &'static str, about: &str, load: F) -> Result<T, Error>
    where
        T: Clone + Send + Sync + 'static,
        F: Future<Output = Result<T, Error>>,
    {
        // Read before the rows are: an answer can only be newer than its mark.
        let Some(mark) = self.mark() else { return load.await };
        let key = (question, about.to_owned());
        {
            let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
            if answers.mark == mark
                && let Some(kept) = answers.by_key.get(&key).and_then(|answer| answer.downcast_ref::<T>())
            {
                return Ok(kept.clone());
            }
        }
        let answer = load.await?;
        let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        if answers.mark != mark || answers.by_key.len() >= MOST_ANSWERS {
            answers.mark = mark;
            answers.by_key.clear();
        }
        answers.by_key.insert(key, Arc::new(answer.clone()));
        Ok(answer)
    }

    #[cfg(unix)]
    fn mark(&self) -> Option<Mark> {
        use std::os::unix::fs::FileExt;
        let mut mark = [0; HEADER_BYTES];
        self.index.as_ref()?.read_exact_at(&mut mark, 0).ok()?;
        Some(mark)
    }

    #[cfg(not(unix))]
    fn mark(&self) -> Option<Mark> {
        None
    }
}
