//! Who may do what: apps, tokens, scopes, sealed secrets, signed links.
//!
//! Knows no SQL and no HTTP: the caller finds the [`App`] a token names ([`client_id_of`]), lets [`authenticate`] judge
//! the token and [`App::allows`] the call, and remembers the [`SingleUse`] it is handed. Each result follows from the
//! arguments alone, but for [`MasterKey::load_or_create`], which reads or writes one file, and [`generate_rsa_key`], which
//! takes its randomness from the crypto library. All cryptography is aws-lc's.

mod algorithm;
mod app;
mod claims;
mod compact;
pub mod digest;
mod jwe;
mod key;
mod link;
pub mod password;
mod pem;
mod scope;
mod seal;
mod secret;
mod sign;
mod single_use;
mod token;
pub mod webhook;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use app::{App, AppKind, Grant, UnknownAppKind};
pub use claims::Claims;
pub use jwe::{
    DecryptionKeys, JweError, RsaKey, encrypt_for_public_key, encrypt_with_secret, generate_rsa_key, public_part,
};
pub use key::{KeyError, VerificationKey};
pub use link::{LinkError, LinkSigner, MediaLink};
pub use scope::{Scope, UnknownScope};
pub use seal::file as sealed_file;
pub use seal::file::{FileOpener, FileSealer, SealedReader};
pub use seal::{InvalidMasterKey, MasterKey, MasterKeyError, OpenError};
pub use secret::{Secret, hash_of_token};
pub use sign::{SigningKey, sign};
pub use single_use::{MEMORY_WITHOUT_EXPIRY, SingleUse};
pub use token::{Authenticated, Reason, TokenError, authenticate, client_id_of, verify};
