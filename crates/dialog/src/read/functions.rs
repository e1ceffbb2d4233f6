//! Names that files of bot functions declare, found without reading JavaScript.
//!
//! They decide whether a script is run with the files. A name too many costs time, one too few breaks a script: so
//! functions count wherever they are declared, and other variables where a line starts with them.

/// The names that files declare, in order, each once.
pub(super) fn names(files: &[(String, String)]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let lines = files.iter().flat_map(|(_, source)| source.lines());
    for name in lines.flat_map(|line| variable(line).into_iter().chain(functions(line))) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The variable that a line starts with: `var name = …`, or `name = …` alone.
fn variable(line: &str) -> Option<&str> {
    let keyword = ["var ", "let ", "const ", "class "].into_iter().find_map(|keyword| line.strip_prefix(keyword));
    let (name, after) = identifier(keyword.unwrap_or(line).trim_start())?;
    let is_assigned = after.trim_start().starts_with('=');
    (keyword.is_some() || is_assigned).then_some(name)
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
