//! `POST /api/public/bot/{id}/import/botfunctions`: puts a file of functions into a bot. (api.md §5.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use store::{Content, NamedBlob, NewChange};

use crate::body::{Call, required_text};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotImport], Limit::Bot);

/// Files of functions are code people write; a larger one is a mistake. Bytes.
const MAX_FUNCTIONS_BYTES: i64 = 8 << 20;

/// Puts uploaded files of JavaScript functions into a bot; a file of the same name is replaced.
#[utoipa::path(post, path = "/api/public/bot/{botId}/import/botfunctions", tag = "Bot import", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Vec<Object>, responses((status = 200, description = "what was put in"), (status = 400, description = "a file id is unknown"), (status = 412, description = "the body is no list of `{fileName, fileId}`")), security(("token" = [])))]
pub(crate) async fn functions(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let entries = match call.json().await? {
        Value::Array(entries) if !entries.is_empty() => entries,
        entry @ Value::Object(_) => vec![entry],
        _ => return Err(ApiError::invalid_arguments("the body must be a list of {fileName, fileId}")),
    };
    let mut files = Vec::new();
    for entry in &entries {
        let entry = entry
            .as_object()
            .ok_or_else(|| ApiError::invalid_arguments("every entry must be an object {fileName, fileId}"))?;
        let id = required_text(entry, "fileId")?;
        let file = platform.store().file(&bot.account, &id).await?.ok_or_else(ApiError::invalid_file)?;
        if file.size > MAX_FUNCTIONS_BYTES {
            let message = format!("The file {} is larger than {MAX_FUNCTIONS_BYTES} bytes", file.name);
            return Err(ApiError::bad_request(message));
        }
        let name = crate::body::optional_text(entry, "fileName").unwrap_or_else(|| file.name.clone());
        let bytes = platform.store().file_bytes(&file).await?;
        if std::str::from_utf8(&bytes).is_err() {
            return Err(ApiError::bad_request(format!("The file {name} is not a text in UTF-8")));
        }
        let digest = platform.store().blobs().put_content(bytes).await?;
        files.push((id, NamedBlob { name, digest }));
    }

    let mut content: Content = bot.content.clone();
    for (_, file) in &files {
        content.functions.retain(|old| old.name != file.name);
        content.functions.push(file.clone());
    }
    let names: Vec<&str> = files.iter().map(|(_, file)| file.name.as_str()).collect();
    let change = NewChange {
        user: caller.user().clone(),
        resource_id: None,
        resource_type: "Bot Functions",
        message: format!("Bot functions imported: {}", names.join(", ")),
    };
    let swap = bot.swap(content, caller.user(), platform.now());
    platform.store().swap_draft(&bot, swap, change).await?;
    let (file_id, file) = files.last().expect("the list was not empty");
    Ok(Json(json!({
        "requestType": "BotImport",
        "status": "Success",
        "createdOn": platform.now(),
        "_id": platform.store().ids().object_id(),
        "createdBy": caller.user(),
        "__v": 0,
        "fileId": file_id,
        "fileName": file.name,
    })))
}
