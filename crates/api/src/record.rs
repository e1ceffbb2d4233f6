//! Request rows as the records clients read.

use serde_json::{Map, Value, json};
use store::{Request, State};

use crate::{ApiError, Platform};

/// The word the original uses for a state of imports and exports: `pending` until the end, since clients loop only
/// while they read exactly that.
pub(crate) fn lifecycle_word(state: State) -> &'static str {
    match state {
        State::Pending | State::Running => "pending",
        State::Succeeded => "success",
        State::Failed | State::Cancelled => "failed",
    }
}

/// What this server adds to every record: how far the request is, and why it failed. Clients of the original ignore it.
pub(crate) fn add_progress(record: &mut Map<String, Value>, request: &Request) {
    record.insert("percentageComplete".into(), json!(request.progress));
    if request.state == State::Cancelled {
        record.insert("reason".into(), json!("the request was cancelled"));
    }
    if let Some(failure) = &request.failure {
        record.insert("reason".into(), json!(failure.message));
        record.insert("failure".into(), json!(failure));
    }
}

/// Adds `findings`: what the request asked that was not done as asked, as its body showed at once and as the work showed
/// later. Absent when there is nothing to tell, as in rows from before.
pub(crate) fn add_findings(record: &mut Map<String, Value>, request: &Request) {
    let findings: Vec<Value> = request.findings().cloned().collect();
    if !findings.is_empty() {
        record.insert("findings".into(), Value::Array(findings));
    }
}

/// A JSON object that is known to be one.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => unreachable!("the caller wrote an object"),
    }
}

impl Platform {
    /// The newest request of a kind on a bot, waited for while it runs, as scripts read it only once.
    pub(crate) async fn latest_when_done(
        &self,
        bot: &domain::BotId,
        kind: domain::task::Kind,
    ) -> Result<Request, ApiError> {
        let patience = std::time::Duration::from_millis(self.settings().status_hold_ms);
        let found = self.store().wait_for(patience, || self.store().latest_request(bot, kind)).await?;
        found.ok_or_else(ApiError::invalid_request_id)
    }

    /// A request of an account by its id, waited for while it runs.
    pub(crate) async fn request_when_done(&self, account: &domain::AccountId, id: &str) -> Result<Request, ApiError> {
        let patience = std::time::Duration::from_millis(self.settings().status_hold_ms);
        let id = domain::RequestId::stored(id);
        let found = self.store().wait_for(patience, || self.store().request(account, &id)).await?;
        found.ok_or_else(ApiError::invalid_request_id)
    }
}
