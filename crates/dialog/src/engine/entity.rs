//! The entity node: asks for a value until there is one (conversation.md §6).

use serde_json::{Value, json};

use entities::Found;

use super::Engine;
use super::detect::Meant;
use super::run::Then;
use super::template::pressed;
use crate::bot::Condition;
use crate::host::{Fault, Host};
use crate::node::{Asking, Entity, Node};
use crate::reply::{Choice, Content, Source};
use crate::state::{Input, Meaning, Pending, Question, Waiting};

/// Types whose values are any text.
pub(crate) const TEXTS: [&str; 2] = ["label", "description"];

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) async fn arrive_at_entity(&mut self, node: &'a Node, entity: &'a Entity) -> Result<Then<'a>, Fault> {
        if entity.asking != Asking::Always && self.at.compat.filled_entity_is_skipped && self.is_filled(&node.name) {
            return Ok(Then::Next);
        }
        let choices = self.choice_count(node, entity);
        let said = self.earlier_value(node, entity).filter(|found| !found.iter().any(|it| says_nothing(it, choices)));
        if let Some(found) = said {
            return Ok(self.take_found(node, entity, found).await);
        }
        if entity.asking != Asking::Always
            && TEXTS.contains(&entity.entity_type.as_str())
            && let Some(value) = self.button_said_before(entity).await?
        {
            self.fill_entity(node, value);
            return Ok(Then::Next);
        }
        match entity.asking {
            Asking::Hidden => {
                self.take_default(node, entity);
                return Ok(Then::Next);
            }
            Asking::Optional if self.has_passed(&node.name) => return Ok(Then::Next),
            _ => {}
        }
        self.ask(node, entity).await?;
        Ok(Then::Wait(Waiting::Input))
    }

    /// Asks the question of an entity, with its choices.
    async fn ask(&mut self, node: &'a Node, entity: &'a Entity) -> Result<(), Fault> {
        let asked = self.variant(&entity.prompt);
        let mut said = match asked {
            Some(text) => self.say_one(text, Source::Dialog).await?,
            None => false,
        };
        let mut choices = self.choices_of(node, entity);
        if asked.is_none() && entity.lists_choices && !choices.is_empty() {
            // Without words of its own, a question shows its choices all the same.
            self.reply(Content::Text(String::new()), Source::Dialog);
            said = true;
        }
        if said && entity.lists_choices {
            self.show_choices(choices.clone(), false);
        }
        if said && asked.is_some_and(|text| text.buttons.is_some()) && TEXTS.contains(&entity.entity_type.as_str()) {
            choices = self.choices_said();
        }
        if let Some(frame) = self.state.stack.last_mut() {
            frame.shown = choices;
        }
        Ok(())
    }

    /// The user answered.
    pub(crate) async fn answer_entity(&mut self, node: &'a Node, entity: &'a Entity, text: &str) {
        let is_text = TEXTS.contains(&entity.entity_type.as_str());
        let is_discard = |words: &[String]| words.iter().any(|word| word.eq_ignore_ascii_case(text.trim()));
        if is_text
            && let Some(value) = self.state.frame().and_then(|frame| Some(pressed(&frame.shown, text)?.value.clone()))
        {
            self.hear(text, true);
            self.fill_entity(node, json!(value));
            self.go_on(node).await;
            return;
        }
        if is_text && self.bot.detection.is_some() && self.calls_away(text).await {
            return;
        }
        if is_text {
            let compat = &self.at.compat;
            let discards = is_discard(&compat.discard_words_at_texts)
                || (entity.discard_is_command && is_discard(&compat.discard_words));
            if discards && self.obey(text).await {
                return;
            }
            if entity.executes_intent {
                let meant = self.meant_aside(text);
                if self.take_aside(meant, text).await {
                    return;
                }
            }
        }
        if entity.entity_type == "attachment" && !self.attachments.is_empty() {
            let files = Value::Array(std::mem::take(&mut self.attachments));
            self.fill_entity(node, files);
            self.go_on(node).await;
            return;
        }
        let found = self.read_answer(node, entity, text);
        // A word that only our own lists know is a command all the same; what the author listed is a choice.
        if found.is_some() && is_known_by_us(&entity.entity_type) && self.is_command(text) && self.obey(text).await {
            return;
        }
        let decides = found.is_some() && self.heed_intents(node, text);
        if !is_text && !decides {
            let whole = found.as_ref().is_some_and(|found| is_whole(found, text));
            // The words of a value alone are no task of their own, unless the author says that tasks go first.
            if found.is_none() || !whole || node.options.intent_over_entity {
                let meant = if found.is_none() { self.found_aside(text).await } else { self.meant_aside(text) };
                let sub_intent = matches!(meant, Meant::SubIntent(_));
                if found.is_none() || (node.options.intent_over_entity && matches!(meant, Meant::Task(_))) {
                    if self.take_aside(meant, text).await {
                        return;
                    }
                } else if sub_intent {
                    // Said in the same words as the value: the value is kept, and the sub-intent runs.
                    if let Some(found) = found.clone() {
                        self.store_found(node, entity, found, text);
                    }
                    self.take_aside(meant, text).await;
                    return;
                } else if let Meant::Task(dialog) = meant {
                    self.follow_up(dialog, text);
                }
            }
        }
        match found {
            Some(found) => {
                if let Some(open) = found.iter().position(|found| !found.others.is_empty()) {
                    if self.open_choice.is_some() {
                        // It was asked which, and the answer says no more than before.
                        return self.wrong_answer(node, entity, text).await;
                    }
                    self.ask_which_value(node, entity, &found, open).await;
                    return;
                }
                self.store_found(node, entity, found, text);
                self.go_on(node).await;
            }
            None if self.obey(text).await => {}
            None => match self.read_plausible(node, entity, text) {
                Some(found) => {
                    self.store_found(node, entity, vec![found], text);
                    self.go_on(node).await;
                }
                None => self.wrong_answer(node, entity, text).await,
            },
        }
    }

    /// In apps a few whole messages are heard at questions for texts, too: the name of a task, and who calls for a human, for
    /// a new start or an end of the task (export-format-xo11.md §6.4).
    async fn calls_away(&mut self, text: &str) -> bool {
        use super::interaction::Interaction::{Agent, Restart};
        if matches!(super::interaction::said_in(text), Some(Agent | Restart)) && self.interact(text).await {
            return true;
        }
        if self.is_discard(text) && self.obey(text).await {
            return true;
        }
        let named = self.dialog_called(text.trim()).filter(|dialog| !dialog.hidden && dialog.start.is_some());
        match named {
            Some(dialog) => self.take_aside(Meant::Task(dialog), text).await,
            None => false,
        }
    }

    /// An answer that is none: the error, until it was given too often.
    async fn wrong_answer(&mut self, node: &'a Node, entity: &'a Entity, text: &str) {
        if entity.asking == Asking::Optional {
            self.hear(text, false);
            self.take_default(node, entity);
            if let Some(frame) = self.state.stack.last_mut() {
                frame.passed.push(node.name.clone());
            }
            self.go_on(node).await;
            return;
        }
        let Some(frame) = self.state.stack.last_mut() else { return };
        let retries = frame.retries.entry(node.id.clone()).or_default();
        *retries += 1;
        let count = *retries;
        if count >= entity.most_retries.max(1) {
            frame.retries.remove(&node.id);
            if let Some(target) = &entity.retries_target {
                self.move_to(target);
                return;
            }
            let holds = !self.state.held.is_empty();
            let condition = if holds { Condition::RetriesExceededWhileHolding } else { Condition::RetriesExceeded };
            self.say_standard(condition, &[]).await;
            self.discard_stack(crate::turn::Reason::Canceled);
            return;
        }
        if let Some(choice) = self.open_choice.take() {
            self.say_choices(Condition::WrongChoice, &choice.choices, &[]).await;
            self.state.pending = Some(choice);
            return;
        }
        // What could be any of the choices is no wrong one: the question is asked again.
        let said = if self.said_nothing { self.ask(node, entity).await } else { self.say_error(entity, count).await };
        if let Err(fault) = said {
            self.fail(&fault).await;
        }
    }

    async fn say_error(&mut self, entity: &'a Entity, count: u32) -> Result<(), Fault> {
        let bot = self.bot;
        let variants = entity.error.for_channel(&self.at.channel, &self.state.language, &bot.default_language);
        let place = if entity.errors_in_order {
            (count as usize - 1).min(variants.len().saturating_sub(1))
        } else {
            self.draw(variants.len())
        };
        let mut said = false;
        if let Some(text) = variants.get(place)
            && let Some(content) = self.content(text).await?
        {
            self.reply(content, Source::Dialog);
            said = true;
        }
        if !said {
            said = self.say(&entity.prompt, Source::Dialog).await?;
        }
        if said && entity.lists_choices {
            let shown = self.state.frame().map_or_else(Vec::new, |frame| frame.shown.clone());
            self.show_choices(shown, false);
        }
        Ok(())
    }

    /// What the answer means to the entity. `None` where it is no value of it.
    fn read_answer(&mut self, node: &'a Node, entity: &'a Entity, text: &str) -> Option<Vec<Found>> {
        let found = self.with_entity(node, entity, |engine, ready| {
            let shown: Vec<usize> = match ready.list() {
                Some(list) => (0..list.items().len()).collect(),
                None => Vec::new(),
            };
            engine.host.think(text.len(), || engine.model.answer(ready, text, &shown, &engine.at.now))
        });
        let mut found = found.unwrap_or_default();
        let choices = self.choice_count(node, entity);
        let count = found.len();
        found.retain(|found| !says_nothing(found, choices));
        self.said_nothing = found.is_empty() && count > 0;
        if !entity.many {
            found.truncate(1);
        }
        (!found.is_empty()).then_some(found)
    }

    /// What an answer may mean where it is no task, no command and nothing that is known: a name that no list has.
    fn read_plausible(&mut self, node: &'a Node, entity: &'a Entity, text: &str) -> Option<Found> {
        self.with_entity(node, entity, |engine, ready| {
            engine.host.think(text.len(), || engine.model.plausible(ready, text, &engine.at.now))
        })?
    }

    /// Stores what an answer means.
    pub(crate) fn store_found(&mut self, node: &'a Node, entity: &'a Entity, found: Vec<Found>, text: &str) {
        let used: Vec<_> = found.iter().map(|found| found.range.clone()).collect();
        let kept = if entity.keeps_words { used.clone() } else { Vec::new() };
        if let Some(frame) = self.state.stack.last_mut() {
            frame.inputs.push(Input { text: text.to_owned(), used, kept });
        }
        self.note_synonyms(node, &found, text);
        self.fill_entity(node, value_of(found, entity.many));
    }

    /// Notes words of the user that stood for values of lists (`context.synonymsUsed`).
    fn note_synonyms(&mut self, node: &Node, found: &[Found], text: &str) {
        for found in found {
            let Some(title) = self.title_of(&node.component_id, &found.value) else { continue };
            let said = text.get(found.range.clone()).unwrap_or_default().trim();
            let value = crate::scope::shown(Some(&found.value));
            if said.is_empty() || [title.as_str(), &*value].iter().any(|own| own.eq_ignore_ascii_case(said)) {
                continue;
            }
            let said = self.hidden(said);
            let used = self.context_mut().entry("synonymsUsed").or_insert_with(|| json!([]));
            if let Value::Array(used) = used {
                used.push(json!(said));
            }
        }
    }

    /// Stores a value that was found in earlier words, or asks which one it is.
    async fn take_found(&mut self, node: &'a Node, entity: &'a Entity, found: Vec<Found>) -> Then<'a> {
        if let Some(open) = found.iter().position(|found| !found.others.is_empty()) {
            self.offer_values(entity, &found, open).await;
            return Then::Wait(Waiting::Input);
        }
        self.fill_entity(node, value_of(found, entity.many));
        Then::Next
    }

    /// Puts a value into the context.
    pub(crate) fn fill_entity(&mut self, node: &'a Node, value: Value) {
        self.tag(&node.name);
        self.log("entity", json!({"value": value}));
        if let Some(frame) = self.state.stack.last_mut() {
            frame.retries.remove(&node.id);
            frame.entities_mut().insert(node.name.clone(), value);
        }
    }

    /// Goes on behind a node that was answered.
    pub(crate) async fn go_on(&mut self, node: &'a Node) {
        self.move_to(&node.id);
        self.follow(node, &super::run::Said::default()).await;
    }

    fn take_default(&mut self, node: &'a Node, entity: &'a Entity) {
        if let Some(default) = entity.default.clone()
            && !self.is_filled(&node.name)
        {
            self.fill_entity(node, default);
        }
    }

    pub(crate) fn is_filled(&self, name: &str) -> bool {
        self.state.entity(name).is_some_and(|value| match value {
            Value::Null => false,
            // Bots preset entities with a blank and rely on being asked.
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(items) => items.iter().any(|item| item.as_str().is_none_or(|text| !text.trim().is_empty())),
            _ => true,
        })
    }

    fn has_passed(&self, name: &str) -> bool {
        self.state.frame().is_some_and(|frame| frame.passed.iter().any(|passed| passed == name))
    }

    /// Asks which of several values was meant.
    async fn ask_which_value(&mut self, node: &'a Node, entity: &'a Entity, found: &[Found], open: usize) {
        self.move_to(&node.id);
        if let Some(frame) = self.state.stack.last_mut() {
            frame.waiting = Waiting::Input;
        }
        self.offer_values(entity, found, open).await;
    }

    /// Offers the values of the one that is `open` among those that were found. Where the entity takes many, those that are
    /// sure are kept beside the one that will be chosen.
    async fn offer_values(&mut self, entity: &'a Entity, found: &[Found], open: usize) {
        let Some((_, node)) = self.place() else { return };
        let values: Vec<Value> = std::iter::once(&found[open].value).chain(&found[open].others).cloned().collect();
        let listed = self.choices_of(node, entity);
        let choice = |value: &Value| {
            let plain = crate::scope::shown(Some(value));
            let title = listed.iter().find(|choice| choice.value == plain).map(|choice| choice.title.clone());
            let shown = crate::scope::told(Some(value)).into_owned();
            Choice { title: title.unwrap_or_else(|| shown.clone()), value: shown }
        };
        let choices: Vec<Choice> = values.iter().map(choice).collect();
        self.context_mut().insert("ambiguousEntityValues".to_owned(), Value::Array(values.clone()));
        self.say_choices(Condition::AmbiguousValue, &choices, &[]).await;
        let chosen = |value: Value| {
            if !entity.many {
                return value;
            }
            let beside = found.iter().enumerate().filter(|(at, it)| *at == open || it.others.is_empty());
            beside.map(|(at, it)| if at == open { value.clone() } else { it.value.clone() }).collect()
        };
        let meanings = values.into_iter().map(|value| Meaning::Value(chosen(value))).collect();
        let text = self.said.clone();
        self.state.pending = Some(Pending { question: Question::Value, choices, meanings, text });
    }
}

