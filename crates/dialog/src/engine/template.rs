//! Texts with buttons: said as templates, and what is chosen among them.

use serde_json::{Value, json};

use super::Engine;
use crate::bot::{Buttons, Text};
use crate::host::{Fault, Host};
use crate::node::{Entity, Reuse};
use crate::reply::{Choice, Content};

impl<'a, H: Host> Engine<'a, H> {
    /// What a text with buttons comes to: the message that clients know as a template.
    pub(crate) async fn template(&mut self, text: &Text, buttons: &Buttons) -> Result<Content, Fault> {
        let words = Text { buttons: None, ..text.clone() };
        let mut texts: Vec<&Text> = vec![&words];
        texts.extend(buttons.all.iter().flat_map(|button| [&button.title, &button.payload]));
        let mut filled = self.fill_all(&texts).await?.into_iter();
        let said = filled.next().unwrap_or_default();
        let mut shown = Vec::new();
        for button in &buttons.all {
            let mut one = button.written.clone();
            one["title"] = json!(filled.next().unwrap_or_default());
            one["payload"] = json!(filled.next().unwrap_or_default());
            shown.push(one);
        }
        let mut payload = json!({"template_type": buttons.kind, "text": said});
        payload[&buttons.member] = Value::Array(shown);
        Ok(Content::Template(json!({"type": "template", "payload": payload})))
    }

    /// The choices of the template that was said last.
    pub(crate) fn choices_said(&self) -> Vec<Choice> {
        match self.out.replies.last().map(|reply| &reply.content) {
            Some(Content::Template(template)) => choices_of(template),
            _ => Vec::new(),
        }
    }

    /// The button of a question that was named before it was asked: nothing else was said.
    pub(crate) async fn button_said_before(&mut self, entity: &'a Entity) -> Result<Option<Value>, Fault> {
        if entity.reuse == Reuse::None {
            return Ok(None);
        }
        let bot = self.bot;
        let variants = entity.prompt.for_channel(&self.at.channel, &self.state.language, &bot.default_language);
        let with_buttons = variants.into_iter().find_map(|text| Some((text, text.buttons.as_deref()?)));
        let Some((text, buttons)) = with_buttons else { return Ok(None) };
        let Content::Template(template) = self.template(text, buttons).await? else { return Ok(None) };
        let choices = choices_of(&template);
        let Some(frame) = self.state.stack.last_mut() else { return Ok(None) };
        for input in frame.inputs.iter_mut().rev().filter(|input| input.used.is_empty()) {
            if let Some(choice) = named(&choices, &input.text) {
                input.used.push(0..input.text.len());
                return Ok(Some(json!(choice.value)));
            }
        }
        Ok(None)
    }
}

/// The buttons of a template that send something.
fn choices_of(template: &Value) -> Vec<Choice> {
    let payload = &template["payload"];
    let buttons = ["buttons", "quick_replies"].iter().filter_map(|member| payload[*member].as_array()).flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    buttons.map(|button| Choice { title: text(&button["title"]), value: text(&button["payload"]) }).collect()
}

/// The choice that a text names with all its words: by what it sends, or its title.
fn named<'c>(choices: &'c [Choice], text: &str) -> Option<&'c Choice> {
    let same = |one: &str| !one.trim().is_empty() && one.trim().to_lowercase() == text.trim().to_lowercase();
    choices.iter().find(|choice| same(&choice.title)).or_else(|| choices.iter().find(|choice| same(&choice.value)))
}

/// The button that an answer presses: by its title or what it sends, or by its letter or number.
pub(crate) fn pressed<'c>(choices: &'c [Choice], text: &str) -> Option<&'c Choice> {
    let by_place = || entities::list::place(text.trim(), choices.len()).and_then(|place| choices.get(place));
    named(choices, text).or_else(by_place)
}
