//! The page of a form that a bot offers in a conversation. (conversation.md §16.)
//!
//! The link is all that is asked for: whoever has it may fill in the form, once. What is filled in goes to the
//! conversation as an event, and the dialog goes on.

mod answer;
mod judge;
mod page;
mod send;
mod show;
mod typed;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Platform;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(show::show, send::send))
}
