//! Recognises what people upload instead of a zip archive.

use std::fmt;

/// What a file that is no zip archive looks like, judged by its first bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// No bytes at all.
    Empty,
    /// A JSON object or array.
    Json,
    /// An HTML page.
    Html,
    /// An XML document.
    Xml,
    /// A gzip stream, perhaps a `.tar.gz`.
    Gzip,
    /// A RAR archive.
    Rar,
    /// A 7-Zip archive.
    SevenZip,
    /// A tar archive.
    Tar,
    /// A bzip2, xz or zstd stream.
    OtherCompressed,
    /// A PDF document.
    Pdf,
    /// A PNG, JPEG or GIF image.
    Image,
    /// None of these.
    Unknown,
}

impl FileKind {
    /// How many leading bytes [`FileKind::of`] wants to see.
    pub(super) const PREFIX_BYTES: u64 = 512;

    /// Judges a file by its first bytes.
    pub(super) fn of(prefix: &[u8]) -> Self {
        const MAGIC_NUMBERS: [(&[u8], FileKind); 12] = [
            (b"\x1f\x8b", FileKind::Gzip),
            (b"Rar!\x1a\x07", FileKind::Rar),
            (b"7z\xbc\xaf\x27\x1c", FileKind::SevenZip),
            (b"BZh", FileKind::OtherCompressed),
            (b"\xfd7zXZ\0", FileKind::OtherCompressed),
            (b"\x28\xb5\x2f\xfd", FileKind::OtherCompressed),
            (b"%PDF", FileKind::Pdf),
            (b"\x89PNG", FileKind::Image),
            (b"\xff\xd8\xff", FileKind::Image),
            (b"GIF8", FileKind::Image),
            (b"<?xml", FileKind::Xml),
            (b"\xef\xbb\xbf<?xml", FileKind::Xml),
        ];
        if prefix.is_empty() {
            return Self::Empty;
        }
        for (magic, kind) in MAGIC_NUMBERS {
            if prefix.starts_with(magic) {
                return kind;
            }
        }
        if prefix.get(257..262) == Some(b"ustar") {
            return Self::Tar;
        }
        let text = prefix.strip_prefix(b"\xef\xbb\xbf").unwrap_or(prefix).trim_ascii_start();
        match text.first() {
            Some(b'{' | b'[') => Self::Json,
            Some(b'<') => Self::Html,
            _ => Self::Unknown,
        }
    }

    /// What to do about it.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::Empty => "upload the export's zip file again, or check the program that wrote it",
            Self::Json => {
                "import it with uploadMode JSON, or zip it as botDefinition.json (appDefinition.json of an app) together with config.json"
            }
            Self::Html | Self::Xml => "it is probably an error or log-in page saved in place of the download",
            Self::Gzip | Self::Rar | Self::SevenZip | Self::Tar | Self::OtherCompressed => {
                "unpack it and pack the files as a zip archive"
            }
            Self::Pdf | Self::Image | Self::Unknown => "choose the zip file that a bot export produced",
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty file",
            Self::Json => "a JSON file",
            Self::Html => "an HTML page",
            Self::Xml => "an XML document",
            Self::Gzip => "a gzip file",
            Self::Rar => "a RAR archive",
            Self::SevenZip => "a 7-Zip archive",
            Self::Tar => "a tar archive",
            Self::OtherCompressed => "another compressed file",
            Self::Pdf => "a PDF document",
            Self::Image => "an image",
            Self::Unknown => "a file of unknown kind",
        })
    }
}
