//! Everything durable: one SQL text for SQLite and PostgreSQL, and blobs by digest.
