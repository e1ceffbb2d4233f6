//! `POST /api/public/bot/{id}/import`: imports into a bot that exists. (api.md §3.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use definition::ImportOptions;
use definition::finding::listed;
use domain::task::{BotImport, Target};
use serde_json::{Map, Value};
use store::NewRequest;

use super::{Files, first_line, record};
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotImport], Limit::Bot);

/// Imports into an existing bot: all of it, or what `importOptions` select; what they do not select is left alone.
///
/// What the request names and the file has not, or what did nothing, is told in the record's `findings`.
///
/// All or nothing: an import that fails leaves the bot as it was. With `?dryRun=true` (ours) nothing is written and the
/// status reports what would be created, replaced, kept and removed.
#[utoipa::path(post, path = "/api/public/bot/{botId}/import", tag = "Bot import", params(("botId" = String, Path, description = "The bot, `st-…`"), ("dryRun" = Option<bool>, Query, description = "Only report what would change")),
    request_body = Object, responses((status = 200, description = "the import's record, `pending`"), (status = 400, description = "a file id is unknown"), (status = 412, description = "a required member is missing"), (status = 422, description = "the file holds a universal bot of the first version, or one of the bot and the file is a universal bot and the other is not")), security(("token" = [])))]
pub(crate) async fn existing(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let body = call.members().await?;
    let mut files = Files::read(&body, false)?;
    files.check(&platform, &caller).await?;
    files.refuse_universal(&platform, &bot.account, Some(&bot)).await?;
    let body = Value::Object(body);
    let (_, findings) = ImportOptions::read(&body);
    let new = NewRequest {
        task: BotImport {
            findings: listed(findings, &body),
            body,
            dry_run: call.query().switch("dryRun")?,
            ..BotImport::new(Target::Existing, bot.reference_id.clone(), files.as_asked())
        }
        .into(),
        account: bot.account.clone(),
        bot: Some(bot.id.clone()),
        log: vec![first_line(&bot.name)],
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let submitted = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?;
    Ok(Json(record(&submitted.request)?))
}
