//! Signed media links: files that anyone who was given the link may fetch, without a token, until it expires.
//!
//! The original's form: `/api/getMediaStream/{market|media}/f-<uuid>.<ext>?e=…&n=…&s=…&clientfilename=…` with the
//! expiry in epoch seconds, a nonce of ten digits, and a signature in which `$$` stands for the `==` of base64.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use domain::{IdSource, Timestamp};

use crate::MasterKey;

/// Half of an HMAC-SHA256, which is as hard to guess as a 128-bit key and gives the two `=` the form shows.
const SIGNATURE_BYTES: usize = 16;

/// Makes and checks media links.
pub struct LinkSigner(hmac::Key);

/// What a link that was found good says.
#[derive(Debug, PartialEq, Eq)]
pub struct MediaLink {
    /// When the link ends.
    pub expires: Timestamp,
    /// The file name the client should save under; none when the link has none.
    pub client_file_name: Option<String>,
}

/// A media link does not open anything.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It is not a link of ours: changed, cut off, made up, or signed under another master key.
    #[error("the link is incomplete or was altered; ask for a new one")]
    Altered,
    /// It was good until this moment.
    #[error("the link expired at {0}; ask for a new one")]
    Expired(Timestamp),
}

impl LinkSigner {
    /// The signer of an installation: every node with the same master key makes and accepts the same links.
    pub fn new(master: &MasterKey) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, master.derive("media links").as_slice()))
    }

    /// The query of a link, without `?`.
    ///
    /// `name` is the part of the path after `getMediaStream/`, such as `market/f-….png`; the signature covers it, the
    /// expiry (rounded up to whole seconds), the nonce and the client's file name.
    pub fn sign(&self, name: &str, expires: Timestamp, client_file_name: Option<&str>, ids: &IdSource) -> String {
        let expiry = (expires.as_millis().saturating_add(999)).div_euclid(1000).to_string();
        // A script in the wild takes a reply with `404` or `405` anywhere in it for an error.
        let nonces = (0..100).map(|_| format!("{:010}", u64::from_le_bytes(ids.bytes()) % 10_000_000_000));
        let nonce = nonces.into_iter().find(|nonce| !nonce.contains("404") && !nonce.contains("405"));
        let nonce = nonce.unwrap_or_else(|| "0000000000".to_owned());
        let signature = self.signature(name, &expiry, &nonce, client_file_name.unwrap_or_default());
        let signature = URL_SAFE.encode(signature).replace('=', "$");
        let mut query = format!("e={expiry}&n={nonce}&s={signature}");
        if let Some(file_name) = client_file_name {
            let pair = serde_urlencoded::to_string([("clientfilename", file_name)]);
            query.push('&');
            query.push_str(&pair.expect("a pair of texts can always be written"));
        }
        query
    }

    /// A whole link under the address of a server, which clients reach it by.
    pub fn link(
        &self,
        server: &str,
        name: &str,
        expires: Timestamp,
        client_file_name: Option<&str>,
        ids: &IdSource,
    ) -> String {
        let query = self.sign(name, expires, client_file_name, ids);
        format!("{}/api/getMediaStream/{name}?{query}", server.trim_end_matches('/'))
    }

    /// Checks the query of a link (as received, without `?`) for the file of this name.
    ///
    /// # Errors
    /// [`LinkError::Altered`] before anything else; [`LinkError::Expired`] only for a link we did make.
    pub fn verify(&self, name: &str, query: &str, now: Timestamp) -> Result<MediaLink, LinkError> {
        let Query { expiry, nonce, signature, client_file_name } = Query::read(query).ok_or(LinkError::Altered)?;
        let given = URL_SAFE.decode(signature.replace('$', "=")).map_err(|_| LinkError::Altered)?;
        let right = self.signature(name, &expiry, &nonce, &client_file_name);
        verify_slices_are_equal(&given, &right).map_err(|_| LinkError::Altered)?;

        let seconds: i64 = expiry.parse().map_err(|_| LinkError::Altered)?;
        let expires = Timestamp::from_millis(seconds.saturating_mul(1000));
        if now >= expires {
            return Err(LinkError::Expired(expires));
        }
        let client_file_name = Some(client_file_name).filter(|file_name| !file_name.is_empty());
        Ok(MediaLink { expires, client_file_name })
    }

    fn signature(&self, name: &str, expiry: &str, nonce: &str, client_file_name: &str) -> [u8; SIGNATURE_BYTES] {
        // Each field but the last is preceded by its length, so no two links are signed over the same bytes.
        let mut context = hmac::Context::with_key(&self.0);
        for field in [name, expiry, nonce] {
            context.update(format!("{}:{field}", field.len()).as_bytes());
        }
        context.update(client_file_name.as_bytes());
        let mut signature = [0; SIGNATURE_BYTES];
        signature.copy_from_slice(&context.sign().as_ref()[..SIGNATURE_BYTES]);
        signature
    }
}

