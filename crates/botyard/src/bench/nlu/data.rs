//! The data sets: files of lines `intent<TAB>utterance`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::super::BenchError;

/// A folder of data sets.
pub(super) struct DataSets {
    folder: PathBuf,
}

/// Utterances with their intents.
pub(super) struct Labelled {
    pub(super) path: PathBuf,
    /// Intent and utterance.
    pub(super) rows: Vec<(String, String)>,
}

/// The files of a subject, or the one that is not there.
pub(super) type Found<T> = Result<T, PathBuf>;

impl DataSets {
    pub(super) fn open(folder: &Path) -> Result<Self, BenchError> {
        if folder.is_dir() {
            Ok(Self { folder: folder.to_owned() })
        } else {
            Err(BenchError::Data { path: folder.to_owned(), what: "is not a folder".to_owned() })
        }
    }

    /// Where a file of the folder is, or would be.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Reads some files; the path of the first that is not there, if one is not.
    pub(super) fn read<const N: usize>(&self, names: [&str; N]) -> Result<Found<[Labelled; N]>, BenchError> {
        let paths = names.map(|name| self.folder.join(name));
        if let Some(missing) = paths.iter().find(|path| !path.exists()) {
            return Ok(Err(missing.clone()));
        }
        let mut sets = Vec::with_capacity(N);
        for path in paths {
            sets.push(read(path)?);
        }
        Ok(Ok(sets.try_into().unwrap_or_else(|_| unreachable!("as many sets as names"))))
    }
}

fn read(path: PathBuf) -> Result<Labelled, BenchError> {
    let text = std::fs::read(&path).map_err(|source| {
        let what = if source.kind() == ErrorKind::PermissionDenied { "may not be read" } else { "cannot be read" };
        BenchError::Data { path: path.clone(), what: format!("{what}: {source}") }
    })?;
    let mut rows = Vec::new();
    for (at, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let broken = |why: &str| BenchError::Data { path: path.clone(), what: format!("line {}: {why}", at + 1) };
        let line = std::str::from_utf8(line).map_err(|_| broken("is not UTF-8"))?.trim_end_matches('\r');
        if line.is_empty() {
            continue;
        }
        let (intent, text) = line.split_once('\t').ok_or_else(|| broken("has no tab after the intent"))?;
        rows.push((intent.to_owned(), text.to_owned()));
    }
    if rows.is_empty() {
        return Err(BenchError::Data { path, what: "is empty".to_owned() });
    }
    Ok(Labelled { path, rows })
}
