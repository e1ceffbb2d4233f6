//! `PUT /api/organization/{o}/workflows/updateTaskStatus`: approves tasks that wait for an administrator.
//!
//! Here no task waits: a publish needs no approval. So the answer says which of the named tasks there are; approving
//! them changes nothing.

use axum::Json;
use axum::extract::{Path, State};
use definition::tasks::resources;
use serde_json::{Value, json};

use super::person::may_build;
use crate::body::Call;
use crate::{ApiError, Platform};

/// Approves tasks. A publish of this server needs no approval, so the answer only lists the named tasks that exist, all
/// of them approved.
///
/// The body may name bots and tasks in any shape: every `st-…` and task id in it counts; a bot without any of its tasks
/// stands for all of them.
#[utoipa::path(put, path = "/api/organization/{orgId}/workflows/updateTaskStatus", tag = "Private tier", params(("orgId" = String, Path, description = "The organisation, `o-…`")),
    request_body = Object, responses((status = 200, description = "`approved`: the tasks"), (status = 403, description = "the path names another organisation")), security(("bearer" = [])))]
pub(crate) async fn put(
    State(platform): State<Platform>,
    Path(organization): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    platform.approve_tasks(&call, &organization).await
}

/// As `PUT`.
#[utoipa::path(post, path = "/api/organization/{orgId}/workflows/updateTaskStatus", tag = "Private tier", params(("orgId" = String, Path, description = "The organisation, `o-…`")),
    request_body = Object, responses((status = 200, description = "`approved`: the tasks"), (status = 403, description = "the path names another organisation")), security(("bearer" = [])))]
pub(crate) async fn post(
    State(platform): State<Platform>,
    Path(organization): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    platform.approve_tasks(&call, &organization).await
}

impl Platform {
    async fn approve_tasks(&self, call: &Call, organization: &str) -> Result<Json<Value>, ApiError> {
        let caller = self.member(call, organization).await?;
        let body = if call.body().await?.trim_ascii().is_empty() { json!({}) } else { call.json().await? };
        let mut named = Vec::new();
        collect_texts(&body, &mut named);
        let names_bots = named.iter().any(|text| text.starts_with("st-"));
        let names_tasks = named.iter().any(|text| is_task_id(text));
        let mut approved = Vec::new();
        if !names_bots && !names_tasks {
            return Ok(Json(json!({"status": "success", "approved": approved})));
        }
        let bots = self.store().bots(&caller.account, 0, i64::MAX).await?.items;
        for bot in bots.iter().filter(|bot| may_build(&caller, bot)) {
            let names_bot = named.iter().any(|text| text == bot.id.as_str());
            if names_bots && !names_bot {
                continue;
            }
            let tasks = self.read_documents(bot, |documents| Ok(resources(&documents.definition))).await?;
            let is_named = |id: &str| !id.is_empty() && named.iter().any(|text| text == id);
            let some_named = tasks.iter().any(|task| is_named(&task.id) || is_named(&task.ref_id));
            for task in tasks {
                let wanted = if some_named { is_named(&task.id) || is_named(&task.ref_id) } else { names_bot };
                if wanted {
                    approved.push(json!({
                        "resourceId": task.id,
                        "refId": task.ref_id,
                        "resourceType": task.kind.resource_type(),
                        "name": task.name,
                        "streamId": bot.id,
                        "status": "approved",
                    }));
                }
            }
        }
        Ok(Json(json!({"status": "success", "approved": approved})))
    }
}

/// Whether a text can be the id of a task: `dg-<uuid>` and such, or a bare UUID.
fn is_task_id(text: &str) -> bool {
    let of_another_kind = ["st-", "u-", "o-", "cs-"].iter().any(|prefix| text.starts_with(prefix));
    !of_another_kind && text.len() >= 36 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Every text in a value.
fn collect_texts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Object(members) => members.values().for_each(|member| collect_texts(member, texts)),
        _ => {}
    }
}
