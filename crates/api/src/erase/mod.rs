//! Erasure of what is kept about users of conversations. (api-other-families.md §4.)
//!
//! A call only writes down what is to be erased; whoever does jobs erases it, and goes on after a restart.

mod start;
mod status;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Platform;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(start::start)).routes(routes!(status::status))
}
