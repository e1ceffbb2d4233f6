//! Secrets at rest: sealed under the installation's master key.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::IdSource;
use zeroize::Zeroizing;

use crate::Secret;

pub mod file;

const KEY_BYTES: usize = 32;

/// The first characters of every sealed text: the version of the form, so that another may follow.
const VERSION: &str = "v1.";

/// The key everything secret is sealed under. Whoever has it and the database has every client secret, so it is kept
/// apart from the database; whoever loses it must give every app a new secret.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; KEY_BYTES]>);

/// The master key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file cannot be read or made.
    #[error("cannot read or create the master key file {path}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// Others than the owner may read or change the file.
    #[error("the master key file {path} has mode {mode:03o}: others than its owner have access; run chmod 600 on it", path = path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file holds something else. It is left alone: a new key would open nothing that was sealed under the old one.
    #[error("the file {path} does not hold a master key, the base64 text of exactly 32 bytes; restore it", path = path.display())]
    WrongContent {
        /// The file.
        path: PathBuf,
    },
}

/// The text is not a master key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a master key is the base64 text of exactly 32 bytes")]
pub struct InvalidMasterKey;

/// A sealed text cannot be opened.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is not in the form that sealing writes.
    #[error("the text is not a sealed secret")]
    Malformed,
    /// It was changed, or sealed for another purpose, or under another master key.
    #[error("the sealed secret does not open: wrong master key, another purpose, or altered")]
    Refused,
}

impl MasterKey {
    /// A new key.
    pub fn generate(ids: &IdSource) -> Self {
        Self(Zeroizing::new(ids.bytes()))
    }

    /// Reads a key from base64 text (white space around it is ignored), as the key file holds it.
    ///
    /// # Errors
    /// When the text is not base64 of exactly 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, InvalidMasterKey> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| InvalidMasterKey)?);
        let bytes: [u8; KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| InvalidMasterKey)?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// Reads the key from a file; nothing when there is no such file.
    ///
    /// # Errors
    /// When the file cannot be read, others than its owner have access to it, or it does not hold a key.
    pub fn load(path: &Path) -> Result<Option<Self>, MasterKeyError> {
        match File::open(path) {
            Ok(file) => Self::read(path, file).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(MasterKeyError::Io { path: path.to_owned(), source }),
        }
    }

    /// Writes the key to a new file that only its owner can read.
    ///
    /// # Errors
    /// When the file is there already or cannot be made.
    pub fn save(&self, path: &Path) -> Result<(), MasterKeyError> {
        let text = Zeroizing::new(format!("{}\n", STANDARD.encode(self.0.as_slice())));
        let written = write_draft(path, text.as_bytes());
        written.map_err(|source| MasterKeyError::Io { path: path.to_owned(), source })
    }

    /// Reads the key from a file, which is created with a new key when there is none.
    ///
    /// A new file appears complete or not at all, and when two processes create it at once both use the one that won.
    ///
    /// # Errors
    /// When the file cannot be read or made, others than its owner have access to it, or it does not hold a key.
    pub fn load_or_create(path: &Path, ids: &IdSource) -> Result<Self, MasterKeyError> {
        let io_error = |source| MasterKeyError::Io { path: path.to_owned(), source };
        if let Some(key) = Self::load(path)? {
            return Ok(key);
        }
        create(path, &Self::generate(ids), ids).map_err(io_error)?;
        Self::read(path, File::open(path).map_err(io_error)?)
    }

    fn read(path: &Path, mut file: File) -> Result<Self, MasterKeyError> {
        let io_error = |source| MasterKeyError::Io { path: path.to_owned(), source };
        let mode = file.metadata().map_err(io_error)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(MasterKeyError::Exposed { path: path.to_owned(), mode });
        }
        let mut text = Zeroizing::new(Vec::new());
        // A key file has 45 bytes; a much longer one is a mistake that need not be read to its end.
        Read::by_ref(&mut file).take(1024).read_to_end(&mut text).map_err(io_error)?;
        let text = str::from_utf8(&text).unwrap_or_default();
        Self::from_base64(text).map_err(|InvalidMasterKey| MasterKeyError::WrongContent { path: path.to_owned() })
    }

    /// Seals a secret text, to be opened for the same purpose only. A purpose says what and whose the secret is, such
    /// as `app secret cs-…`, so that a sealed text moved to another row does not open.
    pub fn seal(&self, purpose: &str, plaintext: &str, ids: &IdSource) -> String {
        let nonce = ids.bytes::<NONCE_LEN>();
        let mut sealed = Vec::with_capacity(NONCE_LEN + plaintext.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(plaintext.as_bytes());
        self.sealing_key()
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose), &mut sealed)
            .expect("a text is far shorter than the 64 GiB limit of the cipher");
        sealed.splice(..0, nonce);
        format!("{VERSION}{}", URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens a sealed text.
    ///
    /// # Errors
    /// When it was not sealed under this key for this purpose, or was changed since.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<Secret, OpenError> {
        let encoded = sealed.strip_prefix(VERSION).ok_or(OpenError::Malformed)?;
        let mut bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(encoded).map_err(|_| OpenError::Malformed)?);
        let (nonce, ciphertext) = bytes.split_first_chunk_mut::<NONCE_LEN>().ok_or(OpenError::Malformed)?;
        let plaintext = self
            .sealing_key()
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(purpose), ciphertext)
            .map_err(|_| OpenError::Refused)?;
        let text = str::from_utf8(plaintext).map_err(|_| OpenError::Malformed)?;
        Ok(Secret::new(text))
    }

    /// What tells this key from others, as text. It may be seen by anybody: the key cannot be found from it.
    pub fn fingerprint(&self) -> String {
        STANDARD.encode(self.derive("fingerprint").as_slice())
    }

    /// A key for another use, such as signing links: the same for the same name, and nothing can be learnt from it
    /// about the master key or about keys of other names (HKDF-SHA256).
    pub fn derive(&self, name: &str) -> Zeroizing<[u8; KEY_BYTES]> {
        let mut derived = Zeroizing::new([0; KEY_BYTES]);
        let pseudo_random = Salt::new(HKDF_SHA256, b"botyard").extract(self.0.as_slice());
        let name = [name.as_bytes()];
        let output = pseudo_random.expand(&name, HKDF_SHA256).expect("32 bytes is a length the algorithm can give");
        output.fill(derived.as_mut_slice()).expect("the length was declared as that of the array");
        derived
    }

    fn sealing_key(&self) -> LessSafeKey {
        let key = UnboundKey::new(&AES_256_GCM, self.derive("seal").as_slice());
        LessSafeKey::new(key.expect("the key has the 32 bytes the cipher needs"))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(hidden)")
    }
}

