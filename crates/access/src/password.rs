//! Passwords of people who use the console: Argon2id hashes.

use argon2::Argon2;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use domain::IdSource;

/// The stored text is not a password hash.
#[derive(Debug, thiserror::Error)]
#[error("the stored password hash is not an Argon2 hash in PHC form: {0}")]
pub struct MalformedHash(password_hash::Error);

/// Hashes a password with a new salt, as PHC text that names its own parameters (19 MiB, 2 passes).
///
/// Meant to be slow, tens of milliseconds: call it where blocking is allowed.
pub fn hash(password: &str, ids: &IdSource) -> String {
    let salt = ids.bytes::<16>();
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hash.expect("the default parameters and a salt of 16 bytes are valid").to_string()
}

/// Whether the password is the one that was hashed. As slow as [`hash`].
///
/// # Errors
/// When the hash is not one: the store is damaged, or holds something else.
pub fn verify(password: &str, hash: &str) -> Result<bool, MalformedHash> {
    match Argon2::default().verify_password(password.as_bytes(), hash) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(MalformedHash(error)),
    }
}

/// A hash that no password is known for, with the parameters of [`hash`].
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$Ym90eWFyZC1ub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Does the work of [`verify`] where there is no hash to verify against, so that the answer takes as long.
pub fn verify_nobodys(password: &str) {
    // No password is right, and nobody asks.
    drop(verify(password, NOBODYS));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_verifies() {
        let ids = IdSource::seeded(3);
        let hashed = hash("correct horse", &ids);
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert_ne!(hash("correct horse", &ids), hashed, "each hash has its own salt");
        assert!(verify("correct horse", &hashed).expect("a hash"));
        assert!(!verify("Correct horse", &hashed).expect("a hash"));
        assert!(verify("x", "plain text").is_err());
        let parameters = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parameters(NOBODYS), parameters(&hashed), "nobody's hash costs as much");
        assert!(!verify("", NOBODYS).expect("a hash"));
    }
}
