//! The bot definition as a lossless document: read, check, select, merge, edit, write.
