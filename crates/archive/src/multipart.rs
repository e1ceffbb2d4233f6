//! Tolerant multipart reading.
