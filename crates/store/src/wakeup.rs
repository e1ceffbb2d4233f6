//! Announcements that something changed: hints that spare a wait, never the truth.
//!
//! Whoever waits looks at the rows first and again after every announcement or poll interval; losing every announcement
//! costs one poll interval. Within a process an announcement is a counter; between nodes on PostgreSQL it rides
//! `NOTIFY`, sent outside every transaction.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use supervisor::Supervisor;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const CHANNEL: &str = "botyard";
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);

/// Announces and hears changes of requests.
#[derive(Clone, Debug)]
pub struct Wakeups {
    counter: watch::Sender<u64>,
    postgres: Option<Postgres>,
}

#[derive(Clone, Debug)]
struct Postgres {
    pool: PgPool,
    /// Ends the hearing.
    stop: CancellationToken,
}

impl Wakeups {
    pub(crate) fn local() -> Self {
        Self { counter: watch::Sender::new(0), postgres: None }
    }

    pub(crate) fn postgres(pool: PgPool, supervisor: &Supervisor) -> Self {
        let (counter, stop) = (watch::Sender::new(0), CancellationToken::new());
        let heard = (pool.clone(), counter.clone(), stop.clone());
        tokio::spawn(supervisor.keep("wakeup listener", &stop, move || {
            let (pool, counter, stop) = heard.clone();
            async move { stop.run_until_cancelled(listen(pool, counter)).await.unwrap_or_default() }
        }));
        Self { counter, postgres: Some(Postgres { pool, stop }) }
    }

    /// Says that a request was queued, moved on or finished.
    pub fn announce(&self) {
        self.counter.send_modify(|count| *count = count.wrapping_add(1));
        if let Some(Postgres { pool, .. }) = &self.postgres {
            let pool = pool.clone();
            tokio::spawn(async move {
                if let Err(error) = sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(&pool).await {
                    tracing::debug!(%error, "other nodes were not woken; they will poll");
                }
            });
        }
    }

    /// Hears announcements from now on. Take this before looking at the rows.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.counter.subscribe()
    }

    pub(crate) fn close(&self) {
        if let Some(Postgres { stop, .. }) = &self.postgres {
            stop.cancel();
        }
    }
}

async fn listen(pool: PgPool, counter: watch::Sender<u64>) {
    loop {
        let heard: Result<(), sqlx::Error> = async {
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.listen(CHANNEL).await?;
            loop {
                listener.recv().await?;
                counter.send_modify(|count| *count = count.wrapping_add(1));
            }
        }
        .await;
        if let Err(error) = heard {
            tracing::debug!(%error, "announcements of other nodes are not heard for a while; polling goes on");
        }
        tokio::time::sleep(RECONNECT_PAUSE).await;
    }
}
