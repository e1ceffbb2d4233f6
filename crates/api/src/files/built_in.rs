//! Files that come with the server, put where uploads are.

use std::time::Duration;

use bytes::Bytes;
use domain::{AccountId, FileId, UserId};
use store::NewFile;

use crate::{ApiError, Platform};

impl Platform {
    /// Puts a file in the place of an upload, for an import to read; its id. It goes as uploads do.
    pub(crate) async fn add_built_in_file(
        &self,
        account: &AccountId,
        by: &UserId,
        name: &'static str,
        bytes: &'static [u8],
    ) -> Result<FileId, ApiError> {
        let store = self.store();
        let object_key = format!("uploads/{}", store.ids().object_id());
        store.blobs().put(&object_key, Bytes::from_static(bytes)).await?;
        let file = NewFile {
            account: account.clone(),
            name: name.to_owned(),
            extension: name.rsplit_once('.').map_or("", |(_, extension)| extension).to_owned(),
            context: "bulkImport".to_owned(),
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            digest: store::sha256(bytes),
            object_key,
            created_by: by.clone(),
            expires_at: Some(self.now().plus(Duration::from_secs(self.settings().upload_retention_s))),
        };
        Ok(store.add_file(file).await?.id)
    }
}
