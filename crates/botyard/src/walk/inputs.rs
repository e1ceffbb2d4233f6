//! What a script reads: the paths of `context`, `env` and `content` in its text.

use std::collections::BTreeMap;

use script::{Code, Piece};
use serde_json::{Map, Value, json};

/// A path in what a script sees: the root, and the names behind it.
pub(super) type Path = Vec<String>;

/// The objects that are inputs.
const ROOTS: [&str; 3] = ["context", "env", "content"];
/// Members that any list or text has: they are no part of a path.
const OF_ANY: [&str; 1] = ["length"];

/// The text of what is run, its templates as their authors wrote them.
pub(super) fn source_of(code: &Code) -> String {
    let joined = |pieces: &[Piece]| -> String {
        let texts = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Expression(expression) => format!("{{{{{expression}}}}}"),
        });
        texts.collect()
    };
    match code {
        Code::Body(pieces) => joined(pieces),
        Code::Texts(texts) => texts.iter().map(|pieces| joined(pieces)).collect::<Vec<_>>().join("\n"),
        Code::Values(values) => values.join("\n"),
    }
}

/// The paths that a script reads, each once, in order. A method that is called on a value is no part of its path. What is
/// read off a variable is read off the path that was assigned to it.
pub(super) fn paths_in(source: &str) -> Vec<Path> {
    let mut paths: Vec<Path> = Vec::new();
    let mut variables: BTreeMap<String, Path> = BTreeMap::new();
    for Member { mut path, is_called, assigned_to } in members_in(source) {
        if let Some(assigned) = variables.get(&path[0]) {
            path = assigned.iter().chain(&path[1..]).cloned().collect();
        }
        if let Some(variable) = assigned_to
            && ROOTS.contains(&path[0].as_str())
        {
            variables.insert(variable, path.clone());
        }
        if !ROOTS.contains(&path[0].as_str()) {
            continue;
        }
        if is_called && path.len() > 1 {
            path.pop();
        }
        if path.last().is_some_and(|last| OF_ANY.contains(&last.as_str())) {
            path.pop();
        }
        if path.len() > 1 && !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// What is called in a text, as it is written: `koreUtil.moment`, `getIndex`.
pub(super) fn calls_in(source: &str) -> Vec<Path> {
    let mut calls: Vec<Path> = Vec::new();
    for Member { path, is_called, .. } in members_in(source) {
        if is_called && !calls.contains(&path) {
            calls.push(path);
        }
    }
    calls
}

/// A name with the members that are read off it.
struct Member {
    path: Path,
    is_called: bool,
    /// The variable that it is assigned to, as it is.
    assigned_to: Option<String>,
}

/// All names in a text with their members. What stands in comments and texts in quotes is none.
fn members_in(source: &str) -> Vec<Member> {
    let mut reader = Reader { text: source, at: 0 };
    let mut members = Vec::new();
    let mut after_dot = false;
    // The name that was read last, and where it ended.
    let mut before: Option<(String, usize)> = None;
    while let Some(next) = reader.peek() {
        if reader.skip_comment_or_text() {
            after_dot = false;
            continue;
        }
        let Some(name) = reader.name() else {
            reader.at += next.len_utf8();
            after_dot = next == '.' || (after_dot && next.is_whitespace());
            continue;
        };
        if after_dot || name.starts_with(|first: char| first.is_ascii_digit()) {
            after_dot = false;
            continue;
        }
        let start = reader.at - name.len();
        let mut path = vec![name];
        while let Some(member) = reader.member() {
            path.push(member);
        }
        let end = reader.at;
        reader.skip_space();
        let is_called = reader.rest().starts_with('(');
        // An element of it, or what a method gives, is something else.
        let is_whole = !reader.rest().starts_with(['(', '[']);
        let assigned = before.take().filter(|(_, end)| is_whole && source[*end..start].trim() == "=");
        if let [name] = path.as_slice() {
            before = Some((name.clone(), end));
        }
        members.push(Member { path, is_called, assigned_to: assigned.map(|(name, _)| name) });
    }
    members
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Skips a comment or a text in quotes, if one begins here. What is in backquotes is code in part, and is read.
    fn skip_comment_or_text(&mut self) -> bool {
        let rest = self.rest();
        let length = if let Some(comment) = rest.strip_prefix("//") {
            2 + comment.find('\n').unwrap_or(comment.len())
        } else if let Some(comment) = rest.strip_prefix("/*") {
            2 + comment.find("*/").map_or(comment.len(), |end| end + 2)
        } else {
            match self.quoted() {
                Some((_, length)) => length,
                None => return false,
            }
        };
        self.at += length;
        true
    }

    /// A text in quotes that begins here, and how long it is with them.
    fn quoted(&self) -> Option<(&'t str, usize)> {
        let rest = self.rest();
        let quote = rest.chars().next().filter(|first| matches!(first, '\'' | '"'))?;
        let mut is_escaped = false;
        for (at, character) in rest.char_indices().skip(1) {
            match character {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                // A quote in a comment or an expression that has no end on its line is none.
                '\n' => return None,
                _ if character == quote => return Some((&rest[1..at], at + 1)),
                _ => {}
            }
        }
        None
    }

    fn name(&mut self) -> Option<String> {
        let rest = self.rest();
        let is_of_name = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
        let length = rest.find(|character| !is_of_name(character)).unwrap_or(rest.len());
        self.at += length;
        (length > 0).then(|| rest[..length].to_owned())
    }

    /// A member read off what stands before: `.name`, `?.name`, `['name']`.
    fn member(&mut self) -> Option<String> {
        let start = self.at;
        self.skip_space();
        let found = if let Some(rest) = self.rest().strip_prefix("?.").or_else(|| self.rest().strip_prefix('.')) {
            self.at = self.text.len() - rest.len();
            self.skip_space();
            self.name()
        } else if self.rest().starts_with('[') {
            self.at += 1;
            self.skip_space();
            let quoted = self.quoted();
            self.at += quoted.map_or(0, |(_, length)| length);
            self.skip_space();
            let is_closed = self.rest().starts_with(']');
            self.at += usize::from(is_closed);
            quoted.filter(|_| is_closed).map(|(name, _)| name.to_owned())
        } else {
            None
        };
        if found.is_none() {
            self.at = start;
        }
        found
    }
}

/// The value at a path.
pub(super) fn get<'v>(root: &'v Value, names: &[String]) -> Option<&'v Value> {
    names.iter().try_fold(root, |value, name| value.get(name))
}

