//! Encrypted tokens: a signed token inside a compact JWE.
//!
//! No source says which algorithms the original accepts, so the common ones are: the content under AES-GCM, its key
//! either wrapped for our RSA key (`RSA-OAEP-256`, `RSA-OAEP`, with `A256GCM` or `A128GCM`), or taken from the client
//! secret (`dir`, with `A256GCM`). Whoever knows our public key can encrypt, so only the signature inside proves who
//! made the token; a token without a signed one inside is refused.
//!
//! The client is found before anything can be decrypted, so the header must name it (`appId`, `iss` or `kid`).

use std::fmt;

use aws_lc_rs::aead::{self, AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    PrivateDecryptingKey, PublicEncryptingKey,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use domain::{AppId, IdSource};
use zeroize::Zeroizing;

use crate::compact::{self, Encrypted, Header};
use crate::{KeyError, Secret, pem};

/// An encrypted token does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JweError {
    /// A part is not base64url, or the header is not a JSON object that names the algorithms.
    #[error("the encrypted token is malformed")]
    Malformed,
    /// The header asks for something else than is supported.
    #[error("the token is encrypted with {0}: use RSA-OAEP-256 or dir, with A256GCM, without compression or `crit`")]
    Unsupported(String),
    /// The app has no key of the kind the token is encrypted for.
    #[error("the app has no key for tokens encrypted in this way: RSA-OAEP needs an RSA key, dir a client secret")]
    NoKey,
    /// The keys do not fit, or the token was altered.
    #[error("the encrypted token does not open: encrypted for another key, or altered")]
    Refused,
    /// What was encrypted is not a signed token.
    #[error("the encrypted token does not contain a signed one")]
    NoTokenInside,
}

/// The keys that open the encrypted tokens of one app.
pub struct DecryptionKeys {
    direct: Option<Zeroizing<[u8; 32]>>,
    rsa: Option<OaepPrivateDecryptingKey>,
}

impl DecryptionKeys {
    /// The key of `dir` encryption, which follows from the client secret, and our private RSA key, where the app has
    /// one (the PEM text of a PKCS#8 key).
    ///
    /// # Errors
    /// When the RSA key is not usable.
    pub fn new(client_secret: &Secret, rsa_private_key: Option<&Secret>) -> Result<Self, KeyError> {
        // Anybody knows the empty secret, so it gives no key.
        let direct = Some(client_secret).filter(|secret| !secret.expose().is_empty()).map(direct_key);
        let rsa = match rsa_private_key {
            Some(text) => Some(read_private_key(text.expose()).ok_or(KeyError::UnusableForEncryption)?),
            None => None,
        };
        Ok(Self { direct, rsa })
    }
}

impl fmt::Debug for DecryptionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptionKeys").finish_non_exhaustive()
    }
}

/// The key of `dir` encryption: the client secret itself when it is 32 bytes long, the 32 bytes whose base64 text it is
/// (either alphabet, padded or not: the usual form of a client secret), or else its SHA-256.
fn direct_key(client_secret: &Secret) -> Zeroizing<[u8; 32]> {
    let text = client_secret.expose();
    if let Ok(bytes) = text.as_bytes().try_into() {
        return Zeroizing::new(bytes);
    }
    let standard = Zeroizing::new(text.trim_end_matches('=').replace('-', "+").replace('_', "/"));
    let decoded = STANDARD_NO_PAD.decode(standard.as_bytes()).map(Zeroizing::new);
    if let Some(bytes) = decoded.ok().and_then(|bytes| bytes.as_slice().try_into().ok()) {
        return Zeroizing::new(bytes);
    }
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()).as_ref());
    key
}

fn read_private_key(text: &str) -> Option<OaepPrivateDecryptingKey> {
    let der = pem::decode(text, &["PRIVATE KEY"])?;
    OaepPrivateDecryptingKey::new(PrivateDecryptingKey::from_pkcs8(&der).ok()?).ok()
}

/// Opens an encrypted token and gives the text inside, which is to be verified as a signed token.
pub(crate) fn decrypt(token: &Encrypted<'_>, keys: &DecryptionKeys) -> Result<Secret, JweError> {
    let json = compact::decode(token.header).ok_or(JweError::Malformed)?;
    let header: Header<'_> = serde_json::from_slice(&json).map_err(|_| JweError::Malformed)?;
    let enc = header.enc.as_deref().ok_or(JweError::Malformed)?;
    let unsupported = || JweError::Unsupported(format!("{} and {enc}", header.alg));
    if header.zip.is_some() || header.crit.is_some() {
        return Err(unsupported());
    }
    let encrypted_key = compact::decode(token.encrypted_key).ok_or(JweError::Malformed)?;
    let content_key = match header.alg.as_ref() {
        "dir" if !encrypted_key.is_empty() => return Err(JweError::Malformed),
        "dir" => keys.direct.as_ref().map(|key| Zeroizing::new(key.to_vec())).ok_or(JweError::NoKey)?,
        "RSA-OAEP-256" | "RSA-OAEP" => {
            let padding = if header.alg == "RSA-OAEP" { &OAEP_SHA1_MGF1SHA1 } else { &OAEP_SHA256_MGF1SHA256 };
            let rsa = keys.rsa.as_ref().ok_or(JweError::NoKey)?;
            let mut space = Zeroizing::new(vec![0; rsa.min_output_size()]);
            let key = rsa.decrypt(padding, &encrypted_key, &mut space, None).map_err(|_| JweError::Refused)?;
            Zeroizing::new(key.to_vec())
        }
        _ => return Err(unsupported()),
    };
    let cipher = match enc {
        "A256GCM" => &AES_256_GCM,
        "A128GCM" => &AES_128_GCM,
        _ => return Err(unsupported()),
    };

    let nonce = compact::decode(token.nonce).ok_or(JweError::Malformed)?;
    let nonce = Nonce::try_assume_unique_for_key(&nonce).map_err(|_| JweError::Malformed)?;
    let tag = compact::decode(token.tag).ok_or(JweError::Malformed)?;
    // Content and tag are handed over as one, so a tag of another length would move the border between them.
    if tag.len() != cipher.tag_len() {
        return Err(JweError::Malformed);
    }
    let mut content = Zeroizing::new(compact::decode(token.ciphertext).ok_or(JweError::Malformed)?);
    content.extend_from_slice(&tag);
    let plaintext = content_cipher(cipher, &content_key)
        .and_then(|key| key.open_in_place(nonce, Aad::from(token.header), &mut content).ok())
        .ok_or(JweError::Refused)?;
    let text = str::from_utf8(plaintext).map_err(|_| JweError::NoTokenInside)?;
    Ok(Secret::new(text))
}

