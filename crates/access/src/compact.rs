//! The compact form of tokens: base64url parts joined by dots, three when signed and five when encrypted.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Writes without padding as the standard says; some clients pad all the same, so reading takes both.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A token taken apart, nothing decoded or checked yet.
pub(crate) enum Compact<'a> {
    Signed(Signed<'a>),
    Encrypted(Encrypted<'a>),
}

/// The parts of a signed token.
pub(crate) struct Signed<'a> {
    pub header: &'a str,
    pub payload: &'a str,
    pub signature: &'a str,
    /// Header and payload with the dot between them: what the signature covers.
    pub message: &'a str,
}

/// The parts of an encrypted token.
pub(crate) struct Encrypted<'a> {
    pub header: &'a str,
    pub encrypted_key: &'a str,
    pub nonce: &'a str,
    pub ciphertext: &'a str,
    pub tag: &'a str,
}

/// The members of a token's header that decide anything.
#[derive(Deserialize)]
pub(crate) struct Header<'a> {
    #[serde(borrow)]
    pub alg: Cow<'a, str>,
    #[serde(borrow)]
    pub enc: Option<Cow<'a, str>>,
    /// Compression of an encrypted token.
    pub zip: Option<IgnoredAny>,
    /// Extensions a reader must understand or else refuse the token.
    pub crit: Option<IgnoredAny>,
}

impl<'a> Compact<'a> {
    /// Takes a token apart; nothing when it has neither three parts nor five.
    pub fn read(token: &'a str) -> Option<Self> {
        // One piece more than any token has, so that a text full of dots is not taken apart to its end.
        let parts: Vec<&str> = token.splitn(6, '.').collect();
        match *parts.as_slice() {
            [header, payload, signature] => {
                let message = &token[..header.len() + 1 + payload.len()];
                Some(Self::Signed(Signed { header, payload, signature, message }))
            }
            [header, encrypted_key, nonce, ciphertext, tag] => {
                Some(Self::Encrypted(Encrypted { header, encrypted_key, nonce, ciphertext, tag }))
            }
            _ => None,
        }
    }
}

/// Decodes one part; nothing when it is not base64url.
pub(crate) fn decode(part: &str) -> Option<Vec<u8>> {
    BASE64URL.decode(part).ok()
}

/// Encodes one part.
pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64URL.encode(bytes)
}