/// Sets a value, or takes it away; what is no object on the way becomes one.
pub(super) fn set(root: &mut Value, names: &[String], value: Option<Value>) {
    let Some((last, way)) = names.split_last() else { return };
    let mut at = root;
    for name in way {
        if !at.get(name).is_some_and(Value::is_object) {
            if value.is_none() {
                return;
            }
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            at[name] = Value::Object(Map::new());
        }
        at = &mut at[name];
    }
    if !at.is_object() {
        *at = Value::Object(Map::new());
    }
    if let Value::Object(object) = at {
        match value {
            Some(value) => drop(object.insert(last.clone(), value)),
            None => drop(object.shift_remove(last)),
        }
    }
}

/// Values that have all the members a script reads off an input, with different things at their ends.
pub(super) fn shapes(input: &[String], paths: &[Path]) -> Vec<Value> {
    let inner = paths.iter().filter_map(|path| path.strip_prefix(input)).filter(|rest| !rest.is_empty());
    let inner: Vec<&[String]> = inner.collect();
    let ends = [json!("text"), json!(["text"]), json!([]), json!([{}]), json!({}), json!(5)];
    let shape = |end: &Value| {
        if inner.is_empty() {
            return end.clone();
        }
        let mut shape = Value::Object(Map::new());
        // The shorter path first: what is read off it comes into it.
        let mut inner = inner.clone();
        inner.sort_by_key(|path| path.len());
        for path in inner {
            set(&mut shape, path, Some(end.clone()));
        }
        shape
    };
    ends.iter().map(shape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_calls_are_read() {
        let source = "var a = context.entities.Size.trim(); // context.no\n\
                      if (context['Look'].response?.body.length > env.MAX) { koreUtil.moment(a).format('context.x') }\n\
                      x.context.y = getIndex(context.session.BotUserSession.get('k'));";
        let joined = |paths: Vec<Path>| paths.iter().map(|path| path.join(".")).collect::<Vec<_>>();
        assert_eq!(
            joined(paths_in(source)),
            ["context.entities.Size", "context.Look.response.body", "env.MAX", "context.session.BotUserSession"]
        );
        assert_eq!(
            joined(calls_in(source)),
            ["context.entities.Size.trim", "if", "koreUtil.moment", "getIndex", "context.session.BotUserSession.get"]
        );
    }

    #[test]
    fn variables_stand_for_what_was_assigned_to_them() {
        let source = "var a = context.order; let b = a.lines || []; var c = context.list[0];\n\
                      if (b.first.id == c.id) { d = a.address; print(d.city, a.total == context.total) }";
        let paths: Vec<String> = paths_in(source).iter().map(|path| path.join(".")).collect();
        assert_eq!(
            paths,
            [
                "context.order",
                "context.order.lines",
                "context.list",
                "context.order.lines.first.id",
                "context.order.address",
                "context.order.address.city",
                "context.order.total",
                "context.total"
            ]
        );
    }

    #[test]
    fn shapes_have_what_is_read_off_them() {
        let paths = paths_in("context.plan.steps[0]; context.plan.name");
        let shapes = shapes(&["context".to_owned(), "plan".to_owned()], &paths);
        assert_eq!(shapes[1], json!({"steps": ["text"], "name": ["text"]}));
        let mut value = json!({"a": 1});
        set(&mut value, &["a".to_owned(), "b".to_owned()], Some(json!(2)));
        set(&mut value, &["c".to_owned(), "d".to_owned()], None);
        assert_eq!(value, json!({"a": {"b": 2}}));
    }
}
