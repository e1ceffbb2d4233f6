//! `POST /api/public/builder/bot/{id}/variables/import`: puts variables into the draft of a bot. (api.md §15.)

use std::sync::Arc;

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use bytes::Bytes;
use definition::Config;
use definition::finding::{Finding, listed};
use definition::variables::{ImportedVariables, VariablesError, change_variable, import_variables};
use domain::UserId;
use http::StatusCode;
use serde_json::{Value, json};
use store::{Bot, Content, NewChange};

use crate::body::Call;
use crate::documents::{Documents, blocking};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform, sizes};

const DEMAND: Demand = demand(&[Scope::VariablesImport], Limit::Bot);

/// How often the variables are put in anew because somebody else changed the draft meanwhile.
const TRIES: usize = 5;

/// Adds variables to the draft of a bot, or changes those of the same key. Only `key` is required.
///
/// The body is a list, or an object with `botVariables`, `botCollections` and `botCollectionVariables`. Values of
/// secured variables are kept apart, sealed; an empty one, as exports hold it, leaves the value as it is.
///
/// `findings` (ours, absent without any) list `{pointer, code, text}`: namespaces that the bot has not, and members that did
/// nothing.
#[utoipa::path(post, path = "/api/public/builder/bot/{botId}/variables/import", tag = "Variables", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Vec<Object>, responses((status = 200, description = "how many variables were taken in"), (status = 400, description = "a `variableType` is none"), (status = 412, description = "the body holds no variables, or one without a key"), (status = 500, description = "the body is `{}`; the original answers so")), security(("token" = [])))]
pub(crate) async fn import(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let body = call.json().await?;
    let taken_in = import_into_draft(&platform, caller.user(), bot, body.clone()).await?;
    let mut answer = json!({"message": format!("{} Variables imported/updated successfully.", taken_in.count)});
    if !taken_in.findings.is_empty() {
        answer["findings"] = json!(listed(taken_in.findings, &body));
    }
    Ok(Json(answer))
}

/// What came of variables that were put into a draft.
pub(crate) struct TakenIn {
    /// How many the body held.
    count: usize,
    findings: Vec<Finding>,
}

/// Puts variables into the draft of a bot.
pub(crate) async fn import_into_draft(
    platform: &Platform,
    user: &UserId,
    bot: Bot,
    body: Value,
) -> Result<TakenIn, ApiError> {
    sizes::judge_variables(&body, platform.store().limits())?;
    let work: Arc<Work> = Arc::new(move |it| import_variables(&it.config, &it.definition, &body));
    put_in_draft(platform, user, bot, work).await
}

/// Changes the variable of the draft that has this key and the type of `variable`; its key, too.
pub(crate) async fn change_in_draft(
    platform: &Platform,
    user: &UserId,
    bot: Bot,
    key: String,
    variable: Value,
) -> Result<(), ApiError> {
    sizes::judge_variables(&json!([variable]), platform.store().limits())?;
    let work: Arc<Work> = Arc::new(move |it| change_variable(&it.config, &it.definition, &key, variable.clone()));
    put_in_draft(platform, user, bot, work).await.map(|_| ())
}

/// What is done to the variables of a bot; done anew when somebody else changed the draft meanwhile.
type Work = dyn Fn(&Documents) -> Result<ImportedVariables, VariablesError> + Send + Sync;

async fn put_in_draft(platform: &Platform, user: &UserId, mut bot: Bot, work: Arc<Work>) -> Result<TakenIn, ApiError> {
    let store = platform.store();
    let mut tried = 0;
    loop {
        let changed = Changed::make(platform, &bot, Arc::clone(&work)).await?;
        let content = Content {
            definition: store.blobs().put_content(Bytes::from(changed.definition)).await?,
            config: store.blobs().put_content(Bytes::from(changed.config)).await?,
            ..bot.content.clone()
        };
        let swap = bot.swap(content, user, platform.now());
        let change = NewChange {
            user: user.clone(),
            resource_id: None,
            resource_type: "variables",
            message: format!("Bot variables are imported: {}", changed.count),
        };
        tried += 1;
        match store.swap_draft_with_secrets(&bot, swap, change, &changed.secrets).await {
            Err(store::Error::Conflict(_)) if tried < TRIES => {
                bot = store.bot(&bot.id).await?.ok_or_else(ApiError::invalid_stream)?;
            }
            swapped => {
                swapped?;
                return Ok(TakenIn { count: changed.count, findings: changed.findings });
            }
        }
    }
}

/// The documents of a bot with the variables in them.
struct Changed {
    definition: String,
    config: String,
    secrets: Vec<(String, String)>,
    count: usize,
    findings: Vec<Finding>,
}

impl Changed {
    async fn make(platform: &Platform, bot: &Bot, work: Arc<Work>) -> Result<Self, ApiError> {
        let documents = Documents::load(platform.store(), &bot.content).await?;
        let imported = blocking(move || work(&documents)).await?;
        let imported = imported.map_err(|error| refusal(platform, &error))?;
        let config = Config::parse(imported.config, "config.json").map_err(|error| ApiError::internal(&error))?;
        let (config, secrets) = config.without_secured_values().map_err(|error| ApiError::internal(&error))?;
        let ImportedVariables { definition, count, findings, .. } = imported;
        Ok(Self { definition, config, secrets, count, findings })
    }
}

/// The error of a call whose variables cannot be taken.
pub(crate) fn refusal(platform: &Platform, error: &VariablesError) -> ApiError {
    match error {
        // The original fails on this, and its own tests expect it to.
        VariablesError::Empty if platform.settings().empty_variables_fail => {
            ApiError::with_status(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
                .with_detail(error.to_string())
        }
        VariablesError::Empty | VariablesError::NotVariables => ApiError::invalid_arguments(error.to_string()),
        VariablesError::NoKey { pointer } => ApiError::invalid_arguments(error.to_string()).at(pointer.clone()),
        VariablesError::BadType { pointer, .. } => {
            ApiError::bad_request("Invalid variableType").with_detail(error.to_string()).at(pointer.clone())
        }
        VariablesError::BadNamespaces { pointer } | VariablesError::UnknownNamespace { pointer, .. } => {
            ApiError::bad_request("Invalid vNameSpace").with_detail(error.to_string()).at(pointer.clone())
        }
        VariablesError::Taken { .. } => ApiError::conflict(error.to_string()).at("/key"),
        VariablesError::Shape(error) => ApiError::internal(error),
    }
}
