//! From a message to what the bot does about it.

use serde_json::{Value, json};

use nlu::candidate::{Certainty, Reason, Target};
use nlu::resolver::Outcome as Resolved;
use nlu::{Question as Asked, Understanding};

use super::Engine;
use super::interaction::Interaction;
use crate::bot::{Condition, Dialog, WhatToDo};
use crate::host::Host;
use crate::node::Kind;
use crate::reply::Choice;
use crate::state::{Meaning, Pending, Question, Queued, Waiting};
use crate::turn::Message;

/// What a message means besides an answer to what is asked.
#[derive(Clone)]
pub(crate) enum Meant<'a> {
    /// A task of its own.
    Task(&'a Dialog),
    /// A sub-intent of what runs: its node.
    SubIntent(String),
    /// A question with an answer: its place.
    Faq(usize),
    /// Small talk: its place.
    SmallTalk(usize),
    /// One of several.
    Which(Vec<Target>),
    /// Perhaps one of these.
    Suggest(Vec<Target>),
    /// Something about the conversation itself.
    Interaction(Interaction),
    /// A question that the app's own texts may answer (`ANSWER_GENERATION_EVENT`).
    Search,
    /// Nothing the bot knows.
    Nothing,
}

/// What was found out about a message.
pub(crate) struct Found<'a> {
    /// What it means; of several tasks, the one to begin with.
    pub(crate) meant: Meant<'a>,
    /// Where it means several things, all of them in order, each with its part of the message.
    pub(crate) tasks: Vec<(Target, String)>,
    /// What its words say, where they decided.
    pub(crate) understood: Option<Understanding>,
}

impl<'a, H: Host> Engine<'a, H> {
    /// The user said something.
    pub(crate) async fn message(&mut self, message: Message) {
        let text = message.text.trim().to_owned();
        self.said.clone_from(&text);
        self.attachments = message.attachments;
        self.after_small_talk = self.state.small_talk.take();
        let is_first = !self.state.interactive;
        self.state.interactive = true;
        let now = self.at.now.timestamp();
        let mut raw = message.raw;
        if !self.at.hiding.is_empty() {
            let hiding = &self.at.hiding;
            self.host.think(text.len(), || hiding.value(&mut raw));
        }
        let kept = self.hidden(&text);
        let from = raw.pointer("/from/id").and_then(Value::as_str).unwrap_or(&self.at.user_id).to_owned();
        let last = json!({"channel": self.at.channel, "messagePayload": raw});
        let store = &mut self.state.stores.bot_user;
        store.insert("lastMessage".to_owned(), last);
        store.insert("lastUserMessageTime".to_owned(), json!(now.to_string()));
        store.insert("isReturningUser".to_owned(), json!(self.state.returning));
        self.note_channel(&from);
        let said = json!({"originalInput": {"sentence": kept, "timestamp": now.as_millisecond()}});
        self.tell("userInputs", said);
        self.tell("UserQuery", json!({"originalUserQuery": kept}));
        // What was found in an earlier message is not what was found in this one, which may be nobody's to understand.
        self.tell("mappedIntents", json!([]));
        self.tell("synonymsUsed", json!([]));
        self.tell("NLAnalysis", json!({"userInput": kept, "intents": {"successIntents": [], "nerInfo": {}}}));
        self.remember(json!({"originalSentence": kept}));
        let compat = &self.at.compat;
        let words = text.split_whitespace();
        if text.split_whitespace().any(|word| word.chars().count() > compat.longest_word)
            || words.count() > compat.most_words
        {
            self.say_standard(Condition::LongWord, &[]).await;
            return;
        }
        if self.obey_at_once(&text).await {
            return;
        }
        if self.feel(&text).await {
            self.state.pending = None;
            return;
        }
        if let Some(pending) = self.state.pending.take()
            && self.choose(pending, &text).await
        {
            return;
        }
        match self.state.frame().map(|frame| frame.waiting) {
            Some(Waiting::Input) => Box::pin(self.answer(&text)).await,
            Some(Waiting::Form | Waiting::Server) => {
                let meant = self.meant_aside(&text);
                if !self.take_aside(meant, &text).await && !self.obey(&text).await {
                    self.ask_again();
                }
            }
            _ => {
                let enters = self.bot.events.welcome.is_none() && Box::pin(self.enter_flow(&text, is_first)).await;
                if !enters {
                    Box::pin(self.detect(&text, is_first)).await;
                }
            }
        }
    }

