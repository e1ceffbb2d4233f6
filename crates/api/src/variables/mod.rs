//! Variables of a bot: import and export.

mod export;
mod import;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Platform;

pub(crate) use import::{change_in_draft, import_into_draft, refusal};

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(import::import)).routes(routes!(export::export))
}
