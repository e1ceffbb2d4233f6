//! `POST /api/v1.1/rest/bot/{id}/findIntent`: what a text means to a bot. (api.md §17.)

use access::{AppKind, Scope};
use axum::Json;
use axum::extract::{Path, State};
use definition::finding::shown;
use nlu::{Question, State as Standing};
use serde_json::{Map, Value, json};
use store::Bot;

use super::trace::{Trace, result_word, trace};
use super::{BotState, spoken};
use crate::body::{Call, optional_text};
use crate::documents::blocking;
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::IntentDetection], Limit::Bot);

/// Longer texts are no messages. Channels take 3,000 characters; testers may try more.
const MAX_CHARACTERS: usize = 20_000;

/// Says which task, question or small talk a text means, with which entity values, how sure that is, and why.
///
/// `fetchConfiguredTasks` says which state of the bot is asked: `true` the draft, `false` the published version. When it
/// is absent, builder apps ask the draft and admin apps the published version, if there is one. A draft that was changed
/// since its last training is trained first.
///
/// Without the header `bot-language` the language is found out from the text, among those the bot speaks.
#[utoipa::path(post, path = "/api/rest/bot/{botId}/findIntent", tag = "Understanding",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("fetchConfiguredTasks" = Option<bool>, Query, description = "`true`: the draft; `false`: the published version"), ("bot-language" = Option<String>, Header, description = "The language of the text")),
    request_body(content = Object, description = "`{input, streamName, parentIntent?, expandAns?}`"),
    responses((status = 200, description = "`{request, response: {result, finalResolver, …}}`"), (status = 400, description = "`streamName` is missing, the bot is not published, or it does not speak the language"), (status = 412, description = "`input` is missing, or has more than 20,000 characters")), security(("token" = [])))]
pub(crate) async fn find_intent(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let body = call.members_with_texts().await?;
    let stream_name = optional_text(&body, "streamName").ok_or_else(|| {
        ApiError::bad_request("Improper payload").with_detail("`streamName` is missing").at("/streamName")
    })?;
    let Some(Value::String(input)) = body.get("input") else {
        return Err(ApiError::invalid_arguments("`input` must be a text").at("/input"));
    };
    if input.chars().count() > MAX_CHARACTERS {
        let detail = format!("`input` has more than {MAX_CHARACTERS} characters; a message has at most 3,000");
        return Err(ApiError::invalid_arguments(detail).at("/input"));
    }
    let state = match call.query().get("fetchConfiguredTasks") {
        Some(wanted) if wanted.eq_ignore_ascii_case("false") => BotState::Published,
        Some(wanted) if wanted.eq_ignore_ascii_case("true") => BotState::Configured,
        Some(other) => {
            return Err(ApiError::bad_request("Invalid fetchConfiguredTasks").with_detail(format!(
                "`fetchConfiguredTasks` is {}: give `true` for the draft, or `false` for what is published",
                shown(other)
            )));
        }
        None if caller.app.kind == AppKind::Admin && bot.published_version.is_some() => BotState::Published,
        None => BotState::Configured,
    };
    let definition = state.definition(&platform, &bot).await?;
    let started = platform.now();
    let language = language(&platform, &call, &bot, &definition, input).await?;
    let model = platform.models().model(&definition, &language).await?;
    let parent = optional_text(&body, "parentIntent");
    let asked = (input.clone(), started.to_utc());
    let (model, understanding, dialogs, known_parent) = blocking(move || {
        let (text, now) = asked;
        let parent = parent.map(|name| model.dialog_named(&name).map_or(Err(name), |dialog| Ok(dialog.to_owned())));
        let dialogs: Vec<String> = parent.iter().flatten().cloned().collect();
        let standing = Standing { dialogs: &dialogs, ..Standing::default() };
        let understanding = model.understand(&Question { text: &text, now: &now, state: standing });
        (model, understanding, dialogs, parent)
    })
    .await?;
    if let Some(Err(name)) = known_parent {
        let detail = format!("`parentIntent`: the bot has no dialog `{name}`");
        return Err(ApiError::invalid_arguments(detail).at("/parentIntent"));
    }
    let expand = body.get("expandAns").is_some_and(|it| it == true || it == "true");
    let standing = Standing { dialogs: &dialogs, ..Standing::default() };
    let Trace { winner, members } = trace(&model, &understanding, standing, state.word(), expand);
    let mut response = object(json!({
        "result": result_word(&understanding.outcome),
        "bot": bot.name,
        "botid": bot.id,
        "language": language,
        "userId": caller.user(),
        "input": [input],
        "time": started,
        "usedtime": platform.now().since(started).as_millis(),
    }));
    if let Some(winner) = &winner {
        response.insert("task".into(), json!(winner.label));
        response.insert("taskId".into(), json!(winner.id));
    }
    // Which state of the bot was asked is told of messages that mean nothing to it, too.
    response.insert("intentStatus".into(), json!(state.word()));
    if let Some(winner) = winner {
        response.insert("subType".into(), json!(winner.kind));
    }
    response.extend(members);
    let ids = platform.store().ids();
    Ok(Json(object(json!({
        "request": {"input": input, "streamName": stream_name},
        "response": response,
        "streamId": bot.id,
        "streamName": stream_name,
        "seqLogId": ids.object_id(),
        "_id": ids.prefixed("f"),
        "name": stream_name,
        "input": input,
    }))))
}

/// The language that was named, else the one the text is most likely in.
async fn language(
    platform: &Platform,
    call: &Call,
    bot: &Bot,
    definition: &str,
    text: &str,
) -> Result<String, ApiError> {
    if let Some(named) = call.header("bot-language").map(str::trim).filter(|it| !it.is_empty()) {
        return spoken(named, bot);
    }
    if bot.languages.len() < 2 {
        return Ok(bot.default_language.clone());
    }
    Ok(platform.models().language_of(definition, &bot.languages, text, &bot.default_language).await?.language)
}
