//! `GET …/dockStatus`: the jobs of a bot, or of the account, as the console shows them in its dock.

use axum::Json;
use axum::extract::{Path, State};
use domain::AccountId;
use domain::task::Kind;
use serde_json::{Map, Value, json};
use store::{Bot, Request, RequestFilter, State as RequestState};

use super::person::forbidden;
use crate::body::Call;
use crate::record::{add_findings, add_progress, object};
use crate::{ApiError, Platform};

/// How many jobs are listed unless `limit` says otherwise.
const LISTED: i64 = 50;

/// The most that are listed at once.
const MOST_LISTED: i64 = 200;

/// The jobs of a bot, the newest first.
#[utoipa::path(get, path = "/api/builder/streams/{botId}/dockStatus", tag = "Private tier", params(("botId" = String, Path, description = "The bot, `st-…`"), ("offset" = Option<i64>, Query, description = "How many to pass over"), ("limit" = Option<i64>, Query, description = "How many to list, 50 when absent")),
    responses((status = 200, description = "a list, the newest first; `X-Total-Count` says how many there are in all"), (status = 400, description = "there is no such bot")), security(("bearer" = [])))]
pub(crate) async fn of_bot(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<([(&'static str, String); 1], Json<Vec<Map<String, Value>>>), ApiError> {
    let (caller, bot) = platform.builder(&call, &bot).await?;
    platform.dock(&call, &caller.account, Some(&bot)).await
}

/// The jobs of a bot, the newest first.
#[utoipa::path(get, path = "/api/users/{userId}/builder/streams/{botId}/dockStatus", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`"), ("offset" = Option<i64>, Query, description = "How many to pass over"), ("limit" = Option<i64>, Query, description = "How many to list, 50 when absent")),
    responses((status = 200, description = "a list, the newest first; `X-Total-Count` says how many there are in all"), (status = 400, description = "there is no such bot")), security(("bearer" = [])))]
pub(crate) async fn of_bot_of_user(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<([(&'static str, String); 1], Json<Vec<Map<String, Value>>>), ApiError> {
    let (person, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    platform.dock(&call, &person.caller.account, Some(&bot)).await
}

/// The jobs of all bots of the account, the newest first. For owners and bot developers.
#[utoipa::path(get, path = "/api/organization/{orgId}/dockStatus", tag = "Private tier", params(("orgId" = String, Path, description = "The organisation, `o-…`"), ("offset" = Option<i64>, Query, description = "How many to pass over"), ("limit" = Option<i64>, Query, description = "How many to list, 50 when absent")),
    responses((status = 200, description = "a list, the newest first; `X-Total-Count` says how many there are in all"), (status = 403, description = "the path names another organisation")), security(("bearer" = [])))]
pub(crate) async fn of_organization(
    State(platform): State<Platform>,
    Path(organization): Path<String>,
    call: Call,
) -> Result<([(&'static str, String); 1], Json<Vec<Map<String, Value>>>), ApiError> {
    let caller = platform.member(&call, &organization).await?;
    if !caller.is_owner && !caller.is_developer {
        return Err(forbidden("the jobs of all bots are for owners and bot developers"));
    }
    platform.dock(&call, &caller.account, None).await
}

impl Platform {
    async fn dock(
        &self,
        call: &Call,
        account: &AccountId,
        bot: Option<&Bot>,
    ) -> Result<([(&'static str, String); 1], Json<Vec<Map<String, Value>>>), ApiError> {
        let query = call.query();
        let filter = RequestFilter {
            bots: bot.map(|bot| vec![bot.id.clone()]),
            // Deliveries to webhooks are no jobs of a bot.
            kinds: Kind::ALL.into_iter().filter(|kind| *kind != Kind::WebhookDelivery).collect(),
            offset: query.number("offset", 0).max(0),
            limit: query.number("limit", LISTED).clamp(1, MOST_LISTED),
        };
        let page = self.store().requests(account, &filter).await?;
        let statuses: Vec<Map<String, Value>> = page.items.iter().map(status).collect();
        // Whoever reads it wants the bare list.
        Ok(([("x-total-count", page.total.to_string())], Json(statuses)))
    }
}

fn status(request: &Request) -> Map<String, Value> {
    let (job, action) = job_and_action(request.kind);
    let word = match request.state {
        RequestState::Pending | RequestState::Running => "IN_PROGRESS",
        RequestState::Succeeded => "SUCCESS",
        RequestState::Failed | RequestState::Cancelled => "FAILED",
    };
    let mut status = object(json!({
        "_id": request.id,
        "streamId": request.bot,
        "jobType": job,
        "action": action,
        "status": word,
        "statusLogs": request.log,
        "createdBy": request.created_by,
        "createdOn": request.created_at,
        "requestedTime": request.created_at,
        "initiatedOn": request.started_at,
        "lastModifiedOn": request.modified_at,
        "countOfDockStatuses": 1,
        "__v": 0,
    }));
    // The file a job made: the id by which it is fetched.
    if let Some(file) = request.result.as_ref().and_then(|result| result["fileId"].as_str()) {
        status.insert("fileId".into(), json!(file));
    }
    add_findings(&mut status, request);
    add_progress(&mut status, request);
    status
}

fn job_and_action(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::BotImport => ("BOT_IMPORT", "IMPORT"),
        Kind::BotExport => ("BOT_EXPORT", "EXPORT"),
        Kind::Publish => ("PUBLISH_BOT", "RUN"),
        Kind::UtteranceImport => ("ML_UTTERANCE", "IMPORT"),
        Kind::UtteranceExport => ("ML_UTTERANCE", "EXPORT"),
        Kind::MlTraining => ("ML_TRAIN", "RUN"),
        Kind::FaqTraining => ("FAQ_TRAIN", "RUN"),
        Kind::BatchTest => ("BATCH_TEST", "RUN"),
        Kind::WebhookDelivery => ("WEBHOOK", "RUN"),
    }
}
