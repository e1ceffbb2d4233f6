//! `GET /api/public/bot/import/status/{bir}`: how far an import is. (api.md §4.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::RequestId;
use domain::task::Kind;
use serde_json::{Map, Value};

use super::record;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotImport], Limit::Request);

/// How far an import is: `pending` until it is `success` or `failed`, with one line per step in `statusLogs`.
///
/// `findings` (ours, absent without any) list `{pointer, code, text}`: what the request names and the file has not, and what
/// did nothing.
#[utoipa::path(get, path = "/api/public/bot/import/status/{importId}", tag = "Bot import", params(("importId" = String, Path, description = "The import, `bir-…`")),
    responses((status = 200, description = "the import's record"), (status = 400, description = "there is no such import")), security(("token" = [])))]
pub(crate) async fn status(
    State(platform): State<Platform>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let found = platform.store().request(&caller.app.account, &RequestId::stored(id)).await?;
    let import = found.filter(|request| request.kind == Kind::BotImport).ok_or_else(ApiError::invalid_request_id)?;
    Ok(Json(record(&import)?))
}
