//! Signing in with a password, slowly enough for guessers.

mod pace;
mod room;

use std::net::IpAddr;

use http::StatusCode;
use store::User;

use self::pace::{Attempt, Attempts, Place};
use self::room::Room;
use crate::documents::blocking;
use crate::{ApiError, Platform};

/// Names and passwords are not longer than this; a longer one is an attack on the hash. Bytes.
const MAX_BYTES: usize = 1024;

/// What signing in remembers between attempts.
#[derive(Default)]
pub(crate) struct SignIns {
    attempts: Attempts,
    room: Room,
}

impl Platform {
    /// The user with this name and password. A name that nobody has costs as much as one that somebody has.
    pub(crate) async fn sign_in(&self, name: &str, password: &str, from: Option<IpAddr>) -> Result<User, ApiError> {
        let refused = || ApiError::with_status(StatusCode::UNAUTHORIZED, "Invalid username or password");
        if name.len() > MAX_BYTES || password.len() > MAX_BYTES {
            return Err(refused());
        }
        let (store, sign_ins, place) = (self.store(), self.sign_ins(), Place::of(from));
        let account = store.account().await?;
        let user = store.user_by_email(&account.id, name).await?;
        let mark = self.mark_of(user.as_ref(), place);
        let is_usual = store.is_usual_place(user.as_ref().map(|user| &user.id), &mark).await?;
        let attempt = Attempt::new(name, place, is_usual);
        sign_ins.attempts.begin(&attempt, self.now()).map_err(|pause| {
            tracing::warn!(%place, "somebody tries passwords");
            let message = "Too many failed attempts. Please try again later.";
            ApiError::with_status(StatusCode::TOO_MANY_REQUESTS, message).with_retry_after(pause)
        })?;
        let hash = user.as_ref().and_then(|user| user.password_hash.clone());
        let verified = match self.verify(password, hash).await {
            Ok(verified) => verified,
            Err(error) => {
                sign_ins.attempts.take_back(&attempt);
                return Err(error);
            }
        };
        let Some(user) = user.filter(|_| verified) else { return Err(refused()) };
        sign_ins.attempts.succeeded(&attempt);
        store.remember_usual_place(&user.id, &mark).await?;
        Ok(user)
    }

    async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, ApiError> {
        let room = self.sign_ins().room.enter().await?;
        let password = password.to_owned();
        let verified = blocking(move || {
            let _room = room;
            match hash {
                Some(hash) => access::password::verify(&password, &hash),
                None => {
                    access::password::verify_nobodys(&password);
                    Ok(false)
                }
            }
        });
        verified.await?.map_err(|error| ApiError::internal(&error))
    }

    /// What is kept of a place that somebody signed in from: enough to know it again, and nothing to read an address from.
    fn mark_of(&self, user: Option<&User>, place: Place) -> String {
        let mut hash = access::digest::Hasher::new();
        hash.update(self.store().key().derive("usual places").as_slice());
        hash.update(user.map_or("", |user| user.id.as_str()).as_bytes());
        hash.update(place.to_string().as_bytes());
        hash.finish()
    }
}
