//! BotKit in the middle: what a customer's server sees and does. (Catalogue 46, 47.)

mod agents;
mod messages;
mod registration;
pub mod scene;
pub mod server;
mod sessions;
mod webhook_nodes;
