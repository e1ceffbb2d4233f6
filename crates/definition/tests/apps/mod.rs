//! The real exports of apps beside the project, for tests that need them.

use std::path::PathBuf;

/// Names, definitions and configurations of all apps; empty, with a note, when the folder is absent.
pub fn apps() -> Vec<(String, String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/apps");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no ../shared");
        return Vec::new();
    };
    let mut apps = Vec::new();
    for path in entries.map(|entry| entry.expect("a readable folder").path()).filter(|path| path.is_dir()) {
        let read =
            |name: &str| std::fs::read_to_string(path.join(name)).expect("an export has a definition and a config");
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        apps.push((name, read("appDefinition.json"), read("config.json")));
    }
    apps
}
