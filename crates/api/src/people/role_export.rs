//! `GET /api/public/roles/export`: the roles of the account as a file. (api-other-families.md §3.)

use std::time::Duration;

use access::Scope;
use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};
use store::{NewFile, RoleKind};

use super::roles::record;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::RoleManagement], Limit::Account);

/// Writes the roles of the account, of one type or of both, into a file; gives its id, which `roles/import` takes, and a
/// link to it.
#[utoipa::path(get, path = "/api/public/roles/export", tag = "People", params(("roleType" = Option<String>, Query, description = "`bot` or `admin`; both when absent")),
    responses((status = 200, description = "`fileId` and `downloadURL`"), (status = 412, description = "`roleType` is another word")), security(("token" = [])))]
pub(crate) async fn export(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let account = &caller.app.account;
    let kind = call.query().word::<RoleKind>("roleType")?;
    platform.ensure_roles(account).await?;
    let roles = platform.store().roles(account, kind, 0, i64::MAX).await?.items;
    let content = json!({"roles": roles.iter().map(record).collect::<Vec<_>>()});
    let bytes = Bytes::from(serde_json::to_vec_pretty(&content).map_err(|error| ApiError::internal(&error))?);
    let key = format!("exports/{}.json", platform.store().ids().object_id());
    let digest = store::sha256(&bytes);
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    platform.store().blobs().put(&key, bytes).await?;
    let file = NewFile {
        account: account.clone(),
        name: format!("{}-roles.json", kind.map_or("all", RoleKind::name)),
        extension: "json".to_owned(),
        context: "export".to_owned(),
        size,
        digest,
        object_key: key,
        created_by: caller.user().clone(),
        expires_at: Some(platform.now().plus(Duration::from_secs(platform.settings().link_lifetime_s))),
    };
    let file = platform.store().add_file(file).await?;
    platform.log_people_event(&caller, "Role Management", "Exported roles").await?;
    Ok(Json(json!({
        "status": "success",
        "fileId": file.id,
        "fileName": file.name,
        "downloadURL": platform.link(&call, &file),
    })))
}
