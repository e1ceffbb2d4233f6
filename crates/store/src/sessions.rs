//! Sessions of conversations, and their messages.