    /// A text without what the bot hides: as it is kept, and told to language models.
    pub(crate) fn hidden(&self, text: &str) -> String {
        let hiding = &self.at.hiding;
        if hiding.is_empty() { text.to_owned() } else { self.host.think(text.len(), || hiding.text(text)) }
    }

    /// Leaves what scripts read of the channel (`BotUserSession.channels`); `from` is whom the channel names.
    pub(crate) fn note_channel(&mut self, from: &str) {
        let bot = json!({"taskBotId": self.at.bot_id, "chatBot": self.bot.name(&self.state.language)});
        let channel = json!({"type": self.at.channel, "botInfo": bot, "handle": {"userId": from},
            "attachments": self.attachments});
        self.state.stores.bot_user.insert("channels".to_owned(), json!([channel]));
    }

    /// The user answers the node that waits.
    async fn answer(&mut self, text: &str) {
        let Some((_, node)) = self.place() else {
            let frame = self.state.frame().map(|frame| frame.node.clone()).unwrap_or_default();
            let missing = format!("the node {frame} that waited is not in the bot any more");
            return self.fail(&crate::host::Fault::of(crate::host::Cause::Bot, missing)).await;
        };
        match &node.kind {
            Kind::Entity(entity) => self.answer_entity(node, entity, text).await,
            Kind::Confirmation(confirmation) => self.answer_confirmation(node, confirmation, text).await,
            Kind::Message(_) => self.answer_message(node, text).await,
            Kind::Agent(agent) => self.answer_agent(node, agent, text).await,
            _ => self.ask_again(),
        }
    }

    /// Nothing runs: what does the user want?
    pub(crate) async fn detect(&mut self, text: &str, is_first: bool) {
        if text.is_empty() {
            return;
        }
        let found = self.find(text).await;
        self.act_on_found(found, text, is_first).await;
    }

