//! `/api/internal/…`: set-up calls of test suites, opened by a key of the server's configuration and closed without one.

pub(crate) mod account;
pub(crate) mod client_app;

use access::Secret;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use store::User;

use crate::body::Call;
use crate::{ApiError, Platform};

/// A key is at least this long, so that it cannot be guessed. Characters.
const SHORTEST_KEY: usize = 16;

/// A key that opens routes of the operator. It is never shown.
#[derive(Clone, Debug)]
pub struct ApiKey(Secret);

impl ApiKey {
    /// Whether this is the key.
    pub(crate) fn is(&self, given: &str) -> bool {
        self.0.matches(given)
    }
}

impl PartialEq for ApiKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.matches(other.0.expose())
    }
}

impl Serialize for ApiKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(hidden)")
    }
}

impl<'de> Deserialize<'de> for ApiKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.chars().count() < SHORTEST_KEY {
            return Err(de::Error::custom(format!("a key needs at least {SHORTEST_KEY} characters")));
        }
        Ok(Self(Secret::new(text)))
    }
}

impl Platform {
    /// Lets a call with the right `apikey` in; answers as if there were no such route when no key is configured.
    fn require_internal_key(&self, call: &Call) -> Result<(), ApiError> {
        let Some(key) = &self.settings().internal_api_key else {
            return Err(ApiError::not_found("Not Found"));
        };
        match call.header("apikey") {
            Some(given) if key.is(given) => Ok(()),
            _ => Err(ApiError::invalid_credentials()),
        }
    }

    /// The owner that internal calls act for.
    async fn internal_owner(&self) -> Result<User, ApiError> {
        let account = self.store().account().await?;
        let owner = self.store().owner(&account.id).await?;
        owner.ok_or_else(|| {
            ApiError::conflict("The account has no owner").with_detail("create one: botyard user create --owner")
        })
    }
}
