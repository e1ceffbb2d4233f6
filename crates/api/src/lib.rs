//! The wire: the original's public API, its private tier, and what this server adds.
//!
//! A handler is thin: authorise → read the body → call one function of the core → shape the reply. It holds no rule and
//! no SQL. One endpoint is one file, in the folder of its family.
//!
//! A request passes, in this order: [`canonical`] (paths and methods as the original tolerates them) → observation
//! (span, metrics) → route (404, 405) → the handler, which asks `Platform::caller` or `Platform::bot_caller` before
//! it looks at the body: that is the original's order of checks.

mod attachments;
mod body;
mod bot_export;
mod bot_import;
mod botkit;
mod bots;
pub mod canonical;
mod channels;
mod debug_logs;
mod documents;
mod door;
mod erase;
mod error;
mod files;
mod forms;
mod health;
mod limits;
mod links;
mod logs;
mod nlp;
mod observe;
mod people;
mod period;
mod platform;
mod private;
mod publish;
mod record;
mod requests;
mod route;
mod router;
mod sample;
mod sessions;
mod test_suites;
mod utterances;
mod variables;
mod webhook;
mod webhooks;

pub use error::ApiError;
pub use limits::{RateLimits, Window};
pub use platform::{Platform, Settings};
pub use private::ApiKey;
pub use router::{openapi, router};
pub use sample::Sample;
pub use webhook::post_form;
