//! `POST /api/public/stuckmessages/{id}/retry`: has a message that was given up tried again.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::{record, unknown};
use crate::body::Call;
use crate::{ApiError, Platform};

/// Has a message that was given up tried again, as if it came now, with all attempts before it. Its answer is posted where
/// the channel posts, and can be read in the history.
#[utoipa::path(post, path = "/api/public/stuckmessages/{messageId}/retry", tag = "Messages", params(("messageId" = String, Path, description = "`_id` of the message")),
    responses((status = 200, description = "the message, with `retried`"), (status = 400, description = "there is no such message")), security(("token" = [])))]
pub(crate) async fn retry(
    State(platform): State<Platform>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, message) = platform.reachable_stuck_message(&call, &id).await?;
    if !conversation::retry_stuck(platform.store(), &message).await? {
        return Err(unknown());
    }
    platform.log_stuck_message(&caller, &message, "Message that was given up is tried again").await?;
    let mut record = record(&message);
    record.insert("retried".to_owned(), json!(true));
    Ok(Json(record))
}
