//! How much a turn may say, keep and log: judged where it grows, so that nothing has to be large first.

use domain::{TooLarge, json_bytes, json_size};
use serde_json::{Map, Value, json};

use super::Engine;
use crate::bot::Condition;
use crate::host::{Cause, Fault, Host};
use crate::reply::{Choice, Content, Reply};
use crate::turn::Reason;

/// What is left for the words about a failure when a turn has said all it may. Bubbles, and bytes.
const LAST_WORDS: (usize, usize) = (10, 64 * 1024);
/// What the platform itself keeps in a context is nobody's fault: these keys are not counted, and so much besides.
const OWN_KEYS: [&str; 7] =
    ["history", "userInputs", "UserQuery", "NLAnalysis", "mappedIntents", "synonymsUsed", "currentTraits"];
const OWN_BYTES: usize = 16 * 1024;
/// So deep may a context nest. What is kept of a conversation holds it some levels deep, and scripts and the store read
/// no more than a hundred.
const CONTEXT_DEPTH: usize = 90;
/// An assignment adds so much before the context is measured. Bytes.
pub(super) const UNMEASURED_BYTES: usize = 64 * 1024;

/// What a turn has come to.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    said_bytes: usize,
    bubbles: usize,
    log_bytes: usize,
    /// More was to be said than may be; the turn is to fail for it.
    excess: Option<Fault>,
    /// Only words about the failure are said from here on.
    is_excessive: bool,
}

