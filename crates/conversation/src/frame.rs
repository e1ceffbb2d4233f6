//! What a turn begins with, in a form that is kept: a turn that is taken again begins with the same.

use domain::{SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{Session, Tag};

use crate::bots::Pinned;
use crate::session::Document;

/// The newest version of a frame. One of a newer version was written by a newer release.
const VERSION: u32 = 1;

/// What a turn begins with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Frame {
    version: u32,
    /// What tells the turn from all others.
    pub(crate) turn: String,
    /// The time of the turn.
    pub(crate) now: Timestamp,
    /// The session it belongs to.
    pub(crate) session: SessionId,
    /// The session that ends before it.
    #[serde(default)]
    pub(crate) ends: Option<Ends>,
    /// Which state of the bot acts.
    pub(crate) pinned: Pinned,
    /// Where the conversation stood, in the language that was chosen.
    pub(crate) document: Document,
    /// What was loaded from beside the session: stores of the account, the bot and the user.
    #[serde(default)]
    loaded: Loaded,
    /// Tags of the user, with those that were loaded.
    #[serde(default)]
    user_tags: Vec<(String, String)>,
}

/// A session that ends before a turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ends {
    pub(crate) session: SessionId,
    /// Because its time was over; else because it was asked to.
    pub(crate) is_over: bool,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Loaded {
    enterprise: Map<String, Value>,
    bot: Map<String, Value>,
    user: Map<String, Value>,
}

impl Frame {
    /// The frame of a turn that is about to act.
    pub(crate) fn of(
        turn: String,
        now: Timestamp,
        session: &Session,
        ends: Option<Ends>,
        pinned: &Pinned,
        document: &Document,
    ) -> Self {
        Self {
            version: VERSION,
            turn,
            now,
            session: session.id.clone(),
            ends,
            pinned: pinned.clone(),
            document: document.clone(),
            loaded: Loaded::default(),
            user_tags: session.user_tags.iter().map(|tag| (tag.name.clone(), tag.value.clone())).collect(),
        }
    }

    /// The frame as it is kept.
    pub(crate) fn to_value(&self) -> Value {
        let stores = &self.document.state.stores;
        let loaded =
            Loaded { enterprise: stores.enterprise.clone(), bot: stores.bot.clone(), user: stores.user.clone() };
        let kept = Self { loaded, ..self.clone() };
        serde_json::to_value(kept).expect("every map in it has texts as keys, and nothing else could fail")
    }

    /// A frame that was kept; the reason when it cannot be read.
    pub(crate) fn read(kept: Value) -> Result<Self, String> {
        let version = kept.get("version").and_then(Value::as_u64);
        if version.is_none_or(|version| version > u64::from(VERSION)) {
            return Err(format!("its version is {version:?}, and this release reads versions up to {VERSION}"));
        }
        let mut frame: Self = serde_json::from_value(kept).map_err(|error| error.to_string())?;
        let Loaded { enterprise, bot, user } = std::mem::take(&mut frame.loaded);
        let stores = &mut frame.document.state.stores;
        (stores.enterprise, stores.bot, stores.user) = (enterprise, bot, user);
        Ok(frame)
    }

    /// Puts on a session what was loaded for it.
    pub(crate) fn tag(&self, session: &mut Session) {
        let tags = self.user_tags.iter();
        session.user_tags = tags.map(|(name, value)| Tag { name: name.clone(), value: value.clone() }).collect();
    }
}
