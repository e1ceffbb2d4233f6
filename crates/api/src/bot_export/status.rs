//! `GET /api/public/bot/{id}/export/status`: how far the newest export is, and where its archive is. (api.md §7.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::task::{BotExport, Kind};
use serde_json::{Map, Value, json};
use store::State as RequestState;

use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotExport], Limit::Request);

/// The newest export of a bot, or the one `exportId` (or `id`) names; with `downloadURL` when it is done.
///
/// `findings` (ours, absent without any) list `{pointer, code, text}`: what the request names and the bot has not, and what
/// did nothing.
///
/// While the export runs the answer is held back for up to two seconds, since scripts read it only once.
#[utoipa::path(get, path = "/api/public/bot/{botId}/export/status", tag = "Bot export", params(("botId" = String, Path, description = "The bot, `st-…`"), ("exportId" = Option<String>, Query, description = "An export of the bot, `ber-…`")),
    responses((status = 200, description = "the export's record"), (status = 400, description = "there is no such export")), security(("token" = [])))]
pub(crate) async fn status(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let query = call.query();
    let request = match query.get("exportId").or_else(|| query.get("id")) {
        None => platform.latest_when_done(&bot.id, Kind::BotExport).await?,
        Some(id) => {
            let found = platform.request_when_done(&bot.account, id).await?;
            let of_this_bot = found.kind == Kind::BotExport && found.bot.as_ref() == Some(&bot.id);
            of_this_bot.then_some(found).ok_or_else(ApiError::invalid_request_id)?
        }
    };
    let mut record = super::record(&request)?;
    record.insert("botId".into(), json!(request.bot));
    if request.state == RequestState::Succeeded
        && let Some(result) = request.outcome::<BotExport>()?
    {
        record.insert("fileId".into(), json!(result.file_id));
        record.insert("fileSize".into(), json!(result.size.to_string()));
        record.insert("sha256".into(), json!(result.sha256));
        if let Some(version) = result.version {
            record.insert("version".into(), json!(version));
        }
        // An archive that was swept away has no link any more; its size and digest are still told.
        if let Some(file) = platform.store().file(&bot.account, &result.file_id).await? {
            let url = platform.link(&call, &file);
            let parameters = url.split_once('?').map_or("", |(_, query)| query);
            record.insert("store".into(), json!({"urlParams": format!("?{parameters}")}));
            record.insert("downloadURL".into(), json!(url));
        }
    }
    Ok(Json(record))
}
