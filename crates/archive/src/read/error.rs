//! Why an archive was refused.

use std::fmt;
use std::io;

use super::file_kind::FileKind;

/// Why an archive, or one entry of it, could not be read.
///
/// Entry names are shown quoted and escaped, as they come from strangers.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The underlying reader failed; the archive itself may be fine.
    #[error("the archive could not be read from storage")]
    Io(#[from] io::Error),
    /// The file is something else than a zip archive.
    #[error("this is not a zip archive but {found}: {}", found.advice())]
    NotAnArchive {
        /// What the first bytes look like.
        found: FileKind,
    },
    /// The file begins like a zip archive but has no directory at its end.
    #[error(
        "the zip archive is cut off: its directory should stand at the end of these {bytes} bytes and is missing; \
         upload the whole file again"
    )]
    Truncated {
        /// Length of the file.
        bytes: u64,
    },
    /// The file is one volume of an archive that was split over several files.
    #[error("the zip archive is one volume of several; join the volumes or zip the export again into a single file")]
    Split,
    /// A record of the archive contradicts the format or another record.
    #[error("the zip archive is damaged at byte {offset}: {problem}; export or zip the bot again")]
    Damaged {
        /// Where the offending record starts.
        offset: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// More entries than allowed.
    #[error("the zip archive holds {found} entries or more, and {limit} are allowed; zip only the files of one export")]
    TooManyEntries {
        /// How many the archive claims, or how many were seen when reading stopped.
        found: u64,
        /// [`Limits::max_entries`](super::Limits::max_entries).
        limit: u64,
    },
    /// An entry name is unreasonably long.
    #[error(
        "the zip archive holds an entry name of {length} bytes, and {limit} are allowed; zip only the files of one export"
    )]
    NameTooLong {
        /// Length of the name.
        length: usize,
        /// The longest accepted name.
        limit: usize,
    },
    /// An entry name would leave the folder it is unpacked into.
    #[error("the entry {name:?} {trick}; zip the export's folder again with plain relative names")]
    UnsafeName {
        /// The name as it stands in the archive.
        name: String,
        /// What makes the name unsafe.
        trick: &'static str,
    },
    /// An entry is a symbolic link.
    #[error("the entry {name:?} is a symbolic link; zip the file that it points to instead")]
    SymbolicLink {
        /// Name of the entry.
        name: String,
    },
    /// Two entries have one name.
    #[error("the zip archive holds two entries named {name:?}; remove one, as it is unclear which is meant")]
    Duplicate {
        /// The shared name.
        name: String,
    },
    /// Two entries claim the same bytes, as decompression bombs do.
    #[error("the entries {first:?} and {second:?} overlap in the zip archive; export or zip the bot again")]
    Overlap {
        /// The entry that starts first.
        first: String,
        /// The entry that starts inside it.
        second: String,
    },
    /// An entry reaches over the end of the entries' area.
    #[error(
        "the entry {name:?} should end at byte {end}, but its room ends at byte {room_end}: the zip archive is cut off \
         or damaged; upload the whole file again"
    )]
    OutOfBounds {
        /// Name of the entry.
        name: String,
        /// First byte after the entry's data, as claimed.
        end: u64,
        /// First byte that belongs to something else.
        room_end: u64,
    },
    /// No entry is a bot definition.
    #[error(
        "the zip archive has no botDefinition.json or appDefinition.json; it holds {held}; zip the files of a bot export"
    )]
    NoDefinition {
        /// The first few names that were found.
        held: NameList,
    },
    /// More than one bot was zipped together.
    #[error("the zip archive holds two bots, {first:?} and {second:?}; upload one archive for each bot")]
    SeveralDefinitions {
        /// The definition found first.
        first: String,
        /// Another one.
        second: String,
    },
    /// An entry needs a password.
    #[error("the entry {name:?} is encrypted; zip the export again without a password")]
    Encrypted {
        /// Name of the entry.
        name: String,
    },
    /// An entry is packed with a method other than stored and deflate.
    #[error("the entry {name:?} is packed with {}; zip the export again with the usual method, deflate", method_name(*method))]
    UnsupportedMethod {
        /// Name of the entry.
        name: String,
        /// Number of the method in the zip format.
        method: u16,
    },
    /// An entry unpacks to more than allowed.
    #[error("the entry {name:?} unpacks to more than the {limit} bytes allowed for one file")]
    EntryTooLarge {
        /// Name of the entry.
        name: String,
        /// [`Limits::max_entry_bytes`](super::Limits::max_entry_bytes).
        limit: u64,
    },
    /// All entries together unpack to more than allowed.
    #[error("the zip archive unpacks to more than the {limit} bytes allowed, reached within the entry {name:?}")]
    TotalTooLarge {
        /// The entry that passed the limit.
        name: String,
        /// [`Limits::max_total_bytes`](super::Limits::max_total_bytes).
        limit: u64,
    },
    /// An entry grows suspiciously when unpacked, as decompression bombs do.
    #[error(
        "the entry {name:?} unpacks its {packed} bytes to more than {limit} times as much, like a decompression bomb; \
         zip it again with the method stored if it is genuine"
    )]
    RatioTooHigh {
        /// Name of the entry.
        name: String,
        /// Packed size in bytes.
        packed: u64,
        /// [`Limits::max_ratio`](super::Limits::max_ratio).
        limit: u64,
    },
    /// The packed bytes of an entry are no deflate stream, or the stream does not end.
    #[error("the entry {name:?} cannot be unpacked, {problem} after {unpacked} bytes; export or zip the bot again")]
    CorruptData {
        /// Name of the entry.
        name: String,
        /// What is wrong with the stream.
        problem: &'static str,
        /// How many bytes were unpacked before.
        unpacked: u64,
    },
    /// An entry is longer or shorter than the directory says.
    #[error(
        "the entry {name:?} unpacks to {actual} bytes where the archive's directory says {declared}; \
         export or zip the bot again"
    )]
    SizeMismatch {
        /// Name of the entry.
        name: String,
        /// Size in the directory.
        declared: u64,
        /// Size found.
        actual: u64,
    },
    /// The content of an entry differs from what was packed.
    #[error(
        "the entry {name:?} fails its checksum (found {actual:08x}, expected {declared:08x}); upload the file again"
    )]
    ChecksumMismatch {
        /// Name of the entry.
        name: String,
        /// CRC-32 in the directory.
        declared: u32,
        /// CRC-32 of the unpacked bytes.
        actual: u32,
    },
}

/// Some entry names for an error message: the first few quoted, the others counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameList {
    shown: Vec<String>,
    more: usize,
}

impl NameList {
    /// At most this many names are shown.
    const SHOWN: usize = 5;

    pub(super) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut shown = Vec::new();
        let mut more = 0;
        for name in names {
            if shown.len() < Self::SHOWN {
                shown.push(name.to_owned());
            } else {
                more += 1;
            }
        }
        Self { shown, more }
    }
}

impl fmt::Display for NameList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.shown.is_empty() {
            return f.write_str("no file");
        }
        for (index, name) in self.shown.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{name:?}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// The name people know a compression method by.
fn method_name(method: u16) -> String {
    let name = match method {
        1 => "shrink",
        2..=5 => "reduce",
        6 => "implode",
        9 => "deflate64",
        12 => "bzip2",
        14 => "LZMA",
        93 => "zstd",
        95 => "xz",
        98 => "PPMd",
        _ => return format!("the unknown method {method}"),
    };
    format!("{name} (method {method})")
}
