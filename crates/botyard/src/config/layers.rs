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
    /// One connection would be taken by the process's ear for announcements, and none left for the work.
    #[error("`database.connections` is {0}: give at least 2")]
    TooFewConnections(u32),
    /// There is nothing for this process to do.
    #[error("`roles` is empty: give api, jobs, or both")]
    NoRole,
    /// There is no way to speak to this server.
    #[error("`server.http1` and `server.http2` are both false: set at least one of them")]
    NoProtocol,
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
        let mut misfits = Vec::new();
        for (name, text) in variables {
            let Some(path) = name.strip_prefix(PREFIX) else { continue };
            let path: Vec<String> = path.split("__").map(str::to_lowercase).collect();
            match self.with_text(&path, &text) {
                Ok(table) => self.0 = table,
                Err(message) => misfits.push((name, path, text, message)),
            }
        }
        // Settings that are only whole together, such as those of a language model, fit when all of them are there.
        let mut together = self.0.clone();
        let puts = misfits.iter().all(|(_, path, text, _)| put(&mut together, path, Value::String(text.clone())));
        if puts && read(together.clone()).is_ok() {
            self.0 = together;
            return Ok(self);
        }
        match misfits.into_iter().next() {
            Some((name, .., message)) => Err(Error::Variable { name, message }),
            None => Ok(self),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The settings of a file and of variables, or the message of the error.
    fn settings(file: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("botyard.toml");
        std::fs::write(&path, file).unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let layers = Layers::default().file(path).and_then(|layers| layers.environment(variables));
        layers.map(Layers::finish).map_err(|error| error.to_string())
    }

    #[test]
    fn the_last_source_that_gives_a_setting_wins() {
        let (file, variable, flag) = ("[server]\nlisten = '0.0.0.0:1'", "0.0.0.0:2", "0.0.0.0:3");
        for (file, variable, flag, expected) in [
            ("", None, None, "127.0.0.1:8081"),
            (file, None, None, "0.0.0.0:1"),
            (file, Some(variable), None, "0.0.0.0:2"),
            (file, Some(variable), Some(flag), "0.0.0.0:3"),
            (file, None, Some(flag), "0.0.0.0:3"),
            ("", Some(variable), None, "0.0.0.0:2"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("botyard.toml");
            std::fs::write(&path, file).unwrap();
            let variables = variable.map(|text| ("BOTYARD__SERVER__LISTEN".to_owned(), text.to_owned()));
            let layers = Layers::default().file(path).and_then(|layers| layers.environment(variables)).unwrap();
            let config = layers.flag("listen", &["server", "listen"], flag).unwrap().finish();
            assert_eq!(config.server.listen.to_string(), expected, "{file:?} {variable:?} {flag:?}");
            assert_eq!(config.server.grace_ms, 10_000, "what was not given keeps its default");
        }
    }

    #[test]
    fn variables_are_read_as_the_type_of_their_setting() {
        let variables = [
            ("BOTYARD__ROLES", "api, jobs"),
            ("BOTYARD__API__PUBLIC_URL", "https://bots.example.com"),
            ("BOTYARD__API__MAX_UPLOAD_BYTES", "1000"),
            ("BOTYARD__API__RATE_LIMITS__ENABLED", "true"),
            ("BOTYARD__API__RATE_LIMITS__WINDOWS", "[{ seconds = 1, calls = 2 }]"),
            ("BOTYARD__DATABASE__DURABILITY", "process"),
            ("BOTYARD__OBJECTS__SECRET_ACCESS_KEY", "12345"),
            ("BOTYARD__RUNNER__WORKERS", "7"),
            ("BOTYARD_DATA", "not ours: one underscore"),
            ("PATH", "/bin"),
        ];
        let config = settings("[objects]\nregion = 'here'", &variables).unwrap();
        assert_eq!(config.roles.len(), 2);
        assert_eq!(config.api.public_url.as_deref(), Some("https://bots.example.com"));
        assert_eq!(config.api.max_upload_bytes, 1000);
        assert_eq!(config.api.rate_limits.windows, [api::Window { seconds: 1, calls: 2 }]);
        assert_eq!(config.database.durability, store::Durability::Process);
        assert_eq!(config.objects.secret_access_key.map(|secret| secret.expose().to_owned()).as_deref(), Some("12345"));
        assert_eq!(config.objects.region.as_deref(), Some("here"));
        assert_eq!(config.runner.workers, 7);
    }

    #[test]
    fn settings_that_are_only_whole_together_may_come_as_variables() {
        let prefix = "BOTYARD__CONVERSATION__LANGUAGE_MODELS__DEFAULT__";
        let names = ["API_KEY", "MODEL", "URL"].map(|name| format!("{prefix}{name}"));
        let all: Vec<(&str, &str)> =
            names.iter().map(String::as_str).zip(["sk-1", "small", "http://models/v1"]).collect();
        let models = settings("", &all).unwrap().conversation.language_models;
        assert_eq!((models["default"].model.as_str(), models["default"].url.as_str()), ("small", "http://models/v1"));
        let message = settings("", &all[..2]).expect_err("no address");
        assert!(message.contains("`url`"), "{message}");
    }

    #[test]
    fn a_wrong_setting_is_named_with_its_place_and_what_is_allowed() {
        type Variables = &'static [(&'static str, &'static str)];
        let table: [(&str, Variables, &[&str]); 8] = [
            ("[server]\nport = 1", &[], &["botyard.toml, line 2, column 1", "`port`", "`listen`"]),
            ("\nroles = ['api', 'boss']", &[], &["line 2, column 17", "`boss`", "`api` or `jobs`"]),
            ("[server]\nlisten = 'here'", &[], &["line 2, column 10", "socket address"]),
            ("a = = b", &[], &["line 1, column 5"]),
            ("", &[("BOTYARD__SERVER__PORT", "1")], &["BOTYARD__SERVER__PORT", "`port`", "`listen`"]),
            ("", &[("BOTYARD__ROLES", "api,boss")], &["BOTYARD__ROLES", "`boss`", "`api` or `jobs`"]),
            ("", &[("BOTYARD__API__MAX_UPLOAD_BYTES", "much")], &["MAX_UPLOAD_BYTES", "`api.max_upload_bytes`", "u64"]),
            ("", &[("BOTYARD__DATA__X", "1")], &["BOTYARD__DATA__X"]),
        ];
        for (file, variables, parts) in table {
            let message = settings(file, variables).expect_err(file);
            for part in parts {
                assert!(message.contains(part), "no {part} in {message}");
            }
        }
        let missing = Layers::default().file(PathBuf::from("no-such-file.toml")).unwrap_err().to_string();
        assert!(missing.contains("no-such-file.toml"), "{missing}");
    }

    #[test]
    fn what_is_printed_can_be_read_again_and_shows_no_secret() {
        let file = "[database]\nurl = 'postgres://me:sesame@db/x'\n[access]\nmaster_key = 'sesame'\n\
            [objects]\nurl = 's3://bucket/folder'\nsecret_access_key = 'sesame'";
        let printed = settings(file, &[]).unwrap().to_toml();
        assert!(!printed.contains("sesame"), "{printed}");
        let again = settings(&printed, &[]).unwrap();
        assert_eq!(again.objects.url.as_deref(), Some("s3://bucket/folder"));
        assert_eq!(again.to_toml(), printed);
    }

    #[test]
    fn places_are_recognised_by_their_urls() {
        use store::{DatabaseOptions, ObjectLocation};
        for (url, expected) in [
            ("sqlite:x/y.db", "sqlite x/y.db"),
            ("sqlite:///x/y.db", "sqlite /x/y.db"),
            ("postgres://h/d", "postgres postgres://h/d"),
            ("postgresql://h/d", "postgres postgresql://h/d"),
            ("mysql://h/d", "refused"),
            ("sqlite:", "refused"),
        ] {
            let found = match settings("", &[("BOTYARD__DATABASE__URL", url)]).unwrap().database_options() {
                Ok(DatabaseOptions::Sqlite { path, .. }) => format!("sqlite {}", path.display()),
                Ok(DatabaseOptions::Postgres { url, .. }) => format!("postgres {url}"),
                Err(_) => "refused".to_owned(),
            };
            assert_eq!(found, expected, "{url}");
        }
        for (url, expected) in [
            ("some/folder", "folder some/folder"),
            ("s3://bucket", "s3 bucket ()"),
            ("s3://bucket/a/b/", "s3 bucket (a/b)"),
            ("s3://", "refused"),
            ("gs://bucket", "refused"),
        ] {
            let found = match settings("", &[("BOTYARD__OBJECTS__URL", url)]).unwrap().object_location() {
                Ok(ObjectLocation::Folder { path, .. }) => format!("folder {}", path.display()),
                Ok(ObjectLocation::S3(s3)) => format!("s3 {} ({})", s3.bucket, s3.prefix),
                Err(_) => "refused".to_owned(),
            };
            assert_eq!(found, expected, "{url}");
        }
    }
}
