//! What a turn begins with, in a form that is kept: a turn that is taken again begins with the same.

use domain::{SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{Session, Tag};

use crate::bots::Pinned;
use crate::session::Document;
use crate::shape::{Shape, Unreadable};

/// What a turn begins with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Frame {
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

impl Shape for Frame {
    const WHAT: &'static str = "what the turn began with";
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

    /// The frame as it is kept, with what was loaded.
    pub(crate) fn to_value(&self) -> Value {
        let stores = &self.document.state.stores;
        let loaded =
            Loaded { enterprise: stores.enterprise.clone(), bot: stores.bot.clone(), user: stores.user.clone() };
        Self { loaded, ..self.clone() }.to_kept()
    }

    /// A frame that was kept.
    pub(crate) fn read(kept: &Value) -> Result<Self, Unreadable> {
        let mut frame = Self::of_kept(kept)?;
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
