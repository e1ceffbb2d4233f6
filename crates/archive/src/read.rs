//! Reads the archive of a bot export that somebody uploaded.
//!
//! [`Archive::open`] reads the directory, refuses whatever is malformed or hostile, and finds the export's parts;
//! [`Archive::read`] unpacks one of them in bounded memory. Nothing is ever written to disk.

mod directory;
mod error;
mod file_kind;
mod names;
mod unpack;

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};

use directory::Record;
use domain::DefinitionFile;
pub use error::{NameList, ReadError};
pub use file_kind::FileKind;
pub use names::Part;

/// How much an archive may hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How many entries, folders and ignored files included.
    pub max_entries: usize,
    /// How many bytes one entry may unpack to.
    pub max_entry_bytes: u64,
    /// How many bytes all calls of [`Archive::read`] together may unpack.
    pub max_total_bytes: u64,
    /// How many times its packed size an entry may unpack to, once it passes 1 MiB. The hardest that deflate can pack is
    /// about 1030 times; definitions reach 10 to 40.
    pub max_ratio: u64,
}

impl Default for Limits {
    /// Far above every real export (the largest public definition has 3.7 MB), low enough for one process.
    fn default() -> Self {
        Self {
            max_entries: 1000,
            max_entry_bytes: 256 * 1024 * 1024,
            max_total_bytes: 128 * 1024 * 1024,
            max_ratio: 200,
        }
    }
}

/// The archive of one bot export, open for reading.
pub struct Archive<R> {
    reader: R,
    limits: Limits,
    entries: Vec<Entry>,
    unpacked_bytes: u64,
}

/// One part of the export in an [`Archive`].
#[derive(Clone, Debug)]
pub struct Entry {
    part: Part,
    path: String,
    record: Record,
}

impl Entry {
    /// Which part of the export this is.
    pub fn part(&self) -> Part {
        self.part
    }

    /// How many bytes it unpacks to, as the archive says.
    pub fn size(&self) -> u64 {
        self.record.size
    }

    /// The file name without folders, as spelt in the archive.
    pub fn file_name(&self) -> &str {
        names::folder_and_file(&self.path).1
    }
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the directory of an archive and finds the export's parts.
    ///
    /// The parts are `botDefinition.json` or `appDefinition.json`, one of which must be there once, and in the same folder,
    /// all optional, `config.json`, `icon` with an image extension, and files ending in `.js`. Any number of leading folders, backslashes, another
    /// case, and the extra files of macOS and Windows are tolerated; other files are ignored.
    ///
    /// # Errors
    /// Every variant of [`ReadError`] but those about the content of an entry.
    pub fn open(mut reader: R, limits: &Limits) -> Result<Self, ReadError> {
        let records = directory::read(&mut reader, limits)?;
        let files = safe_files(records)?;
        let entries = find_parts(&files)?;
        for entry in &entries {
            unpack::check_method(&entry.record)?;
        }
        Ok(Self { reader, limits: limits.clone(), entries, unpacked_bytes: 0 })
    }

    /// The parts found, in the order of [`Part`]; only functions may occur more than once.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a part, the first one if there are several.
    pub fn entry(&self, part: Part) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.part == part)
    }

    /// The file that the definition is in.
    pub fn definition_file(&self) -> DefinitionFile {
        self.entry(Part::Definition).and_then(|entry| DefinitionFile::of_name(entry.file_name())).unwrap_or_default()
    }

    /// Unpacks an entry of this archive.
    ///
    /// # Errors
    /// The variants of [`ReadError`] about the content of an entry: limits, damage and checksum.
    pub fn read(&mut self, entry: &Entry) -> Result<Vec<u8>, ReadError> {
        let record = &entry.record;
        let offset = directory::data_offset(&mut self.reader, record)?;
        self.reader.seek(SeekFrom::Start(offset))?;
        let packed = (&mut self.reader).take(record.packed_size);
        unpack::unpack(packed, record, &self.limits, &mut self.unpacked_bytes)
    }

    /// Unpacks a part, the first entry if there are several; `None` when the archive does not have it.
    ///
    /// # Errors
    /// As [`Archive::read`].
    pub fn read_part(&mut self, part: Part) -> Result<Option<Vec<u8>>, ReadError> {
        match self.entry(part).cloned() {
            Some(entry) => self.read(&entry).map(Some),
            None => Ok(None),
        }
    }
}

/// The files with their normalised paths, without folders and the extra files of operating systems.
fn safe_files(records: Vec<Record>) -> Result<Vec<(String, Record)>, ReadError> {
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    for record in records {
        let path = names::safe_path(&record.name)?;
        if record.symbolic_link {
            return Err(ReadError::SymbolicLink { name: record.name });
        }
        if !seen.insert(path.clone()) {
            return Err(ReadError::Duplicate { name: path });
        }
        let is_folder = record.name.ends_with(['/', '\\']);
        if !is_folder && !names::is_junk(&path) {
            files.push((path, record));
        }
    }
    Ok(files)
}

/// Finds the definition and the parts beside it.
fn find_parts(files: &[(String, Record)]) -> Result<Vec<Entry>, ReadError> {
    let mut candidates = Vec::new();
    for (path, record) in files {
        if let Some(part) = Part::of(names::folder_and_file(path).1) {
            candidates.push(Entry { part, path: path.clone(), record: record.clone() });
        }
    }
    let mut definitions = candidates.iter().filter(|entry| entry.part == Part::Definition);
    let Some(definition) = definitions.next().cloned() else {
        return Err(ReadError::NoDefinition { held: NameList::new(files.iter().map(|(path, _)| path.as_str())) });
    };
    if let Some(other) = definitions.next() {
        return Err(ReadError::SeveralDefinitions { first: definition.path, second: other.path.clone() });
    }

    // Scripts and images elsewhere, say in a node_modules folder, have nothing to do with the bot.
    let folder = names::folder_and_file(&definition.path).0;
    candidates.retain(|entry| names::folder_and_file(&entry.path).0 == folder);
    // Where several files could be one part, the one with the original's name wins.
    candidates.sort_by_key(|entry| (entry.part, entry.file_name() != entry.part.file_name(DefinitionFile::Bot)));
    candidates.dedup_by(|later, first| later.part == first.part && later.part != Part::Functions);
    Ok(candidates)
}
