//! A text that a request made, as a file to be fetched for a while.

use std::time::Duration;

use store::{File, NewFile};

use crate::documents::text_bytes;
use crate::runner::Attempt;
use crate::{Context, JobError};

/// Writes a text as an object of this attempt. The file is to be inserted with the request's effect.
pub(crate) async fn write(
    context: &Context,
    attempt: &Attempt,
    name: String,
    extension: &str,
    text: String,
) -> Result<File, JobError> {
    let (store, request) = (&context.store, &attempt.request);
    let bytes = text_bytes(text);
    let (digest, size) = (store::sha256(&bytes), i64::try_from(bytes.len()).unwrap_or(i64::MAX));
    let object_key = format!("exports/{}-{}.{extension}", request.id, request.attempt);
    store.blobs().put(&object_key, bytes).await?;
    Ok(store.new_file(NewFile {
        account: request.account.clone(),
        name,
        extension: extension.to_owned(),
        context: "export".to_owned(),
        size,
        digest,
        object_key,
        created_by: request.created_by.clone(),
        expires_at: Some(store.clock().now().plus(Duration::from_secs(context.settings.export_retention_s))),
    }))
}