impl<H: Host> Engine<'_, H> {
    /// Says something, if it still may be said. The turn fails otherwise, where it is looked at next:
    /// [`Self::within_bounds`].
    pub(crate) fn speak(&mut self, reply: Reply) {
        let judged = self.may_say(&reply);
        self.count(judged, |engine| engine.out.replies.push(reply));
    }

    /// Puts choices on what was said last, if they may be shown.
    pub(crate) fn speak_choices(&mut self, choices: Vec<Choice>) {
        let limits = self.at.limits;
        let bytes = choices.iter().map(|choice| choice.title.len() + choice.value.len() + 24).sum();
        let judged = TooLarge::check("what the turn says", self.spent.said_bytes + bytes, limits.turn_bytes, "bytes");
        self.count(judged.map(|()| (0, bytes)), |engine| {
            if let Some(reply) = engine.out.replies.last_mut() {
                reply.choices = choices;
            }
        });
    }

    fn count(&mut self, judged: Result<(usize, usize), TooLarge>, say: impl FnOnce(&mut Self)) {
        match judged {
            Ok((bubbles, bytes)) => {
                self.spent.bubbles += bubbles;
                self.spent.said_bytes += bytes;
                say(self);
            }
            // What is said of a failure that is too large itself is left out.
            Err(_) if self.spent.is_excessive => {}
            Err(too_large) => {
                self.spent.is_excessive = true;
                self.spent.excess = Some(Fault::of(Cause::Bot, too_large.to_string()));
            }
        }
    }

    fn may_say(&self, reply: &Reply) -> Result<(usize, usize), TooLarge> {
        let limits = self.at.limits;
        let (more, more_bytes) = if self.spent.is_excessive { LAST_WORDS } else { (0, 0) };
        let content = match &reply.content {
            Content::Text(text) => text.len(),
            Content::Template(value) => {
                let size = json_size(value);
                TooLarge::check("the template", size.depth, limits.json_depth, "levels")?;
                size.bytes
            }
        };
        let form = reply.form.as_ref().map(|form| json_size(&form.definition)).unwrap_or_default();
        TooLarge::check("the form", form.depth, limits.json_depth, "levels")?;
        let choices = reply.choices.iter().map(|choice| choice.title.len() + choice.value.len() + 24).sum::<usize>();
        let bytes = content + form.bytes + choices;
        TooLarge::check("the turn", self.spent.bubbles + 1, limits.turn_bubbles + more, "bubbles")?;
        let (said, most) = (self.spent.said_bytes + bytes, limits.turn_bytes + more_bytes);
        TooLarge::check("what the turn says", said, most, "bytes")?;
        Ok((1, bytes))
    }

    /// Whether the turn said no more than it may; it fails otherwise.
    pub(crate) fn within_bounds(&mut self) -> Result<(), Fault> {
        self.spent.excess.take().map_or(Ok(()), Err)
    }

    /// Whether the context that runs is no larger than it may be. One that was too large already may shrink.
    pub(crate) fn check_context(&self, before: usize) -> Result<(), Fault> {
        judge_context(self.context(), before, self.at.compat.largest_context)
    }

    /// How large the context that runs is, without what the platform keeps in it.
    pub(crate) fn context_bytes(&self) -> usize {
        own_bytes(self.context())
    }

    /// Whether a store may become this. One that was too large already may shrink.
    pub(crate) fn check_store(&self, name: &str, after: &Map<String, Value>) -> Result<(), Fault> {
        let Some(before) = self.state.stores.named(name) else { return Ok(()) };
        let bytes = json_bytes(after);
        let most = self.at.limits.store_bytes;
        if bytes > most && bytes > json_bytes(before) {
            let message = format!("the store {name} grew to {bytes} bytes, at most {most} are allowed");
            return Err(Fault::of(Cause::Script, message));
        }
        check_depth(name, after)
    }

    /// A value that comes from outside, before it is left in the context.
    pub(crate) fn check_answer(&self, what: &str, value: &Value) -> Result<(), Fault> {
        let size = json_size(value);
        let fault = |too_large: TooLarge| Fault::of(Cause::Service, too_large.to_string());
        TooLarge::check(what, size.depth, self.at.limits.json_depth, "levels").map_err(fault)?;
        TooLarge::check(what, size.bytes, self.at.compat.largest_context, "bytes").map_err(fault)
    }

    /// Whether the log has room for an entry; notes once that it has not.
    pub(crate) fn may_log(&mut self, kind: &str, detail: &Value) -> bool {
        // What went wrong is always told: there is little of it.
        if matches!(kind, "error" | "ended") {
            return true;
        }
        let most = self.at.limits.turn_log_bytes;
        let was_open = self.spent.log_bytes <= most;
        if was_open {
            self.spent.log_bytes += json_size(detail).bytes + 200;
            if self.spent.log_bytes > most {
                let message = format!("the log of a turn has at most {most} bytes: more is not kept");
                self.out.log.push(crate::turn::Outcome::step("log", "", "", "", json!({"message": message})));
            }
        }
        self.spent.log_bytes <= most
    }

    /// A tag's name or value as it is kept.
    pub(crate) fn cut_tag(&self, text: &str) -> String {
        text[..text.floor_char_boundary(self.at.limits.tag_bytes)].to_owned()
    }

    /// Ends what runs and what is held where a conversation would keep more than it may.
    pub(crate) async fn bound_conversation(&mut self) {
        let most = self.at.limits.conversation_bytes;
        let frames = self.state.held.iter().flatten().chain(&self.state.stack);
        let of_frame = |frame: &crate::state::Frame| {
            let inputs = frame.inputs.iter().map(|input| input.text.len() + 64).sum::<usize>();
            let shown = frame.shown.iter().map(|choice| choice.title.len() + choice.value.len() + 24).sum::<usize>();
            json_bytes(&frame.context) + inputs + shown
        };
        let stores = json_bytes(&self.state.stores.bot_user) + json_bytes(&self.state.stores.user_context);
        let bytes = frames.map(of_frame).sum::<usize>() + stores;
        let is_too_deep = self.state.stack.iter().any(|frame| check_depth("context", &frame.context).is_err());
        if bytes > most || is_too_deep {
            let message = if is_too_deep {
                format!("the context is more than {CONTEXT_DEPTH} levels deep")
            } else {
                format!("the conversation keeps {bytes} bytes, at most {most} are allowed")
            };
            self.log_fault(&Fault::of(Cause::Bot, message));
            self.state.held.clear();
            self.state.queued.clear();
            self.discard_stack(Reason::Failed);
            self.say_standard(Condition::TaskFailure, &[]).await;
        }
    }
}

/// Whether a context is no larger than it may be, or than it was.
pub(crate) fn judge_context(context: &Map<String, Value>, before: usize, most: usize) -> Result<(), Fault> {
    let bytes = own_bytes(context);
    if bytes > most + OWN_BYTES && bytes > before {
        let message = format!("the context grew to {bytes} bytes, at most {most} are allowed");
        return Err(Fault::of(Cause::Script, message));
    }
    check_depth("context", context)
}

/// How large a context is, without what the platform keeps in it.
pub(crate) fn own_bytes(context: &Map<String, Value>) -> usize {
    let own = OWN_KEYS.iter().filter_map(|key| context.get(*key)).map(|value| json_size(value).bytes).sum::<usize>();
    json_bytes(context).saturating_sub(own)
}

fn check_depth(name: &str, fields: &Map<String, Value>) -> Result<(), Fault> {
    let depth = fields.values().map(|value| json_size(value).depth + 1).max().unwrap_or(0);
    if depth > CONTEXT_DEPTH {
        let message = format!("{name} is {depth} levels deep, at most {CONTEXT_DEPTH} are allowed");
        return Err(Fault::of(Cause::Script, message));
    }
    Ok(())
}
