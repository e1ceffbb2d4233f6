//! What lists of bots show and only the definitions know.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use definition::Document;
use store::Bot;

use crate::documents::blocking;
use crate::{ApiError, Platform};

/// What a list shows of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) is_deflect: bool,
    pub(crate) has_panel_or_widget: bool,
}

impl Facts {
    fn of(definition: &Document) -> Self {
        let is_filled = |key: &str| definition.elements(key).is_ok_and(|mut elements| elements.next().is_some());
        Self {
            is_deflect: definition.raw("isDeflect") == Some("true"),
            has_panel_or_widget: is_filled("panels") || is_filled("widgets"),
        }
    }
}

/// The facts of definitions that were read before, by digest. What a digest names never changes.
#[derive(Default)]
pub(crate) struct FactsByDigest(Mutex<HashMap<String, Facts>>);

/// All are forgotten when this many are kept.
const MAX_KEPT: usize = 10_000;

impl Platform {
    /// The facts of a bot's draft.
    pub(super) async fn facts(&self, bot: &Bot) -> Result<Facts, ApiError> {
        let digest = &bot.content.definition;
        let kept = self.facts_by_digest().0.lock().unwrap_or_else(PoisonError::into_inner).get(digest).copied();
        if let Some(facts) = kept {
            return Ok(facts);
        }
        let bytes = self.store().blobs().content(digest).await?;
        let file = bot.content.definition_file;
        let facts = blocking(move || Document::parse(bytes, file.name()).map(|it| Facts::of(&it))).await?;
        let facts = facts.map_err(|error| ApiError::internal(&error))?;
        let mut by_digest = self.facts_by_digest().0.lock().unwrap_or_else(PoisonError::into_inner);
        if by_digest.len() >= MAX_KEPT {
            by_digest.clear();
        }
        by_digest.insert(digest.clone(), facts);
        Ok(facts)
    }
}
