//! Training of a draft in one language, of its intents and of its questions: both are one model.

use domain::task::{FaqTraining, Kind, MlTraining, TrainingResult};
use serde_json::{Value, json};

use crate::runner::{Attempt, Done};
use crate::{Context, JobError};

pub(crate) async fn run(context: &Context, attempt: &Attempt) -> Result<Done, JobError> {
    let request = &attempt.request;
    let id = request.bot.clone().ok_or_else(|| JobError::refused("the request names no bot"))?;
    let bot = context.store.bot(&id).await?;
    let bot = bot.ok_or_else(|| JobError::refused(format!("the bot {id} was deleted meanwhile")))?;
    let asked = match request.kind {
        Kind::FaqTraining => request.asked::<FaqTraining>()?.language,
        _ => request.asked::<MlTraining>()?.language,
    };
    let language = asked.as_ref().unwrap_or(&bot.default_language);
    attempt.progress(10).await?;
    let published = context.store.published_version(&bot).await?;
    let before = published.as_ref().map(|version| version.content.definition.as_str());
    let report = context.models.train(&bot.content.definition, language, before).await?;
    // A model is named by what it was learned from, so a draft that changed meanwhile needs no care: this model just is
    // not its.
    let result = TrainingResult { definition: bot.content.definition.clone(), report: report_of(&report) };
    Done::without_effect::<MlTraining>(&result)
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
