//! `POST /api/public/bot/{id}/mlimport`: starts an import of training utterances. (api.md §16.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use definition::finding::{Finding, find_unknown_members, find_wrong_type, listed};
use definition::utterances::read_rows;
use domain::task::UtteranceImport;
use serde_json::{Map, Value};
use store::{File, NewRequest};

use crate::body::{Call, optional_text, required_text};
use crate::documents::blocking;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::MlImport], Limit::Bot);

/// A file of utterances is read as a whole. Bytes.
const MAX_FILE_BYTES: i64 = 32 << 20;

/// Starts an import of training utterances from an uploaded CSV or JSON file, as exports have them.
///
/// The file is checked at once. Utterances the bot has stay; with `"replace": true` (ours) those that the file does not
/// list go. `mlimport/status/{id}` shows how far the import is, and in `findings` (ours) what the file names and the bot has
/// not. A file of which no row can be taken fails.
#[utoipa::path(post, path = "/api/public/bot/{botId}/mlimport", tag = "Utterances", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the import's record, `pending`"), (status = 400, description = "the file id is unknown, or the file cannot be read"), (status = 412, description = "`fileId` is missing")), security(("token" = [])))]
pub(crate) async fn import(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let body = call.members().await?;
    // Clients write the name in two ways.
    let (member, file_id) = match optional_text(&body, "fileID") {
        Some(id) => ("fileID", id),
        None => ("fileId", required_text(&body, "fileId")?),
    };
    let pointer = format!("/{member}");
    let file = platform.store().file(&bot.account, &file_id).await?;
    let file = file.ok_or_else(|| ApiError::no_such_file(&file_id, &pointer))?;
    check(&platform, &file).await.map_err(|error| error.at(pointer))?;
    let new = NewRequest {
        task: UtteranceImport {
            file_id: file.id.to_string(),
            file_member: member.to_owned(),
            file_name: optional_text(&body, "fileName"),
            replace: body.get("replace").and_then(Value::as_bool).unwrap_or(false),
            findings: findings_of(&Value::Object(body)),
        }
        .into(),
        account: bot.account.clone(),
        bot: Some(bot.id.clone()),
        log: Vec::new(),
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let submitted = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?;
    Ok(Json(super::import_record(&submitted.request, false)?))
}

/// What a body asks that is not done.
fn findings_of(body: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    find_unknown_members(body, "", &["fileId", "fileID", "fileName", "replace"], &mut findings);
    if let Some(replace) = body.get("replace").filter(|replace| !replace.is_boolean()) {
        find_wrong_type(replace, "/replace", "true or false", &mut findings);
    }
    listed(findings, body)
}

/// Refuses a file that holds no rows of utterances.
async fn check(platform: &Platform, file: &File) -> Result<(), ApiError> {
    if file.size > MAX_FILE_BYTES {
        return Err(ApiError::too_large(format!("The file {} is larger than {MAX_FILE_BYTES} bytes", file.name)));
    }
    let bytes = platform.store().file_bytes(file).await?;
    let rows = blocking(move || read_rows(&bytes)).await?;
    match rows {
        Ok(_) => Ok(()),
        Err(error) => {
            let detail = format!("{}: {error}", file.name);
            Err(ApiError::bad_request("CSV format is incorrect").with_detail(detail))
        }
    }
}
