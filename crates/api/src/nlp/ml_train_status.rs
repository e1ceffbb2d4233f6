//! `GET /api/public/bot/{id}/ml/train/status`: how far training is, and whether the model fits the draft. (api.md §16.)

use std::time::Duration;

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use definition::finding::shown;
use definition::nlp::NlpData;
use domain::task::{Kind, MlTraining};
use serde_json::{Map, Value, json};
use store::{Request, State as RequestState};

use super::{BotState, language_of};
use crate::body::Call;
use crate::record::{add_progress, object};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::TrainMl], Limit::Request);

/// How far the newest training of a language is: `Inprogress`, `Finished` or `Failed`; and for each family of what a
/// model is learned from whether the model fits the bot as it is now (`isMlInSyncWith…`).
///
/// While it trains the answer is held back for up to two seconds, since scripts read it only once.
///
/// With `state=published` the version in force is looked at, which always fits: it was trained when it was published.
#[utoipa::path(get, path = "/api/public/bot/{botId}/ml/train/status", tag = "Training",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("language" = Option<String>, Query, description = "The language; the bot's default when absent"), ("state" = Option<String>, Query, description = "`configured` (the draft, the default) or `published`")),
    responses((status = 200, description = "the status"), (status = 400, description = "the bot does not speak the language or is not published, or `state` is another word")), security(("token" = [])))]
pub(crate) async fn status(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let language = language_of(&call, &bot)?;
    let state = match call.query().get("state") {
        None => BotState::Configured,
        Some(word) => BotState::of(word).ok_or_else(|| {
            ApiError::bad_request("Invalid state")
                .with_detail(format!("`state` is {}: give `configured` for the draft, or `published`", shown(word)))
        })?,
    };
    let store = platform.store();
    let look = async || {
        let newest = store.latest_request(&bot.id, Kind::MlTraining).await?;
        // What cannot be read is of no language.
        let is_of_language = |asked: MlTraining| asked.language.as_deref() == Some(&*language);
        Ok(newest.filter(|request| request.asked().is_ok_and(is_of_language)))
    };
    let newest = match state {
        BotState::Configured => store.wait_for(Duration::from_millis(platform.settings().status_hold_ms), look).await?,
        BotState::Published => look().await?,
    };
    let definition = state.definition(&platform, &bot).await?;
    let models = platform.models();
    let is_trained = models.is_trained(&definition, &language).await?;
    let status = match newest.as_ref().map(|request| request.state) {
        Some(RequestState::Pending | RequestState::Running) if state == BotState::Configured => "Inprogress",
        Some(RequestState::Failed | RequestState::Cancelled) if !is_trained => "Failed",
        _ => "Finished",
    };
    let mut record = object(json!({"trainingStatus": status, "language": language}));
    let now = models.data(&definition, &language).await?;
    // What the last training saw, where that is not the bot as it is.
    let outcome = newest.as_ref().map(Request::outcome::<MlTraining>).transpose()?.flatten();
    let seen = match (is_trained, outcome.as_ref().map(|it| it.definition.as_str())) {
        (true, _) | (false, None) => None,
        (false, Some(digest)) => models.data(digest, &language).await.ok(),
    };
    for (family, is_same) in families() {
        let in_sync = is_trained || seen.as_ref().is_some_and(|seen| is_same(seen, &now));
        record.insert(format!("isMlInSyncWith{family}"), json!(in_sync));
    }
    let version = newest.as_ref().map_or(0, |request| request.sequence);
    record.insert("trainDetails".into(), json!({"nlpVersion": nlu::TRAINER_VERSION, "trainVersion": version}));
    if let Some(request) = &newest {
        record.insert("Training_ID".into(), json!(request.asked::<MlTraining>()?.training_id));
        if let Some(result) = outcome {
            record.insert("report".into(), result.report);
        }
        add_progress(&mut record, request);
    }
    Ok(Json(record))
}

/// The families of what a model is learned from, and when two states of a bot are the same in it.
type Family = (&'static str, fn(&NlpData, &NlpData) -> bool);

fn families() -> [Family; 10] {
    [
        ("Sentences", |a, b| by_intent(a, |it| &it.utterances) == by_intent(b, |it| &it.utterances)),
        ("Synonyms", |a, b| a.synonyms == b.synonyms && a.concepts == b.concepts),
        ("Mlparams", |a, b| a.settings == b.settings && a.thresholds == b.thresholds),
        ("Traits", |a, b| a.trait_groups == b.trait_groups),
        ("SmallTalk", |a, b| a.small_talk == b.small_talk),
        // Universal bots have no models of their own here.
        ("UBTraining", |_, _| true),
        ("EntityNode", |a, b| a.entities == b.entities),
        ("IntentNode", |a, b| by_intent(a, |it| &it.label) == by_intent(b, |it| &it.label)),
        ("Patterns", |a, b| {
            by_intent(a, |it| (&it.patterns, &it.negative_patterns))
                == by_intent(b, |it| (&it.patterns, &it.negative_patterns))
        }),
        ("BTUtterances", |a, b| by_intent(a, |it| &it.utterances) == by_intent(b, |it| &it.utterances)),
    ]
}

fn by_intent<'d, T>(data: &'d NlpData, part: impl Fn(&'d definition::nlp::Intent) -> T) -> Vec<(&'d str, T)> {
    data.intents.iter().map(|intent| (intent.component_ref.as_str(), part(intent))).collect()
}
