//! Reading tokens: whose one is, and whether it is good.

use std::time::Duration;

use domain::{AppId, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::compact::{self, Compact, Header, Signed};
use crate::{Algorithm, App, Claims, JweError, KeyError, SingleUse, VerificationKey, jwe};

/// How much earlier than its `nbf` a token is accepted. Some libraries write the time of signing into every token, and
/// clocks differ; a future `iat` is accepted whatever it says, as in the original.
const NOT_BEFORE_LEEWAY: Duration = Duration::from_secs(60);

/// A token is refused. The original answers both kinds with status 401 and tells them apart by their text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token at all: the original answers `Invalid JWT token`.
    #[error("the text is not a token: it has neither three parts nor five between dots")]
    NotAJwt,
    /// A token that does not prove anything: the original answers `Invalid SDK credentials`. The reason is for the log.
    #[error(transparent)]
    Invalid(#[from] Reason),
}

/// Why a token is refused, for the log. Clients are not told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The header is not base64url of a JSON object that names an algorithm.
    #[error("the header of the token is malformed")]
    MalformedHeader,
    /// The payload is not base64url of a JSON object.
    #[error("the claims of the token are not a JSON object")]
    MalformedClaims,
    /// Neither `appId` nor `iss` names a client; an encrypted token must name it in its header.
    #[error("the token names no client: it has no `appId` or `iss` (an encrypted one needs them in its header)")]
    NoClient,
    /// The encrypted token contains the token of another client than its header names.
    #[error("the token inside names another client than the one outside")]
    OtherClient,
    /// The header demands an extension, none of which is supported.
    #[error("the header of the token demands an extension (`crit`)")]
    UnknownExtension,
    /// The token is signed otherwise than the app says; `none` is such a case.
    #[error("the token is signed with another algorithm than the app's {0}")]
    WrongAlgorithm(Algorithm),
    /// The signature does not fit: wrong secret, or an altered token.
    #[error("the signature of the token does not fit: wrong secret, or altered")]
    WrongSignature,
    /// A time claim is neither a number nor the text of one.
    #[error("the claim `{0}` of the token is not a time")]
    MalformedTime(&'static str),
    /// The token has ended.
    #[error("the token expired at {0}")]
    Expired(Timestamp),
    /// The token has not begun.
    #[error("the token is not good before {0}")]
    NotYet(Timestamp),
    /// The app enforces token ids and this token has none.
    #[error("the token has no `jti` but the app enforces it")]
    NoJti,
    /// The app enforces token ids and this one was used before; the caller finds that out.
    #[error("the token was used before (same `jti`)")]
    UsedBefore,
    /// The app enforces encryption and this token is not encrypted.
    #[error("the token is not encrypted but the app enforces it")]
    NotEncrypted,
    /// The encrypted token does not open.
    #[error(transparent)]
    Encryption(#[from] JweError),
    /// The app's own key is not usable; its owner must mend that.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// A token that was found good.
#[derive(Clone, Debug, PartialEq)]
pub struct Authenticated {
    /// What the token says.
    pub claims: Claims,
    /// What the caller must remember, and refuse if it does already; none when the app does not enforce token ids.
    pub single_use: Option<SingleUse>,
}

/// Which client a token claims to be of, before anything is verified: `appId`, else `kore_iss`, else `iss`.
///
/// An encrypted token says so in the members of its header with these names, or with `kid`. The id has whatever form
/// the token gave it; a wrong one finds no app.
///
/// # Errors
/// When the text is not a token, or names no client.
pub fn client_id_of(token: &str) -> Result<AppId, TokenError> {
    let (part, malformed) = match Compact::read(token).ok_or(TokenError::NotAJwt)? {
        Compact::Signed(signed) => (signed.payload, Reason::MalformedClaims),
        Compact::Encrypted(encrypted) => (encrypted.header, Reason::MalformedHeader),
    };
    let json = compact::decode(part);
    let named = json.and_then(|json| serde_json::from_slice::<NamedClient>(&json).ok());
    let NamedClient { app_id, kore_iss, iss, kid } = named.ok_or(malformed)?;
    let candidates = [app_id, kore_iss, iss, kid];
    let client = candidates.iter().flatten().find_map(|value| value.as_str().filter(|text| !text.is_empty()));
    Ok(client.map(AppId::stored).ok_or(Reason::NoClient)?)
}

/// The members that may name a client. They may be anything, so what is not a text is passed over.
#[derive(Deserialize)]
struct NamedClient {
    #[serde(rename = "appId")]
    app_id: Option<Value>,
    kore_iss: Option<Value>,
    iss: Option<Value>,
    kid: Option<Value>,
}

/// Judges a token of this app: encryption where enforced, signature, times, and the token id where enforced.
///
/// # Errors
/// When the token is refused, or the app's keys are not usable.
pub fn authenticate(app: &App, token: &str, now: Timestamp) -> Result<Authenticated, TokenError> {
    let claims = match Compact::read(token).ok_or(TokenError::NotAJwt)? {
        Compact::Signed(_) if app.jwe_enforced => return Err(Reason::NotEncrypted.into()),
        Compact::Signed(signed) => verify_signed(&signed, &verification_key(app)?, now)?,
        Compact::Encrypted(encrypted) => {
            let keys = app.decryption_keys().map_err(Reason::Key)?;
            let inner = jwe::decrypt(&encrypted, &keys).map_err(Reason::Encryption)?;
            let Some(Compact::Signed(signed)) = Compact::read(inner.expose()) else {
                return Err(Reason::Encryption(JweError::NoTokenInside).into());
            };
            verify_signed(&signed, &verification_key(app)?, now)?
        }
    };
    if claims.client_id().is_some_and(|named| named != app.client_id) {
        return Err(Reason::OtherClient.into());
    }
    let single_use = if app.jti_enforced { Some(SingleUse::of(&claims, &app.client_id, now)?) } else { None };
    Ok(Authenticated { claims, single_use })
}

fn verification_key(app: &App) -> Result<VerificationKey, Reason> {
    Ok(app.verification_key()?)
}

/// Verifies a signed token with a key: its algorithm is the key's, its signature fits, and it is good at `now`.
///
/// # Errors
/// When the text is not a signed token, or the token is refused.
pub fn verify(token: &str, key: &VerificationKey, now: Timestamp) -> Result<Claims, TokenError> {
    match Compact::read(token) {
        Some(Compact::Signed(signed)) => Ok(verify_signed(&signed, key, now)?),
        Some(Compact::Encrypted(_)) | None => Err(TokenError::NotAJwt),
    }
}

fn verify_signed(signed: &Signed<'_>, key: &VerificationKey, now: Timestamp) -> Result<Claims, Reason> {
    let json = compact::decode(signed.header).ok_or(Reason::MalformedHeader)?;
    let header: Header<'_> = serde_json::from_slice(&json).map_err(|_| Reason::MalformedHeader)?;
    if header.crit.is_some() {
        return Err(Reason::UnknownExtension);
    }
    // The key decides, never the token: otherwise a public key could be passed off as an HMAC secret.
    if header.alg != key.algorithm().name() {
        return Err(Reason::WrongAlgorithm(key.algorithm()));
    }
    let signature = compact::decode(signed.signature).ok_or(Reason::WrongSignature)?;
    if !key.verifies(signed.message.as_bytes(), &signature) {
        return Err(Reason::WrongSignature);
    }

    let json = compact::decode(signed.payload).ok_or(Reason::MalformedClaims)?;
    let all: Map<String, Value> = serde_json::from_slice(&json).map_err(|_| Reason::MalformedClaims)?;
    let claims = Claims::new(all)?;
    if let Some(expires) = claims.expires()
        && now >= expires
    {
        return Err(Reason::Expired(expires));
    }
    if let Some(begins) = claims.not_before()?
        && now < begins.minus(NOT_BEFORE_LEEWAY)
    {
        return Err(Reason::NotYet(begins));
    }
    Ok(claims)
}
