//! `POST /api/public/bot/{id}/versions/{n}/restore`: goes back to a published version.

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use definition::summary::Summary;
use domain::task::Publish;
use serde_json::{Map, Value, json};
use store::{Bot, NewChange, NewRequest, Submitted, Swap, Version};

use crate::body::{Call, optional_text};
use crate::documents::{Documents, blocking};
use crate::platform::Caller;
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotImport, Scope::PublishRequest], Limit::Bot);

/// How often the version is put in anew because somebody else changed the draft meanwhile.
const TRIES: usize = 5;

/// Puts the content of a version into the draft. With `{"publish": true}` it is published, too, as a new version with the
/// same content, in the same step; `versionComment` says something else about it than `Version n restored`.
///
/// Values of secured variables stay as they are: versions do not hold them.
#[utoipa::path(post, path = "/api/public/bot/{botId}/versions/{number}/restore", tag = "Versions",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("number" = i64, Path, description = "The number of the version")), request_body = Object,
    responses((status = 200, description = "the version, the `revision` of the draft, and the `publishRequestId` where it is published"), (status = 400, description = "the bot has no such version")), security(("token" = [])))]
pub(crate) async fn restore(
    State(platform): State<Platform>,
    Path((bot, number)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let body = call.members().await?;
    let publish = body.get("publish").and_then(Value::as_bool).unwrap_or(false);
    if publish && !caller.app.allows(Scope::PublishRequest, Some(&bot.id)) {
        return Err(ApiError::scope_missing());
    }
    let version = platform.version_in_path(&bot, &number).await?;
    let documents = Documents::load(platform.store(), &version.content).await?;
    let summary = blocking(move || Summary::of(&documents.definition)).await?;
    let summary = summary.map_err(|error| ApiError::internal(&error))?;

    let id = bot.id.clone();
    let comment = optional_text(&body, "versionComment");
    let submitted = put_in(&platform, &call, &caller, bot, &version, &summary, publish.then_some(comment)).await?;
    let bot = platform.store().bot(&id).await?.ok_or_else(ApiError::invalid_stream)?;
    let publish_request = submitted.map(|submitted| submitted.request.id);
    Ok(Json(object(json!({
        "streamId": bot.id,
        "restoredVersion": version.number,
        "revision": bot.revision,
        "publishRequestId": publish_request,
    }))))
}

/// Puts the version into the draft and, where a comment (or the lack of one) is given, asks for its publish.
async fn put_in(
    platform: &Platform,
    call: &Call,
    caller: &Caller,
    mut bot: Bot,
    version: &Version,
    summary: &Summary,
    publish: Option<Option<String>>,
) -> Result<Option<Submitted>, ApiError> {
    let store = platform.store();
    let message = format!("Version {} restored", version.number);
    let mut tried = 0;
    loop {
        let swap = swap(platform, caller, &bot, version, summary);
        let change = NewChange {
            user: caller.user().clone(),
            resource_id: None,
            resource_type: "stream",
            message: message.clone(),
        };
        let request = match publish.clone() {
            Some(comment) => {
                let comment = comment.unwrap_or_else(|| message.clone());
                Some((publish_request(caller, &bot, version, comment), platform.idempotency(call, caller).await?))
            }
            None => None,
        };
        tried += 1;
        match store.restore_version(&bot, swap, change, request).await {
            Err(store::Error::Conflict(_)) if tried < TRIES => {
                bot = store.bot(&bot.id).await?.ok_or_else(ApiError::invalid_stream)?;
            }
            restored => return Ok(restored?),
        }
    }
}

/// The change of the draft. The bot keeps the name it has in lists.
fn swap(platform: &Platform, caller: &Caller, bot: &Bot, version: &Version, summary: &Summary) -> Swap {
    let mut swap = bot.swap(version.content.clone(), caller.user(), platform.now());
    swap.default_language.clone_from(&summary.default_language);
    swap.languages.clone_from(&summary.supported_languages);
    if let Some(description) = &summary.description {
        swap.description.clone_from(description);
    }
    if let Some(color) = &summary.color {
        swap.color.clone_from(color);
    }
    swap
}

fn publish_request(caller: &Caller, bot: &Bot, version: &Version, comment: String) -> NewRequest {
    NewRequest {
        task: Publish {
            version_comment: comment,
            initiate_training: true,
            version: Some(version.number),
            findings: Vec::new(),
        }
        .into(),
        account: bot.account.clone(),
        bot: Some(bot.id.clone()),
        log: Vec::new(),
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    }
}
