//! Export of training utterances as one JSON or CSV file.

use definition::utterances::{export_rows, to_csv, to_json};
use domain::task::{FileType, UtteranceExport, UtteranceExportResult, UtteranceState};
use store::NewChange;

use crate::documents::{Documents, blocking};
use crate::runner::{Attempt, Done};
use crate::{Context, JobError, export_file};

pub(crate) async fn run(context: &Context, attempt: &Attempt) -> Result<Done, JobError> {
    let store = &context.store;
    let request = &attempt.request;
    let id = request.bot.as_ref().ok_or_else(|| JobError::refused("the request names no bot"))?;
    let bot = store.bot(id).await?;
    let bot = bot.ok_or_else(|| JobError::refused(format!("the bot {id} was deleted meanwhile")))?;
    let asked: UtteranceExport = request.asked()?;
    let content = if asked.state == UtteranceState::Published {
        let version = store.published_version(&bot).await?;
        let version = version.ok_or_else(|| {
            JobError::refused("the bot was never published; publish it first, or export the state `configured`")
        })?;
        version.content
    } else {
        bot.content.clone()
    };
    let documents = Documents::load(store, &content).await?;
    attempt.progress(30).await?;
    let (text, count) = blocking(move || {
        let rows = export_rows(&documents.definition)?;
        let text = match asked.file_type {
            FileType::Csv => to_csv(&rows),
            FileType::Json => to_json(&rows),
        };
        Ok((text, rows.len()))
    })
    .await?;
    attempt.progress(60).await?;

    let extension = asked.file_type.extension();
    let name = format!("{} utterances.{extension}", if bot.name.is_empty() { "bot" } else { &bot.name });
    let file = export_file::write(context, attempt, name, extension, text).await?;
    let entry = NewChange {
        user: request.created_by.clone(),
        resource_id: Some(request.id.to_string()),
        resource_type: "Sentence",
        message: format!("ML utterances exported: {count}"),
    }
    .entry(store, &request.account, id);
    let result =
        UtteranceExportResult { file_id: file.id.to_string(), size: file.size, sha256: file.digest.clone(), count };
    Done::new::<UtteranceExport>(
        &result,
        Box::new(move |tx| {
            Box::pin(async move {
                file.insert(tx).await?;
                entry.insert(tx).await
            })
        }),
    )
}
