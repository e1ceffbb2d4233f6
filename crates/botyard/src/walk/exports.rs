//! Finding exports of bots in folders.

use std::collections::HashSet;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use archive::read::{Archive, Limits, Part, ReadError};
use domain::DefinitionFile;

use crate::Error;

/// An export, as files.
pub(super) struct Export {
    /// Where it is.
    pub(super) place: String,
    /// Its files, or why they cannot be read.
    pub(super) files: Result<Files, String>,
}

/// The files of an export.
pub(super) struct Files {
    pub(super) definition: Vec<u8>,
    pub(super) definition_file: DefinitionFile,
    pub(super) config: Option<Vec<u8>>,
    /// Functions: file name and source.
    pub(super) functions: Vec<(String, Vec<u8>)>,
}

/// All exports in the folders and those below, by their places; a file is taken as an archive. One that is come to twice, by
/// another spelling or from a folder above it, is one export.
pub(super) fn find(folders: &[PathBuf]) -> Result<Vec<Export>, Error> {
    let mut exports = Vec::new();
    let mut seen = HashSet::new();
    for folder in folders {
        look_into(folder, &mut seen, &mut exports)?;
    }
    Ok(exports)
}

fn look_into(path: &Path, seen: &mut HashSet<PathBuf>, exports: &mut Vec<Export>) -> Result<(), Error> {
    let at_fault = |source| Error::File { path: path.to_owned(), source };
    if !seen.insert(path.canonicalize().map_err(at_fault)?) {
        return Ok(());
    }
    if path.is_file() {
        let bytes = std::fs::read(path).map_err(at_fault)?;
        let files = match from_archive(bytes) {
            // Folders hold other archives, too.
            Ok(None) => return Ok(()),
            Ok(Some(files)) => Ok(files),
            Err(error) => Err(error.to_string()),
        };
        exports.push(Export { place: path.display().to_string(), files });
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(at_fault)? {
        entries.push(entry.map_err(at_fault)?.path());
    }
    entries.sort();
    let named = |name: &str| {
        let of_name = |path: &&PathBuf| path.file_name().is_some_and(|file| file.eq_ignore_ascii_case(name));
        entries.iter().filter(|path| path.is_file()).find(of_name)
    };
    for (definition_file, definition) in DefinitionFile::ALL.map(|file| (file, named(file.name()))) {
        let Some(definition) = definition else { continue };
        let read = |path: &Path| std::fs::read(path).map_err(|source| Error::File { path: path.to_owned(), source });
        let mut functions = Vec::new();
        for script in entries.iter().filter(|path| path.extension().is_some_and(|it| it == "js")) {
            let name = script.file_name().unwrap_or_default().to_string_lossy().into_owned();
            functions.push((name, read(script)?));
        }
        let config = named("config.json").map(|path| read(path)).transpose()?;
        let files = Files { definition: read(definition)?, definition_file, config, functions };
        exports.push(Export { place: path.display().to_string(), files: Ok(files) });
    }
    for entry in &entries {
        let is_archive = entry.extension().is_some_and(|it| it.eq_ignore_ascii_case("zip"));
        if entry.is_dir() || (entry.is_file() && is_archive) {
            look_into(entry, seen, exports)?;
        }
    }
    Ok(())
}

/// The files in an archive; `None` where it holds something else.
fn from_archive(bytes: Vec<u8>) -> Result<Option<Files>, ReadError> {
    let mut archive = match Archive::open(Cursor::new(bytes), &Limits::default()) {
        Err(ReadError::NoDefinition { .. }) => return Ok(None),
        opened => opened?,
    };
    let mut functions = Vec::new();
    for entry in archive.entries().to_vec() {
        if entry.part() == Part::Functions {
            functions.push((entry.file_name().to_owned(), archive.read(&entry)?));
        }
    }
    let definition = archive.read_part(Part::Definition)?.unwrap_or_default();
    let definition_file = archive.definition_file();
    Ok(Some(Files { definition, definition_file, config: archive.read_part(Part::Config)?, functions }))
}
