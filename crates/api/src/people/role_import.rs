//! `POST /api/public/roles/import`: takes roles in from a file. (api-other-families.md §3, api-families-2.md §13.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use domain::OrganizationId;
use serde_json::{Map, Value, json};
use store::{Holders, NewRole, Role, RoleKind};

use super::roles::ref_id;
use crate::body::{Call, optional_text, required_text};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::RoleManagement], Limit::Account);

/// Thousands of roles fit into this. Bytes.
const MAX_FILE_BYTES: i64 = 1 << 20;

/// Takes roles in from an uploaded file: a list of `{roleType, role, rDesc, permissions, refId}`, or what `roles/export`
/// gives. The answer is the list of these roles as they are then, in the order of the file.
///
/// A role whose name is taken is passed over, or with `fullImport=true` replaces the other. Built-in roles stay as they
/// are, and no role is removed. With `roleType` only roles of that type are taken; it is also the type of roles that do
/// not say theirs.
#[utoipa::path(post, path = "/api/public/roles/import", tag = "People", params(("roleType" = Option<String>, Query, description = "`bot` or `admin`"), ("fullImport" = Option<bool>, Query, description = "Replace roles of the same name")),
    request_body = Object, responses((status = 200, description = "the roles of the file as they are now, those that were there already among them"), (status = 400, description = "the file does not exist, or holds no roles"), (status = 412, description = "`fileId` is missing, or `roleType` is another word")), security(("token" = [])))]
pub(crate) async fn import(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let account = &caller.app.account;
    let query = call.query();
    let kind = query.word::<RoleKind>("roleType")?;
    let full = query.switch("fullImport")?;
    let file_id = required_text(&call.members().await?, "fileId")?;
    let file = platform.store().file(account, &file_id).await?;
    let file = file.ok_or_else(|| ApiError::no_such_file(&file_id, "/fileId"))?;
    if file.size > MAX_FILE_BYTES {
        return Err(unusable(format!("it is larger than {MAX_FILE_BYTES} bytes")));
    }
    let bytes = platform.store().file_bytes(&file).await?;
    let content: Value =
        serde_json::from_slice(&bytes).map_err(|error| unusable(format!("it is not JSON: {error}")))?;
    let entries = match &content {
        Value::Array(entries) => entries,
        Value::Object(members) => match members.get("roles") {
            Some(Value::Array(entries)) => entries,
            _ => return Err(unusable("it has no list `roles`".to_owned())),
        },
        _ => return Err(unusable("it is neither a list nor an object".to_owned())),
    };
    let mut roles = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let role = read(entry, kind).map_err(|what| unusable(format!("/roles/{at}: {what}")))?;
        if kind.is_none_or(|kind| kind == role.kind) {
            roles.push(role);
        }
    }
    platform.ensure_roles(account).await?;
    let store = platform.store();
    let outcomes = store.put_roles(account, caller.user(), roles, full).await?;
    let imported = outcomes.iter().filter(|(_, is_written)| *is_written).count();
    platform.log_people_event(&caller, "Role Management", &format!("Imported {imported} roles")).await?;
    let ids: Vec<_> = outcomes.iter().map(|(role, _)| role.id.clone()).collect();
    let holders = store.holders(&ids).await?;
    let organization = store.account().await?.organization;
    let documents = outcomes.iter().zip(&holders).map(|((role, _), holders)| document(role, holders, &organization));
    Ok(Json(documents.collect()))
}

/// A role with all that the original keeps of one. What its sources do not explain is ours: `category` says who made it.
fn document(role: &Role, holders: &Holders, organization: &OrganizationId) -> Value {
    json!({
        "_id": role.id,
        "roleType": role.kind.name(),
        "role": role.name,
        "rDesc": role.description,
        "permissions": role.permissions,
        "refId": ref_id(role),
        "orgId": organization,
        "createdBy": role.created_by,
        "createdDate": role.created_at,
        "modifiedBy": role.modified_by,
        "modifiedDate": role.modified_at,
        "isDefault": role.built_in,
        "isASystemRole": role.built_in,
        "category": if role.built_in { "system" } else { "custom" },
        "rStatus": "unpublished",
        "mapping": {"users": holders.users, "groups": holders.groups, "bots": holders.bots},
        "_product": "Bots",
        "__v": 0,
    })
}

/// Reads a role; `kind` is its type when it does not say one.
fn read(entry: &Value, kind: Option<RoleKind>) -> Result<NewRole, String> {
    let Value::Object(entry) = entry else { return Err("a role must be an object".to_owned()) };
    let text = |names: [&str; 2]| names.iter().find_map(|name| optional_text(entry, name));
    let own_kind = optional_text(entry, "roleType").map(|word| word.parse::<RoleKind>()).transpose();
    let own_kind = own_kind.map_err(|error| error.to_string())?;
    Ok(NewRole {
        kind: own_kind.or(kind).unwrap_or(RoleKind::Bot),
        name: text(["role", "name"]).ok_or_else(|| "the role has no name: give it as `role`".to_owned())?,
        description: text(["rDesc", "description"]).unwrap_or_default(),
        permissions: entry.get("permissions").cloned().unwrap_or_else(|| Value::Object(Map::new())),
        ref_id: optional_text(entry, "refId"),
    })
}

fn unusable(detail: String) -> ApiError {
    ApiError::bad_request("Invalid file content").with_detail(format!("the file cannot be used: {detail}"))
}