impl fmt::Debug for LinkSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkSigner(hidden)")
    }
}

/// The decoded parameters of a link.
#[derive(Default)]
struct Query {
    expiry: String,
    nonce: String,
    signature: String,
    client_file_name: String,
}

impl Query {
    /// Reads the parameters, other ones ignored; nothing when the text is malformed. A missing one is left empty, which
    /// no signature of ours covers.
    fn read(query: &str) -> Option<Self> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).ok()?;
        let mut read = Self::default();
        for (key, value) in pairs {
            match key.as_str() {
                "e" => read.expiry = value,
                "n" => read.nonce = value,
                "s" => read.signature = value,
                "clientfilename" => read.client_file_name = value,
                _ => {}
            }
        }
        Some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "market/f-4b1e7a52-9c3d-5e6f-8a7b-1c2d3e4f5a6b.zip";
    const EXPIRES: Timestamp = Timestamp::from_millis(1_600_000_000_000);
    const BEFORE: Timestamp = Timestamp::from_millis(1_599_999_999_999);

    fn signer() -> LinkSigner {
        LinkSigner::new(&MasterKey::generate(&IdSource::seeded(1)))
    }

    #[test]
    fn a_link_has_the_original_form_and_is_good_until_it_expires() {
        let signer = signer();
        for file_name in [None, Some("bot.zip"), Some("Käse & Co=+%.zip")] {
            let query = signer.sign(NAME, EXPIRES, file_name, &IdSource::random());
            let fields: Vec<&str> = query.split('&').collect();
            assert_eq!(fields[0], "e=1600000000");
            assert!(fields[1].len() == 12 && fields[1][2..].bytes().all(|digit| digit.is_ascii_digit()), "{query}");
            assert!(fields[2].len() == 26 && fields[2].ends_with("$$"), "{query}");
            assert_eq!(fields.len(), if file_name.is_some() { 4 } else { 3 }, "{query}");

            let link = MediaLink { expires: EXPIRES, client_file_name: file_name.map(str::to_owned) };
            assert_eq!(signer.verify(NAME, &query, BEFORE), Ok(link));
            let encoded = query.replace('$', "%24");
            assert!(signer.verify(NAME, &encoded, BEFORE).is_ok(), "clients may encode the dollar signs");
            assert_eq!(signer.verify(NAME, &query, EXPIRES), Err(LinkError::Expired(EXPIRES)));
        }
    }

    #[test]
    fn any_change_makes_a_link_useless() {
        let signer = signer();
        let query = signer.sign(NAME, EXPIRES, Some("bot.zip"), &IdSource::seeded(2));
        let nonce = &query.split('&').nth(1).expect("the nonce")[2..];
        let changed = [
            query.replace("e=1600000000", "e=1700000000"),
            query.replace("e=1600000000&", ""),
            query.replace(nonce, "0000000000"),
            query.replace("&s=", "&s=A"),
            query.replace("$$", ""),
            query.replace("bot.zip", "bot.html"),
            query.replace("&clientfilename=bot.zip", ""),
            format!("{query}&e=1700000000"),
            String::new(),
            "s=$$".to_owned(),
            "%ff%".to_owned(),
        ];
        for query in changed {
            assert_eq!(signer.verify(NAME, &query, BEFORE), Err(LinkError::Altered), "{query}");
        }
        let other_file = NAME.replace("market", "media");
        assert_eq!(signer.verify(&other_file, &query, BEFORE), Err(LinkError::Altered));
        let other_key = LinkSigner::new(&MasterKey::generate(&IdSource::seeded(9)));
        assert_eq!(other_key.verify(NAME, &query, BEFORE), Err(LinkError::Altered));
        assert!(signer.verify(NAME, &query, BEFORE).is_ok());
    }
}
