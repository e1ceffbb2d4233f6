//! Detection by a language model, as apps of today have it (export-format-xo11.md §6.5): one question, whose answer counts
//! only as far as it names what can be meant here and now. Whatever goes wrong with it, the words alone decide.

mod verdict;

use nlu::Understanding;
use nlu::candidate::Target;
use serde_json::{Value, json};

use self::verdict::Verdict;
use super::Engine;
use super::detect::{Found, Meant};
use super::interaction::{self, Interaction};
use crate::host::{Host, Prompt};
use crate::node::ModelChoice;
use crate::state::Heard;

/// So many tasks a model chooses among, those first that the words speak for.
const MOST_TASKS: usize = 40;
/// So many questions a model chooses among, the likest first.
const MOST_QUESTIONS: usize = 8;
/// So many earlier messages a model is told; the platform's own number.
const MOST_HEARD: usize = 25;
/// So much of an earlier message a model is told. Characters.
const LONGEST_HEARD: usize = 200;
/// The feature that an app may switch off.
const FEATURE: &str = "dialogGPT";

/// Something a model may choose.
struct Candidate {
    /// How the model names it.
    id: String,
    /// What people call it.
    name: String,
    /// How it stands in the question.
    line: Value,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    Target(Target),
    Interaction(Interaction),
}

