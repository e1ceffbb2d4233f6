//! Export archives: bounded zip reading, deterministic zip writing, and tolerant multipart reading.
