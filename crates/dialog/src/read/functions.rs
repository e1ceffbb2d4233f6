//! Names that files of bot functions declare, found without reading JavaScript.
//!
//! They decide whether a script is run with the files. A name too many costs time, one too few breaks a script: so
//! functions count wherever they are declared. Files that do more than declare are run with every script.

/// Is in every script: the only name of files that do more than declare.
const ALWAYS: &str = "";

/// The names that files declare, in order, each once. One name that is empty when a file does more: when it adds to
/// prototypes, sets members of objects, calls something, exports, or is too odd to tell.
pub(super) fn names(files: &[(String, String)]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (_, source) in files {
        let Some(statements) = outermost(source) else { return vec![ALWAYS.into()] };
        let Some(declared) = statements.iter().map(|statement| declared(statement)).collect::<Option<Vec<_>>>() else {
            return vec![ALWAYS.into()];
        };
        for name in declared.into_iter().flatten().chain(source.lines().flat_map(functions)) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    names
}

/// The functions that statements of a line declare: `function name(…`, `name = function…` or `name = … => …`.
fn functions(line: &str) -> impl Iterator<Item = &str> {
    line.split(['{', '}', ';']).filter_map(|statement| {
        let statement = statement.trim_start();
        let statement = statement.strip_prefix("async ").map_or(statement, str::trim_start);
        if let Some(rest) = statement.strip_prefix("function").filter(|rest| rest.starts_with([' ', '\t', '*'])) {
            let (name, after) = identifier(rest.trim_start_matches([' ', '\t', '*']))?;
            return after.trim_start().starts_with('(').then_some(name);
        }
        let keyword = ["var ", "let ", "const "].into_iter().find_map(|keyword| statement.strip_prefix(keyword));
        let (name, after) = identifier(keyword.unwrap_or(statement).trim_start())?;
        let value = after.trim_start().strip_prefix('=')?.trim_start();
        (value.starts_with("function") || value.starts_with("async ") || value.contains("=>")).then_some(name)
    })
}

/// A name at the start of a text, and what follows it.
fn identifier(text: &str) -> Option<(&str, &str)> {
    let starts = text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$'));
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).unwrap_or(text.len());
    starts.then(|| text.split_at(end))
}

/// What the outermost text of a statement, its brackets empty, declares: a name, or nothing at all, as where it is empty or
/// `'use strict'`. `None` when it does something else, or might.
fn declared(statement: &str) -> Option<Option<&str>> {
    let statement = statement.trim();
    if statement.is_empty() || statement == TEXT {
        return Some(None);
    }
    let bare = statement.strip_prefix("async ").map_or(statement, str::trim_start);
    for keyword in ["function", "class"] {
        if let Some(rest) = bare.strip_prefix(keyword).filter(|rest| rest.starts_with([' ', '\t', '*'])) {
            return identifier(rest.trim_start_matches([' ', '\t', '*'])).map(|(name, _)| Some(name));
        }
    }
    let keyword = ["var ", "let ", "const "].into_iter().find_map(|keyword| statement.strip_prefix(keyword));
    let (name, after) = identifier(keyword.unwrap_or(statement).trim_start())?;
    let after = after.trim_start();
    if after.is_empty() {
        return keyword.map(|_| Some(name));
    }
    let value = after.strip_prefix('=').filter(|value| !value.starts_with('='))?.trim_start();
    let is_function = value.starts_with("function") || value.starts_with("async") || value.contains("=>");
    // A call may do anything, and so may what is given a second name.
    let is_called = value.contains("}(") || !is_function && value.contains('(');
    let is_plain = !value.is_empty() && !value.contains(',') && !is_called;
    is_plain.then_some(Some(name))
}

/// Stands for a text in a statement.
const TEXT: &str = "\"\"";

/// The statements of a file without what stands in their brackets, texts and comments; `None` when that cannot be told, as
/// where a regular expression holds a quote or a bracket.
fn outermost(source: &str) -> Option<Vec<String>> {
    let mut statements = vec![String::new()];
    let mut depth = 0_usize;
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        let statement = statements.last_mut().expect("there is always one");
        match c {
            '/' if rest.starts_with("//") => taken = rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => taken = rest.find("*/")? + 2,
            '\'' | '"' | '`' => {
                taken = quoted(rest, c)?;
                if depth == 0 {
                    statement.push_str(TEXT);
                }
            }
            '(' | '[' | '{' => {
                if depth == 0 {
                    statement.push(c);
                }
                depth += 1;
            }
            ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    statement.push(c);
                    if c == '}' && is_function_or_class(statement) {
                        statements.push(String::new());
                    }
                }
            }
            ';' if depth == 0 => statements.push(String::new()),
            // A statement may go on in the next line only behind a sign that asks for more.
            '\n' if depth == 0 => {
                let goes_on = ['=', ',', '+', '-', '*', '&', '|', '?', ':', '>'];
                if !statement.trim_end().ends_with(goes_on) && !is_function_or_class(statement) {
                    statements.push(String::new());
                }
            }
            c if depth == 0 => statement.push(c),
            _ => {}
        }
        rest = &rest[taken..];
    }
    (depth == 0).then_some(statements)
}

fn is_function_or_class(statement: &str) -> bool {
    let statement = statement.trim_start();
    let bare = statement.strip_prefix("async ").map_or(statement, str::trim_start);
    bare.starts_with("function") || bare.starts_with("class ")
}

/// How long a text is, with its quotes. Only between backquotes it may go on in the next line.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' if quote != '`' && !is_escaped => return None,
            c if c == quote && !is_escaped => return Some(at + quote.len_utf8()),
            c => is_escaped = c == '\\' && !is_escaped,
        }
    }
    None
}
