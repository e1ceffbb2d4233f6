//! Decodes the content of a part that arrives as base64, as the vendor's SDKs send files.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::error::MultipartError;

/// Padding is taken out before, and stray bits in the last digit do no harm.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// An incremental decoder: blanks and line ends are ignored, padding may be missing.
#[derive(Default, Debug)]
pub(super) struct Base64Part {
    /// Up to three digits that wait for the rest of their group.
    digits: Vec<u8>,
    /// Whether padding was seen, after which no digit may follow.
    padded: bool,
    /// How many encoded bytes were taken.
    position: u64,
}

/// What is not base64, and where.
pub(super) struct Invalid {
    found: String,
    position: u64,
}

impl Invalid {
    /// The error for the part of this name.
    pub(super) fn within(self, name: &str) -> MultipartError {
        MultipartError::BadBase64 { name: name.to_owned(), found: self.found, position: self.position }
    }
}

impl Base64Part {
    /// Decodes the next bytes.
    ///
    /// Every byte is judged alone and in order, so that errors do not depend on how the content was cut into chunks.
    pub(super) fn decode(&mut self, encoded: &[u8]) -> Result<Vec<u8>, Invalid> {
        for &byte in encoded {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if !self.padded => self.digits.push(byte),
                b'=' => self.padded = true,
                byte if byte.is_ascii_whitespace() => {}
                byte => {
                    let found = match self.padded {
                        true => format!("\"{}\" after the padding", byte.escape_ascii()),
                        false => format!("\"{}\"", byte.escape_ascii()),
                    };
                    return Err(Invalid { found, position: self.position });
                }
            }
            self.position += 1;
        }
        let waiting = self.digits.split_off(self.digits.len() / 4 * 4);
        let groups = std::mem::replace(&mut self.digits, waiting);
        self.decode_digits(&groups)
    }

    /// Decodes the last, incomplete group.
    pub(super) fn finish(&mut self) -> Result<Vec<u8>, Invalid> {
        let digits = std::mem::take(&mut self.digits);
        if digits.len() == 1 {
            return Err(Invalid { found: "a single digit left over".to_owned(), position: self.position });
        }
        self.decode_digits(&digits)
    }

    fn decode_digits(&self, digits: &[u8]) -> Result<Vec<u8>, Invalid> {
        ENGINE.decode(digits).map_err(|error| Invalid { found: error.to_string(), position: self.position })
    }
}
