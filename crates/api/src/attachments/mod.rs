//! Files that users send in conversations: taken in whole, or in pieces. (channels.md §9.)
//!
//! Three steps: a token for the file, its bytes, and then a message that names the file. A token says whose the file is,
//! so pieces of one user's file cannot get into another's.

mod form;
mod keep;
mod rtm;
mod sender;
mod token;
mod webhook;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Platform;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(rtm::token))
        .routes(routes!(rtm::whole))
        .routes(routes!(rtm::piece))
        .routes(routes!(rtm::join))
        .routes(routes!(webhook::token))
        .routes(routes!(webhook::whole))
        .routes(routes!(webhook::piece))
        .routes(routes!(webhook::join))
}

/// The largest file a user may send. Bytes.
const LARGEST: usize = 25 << 20;
