//! The places people sign in from, so that guessers elsewhere cannot keep them out.

use std::time::Duration;

use domain::UserId;

use crate::{Error, Store, args};

/// How long a place is usual after somebody signed in from there.
const LIFETIME: Duration = Duration::from_secs(90 * 24 * 3600);
/// A place that was seen within this time need not be written again.
const FRESH: Duration = Duration::from_secs(24 * 3600);

impl Store {
    /// Whether the user has signed in from the place with this mark in the last 90 days. Nobody has no usual place, which
    /// is looked up all the same: the answer takes as long.
    pub async fn is_usual_place(&self, user: Option<&UserId>, mark: &str) -> Result<bool, Error> {
        let since = self.clock.now().minus(LIFETIME);
        let sql = "SELECT 1 AS one FROM usual_places WHERE user_id = $1 AND mark = $2 AND seen_at > $3";
        let user = user.map_or("", UserId::as_str);
        Ok(self.row(sql, args![user, mark, since]).await?.is_some())
    }

    /// Remembers that the user signed in from the place with this mark, and forgets old places.
    pub async fn remember_usual_place(&self, user: &UserId, mark: &str) -> Result<(), Error> {
        let now = self.clock.now();
        let sql = "SELECT 1 AS one FROM usual_places WHERE user_id = $1 AND mark = $2 AND seen_at > $3";
        if self.row(sql, args![user, mark, now.minus(FRESH)]).await?.is_some() {
            return Ok(());
        }
        let (old, seen) = (args![now.minus(LIFETIME)], args![user, mark, now]);
        self.write(move |tx| {
            Box::pin(async move {
                tx.execute("DELETE FROM usual_places WHERE seen_at < $1", old).await?;
                let sql = "INSERT INTO usual_places (user_id, mark, seen_at) VALUES ($1, $2, $3) \
                     ON CONFLICT (user_id, mark) DO UPDATE SET seen_at = excluded.seen_at";
                tx.execute(sql, seen).await.map(drop)
            })
        })
        .await
    }
}
