//! `POST /api/public/getSessions`: the sessions of all bots. (api.md §11.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value};

use super::{readable_bots, session_list};
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotSessions], Limit::Account);

/// Lists the sessions of all bots of the account, like `bot/{botId}/getSessions`; for a builder app, of the bots it is
/// bound to.
#[utoipa::path(post, path = "/api/public/getSessions", tag = "Sessions", params(("containmentType" = Option<String>, Query, description = "`dropOff`, `selfService` or `agent`"), ("callId" = Option<String>, Query, description = "The telephone call")),
    request_body = Option<Object>, responses((status = 200, description = "`total`, `moreAvailable` and `sessions`"), (status = 412, description = "the body, a date or a word cannot be understood")), security(("token" = [])))]
pub(crate) async fn get_account_sessions(
    State(platform): State<Platform>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    session_list::answer(&platform, &call, caller.app.account.clone(), readable_bots(&caller)).await.map(Json)
}
