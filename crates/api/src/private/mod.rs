//! The private tier: what the original's own console calls, and scripts with it, to set a server up.
//!
//! A person signs in with a password (`oauth`) and calls with the access token that gives. Paths name the user or the
//! organisation; `person` says who may call what. (api-other-families.md §12.)

mod apps;
mod channels;
mod dock_status;
mod documents;
mod internal;
mod oauth;
mod person;
mod sign_in;
mod streams;
mod task_status;
mod variables;

pub use internal::ApiKey;
pub(crate) use sign_in::SignIns;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Platform;

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(oauth::token::token))
        .routes(routes!(oauth::sts::sts))
        .routes(routes!(apps::list::admin, apps::create::admin))
        .routes(routes!(apps::one::admin, apps::update::admin, apps::delete::admin))
        .routes(routes!(apps::secret::admin))
        .routes(routes!(apps::list::builder, apps::create::builder))
        .routes(routes!(apps::one::builder, apps::update::builder, apps::delete::builder))
        .routes(routes!(apps::secret::builder))
        .routes(routes!(streams::list::list, streams::create::create))
        .routes(routes!(streams::market::market))
        .routes(routes!(streams::one::one, streams::update::update, streams::delete::delete))
        .routes(routes!(streams::universal_version::update))
        .routes(routes!(dock_status::of_bot))
        .routes(routes!(dock_status::of_bot_of_user))
        .routes(routes!(dock_status::of_organization))
        .routes(routes!(documents::components::read, documents::components::write))
        .routes(routes!(documents::dialogs::read, documents::dialogs::write))
        .routes(routes!(documents::details::read, documents::details::write))
        .routes(routes!(documents::nl_settings::read, documents::nl_settings::write))
        .routes(routes!(channels::list::list))
        .routes(routes!(channels::put::put, channels::delete::delete_plural))
        .routes(routes!(channels::delete::delete))
        .routes(routes!(variables::list::list, variables::put::put))
        .routes(routes!(variables::change::change))
        .routes(routes!(task_status::put, task_status::post))
        .routes(routes!(internal::account::account))
        .routes(routes!(internal::client_app::client_app))
}
