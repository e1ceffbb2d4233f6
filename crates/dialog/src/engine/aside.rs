//! Answers that are no dialogs: questions of the knowledge graph, small talk.

use definition::nlp::Answer;
use serde_json::{Value, json};

use super::Engine;
use crate::bot::{Condition, Text};
use crate::host::Host;
use crate::reply::{Reply, Source};
use crate::turn::{Reason, TaskEnd};

impl<'a, H: Host> Engine<'a, H> {
    /// Answers a question. `aside` while a task waits.
    pub(crate) async fn answer_question(&mut self, place: usize, aside: bool) {
        let model = self.model;
        let faq = &model.data().faqs[place];
        self.log("faq", json!({"question": faq.question.text}));
        self.tell("resultsFound", json!(true));
        match &faq.answer {
            Answer::Dialog { dialog_ref } => match self.dialog(dialog_ref) {
                // A part of an export has dialogs that are names only.
                Some(dialog) if dialog.start.is_none() => self.say_standard(Condition::AnswerMissing, &[]).await,
                Some(dialog) if aside => drop(self.interrupt(dialog, "").await),
                Some(dialog) => self.begin(dialog, "").await,
                None => self.say_standard(Condition::AnswerMissing, &[]).await,
            },
            Answer::Message { answer, alternates } => {
                let answer: Vec<Value> = serde_json::from_str(answer).unwrap_or_default();
                let alternates: Vec<Vec<Value>> = serde_json::from_str(alternates).unwrap_or_default();
                // Most alternates are written for one channel: only what can be said here is drawn from.
                let mut variants: Vec<Vec<Value>> = std::iter::once(answer).chain(alternates).collect();
                variants.retain(|variant| !entries_for(variant, &self.at.channel).is_empty());
                let chosen = self.draw(variants.len());
                let said = match variants.get(chosen) {
                    Some(variant) => self.say_entries(variant, Source::Faq, false).await,
                    None => false,
                };
                if !said {
                    self.say_standard(Condition::AnswerMissing, &[]).await;
                }
                for term in &faq.question.path {
                    self.tag(&term.label);
                }
                if !aside {
                    let end = TaskEnd { dialog: String::new(), name: "FAQ".to_owned(), reason: Reason::Fulfilled };
                    self.out.ended.push(end);
                }
            }
        }
    }

    /// Answers small talk, and listens for what may follow it.
    pub(crate) async fn answer_small_talk(&mut self, place: usize) {
        let model = self.model;
        let talk = &model.data().small_talk[place];
        self.log("smallTalk", json!({"group": talk.group, "node": talk.node_id}));
        self.state.small_talk = Some(talk.node_id.clone());
        let said = self.host.think(self.said.len(), || model.small_talk_words(place, &self.said));
        let captured = said.into_iter().enumerate().map(|(at, words)| (format!("_{at}"), json!(words)));
        let captured: serde_json::Map<String, Value> = captured.collect();
        self.context_mut().insert("smallTalk".to_owned(), json!({"matchData": captured}));
        let replies: Vec<Value> = serde_json::from_str(&talk.replies).unwrap_or_default();
        self.say_entries(&replies, Source::SmallTalk, true).await;
    }

    /// Says entries of `{text, type, channel}` for the channel: all of them in order, or one of them.
    pub(crate) async fn say_entries(&mut self, entries: &[Value], source: Source, one: bool) -> bool {
        let mut chosen = entries_for(entries, &self.at.channel);
        if one && chosen.len() > 1 {
            chosen = vec![chosen[self.draw(chosen.len())]];
        }
        let mut said = false;
        for entry in chosen {
            let text = self.with_placeholders(entry["text"].as_str().unwrap_or_default(), &[]);
            let is_script = matches!(entry["type"].as_str(), Some("advance" | "uxmap"));
            let text = if is_script { Text::script(&text) } else { Text::plain(&text) };
            match self.content(&text).await {
                Ok(Some(content)) => {
                    said = true;
                    self.speak(Reply { content, ..Reply::text(source, "") });
                }
                Ok(None) => {}
                Err(fault) => {
                    self.log_fault(&fault);
                    self.say_standard(Condition::TaskFailure, &[]).await;
                    return true;
                }
            }
        }
        said
    }
}

/// The entries of `{text, type, channel}` that are said on a channel: its own, else those for all.
fn entries_for<'e>(entries: &'e [Value], channel: &str) -> Vec<&'e Value> {
    let of = |wanted: &str| -> Vec<&Value> {
        let is_filled = |entry: &&Value| entry["text"].as_str().is_some_and(|text| !text.trim().is_empty());
        let is_of = |entry: &&Value| entry["channel"].as_str().unwrap_or("default").eq_ignore_ascii_case(wanted);
        entries.iter().filter(is_filled).filter(is_of).collect()
    };
    let own = of(channel);
    if own.is_empty() { of("default") } else { own }
}
