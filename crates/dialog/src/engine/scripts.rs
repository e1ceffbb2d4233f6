//! Scripts and templates: what they see, and what becomes of what they did.

use serde_json::{Map, Value, json};

use super::Engine;
use super::bounds::{judge_context, own_bytes};
use crate::bot::{Piece, Text};
use crate::host::{Cause, Code, Fault, Host, Put, Ran, Script};
use crate::scope::{shown, told};

/// Stores that others share: what is written there outlives the session.
pub(super) const SHARED_STORES: [&str; 3] = ["EnterpriseContext", "BotContext", "UserSession"];

/// How a value reads in a text.
type Reads = for<'v> fn(Option<&'v Value>) -> std::borrow::Cow<'v, str>;

impl<H: Host> Engine<'_, H> {
    /// A text with its templates filled in. Paths are looked up here; JavaScript runs only for other expressions.
    pub(crate) async fn fill(&mut self, text: &Text) -> Result<String, Fault> {
        let mut filled = self.fill_all(&[text]).await?;
        Ok(filled.pop().unwrap_or_default())
    }

    /// Several texts with their templates filled in.
    pub(crate) async fn fill_all(&mut self, texts: &[&Text]) -> Result<Vec<String>, Fault> {
        self.fill_as(texts, shown).await
    }

    /// A text that people read, with its templates filled in.
    pub(crate) async fn fill_for_people(&mut self, text: &Text) -> Result<String, Fault> {
        let mut filled = self.fill_as(&[text], told).await?;
        Ok(filled.pop().unwrap_or_default())
    }

    /// Texts with their templates filled in; a value that a path leads to reads as `reads` says.
    async fn fill_as(&mut self, texts: &[&Text], reads: Reads) -> Result<Vec<String>, Fault> {
        self.see_variables();
        let mut bytes = 0;
        let mut native: Vec<Option<String>> = Vec::with_capacity(texts.len());
        for text in texts {
            native.push(self.fill_natively(&text.pieces, &mut bytes, reads)?);
        }
        let left: Vec<Vec<Piece>> =
            texts.iter().zip(&native).filter(|(_, done)| done.is_none()).map(|(text, _)| text.pieces.clone()).collect();
        let mut by_script = Vec::new();
        if !left.is_empty() {
            by_script = self.script(Code::Texts(left)).await?.texts;
            self.check_filled(bytes + by_script.iter().map(String::len).sum::<usize>())?;
        }
        let mut by_script = by_script.into_iter();
        Ok(native.into_iter().map(|done| done.or_else(|| by_script.next()).unwrap_or_default()).collect())
    }

    /// A text of paths alone, filled in; `None` where it needs JavaScript. `bytes` counts what was filled in, and filling
    /// stops where it is more than a turn may come to: a short text can name a long value many times.
    fn fill_natively(&self, pieces: &[Piece], bytes: &mut usize, reads: Reads) -> Result<Option<String>, Fault> {
        let scope = self.scope();
        let before = *bytes;
        let mut filled = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Expression(expression) => {
                    let Some(found) = scope.path(expression) else {
                        *bytes = before;
                        return Ok(None);
                    };
                    filled.push_str(&reads(found.as_ref()));
                }
            }
            *bytes = before + filled.len();
            self.check_filled(*bytes)?;
        }
        Ok(Some(filled))
    }

    /// Whether so much may be filled in at once.
    pub(crate) fn check_filled(&self, bytes: usize) -> Result<(), Fault> {
        let most = self.at.limits.turn_bytes;
        if bytes > most {
            let message = format!("what is filled in grew to more than {most} bytes, the most that are allowed");
            return Err(Fault::of(Cause::Bot, message));
        }
        Ok(())
    }

    /// The value of a text that sets something: of a path what stands there, of a single expression its value, else the
    /// text. `null` and nothing are no value.
    pub(crate) async fn value_of(&mut self, text: &Text) -> Result<Option<Value>, Fault> {
        self.see_variables();
        if let Some(constant) = text.as_constant() {
            let constant = constant.trim();
            if constant.is_empty() || matches!(constant, "null" | "undefined" | "\"\"" | "''") {
                return Ok(None);
            }
            return Ok(match self.scope().path(constant) {
                Some(found) => found,
                None => Some(literal(constant)),
            });
        }
        if let [Piece::Expression(expression)] = text.pieces.as_slice() {
            if let Some(found) = self.scope().path(expression) {
                return Ok(found);
            }
            let ran = self.script(Code::Values(vec![expression.clone()])).await?;
            return Ok(ran.values.into_iter().next().filter(|value| !value.is_null()));
        }
        let filled = self.fill(text).await?;
        Ok((!filled.is_empty() && filled != "null").then_some(Value::String(filled)))
    }

    /// Runs JavaScript and takes over what it did.
    pub(crate) async fn script(&mut self, code: Code) -> Result<Ran, Fault> {
        self.script_about(code, Vec::new(), String::new(), self.ambiguous.clone()).await
    }

    /// Runs JavaScript of a standard response, which may ask for its choices.
    pub(crate) async fn script_about(
        &mut self,
        code: Code,
        choices: Vec<String>,
        message: String,
        ambiguous: Value,
    ) -> Result<Ran, Fault> {
        self.see_variables();
        let scope = self.scope();
        let (env, content) = (scope.env.clone(), scope.content.clone());
        let needs_functions = self.needs_functions(&code);
        let seed = self.seed();
        let script = Script {
            needs_functions,
            context: self.whole_context(),
            env,
            content,
            choices,
            message,
            ambiguous,
            seed,
            code,
        };
        let mut ran = self.host.run(script).await?;
        self.take_over(&mut ran)?;
        Ok(ran)
    }

    fn needs_functions(&self, code: &Code) -> bool {
        let names = &self.bot.function_names;
        if names.is_empty() {
            return false;
        }
        let calls = |text: &str| names.iter().any(|name| text.contains(name.as_str()));
        let in_pieces = |pieces: &[Piece]| {
            pieces.iter().any(|piece| match piece {
                Piece::Text(text) | Piece::Expression(text) => calls(text),
            })
        };
        match code {
            Code::Body(pieces) => in_pieces(pieces),
            Code::Texts(texts) => texts.iter().any(|pieces| in_pieces(pieces)),
            Code::Values(expressions) => expressions.iter().any(|it| calls(it)),
        }
    }

    /// Takes over what a script did to the context, the stores, tags and the session.
    pub(crate) fn take_over(&mut self, ran: &mut Ran) -> Result<(), Fault> {
        self.fit_keys(ran)?;
        if let Some(Value::Object(mut context)) = ran.context.take() {
            let session = context.get("session").and_then(Value::as_object);
            let nothing = Map::new();
            for (name, store) in session.into_iter().flatten() {
                self.check_store(name, store.as_object().unwrap_or(&nothing))?;
            }
            let session = context.shift_remove("session");
            judge_context(&context, own_bytes(self.context()), self.at.compat.largest_context)?;
            if let Some(Value::Object(session)) = session {
                self.take_over_stores(session);
            }
            let language = context.get("currentLanguage").and_then(Value::as_str).map(str::to_owned);
            self.without_what_was_added(&mut context);
            *self.context_mut() = context;
            let spoken = |code: &String| self.bot.languages.iter().any(|it| it.eq_ignore_ascii_case(code));
            if let Some(language) = language.filter(spoken) {
                self.state.language = language;
                self.variables = None;
            }
        }
        for put in std::mem::take(&mut ran.puts) {
            self.put(put);
        }
        for log in &ran.logs {
            self.log("log", json!({"message": log}));
        }
        for tag in &ran.context_tags {
            self.tag(tag);
        }
        for (level, name, value) in std::mem::take(&mut ran.tags) {
            self.leave_tag(level, name, value);
        }
        self.out.closes_session |= ran.closes_session;
        self.out.clears_auth |= ran.clears_auth;
        Ok(())
    }

    /// Leaves a context tag.
    pub(crate) fn tag(&mut self, tag: &str) {
        let tag = self.cut_tag(tag);
        let is_full = self.state.tags.len() >= self.at.limits.turn_tags;
        if !tag.is_empty() && !is_full && !self.state.tags.contains(&tag) {
            self.state.tags.push(tag);
        }
    }

    /// Leaves a tag for reports, as long as there is room.
    pub(crate) fn leave_tag(&mut self, level: String, name: String, value: String) {
        if level == "alternateText" {
            let text = self.cut_tag(&value);
            if let Some(reply) = self.out.replies.last_mut() {
                reply.alternative_texts.push(text);
            }
            return;
        }
        if self.out.tags.len() < self.at.limits.turn_tags {
            let tag = (level, self.cut_tag(&name), self.cut_tag(&value));
            self.out.tags.push(tag);
        }
    }

    fn take_over_stores(&mut self, mut session: Map<String, Value>) {
        for name in SHARED_STORES {
            let Some(Value::Object(after)) = session.shift_remove(name) else { continue };
            let Some(before) = self.state.stores.named(name) else { continue };
            let put = |key: &String, value: Option<Value>| Put {
                store: name.to_owned(),
                key: key.clone(),
                value,
                ttl_minutes: None,
            };
            let changed = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
            let mut puts: Vec<Put> = changed.map(|(key, value)| put(key, Some(value.clone()))).collect();
            puts.extend(before.keys().filter(|key| !after.contains_key(*key)).map(|key| put(key, None)));
            self.out.puts.append(&mut puts);
            if let Some(store) = self.state.stores.named_mut(name) {
                *store = after;
            }
        }
        if let Some(Value::Object(after)) = session.shift_remove("BotUserSession") {
            // A key with a lifetime that was changed where it stands has none any more: it is of the session alone.
            let (stores, out) = (&mut self.state.stores, &mut self.out);
            stores.expires.retain(|key, _| {
                let stays = after.get(key) == stores.bot_user.get(key);
                if !stays {
                    let store = "BotUserSession".to_owned();
                    out.puts.push(Put { store, key: key.clone(), value: None, ttl_minutes: None });
                }
                stays
            });
            stores.bot_user = after;
        }
    }

    /// Puts a value into a store.
    fn put(&mut self, put: Put) {
        let Some(store) = self.state.stores.named_mut(&put.store) else { return };
        match &put.value {
            Some(value) => drop(store.insert(put.key.clone(), value.clone())),
            None => drop(store.shift_remove(&put.key)),
        }
        if put.store == "BotUserSession" {
            // A key with a lifetime outlives the session, so it is kept outside of it.
            let had_lifetime = self.state.stores.expires.remove(&put.key).is_some();
            let lifetime = put.ttl_minutes.filter(|_| put.value.is_some());
            if let Some(minutes) = lifetime {
                #[expect(clippy::cast_possible_truncation, reason = "lifetimes beyond the range never end")]
                let lifetime = (minutes * 60_000.0) as i64;
                let until = self.at.now.timestamp().as_millisecond().saturating_add(lifetime);
                self.state.stores.expires.insert(put.key.clone(), until);
            } else {
                let had_lifetime = had_lifetime || self.out.puts.iter().any(|other| other.is_of_the_same_key(&put));
                self.out.puts.retain(|other| !other.is_of_the_same_key(&put));
                if had_lifetime {
                    self.out.puts.push(Put { value: None, ..put });
                }
                return;
            }
        }
        // The same key may have been taken over from the context already; this one counts.
        self.out.puts.retain(|other| !other.is_of_the_same_key(&put));
        self.out.puts.push(put);
    }
}

impl Put {
    fn is_of_the_same_key(&self, other: &Self) -> bool {
        self.store == other.store && self.key == other.key
    }
}

/// A text as authors write values: a number, `true`, a text in quotes, JSON, or the text itself.
fn literal(text: &str) -> Value {
    let unquoted = |quote: char| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    if let Some(inner) = unquoted('\'') {
        return Value::String(inner.to_owned());
    }
    let is_structure = text.starts_with(['{', '[', '"']);
    if is_structure && let Ok(value) = serde_json::from_str(text) {
        return value;
    }
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => Value::String(text.to_owned()),
    }
}
