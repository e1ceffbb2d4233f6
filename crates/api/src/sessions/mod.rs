//! Sessions of conversations, and their messages.

mod channel_word;
mod close;
mod get_account_messages;
mod get_account_sessions;
mod get_messages;
mod get_messages_v2;
mod get_sessions;
mod history;
mod parameters;
mod session_list;
mod tag_filter;

use access::AppKind;
use domain::BotId;
use http::{Extensions, HeaderMap, StatusCode, Version};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Platform;
use crate::platform::Caller;

pub(crate) use get_messages::messages_of_user;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    // Errors stay plain: the observing layer outside may write them anew, as problem details.
    let plain_errors = |status: StatusCode, _: Version, _: &HeaderMap, _: &Extensions| status.is_success();
    let compression = CompressionLayer::new().compress_when(DefaultPredicate::new().and(plain_errors));
    let compressed =
        OpenApiRouter::new().routes(routes!(get_messages_v2::get, get_messages_v2::post)).layer(compression);
    OpenApiRouter::new()
        .routes(routes!(close::close))
        .routes(routes!(get_sessions::get_sessions))
        .routes(routes!(get_account_sessions::get_account_sessions))
        .routes(routes!(get_messages::get, get_messages::post))
        .routes(routes!(get_account_messages::get_account_messages))
        .merge(compressed)
}

/// The bots whose conversations an app may read in a call about no single bot: all of its account, or those a builder
/// app is bound to.
fn readable_bots(caller: &Caller) -> Option<Vec<BotId>> {
    match caller.app.kind {
        AppKind::Admin => None,
        AppKind::Builder => Some(caller.app.bots.clone()),
    }
}
