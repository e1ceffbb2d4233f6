//! Export of training utterances as one JSON or CSV file.

use definition::utterances::{export_rows, to_csv, to_json};
use serde_json::json;
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
    let content = if request.parameters["state"] == "published" {
        let version = store.published_version(&bot).await?;
        let version = version.ok_or_else(|| {
            JobError::refused("the bot was never published; publish it first, or export the state `configured`")
        })?;
        version.content
    } else {
        bot.content.clone()
    };
    let is_csv = request.parameters["fileType"] == "csv";
    let documents = Documents::load(store, &content).await?;
    attempt.progress(30).await?;
    let (text, count) = blocking(move || {
        let rows = export_rows(&documents.definition)?;
        Ok((if is_csv { to_csv(&rows) } else { to_json(&rows) }, rows.len()))
    })
    .await?;
    attempt.progress(60).await?;

    let extension = if is_csv { "csv" } else { "json" };
    let name = format!("{} utterances.{extension}", if bot.name.is_empty() { "bot" } else { &bot.name });
    let file = export_file::write(context, attempt, name, extension, text).await?;
    let entry = NewChange {
        user: request.created_by.clone(),
        resource_id: Some(request.id.to_string()),
        resource_type: "Sentence",
        message: format!("ML utterances exported: {count}"),
    }
    .entry(store, &request.account, id);
    Ok(Done {
        result: json!({"fileId": file.id, "size": file.size, "sha256": file.digest, "count": count}),
        effect: Box::new(move |tx| {
            Box::pin(async move {
                file.insert(tx).await?;
                entry.insert(tx).await
            })
        }),
    })
}
