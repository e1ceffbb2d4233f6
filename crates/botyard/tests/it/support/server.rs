//! A real server, in this process, on a free port, with data of its own.

use std::path::{Path, PathBuf};

use access::{Algorithm, App, AppKind, Grant, Scope, Secret, SigningKey};
use botyard::{Config, Options, Premises, Server};
use domain::{AppId, BotId};
use serde_json::{Value, json};
use store::Store;

use super::backend::Backend;
use super::client::Client;
use super::program::command;

/// How a test wants its server: change what matters to the test.
pub struct Setup {
    /// The settings. Data, database and objects are set already; the port is free.
    pub config: Config,
    /// Clock and ids; the real ones unless a test puts in its own.
    pub options: Options,
}

pub struct TestServer {
    /// Nothing only while the server is restarted, and after the end.
    server: Option<Server>,
    backend: Option<Backend>,
    config: Config,
    options: Options,
}

impl TestServer {
    /// Starts a server with default settings.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts a server as a test wants it.
    pub async fn start_with(change: impl FnOnce(&mut Setup)) -> Self {
        let backend = Backend::open().await;
        let mut config = Config::default();
        config.server.listen = ([127, 0, 0, 1], 0).into();
        config.server.grace_ms = 5_000;
        // What tests let a server call is on this machine.
        config.egress.allow = vec!["127.0.0.1".to_owned()];
        backend.apply(&mut config);
        let mut setup = Setup {
            config,
            options: Options { program: Some(env!("CARGO_BIN_EXE_botyard").into()), ..Options::default() },
        };
        change(&mut setup);
        let Setup { config, options } = setup;
        let server = Server::start(&config, options.clone()).await.unwrap();
        Self { server: Some(server), backend: Some(backend), config, options }
    }

    /// Another node on the same data, which PostgreSQL allows. The test stops it.
    pub async fn another(&self) -> Server {
        Server::start(&self.config, self.options.clone()).await.unwrap()
    }

    /// Stops the server and starts it again on the same data, as a new deployment would.
    pub async fn restart(&mut self) {
        self.server.take().unwrap().stop().await.unwrap();
        self.server = Some(Server::start(&self.config, self.options.clone()).await.unwrap());
    }

