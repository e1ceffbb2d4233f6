//! Channels of bots.
