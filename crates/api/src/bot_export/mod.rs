//! Export of a bot: start it, and see how far it is.

pub(crate) mod start;
pub(crate) mod status;

use domain::task::BotExport;
use serde_json::{Map, Value, json};
use store::Request;

use crate::ApiError;
use crate::record::{add_findings, add_progress, lifecycle_word, object};

/// The record of an export, without what only a finished one has.
fn record(request: &Request) -> Result<Map<String, Value>, ApiError> {
    let mut record = object(json!({
        "_id": request.id,
        "streamId": request.bot,
        "status": lifecycle_word(request.state),
        "createdBy": request.created_by,
        "exportType": request.asked::<BotExport>()?.export_type,
        "requestType": "Botexport",
        "createdOn": request.created_at,
        "__v": 0,
    }));
    add_findings(&mut record, request);
    add_progress(&mut record, request);
    Ok(record)
}
