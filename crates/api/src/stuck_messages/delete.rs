//! `DELETE /api/public/stuckmessages/{id}`: drops a message that was given up.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::{record, unknown};
use crate::body::Call;
use crate::{ApiError, Platform};

/// Drops a message that was given up, for good.
#[utoipa::path(delete, path = "/api/public/stuckmessages/{messageId}", tag = "Messages", params(("messageId" = String, Path, description = "`_id` of the message")),
    responses((status = 200, description = "the message, with `dropped`"), (status = 400, description = "there is no such message")), security(("token" = [])))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, message) = platform.reachable_stuck_message(&call, &id).await?;
    if !platform.store().drop_stuck_message(&caller.app.account, &message.id).await? {
        return Err(unknown());
    }
    platform.log_stuck_message(&caller, &message, "Message that was given up is dropped").await?;
    let mut record = record(&message);
    record.insert("dropped".to_owned(), json!(true));
    Ok(Json(record))
}
