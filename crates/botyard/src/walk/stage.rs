//! Where bots are walked: a store of their own that goes when the walks are done.

use std::path::Path;

use bytes::Bytes;
use conversation::Conversations;
use definition::check::check;
use definition::summary::Summary;
use definition::{Config as BotConfig, Document};
use domain::{BotId, Clock, IdSource, Timestamp};
use store::{Bot, Content, NamedBlob};

use super::exports::{Export, Files};
use crate::{Config, Error, Premises, Sources};

/// A bot on the stage.
pub(super) struct Shown {
    pub(super) bot: Bot,
    /// The channels it is walked on.
    pub(super) channels: Vec<String>,
}

/// A store with bots, and conversations with them.
pub(super) struct Stage {
    pub(super) premises: Premises,
    pub(super) conversations: Conversations,
    _folder: tempfile::TempDir,
}

/// When it is in all walks, so that the same export gives the same report.
const MOMENT: &str = "2030-01-15T09:30:00.000Z";
/// Where ids and random numbers of walks come from.
const SEED: u64 = 1;
/// A turn may take so many times as long as on a server: what is told does not depend on how busy the machine is.
const PATIENCE: u64 = 20;

impl Stage {
    /// An empty one.
    pub(super) async fn open(config: &Config, program: &Path) -> Result<Self, Error> {
        let at_fault = |source| Error::File { path: std::env::temp_dir(), source };
        let folder = tempfile::tempdir().map_err(at_fault)?;
        // Neither the bots nor the conversations are to be found on the server that the settings are of.
        let mut own = Config { data: folder.path().to_owned(), ..Config::default() };
        own.database.durability = store::Durability::Process;
        own.nlu = config.nlu.clone();
        own.conversation = config.conversation_options();
        // The same walk says the same.
        own.conversation.compat.variants = dialog::compat::Variants::First;
        own.conversation.turn_limit_ms = own.conversation.turn_limit_ms.saturating_mul(PATIENCE);
        let moment = Timestamp::parse(MOMENT).expect("it is a moment");
        let sources = Sources { clock: Clock::manual(moment).0, ids: IdSource::seeded(SEED) };
        let premises = Premises::open(&own, sources).await?;
        let worker = (program.to_owned(), vec!["script-worker".into()]);
        let (store, models) = (premises.store.clone(), premises.models.clone());
        let conversations = Conversations::new(store, models, own.conversation, "http://localhost".to_owned(), worker)?;
        Ok(Self { premises, conversations, _folder: folder })
    }

    /// Puts a bot into the store; or says why an import would refuse it.
    pub(super) async fn put_on(&self, export: Export) -> Result<Result<Shown, String>, Error> {
        let read = match export.files {
            Ok(files) => tokio::task::spawn_blocking(move || read(files)).await,
            Err(reason) => return Ok(Err(reason)),
        };
        let (definition, config, functions, summary, channels) =
            match read.unwrap_or_else(|_| Err("it cannot be read".into())) {
                Ok(read) => read,
                Err(reason) => return Ok(Err(reason)),
            };
        let store = &self.premises.store;
        let blobs = store.blobs();
        let kept = |bytes: Bytes| async move { blobs.put_content(bytes).await.map_err(store::Error::from) };
        let mut files = Vec::new();
        for (name, source) in functions {
            files.push(NamedBlob { name, digest: kept(source.into()).await? });
        }
        let (definition, config) = (kept(definition.into()).await?, kept(config.into()).await?);
        let definition_file = domain::DefinitionFile::default();
        let content = Content { definition, definition_file, config, functions: files, icon: None };
        let (id, owner, now) = (BotId::new(store.ids()), self.premises.owner.id.clone(), store.clock().now());
        let bot = Bot {
            id,
            account: self.premises.account.id.clone(),
            reference_id: store.ids().uuid(),
            name: summary.name.unwrap_or_default(),
            description: String::new(),
            kind: "default".to_owned(),
            purpose: "customer".to_owned(),
            color: "#009dab".to_owned(),
            default_language: summary.default_language,
            languages: summary.supported_languages,
            content,
            revision: 1,
            last_version: 0,
            published_version: None,
            settings: serde_json::Map::new(),
            created_by: owner.clone(),
            created_at: now,
            modified_by: owner,
            modified_at: now,
        };
        let written = bot.clone();
        store.write(move |tx| Box::pin(async move { written.insert(tx).await })).await?;
        Ok(Ok(Shown { bot, channels }))
    }

    /// Ends the processes that run scripts, and the store.
    pub(super) async fn close(self) {
        self.conversations.close().await;
        self.premises.store.close().await;
    }
}

/// The texts of a bot that can be run.
type Read = (String, String, Vec<(String, Vec<u8>)>, Summary, Vec<String>);

fn read(files: Files) -> Result<Read, String> {
    let definition =
        Document::parse(files.definition, files.definition_file.name()).map_err(|error| error.to_string())?;
    let summary = Summary::of(&definition).map_err(|error| error.to_string())?;
    let config = files.config.unwrap_or_else(|| b"{\"envVariables\":[]}".to_vec());
    let config = BotConfig::parse(config, "config.json").map_err(|error| error.to_string())?;
    if let Some(error) = check(&definition, &config).errors.first() {
        return Err(format!("{} ({}{})", error.message, error.file, error.pointer));
    }
    let channels = serde_json::from_str(definition.text()).map(|definition| super::channels::enabled(&definition));
    let channels = channels.map_err(|error| error.to_string())?;
    Ok((definition.into_text(), config.text().to_owned(), files.functions, summary, channels))
}
