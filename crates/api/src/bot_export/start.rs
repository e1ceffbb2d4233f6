//! `POST /api/public/bot/{id}/export`: starts an export. (api.md §6.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use definition::finding::listed;
use definition::{ExportOptions, ExportOptionsError};
use domain::task::{BotExport, ExportType};
use serde_json::{Map, Value};
use store::NewRequest;

use crate::body::{Call, number_of, required_text};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotExport], Limit::Bot);

/// Starts an export of a bot; `export/status` shows how far it is and where the archive is.
///
/// `exportType` is `latest` (the draft) or `published`; `version` (a number, ours) names any published version instead.
/// Without `exportOptions` the whole bot is exported, byte for byte as it was imported. What the request names and the bot
/// has not is told in the record's `findings`; a request whose names are all unknown fails.
#[utoipa::path(post, path = "/api/public/bot/{botId}/export", tag = "Bot export", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the export's record, `pending`"), (status = 400, description = "`exportOptions` select nothing"), (status = 412, description = "`exportType` is missing or unknown")), security(("token" = [])))]
pub(crate) async fn start(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let body = call.members().await?;
    let export_type = match required_text(&body, "exportType")?.to_lowercase().as_str() {
        "latest" => ExportType::Latest,
        "published" => ExportType::Published,
        other => {
            let detail = format!("`exportType` is `{other}`: give `latest` or `published`");
            return Err(ApiError::invalid_arguments(detail).at("/exportType"));
        }
    };
    // What selects nothing is refused here; the job reads the same body again.
    let body = Value::Object(body);
    let (_, findings) = ExportOptions::read(&body).map_err(|error| {
        let detail = error.to_string();
        let ExportOptionsError::NothingSelected { pointer, .. } = error;
        ApiError::bad_request("Please select at least one component").with_detail(detail).at(pointer)
    })?;
    let version = number_of(body.get("version"), 0);
    if version > 0 && platform.store().version(&bot.id, version).await?.is_none() {
        return Err(ApiError::bad_request(format!("The bot has no version {version}")).at("/version"));
    }
    let new = NewRequest {
        task: BotExport {
            export_type,
            version: (version > 0).then_some(version),
            findings: listed(findings, &body),
            body,
        }
        .into(),
        account: bot.account.clone(),
        bot: Some(bot.id.clone()),
        log: Vec::new(),
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let submitted = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?;
    Ok(Json(super::record(&submitted.request)?))
}
