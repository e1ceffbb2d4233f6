//! Rules of the sources that no lint knows.

use std::path::{Path, PathBuf};

/// What is written must be what was meant: an error when it cannot be, or an `expect` that says why it can.
#[test]
fn nothing_that_cannot_be_written_becomes_something_else() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(crates).unwrap() {
        collect(&entry.unwrap().path().join("src"), &mut files);
    }
    assert!(files.len() > 300, "{} files", files.len());
    let mut found = Vec::new();
    for file in files {
        let text: String = std::fs::read_to_string(&file).unwrap().split_whitespace().collect();
        for writer in ["serde_json::to_", "serde_urlencoded::to_", "postcard::to_", "toml::to_"] {
            for (at, _) in text.match_indices(writer) {
                let after = after_call(&text[at..]);
                if [".unwrap_or", ".ok()", ".map_or(Value::", ".map_or(String::"].iter().any(|it| after.starts_with(it))
                {
                    found.push(format!("{}: {}", file.display(), &text[at..(at + 80).min(text.len())]));
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
    assert!(after_call("to_value((a)).ok()").starts_with(".ok()"), "the search finds what it looks for");
}

/// What stands behind the parentheses of a call.
fn after_call(text: &str) -> &str {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth <= 1 => return &text[at + 1..],
            ')' => depth -= 1,
            _ => {}
        }
    }
    ""
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
}
