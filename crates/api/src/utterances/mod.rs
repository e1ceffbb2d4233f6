//! Training utterances of a bot: export and import, each with its status.

mod export;
mod export_status;
mod import;
mod import_status;

use domain::Timestamp;
use domain::task::{UtteranceExport, UtteranceImport};
use serde_json::{Map, Value, json};
use store::{Request, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::record::{add_findings, add_progress, lifecycle_word, object};
use crate::{ApiError, Platform};

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(export::export))
        .routes(routes!(export_status::status))
        .routes(routes!(import::import))
        .routes(routes!(import_status::status))
}

/// The record of an export.
fn export_record(request: &Request) -> Result<Map<String, Value>, ApiError> {
    let status = match request.state {
        State::Pending | State::Running => "IN_PROGRESS",
        State::Succeeded => "SUCCESS",
        State::Failed | State::Cancelled => "FAILED",
    };
    let file_type = request.asked::<UtteranceExport>()?.file_type.extension().to_uppercase();
    // This one time of the original has no fractions.
    let modified = Timestamp::from_millis(request.modified_at.as_seconds() * 1000);
    let mut record = object(json!({
        "_id": request.id,
        "status": status,
        "streamId": request.bot,
        "jobType": "ML_UTTERANCE",
        "action": "EXPORT",
        "fileType": file_type,
        "countOfDockStatuses": 1,
        "createdBy": request.created_by,
        "statusLogs": request.log,
        "lMod": modified,
        "createdOn": request.created_at,
        "requestedTime": request.created_at,
        "__v": 0,
    }));
    add_progress(&mut record, request);
    Ok(record)
}

/// The record of an import. One that `is_early` reads `pending`, whatever it has come to.
fn import_record(request: &Request, is_early: bool) -> Result<Map<String, Value>, ApiError> {
    let state = if is_early { State::Pending } else { request.state };
    let mut record = object(json!({
        "_id": request.id,
        "status": lifecycle_word(state),
        "streamId": request.bot,
        "createdBy": request.created_by,
        "requestType": "MLimport",
        "statusLogs": request.log,
        "createdOn": request.created_at,
        "__v": 0,
    }));
    if !state.is_final() {
        // What the work shows is not told before the work is said to be done.
        let findings = request.asked::<UtteranceImport>()?.findings;
        if !findings.is_empty() {
            record.insert("findings".into(), json!(findings));
        }
        record.insert("percentageComplete".into(), json!(if is_early { 0 } else { request.progress }));
        return Ok(record);
    }
    add_findings(&mut record, request);
    add_progress(&mut record, request);
    if let Some(result) = request.outcome::<UtteranceImport>()? {
        let message = format!("File imported completed. {} utterances copied successfully", result.count);
        record.insert("message".into(), json!(message));
        record.insert("added".into(), json!(result.added));
        record.insert("rejectedCount".into(), json!(result.rejected_count));
        record.insert("rejected".into(), result.rejected);
    }
    Ok(record)
}
