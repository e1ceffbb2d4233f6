//! The webhook channel: one request per message. (channels.md §10.)
//!
//! Its users are customers' servers, so it is judged like an API call: a token of an app that the bot is bound to.

mod answer;
mod caller;
mod poll;
mod post_url;
mod receive;
mod v1;
mod v2;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Platform;

pub use answer::post_form;
pub(crate) use post_url::require_callable_post;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(v1::send)).routes(routes!(v2::send)).routes(routes!(poll::poll))
}

/// Name of the channel in exports, reports and texts.
pub(crate) const CHANNEL: &str = "ivr";
