//! `POST /api/public/bot/{id}/ml/train`: trains the draft of a bot in a language. (api.md §16.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::task::MlTraining;
use serde_json::{Value, json};
use store::NewRequest;

use super::language_of;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::TrainMl], Limit::Bot);

/// Trains the draft of a bot in the language of the header `bot-language`, or its default; `ml/train/status` shows how
/// far it is.
#[utoipa::path(post, path = "/api/public/bot/{botId}/ml/train", tag = "Training",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("bot-language" = Option<String>, Header, description = "The language; the bot's default when absent")),
    responses((status = 200, description = "a list of one: `{message, Training_ID}`"), (status = 400, description = "the bot does not speak the language")), security(("token" = [])))]
pub(crate) async fn train(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let language = language_of(&call, &bot)?;
    let new = NewRequest {
        task: MlTraining { language: Some(language), training_id: Some(platform.store().ids().object_id()) }.into(),
        account: bot.account.clone(),
        bot: Some(bot.id.clone()),
        log: Vec::new(),
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let request = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?.request;
    // A repeated call is told the id of the first.
    let training = request.asked::<MlTraining>()?.training_id;
    Ok(Json(json!([{"message": "Training Queued.", "Training_ID": training, "requestId": request.id}])))
}
