//! The files of the sample bot, as an import takes them.

use std::path::{Path, PathBuf};

use crate::Error;
use crate::sample::CORNER_COFFEE;

/// A file of the sample.
pub(super) struct SampleFile {
    /// The file name.
    pub(super) name: &'static str,
    /// The member of the body of an import that takes the file's id.
    pub(super) member: &'static str,
    /// The content.
    pub(super) bytes: &'static [u8],
}

/// The files of the sample: all an import takes.
pub(super) fn files() -> Vec<SampleFile> {
    let file = |name, member, bytes| SampleFile { name, member, bytes };
    let mut files = vec![
        file("botDefinition.json", "botDefinition", CORNER_COFFEE.definition),
        file("config.json", "configInfo", CORNER_COFFEE.config),
        file("icon.png", "icon", CORNER_COFFEE.icon),
    ];
    if let Some(functions) = CORNER_COFFEE.functions {
        files.push(file("botFunctions.js", "botFunctions", functions));
    }
    files
}

/// Writes the files into the data folder, so that the printed calls have something to upload; where they are.
pub(super) fn write_to(data: &Path) -> Result<PathBuf, Error> {
    let folder = data.join("sample");
    let at_fault = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::File { path, source }
    };
    std::fs::create_dir_all(&folder).map_err(at_fault(&folder))?;
    for file in files() {
        let path = folder.join(file.name);
        std::fs::write(&path, file.bytes).map_err(at_fault(&path))?;
    }
    Ok(folder)
}
