//! `POST /api/public/bot/{id}/testsuite/{name}/export`: the cases of a suite as a file.

use std::time::Duration;

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use store::NewFile;
use understanding::{TestCase, test_cases_csv};

use super::Suite;
use crate::body::{Call, optional_text};
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BatchTestManagement], Limit::Bot);

/// Writes the cases of an imported suite into a file, CSV or JSON (`fileType`), which can be imported again; a link to it.
/// `name` and `description` are those of the suite.
#[utoipa::path(post, path = "/api/public/bot/{botId}/testsuite/{suite}/export", tag = "Batch tests",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("suite" = String, Path, description = "The suite's name or id")),
    request_body(content = Object, description = "`{fileType?: csv|json}`"),
    responses((status = 200, description = "`{downloadUrl, name, description, fileId, fileSize}`"), (status = 400, description = "there is no such suite")), security(("token" = [])))]
pub(crate) async fn export(
    State(platform): State<Platform>,
    Path((bot, suite)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let Suite::Imported(suite) = Suite::of(&platform, &bot, &suite).await? else {
        return Err(ApiError::bad_request("Test Suite not found")
            .with_detail("this suite has no cases of its own; export the bot's utterances with `mlexport`"));
    };
    let body = call.members().await?;
    let is_json = optional_text(&body, "fileType").is_some_and(|it| it.eq_ignore_ascii_case("json"));
    let cases: Vec<TestCase> = serde_json::from_value(suite.cases).map_err(|error| ApiError::internal(&error))?;
    let text = if is_json {
        let rows: Vec<Value> = cases.iter().map(json_row).collect();
        serde_json::to_string_pretty(&rows).map_err(|error| ApiError::internal(&error))?
    } else {
        test_cases_csv(&cases)
    };
    let extension = if is_json { "json" } else { "csv" };
    let store = platform.store();
    let object_key = format!("exports/{}.{extension}", store.ids().uuid());
    let bytes = Bytes::from(text.into_bytes());
    let (digest, size) = (store::sha256(&bytes), i64::try_from(bytes.len()).unwrap_or(i64::MAX));
    store.blobs().put(&object_key, bytes).await?;
    let lifetime = Duration::from_secs(platform.settings().link_lifetime_s);
    let file = store.new_file(NewFile {
        account: bot.account.clone(),
        name: format!("{}.{extension}", suite.name),
        extension: extension.to_owned(),
        context: "export".to_owned(),
        size,
        digest,
        object_key,
        created_by: caller.user().clone(),
        expires_at: Some(platform.now().plus(lifetime)),
    });
    let row = file.clone();
    store.write(move |tx| Box::pin(async move { row.insert(tx).await })).await?;
    let link = platform.link(&call, &file);
    Ok(Json(object(json!({
        "downloadUrl": link,
        "name": suite.name,
        "description": suite.description,
        "fileId": file.id,
        "fileSize": size.to_string(),
    }))))
}

fn json_row(case: &TestCase) -> Value {
    let entities: Vec<Value> =
        case.entities.iter().map(|(name, value)| json!({"entityName": name, "entityValue": value})).collect();
    let intent = if case.intent.is_empty() { "None" } else { &case.intent };
    let mut row =
        json!({"input": case.input, "intent": intent, "parentIntent": case.parent_intent, "entities": entities});
    if !case.bot_name.is_empty() {
        row["botName"] = json!(case.bot_name);
    }
    row
}
