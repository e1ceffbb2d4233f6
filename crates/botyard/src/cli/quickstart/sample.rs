//! The sample bot that is part of the program.

use std::path::{Path, PathBuf};

use crate::Error;

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
pub(super) const FILES: [SampleFile; 4] = [
    SampleFile {
        name: "botDefinition.json",
        member: "botDefinition",
        bytes: include_bytes!("../../../sample/botDefinition.json"),
    },
    SampleFile { name: "config.json", member: "configInfo", bytes: include_bytes!("../../../sample/config.json") },
    SampleFile { name: "icon.png", member: "icon", bytes: include_bytes!("../../../sample/icon.png") },
    SampleFile {
        name: "botFunctions.js",
        member: "botFunctions",
        bytes: include_bytes!("../../../sample/botFunctions.js"),
    },
];

/// The name of the sample bot.
pub(super) const NAME: &str = "Corner Coffee";

/// Writes the files into the data folder, so that the printed calls have something to upload; where they are.
pub(super) fn write_to(data: &Path) -> Result<PathBuf, Error> {
    let folder = data.join("sample");
    let at_fault = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::File { path, source }
    };
    std::fs::create_dir_all(&folder).map_err(at_fault(&folder))?;
    for file in &FILES {
        let path = folder.join(file.name);
        std::fs::write(&path, file.bytes).map_err(at_fault(&path))?;
    }
    Ok(folder)
}
