//! Real bots: how well the utterances of each are understood by models that have not seen them.

use std::path::{Path, PathBuf};

use definition::Document;
use definition::nlp::{self, NlpData};
use domain::DefinitionFile;
use nlu::Learned;

use super::{BenchError, Row};

/// Bots with fewer trained intents have nothing to tell apart.
const LEAST_INTENTS: usize = 3;

/// One row for each language of each bot in the folders below `folder`.
pub(super) fn measure(folder: &Path) -> Result<Vec<Row>, BenchError> {
    let broken = |path: &Path, what: String| BenchError::Data { path: path.to_owned(), what };
    let entries = std::fs::read_dir(folder).map_err(|error| broken(folder, format!("cannot be read: {error}")))?;
    let mut files: Vec<(PathBuf, DefinitionFile)> = entries
        .flatten()
        .flat_map(|entry| DefinitionFile::ALL.map(|file| (entry.path().join(file.name()), file)))
        .filter(|(path, _)| path.exists())
        .collect();
    files.sort();
    let mut rows = Vec::new();
    for (path, file) in files {
        let bytes = std::fs::read(&path).map_err(|error| broken(&path, format!("cannot be read: {error}")))?;
        let document = Document::parse(bytes, file.name()).map_err(|error| broken(&path, error.to_string()))?;
        let name = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        for language in nlp::languages(&document) {
            let data = NlpData::read(&document, &language).map_err(|error| broken(&path, error.to_string()))?;
            let trained = data.intents.iter().filter(|intent| !intent.utterances.is_empty()).count();
            if trained < LEAST_INTENTS {
                continue;
            }
            let (_, report) = Learned::train(&data);
            if let Some(judgement) = report.judgement {
                let name = format!("bot {name} ({language}), {trained} intents, {} utterances", report.utterances);
                rows.push(Row::told(name, judgement.accuracy(), ""));
            }
        }
    }
    Ok(rows)
}
