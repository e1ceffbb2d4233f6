//! Requests carried out by workers: import, export, publish, one file per kind.
