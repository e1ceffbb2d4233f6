//! Flows of an app (`experienceFlows`, export-format-xo11.md §4).

use std::collections::HashMap;

use definition::{Document, ShapeError};
use serde_json::Value;

use super::findings::Findings;
use super::lenient::{id, is_on, items, printed, text};
use super::parts::{Parts, list};
use crate::bot::{Automation, Entry, Flow, FlowAct, FlowRule, FlowStep, Next, Text, Texts};

/// The flows that have a part in conversations on text channels.
#[derive(Default)]
pub(super) struct Flows {
    /// The one by which a conversation is entered.
    pub(super) entry: Option<Flow>,
    /// What is done where nobody takes a conversation over.
    pub(super) no_agents: Option<Flow>,
}

/// Reads the flows.
///
/// # Errors
/// `experienceFlows` is not a list.
pub(super) fn read(definition: &Document, parts: &Parts, findings: &mut Findings) -> Result<Flows, ShapeError> {
    let all = list(definition, "experienceFlows")?;
    let of_type = |wanted: &str| {
        let mut of_type: Vec<&Value> = all
            .iter()
            .map(|element| &element["callflowDefinition"])
            .filter(|flow| text(&flow["flowType"]) == wanted && text(&flow["source"]["type"]) == "chat")
            .collect();
        // Others are for channels of their own.
        of_type.sort_by_key(|flow| !is_on(&flow["isDefault"]));
        of_type.first().copied()
    };
    let (entry, no_agents) = (of_type("INBOUND"), of_type("NO_AGENTS"));
    let entry = entry.map(|flow| read_flow(flow, parts, findings));
    if let Some(flow) = entry.as_ref().filter(|flow| !flow.converses()) {
        findings.add(format!(
            "no step of the flow '{}' that is come to converses or hands over: what users say is understood without the flow",
            flow.name
        ));
    }
    Ok(Flows {
        entry,
        // It is only looked at for what it says.
        no_agents: no_agents.map(|flow| read_flow(flow, parts, &mut Findings::default())),
    })
}

/// A flow as it is read.
struct Reader<'a> {
    name: &'a str,
    places: HashMap<&'a str, usize>,
    messages: HashMap<&'a str, Texts>,
    parts: &'a Parts,
}

fn read_flow(flow: &Value, parts: &Parts, findings: &mut Findings) -> Flow {
    let steps = items(&flow["steps"]);
    let by_id = steps.iter().enumerate().filter_map(|(place, step)| Some((id(&step["_id"])?, place)));
    let messages = items(&flow["messages"]).iter().filter_map(|message| Some((id(&message["_id"])?, texts(message))));
    let reader = Reader { name: text(&flow["name"]), places: by_id.collect(), messages: messages.collect(), parts };
    let read: Vec<FlowStep> = steps.iter().map(|step| reader.step(step, findings)).collect();
    let start = steps.iter().position(|step| text(&step["type"]) == "start");
    Flow {
        id: text(&flow["_id"]).to_owned(),
        name: reader.name.to_owned(),
        start: start.or(if read.is_empty() { None } else { Some(0) }),
        steps: read,
    }
}

/// What a message says: one of its variants, in a language that is switched on.
fn texts(message: &Value) -> Texts {
    let variants = items(&message["messages"]).iter().map(|variant| {
        let mut locales: Vec<&Value> = items(&variant["locale"]).iter().collect();
        if locales.iter().any(|locale| is_on(&locale["isActive"])) {
            locales.retain(|locale| is_on(&locale["isActive"]));
        }
        // These texts are not percent-encoded.
        let texts = locales
            .into_iter()
            .map(|locale| (text(&locale["language"]).to_owned(), Text::plain(text(&locale["message"]))))
            .collect();
        Entry { channel: "default".to_owned(), texts }
    });
    Texts(variants.filter(|entry| entry.texts.iter().any(|(_, text)| !text.is_empty())).collect())
}

