//! What an import costs at least: unpack, parse, hash, write, flush.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use archive::read::{Archive, Limits, Part};
use definition::Document;

use super::{Aim, BenchError, Measure, median, millis};

/// Times the least on one core.
pub(super) fn at_least(archive: &[u8]) -> Result<Duration, BenchError> {
    let failed = |error: &dyn std::error::Error| BenchError::Comparison(error.to_string());
    let folder = tempfile::tempdir()?;
    let started = Instant::now();
    let mut archive = Archive::open(Cursor::new(archive), &Limits::default()).map_err(|error| failed(&error))?;
    let bytes = archive.read_part(Part::Definition).map_err(|error| failed(&error))?.unwrap_or_default();
    let document = Document::parse(bytes, "botDefinition.json").map_err(|error| failed(&error))?;
    let digest = store::sha256(document.text().as_bytes());
    let mut file = std::fs::File::create(folder.path().join(digest))?;
    file.write_all(document.text().as_bytes())?;
    file.sync_all()?;
    Ok(started.elapsed())
}

/// The measure from all rounds.
pub(super) fn measure(ours: &[Duration], limit: &[Duration]) -> Measure {
    Measure::ratio(
        "import",
        "import of a new definition of 20 MB, against unpacking, parsing, hashing, writing and flushing it",
        "ms",
        median(ours.iter().copied().map(millis).collect()),
        median(limit.iter().copied().map(millis).collect()),
        Aim::AtMost(3.0),
    )
}
