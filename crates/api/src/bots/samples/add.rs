//! `GET /api/public/samplebots/{id}/add`: adds a sample bot to the account. (api.md §18.)

use std::time::Duration;

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::task::{BotImport, ImportFiles, Target};
use domain::{AccountId, BotId, RequestId};
use http::StatusCode;
use serde_json::{Map, Value, json};
use store::{NewRequest, Request, State as RequestState};

use crate::body::Call;
use crate::platform::Caller;
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform, Sample};

const DEMAND: Demand = demand(&[Scope::BotCreate], Limit::Account);

/// How long the answer is held back: a sample is small, but its import may wait for others.
const PATIENCE: Duration = Duration::from_secs(30);

/// Adds a sample bot to the account, as a new bot named `<sample>_<owner>_<number>` in the state `setup`.
///
/// The answer comes when the bot is there.
#[utoipa::path(get, path = "/api/public/samplebots/{sampleId}/add", tag = "Bots", params(("sampleId" = String, Path, description = "The sample bot, `st-…`")),
    responses((status = 200, description = "the new bot"), (status = 400, description = "there is no such sample bot"), (status = 503, description = "the import waits; `/api/public/requests` shows it")), security(("token" = [])))]
pub(crate) async fn add(
    State(platform): State<Platform>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let sample = platform.samples().iter().find(|sample| sample.id == id).ok_or_else(ApiError::invalid_stream)?;
    let account = &caller.app.account;
    let new = NewRequest {
        task: import_of(&platform, &caller, sample).await?.into(),
        account: account.clone(),
        bot: Some(BotId::new(platform.store().ids())),
        log: vec![json!({"taskType": "importRequest", "taskName": sample.name, "status": "success"})],
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let submitted = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?;
    let import = finished(&platform, account, &submitted.request.id).await?;
    let bot = match &import.bot {
        Some(bot) => platform.store().bot(bot).await?.ok_or_else(ApiError::invalid_stream)?,
        None => return Err(ApiError::invalid_stream()),
    };
    Ok(Json(platform.full_bot(&call, &bot).await?))
}

/// What the import is asked: the sample's files, uploaded, and what only a sample's bot has.
async fn import_of(platform: &Platform, caller: &Caller, sample: &Sample) -> Result<BotImport, ApiError> {
    let upload = async |name, bytes| {
        let file = platform.add_built_in_file(&caller.app.account, caller.user(), name, bytes).await?;
        Ok::<_, ApiError>(file.to_string())
    };
    let mut functions = Vec::new();
    if let Some(bytes) = sample.functions {
        functions.push(upload("botFunctions.js", bytes).await?);
    }
    let files = ImportFiles {
        bot_definition: Some(upload("botDefinition.json", sample.definition).await?),
        config_info: Some(upload("config.json", sample.config).await?),
        icon: Some(upload("icon.png", sample.icon).await?),
        bot_functions: functions,
        zip_info: None,
    };
    Ok(BotImport {
        name: Some(unused_name(platform, caller, sample).await?),
        settings: object(json!({"state": "setup", "originalName": sample.name})),
        ..BotImport::new(Target::New, platform.store().ids().uuid(), files)
    })
}

/// `<sample>_<owner>_<n>` with the lowest number that no bot has.
async fn unused_name(platform: &Platform, caller: &Caller, sample: &Sample) -> Result<String, ApiError> {
    let owner = platform.store().user(caller.user()).await?;
    let owner = owner.map(|user| user.first_name).filter(|name| !name.is_empty());
    let prefix = format!("{}_{}_", sample.name, owner.as_deref().unwrap_or("owner"));
    let taken = platform.store().bot_names(&caller.app.account).await?;
    let mut number = 1;
    loop {
        let name = format!("{prefix}{number}");
        if !taken.contains(&name) {
            return Ok(name);
        }
        number += 1;
    }
}

/// The import when it has succeeded.
async fn finished(platform: &Platform, account: &AccountId, id: &RequestId) -> Result<Request, ApiError> {
    let store = platform.store();
    let import = store.wait_for(PATIENCE, || store.request(account, id)).await?;
    let import = import.ok_or_else(ApiError::invalid_request_id)?;
    match import.state {
        RequestState::Succeeded => Ok(import),
        RequestState::Pending | RequestState::Running => {
            let message = "The sample bot is still being added";
            let detail = format!("no worker was free; the request is {id}");
            Err(ApiError::with_status(StatusCode::SERVICE_UNAVAILABLE, message).with_detail(detail))
        }
        RequestState::Failed | RequestState::Cancelled => {
            let reason = import.failure.map_or_else(|| "it was called off".to_owned(), |failure| failure.message);
            let message = "The sample bot could not be added";
            Err(ApiError::with_status(StatusCode::INTERNAL_SERVER_ERROR, message).with_detail(reason))
        }
    }
}
