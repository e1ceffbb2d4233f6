//! Recordings: one file for each component, a JSON list of requests with their responses.
//!
//! The files are meant to be read, edited and kept beside the bot, so they are laid out for people, in an order that only
//! depends on what is in them, and without secrets.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use access::digest;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, SetupError};
use crate::hidden;
use crate::options::Options;
use crate::request::Request;
use crate::response::Response;

/// Longer names of components are cut in names of files. Bytes.
const MAX_NAME: usize = 120;

/// The folder of recordings, which may not be configured.
#[derive(Clone)]
pub(crate) struct Cassettes {
    folder: Option<PathBuf>,
    /// Held while a file is changed.
    writing: Arc<Mutex<()>>,
}

/// A request with its response.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recording {
    request: Asked,
    response: Response,
}

/// What was asked, without secrets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    url: String,
    method: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

impl Asked {
    fn new(request: &Request) -> Self {
        Self {
            url: hidden::in_url(&request.url),
            method: request.method.trim().to_ascii_uppercase(),
            body: request.body.as_deref().filter(|body| !body.is_empty()).map(hidden::in_body),
        }
    }
}

impl Cassettes {
    pub(crate) fn new(options: &Options) -> Result<Self, SetupError> {
        match &options.cassettes {
            Some(folder) if folder.exists() && !folder.is_dir() => Err(SetupError::NotAFolder(folder.clone())),
            folder => Ok(Self { folder: folder.clone(), writing: Arc::default() }),
        }
    }

    /// Fails when there is no folder to record calls of a component to.
    pub(crate) fn can_record(&self, name: &str) -> Result<(), Failure> {
        self.path_to_record(name).map(|_| ())
    }

    /// The recording that fits a request best: of the same call; of one with another body; of one with another URL; of any
    /// call of the component.
    pub(crate) async fn find(&self, request: &Request) -> Result<Option<Response>, Failure> {
        let Some(path) = self.path(&request.name) else { return Ok(None) };
        let asked = Asked::new(request);
        blocking(&request.name, move || {
            let recordings = read(&path)?;
            let fits: [fn(&Asked, &Asked) -> bool; 4] = [
                |a, b| a == b,
                |a, b| (&a.method, &a.url) == (&b.method, &b.url),
                |a, b| a.body.is_some() && (&a.method, &a.body) == (&b.method, &b.body),
                |_, _| true,
            ];
            let best = fits.iter().find_map(|fits| recordings.iter().position(|one| fits(&one.request, &asked)));
            Ok(best.and_then(|index| recordings.into_iter().nth(index)).map(|best| best.response))
        })
        .await
    }

    /// Writes down a response, in the place of an older one to the same request.
    pub(crate) async fn record(&self, request: &Request, response: &Response) -> Result<(), Failure> {
        let path = self.path_to_record(&request.name)?;
        let asked = Asked::new(request);
        let mut response = response.clone();
        response.headers.retain(|name, _| !hidden::is_secret(name));
        hidden::in_value(&mut response.body);
        let writing = Arc::clone(&self.writing);
        blocking(&request.name, move || {
            let _held = writing.lock().unwrap_or_else(PoisonError::into_inner);
            let mut recordings = read(&path)?;
            recordings.retain(|one| one.request != asked);
            recordings.push(Recording { request: asked, response });
            recordings.sort_by(|a, b| a.request.cmp(&b.request));
            write(&path, &recordings).map_err(|error| format!("{} cannot be written: {error}", path.display()))
        })
        .await
    }

    /// The file of a component.
    fn path(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(format!("{}.json", file_name(name))))
    }

    fn path_to_record(&self, name: &str) -> Result<PathBuf, Failure> {
        self.path(name).ok_or_else(|| {
            let reason = "the setting `cassettes` names no folder to record to".into();
            Failure::Recording { name: name.to_owned(), reason }
        })
    }

    /// What to do when there is no recording.
    pub(crate) fn hint(&self, name: &str) -> String {
        let record = match self.path(name) {
            Some(path) => format!("record one into {} with the mode `record`", path.display()),
            None => "set `cassettes` to a folder and record one with the mode `record`".into(),
        };
        format!("{record}, or keep a sample response in the bot")
    }
}

/// Works with files where that may take its time.
async fn blocking<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.unwrap_or_else(|_| Err("the server is shutting down".into()));
    done.map_err(|reason| Failure::Recording { name: name.to_owned(), reason })
}

fn read(path: &Path) -> Result<Vec<Recording>, String> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map_err(|error| format!("{} is not a list of recordings: {error}", path.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
    }
}

/// Replaces the file as a whole, so that nobody reads half of it.
fn write(path: &Path, recordings: &[Recording]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut text = serde_json::to_vec_pretty(recordings)?;
    text.push(b'\n');
    let unfinished = path.with_extension("json.new");
    fs::write(&unfinished, text)?;
    fs::rename(unfinished, path)
}

/// A name for a file that leads nowhere else and is no other component's: letters, digits, `-` and `_` stay, other
/// characters become `%` and their code.
fn file_name(name: &str) -> String {
    let mut escaped = String::new();
    for character in name.chars() {
        match character {
            '-' | '_' => escaped.push(character),
            _ if character.is_alphanumeric() => escaped.push(character),
            _ => escaped.push_str(&format!("%{:x}.", u32::from(character))),
        }
    }
    if escaped.len() > MAX_NAME {
        escaped.truncate(escaped.floor_char_boundary(MAX_NAME));
        escaped.push('%');
        escaped.push_str(&digest::sha256(name.as_bytes())[..16]);
    }
    if escaped.is_empty() { "%".into() } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_stay_in_the_folder_and_differ() {
        let long = "a".repeat(300);
        for (name, file) in [
            ("GetFlights", "GetFlights"),
            ("Get flights-2_b", "Get%20.flights-2_b"),
            ("Fluginfo für Köln", "Fluginfo%20.für%20.Köln"),
            ("../../etc/passwd", "%2e.%2e.%2f.%2e.%2e.%2f.etc%2f.passwd"),
            ("a%20.b", "a%25.20%2e.b"),
            ("a\0b", "a%0.b"),
            ("", "%"),
        ] {
            assert_eq!(file_name(name), file, "{name}");
        }
        assert_eq!(file_name(&long).len(), MAX_NAME + 17);
        assert_ne!(file_name(&long), file_name(&"a".repeat(301)));
    }
}
