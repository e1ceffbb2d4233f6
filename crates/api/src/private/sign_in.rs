//! Signing in with a password, slowly enough for guessers.

use std::net::IpAddr;
use std::sync::OnceLock;

use domain::IdSource;
use store::User;
use tokio::sync::Semaphore;

use crate::documents::blocking;
use crate::limits::{Limiter, RateLimits, Window};
use crate::{ApiError, Platform};

/// Failed attempts per address and name before one has to wait.
const ATTEMPTS: Window = Window { seconds: 60, calls: 10 };

/// Passwords that are hashed at the same time. Each takes 19 MiB, and a processor for some tens of milliseconds.
const AT_ONCE: usize = 4;

/// Names and passwords are not longer than this; a longer one is an attack on the hash. Bytes.
const MAX_BYTES: usize = 1024;

/// What signing in remembers between attempts.
pub(crate) struct SignIns {
    attempts: Limiter,
    room: Semaphore,
    /// The hash that stands in where there is no user, so that the answer takes as long.
    stand_in: OnceLock<String>,
}

impl SignIns {
    pub(crate) fn new() -> Self {
        let attempts = Limiter::new(RateLimits { enabled: true, windows: vec![ATTEMPTS] });
        Self { attempts, room: Semaphore::new(AT_ONCE), stand_in: OnceLock::new() }
    }

    fn stand_in(&self, ids: &IdSource) -> &str {
        self.stand_in.get_or_init(|| access::password::hash(&ids.uuid(), ids))
    }
}

impl Platform {
    /// The user with this name and password. Every attempt counts until one succeeds, so that attempts made at the same
    /// time cannot outrun the count.
    pub(crate) async fn sign_in(&self, name: &str, password: &str, from: Option<IpAddr>) -> Result<User, ApiError> {
        let refused = || ApiError::with_status(http::StatusCode::UNAUTHORIZED, "Invalid username or password");
        if name.len() > MAX_BYTES || password.len() > MAX_BYTES {
            return Err(refused());
        }
        let sign_ins = self.sign_ins();
        let from = from.map_or_else(String::new, |address| address.to_string());
        let attempt = format!("{from} {}", name.to_lowercase());
        sign_ins.attempts.take(&attempt, self.now()).map_err(|pause| {
            tracing::warn!(from, "somebody tries passwords");
            ApiError::with_status(
                http::StatusCode::TOO_MANY_REQUESTS,
                "Too many failed attempts. Please try again later.",
            )
            .with_retry_after(pause)
        })?;

        let account = self.store().account().await?;
        let user = self.store().user_by_email(&account.id, name).await?;
        let hash = user.as_ref().and_then(|user| user.password_hash.clone());
        let (platform, password) = (self.clone(), password.to_owned());
        let _room = sign_ins.room.acquire().await.map_err(|closed| ApiError::internal(&closed))?;
        let verified = blocking(move || {
            let stand_in = platform.sign_ins().stand_in(platform.store().ids());
            access::password::verify(&password, hash.as_deref().unwrap_or(stand_in)).map(|good| good && hash.is_some())
        })
        .await?
        .map_err(|error| ApiError::internal(&error))?;
        match user.filter(|_| verified) {
            Some(user) => {
                sign_ins.attempts.forget(&attempt);
                Ok(user)
            }
            None => Err(refused()),
        }
    }
}
