//! Training of a draft in one language, of its intents and of its questions: both are one model.

use serde_json::{Value, json};

use crate::runner::{Attempt, Done};
use crate::{Context, JobError};

pub(crate) async fn run(context: &Context, attempt: &Attempt) -> Result<Done, JobError> {
    let request = &attempt.request;
    let id = request.bot.clone().ok_or_else(|| JobError::refused("the request names no bot"))?;
    let bot = context.store.bot(&id).await?;
    let bot = bot.ok_or_else(|| JobError::refused(format!("the bot {id} was deleted meanwhile")))?;
    let language = request.parameters["language"].as_str().unwrap_or(&bot.default_language);
    attempt.progress(10).await?;
    let published = context.store.published_version(&bot).await?;
    let before = published.as_ref().map(|version| version.content.definition.as_str());
    let report = context.models.train(&bot.content.definition, language, before).await?;
    // A model is named by what it was learned from, so a draft that changed meanwhile needs no care: this model just is
    // not its.
    Ok(Done::without_effect(json!({"definition": bot.content.definition, "report": report_of(&report)})))
}

/// What training found, for records.
pub(crate) fn report_of(report: &nlu::Report) -> Value {
    let judgement = report.judgement.as_ref();
    json!({
        "intents": report.intents,
        "utterances": report.utterances,
        "questions": report.questions,
        "findings": report.findings,
        "judged": judgement.map(|it| it.judged),
        "accuracy": judgement.map(nlu::measure::Classification::accuracy),
        "confusions": judgement.map(|it| &it.confusions),
    })
}
