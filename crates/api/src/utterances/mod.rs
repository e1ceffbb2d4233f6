//! Training utterances of a bot: import and export.

use utoipa_axum::router::OpenApiRouter;

use crate::Platform;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
}
