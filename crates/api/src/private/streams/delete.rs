//! `DELETE /api/users/{u}/builder/streams/{st}`: removes a bot.

use access::AppKind;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::body::Call;
use crate::{ApiError, Platform};

/// Removes a bot with its versions, channels and variables, and the builder apps that reach only it.
#[utoipa::path(delete, path = "/api/users/{userId}/builder/streams/{botId}", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "it is gone"), (status = 400, description = "there is no such bot")), security(("bearer" = [])))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (person, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    let store = platform.store();
    store.delete_bot(&bot.id).await?;
    for stored in store.apps(&bot.account).await? {
        let mut app = stored.app;
        if app.kind != AppKind::Builder || !app.bots.contains(&bot.id) {
            continue;
        }
        app.bots.retain(|other| *other != bot.id);
        if app.bots.is_empty() {
            store.delete_app(&app.client_id).await?;
        } else {
            store.put_app(&app, &stored.push_notifications).await?;
        }
    }
    let description = format!("Deleted the bot {} ({})", bot.name, bot.id);
    store.log_audit(&bot.account, "Bot Management", &person.caller.email, &description).await?;
    Ok(Json(json!({"_id": bot.id, "message": "Bot deleted successfully"})))
}
