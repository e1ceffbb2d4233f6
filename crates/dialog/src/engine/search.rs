//! The node that answers from what the bot knows: its questions, worded by a language model where one is configured.

use definition::nlp::Answer;
use serde_json::{Map, Value, json};

use super::Engine;
use super::run::Then;
use crate::bot::{Condition, WhatToDo};
use crate::host::{Fault, Host, Prompt};
use crate::node::{ModelChoice, Node, Search};
use crate::reply::{Content, Source};

/// The feature that an app may switch off.
const FEATURE: &str = "answerGeneration";
/// So many questions a model is told.
const MOST_TEXTS: usize = 5;
/// Questions that are less alike than this are not told.
const LEAST_LIKENESS: f32 = 0.3;
/// What a model says that finds no answer.
const NO_ANSWER: &str = "NO_ANSWER";

/// A question that a search found.
struct Hit {
    place: usize,
    likeness: f32,
    /// It is the answer, also without a model.
    answers: bool,
}

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) async fn search_node(&mut self, node: &'a Node, search: &'a Search) -> Result<Then<'a>, Fault> {
        let query = if search.query.is_empty() { self.last_words() } else { self.fill(&search.query).await? };
        let hits = self.hits(&query);
        let before = self.out.replies.len();
        self.held_back = (!search.says).then_some(before);
        let (mut answer, mut best) = (None, None);
        match self.worded(node, search, &query, &hits).await {
            Some(Some(text)) => {
                self.reply(Content::Text(text.clone()), Source::Dialog);
                answer = Some(text);
                best = hits.first().map(|hit| hit.place);
            }
            // The model found no answer in the texts.
            Some(None) => {}
            None => {
                if let Some(hit) = hits.iter().find(|hit| hit.answers)
                    && self.say_answer_of(hit.place).await
                {
                    best = Some(hit.place);
                    let said = self.out.replies[before..].iter().map(crate::reply::Reply::plain_text);
                    answer = Some(said.collect::<Vec<_>>().join("\n"));
                }
            }
        }
        if !search.says {
            self.out.replies.truncate(before);
        }
        self.held_back = None;
        let found = answer.is_some();
        self.tell("resultsFound", json!(found));
        self.log("search", json!({"input": query, "found": found}));
        self.leave_found(&node.name, answer.as_deref().unwrap_or_default(), best);
        if found {
            return Ok(Then::Next);
        }
        if self.model.data().faqs.is_empty() {
            self.log("skipped", json!({"cause": "the app has no questions to answer from"}));
        }
        if search.says && self.happened.insert("search without an answer") {
            return Ok(self.fall_back().await);
        }
        Ok(Then::Next)
    }

    /// Whether the app's own texts may answer a message that means nothing else: one of them does, or a model may word an
    /// answer from those that are alike.
    pub(crate) fn could_answer(&mut self, text: &str) -> bool {
        if self.bot.events.answer.is_none() {
            return false;
        }
        let least = if self.can_ask(FEATURE, "") { LEAST_LIKENESS } else { f32::INFINITY };
        self.hits(text).iter().any(|hit| hit.answers || hit.likeness >= least)
    }

    /// Lets the app answer from its own texts. Whether it has an event for that.
    pub(crate) async fn answer_from_texts(&mut self) -> bool {
        let bot = self.bot;
        let Some(event) = bot.events.answer.as_ref().filter(|event| !event.what.is_nothing()) else { return false };
        self.let_happen_about(event, "generate_answer", &[], &[]).await;
        true
    }

    /// What the user said last.
    fn last_words(&mut self) -> String {
        if !self.said.is_empty() {
            return self.said.clone();
        }
        self.see_variables();
        let kept = self.scope().condition_path("context.userInputs.originalInput.sentence");
        kept.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Questions that are like what is searched, the likest first; those whose answers are texts.
    fn hits(&mut self, query: &str) -> Vec<Hit> {
        if query.trim().is_empty() || self.model.data().faqs.is_empty() {
            return Vec::new();
        }
        let understood = self.understand(query);
        let dialogs = self.running_dialogs();
        let state = nlu::State { dialogs: &dialogs, context_tags: &self.state.tags, small_talk: None };
        let data = self.model.data();
        let enough = data.thresholds.faq.answer;
        let looks = self.model.questions_considered(&understood, state);
        let hits = looks.into_iter().map(|look| Hit {
            place: look.faq,
            likeness: look.likeness,
            answers: look.qualifies && f64::from(look.likeness) * 100.0 >= enough,
        });
        hits.filter(|hit| matches!(data.faqs[hit.place].answer, Answer::Message { .. })).collect()
    }

    /// The answer as a model words it from the texts that were found, and from nothing else: `Some(None)` where they have
    /// none, `None` where there is no model, or it fails.
    async fn worded(&mut self, node: &Node, search: &Search, query: &str, hits: &[Hit]) -> Option<Option<String>> {
        let mut texts = Vec::new();
        for hit in hits.iter().filter(|hit| hit.likeness >= LEAST_LIKENESS).take(MOST_TEXTS) {
            let answer = self.text_of(hit.place);
            if !answer.is_empty() {
                texts.push(format!("Question: {}\nAnswer: {answer}", self.model.data().faqs[hit.place].question.text));
            }
        }
        if texts.is_empty() || !self.can_ask(FEATURE, "") {
            return None;
        }
        let system = format!(
            "Answer the user's question from the texts below and from nothing else, in the language with the code \"{}\". \
             Where they do not answer it, say {NO_ANSWER} and nothing else.\n\n{}",
            self.state.language,
            texts.join("\n\n")
        );
        let prompt = Prompt {
            name: node.name.clone(),
            prompt: query.to_owned(),
            system,
            model: ModelChoice { temperature: Some(0.0), timeout_s: search.timeout_s, ..ModelChoice::default() },
            ..Prompt::default()
        };
        match self.ask_model(FEATURE, prompt).await {
            Ok(generated) => {
                let text = generated?.text.trim().to_owned();
                Some((!text.is_empty() && !text.contains(NO_ANSWER)).then_some(text))
            }
            Err(fault) => {
                // A search fails no task: the question's own answer is there.
                self.log("generated", json!({"error": fault.message}));
                None
            }
        }
    }

    /// The answer of a question as plain text; nothing where a script would make it.
    fn text_of(&self, place: usize) -> String {
        let Answer::Message { answer, .. } = &self.model.data().faqs[place].answer else { return String::new() };
        let entries: Vec<Value> = serde_json::from_str(answer).unwrap_or_default();
        let plain = entries.iter().filter(|entry| !matches!(entry["type"].as_str(), Some("advance" | "uxmap")));
        plain.filter_map(|entry| entry["text"].as_str()).collect::<Vec<_>>().join("\n")
    }

    async fn say_answer_of(&mut self, place: usize) -> bool {
        let model = self.model;
        let Answer::Message { answer, .. } = &model.data().faqs[place].answer else { return false };
        let entries: Vec<Value> = serde_json::from_str(answer).unwrap_or_default();
        self.say_entries(&entries, Source::Dialog, false).await
    }

    fn leave_found(&mut self, name: &str, answer: &str, place: Option<usize>) {
        let mut response = json!({"answer": answer});
        if let Some(faq) = place.map(|place| &self.model.data().faqs[place]) {
            response["answer_payload"] = json!({"source": "faq", "id": faq.ref_id, "question": faq.question.text});
        }
        let request = format!("sr-{:016x}", self.seed());
        let found = json!({"response": response, "searchRequestId": request});
        let all = self.context_mut().entry("SearchAINode").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(all) = all {
            all.insert(name.to_owned(), found);
        }
    }

    /// Says what the bot says where nothing is understood, and goes on.
    async fn fall_back(&mut self) -> Then<'a> {
        let bot = self.bot;
        let before = self.out.replies.len();
        // In a task of the user's own, the task was understood.
        self.out.unidentified |= self.state.stack.first().is_some_and(|frame| frame.of_event);
        match bot.events.unidentified.as_ref().map(|event| &event.what) {
            Some(WhatToDo::Dialog(Some(place))) => {
                let dialog = bot.dialogs.get(*place).filter(|dialog| dialog.start.is_some());
                let dialog = dialog.filter(|it| self.state.stack.iter().all(|frame| frame.dialog != it.id));
                if let Some(dialog) = dialog {
                    return Then::Run { dialog, before: &[], replaces: false };
                }
            }
            Some(what @ (WhatToDo::Message(_) | WhatToDo::Script(_))) => self.let_happen(what, Source::Event).await,
            _ => {}
        }
        if self.out.replies.len() == before {
            self.say_standard(Condition::Unidentified, &[]).await;
        }
        Then::Next
    }
}
