//! The wire: the original's public API, its private tier, and what this server adds.
