//! `POST /api/public/getMessages`: the messages of the conversations of all bots. (api.md §12.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value};

use super::history::{self, Listing, MAX_LIMIT};
use super::readable_bots;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::ChatHistory], Limit::Account);

/// Lists the messages of all bots of the account, like `bot/{botId}/getMessages`; for a builder app, of the bots it is
/// bound to.
#[utoipa::path(post, path = "/api/public/getMessages", tag = "Sessions",
    request_body = Option<Object>, responses((status = 200, description = "`total`, `moreAvailable`, `icon` and `messages`"), (status = 412, description = "the body, a date or a word cannot be understood")), security(("token" = [])))]
pub(crate) async fn get_account_messages(
    State(platform): State<Platform>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let listing = Listing {
        account: caller.app.account.clone(),
        bots: readable_bots(&caller),
        icon: String::new(),
        max_limit: MAX_LIMIT,
        without_tasks: false,
        default_channel: None,
    };
    history::answer(&platform, &call, listing).await.map(Json)
}
