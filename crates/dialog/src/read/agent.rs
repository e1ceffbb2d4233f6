//! The agent node (`aiassist`), its tools, and what an app lets models do.

use std::collections::HashMap;

use definition::Document;
use definition::texts::unescape_html;
use serde_json::{Value, json};

use super::findings::Findings;
use super::lenient::{count, flag, id, is_on, items, text};
use super::model;
use super::nodes::{self, Around};
use super::parts::member;
use super::texts::{script, stored};
use crate::bot::Text;
use crate::node::{Agent, AgentEntity, Kind, OnModelFailure, Tool};

/// Rounds of an agent where its author says nothing.
const MOST_ROUNDS: u32 = 10;
/// How long a round may take where its author says nothing. Seconds.
const TIMEOUT_S: u32 = 30;

/// An agent node; one that collects nothing is skipped.
pub(super) fn agent(node: &Value, component: &Value, around: &Around<'_>, findings: &mut Findings) -> Kind {
    let generative = &component["generativeAI"];
    let config = &generative["dynamicEntityConfig"];
    let named = items(&config["dynamicEntities"]).iter().filter_map(|it| Some((id(&it["name"])?, it)));
    let entities: Vec<AgentEntity> = named
        .map(|(name, it)| AgentEntity { name: name.to_owned(), entity_type: text(&it["type"]).to_owned() })
        .collect();
    findings.add(if entities.is_empty() {
        "the agent node asks a language model and collects nothing: where no model is configured, it is skipped"
    } else {
        "the agent node is led by a language model: where none is configured, it asks for its values one by one"
    });
    let retry = &node["nodeOptions"]["eventOptions"]["defaultMaxRetry"];
    let jumps = text(&retry["action"]) == "executeNode";
    let system = [&config["systemContext"], &config["system_context"]].into_iter().find_map(id).unwrap_or_default();
    let is_custom = is_on(&config["isCustom"]);
    Kind::Agent(Box::new(Agent {
        entities,
        system: free(system),
        rules: texts(&config["rules"]),
        exits: texts(&config["exitScenarios"]),
        model: model::choice(config, component, TIMEOUT_S),
        before: script(&generative["preProcessorScript"]),
        after: script(&generative["postProcessorScript"]),
        most_rounds: count(&retry["retry_limit"]).filter(|limit| *limit > 0).unwrap_or(MOST_ROUNDS).min(25),
        rounds_target: id(&retry["ref"]).filter(|_| jumps).map(str::to_owned),
        executes_intent: text(&node["nodeOptions"]["inputHandlingOptions"]) == "executeIntent",
        on_failure: on_failure(&config["fallbackBehavior"], around),
        tools: if is_custom { tools(node, around, findings) } else { Vec::new() },
    }))
}

/// Texts for a model; what looks like code in them stays text.
fn texts(list: &Value) -> Vec<Text> {
    items(list).iter().filter_map(id).map(free).collect()
}

fn free(written: &str) -> Text {
    Text::plain(&unescape_html(written))
}

fn on_failure(written: &Value, around: &Around<'_>) -> OnModelFailure {
    let target = ["ref", "node", "nodeId", "executeNode"].iter().find_map(|member| id(&written[*member]));
    match (text(&written["onLLMFail"]).to_ascii_lowercase().as_str(), target) {
        ("" | "failevent", _) => OnModelFailure::Fail,
        (_, Some(target)) if around.nodes.contains_key(target) => OnModelFailure::Go(target.to_owned()),
        (choice, _) if choice.starts_with("end") => OnModelFailure::End,
        _ => OnModelFailure::Fail,
    }
}

/// The tools that stand at a node, by the app's list of tools; what one of them does are components.
fn tools(node: &Value, around: &Around<'_>, findings: &mut Findings) -> Vec<Tool> {
    let mut found = Vec::new();
    for instance in items(&node["toolInstances"]) {
        let Some(ref_id) = id(&instance["toolRefId"]) else { continue };
        let Some(tool) = around.parts.tools.iter().find(|tool| id(&tool["refId"]) == Some(ref_id)) else {
            findings.add(format!("the tool {ref_id} is not in the app: the model is not offered it"));
            continue;
        };
        let actions = items(&tool["tool_actions"]).iter().filter_map(|action| id(&action["action_id"]));
        let actions = actions.map(|action| {
            let component = around.parts.component(action);
            let node = json!({"nodeId": action, "type": component["type"], "componentId": component["_id"]});
            let kind = nodes::step(&node, component, around, findings);
            nodes::built(&node, component, kind, &HashMap::new(), &mut Findings::default())
        });
        found.push(Tool {
            name: text(&tool["tool_name"]).to_owned(),
            description: stored(&tool["desc"]),
            actions: actions.collect(),
            parameters: parameters(&tool["params"]),
            answer: text(&tool["resp_path"]).to_owned(),
        });
    }
    found
}

fn parameters(written: &Value) -> Value {
    let mut schema = json!({"type": "object", "properties": {}, "required": []});
    for parameter in items(written) {
        let Some(name) = id(&parameter["name"]) else { continue };
        let kind = match text(&parameter["type"]).to_ascii_lowercase().as_str() {
            "boolean" => "boolean",
            "integer" => "integer",
            _ => "string",
        };
        schema["properties"][name] = json!({"type": kind, "description": text(&parameter["desc"])});
        if is_on(&parameter["isRequired"])
            && let Value::Array(required) = &mut schema["required"]
        {
            required.push(json!(name));
        }
    }
    schema
}

/// The features of models that an app has switched off. Nothing else is read of `llmConfiguration`: the keys in it are
/// nobody's business here.
pub(super) fn features_off(definition: &Document) -> Vec<String> {
    let configuration = member(definition, "llmConfiguration");
    let features = items(&configuration).iter().flat_map(|it| items(&it["featureList"]));
    let off = features.filter(|feature| flag(&feature["enable"]) == Some(false));
    off.filter_map(|feature| id(&feature["name"])).map(str::to_owned).collect()
}
