//! The wire: the original's public API, its private tier, and what this server adds.
//!
//! A handler is thin: authorise → read the body → call one function of the core → shape the reply. It holds no rule and
//! no SQL. One endpoint is one file, in the folder of its family.
//!
//! A request passes, in this order: [`canonical`] (paths and methods as the original tolerates them) → observation
//! (span, metrics) → a watch on its body → route (404, 405) → the handler, which asks `Platform::caller` or
//! `Platform::bot_caller` before it looks at the body. That is the original's order of checks, and it keeps who has no
//! token from filling the memory: until the handler asks, the body stays on the wire.

mod arriving;
mod attachments;
mod bodies;
mod body;
mod bot_export;
mod bot_import;
mod botkit;
mod bots;
pub mod canonical;
mod channels;
mod client_address;
mod debug_logs;
mod documents;
mod door;
mod erase;
mod error;
mod files;
mod forms;
mod health;
mod icons;
mod json;
mod limits;
mod links;
mod logs;
mod nlp;
mod observe;
mod pages;
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
mod sizes;
mod stuck_messages;
mod test_suites;
mod utterances;
mod variables;
mod webhook;
mod webhooks;

pub use bodies::BodyLimits;
pub use client_address::{InvalidNetwork, Network, Proxies, ProxyHeader};
pub use error::ApiError;
pub use health::{Measurements, metrics_router};
pub use limits::{RateLimits, Window};
pub use pages::{FrameAncestors, InvalidFrameAncestor};
pub use platform::{Platform, Settings};
pub use private::ApiKey;
pub use router::{openapi, router};
pub use sample::Sample;
pub use webhook::post_form;
