//! Keys that verify the signatures of tokens.

use std::fmt;

use aws_lc_rs::hmac;
use aws_lc_rs::rsa::PublicKey;
use aws_lc_rs::signature::{self, ParsedPublicKey, VerificationAlgorithm};

use crate::{Algorithm, pem};

/// A key cannot be used. No message contains any part of a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The client secret is the empty text, which would let anybody sign.
    #[error("the client secret is empty; give the app a new one")]
    EmptySecret,
    /// The app's algorithm needs a public key.
    #[error("the app signs with {0} but has no public key; add the PEM text of its public key")]
    NoPublicKey(Algorithm),
    /// The text is not PEM with the expected kind of key.
    #[error("the {0} key is not PEM text that begins with `-----BEGIN {1}-----`")]
    NotPem(Algorithm, &'static str),
    /// The key was read but is not usable with the algorithm: wrong kind, or an RSA key of fewer than 2048 bits.
    #[error("the key is not usable for {0}: RSA keys must have 2048 to 8192 bits, ES256 keys must be on P-256")]
    Unusable(Algorithm),
    /// The key that opens encrypted tokens, or its public part, is not usable.
    #[error("the encryption key is not usable: it must be a PEM text of an RSA key of 2048 to 8192 bits")]
    UnusableForEncryption,
}

/// A key that verifies tokens of one algorithm, and no others.
///
/// The algorithm says how the key's text is read, so a public key can never serve as an HMAC secret.
pub struct VerificationKey {
    algorithm: Algorithm,
    material: Material,
}

enum Material {
    Secret(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

impl VerificationKey {
    /// Reads a key: the client secret for the HMAC algorithms (its bytes as they are; base64 is not decoded, as in the
    /// original), otherwise the PEM text of a public key.
    ///
    /// # Errors
    /// When the text is not a key that can be used with the algorithm.
    pub fn new(algorithm: Algorithm, text: &str) -> Result<Self, KeyError> {
        let material = match hmac_algorithm(algorithm) {
            Some(_) if text.is_empty() => return Err(KeyError::EmptySecret),
            Some(hmac) => Material::Secret(Box::new(hmac::Key::new(hmac, text.as_bytes()))),
            None => Material::Public(public_key(algorithm, text)?),
        };
        Ok(Self { algorithm, material })
    }

    /// The only algorithm the key verifies.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether the signature is that of the message under this key.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Secret(key) => hmac::verify(key, message, signature).is_ok(),
            Material::Public(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerificationKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// The HMAC behind an algorithm that uses the client secret.
pub(crate) fn hmac_algorithm(algorithm: Algorithm) -> Option<hmac::Algorithm> {
    match algorithm {
        Algorithm::Hs256 => Some(hmac::HMAC_SHA256),
        Algorithm::Hs384 => Some(hmac::HMAC_SHA384),
        Algorithm::Hs512 => Some(hmac::HMAC_SHA512),
        Algorithm::Rs256 | Algorithm::Rs384 | Algorithm::Rs512 | Algorithm::Es256 => None,
    }
}

fn public_key(algorithm: Algorithm, text: &str) -> Result<ParsedPublicKey, KeyError> {
    let verification: &'static dyn VerificationAlgorithm = match algorithm {
        Algorithm::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        Algorithm::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
        Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512 => return Err(KeyError::Unusable(algorithm)),
    };
    let der = pem::decode(text, &["PUBLIC KEY", "RSA PUBLIC KEY"]);
    let der = der.ok_or(KeyError::NotPem(algorithm, "PUBLIC KEY"))?;
    if algorithm != Algorithm::Es256 && !has_usual_size(&der) {
        return Err(KeyError::Unusable(algorithm));
    }
    ParsedPublicKey::new(verification, der.as_slice()).map_err(|_| KeyError::Unusable(algorithm))
}

/// Whether the bytes are an RSA key of a size that signatures are accepted from. Reading a key does not check that, and
/// the owner of the app should learn of it before every token is refused.
fn has_usual_size(der: &[u8]) -> bool {
    PublicKey::from_der(der).is_ok_and(|key| (2048..=8192).contains(&(key.modulus_len() * 8)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_their_algorithm_says() {
        let rsa = include_str!("../testdata/rsa_public.pem");
        let short = include_str!("../testdata/rsa_1024_public.pem");
        let p256 = include_str!("../testdata/p256_public.pem");
        let table = [
            (Algorithm::Hs256, "", Err(KeyError::EmptySecret)),
            (Algorithm::Hs512, "secret", Ok(())),
            (Algorithm::Rs256, rsa, Ok(())),
            (Algorithm::Rs512, rsa, Ok(())),
            (Algorithm::Es256, p256, Ok(())),
            (Algorithm::Rs256, "secret", Err(KeyError::NotPem(Algorithm::Rs256, "PUBLIC KEY"))),
            (Algorithm::Rs256, p256, Err(KeyError::Unusable(Algorithm::Rs256))),
            (Algorithm::Rs256, short, Err(KeyError::Unusable(Algorithm::Rs256))),
            (Algorithm::Es256, rsa, Err(KeyError::Unusable(Algorithm::Es256))),
        ];
        for (algorithm, text, expected) in table {
            assert_eq!(VerificationKey::new(algorithm, text).map(|_| ()), expected, "{algorithm} {text}");
        }
    }
}
