//! Files that users send in conversations. They are [files](File) like any other, found only by who sent them.

use bytes::Bytes;
use domain::{AccountId, Timestamp, UserId};

use crate::{Error, File, NewFile, Store, sha256};

/// What the files are for: the `context` of a [`File`].
pub const ATTACHMENT: &str = "attachment";

/// What an attachment is made from, besides its bytes.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    /// The account.
    pub account: AccountId,
    /// The user who sends it.
    pub user: UserId,
    /// The name the user gave it.
    pub name: String,
    /// The extension, without a dot; empty when not known.
    pub extension: String,
    /// When it goes; never when absent.
    pub expires_at: Option<Timestamp>,
}

impl Store {
    /// Keeps what a user sends.
    pub async fn put_attachment(&self, new: NewAttachment, bytes: Bytes) -> Result<File, Error> {
        let object_key = format!("uploads/{}", self.ids.object_id());
        let (size, digest) = (bytes.len() as i64, sha256(&bytes));
        self.blobs.put(&object_key, bytes).await?;
        self.add_file(NewFile {
            account: new.account,
            name: new.name,
            extension: new.extension,
            context: ATTACHMENT.to_owned(),
            size,
            digest,
            object_key,
            created_by: new.user,
            expires_at: new.expires_at,
        })
        .await
    }

    /// The attachment with this id, if this user sent it and it has not expired.
    pub async fn attachment(&self, account: &AccountId, user: &UserId, id: &str) -> Result<Option<File>, Error> {
        let found = self.file(account, id).await?;
        Ok(found.filter(|file| file.context == ATTACHMENT && file.created_by == *user))
    }
}