    /// The same with other settings.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) {
        change(&mut self.config);
        self.restart().await;
    }

    fn running(&self) -> &Server {
        self.server.as_ref().expect("the server runs")
    }

    /// `http://127.0.0.1:<port>`.
    pub fn url(&self) -> String {
        self.running().url().expect("the server plays the role api")
    }

    /// Where measurements are answered, when they have a port of their own.
    pub fn measurements_address(&self) -> Option<std::net::SocketAddr> {
        self.running().measurements_address()
    }

    /// What the server works on: store, account, owner.
    pub fn premises(&self) -> &Premises {
        self.running().premises()
    }

    /// The store, for preparing and inspecting what no endpoint does.
    pub fn store(&self) -> &Store {
        &self.premises().store
    }

    /// The settings the server runs with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// A file or folder in the test's own folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.config.data.parent().unwrap_or_else(|| Path::new("")).join(name)
    }

    /// The program with arguments, on the data of this server.
    pub fn command(&self, arguments: &[&str]) -> std::process::Command {
        command_on(&self.config, arguments)
    }

    /// A new app that may do all its kind may.
    pub async fn app(&self, kind: AppKind, bots: &[&str]) -> App {
        self.app_with(kind, bots, |_| {}).await
    }

    /// A new app as a test wants it.
    pub async fn app_with(&self, kind: AppKind, bots: &[&str], change: impl FnOnce(&mut App)) -> App {
        let Premises { store, account, owner, .. } = self.premises();
        let mut app = App {
            client_id: AppId::new(store.ids()),
            account: account.id.clone(),
            owner: owner.id.clone(),
            kind,
            name: format!("Test {}", kind.name()),
            algorithm: Algorithm::Hs256,
            secret: Secret::client(store.ids()),
            public_key: None,
            decryption_key: None,
            bots: bots.iter().map(|bot| BotId::stored(*bot)).collect(),
            grants: vec![Grant { scopes: Scope::held_by(kind), ..Grant::default() }],
            jti_enforced: false,
            jwe_enforced: false,
        };
        change(&mut app);
        store.put_app(&app, &json!({})).await.unwrap();
        app
    }

    /// A client whose app reaches every bot and may do all an admin app may.
    pub async fn admin(&self) -> Client {
        let app = self.app(AppKind::Admin, &[]).await;
        self.client(&app)
    }

    /// A client whose app is bound to these bots and may do all a builder app may.
    pub async fn builder(&self, bots: &[&str]) -> Client {
        let app = self.app(AppKind::Builder, bots).await;
        self.client(&app)
    }

    /// A client of either kind that holds only these scopes.
    pub async fn client_with_scopes(&self, kind: AppKind, bots: &[&str], scopes: &[Scope]) -> Client {
        let app = self
            .app_with(kind, bots, |app| app.grants = vec![Grant { scopes: scopes.to_vec(), ..Grant::default() }])
            .await;
        self.client(&app)
    }

    /// A client that calls with a token of this app.
    pub fn client(&self, app: &App) -> Client {
        self.client_with_token(&token(app, &json!({"appId": app.client_id})))
    }

    /// A client that calls with this token, whatever it is.
    pub fn client_with_token(&self, token: &str) -> Client {
        Client::new(self.url(), Some(token.to_owned()))
    }

    /// A client that sends no token.
    pub fn anonymous(&self) -> Client {
        Client::new(self.url(), None)
    }

    /// The files of objects that are being written now.
    pub fn half_written_objects(&self) -> Vec<PathBuf> {
        self.backend.as_ref().expect("the test goes on").half_written_objects()
    }

    /// Stops the server and checks that nothing was left behind: no request that is not done, no object half written.
    pub async fn finish(mut self) {
        let open = self.store().open_requests().await.unwrap();
        self.server.take().unwrap().stop().await.unwrap();
        let backend = self.backend.take().unwrap();
        let half_written = backend.half_written_objects();
        backend.close().await;
        assert_eq!(open, (0, 0), "requests that wait, and that run, at the end of the test");
        assert!(half_written.is_empty(), "objects left half written: {half_written:?}");
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // A test that failed keeps its first message; its schema stays for a look.
        if self.backend.is_some() && !std::thread::panicking() {
            panic!("end the test with `server.finish().await`, which checks what it left behind");
        }
    }
}

/// A token of an app with these claims, signed with its client secret.
pub fn token(app: &App, claims: &Value) -> String {
    access::sign(&SigningKey::new(app.algorithm, app.secret.expose()).unwrap(), claims)
}

/// The program with arguments, on the data of these settings.
pub fn command_on(config: &Config, arguments: &[&str]) -> std::process::Command {
    let mut command = command(arguments);
    command.env("BOTYARD_DATA", &config.data);
    let objects = &config.objects;
    let allow = config.egress.allow.join(",");
    let settings = [
        ("BOTYARD__EGRESS__ALLOW", Some(allow.as_str()).filter(|allow| !allow.is_empty())),
        ("BOTYARD__DATABASE__URL", config.database.url.as_ref().map(Secret::expose)),
        ("BOTYARD__OBJECTS__URL", objects.url.as_deref()),
        ("BOTYARD__OBJECTS__ENDPOINT", objects.endpoint.as_deref()),
        ("BOTYARD__OBJECTS__REGION", objects.region.as_deref()),
        ("BOTYARD__OBJECTS__ACCESS_KEY_ID", objects.access_key_id.as_deref()),
        ("BOTYARD__OBJECTS__SECRET_ACCESS_KEY", objects.secret_access_key.as_ref().map(Secret::expose)),
        ("BOTYARD__OBJECTS__ALLOW_HTTP", objects.allow_http.then_some("true")),
    ];
    for (name, value) in settings {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command
}
