//! What an entry's name says: whether it is safe, and which part of an export it is.

use domain::DefinitionFile;

use super::error::ReadError;

/// A part of a bot export, in the order the original writes them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    /// `botDefinition.json` or `appDefinition.json`: the bot. Every export has one of them.
    Definition,
    /// `config.json`: the bot's name and environment variables.
    Config,
    /// `icon.png`, or an image of another format.
    Icon,
    /// `botFunctions.js`, or any other script.
    Functions,
}

impl Part {
    /// The part that a file of this name is, whatever the case of its letters.
    pub(super) fn of(file_name: &str) -> Option<Self> {
        const IMAGE_EXTENSIONS: [&str; 8] = ["png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "ico"];
        let lower = file_name.to_ascii_lowercase();
        if DefinitionFile::of_name(file_name).is_some() {
            return Some(Self::Definition);
        }
        match lower.rsplit_once('.')? {
            ("config", "json") => Some(Self::Config),
            ("icon", extension) if IMAGE_EXTENSIONS.contains(&extension) => Some(Self::Icon),
            (_, "js") => Some(Self::Functions),
            _ => None,
        }
    }

    /// The name that the original gives to this part of an export whose definition is in `definition`.
    pub const fn file_name(self, definition: DefinitionFile) -> &'static str {
        match self {
            Self::Definition => definition.name(),
            Self::Config => "config.json",
            Self::Icon => "icon.png",
            Self::Functions => "botFunctions.js",
        }
    }
}

/// The entry's path with forward slashes and without `.` components, or the trick that it tries.
///
/// Nothing here ever unpacks to disk, yet a name with a trick in it means that someone tampered with the archive, and
/// whoever downloads and unpacks the upload later would be harmed.
pub(super) fn safe_path(name: &str) -> Result<String, ReadError> {
    let unsafe_name = |trick| Err(ReadError::UnsafeName { name: name.to_owned(), trick });
    let slashed = name.replace('\\', "/");
    if slashed.contains('\0') {
        return unsafe_name("has a zero byte in its name");
    }
    if slashed.starts_with('/') {
        return unsafe_name("has an absolute path");
    }
    if slashed.as_bytes().get(1) == Some(&b':') {
        return unsafe_name("has a path with a drive letter");
    }
    let mut components = Vec::new();
    for component in slashed.split('/') {
        match component {
            "" | "." => {}
            ".." => return unsafe_name("climbs out of its folder with .."),
            _ => components.push(component),
        }
    }
    if components.is_empty() {
        return unsafe_name("has an empty name");
    }
    Ok(components.join("/"))
}

/// Whether the path is one of the files that operating systems add to archives on their own.
pub(super) fn is_junk(path: &str) -> bool {
    path.split('/').any(|component| {
        component.starts_with("._")
            || ["__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"]
                .iter()
                .any(|junk| component.eq_ignore_ascii_case(junk))
    })
}

/// Splits a path into its folder (empty at the top) and its file name.
pub(super) fn folder_and_file(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
