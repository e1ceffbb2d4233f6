//! `GET /api/public/bot/{id}/mlimport/status/{id}`: how far an import of utterances is. (api.md §16.)

use std::time::Duration;

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::RequestId;
use domain::task::Kind;
use serde_json::{Map, Value};

use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::MlImport], Limit::Request);

/// How far an import of utterances is: `pending`, then `success` with a `message`, or `failed`.
///
/// It reads `pending` for half a second at least: clients of the original expect that of their first look.
#[utoipa::path(get, path = "/api/public/bot/{botId}/mlimport/status/{importId}", tag = "Utterances",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("importId" = String, Path, description = "The import, `bir-…`")),
    responses((status = 200, description = "the import's record"), (status = 400, description = "there is no such import")), security(("token" = [])))]
pub(crate) async fn status(
    State(platform): State<Platform>,
    Path((bot, id)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let found = platform.store().request(&bot.account, &RequestId::stored(id)).await?;
    let import = found.filter(|request| request.kind == Kind::UtteranceImport && request.bot.as_ref() == Some(&bot.id));
    let import = import.ok_or_else(ApiError::invalid_request_id)?;
    let patience = Duration::from_millis(platform.settings().utterance_import_pending_ms);
    let is_early = platform.now() < import.created_at.plus(patience);
    Ok(Json(super::import_record(&import, is_early)?))
}
