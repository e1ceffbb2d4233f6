//! Channels of bots.

mod create;
mod secrets;
mod set_up;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Platform;

pub(crate) use set_up::{require_kind, shown};

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(create::create))
}
