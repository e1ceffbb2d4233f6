//! Any request by its id: list, get, cancel.

use utoipa_axum::router::OpenApiRouter;

use crate::Platform;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
}