    /// What a message means: as a language model says where an app has one do that, else by its words.
    pub(crate) async fn find(&mut self, text: &str) -> Found<'a> {
        let understood = self.understand(text);
        self.note_understanding(&understood);
        let found = match self.find_by_model(text, &understood).await {
            Some(found) => found,
            None => Found {
                meant: self.meant(&understood),
                tasks: understood.parts.iter().map(|it| (it.target, text[it.range.clone()].to_owned())).collect(),
                understood: Some(understood),
            },
        };
        self.note_heard(text, &found.meant);
        found
    }

    /// Does what a message means, where nothing runs.
    pub(crate) async fn act_on_found(&mut self, found: Found<'a>, text: &str, is_first: bool) {
        let Found { meant, tasks, understood } = found;
        let welcomes = self.bot.events.first_message;
        let is_welcomed = is_first && !self.state.welcomed && self.bot.events.welcome.is_some();
        let welcomed_instead = is_welcomed
            && match &meant {
                Meant::Task(_) | Meant::SubIntent(_) | Meant::Which(_) => welcomes.welcomes_task,
                Meant::Faq(_) | Meant::Suggest(_) | Meant::Search => welcomes.welcomes_faq,
                Meant::SmallTalk(_) => welcomes.welcomes_greeting,
                Meant::Interaction(_) => false,
                Meant::Nothing => !self.is_help(text),
            };
        if is_first && !self.state.welcomed {
            self.state.welcomed = true;
        }
        if welcomed_instead {
            self.welcome().await;
            return;
        }
        match meant {
            Meant::Task(dialog) => {
                let bot = self.bot;
                if let Some(event) = bot.events.several.as_ref().filter(|_| tasks.len() > 1) {
                    let plan: Vec<String> = tasks.iter().map(|(target, _)| self.planned(*target)).collect();
                    self.let_happen_about(event, "multiple_intents", &plan, &plan).await;
                    return;
                }
                let first = tasks.first().map_or(text, |(_, text)| text).to_owned();
                for (target, text) in tasks {
                    if let Some(other) = self.dialog_of(target).filter(|other| other.id != dialog.id) {
                        self.state.queued.push(Queued { dialog: other.id.clone(), text });
                    }
                }
                self.begin(dialog, &first).await;
                if let Some(understood) = &understood {
                    self.use_up_name(understood);
                }
            }
            Meant::Faq(place) => self.answer_question(place, false).await,
            Meant::SmallTalk(place) => self.answer_small_talk(place).await,
            Meant::Which(targets) => self.ask_which(&targets, text).await,
            Meant::Suggest(targets) => self.suggest(&targets, text).await,
            Meant::Interaction(interaction) if self.let_interact(interaction).await => {}
            Meant::Search if self.answer_from_texts().await => {}
            Meant::SubIntent(_) | Meant::Interaction(_) | Meant::Search | Meant::Nothing => {
                let is_done = self.obey(text).await || (self.could_answer(text) && self.answer_from_texts().await);
                if !is_done {
                    self.unidentified(text).await;
                }
            }
        }
    }

    /// A thing to do as the dialogs of apps read it: tasks by their names, questions marked as knowledge.
    fn planned(&self, target: Target) -> String {
        let name = self.target_name(target);
        if matches!(target, Target::Faq(_)) { format!("fc-{name}") } else { name }
    }

    /// Starts a task.
    pub(crate) async fn begin(&mut self, dialog: &'a Dialog, text: &str) {
        if !self.start(dialog, text, false) {
            self.say_empty(dialog).await;
        }
    }

    /// Takes the words of the task's name out of what its entities may look at: they said which task, not which value.
    fn use_up_name(&mut self, understood: &Understanding) {
        if !self.at.compat.name_words_are_used {
            return;
        }
        let winner = understood.ranking.first().filter(|ranked| ranked.eliminated.is_none());
        let candidates = winner.map_or(&[][..], |ranked| ranked.candidates.as_slice());
        let named = candidates.iter().find_map(|candidate| match &candidate.reason {
            Reason::Name { words, coverage, .. } if *coverage >= 1.0 => Some((words, candidate.range.clone())),
            _ => None,
        });
        let (Some((words, range)), Some(input)) =
            (named, self.state.stack.last_mut().and_then(|frame| frame.inputs.first_mut()))
        else {
            return;
        };
        for word in words {
            let from = range.start.min(input.text.len());
            if let Some(at) = input.text.get(from..).and_then(|rest| rest.find(word.as_str())) {
                input.used.push(from + at..from + at + word.len());
            }
        }
    }

    /// What a message means here and now.
    pub(crate) fn understand(&mut self, text: &str) -> Understanding {
        let dialogs = self.running_dialogs();
        let state = nlu::State {
            dialogs: &dialogs,
            context_tags: &self.state.tags,
            small_talk: self.after_small_talk.as_deref(),
        };
        let (model, now) = (self.model, &self.at.now);
        let understood = self.host.think(text.len(), || model.understand(&Asked { text, now, state }));
        let (traits, analysis) = (json!(understood.traits), self.analysis(&understood));
        let found = analysis["intents"]["successIntents"].as_array().into_iter().flatten();
        let mapped: Value = found.map(|intent| intent["intentName"].clone()).collect();
        self.tell("traits", traits.clone());
        self.tell("currentTraits", traits);
        self.tell("mappedIntents", mapped);
        self.tell("NLAnalysis", analysis);
        understood
    }

    /// What understanding found, as scripts and BotKit servers read it (`context.NLAnalysis`). What the bot hides is hidden in
    /// it, as in all that is kept of a message.
    fn analysis(&self, understood: &Understanding) -> Value {
        let alive = understood.ranking.iter().filter(|ranked| ranked.eliminated.is_none());
        let intents: Vec<Value> = alive
            .filter(|ranked| matches!(ranked.target, Target::Intent(_)))
            .map(|ranked| json!({"intentName": self.target_name(ranked.target), "score": ranked.total}))
            .collect();
        let named = &self.model.data().entities;
        let values = understood.entities.iter().map(|values| {
            let found: Value = values.found.iter().map(|found| found.value.clone()).collect();
            (named[values.entity].name.clone(), found)
        });
        let mut entities = Value::Object(values.collect());
        if !self.at.hiding.is_empty() {
            self.at.hiding.value(&mut entities);
        }
        let said = self.hidden(&understood.message.text);
        json!({"userInput": said, "intents": {"successIntents": intents, "nerInfo": entities}})
    }

    /// The dialogs that run, the innermost first.
    pub(crate) fn running_dialogs(&self) -> Vec<String> {
        self.state.stack.iter().rev().map(|frame| frame.dialog.clone()).collect()
    }

    fn note_understanding(&mut self, understood: &Understanding) {
        let best: Vec<Value> = understood
            .ranking
            .iter()
            .take(3)
            .map(|ranked| {
                json!({"name": self.target_name(ranked.target), "score": ranked.total,
                       "eliminated": ranked.eliminated.map(|why| format!("{why:?}"))})
            })
            .collect();
        let outcome = match &understood.outcome {
            Resolved::Found(_) => "found",
            Resolved::Ambiguous(_) => "ambiguous",
            Resolved::DidYouMean(_) => "didYouMean",
            Resolved::Nothing => "nothing",
        };
        self.log("understood", json!({"input": understood.message.text, "outcome": outcome, "ranking": best}));
    }

    /// What an understanding comes to.
    pub(crate) fn meant(&self, understood: &Understanding) -> Meant<'a> {
        if self.is_rather_command(understood) {
            return Meant::Nothing;
        }
        let is_task = |target: &Target| matches!(target, Target::Intent(_));
        match &understood.outcome {
            Resolved::Found(target) => self.meant_by(*target),
            Resolved::Ambiguous(targets) => Meant::Which(targets.clone()),
            Resolved::DidYouMean(targets) if self.has_task_for_unknown() && targets.iter().all(is_task) => {
                Meant::Nothing
            }
            Resolved::DidYouMean(targets) => Meant::Suggest(targets.clone()),
            Resolved::Nothing => Meant::Nothing,
        }
    }

    /// Whether the bot's author has something done with what is not understood: then nobody is asked about tasks that a
    /// message only resembles.
    fn has_task_for_unknown(&self) -> bool {
        let event = self.bot.events.unidentified.as_ref().map(|event| &event.what);
        match event {
            Some(WhatToDo::Dialog(Some(_)) | WhatToDo::Script(_)) => true,
            Some(WhatToDo::Message(_)) => false,
            _ => self.bot.default_dialog.is_some(),
        }
    }

    /// Whether a message is a bare command and what it might mean besides is a guess: who says "cancel" in a task does not
    /// mean another one that its word only resembles.
    fn is_rather_command(&self, understood: &Understanding) -> bool {
        let text = &understood.message.text;
        let is_certain = |target: &Target| {
            let found = understood.ranking.iter().find(|ranked| ranked.target == *target);
            found.is_some_and(|ranked| ranked.certainty == Certainty::Definitive)
        };
        let is_certain = match &understood.outcome {
            Resolved::Found(target) => is_certain(target),
            Resolved::Ambiguous(targets) => targets.iter().any(is_certain),
            Resolved::DidYouMean(_) => return self.is_help(text) || self.discards_task(text),
            Resolved::Nothing => true,
        };
        !is_certain && self.discards_task(text)
    }

    fn discards_task(&self, text: &str) -> bool {
        self.is_discard(text) && !self.state.stack.is_empty()
    }

    pub(crate) fn meant_by(&self, target: Target) -> Meant<'a> {
        match target {
            Target::Faq(place) => Meant::Faq(place),
            Target::SmallTalk(place) => Meant::SmallTalk(place),
            Target::Intent(_) => match (self.dialog_of(target), self.sub_intent_of(target)) {
                (_, Some(node)) => Meant::SubIntent(node),
                (Some(dialog), None) => Meant::Task(dialog),
                (None, None) => Meant::Nothing,
            },
        }
    }

    /// What a message means while something waits for an answer.
    pub(crate) fn meant_aside(&mut self, text: &str) -> Meant<'a> {
        let understood = self.understand(text);
        self.note_understanding(&understood);
        self.meant(&understood)
    }

    /// What a message means that does not answer what is asked for: as [`Self::find`], while something waits.
    pub(crate) async fn found_aside(&mut self, text: &str) -> Meant<'a> {
        self.find(text).await.meant
    }

    /// The dialog that an intent starts.
    pub(crate) fn dialog_of(&self, target: Target) -> Option<&'a Dialog> {
        let Target::Intent(place) = target else { return None };
        let intent = self.model.data().intents.get(place)?;
        self.dialog(&intent.dialog_id).or_else(|| self.dialog(&intent.dialog_ref))
    }

    /// The node of a sub-intent in the dialogs that run, the innermost first.
    fn sub_intent_of(&self, target: Target) -> Option<String> {
        let Target::Intent(place) = target else { return None };
        let intent = self.model.data().intents.get(place)?;
        if intent.scopes.is_empty() {
            return None;
        }
        let frame = self.state.frame()?;
        let dialog = self.dialog(&frame.dialog)?;
        let node = dialog.nodes.iter().find(|node| {
            node.component_id == intent.component_id && matches!(node.kind, Kind::SubIntent { .. } | Kind::Dialog(_))
        })?;
        Some(node.id.clone())
    }

    /// What people call something that may be meant.
    pub(crate) fn target_name(&self, target: Target) -> String {
        let data = self.model.data();
        match target {
            Target::Intent(place) => match self.dialog_of(target) {
                Some(dialog) => dialog.name(&self.state.language, &self.bot.default_language).to_owned(),
                None => data.intents[place].label.clone(),
            },
            Target::Faq(place) => data.faqs[place].question.text.clone(),
            Target::SmallTalk(place) => data.small_talk[place].utterances.first().cloned().unwrap_or_default(),
        }
    }

    fn meaning_of(&self, target: Target) -> Option<Meaning> {
        let data = self.model.data();
        Some(match target {
            Target::Intent(_) => Meaning::Dialog(self.dialog_of(target)?.id.clone()),
            Target::Faq(place) => Meaning::Faq(data.faqs[place].ref_id.clone()),
            Target::SmallTalk(place) => Meaning::SmallTalk(data.small_talk[place].node_id.clone()),
        })
    }

    /// Asks which of several things is meant.
    pub(crate) async fn ask_which(&mut self, targets: &[Target], text: &str) {
        let bot = self.bot;
        if let Some(event) = &bot.events.ambiguity
            && self.happened.insert("ambiguity")
        {
            let intents: Vec<Value> = targets.iter().map(|target| json!({"name": self.target_name(*target)})).collect();
            self.ambiguous = json!({"intents": intents, "cause": "ambiguous_intents", "userInput": text});
            self.let_happen(&event.what, crate::reply::Source::Event).await;
            return;
        }
        self.offer(Condition::AmbiguousIntents, Question::Which, targets, text).await;
    }

    /// Asks whether something close is meant.
    pub(crate) async fn suggest(&mut self, targets: &[Target], text: &str) {
        self.offer(Condition::DidYouMean, Question::DidYouMean, targets, text).await;
    }

    async fn offer(&mut self, condition: Condition, question: Question, targets: &[Target], text: &str) {
        let mut choices: Vec<Choice> = Vec::new();
        let mut meanings = Vec::new();
        for target in targets {
            let Some(meaning) = self.meaning_of(*target) else { continue };
            let title = self.target_name(*target);
            if meanings.contains(&meaning) {
                continue;
            }
            choices.push(Choice { title: title.clone(), value: title });
            meanings.push(meaning);
        }
        if meanings.is_empty() {
            return self.unidentified(text).await;
        }
        self.say_choices(condition, &choices, &[]).await;
        self.state.pending = Some(Pending { question, choices, meanings, text: text.to_owned() });
    }
}
