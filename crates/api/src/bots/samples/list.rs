//! `GET /api/public/samplebots`: the sample bots that can be added. An addition of this server.

use access::Scope;
use axum::Json;
use axum::extract::State;
use serde_json::Value;

use super::record;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotCreate], Limit::Account);

/// The sample bots that can be added to the account.
#[utoipa::path(get, path = "/api/public/samplebots", tag = "Bots",
    responses((status = 200, description = "the list of sample bots")), security(("token" = [])))]
pub(crate) async fn list(State(platform): State<Platform>, call: Call) -> Result<Json<Vec<Value>>, ApiError> {
    platform.caller(&call, DEMAND).await?;
    Ok(Json(platform.samples().iter().map(record).collect()))
}
