//! Secrets: texts that must not be seen.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::IdSource;
use zeroize::Zeroizing;

use crate::digest;

/// A secret text. It is never printed, and its memory is cleared when it is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret text from where it was stored or given.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// A new client secret: 44 characters, the base64 text of 32 random bytes, as the original's.
    pub fn client(ids: &IdSource) -> Self {
        Self::new(STANDARD.encode(ids.bytes::<32>()))
    }

    /// A new opaque access token: 43 characters of base64url. Only its [`hash_of_token`] need be stored.
    pub fn access_token(ids: &IdSource) -> Self {
        Self::new(URL_SAFE_NO_PAD.encode(ids.bytes::<32>()))
    }

    /// The secret itself. Do not log it, and put it only into a reply that is meant to show it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the text is this secret; takes the same time wherever they differ.
    pub fn matches(&self, text: &str) -> bool {
        verify_slices_are_equal(self.0.as_bytes(), text.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// What to store of an opaque token in order to recognise it: its SHA-256 as 64 lower-case hexadecimal digits.
///
/// A plain hash is enough because the tokens are random: there is nothing to guess.
pub fn hash_of_token(token: &str) -> String {
    digest::sha256(token.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_have_their_form_and_are_not_printed() {
        let ids = IdSource::random();
        let (secret, token) = (Secret::client(&ids), Secret::access_token(&ids));
        assert_eq!((secret.expose().len(), token.expose().len()), (44, 43));
        assert_ne!(secret.expose(), Secret::client(&ids).expose());
        assert!(secret.clone().matches(secret.expose()) && !secret.matches("") && !secret.matches(token.expose()));
        assert_eq!(format!("{secret:?}"), "Secret(hidden)");
        assert_eq!(hash_of_token("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
