//! The real bot exports beside the project, for tests that need them.

use std::path::PathBuf;

/// One export: the name of its folder and the two files in it.
pub struct Export {
    pub name: String,
    pub definition: Vec<u8>,
    pub config: Vec<u8>,
}

/// All exports in the order of their names; empty, with a note, when the folder is absent.
pub fn exports() -> Vec<Export> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no ../shared");
        return Vec::new();
    };
    let mut exports = Vec::new();
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if !path.is_dir() {
            continue;
        }
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        let definition = std::fs::read(path.join("botDefinition.json")).expect("an export has a definition");
        let config = std::fs::read(path.join("config.json")).expect("an export has a config");
        exports.push(Export { name, definition, config });
    }
    exports.sort_by(|a, b| a.name.cmp(&b.name));
    exports
}
