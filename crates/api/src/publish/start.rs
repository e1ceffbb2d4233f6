//! `POST /api/public/bot/{id}/publish`: starts a publish. (api.md §8.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use definition::finding::{find_unknown_members, find_wrong_type, listed};
use definition::{Document, tasks};
use domain::task::Publish;
use serde_json::{Value, json};
use store::NewRequest;

use crate::body::{Call, required_text};
use crate::documents::blocking;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::PublishRequest], Limit::Bot);

/// Publishes the draft of a bot: it is validated and compiled, becomes a numbered version that never changes, and that
/// version is put in force. `publish/status` shows how far it is.
///
/// The answer lists the bot's resources as `awaitingApproval`; `initiateTraining` (default true) says whether models are
/// trained too.
#[utoipa::path(post, path = "/api/public/bot/{botId}/publish", tag = "Publish", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the resources that are being published"), (status = 412, description = "`versionComment` is missing")), security(("token" = [])))]
pub(crate) async fn start(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let body = call.members().await?;
    let comment = required_text(&body, "versionComment")?;
    let mut findings = Vec::new();
    let training = match body.get("initiateTraining") {
        Some(Value::Bool(wanted)) => *wanted,
        Some(Value::String(text)) => !text.eq_ignore_ascii_case("false"),
        Some(other) => {
            find_wrong_type(other, "/initiateTraining", "true or false", &mut findings);
            true
        }
        None => true,
    };
    let body = Value::Object(body);
    find_unknown_members(&body, "", &["versionComment", "initiateTraining"], &mut findings);
    let bytes = platform.store().blobs().content(&bot.content.definition).await?;
    let file = bot.content.definition_file;
    let resources = blocking(move || Document::parse(bytes, file.name()).map(|document| tasks::resources(&document)))
        .await?
        .map_err(|error| ApiError::internal(&error))?;

    let new = NewRequest {
        task: Publish {
            version_comment: comment,
            initiate_training: training,
            version: None,
            findings: listed(findings, &body),
        }
        .into(),
        account: bot.account.clone(),
        bot: Some(bot.id.clone()),
        log: Vec::new(),
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let submitted = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?;
    let answer: Vec<Value> = resources
        .iter()
        .map(|resource| {
            json!({
                "resourceType": resource.kind.resource_type(),
                "resourceId": resource.id,
                "sbResourceId": resource.ref_id,
                "status": "SUCCESS",
                "result": {
                    "_id": resource.id,
                    "refId": resource.ref_id,
                    "name": resource.name,
                    "streamId": bot.id,
                    "state": "awaitingApproval",
                    "requestId": submitted.request.id,
                },
            })
        })
        .collect();
    Ok(Json(Value::Array(answer)))
}
