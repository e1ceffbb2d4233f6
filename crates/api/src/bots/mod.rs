//! Bots as lists and settings show them: the list, sample bots, set-up, versions.

mod facts;
mod list;
mod one;
mod record;
mod samples;
mod setup;
mod versions;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Platform;

pub(crate) use facts::FactsByDigest;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(one::one))
        .routes(routes!(setup::setup))
        .routes(routes!(samples::list::list))
        .routes(routes!(samples::private_list::list))
        .routes(routes!(samples::add::add))
        .routes(routes!(versions::list::list))
        .routes(routes!(versions::one::one))
        .routes(routes!(versions::restore::restore))
}
