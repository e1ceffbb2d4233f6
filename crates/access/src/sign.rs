//! Making signed tokens.

use std::fmt;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair,
};
use serde_json::Value;

use crate::{Algorithm, KeyError, compact, key, pem};

/// A key that signs tokens with one algorithm.
pub struct SigningKey {
    algorithm: Algorithm,
    material: Material,
}

enum Material {
    Secret(Box<hmac::Key>),
    Rsa(Box<RsaKeyPair>),
    Ecdsa(Box<EcdsaKeyPair>),
}

impl SigningKey {
    /// Reads a key: the client secret for the HMAC algorithms, otherwise the PEM text of a private key in PKCS#8 form
    /// (`PRIVATE KEY`).
    ///
    /// # Errors
    /// When the text is not a key that can be used with the algorithm.
    pub fn new(algorithm: Algorithm, text: &str) -> Result<Self, KeyError> {
        if let Some(hmac) = key::hmac_algorithm(algorithm) {
            if text.is_empty() {
                return Err(KeyError::EmptySecret);
            }
            let material = Material::Secret(Box::new(hmac::Key::new(hmac, text.as_bytes())));
            return Ok(Self { algorithm, material });
        }
        let der = pem::decode(text, &["PRIVATE KEY"]).ok_or(KeyError::NotPem(algorithm, "PRIVATE KEY"))?;
        let material = if algorithm == Algorithm::Es256 {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der);
            pair.map(|pair| Material::Ecdsa(Box::new(pair)))
        } else {
            RsaKeyPair::from_pkcs8(&der).map(|pair| Material::Rsa(Box::new(pair)))
        };
        Ok(Self { algorithm, material: material.map_err(|_| KeyError::Unusable(algorithm))? })
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        match &self.material {
            Material::Secret(key) => hmac::sign(key, message).as_ref().to_vec(),
            Material::Rsa(pair) => {
                let padding = match self.algorithm {
                    Algorithm::Rs512 => &RSA_PKCS1_SHA512,
                    Algorithm::Rs384 => &RSA_PKCS1_SHA384,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &SystemRandom::new(), message, &mut signature)
                    .expect("the pair was checked when it was read, and the space is as long as its modulus");
                signature
            }
            Material::Ecdsa(pair) => {
                let signature = pair.sign(&SystemRandom::new(), message);
                signature.expect("the pair was checked when it was read").as_ref().to_vec()
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// Makes a signed token of the claims, which are written as they are.
pub fn sign(key: &SigningKey, claims: &Value) -> String {
    let header = format!(r#"{{"alg":"{}","typ":"JWT"}}"#, key.algorithm);
    let mut token = compact::encode(header.as_bytes());
    token.push('.');
    token.push_str(&compact::encode(claims.to_string().as_bytes()));
    let signature = compact::encode(&key.signature(token.as_bytes()));
    token.push('.');
    token.push_str(&signature);
    token
}
