//! Texts in the columns of a database: which may be a key, and what of a text no database keeps.
//!
//! A key is a text that something is found by: an id, a name, an address. One that cannot be kept as it is has to be
//! refused, as another text in its place would find something else. Any other text is kept without what cannot be kept.

use std::borrow::Cow;

/// How long a key may be. Bytes. An index of PostgreSQL takes rows of about 2,700 bytes, and no index here has more than
/// two keys that others choose.
pub const LONGEST_KEY: usize = 1_024;

/// A text cannot be a key. It reads on after the name of what it was to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitKey {
    /// It has a NUL character.
    #[error("has the character U+0000, which cannot be kept; leave it out")]
    Nul,
    /// It is longer than [`LONGEST_KEY`].
    #[error("has {bytes} bytes, and at most {LONGEST_KEY} are allowed; give a shorter one")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
}

/// Judges a text that is to be a key.
///
/// # Errors
/// When it has a NUL character, or more than [`LONGEST_KEY`] bytes.
pub fn check_key(text: &str) -> Result<(), UnfitKey> {
    check_no_nul(text)?;
    if text.len() > LONGEST_KEY { Err(UnfitKey::TooLong { bytes: text.len() }) } else { Ok(()) }
}

/// Judges a text that something is looked for by, which may be as long as it likes: it finds nothing then.
///
/// # Errors
/// When it has a NUL character.
pub fn check_no_nul(text: &str) -> Result<(), UnfitKey> {
    if text.contains('\0') { Err(UnfitKey::Nul) } else { Ok(()) }
}

/// The text with the replacement character, U+FFFD, for each character that no database keeps.
pub fn keepable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_judged_by_bytes_and_texts_lose_only_what_cannot_be_kept() {
        let table = [
            (String::new(), None),
            ("é".repeat(LONGEST_KEY / 2), None),
            (
                "é".repeat(LONGEST_KEY / 2) + "x",
                Some("has 1025 bytes, and at most 1024 are allowed; give a shorter one"),
            ),
            ("a\0b".to_owned(), Some("has the character U+0000, which cannot be kept; leave it out")),
            ("\u{1}\u{7f}\u{fffe}".to_owned(), None),
        ];
        for (text, refusal) in table {
            assert_eq!(check_key(&text).err().map(|it| it.to_string()).as_deref(), refusal, "{text:?}");
        }
        assert_eq!(keepable("a\0\0b"), "a\u{fffd}\u{fffd}b");
        assert!(matches!(keepable("a\u{1}b"), Cow::Borrowed("a\u{1}b")));
    }
}
