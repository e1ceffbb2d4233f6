//! Names of bot functions, without reading JavaScript: declarations at the start of a line.

/// The names of the functions that files declare at their top level, in order, each once.
pub(super) fn names(files: &[(String, String)]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in files.iter().flat_map(|(_, source)| source.lines()).filter_map(declared) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The function that a line declares: `function name(…`, or a variable or plain name that is given a function.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    if let Some(rest) = line.strip_prefix("function") {
        let rest = rest.trim_start().trim_start_matches('*').trim_start();
        let (name, after) = identifier(rest)?;
        return after.trim_start().starts_with('(').then_some(name);
    }
    let keyword = ["var ", "let ", "const "].into_iter().find_map(|keyword| line.strip_prefix(keyword));
    let (name, after) = identifier(keyword.unwrap_or(line).trim_start())?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let value = value.strip_prefix("async").map_or(value, str::trim_start);
    let is_function = value.starts_with("function") || value.starts_with('(') || arrow(value);
    is_function.then_some(name)
}

/// `name => …`
fn arrow(value: &str) -> bool {
    identifier(value).is_some_and(|(_, after)| after.trim_start().starts_with("=>"))
}

/// A name at the start of a text, and what follows it.
fn identifier(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len());
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$');
    starts.then(|| text.split_at(end))
}