/// Writes the key beside `path`, then gives it that name unless a file has it already.
fn create(path: &Path, key: &MasterKey, ids: &IdSource) -> io::Result<()> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let draft = directory.join(format!(".master-key-{}", ids.object_id()));
    let text = Zeroizing::new(format!("{}\n", STANDARD.encode(key.0.as_slice())));
    let written = write_draft(&draft, text.as_bytes()).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    });
    let removed = fs::remove_file(&draft);
    written.and(removed)?;
    // Without this a power cut could take the name away after secrets were sealed under the key.
    File::open(directory)?.sync_all()
}

fn write_draft(draft: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    file.write_all(text)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_for_its_purpose_only() {
        let ids = IdSource::random();
        let key = MasterKey::generate(&ids);
        for plaintext in ["", "s3cr€t", &"long ".repeat(1000)] {
            let sealed = key.seal("app secret cs-1", plaintext, &ids);
            assert_eq!(key.open("app secret cs-1", &sealed).expect("just sealed").expose(), plaintext);
            assert_ne!(key.seal("app secret cs-1", plaintext, &ids), sealed, "each has its own nonce");
            assert_eq!(key.open("app secret cs-2", &sealed).err(), Some(OpenError::Refused));
            let other = MasterKey::generate(&ids);
            assert_eq!(other.open("app secret cs-1", &sealed).err(), Some(OpenError::Refused));
            for at in VERSION.len()..sealed.len().min(80) {
                let mut changed = sealed.clone().into_bytes();
                changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
                let changed = String::from_utf8(changed).expect("plain letters");
                assert!(key.open("app secret cs-1", &changed).is_err(), "changed at {at}");
            }
        }
        for text in ["", "v1.", "v1.AAAA", "v2.AAAA", "v1.!"] {
            assert_eq!(key.open("p", text).err(), Some(OpenError::Malformed), "{text}");
        }
    }

    /// The expected key was computed with another implementation of HKDF-SHA256 (salt `botyard`, key 0, 1 … 31).
    #[test]
    fn derived_keys_do_not_change_between_versions() {
        let key = MasterKey::from_base64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").expect("32 bytes");
        assert_eq!(
            STANDARD.encode(key.derive("media links").as_slice()),
            "M186j1V9LHFF0s/4AZcGmfcJY3l9dY0DfgPsBI6cGXc="
        );
        let fingerprint = key.fingerprint();
        assert_eq!(fingerprint, "/JuyH8asTAviG46bIUEa8J6gtL4gdJuF2WWbACTVPho=");
        assert_eq!(
            key.open("purpose", "v1.BwcHBwcHBwcHBwcHqz-wWz7u6GXqqwCxVD5aiYRkxpYu")
                .expect("sealed by another implementation")
                .expose(),
            "hello"
        );
    }

    #[test]
    fn the_key_file_is_private_and_kept() {
        let ids = IdSource::random();
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("data/master.key");
        let key = MasterKey::load_or_create(&path, &ids).expect("a new file");
        let mode = |path: &Path| fs::metadata(path).expect("the file").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read_dir(path.parent().expect("data")).expect("a directory").count(), 1, "no draft is left");
        let again = MasterKey::load_or_create(&path, &ids).expect("the same file");
        assert_eq!(*again.0, *key.0);
        assert!(!format!("{key:?}").contains(fs::read_to_string(&path).expect("text").trim()));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("our file");
        let error = MasterKey::load_or_create(&path, &ids).expect_err("readable by the group").to_string();
        assert!(error.contains("chmod 600") && error.contains("640"), "{error}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("our file");
        for content in ["", "AAAA\n", "not base64"] {
            fs::write(&path, content).expect("our file");
            let error = MasterKey::load_or_create(&path, &ids).expect_err(content).to_string();
            assert!(error.contains("exactly 32 bytes"), "{error}");
            assert_eq!(fs::read_to_string(&path).expect("text"), content, "a wrong file is not replaced");
        }
    }

    #[test]
    fn processes_that_start_together_share_one_key() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("master.key");
        let load = || MasterKey::load_or_create(&path, &IdSource::random()).expect("a key");
        let keys = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(load)).collect();
            threads.into_iter().map(|thread| *thread.join().expect("no panic").0).collect::<Vec<_>>()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
    }
}
