//! `POST /api/public/bot/{id}/faqs/train`: trains the questions of a bot in a language. (api.md §16.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::task::FaqTraining;
use serde_json::{Map, Value};
use store::NewRequest;

use super::{faqs_train_status::record, spoken};
use crate::body::{Call, required_text};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::TrainFaq], Limit::Bot);

/// Trains the questions of the draft in a language; `faqs/train/status` shows how far it is.
#[utoipa::path(post, path = "/api/public/bot/{botId}/faqs/train", tag = "Training", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the training's record, `in-progress`"), (status = 400, description = "the bot does not speak the language"), (status = 412, description = "`language` is missing")), security(("token" = [])))]
pub(crate) async fn train(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let language = spoken(&required_text(&call.members().await?, "language")?, &bot)?;
    let new = NewRequest {
        task: FaqTraining { language: Some(language) }.into(),
        account: bot.account.clone(),
        bot: Some(bot.id.clone()),
        log: Vec::new(),
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let submitted = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?;
    Ok(Json(record(&submitted.request)?))
}