/// The cipher under a key; nothing when the key has another length than the cipher needs.
fn content_cipher(cipher: &'static aead::Algorithm, key: &[u8]) -> Option<LessSafeKey> {
    UnboundKey::new(cipher, key).ok().map(LessSafeKey::new)
}

/// Encrypts a signed token with the key that follows from the client secret (`dir`, `A256GCM`).
pub fn encrypt_with_secret(token: &str, client_secret: &Secret, client: &AppId, ids: &IdSource) -> String {
    encrypt("dir", &[], &direct_key(client_secret), token, client, ids)
}

/// Encrypts a signed token for an app's public key, the PEM text that came with the app (`RSA-OAEP-256`, `A256GCM`).
///
/// # Errors
/// When the text is not a usable public key.
pub fn encrypt_for_public_key(
    token: &str,
    public_key: &str,
    client: &AppId,
    ids: &IdSource,
) -> Result<String, KeyError> {
    let unusable = KeyError::UnusableForEncryption;
    let Some(der) = pem::decode(public_key, &["PUBLIC KEY"]) else { return Err(unusable) };
    let Ok(rsa) = PublicEncryptingKey::from_der(&der).and_then(|key| Ok(OaepPublicEncryptingKey::new(key)?)) else {
        return Err(unusable);
    };
    let content_key = Zeroizing::new(ids.bytes::<32>());
    let mut space = vec![0; rsa.ciphertext_size()];
    let encrypted_key = rsa
        .encrypt(&OAEP_SHA256_MGF1SHA256, content_key.as_slice(), &mut space, None)
        .expect("32 bytes fit into every RSA key of at least 2048 bits");
    Ok(encrypt("RSA-OAEP-256", encrypted_key, &content_key, token, client, ids))
}

fn encrypt(
    alg: &str,
    encrypted_key: &[u8],
    content_key: &[u8; 32],
    token: &str,
    client: &AppId,
    ids: &IdSource,
) -> String {
    let header = serde_json::json!({ "alg": alg, "enc": "A256GCM", "cty": "JWT", "iss": client.as_str() });
    let header = compact::encode(header.to_string().as_bytes());
    let nonce = ids.bytes::<NONCE_LEN>();
    let mut content = token.as_bytes().to_vec();
    let tag = content_cipher(&AES_256_GCM, content_key)
        .expect("the key has the 32 bytes the cipher needs")
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&header), &mut content)
        .expect("a token is far shorter than the 64 GiB limit of the cipher");
    let parts = [encrypted_key, &nonce, &content, tag.as_ref()].map(compact::encode);
    format!("{header}.{}", parts.join("."))
}

/// An RSA key of 2048 bits, both parts as PEM text.
#[derive(Clone, Debug)]
pub struct RsaKey {
    /// The private part (PKCS#8), which we keep sealed.
    pub private: Secret,
    /// The public part, which the client is given.
    pub public: String,
}

/// The public part of an app's RSA key, as PEM text: what its clients encrypt tokens for.
///
/// # Errors
/// When the text is not a private key that [`generate_rsa_key`] could have made.
pub fn public_part(private: &Secret) -> Result<String, KeyError> {
    let unusable = KeyError::UnusableForEncryption;
    let der = pem::decode(private.expose(), &["PRIVATE KEY"]).ok_or_else(|| unusable.clone())?;
    let key = PrivateDecryptingKey::from_pkcs8(&der).map_err(|_| unusable.clone())?;
    let public = AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(&key.public_key()).map_err(|_| unusable)?;
    Ok(pem::encode("PUBLIC KEY", public.as_ref()))
}

/// A new RSA key for an app whose tokens are encrypted. Takes some tenths of a second: call it where blocking is
/// allowed. Its randomness is the crypto library's own, because a predictable key must not exist even in tests.
pub fn generate_rsa_key() -> RsaKey {
    const PROOF: &str = "a key of a standard size can be made and written unless memory is exhausted";
    let private = PrivateDecryptingKey::generate(KeySize::Rsa2048).expect(PROOF);
    let public = AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(&private.public_key()).expect(PROOF);
    let private = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&private).expect(PROOF);
    RsaKey {
        private: Secret::new(pem::encode("PRIVATE KEY", private.as_ref())),
        public: pem::encode("PUBLIC KEY", public.as_ref()),
    }
}