impl Reader<'_> {
    fn step(&self, step: &Value, findings: &mut Findings) -> FlowStep {
        let task = &step["taskDefinition"];
        let says = || id(&task["messageToUser"]).and_then(|id| self.messages.get(id)).cloned().unwrap_or_default();
        let act = match text(&step["type"]) {
            "start" => FlowAct::Pass { next: self.forward(step) },
            "split" => self.split(step),
            "messageprompt" => FlowAct::Prompt { says: says(), next: self.forward(step) },
            "uxoautomation" => FlowAct::Automation(Box::new(self.automation(step, says(), findings))),
            "agenttransfer" => {
                FlowAct::Transfer { says: says(), on_error: self.place(&task["onErrorConfig"]["nextStep"]) }
            }
            "endflow" => FlowAct::End { says: says() },
            other => {
                let next = self.forward(step);
                let then = if next.is_some() { "goes on where its success leads" } else { "is over there" };
                findings.add(format!(
                    "the step '{}' of the flow '{}' is of the type '{other}', which does not run here: the flow {then}",
                    text(&step["name"]),
                    self.name
                ));
                FlowAct::Pass { next }
            }
        };
        FlowStep { id: text(&step["_id"]).to_owned(), name: text(&step["name"]).to_owned(), act }
    }

    /// The step with this id; nothing for `dummy`, which stands where nothing is connected.
    fn place(&self, named: &Value) -> Next {
        id(named).and_then(|id| self.places.get(id)).copied()
    }

    /// Where a step leads when all went well.
    fn forward(&self, step: &Value) -> Next {
        let connections = items(&step["connections"]);
        let bad = ["onerror", "failure", "error", "onfailure"];
        let is_good = |it: &&Value| !bad.contains(&text(&it["name"]).to_ascii_lowercase().as_str());
        let connected = connections.iter().filter(is_good).find_map(|it| self.place(&it["nextStep"]));
        connected.or_else(|| self.place(&step["taskDefinition"]["onSuccess"]["nextStep"]))
    }

    fn split(&self, step: &Value) -> FlowAct {
        let mut rules = Vec::new();
        let mut otherwise = None;
        for rule in items(&step["rules"]) {
            let next = self.place(&rule["nextStep"]);
            if text(&rule["type"]) == "default" {
                otherwise = next;
                continue;
            }
            let left = text(&rule["lExp"]);
            if left.contains("context.branch.") {
                // It is about an error of the split itself; nothing in a split here can fail.
                continue;
            }
            let left = if left.contains("{{") { left.to_owned() } else { format!("{{{{{left}}}}}") };
            rules.push(FlowRule {
                left: Text::plain(&left),
                right: Text::plain(&printed(&rule["rExp"])),
                equal: !matches!(text(&rule["op"]), "!=" | "!==" | "neq"),
                next,
            });
        }
        FlowAct::Split { rules, otherwise }
    }

    fn automation(&self, step: &Value, says: Texts, findings: &mut Findings) -> Automation {
        let task = &step["taskDefinition"];
        let automation = &task["uxoautomation"];
        let mut starts = None;
        if text(&task["executionType"]) == "dialog" {
            starts = self.parts.dialog(&automation["refId"]).or_else(|| self.parts.dialog(&automation["taskRefId"]));
            starts = starts.or_else(|| self.parts.dialog_named(text(&automation["usecaseName"])));
            if starts.is_none() {
                findings.add(format!(
                    "the flow '{}' starts the dialog '{}', which is not in the bot: it waits for the user instead",
                    self.name,
                    text(&automation["usecaseName"])
                ));
            }
        }
        let next = |member: &str| self.place(&task[member]["nextStep"]);
        // Without another word, dialogs go on conversing after the first one.
        let leaves_on_success = !matches!(text(&automation["transitionType"]), "" | "onReturnAutomation");
        let leaves_on_failure = text(&automation["automationFailureType"]) == "goToNode";
        Automation {
            says,
            starts,
            on_transfer: next("onAgentTransfer"),
            on_return: next("onReturnAutomation"),
            on_success: next("onSuccess").filter(|_| leaves_on_success),
            on_failure: next("onFailure").filter(|_| leaves_on_failure),
        }
    }
}
