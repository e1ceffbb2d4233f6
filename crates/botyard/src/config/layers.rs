//! Settings put together from their sources.

use std::path::PathBuf;

use serde::Deserialize;
use toml::{Table, Value};

use super::Config;

/// Settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not TOML, has a setting that does not exist, or a value that does not fit.
    #[error("the configuration file {path}, line {line}, column {column}: {message}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong, and what is allowed.
        message: String,
    },
    /// A variable names a setting that does not exist, or its value does not fit.
    #[error("the environment variable {name}: {message}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong, and what is allowed.
        message: String,
    },
    /// An option of the command line does not fit.
    #[error("the option --{name}: {message}")]
    Flag {
        /// The option.
        name: &'static str,
        /// What is wrong, and what is allowed.
        message: String,
    },
    /// The database is of no kind that is known. The URL may hold a password, so it is not repeated.
    #[error("`database.url` is not usable: give `sqlite:<file>` or `postgres://user:password@host:port/database`")]
    DatabaseUrl,
    /// The object store is of no kind that is known.
    #[error("`objects.url` is `{0}`: give a folder, or `s3://bucket/prefix`")]
    ObjectsUrl(String),
    /// The filter of the log cannot be read.
    #[error(
        "`log.level` is `{level}`: give a level (error, warn, info, debug, trace) or a list such as `warn,jobs=debug`"
    )]
    LogLevel {
        /// The filter.
        level: String,
    },
}

/// The beginning of the names of all variables.
const PREFIX: &str = "BOTYARD__";

/// Settings as far as they were given: each layer added overrules the ones before it.
#[derive(Debug, Default)]
pub struct Layers(Table);

impl Layers {
    /// Adds the settings of a TOML file.
    ///
    /// # Errors
    /// When the file cannot be read or has a setting that does not exist or does not fit.
    pub fn file(mut self, path: PathBuf) -> Result<Self, Error> {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) => return Err(Error::Unreadable { path, source }),
        };
        let at_fault = |path: PathBuf, error: &toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            Error::File { path, line, column, message: error.message().to_owned() }
        };
        // Read as settings first, since only that knows the place of what is wrong.
        if let Err(error) = toml::from_str::<Config>(&text) {
            return Err(at_fault(path, &error));
        }
        let table = text.parse::<Table>().map_err(|error| at_fault(path, &error))?;
        merge(&mut self.0, table);
        Ok(self)
    }

    /// Adds the settings of the variables that begin with `BOTYARD__`; others are passed over.
    ///
    /// # Errors
    /// When a variable names a setting that does not exist, or its value does not fit.
    pub fn environment(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, Error> {
        for (name, text) in variables {
            let Some(path) = name.strip_prefix(PREFIX) else { continue };
            let path: Vec<String> = path.split("__").map(str::to_lowercase).collect();
            self.0 = self.with_text(&path, &text).map_err(|message| Error::Variable { name, message })?;
        }
        Ok(self)
    }

    /// Adds a setting of the command line, when it was given. Its name is that of the option, its path where it stands
    /// in the settings.
    ///
    /// # Errors
    /// When the value does not fit.
    pub fn flag(mut self, name: &'static str, path: &[&str], text: Option<&str>) -> Result<Self, Error> {
        if let Some(text) = text {
            let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
            self.0 = self.with_text(&path, text).map_err(|message| Error::Flag { name, message })?;
        }
        Ok(self)
    }

    /// The settings, with defaults for what was not given.
    pub fn finish(self) -> Config {
        read(self.0).expect("every layer was read when it was added")
    }

    /// The table with one more value given as text: as the text itself where a text fits, else as TOML, else as a list
    /// with commas. What is wrong, and what is allowed, when none fits.
    fn with_text(&self, path: &[String], text: &str) -> Result<Table, String> {
        let as_toml = format!("value = {text}").parse::<Table>().ok().and_then(|mut table| table.remove("value"));
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let as_list = Value::Array(items.map(|item| Value::String(item.to_owned())).collect());
        let mut messages = Vec::new();
        for value in [Some(Value::String(text.to_owned())), as_toml, Some(as_list)].into_iter().flatten() {
            let mut table = self.0.clone();
            if put(&mut table, path, value) {
                match read(table.clone()) {
                    Ok(_) => return Ok(table),
                    Err(message) => messages.push(message),
                }
            }
        }
        // A text is of the wrong type for most settings; what is wrong with a value of the right type says more.
        let telling = messages.iter().position(|message| !message.contains("invalid type")).unwrap_or(0);
        Err(if messages.is_empty() { "there is no such setting".to_owned() } else { messages.swap_remove(telling) })
    }
}

/// Reads settings; the message of an error begins with the setting it is about.
fn read(table: Table) -> Result<Config, String> {
    let mut track = serde_path_to_error::Track::new();
    let input = serde_path_to_error::Deserializer::new(Value::Table(table), &mut track);
    match Config::deserialize(input) {
        Ok(config) => Ok(config),
        Err(error) => Err(format!("`{}`: {}", track.path(), error.message())),
    }
}

/// Puts a value at a path, making the tables on the way; `false` when something else than a table is in the way.
fn put(table: &mut Table, path: &[String], value: Value) -> bool {
    let Some((last, folders)) = path.split_last() else { return false };
    let mut place = table;
    for folder in folders {
        let next = place.entry(folder.clone()).or_insert_with(|| Value::Table(Table::new()));
        let Value::Table(next) = next else { return false };
        place = next;
    }
    place.insert(last.clone(), value);
    true
}

/// Puts the values of `above` over those of `below`; tables are joined, everything else is replaced.
fn merge(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}
