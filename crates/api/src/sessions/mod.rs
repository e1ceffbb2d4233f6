//! Sessions of conversations, and their messages.

use utoipa_axum::router::OpenApiRouter;

use crate::Platform;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
}
