//! Channels of bots.

mod create;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Platform;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(create::create))
}