/// Whether what an entity takes is known from lists of ours, of names and places.
fn is_known_by_us(entity_type: &str) -> bool {
    use entities::Kind::{Address, Airport, City, Color, Company, Country, Location, PersonName};
    let kind = entities::Kind::of(entity_type);
    matches!(kind, Some(Address | Airport | City | Color | Company | Country | Location | PersonName))
}

/// Whether values take all the words of a text. Several may stand in the same words: choices from a list do.
fn is_whole(found: &[Found], text: &str) -> bool {
    let is_taken = |at: usize| found.iter().any(|found| found.range.contains(&at));
    !text.char_indices().any(|(at, c)| c.is_alphanumeric() && !is_taken(at))
}

/// Whether what was found could be any of so many choices: words that all of them share tell nothing.
fn says_nothing(found: &Found, choices: usize) -> bool {
    choices > 1 && found.others.len() + 1 >= choices
}

/// A value as it is stored: one, or a list.
fn value_of(found: Vec<Found>, many: bool) -> Value {
    let mut values: Vec<Value> = found.into_iter().map(|found| found.value).collect();
    match (many, values.len()) {
        (true, _) => {
            // A list of values may be one of the values already.
            if let [Value::Array(_)] = values.as_slice() {
                return values.remove(0);
            }
            Value::Array(values)
        }
        (false, 0) => Value::Null,
        (false, _) => values.swap_remove(0),
    }
}
