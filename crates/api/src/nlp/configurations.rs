//! `POST /api/public/bot/{id}/configurations`: sets thresholds and switches of understanding. (api-other-families.md §10.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use definition::nlp::{ConfigureError, NlpData, configure};
use serde_json::{Value, json};
use store::{Content, NewChange};

use super::language_of;
use crate::body::Call;
use crate::documents::{Documents, blocking};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::NlpConfigurations], Limit::Bot);

/// How often a change is tried again when the bot changed meanwhile.
const ATTEMPTS: usize = 5;

/// Sets thresholds and switches of understanding in the draft, for one language.
///
/// The body names engines (`ml`, `faq`, `cs`, `rr`) with their thresholds as exports have them, or settings by themselves:
/// `{"ml": {"minThreshold": 0.4}, "faq": {"pathCoverage": 40}, "NoneIntent": true}`. `groupName` is accepted and not
/// needed. Nothing is set if one setting cannot be.
#[utoipa::path(post, path = "/api/public/bot/{botId}/configurations", tag = "Understanding",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("language" = Option<String>, Query, description = "The language; the bot's default when absent"), ("groupName" = Option<String>, Query, description = "Accepted and not needed")),
    request_body = Object, responses((status = 200, description = "`{message, language, thresholds}` as they are now"), (status = 400, description = "the bot does not speak the language"), (status = 412, description = "a setting is unknown or its value is out of range")), security(("token" = [])))]
pub(crate) async fn configure_bot(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (caller, mut bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let language = language_of(&call, &bot)?;
    let body = Value::Object(call.members().await?);
    let store = platform.store();
    for _ in 0..ATTEMPTS {
        let documents = Documents::load(store, &bot.content).await?;
        let (ids, wanted, spoken) = (store.ids().clone(), body.clone(), language.clone());
        let configured = blocking(move || {
            let mut new_id = |prefix: &'static str| if prefix.is_empty() { ids.uuid() } else { ids.prefixed(prefix) };
            configure(&documents.definition, &spoken, &wanted, &mut new_id)
        })
        .await?;
        let definition = configured.map_err(|error| match error {
            ConfigureError::Shape(error) => ApiError::internal(&error),
            error => ApiError::invalid_arguments(error.to_string()),
        })?;
        let digest = store.blobs().put_content(definition.into_bytes().into()).await?;
        let changed = digest != bot.content.definition;
        if changed {
            let content = Content { definition: digest.clone(), ..bot.content.clone() };
            let change = NewChange {
                user: caller.user().clone(),
                resource_id: None,
                resource_type: "stream",
                message: format!("NLP configurations updated for {language}"),
            };
            let swap = bot.swap(content, caller.user(), platform.now());
            match store.swap_draft(&bot, swap, change).await {
                Ok(()) => {}
                Err(store::Error::Conflict(_)) => {
                    bot = store.bot(&bot.id).await?.ok_or_else(ApiError::invalid_stream)?;
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
        }
        let data = platform.models().data(&digest, &language).await?;
        return Ok(Json(json!({
            "message": "NLP configurations updated successfully",
            "language": language,
            "thresholds": thresholds(&data),
        })));
    }
    Err(ApiError::conflict("The bot is being changed by others; try again"))
}

/// The thresholds in force, by engine, named as exports name them.
fn thresholds(data: &NlpData) -> Value {
    let it = &data.thresholds;
    json!({
        "ml": {"minThreshold": it.ml.least, "exactMatchThreshold": (it.ml.definitive * 100.0).round()},
        "faq": {
            "minThreshold": it.faq.suggest,
            "maxThreshold": it.faq.answer,
            "exactMatchThreshold": it.faq.definitive,
            "pathCoverage": it.faq.path_coverage,
            "suggestionsCount": it.faq.suggestions,
            "taskMatchTolerance": it.faq.tolerance,
            "useBotSynonyms": it.faq.use_bot_synonyms,
        },
        "cs": {"wordCoverage": it.rule.word_coverage, "labelMatch": it.rule.label_match},
        "rr": {
            "isPreferDefinitiveMatch": it.resolver.prefers_definitive,
            "intentRescoring": it.resolver.rescores,
            "taskMatchTolerance": it.resolver.tolerance,
        },
    })
}
