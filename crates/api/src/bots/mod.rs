//! Bots as lists and settings show them: the list, sample bots, set-up, versions.

use utoipa_axum::router::OpenApiRouter;

use crate::Platform;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
}
