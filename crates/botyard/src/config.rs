//! What the owner of a server may set.
//!
//! Every setting has a default, so a server starts without any. A setting is taken from the last of these that gives it:
//! the default, the TOML file (`--config`), the environment, the command line. The variable of a setting is its path in
//! capitals with two underscores between the parts: `BOTYARD__SERVER__LISTEN` is `listen` of `[server]`; lists are
//! written with commas.

mod hidden;
mod layers;

use std::net::SocketAddr;
use std::path::PathBuf;

use access::Secret;
use domain::Limits;
use serde::{Deserialize, Serialize};
use store::{DatabaseOptions, Durability, ObjectLocation, S3Options};

pub use layers::{Error, Layers};

/// All settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The folder of everything that is not kept elsewhere: the SQLite file, the objects, the master key. Created when
    /// absent. Relative paths start at the working directory.
    pub data: PathBuf,
    /// What this process does. Several processes may share the work on one database.
    pub roles: Vec<Role>,
    /// How the server is reached.
    pub server: Listening,
    /// Where rows are kept.
    pub database: Database,
    /// Where bytes are kept.
    pub objects: Objects,
    /// The key that seals secrets.
    pub access: Access,
    /// How the API behaves.
    pub api: api::Settings,
    /// What requests (imports, exports, publishes) may do and how large they may be.
    pub jobs: jobs::Settings,
    /// How this process works on requests.
    pub runner: jobs::Options,
    /// Models of language understanding.
    pub nlu: understanding::Options,
    /// Where calls may go that leave this server: those to services, language models, BotKit servers, the addresses of
    /// channels, and webhooks. `conversation.services.egress` holds, too.
    pub egress: services::Egress,
    /// How conversations are held.
    pub conversation: conversation::Options,
    /// How large everything may be that callers, bots and services can make grow.
    pub limits: Limits,
    /// What is logged.
    pub log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("botyard-data"),
            roles: vec![Role::Api, Role::Jobs],
            server: Listening::default(),
            database: Database::default(),
            objects: Objects::default(),
            access: Access::default(),
            api: api::Settings::default(),
            jobs: jobs::Settings::default(),
            runner: jobs::Options::default(),
            nlu: understanding::Options::default(),
            egress: services::Egress::default(),
            conversation: conversation::Options::default(),
            limits: Limits::default(),
            log: Log::default(),
        }
    }
}

/// A part of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Answers the API. Only this role opens the port.
    Api,
    /// Carries out requests: imports, exports, publishes.
    Jobs,
}

/// How the server is reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Listening {
    /// The address and port. Port 0 takes any free one.
    pub listen: SocketAddr,
    /// How long calls in progress may go on after a stop was asked for; then their connections are cut. Milliseconds.
    pub grace_ms: u64,
    /// The most connections at a time; fewer where the system allows fewer open files, of which a quarter is kept for the
    /// rest. For one more, the connection that is idle for the longest time is closed; when all are busy, it waits.
    pub connections: usize,
    /// So long a client may take from connecting to the end of its first headers, and from the first byte of any later
    /// request to the end of its headers. Milliseconds.
    pub headers_ms: u64,
    /// So long a connection may wait for the next request. Milliseconds.
    pub idle_ms: u64,
    /// So long a client may take nothing of what is sent to it. Milliseconds.
    pub stalled_ms: u64,
    /// The most that the line and headers of a request may have; at least 8,192. Bytes.
    pub max_header_bytes: usize,
    /// Whether HTTP/1.1 is spoken.
    pub http1: bool,
    /// Whether HTTP/2 is spoken, without TLS and with clients that know it: what proxies call h2c.
    pub http2: bool,
    /// The most requests at a time on one connection of HTTP/2.
    pub http2_streams: u32,
}

impl Default for Listening {
    fn default() -> Self {
        // The original's export script looks for the text `8081` in download links. (api-contradictions.md, F.)
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8081)),
            grace_ms: 10_000,
            connections: 10_000,
            headers_ms: 15_000,
            idle_ms: 75_000,
            stalled_ms: 30_000,
            max_header_bytes: 64 << 10,
            http1: true,
            http2: true,
            http2_streams: 100,
        }
    }
}

