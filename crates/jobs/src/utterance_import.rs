//! Import of training utterances from one JSON or CSV file into the draft of a bot.

use definition::finding::listed;
use definition::utterances::{ImportMode, import_rows, read_rows};
use domain::TooLarge;
use domain::task::{UtteranceImport, UtteranceImportResult};
use serde_json::{Value, json};
use store::{Bot, Content, Failure, NewChange};

use crate::documents::{Documents, blocking, text_bytes};
use crate::runner::{Attempt, Done};
use crate::{Context, JobError};

/// How many rows that were not accepted the record of an import lists.
const LISTED_REJECTIONS: usize = 50;

pub(crate) async fn run(context: &Context, attempt: &Attempt) -> Result<Done, JobError> {
    let store = &context.store;
    let request = &attempt.request;
    let id = request.bot.clone().ok_or_else(|| JobError::refused("the request names no bot"))?;
    let bot = store.bot(&id).await?;
    let bot = bot.ok_or_else(|| JobError::refused(format!("the bot {id} was deleted meanwhile")))?;
    let asked: UtteranceImport = request.asked()?;
    let file = store.file(&request.account, &asked.file_id).await?;
    let file = file.ok_or_else(|| {
        JobError::refused(format!("the uploaded file {} is gone; upload it and start the import again", asked.file_id))
    })?;
    let bytes = store.file_bytes(&file).await?;
    let documents = Documents::load(store, &bot.content).await?;
    attempt.progress(30).await?;

    let mode = if asked.replace { ImportMode::Replace } else { ImportMode::Add };
    let (ids, limits) = (store.ids().clone(), *store.limits());
    let imported = blocking(move || {
        let rows = read_rows(&bytes).map_err(|error| JobError::refused(format!("{}: {error}", file.name)))?;
        let too_large = |error: TooLarge| JobError::refused(format!("{}: {error}", file.name));
        TooLarge::check("the file", rows.len(), limits.utterances, "utterances").map_err(too_large)?;
        let longest = rows.iter().map(|row| row.sentence.len()).max().unwrap_or(0);
        TooLarge::check("an utterance", longest, limits.utterance_bytes, "bytes").map_err(too_large)?;
        Ok(import_rows(&documents.definition, &rows, mode, &mut || ids.object_id())?)
    })
    .await?;
    attempt.progress(70).await?;

    // Where the file stands in the body of the request.
    let pointer = format!("/{}", asked.file_member);
    let findings = imported.findings(&pointer);
    if imported.count == 0 {
        let first = findings.first().map(|finding| format!(" {}", finding.text)).unwrap_or_default();
        return Err(JobError::Refused(Box::new(Failure {
            message: format!("no row of the file can be taken, so nothing was changed.{first}"),
            pointer: Some(pointer),
            ..Failure::default()
        })));
    }
    let definition = store.blobs().put_content(text_bytes(imported.text)).await?;
    let content = Content { definition, ..bot.content.clone() };
    let swap = (content != bot.content).then(|| bot.swap(content, &request.created_by, store.clock().now()));
    let rejected = &imported.rejected[..imported.rejected.len().min(LISTED_REJECTIONS)];
    let result = UtteranceImportResult {
        count: imported.count,
        added: imported.added,
        rejected_count: imported.rejected.len(),
        rejected: json!(rejected),
        findings: listed(findings, &Value::Null),
    };
    let entry = NewChange {
        user: request.created_by.clone(),
        resource_id: Some(request.id.to_string()),
        resource_type: "Sentence",
        message: format!("ML utterances imported: {}", imported.count),
    }
    .entry(store, &request.account, &id);
    Done::new::<UtteranceImport>(
        &result,
        Box::new(move |tx| {
            Box::pin(async move {
                if let Some(swap) = swap {
                    Bot::apply_swap(tx, &id, &swap).await?;
                }
                entry.insert(tx).await
            })
        }),
    )
}
