//! The signature algorithms an app may choose.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How the tokens of an app are signed. The app fixes it: a token that names another algorithm is refused.
///
/// The original offers HS256 (its default), HS512 and RS256; the others cost nothing and are offered by other issuers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Algorithm {
    /// HMAC with SHA-256 under the client secret.
    #[default]
    Hs256,
    /// HMAC with SHA-384 under the client secret.
    Hs384,
    /// HMAC with SHA-512 under the client secret.
    Hs512,
    /// RSA PKCS#1 v1.5 with SHA-256.
    Rs256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    Rs384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    Rs512,
    /// ECDSA on the curve P-256 with SHA-256.
    Es256,
}

/// No supported algorithm has this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a token algorithm: choose one of HS256, HS384, HS512, RS256, RS384, RS512, ES256")]
pub struct UnknownAlgorithm(String);

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 7] =
        [Self::Hs256, Self::Hs384, Self::Hs512, Self::Rs256, Self::Rs384, Self::Rs512, Self::Es256];

    /// The name in the `alg` member of a token's header and in the settings of an app.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Es256 => "ES256",
        }
    }

    /// Whether the client secret signs; otherwise the client signs with a private key and the app has the public one.
    pub const fn uses_client_secret(self) -> bool {
        matches!(self, Self::Hs256 | Self::Hs384 | Self::Hs512)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        let found = Self::ALL.into_iter().find(|algorithm| algorithm.name() == name);
        found.ok_or_else(|| UnknownAlgorithm(name.to_owned()))
    }
}

impl From<Algorithm> for &'static str {
    fn from(algorithm: Algorithm) -> Self {
        algorithm.name()
    }
}

impl TryFrom<String> for Algorithm {
    type Error = UnknownAlgorithm;

    fn try_from(name: String) -> Result<Self, UnknownAlgorithm> {
        name.parse()
    }
}
