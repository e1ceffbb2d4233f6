//! Answers to questions of the platform: which one, did you mean, switch, resume (conversation.md §13).

use entities::list;
use serde_json::Value;

use super::Engine;
use crate::bot::Condition;
use crate::host::Host;
use crate::node::Kind;
use crate::reply::Choice;
use crate::state::{Meaning, Pending, Question, Waiting};
use crate::turn::Reason;

impl<'a, H: Host> Engine<'a, H> {
    /// Tries a message as the answer to a question of the platform. `false` when it is something else.
    pub(crate) async fn choose(&mut self, pending: Pending, text: &str) -> bool {
        let chosen = self.chosen(&pending, text);
        if let Some(meaning) = chosen {
            self.log("chosen", serde_json::json!({"question": pending.question, "meaning": meaning}));
            self.act_on(&pending, meaning).await;
            return true;
        }
        if pending.question == Question::Value {
            // Another value is taken instead of a choice; the entity reads it. If it is none, the choices stand.
            self.open_choice = Some(pending);
            return false;
        }
        if self.is_discard(text) && self.state.stack.is_empty() {
            // Nothing runs, so it is the question that is not wanted.
            match pending.question {
                Question::Resume => self.decline_held().await,
                _ => self.say_standard(Condition::Discarded, &[]).await,
            }
            return true;
        }
        let meant = self.meant_aside(text);
        let is_new = !matches!(meant, super::detect::Meant::Nothing) || self.is_command(text);
        if is_new {
            // A question about leaving or taking up a task is dropped with it.
            if pending.question == Question::Resume {
                self.give_up_held();
            }
            return false;
        }
        if matches!(pending.question, Question::Switch | Question::DidYouMean) {
            // Neither yes nor no: an answer to the task, perhaps. Who does not mean what was suggested says so in other words.
            return false;
        }
        if pending.meanings.contains(&Meaning::Yes) {
            self.say_yes_no(Condition::WrongChoice, &[]).await;
        } else {
            self.say_choices(Condition::WrongChoice, &pending.choices, &[]).await;
        }
        self.state.pending = Some(pending);
        true
    }

    fn chosen(&self, pending: &Pending, text: &str) -> Option<Meaning> {
        let is_yes_no = pending.meanings.contains(&Meaning::Yes) || pending.meanings.len() == 1;
        if let Some(place) = place_of(&pending.choices, text) {
            return pending.meanings.get(place).cloned();
        }
        if is_yes_no && let Some(answer) = self.yes_or_no(text, &[], &[]) {
            return Some(match (answer, pending.meanings.as_slice()) {
                (nlu::yes_no::Answer::Yes, [only]) => only.clone(),
                (nlu::yes_no::Answer::Yes, _) => Meaning::Yes,
                (nlu::yes_no::Answer::No, [_]) => Meaning::None,
                (nlu::yes_no::Answer::No, _) => Meaning::No,
            });
        }
        None
    }

    async fn act_on(&mut self, pending: &Pending, meaning: Meaning) {
        match (pending.question, meaning) {
            (Question::Switch, Meaning::Yes) => {
                let Some(Meaning::Dialog(dialog)) = pending.meanings.iter().find(|it| matches!(it, Meaning::Dialog(_)))
                else {
                    return;
                };
                if let Some(dialog) = self.dialog(dialog) {
                    let holding = self.policy().holding.unwrap_or(crate::bot::Holding::Hold);
                    self.switch_to(dialog, &pending.text, holding).await;
                }
            }
            (Question::Switch, _) => self.ask_again(),
            (Question::Resume, Meaning::Yes) => self.resume_held(),
            (Question::Resume, _) => self.decline_held().await,
            (Question::Value, Meaning::Value(value)) => self.take_chosen_value(value, &pending.text).await,
            (Question::DidYouMean, Meaning::None) => self.help().await,
            (_, Meaning::Dialog(dialog)) => {
                if let Some(dialog) = self.dialog(&dialog) {
                    let is_help = pending.question == Question::Help;
                    let text = if is_help { "" } else { &pending.text };
                    if self.state.stack.is_empty() {
                        self.begin(dialog, text).await;
                    } else if !self.interrupt(dialog, text).await {
                        // It runs already, or what runs does not let go.
                        self.ask_again();
                    }
                }
            }
            (_, Meaning::Faq(id)) => {
                let place = self.model.data().faqs.iter().position(|faq| faq.ref_id == id);
                if let Some(place) = place {
                    let aside = !self.state.stack.is_empty();
                    self.answer_question(place, aside).await;
                    if aside {
                        self.ask_again();
                    }
                }
            }
            (_, Meaning::SmallTalk(id)) => {
                let place = self.model.data().small_talk.iter().position(|talk| talk.node_id == id);
                if let Some(place) = place {
                    self.answer_small_talk(place).await;
                }
            }
            (_, Meaning::Language(language)) => {
                self.state.language = language;
                self.ask_again();
            }
            (_, Meaning::Value(_) | Meaning::Yes | Meaning::No | Meaning::None) => self.ask_again(),
        }
    }

    /// A value was chosen among several for the entity that waits.
    async fn take_chosen_value(&mut self, value: Value, text: &str) {
        let Some((_, node)) = self.place() else { return };
        self.hear(text, true);
        self.fill_entity(node, value);
        if let Kind::Entity(_) = node.kind {
            self.go_on(node).await;
        }
    }

    /// Lets the node that waits ask its question again.
    pub(crate) fn ask_again(&mut self) {
        if let Some(frame) = self.state.stack.last_mut() {
            frame.waiting = Waiting::Nothing;
            frame.visits.clear();
        }
        self.variables = None;
    }

    /// The user does not go on with the task that was held last.
    async fn decline_held(&mut self) {
        if let Some(name) = self.give_up_held() {
            self.say_standard(Condition::ResumeDeclined, &[("<previous-task>", &name)]).await;
        }
    }

    /// Gives up the task that was held last; its name.
    fn give_up_held(&mut self) -> Option<String> {
        let mut frames = self.state.held.pop()?;
        let outermost = frames.swap_remove(0);
        let dialog = self.dialog(&outermost.dialog);
        let name = dialog.map(|dialog| dialog.name(&self.state.language, &self.bot.default_language).to_owned());
        self.ended(&outermost, Reason::Canceled);
        name
    }
}

/// Which of the choices a text names: by what it sends, its title, its letter or number, or a word that only it has.
pub(crate) fn place_of(choices: &[Choice], text: &str) -> Option<usize> {
    let text = text.trim();
    let lower = text.to_lowercase();
    let exact = |pick: fn(&Choice) -> &str| {
        choices.iter().position(|choice| pick(choice) == text || pick(choice).to_lowercase() == lower)
    };
    if let Some(place) = exact(|choice| &choice.value).or_else(|| exact(|choice| &choice.title)) {
        return Some(place);
    }
    if let Some(place) = list::place(text, choices.len()) {
        return Some(place);
    }
    if lower.chars().count() < 3 {
        return None;
    }
    let words: Vec<&str> = lower.split_whitespace().collect();
    let has_all = |choice: &Choice| {
        let title = choice.title.to_lowercase();
        let own: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).collect();
        words.iter().all(|word| own.contains(word))
    };
    let mut named = choices.iter().enumerate().filter(|(_, choice)| has_all(choice));
    match (named.next(), named.next()) {
        (Some((place, _)), None) => Some(place),
        _ => None,
    }
}
