//! Who may do what: apps, tokens, scopes, sealed secrets, signed links.
