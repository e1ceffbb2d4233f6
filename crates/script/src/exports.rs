//! Whether a functions file counts on Node's `exports` being there.

/// Whether a file gives `exports` members without looking whether there is one: `exports.total = …`,
/// `module.exports.total = …`, `Object.assign(exports, …)`. A library that asks for `exports` first, or sets it as a whole,
/// makes itself global only where there is none.
pub(crate) fn are_taken_for_granted(source: &str) -> bool {
    let mut has_members = false;
    for (at, name) in source.match_indices("exports") {
        let (before, after) = (&source[..at], &source[at + name.len()..]);
        let is_name = !before.ends_with(is_of_name) && !after.starts_with(is_of_name);
        let of_module = before.trim_end().strip_suffix('.').map(|owner| owner.trim_end().ends_with("module"));
        if !is_name || of_module == Some(false) {
            continue;
        }
        let before = before.trim_end();
        if before.ends_with("typeof") || before.strip_suffix('(').is_some_and(|it| it.trim_end().ends_with("typeof")) {
            return false;
        }
        if is_assigned(after) {
            return false;
        }
        let is_filled = ["Object.assign(", "Object.defineProperty(", "Object.defineProperties("]
            .into_iter()
            .any(|call| before.strip_suffix("module.").unwrap_or(before).ends_with(call));
        has_members |= is_filled || member(after).is_some_and(is_assigned);
    }
    has_members
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
    use super::are_taken_for_granted;

    #[test]
    fn files_that_only_run_where_there_are_exports() {
        for (source, expected) in [
            ("module.exports.total = function () {};", true),
            ("function total() {}\nexports.total = total;", true),
            ("exports['total'] = total;", true),
            ("if (typeof module !== 'undefined') { module . exports . total = total; }", true),
            ("exports.a = exports.b = void 0;", true),
            ("Object.defineProperty(exports, '__esModule', { value: true });", true),
            ("Object.assign(module.exports, { total });", true),
            // Sets it itself, asks for it, or means another one.
            ("module.exports = { total };", false),
            ("module.exports = {}; module.exports.total = total;", false),
            ("exports = module.exports = _; exports._ = _;", false),
            ("typeof exports === 'object' ? f(exports) : f(root); function f(exports) { exports.a = 1; }", false),
            ("if (module.exports.total == 1) {}", false),
            ("var freeExports = 1; freeExports.a = 1; my.exports.a = 2; exportsOf.a = 3;", false),
            ("function total() {}", false),
            ("", false),
        ] {
            assert_eq!(are_taken_for_granted(source), expected, "{source}");
        }
    }
}
