//! Keys by which a client repeats a request without starting it twice.

use std::time::Duration;

use domain::{RequestId, Timestamp};

use crate::sql::{Connection, key};
use crate::{Error, args};

/// How long a key is remembered.
const LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// The client's key of a request.
#[derive(Clone, Debug)]
pub struct Idempotency {
    /// Whose key it is: keys of different apps never meet.
    pub app: String,
    /// The key as the client sent it.
    pub key: String,
    /// A digest of what was asked: the same key with another question is an error of the client.
    pub fingerprint: String,
}

impl Idempotency {
    /// The request that was started under this key before, or nothing after remembering `new` for it.
    ///
    /// [`Error::Conflict`] when the key was used for something else.
    pub(crate) async fn claim(
        &self,
        tx: &mut Connection<'_>,
        new: &RequestId,
        now: Timestamp,
    ) -> Result<Option<RequestId>, Error> {
        tx.execute("DELETE FROM idempotency_keys WHERE created_at < $1", args![now.minus(LIFETIME)]).await?;
        let written = tx
            .execute(
                "INSERT INTO idempotency_keys (app_id, idempotency_key, fingerprint, request_id, created_at) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (app_id, idempotency_key) DO NOTHING",
                args![&self.app, key("the idempotency key", &*self.key), &self.fingerprint, new, now],
            )
            .await?;
        if written > 0 {
            return Ok(None);
        }
        let row = tx
            .row(
                "SELECT fingerprint, request_id FROM idempotency_keys WHERE app_id = $1 AND idempotency_key = $2",
                args![&self.app, &self.key],
            )
            .await?
            .ok_or_else(|| Error::Conflict(format!("the idempotency key {}", self.key)))?;
        if row.get::<String>("fingerprint")? != self.fingerprint {
            return Err(Error::Exists(format!("the idempotency key {} with another request", self.key)));
        }
        Ok(Some(RequestId::stored(row.get::<String>("request_id")?)))
    }
}
