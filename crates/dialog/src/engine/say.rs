//! Saying something: which variant, filled in, as one reply.

use serde_json::json;

use super::Engine;
use crate::bot::{Condition, Text, Texts};
use crate::host::{Code, Fault, Host};
use crate::reply::{Choice, Content, Reply, Source};

impl<'a, H: Host> Engine<'a, H> {
    /// One variant of a message for the channel and language.
    pub(crate) fn variant(&mut self, texts: &'a Texts) -> Option<&'a Text> {
        let bot = self.bot;
        let variants = texts.for_channel(&self.at.channel, &self.state.language, &bot.default_language);
        let place = self.draw(variants.len());
        variants.get(place).copied()
    }

    /// Says one variant of a message; says nothing where it comes to nothing. Whether something was said.
    pub(crate) async fn say(&mut self, texts: &'a Texts, source: Source) -> Result<bool, Fault> {
        let Some(text) = self.variant(texts) else { return Ok(false) };
        self.say_one(text, source).await
    }

    /// Says a text. Whether something was said.
    pub(crate) async fn say_one(&mut self, text: &Text, source: Source) -> Result<bool, Fault> {
        let Some(content) = self.content(text).await? else { return Ok(false) };
        self.reply(content, source);
        Ok(true)
    }

    /// What a text comes to: filled in, or what it prints.
    pub(crate) async fn content(&mut self, text: &Text) -> Result<Option<Content>, Fault> {
        if let Some(buttons) = &text.buttons {
            return self.template(text, buttons).await.map(Some);
        }
        let said = if text.is_script {
            let ran = self.script(Code::Body(text.pieces.clone())).await?;
            match (ran.printed, ran.returned) {
                (Some(printed), _) => printed,
                (None, Some(serde_json::Value::String(returned))) => returned,
                (None, Some(returned)) if !returned.is_null() => returned.to_string(),
                (None, _) => String::new(),
            }
        } else {
            self.fill_for_people(text).await?
        };
        Ok((!said.trim().is_empty()).then(|| Reply::content_of(said)))
    }

    /// Says something of the node that runs.
    pub(crate) fn reply(&mut self, content: Content, source: Source) {
        let mut reply = Reply::text(source, "");
        reply.content = content;
        if let Some((dialog, node)) = self.place() {
            reply.dialog.clone_from(&dialog.id);
            reply.node.clone_from(&node.id);
        }
        self.speak(reply);
    }

    /// Shows choices with what was said last, if that was a text.
    pub(crate) fn show_choices(&mut self, choices: Vec<Choice>, is_yes_no: bool) {
        if let Some(reply) = self.out.replies.last_mut()
            && matches!(reply.content, Content::Text(_))
        {
            reply.is_yes_no = is_yes_no;
            self.speak_choices(choices);
        }
    }

    /// Says something of the platform that is answered with yes or no; the two choices.
    pub(crate) async fn say_yes_no(&mut self, condition: Condition, replacements: &[(&str, &str)]) -> Vec<Choice> {
        let choices = yes_and_no(&self.state.language);
        self.say_choices(condition, &choices, replacements).await;
        if let Some(reply) = self.out.replies.last_mut() {
            reply.is_yes_no = !reply.choices.is_empty();
        }
        choices
    }

    /// Puts the tags of the node that runs on what was said last, the session and the user.
    pub(crate) async fn leave_tags(&mut self) -> Result<(), Fault> {
        let Some((dialog, node)) = self.place() else { return Ok(()) };
        let tags = &node.options.tags;
        for tag in &node.options.context_tags {
            self.tag(tag);
        }
        for (level, pairs) in [("message", &tags.message), ("session", &tags.session), ("user", &tags.user)] {
            for (name, value) in pairs {
                let mut filled = self.fill_all(&[name, value]).await?.into_iter();
                let (name, value) = (filled.next().unwrap_or_default(), filled.next().unwrap_or_default());
                let (name, value) = (self.cut_tag(&name), self.cut_tag(&value));
                if name.trim().is_empty() {
                    continue;
                }
                if level == "message" {
                    let here = self
                        .out
                        .replies
                        .iter_mut()
                        .rev()
                        .find(|reply| reply.node == node.id && reply.dialog == dialog.id);
                    if let Some(reply) = here {
                        reply.tags.push((name, value));
                    }
                } else {
                    self.leave_tag(level.to_owned(), name, value);
                }
            }
        }
        for text in &tags.alternative {
            let text = self.fill(text).await?;
            let text = self.cut_tag(&text);
            let here =
                self.out.replies.iter_mut().rev().find(|reply| reply.node == node.id && reply.dialog == dialog.id);
            if let Some(reply) = here.filter(|_| !text.trim().is_empty()) {
                reply.alternative_texts.push(text);
            }
        }
        Ok(())
    }

    /// Remembers that a node ran, in the history of its dialog.
    pub(crate) fn remember_node(&mut self, state: &str) {
        if let Some((_, node)) = self.place() {
            let kind = node.kind.name();
            self.remember(json!({"nodeId": node.id, "state": state, "type": kind, "componentName": node.name}));
        }
    }
}

/// The choices of a question that is answered with yes or no, in a language.
pub(crate) fn yes_and_no(language: &str) -> Vec<Choice> {
    let choice = |word: &str| Choice { title: word.to_owned(), value: word.to_owned() };
    super::standard_texts::yes_and_no(language).map(choice).into()
}
