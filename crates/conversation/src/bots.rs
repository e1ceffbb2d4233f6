//! Bots made ready to run: compiled once from their documents, shared by all conversations.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use definition::{Config, Document};
use dialog::Bot;
use dialog::pii::Hiding;
use domain::BotId;
use serde::{Deserialize, Serialize};
use store::{Content, Store};
use understanding::Pace;

use crate::Error;

/// A bot made ready to run.
#[derive(Clone)]
pub struct Ready {
    /// The bot.
    pub bot: Arc<Bot>,
    /// What is hidden of what is kept.
    pub hiding: Arc<Hiding>,
    /// Digest of its definition, by which its models are found.
    pub definition: String,
    /// Which state of the bot it is.
    pub version: Pinned,
    /// How long understanding takes with it.
    pub pace: Arc<Pace>,
}

/// A state of a bot that a session stays with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pinned {
    /// The published version; absent for the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Compiled bots, by what they were compiled from.
#[derive(Default)]
pub(crate) struct Bots {
    compiled: Mutex<HashMap<Key, Entry>>,
    /// Documents of versions, which never change.
    versions: Mutex<HashMap<(String, i64), Content>>,
    making: tokio::sync::Mutex<()>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    bot: String,
    definition: String,
    config: String,
    functions: Vec<(String, String)>,
    /// Secured variables have their values beside the documents; with them a change of the bot counts.
    revision: i64,
}

/// A compiled bot, what is hidden of its conversations, and how long understanding takes with it.
type Compiled = (Arc<Bot>, Arc<Hiding>, Arc<Pace>);

#[derive(Clone)]
struct Entry {
    bot: Compiled,
    has_secrets: bool,
    used: u64,
}

/// So many compiled bots are kept; the longest unused goes first.
const KEPT: usize = 64;

impl Bots {
    /// The bot that a conversation meets: the pinned version, else the published one, else the draft.
    pub(crate) async fn ready(
        &self,
        store: &Store,
        bot: &store::Bot,
        pinned: Option<&Pinned>,
        draft: bool,
    ) -> Result<Ready, Error> {
        let version = match pinned {
            Some(pinned) => pinned.version,
            None if draft => None,
            None => bot.published_version,
        };
        let published = match version {
            Some(number) => self.version(store, &bot.id, number).await?.map(|content| (content, number)),
            None => None,
        };
        // A version that is gone takes its conversations to the draft.
        let (content, version) = match published {
            Some((content, number)) => (content, Pinned { version: Some(number) }),
            None => (bot.content.clone(), Pinned::default()),
        };
        let (compiled, hiding, pace) = self.compiled(store, bot, &content).await?;
        Ok(Ready { bot: compiled, hiding, definition: content.definition, version, pace })
    }

    async fn version(&self, store: &Store, bot: &BotId, number: i64) -> Result<Option<Content>, Error> {
        let key = (bot.to_string(), number);
        if let Some(known) = self.versions.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Some(known.clone()));
        }
        let Some(version) = store.version(bot, number).await? else { return Ok(None) };
        let mut known = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT * 4 {
            known.clear();
        }
        known.insert(key, version.content.clone());
        Ok(Some(version.content))
    }

    async fn compiled(&self, store: &Store, bot: &store::Bot, content: &Content) -> Result<Compiled, Error> {
        if let Some(found) = self.find(bot, content) {
            return Ok(found);
        }
        // One at a time: two who want the same bot wait for one compilation.
        let _only_one = self.making.lock().await;
        if let Some(found) = self.find(bot, content) {
            return Ok(found);
        }
        let secured = secured(store, &bot.id).await?;
        let (compiled, has_secrets) = compile(store, content, secured).await?;
        let hiding = Arc::new(Hiding::new(&compiled.settings.pii));
        let compiled: Compiled = (compiled, hiding, Arc::default());
        let key = Key::of(bot, content, has_secrets);
        let mut all = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let used = all.values().map(|entry| entry.used).max().unwrap_or(0) + 1;
        if all.len() >= KEPT
            && let Some(oldest) = all.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| key.clone())
        {
            all.remove(&oldest);
        }
        all.insert(key, Entry { bot: compiled.clone(), has_secrets, used });
        Ok(compiled)
    }

    fn find(&self, bot: &store::Bot, content: &Content) -> Option<Compiled> {
        let mut all = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = all.values().map(|entry| entry.used).max().unwrap_or(0);
        for has_secrets in [false, true] {
            if let Some(entry) = all.get_mut(&Key::of(bot, content, has_secrets))
                && entry.has_secrets == has_secrets
            {
                entry.used = newest + 1;
                return Some(entry.bot.clone());
            }
        }
        None
    }
}

impl Key {
    fn of(bot: &store::Bot, content: &Content, has_secrets: bool) -> Self {
        Self {
            bot: bot.id.to_string(),
            definition: content.definition.clone(),
            config: content.config.clone(),
            functions: content.functions.iter().map(|file| (file.name.clone(), file.digest.clone())).collect(),
            revision: if has_secrets { bot.revision } else { 0 },
        }
    }
}

/// The values of secured variables.
async fn secured(store: &Store, bot: &BotId) -> Result<Vec<(String, String)>, Error> {
    let mut opened = Vec::new();
    for (name, sealed) in store.secured_values(bot).await? {
        match store.key().open(&format!("variable {name} of {bot}"), &sealed) {
            Ok(value) => opened.push((name, value.expose().to_owned())),
            Err(error) => {
                return Err(Error::Unrunnable(format!("the secured variable '{name}' cannot be read: {error}")));
            }
        }
    }
    Ok(opened)
}

async fn compile(store: &Store, content: &Content, secured: Vec<(String, String)>) -> Result<(Arc<Bot>, bool), Error> {
    let blobs = store.blobs();
    let read = async |digest: &str| blobs.content(digest).await.map_err(store::Error::from);
    let definition = read(&content.definition).await?;
    let config = read(&content.config).await?;
    let mut functions = Vec::new();
    for file in &content.functions {
        let source = String::from_utf8_lossy(&read(&file.digest).await?).into_owned();
        functions.push((file.name.clone(), source));
    }
    let has_secrets = !secured.is_empty();
    let file = content.definition_file;
    let compiled = supervisor::blocking(move || {
        let damaged = |error: String| Error::Unrunnable(format!("its documents are damaged: {error}"));
        let definition = Document::parse(definition, file.name()).map_err(|error| damaged(error.to_string()))?;
        let config = Config::parse(config, "config.json").map_err(|error| damaged(error.to_string()))?;
        Bot::read(&definition, &config, &functions, &secured).map_err(|error| damaged(error.to_string()))
    });
    let compiled = compiled.await.ok_or(Error::Stopping)??;
    Ok((Arc::new(compiled), has_secrets))
}
