//! Identifiers, as the original spells them.
//!
//! A prefixed id is `<prefix>-<uuid>` where the uuid has the form of version 5 (clients of the original match it with a
//! version-5-only pattern and crash otherwise). Other ids are 24 hexadecimal digits. Both carry random bits only.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

/// The text does not have the form of the id it is used as.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {what} id, which looks like {form}")]
pub struct InvalidId {
    text: String,
    what: &'static str,
    form: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $form:literal, $mint:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A new id that was never given out before.
            pub fn new(ids: &IdSource) -> Self {
                let mint: fn(&IdSource) -> String = $mint;
                Self(mint(ids))
            }

            /// Takes an id back from where it was stored; its form was checked when it was made.
            pub fn stored(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as text, by value.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let form = $form;
                let well_formed = match form.strip_suffix("<uuid>") {
                    Some(prefix) => text.strip_prefix(prefix).is_some_and(is_uuid),
                    None => is_object_id(text),
                };
                if well_formed {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { text: text.to_owned(), what: $what, form })
                }
            }
        }
    };
}

id!(/// A bot, which the original also calls a stream.
    BotId, "bot", "st-<uuid>", |ids| ids.prefixed("st"));
id!(/// A person who owns or builds bots, or talks with one.
    UserId, "user", "u-<uuid>", |ids| ids.prefixed("u"));
id!(/// An organisation: the owner of accounts in paths of the private tier.
    OrganizationId, "organisation", "o-<uuid>", |ids| ids.prefixed("o"));
id!(/// A client application whose tokens may call the API.
    AppId, "app", "cs-<uuid>", |ids| ids.prefixed("cs"));
id!(/// A change-log entry.
    ChangeId, "change log", "btl-<uuid>", |ids| ids.prefixed("btl"));
id!(/// A message of a conversation.
    MessageId, "message", "ms-<uuid>", |ids| ids.prefixed("ms"));
id!(/// A group of users.
    GroupId, "group", "e-<uuid>", |ids| ids.prefixed("e"));
id!(/// An account: everything one owner has.
    AccountId, "account", "24 hexadecimal digits", IdSource::object_id);
id!(/// A file that was uploaded or made.
    FileId, "file", "24 hexadecimal digits", IdSource::object_id);
id!(/// A session of a conversation.
    SessionId, "session", "24 hexadecimal digits", IdSource::object_id);
id!(/// A role that users may have.
    RoleId, "role", "24 hexadecimal digits", IdSource::object_id);

/// A request: a job the platform was asked to do. The prefix says of which family (`ber-`, `bir-`, `ds-` …).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(String);

impl RequestId {
    /// A new id of the family with this prefix.
    pub fn new(ids: &IdSource, prefix: &str) -> Self {
        Self(ids.prefixed(prefix))
    }

    /// Takes an id back from where it was stored, or from a path, where a wrong one finds nothing.
    pub fn stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_object_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Where the random bits of ids come from: the operating system, or a test's seed.
#[derive(Clone, Debug)]
pub struct IdSource(Bits);

#[derive(Clone, Debug)]
enum Bits {
    System,
    Seeded(Arc<Mutex<u64>>),
}

impl IdSource {
    /// Bits of the operating system: nobody can guess an id.
    pub const fn random() -> Self {
        Self(Bits::System)
    }

    /// The same ids in the same order for the same seed. For tests and trials only: the ids can be
    /// guessed.
    pub fn seeded(seed: u64) -> Self {
        Self(Bits::Seeded(Arc::new(Mutex::new(seed))))
    }

    /// Random bytes.
    ///
    /// # Panics
    /// When the operating system has no random bytes to give; nothing could be done safely then.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            Bits::System => getrandom::fill(&mut bytes).expect("the operating system gives random bytes"),
            Bits::Seeded(state) => {
                let mut state = state.lock().expect("no holder of this lock can panic");
                for chunk in bytes.chunks_mut(8) {
                    let word = split_mix(&mut state).to_le_bytes();
                    chunk.copy_from_slice(&word[..chunk.len()]);
                }
            }
        }
        bytes
    }

    /// A bare uuid in the form of version 5, as `refId` and `streamRefId` are.
    pub fn uuid(&self) -> String {
        first_calm(|| self.any_uuid())
    }

    fn any_uuid(&self) -> String {
        let mut bits = self.bytes::<16>();
        bits[6] = (bits[6] & 0x0f) | 0x50;
        bits[8] = (bits[8] & 0x3f) | 0x80;
        let hex = hex(&bits);
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// `<prefix>-<uuid>`.
    pub fn prefixed(&self, prefix: &str) -> String {
        format!("{prefix}-{}", self.uuid())
    }

    /// 24 hexadecimal digits.
    pub fn object_id(&self) -> String {
        first_calm(|| hex(&self.bytes::<12>()))
    }
}

/// A uuid in the form of version 5 that is made of a hash, of which 32 hexadecimal digits are taken: the same for the same
/// hash. Clients check the form.
///
/// # Panics
/// When the hash has fewer than 32 digits.
pub fn derived_uuid(hash: &str) -> String {
    let variant = match hash.as_bytes()[16] {
        b'0'..=b'3' => '8',
        b'4'..=b'7' => '9',
        b'8' | b'9' | b'a' | b'b' => 'a',
        _ => 'b',
    };
    let [a, b, c, d, e] = [&hash[0..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32]];
    format!("{a}-{b}-5{c}-{variant}{d}-{e}")
}

/// The first text without `404` and `405` in it.
///
/// A script in the wild takes a reply with these digits anywhere in it for an error, ids included.
fn first_calm(mut make: impl FnMut() -> String) -> String {
    loop {
        let text = make();
        if !text.contains("404") && !text.contains("405") {
            return text;
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

/// One step of SplitMix64, a small generator with good spread, enough for tests.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut word = *state;
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_forms_clients_match() {
        for ids in [IdSource::random(), IdSource::seeded(7)] {
            let bot = BotId::new(&ids);
            let uuid = bot.as_str().strip_prefix("st-").expect("the prefix of bots");
            assert!(is_uuid(uuid), "{bot}");
            assert_eq!(uuid.as_bytes()[14], b'5', "{bot}");
            assert!(b"89ab".contains(&uuid.as_bytes()[19]), "{bot}");
            assert_eq!(bot.as_str().parse(), Ok(bot.clone()));
            assert!(is_object_id(FileId::new(&ids).as_str()));
            assert_ne!(BotId::new(&ids), bot);
            assert!((0..2_000).all(|_| !ids.uuid().contains("404") && !ids.object_id().contains("405")));
        }
    }

    #[test]
    fn a_wrong_id_says_what_a_right_one_looks_like() {
        for text in ["", "st-", "u-00000000-0000-5000-8000-000000000000", "st-xyz"] {
            let error = text.parse::<BotId>().expect_err(text).to_string();
            assert!(error.contains("st-<uuid>"), "{error}");
        }
        assert!("abc".parse::<FileId>().is_err());
    }
}
