//! What the walks through a bot have seen it keep.

use std::collections::BTreeMap;

use conversation::Rehearsal;
use serde_json::Value;

use super::inputs::Path;
use super::platform_keys::PLATFORM_KEYS;

/// What the walks through a bot have seen in contexts: by path, a few values each.
#[derive(Debug, Default)]
pub(super) struct Seen(BTreeMap<Path, Vec<Value>>);

/// So many values are remembered of a path.
const REMEMBERED: usize = 4;

impl Seen {
    /// Looks at where a walk stands.
    pub(super) fn look(&mut self, at: &Rehearsal) {
        let state = at.state();
        for frame in &state.stack {
            for (key, value) in frame.context.iter().filter(|(key, _)| !PLATFORM_KEYS.contains(&key.as_str())) {
                self.remember(vec!["context".to_owned(), key.clone()], value);
            }
            let entities = frame.context.get("entities").and_then(Value::as_object);
            for (name, value) in entities.into_iter().flatten() {
                self.remember(["context", "entities", name].map(str::to_owned).to_vec(), value);
            }
        }
        let stores = &state.stores;
        let named = [
            ("EnterpriseContext", &stores.enterprise),
            ("BotContext", &stores.bot),
            ("UserSession", &stores.user),
            ("BotUserSession", &stores.bot_user),
        ];
        for (store, values) in named {
            for (key, value) in values {
                self.remember(["context", "session", store, key].map(str::to_owned).to_vec(), value);
            }
        }
    }

    fn remember(&mut self, path: Path, value: &Value) {
        if value.is_null() {
            return;
        }
        let values = self.0.entry(path).or_default();
        if values.len() < REMEMBERED && !values.contains(value) {
            values.push(value.clone());
        }
    }

    pub(super) fn values(&self, path: &[String]) -> &[Value] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }
}
