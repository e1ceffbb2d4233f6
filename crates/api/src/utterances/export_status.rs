//! `GET /api/public/bot/{id}/mlexport/status`: how far the newest export of utterances is. (api.md §16.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::task::{Kind, UtteranceExport};
use serde_json::{Map, Value, json};

use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::MlExport], Limit::Request);

/// The newest export of a bot's utterances: `IN_PROGRESS`, `SUCCESS` with `downloadUrl`, or `FAILED`.
///
/// While the export runs the answer is held back for up to two seconds, since clients read it only once.
#[utoipa::path(get, path = "/api/public/bot/{botId}/mlexport/status", tag = "Utterances", params(("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "the export's record"), (status = 400, description = "utterances of the bot were never exported")), security(("token" = [])))]
pub(crate) async fn status(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let request = platform.latest_when_done(&bot.id, Kind::UtteranceExport).await?;
    let mut record = super::export_record(&request)?;
    if let Some(result) = request.outcome::<UtteranceExport>()? {
        // A file that was swept away has no link any more.
        if let Some(file) = platform.store().file(&bot.account, &result.file_id).await? {
            record.insert("fileId".into(), json!(file.id));
            record.insert("downloadUrl".into(), json!(platform.link(&call, &file)));
        }
    }
    Ok(Json(record))
}