/// Where rows are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite:<file>` or `postgres://user:password@host:port/database`; the file `botyard.db` in the data folder when
    /// absent.
    #[serde(skip_serializing_if = "Option::is_none", with = "hidden::url")]
    pub url: Option<Secret>,
    /// The most connections this process opens to PostgreSQL; at least 2.
    pub connections: u32,
    /// What an acknowledged change survives on SQLite: `power`, a loss of power; `process`, only the end of the process.
    pub durability: Durability,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, connections: 10, durability: Durability::Power }
    }
}

/// Where bytes are kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Objects {
    /// A folder, or `s3://bucket/prefix`; the folder `objects` in the data folder when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The server that speaks S3, when it is not the vendor's own, such as `http://127.0.0.1:9000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The access key id; this and the secret are taken from the usual `AWS_…` variables when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
    /// The secret access key.
    #[serde(skip_serializing_if = "Option::is_none", with = "hidden::text")]
    pub secret_access_key: Option<Secret>,
    /// Whether plain HTTP is allowed, for servers on the same machine or network.
    pub allow_http: bool,
}

/// The key that seals secrets and signs links. All processes on one database need the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// The file of the master key, made for a new store when absent; `master.key` in the data folder when not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub master_key_file: Option<PathBuf>,
    /// The master key itself, the base64 text of 32 bytes; the file is not looked at then.
    #[serde(skip_serializing_if = "Option::is_none", with = "hidden::text")]
    pub master_key: Option<Secret>,
}

/// What is logged, on the standard error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// One line of text or one JSON object per event.
    pub format: LogFormat,
    /// From which level on, such as `info` or `warn,jobs=debug`. When absent, `info,sqlx=warn` for `serve` and `warn`
    /// for the other commands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// JSON objects for programs.
    Json,
}

impl Config {
    /// Whether this process plays the role.
    pub fn plays(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// How conversations are held, with all that is allowed to leave the server.
    pub fn conversation_options(&self) -> conversation::Options {
        let mut options = self.conversation.clone();
        options.services.egress = options.services.egress.joined(&self.egress);
        options
    }

    /// The settings as TOML, with secrets hidden.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("every setting has a form in TOML, and tables come after plain values")
    }

    /// Where rows are kept, as the store wants it.
    ///
    /// # Errors
    /// When the URL is of another kind than SQLite and PostgreSQL, or PostgreSQL gets too few connections.
    pub fn database_options(&self) -> Result<DatabaseOptions, Error> {
        let sqlite = |path| DatabaseOptions::Sqlite { path, durability: self.database.durability };
        let Some(url) = &self.database.url else { return Ok(sqlite(self.data.join("botyard.db"))) };
        let url = url.expose();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let connections = self.database.connections;
            if connections < 2 {
                return Err(Error::TooFewConnections(connections));
            }
            return Ok(DatabaseOptions::Postgres { url: url.to_owned(), connections });
        }
        match url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path)) {
            Some(path) if !path.is_empty() => Ok(sqlite(PathBuf::from(path))),
            _ => Err(Error::DatabaseUrl),
        }
    }

    /// Where bytes are kept, as the store wants it.
    ///
    /// # Errors
    /// When the URL is neither a folder nor an S3 bucket.
    pub fn object_location(&self) -> Result<ObjectLocation, Error> {
        let flush = self.database.durability == Durability::Power;
        let folder = |path| ObjectLocation::Folder { path, flush };
        let Some(url) = &self.objects.url else { return Ok(folder(self.data.join("objects"))) };
        let Some(place) = url.strip_prefix("s3://") else {
            if url.is_empty() || url.contains("://") {
                return Err(Error::ObjectsUrl(url.clone()));
            }
            return Ok(folder(PathBuf::from(url)));
        };
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            return Err(Error::ObjectsUrl(url.clone()));
        }
        Ok(ObjectLocation::S3(S3Options {
            bucket: bucket.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint: self.objects.endpoint.clone(),
            region: self.objects.region.clone(),
            access_key_id: self.objects.access_key_id.clone(),
            secret_access_key: self.objects.secret_access_key.as_ref().map(|secret| secret.expose().to_owned()),
            allow_http: self.objects.allow_http,
        }))
    }

    /// The file of the master key.
    pub fn master_key_file(&self) -> PathBuf {
        self.access.master_key_file.clone().unwrap_or_else(|| self.data.join("master.key"))
    }
}
