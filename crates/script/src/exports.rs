//! Whether a functions file counts on Node's `exports` being there.

/// What of Node's a file counts on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// `exports`.
    pub(crate) exports: bool,
    /// `module.exports`.
    pub(crate) of_module: bool,
}

/// What a file gives members without looking whether it is there: `exports.total = …`, `module.exports.total = …`,
/// `Object.assign(exports, …)`. A library that asks for `exports` first makes itself global only where there is none, and so
/// does one that sets `module.exports` as a whole where there is one.
pub(crate) fn wanted_by(source: &str) -> Wanted {
    let (mut has_members, mut sets_module) = (false, false);
    for (at, name) in source.match_indices("exports") {
        let (before, after) = (&source[..at], &source[at + name.len()..]);
        let is_name = !before.ends_with(is_of_name) && !after.starts_with(is_of_name);
        let of_module = before.trim_end().strip_suffix('.').map(|owner| owner.trim_end().ends_with("module"));
        if !is_name || of_module == Some(false) {
            continue;
        }
        let before = before.trim_end();
        if before.ends_with("typeof") || before.strip_suffix('(').is_some_and(|it| it.trim_end().ends_with("typeof")) {
            return Wanted::default();
        }
        if is_assigned(after) && of_module.is_none() {
            // It makes its own.
            return Wanted::default();
        }
        sets_module |= is_assigned(after);
        let is_filled = ["Object.assign(", "Object.defineProperty(", "Object.defineProperties("]
            .into_iter()
            .any(|call| before.strip_suffix("module.").unwrap_or(before).ends_with(call));
        has_members |= is_filled || member(after).is_some_and(is_assigned);
    }
    Wanted { exports: has_members, of_module: has_members && !sets_module }
}

/// What follows the member that a text begins with: `.name` or `[…]`.
fn member(text: &str) -> Option<&str> {
    let text = text.trim_start();
    if let Some(name) = text.strip_prefix('.') {
        return Some(name.trim_start().trim_start_matches(is_of_name));
    }
    text.strip_prefix('[').and_then(|inner| inner.split_once(']')).map(|(_, after)| after)
}

/// Whether a text begins with `=`, and not with a comparison or an arrow.
fn is_assigned(text: &str) -> bool {
    text.trim_start().strip_prefix('=').is_some_and(|after| !after.starts_with(['=', '>']))
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::{Wanted, wanted_by};

    #[test]
    fn files_that_only_run_where_there_are_exports() {
        let both = Wanted { exports: true, of_module: true };
        let plain = Wanted { exports: true, of_module: false };
        let none = Wanted::default();
        for (source, expected) in [
            ("module.exports.total = function () {};", both),
            ("function total() {}\nexports.total = total;", both),
            ("exports['total'] = total;", both),
            ("if (typeof module !== 'undefined') { module . exports . total = total; }", both),
            ("exports.a = exports.b = void 0;", both),
            ("Object.defineProperty(exports, '__esModule', { value: true });", both),
            ("Object.assign(module.exports, { total });", both),
            // It sets the module's, and counts on the other.
            ("module.exports = { total }; exports.other = 1;", plain),
            // Sets it itself, asks for it, or means another one.
            ("module.exports = { total };", none),
            ("exports = module.exports = _; exports._ = _;", none),
            ("typeof exports === 'object' ? f(exports) : f(root); function f(exports) { exports.a = 1; }", none),
            ("if (module.exports.total == 1) {}", none),
            ("var freeExports = 1; freeExports.a = 1; my.exports.a = 2; exportsOf.a = 3;", none),
            ("function total() {}", none),
            ("", none),
        ] {
            assert_eq!(wanted_by(source), expected, "{source}");
        }
    }
}
