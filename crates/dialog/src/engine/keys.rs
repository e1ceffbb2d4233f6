//! Keys that scripts choose: of stores, and names of tags of users. They are kept in an index, which takes no NUL and
//! nothing long.

use domain::{check_key, keepable};
use serde_json::{Map, Value};

use super::Engine;
use super::scripts::SHARED_STORES;
use crate::host::{Cause, Fault, Host, Ran};

impl<H: Host> Engine<'_, H> {
    /// Gives new keys the form they are kept in, before anything of a run is taken over.
    ///
    /// # Errors
    /// When a new key is too long: the script fails, and nothing of it is taken over.
    pub(super) fn fit_keys(&self, ran: &mut Ran) -> Result<(), Fault> {
        for put in &mut ran.puts {
            put.key = fitted(&put.key, &format!("a key of `{}`", put.store))?;
        }
        for (_, name, _) in ran.tags.iter_mut().filter(|(level, ..)| level == "user") {
            *name = fitted(name, "the name of a tag")?;
        }
        let Some(session) = ran.context.as_mut().and_then(|context| context.get_mut("session")) else { return Ok(()) };
        for store in SHARED_STORES {
            let Some(Value::Object(after)) = session.get_mut(store) else { continue };
            let before = self.state.stores.named(store);
            // What is there already is not this script's fault.
            let is_new = |key: &String| before.is_none_or(|before| !before.contains_key(key));
            let mut is_other = false;
            for key in after.keys().filter(|key| is_new(key)) {
                is_other |= fitted(key, &format!("a key of `{store}`"))? != *key;
            }
            if is_other {
                let fitted = std::mem::take(after).into_iter();
                *after = fitted.map(|(key, value)| (keepable(&key).into_owned(), value)).collect::<Map<_, _>>();
            }
        }
        Ok(())
    }
}

fn fitted(key: &str, what: &str) -> Result<String, Fault> {
    let key = keepable(key).into_owned();
    check_key(&key).map_err(|reason| Fault::of(Cause::Script, format!("{what} {reason}")))?;
    Ok(key)
}
