//! `GET /api/users/{u}/builder/streams`: the bots a user may work on.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use crate::body::Call;
use crate::private::person::may_build;
use crate::{ApiError, Platform};

/// The bots the user may work on, in the order they were made: all of the account for owners and bot developers, their
/// own for others.
#[utoipa::path(get, path = "/api/users/{userId}/builder/streams", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`")),
    responses((status = 200, description = "a list of bots"), (status = 403, description = "the path names another user")), security(("bearer" = [])))]
pub(crate) async fn list(
    State(platform): State<Platform>,
    Path(user): Path<String>,
    call: Call,
) -> Result<Json<Vec<Map<String, Value>>>, ApiError> {
    let person = platform.person(&call, &user).await?;
    let bots = platform.store().bots(&person.user.account, 0, i64::MAX).await?;
    let mut records = Vec::new();
    for bot in bots.items.iter().filter(|bot| may_build(&person.user, bot)) {
        records.push(platform.listed_bot(&call, bot).await?);
    }
    Ok(Json(records))
}
