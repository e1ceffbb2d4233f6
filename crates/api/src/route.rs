//! What a route demands of its callers.

use access::Scope;

/// What a call is counted against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Limit {
    /// The bot it is about.
    Bot,
    /// The request whose status it asks for.
    Request,
    /// The caller's account.
    Account,
}

impl Limit {
    /// The family of keys this limit counts under.
    pub(crate) fn family(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Request => "request",
            Self::Account => "account",
        }
    }
}

/// What a route demands: one of these scopes (none for routes open to every app), within this limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    pub(crate) scopes: &'static [Scope],
    pub(crate) limit: Limit,
}

/// The demand of a route.
pub(crate) const fn demand(scopes: &'static [Scope], limit: Limit) -> Demand {
    Demand { scopes, limit }
}
