//! Roles, who has them, and groups of users.
