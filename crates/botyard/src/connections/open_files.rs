//! How many files this process may have open: every connection is one.

/// Raises the limit to what the system allows without being asked twice. The limit that holds then; `None` where there is
/// none, or none is known.
#[cfg(unix)]
pub(crate) fn raise_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// Where the greatest limit is none at all, macOS still takes no more than this.
    const ALWAYS_ALLOWED: u64 = 10_240;

    let before = getrlimit(Resource::Nofile);
    let wanted = [before.maximum, before.maximum.map_or(Some(ALWAYS_ALLOWED), |most| Some(most.min(ALWAYS_ALLOWED)))];
    for current in wanted {
        let is_more = match (current, before.current) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(wanted), Some(has)) => wanted > has,
        };
        if is_more && setrlimit(Resource::Nofile, Rlimit { current, maximum: before.maximum }).is_ok() {
            return current;
        }
    }
    before.current
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(crate) fn raise_limit() -> Option<u64> {
    None
}
