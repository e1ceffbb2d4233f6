//! Signed webhook calls, as <https://www.standardwebhooks.com> describes them.
//!
//! A call carries three headers: `webhook-id`, `webhook-timestamp` (epoch seconds) and `webhook-signature`, which is
//! `v1,` and the base64 text of HMAC-SHA256 over `id.timestamp.body`; several signatures are separated by spaces.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{IdSource, Timestamp};

use crate::Secret;

/// How far the time of a call may lie from ours, either way.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);

const SECRET_PREFIX: &str = "whsec_";

/// The key that both sides of a webhook share.
pub struct WebhookKey(hmac::Key);

/// The text is not a webhook secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a webhook secret is `whsec_` and the base64 text of 24 to 64 bytes")]
pub struct InvalidSecret;

/// A webhook call is not to be trusted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The time header is not a number of seconds.
    #[error("the header webhook-timestamp is not a whole number of epoch seconds")]
    MalformedTimestamp,
    /// The call was made too long ago, or claims to come from the future.
    #[error("the webhook was signed at {0}, too far from the current time; check both clocks")]
    OutsideTolerance(Timestamp),
    /// No signature fits.
    #[error("no signature in webhook-signature fits the id, the time and the body")]
    WrongSignature,
}

/// A new webhook secret: `whsec_` and the base64 text of 32 random bytes.
pub fn new_secret(ids: &IdSource) -> Secret {
    Secret::new(format!("{SECRET_PREFIX}{}", STANDARD.encode(ids.bytes::<32>())))
}

impl FromStr for WebhookKey {
    type Err = InvalidSecret;

    fn from_str(secret: &str) -> Result<Self, InvalidSecret> {
        let encoded = secret.strip_prefix(SECRET_PREFIX).ok_or(InvalidSecret)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| InvalidSecret)?;
        if !(24..=64).contains(&bytes.len()) {
            return Err(InvalidSecret);
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }
}

impl fmt::Debug for WebhookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookKey(hidden)")
    }
}

impl WebhookKey {
    /// The value of `webhook-signature` for a call with this id, time (in whole seconds) and body.
    pub fn sign(&self, id: &str, at: Timestamp, body: &[u8]) -> String {
        let tag = self.tag(id, &at.as_seconds().to_string(), body);
        format!("v1,{}", STANDARD.encode(tag))
    }

    /// Checks a call by its three header values and its body, byte for byte as received.
    ///
    /// # Errors
    /// When the time is malformed or too far from `now`, or no `v1` signature fits.
    pub fn verify(
        &self,
        id: &str,
        timestamp: &str,
        signatures: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), WebhookError> {
        let seconds: i64 = timestamp.parse().map_err(|_| WebhookError::MalformedTimestamp)?;
        let at = Timestamp::from_millis(seconds.saturating_mul(1000));
        if now.since(at) > TOLERANCE || at.since(now) > TOLERANCE {
            return Err(WebhookError::OutsideTolerance(at));
        }
        let message = message(id, timestamp, body);
        for signature in signatures.split_ascii_whitespace() {
            let tag = signature.strip_prefix("v1,").and_then(|encoded| STANDARD.decode(encoded).ok());
            if tag.is_some_and(|tag| hmac::verify(&self.0, &message, &tag).is_ok()) {
                return Ok(());
            }
        }
        Err(WebhookError::WrongSignature)
    }

    fn tag(&self, id: &str, timestamp: &str, body: &[u8]) -> hmac::Tag {
        hmac::sign(&self.0, &message(id, timestamp, body))
    }
}

fn message(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    let mut message = format!("{id}.{timestamp}.").into_bytes();
    message.extend_from_slice(body);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
    const BODY: &[u8] = br#"{"type":"bot.published"}"#;
    const AT: Timestamp = Timestamp::from_millis(1_600_000_000_000);
    /// Computed with Python's `hmac` for the id `msg_1` at `AT`.
    const SIGNATURE: &str = "v1,nTNWmC/aAaAGfQP74NL8LcbN2AtBoDNfx7mHzpPDqdA=";

    #[test]
    fn signatures_are_those_of_other_implementations() {
        let key: WebhookKey = SECRET.parse().expect("24 bytes");
        assert_eq!(key.sign("msg_1", AT, BODY), SIGNATURE);
        let several = format!("v1,AAAA v1a,{} {SIGNATURE}", &SIGNATURE[3..]);
        let late = AT.plus(Duration::from_secs(600));
        let early = AT.minus(Duration::from_secs(600));
        let other: &[u8] = b"{}";
        let table = [
            ("msg_1", "1600000000", SIGNATURE, BODY, AT, Ok(())),
            ("msg_1", "1600000000", &several, BODY, AT.plus(TOLERANCE), Ok(())),
            ("msg_2", "1600000000", SIGNATURE, BODY, AT, Err(WebhookError::WrongSignature)),
            ("msg_1", "1600000001", SIGNATURE, BODY, AT, Err(WebhookError::WrongSignature)),
            ("msg_1", "1600000000", SIGNATURE, other, AT, Err(WebhookError::WrongSignature)),
            ("msg_1", "1600000000", "", BODY, AT, Err(WebhookError::WrongSignature)),
            ("msg_1", "yesterday", SIGNATURE, BODY, AT, Err(WebhookError::MalformedTimestamp)),
            ("msg_1", "1600000000", SIGNATURE, BODY, late, Err(WebhookError::OutsideTolerance(AT))),
            ("msg_1", "1600000000", SIGNATURE, BODY, early, Err(WebhookError::OutsideTolerance(AT))),
        ];
        for (id, timestamp, signatures, body, now, expected) in table {
            assert_eq!(key.verify(id, timestamp, signatures, body, now), expected, "{id} {timestamp} {signatures}");
        }
    }

    #[test]
    fn secrets_must_be_long_enough() {
        assert!(new_secret(&IdSource::random()).expose().parse::<WebhookKey>().is_ok());
        for text in ["", "whsec_", "whsec_AAAA", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "whsec_!"] {
            assert_eq!(text.parse::<WebhookKey>().err(), Some(InvalidSecret), "{text}");
        }
    }
}
