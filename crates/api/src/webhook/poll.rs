//! `GET /chatbot/v2/webhook/{botId}/poll/{pollId}`: the rest of an answer.

use axum::Json;
use axum::extract::{Path, State};
use channels::webhook::{self, Version};
use conversation::Polled;
use serde_json::Value;

use super::answer::{answer_body, partial_body};
use super::caller::caller;
use crate::body::Call;
use crate::{ApiError, Platform};

/// Asks for an answer that took longer than the message could wait. It is given once; while the turn lasts, so is what was
/// said until then, with the `pollId`.
#[utoipa::path(get, path = "/chatbot/v2/webhook/{botId}/poll/{pollId}", tag = "Conversation", params(("botId" = String, Path, description = "The bot, `st-…`"), ("pollId" = String, Path, description = "From the answer to the message")),
    responses((status = 200, description = "the answer, or `status` `Inprogress`"), (status = 400, description = "there is no such answer, or it was given")), security(("bearer" = [])))]
pub(crate) async fn poll(
    State(platform): State<Platform>,
    Path((bot, poll)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (_, bot) = caller(&platform, &call, &bot).await?;
    match platform.conversations().poll(&bot.id, &poll).await? {
        Polled::Answer(answer) => Ok(Json(answer_body(Version::V2, &answer.identity, bot.id.as_str(), &answer))),
        Polled::Pending => Ok(Json(webhook::in_progress(&poll))),
        Polled::Said { identity, said } => {
            Ok(Json(partial_body(Version::V2, &identity, bot.id.as_str(), &said, &poll)))
        }
        Polled::Unknown => Err(ApiError::bad_request("No data found")
            .with_detail("there is no answer under this id: it was given already, or the id is wrong")),
    }
}
