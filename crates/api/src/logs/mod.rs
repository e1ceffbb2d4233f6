//! What happened to bots, and to the account.

mod audit_logs;
mod change_logs;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Platform;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(change_logs::change_logs)).routes(routes!(audit_logs::audit_logs))
}
