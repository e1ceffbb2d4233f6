//! The private tier: what the original's own console calls, and scripts with it.

use utoipa_axum::router::OpenApiRouter;

use crate::Platform;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
}
