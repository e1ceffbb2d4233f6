//! Icons of bots: objects named by their content, and files by which they can be fetched.

use bytes::Bytes;
use domain::{AccountId, UserId};

use crate::{Error, File, NamedBlob, NewFile, Store, sha256};

/// The object an icon with this digest is kept in.
pub fn icon_key(digest: &str) -> String {
    format!("icons/{digest}")
}

impl Store {
    /// Keeps an icon as an object; what a bot refers to it by, and the file by which it can be fetched, to be inserted with
    /// the bot. The file stays as long as the bot may show it.
    pub async fn put_icon(
        &self,
        account: &AccountId,
        by: &UserId,
        name: String,
        bytes: Bytes,
    ) -> Result<(NamedBlob, File), Error> {
        let digest = sha256(&bytes);
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        self.blobs().put(&icon_key(&digest), bytes).await?;
        let extension = name.rsplit_once('.').map_or("png", |(_, extension)| extension).to_ascii_lowercase();
        let file = self.new_file(NewFile {
            account: account.clone(),
            name: name.clone(),
            extension,
            context: "icon".to_owned(),
            size,
            digest: digest.clone(),
            object_key: icon_key(&digest),
            created_by: by.clone(),
            expires_at: None,
        });
        Ok((NamedBlob { name, digest }, file))
    }
}