impl<'a, H: Host> Engine<'a, H> {
    /// The model that finds out what is meant, where the app has one do that and the server has one.
    fn detector(&self) -> Option<&'a ModelChoice> {
        let bot = self.bot;
        bot.detection.as_ref().filter(|choice| self.can_ask(FEATURE, &choice.integration))
    }

    /// What a message means by the model. `None` where none is asked: there is none, or the words leave no doubt; and where
    /// it gives no usable answer.
    pub(crate) async fn find_by_model(&mut self, text: &str, understood: &Understanding) -> Option<Found<'a>> {
        let choice = self.detector()?;
        if understood.is_beyond_doubt() || interaction::said_in(text).is_some() || self.is_command(text) {
            return None;
        }
        let candidates = self.candidates(understood);
        let prompt = Prompt {
            name: FEATURE.to_owned(),
            system: self.detection_instructions(&candidates),
            prompt: self.hidden(text),
            model: ModelChoice { temperature: Some(0.0), ..choice.clone() },
            ..Prompt::default()
        };
        let generated = match self.ask_model(FEATURE, prompt).await {
            Ok(generated) => generated?,
            Err(fault) => {
                self.log("generated", json!({"error": format!("the model that finds tasks: {}", fault.message)}));
                return None;
            }
        };
        let names: Vec<[&str; 2]> = candidates.iter().map(|it| [it.id.as_str(), it.name.as_str()]).collect();
        let verdict = verdict::read(&generated.text, &names);
        let found = verdict.as_ref().and_then(|verdict| self.found_by(verdict, &candidates, text));
        let chosen: Vec<&str> =
            verdict.iter().flat_map(Verdict::choices).map(|at| candidates[at].name.as_str()).collect();
        match (&verdict, &found) {
            (Some(verdict), Some(_)) => {
                let told =
                    json!({"input": self.hidden(text), "outcome": verdict.name(), "by": "model", "chosen": chosen});
                self.log("understood", told);
            }
            _ => self
                .log("generated", json!({"error": "the model that finds tasks names nothing that can be meant here"})),
        }
        found
    }

    /// Remembers what was said and what it was taken for, for the model that finds out about the next message.
    pub(crate) fn note_heard(&mut self, text: &str, meant: &Meant<'a>) {
        if self.detector().is_none() {
            return;
        }
        let (language, default_language) = (&self.state.language, &self.bot.default_language);
        let meant = match meant {
            Meant::Task(dialog) => dialog.name(language, default_language).to_owned(),
            Meant::Faq(place) => self.target_name(Target::Faq(*place)),
            _ => String::new(),
        };
        let said = self.hidden(text).chars().take(LONGEST_HEARD).collect();
        let surplus = (self.state.heard.len() + 1).saturating_sub(MOST_HEARD);
        self.state.heard.drain(..surplus);
        self.state.heard.push(Heard { said, meant });
    }

    /// What can be meant here and now: tasks that users ask for, sub-intents of what runs, questions that are alike, and
    /// what may be said about the conversation.
    fn candidates(&mut self, understood: &Understanding) -> Vec<Candidate> {
        let dialogs = self.running_dialogs();
        let state = nlu::State { dialogs: &dialogs, context_tags: &self.state.tags, small_talk: None };
        let (model, data) = (self.model, self.model.data());
        let mut candidates = Vec::new();
        for (number, place) in model.within_reach(understood, state).into_iter().take(MOST_TASKS).enumerate() {
            let intent = &data.intents[place];
            if dialogs.contains(&intent.dialog_id) && intent.scopes.is_empty() {
                continue;
            }
            let (id, name) = (format!("t{}", number + 1), self.target_name(Target::Intent(place)));
            let mut line = json!({"id": id, "task": name});
            if !intent.descriptions.is_empty() {
                line["about"] = json!(intent.descriptions.join(" "));
            }
            candidates.push(Candidate { id, name, line, what: What::Target(Target::Intent(place)) });
        }
        let alike = model.questions_considered(understood, state).into_iter().map(|look| look.faq);
        let mut questions: Vec<usize> = Vec::new();
        for place in alike.chain(0..data.faqs.len()) {
            if questions.len() < MOST_QUESTIONS && !questions.contains(&place) {
                questions.push(place);
            }
        }
        for (number, place) in questions.into_iter().enumerate() {
            let (id, name) = (format!("q{}", number + 1), data.faqs[place].question.text.clone());
            let line = json!({"id": id, "question": name});
            candidates.push(Candidate { id, name, line, what: What::Target(Target::Faq(place)) });
        }
        for interaction in self.possible_interactions() {
            let (id, about) = (interaction.name().to_owned(), interaction.about());
            let line = json!({"id": id, "about the conversation": about});
            candidates.push(Candidate { name: id.clone(), id, line, what: What::Interaction(interaction) });
        }
        candidates
    }

    /// What the model is told.
    fn detection_instructions(&self, candidates: &[Candidate]) -> String {
        let mut told = vec!["You find out what the user of a chat bot means with a message.".to_owned()];
        let lines: Vec<String> = candidates.iter().map(|candidate| candidate.line.to_string()).collect();
        told.push(format!("These can be meant, and nothing else:\n{}", lines.join("\n")));
        let waits = self.place().map(|(dialog, node)| {
            json!({"task": dialog.name(&self.state.language, &self.bot.default_language), "waits for": node.name})
        });
        if let Some(waits) = &waits {
            told.push(format!("The bot is in the middle of something: {waits}"));
        }
        let heard: Vec<String> = self
            .state
            .heard
            .iter()
            .map(|heard| json!({"user": heard.said, "meant": heard.meant}).to_string())
            .collect();
        if !heard.is_empty() {
            told.push(format!("What the user said before, the latest last:\n{}", heard.join("\n")));
        }
        let mut kinds = vec![
            "\"single_intent\": one of them is meant",
            "\"multiple_intents\": several are to be done, in the order of execution_plan",
            "\"ambiguous_intents\": one of several is meant, and it is not clear which",
            "\"none\": nothing of this",
        ];
        if self.bot.events.answer.is_some() {
            kinds.push("\"generate_answer\": a question about the bot's own subject that is not in the list");
        }
        if waits.is_some() {
            kinds.push("\"continue\": the message answers what the bot waits for");
        }
        told.push(format!(
            "Answer with one JSON object and nothing else: {{\"fulfillment_type\": \"...\", \"winning_intents\": [ids], \
             \"execution_plan\": [ids]}}. Name ids of the list only. fulfillment_type is one of\n{}",
            kinds.join("\n")
        ));
        told.join("\n\n")
    }

    /// What follows from a verdict; `None` where it says what cannot be.
    fn found_by(&self, verdict: &Verdict, candidates: &[Candidate], text: &str) -> Option<Found<'a>> {
        let target = |at: &usize| match candidates[*at].what {
            What::Target(target) => Some(target),
            What::Interaction(_) => None,
        };
        let mut tasks = Vec::new();
        let meant = match verdict {
            Verdict::One(at) => match candidates[*at].what {
                What::Target(target) => self.meant_by(target),
                What::Interaction(interaction) => Meant::Interaction(interaction),
            },
            Verdict::Several(all) => {
                tasks = all.iter().filter_map(target).map(|target| (target, text.to_owned())).collect();
                let first = tasks.iter().find(|(target, _)| matches!(target, Target::Intent(_)));
                self.meant_by(first.or_else(|| tasks.first())?.0)
            }
            Verdict::Which(all) => match all.iter().filter_map(target).collect::<Vec<_>>().as_slice() {
                [] => return None,
                [only] => self.meant_by(*only),
                several => Meant::Which(several.to_vec()),
            },
            Verdict::Search => {
                self.bot.events.answer.as_ref()?;
                Meant::Search
            }
            Verdict::Continue => {
                self.place()?;
                Meant::Nothing
            }
            Verdict::Nothing => Meant::Nothing,
        };
        Some(Found { meant, tasks, understood: None })
    }
}
