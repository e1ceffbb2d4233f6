//! Nodes that call services, read data tables, or ask language models.

use serde_json::Value;

use super::findings::Findings;
use super::lenient::{id, is_on, items, members, printed, text, unquoted};
use super::model::{self, timeout};
use super::parts::Parts;
use super::texts::{script, stored};
use super::transitions::Named;
use crate::bot::Text;
use crate::node::{Generative, Kind, Search, Service, Table, Unconnected};

/// How long a service may take where its author says nothing. Seconds.
const SERVICE_TIMEOUT_S: u32 = 5;
/// How long a language model may take where its author says nothing. Seconds.
const MODEL_TIMEOUT_S: u32 = 10;
/// How long a search may take where its author says nothing. Seconds.
const SEARCH_TIMEOUT_S: u32 = 20;

/// A service node: a call, the use of a data table, or something that is not run.
pub(super) fn service(component: &Value, nodes: &Named, parts: &Parts, findings: &mut Findings) -> Kind {
    let payload = &component["payload"];
    let kind = text(&component["serviceNodeType"]);
    if kind.eq_ignore_ascii_case("datatable") || text(&payload["resource"]).eq_ignore_ascii_case("dataTable") {
        return Kind::Table(Box::new(table(component, findings)));
    }
    let sub_type = text(&component["subType"]);
    let pictures = |kind: &str| kind.to_ascii_lowercase().contains("toimage");
    if let Some(kind) = [kind, sub_type].into_iter().find(|kind| pictures(kind)) {
        let cause = format!("services of the kind '{kind}' are not run here");
        findings.add(format!("{cause}: the node is skipped, and its default way is taken"));
        return Kind::Unknown { kind: kind.to_owned(), cause };
    }
    let sample = sample(component);
    let addressed = ["path", "host"].iter().any(|part| id(&component["endPoint"][*part]).is_some());
    if !addressed && let Some(service) = unconnected(kind, component, findings) {
        return Kind::Unconnected(service);
    }
    let is_custom = kind.is_empty() || kind.eq_ignore_ascii_case("custom");
    if !component["endPoint"].is_object() && !is_custom && sample.is_none() {
        let cause = format!("services of the kind '{kind}' without an address are not run here");
        findings.add(format!("{cause}: the node is skipped, and its default way is taken"));
        return Kind::Unknown { kind: kind.to_owned(), cause };
    }
    if let Some(integration) = id(&component["integrationId"]) {
        findings.add(format!(
            "the service signs in through the integration '{integration}', whose credentials no export contains: it is \
             called without them"
        ));
    }
    let endpoint = &component["endPoint"];
    let body = Text::plain(&content(&payload["value"]));
    if crate::json_body::fills_strings(&body.pieces) {
        findings.fills_json(text(&component["name"]));
    }
    Kind::Service(Box::new(Service {
        method: method(endpoint),
        url: Text::plain(&url(endpoint)),
        headers: Text::plain(&content(&component["headers"]["value"])),
        body,
        timeout_s: timeout(component, SERVICE_TIMEOUT_S),
        auth: auth(component, parts, findings),
        sample,
        before: script(&component["preProcessor"]),
        after: script(&component["postProcessor"]),
        timeout_target: timeout_target(&component["timeOutError"], nodes),
    }))
}

/// A service of the platform, by its kind.
fn unconnected(kind: &str, component: &Value, findings: &mut Findings) -> Option<Unconnected> {
    Some(match kind.to_ascii_lowercase().as_str() {
        "smsservice" => {
            findings.add("text messages are not sent here: the node leaves the status FAILURE, and the dialog goes on");
            Unconnected::TextMessage
        }
        "csatservice" => Unconnected::Score,
        "feedback" => {
            let score = members(&component["payload"]["score"]);
            Unconnected::Feedback(score.map(|(field, node)| (field.clone(), printed(node))).collect())
        }
        _ => return None,
    })
}

/// A node that answers from what the bot knows.
pub(super) fn search(component: &Value, findings: &mut Findings) -> Kind {
    let search = &component["generativeAI"];
    if !search.is_object() {
        let cause = "the node does not say what it searches for".to_owned();
        findings.add(format!("{cause}: the node is skipped, and its default way is taken"));
        return Kind::Unknown { kind: "searchai".to_owned(), cause };
    }
    findings.add("the documents of the search index are in no export: the node answers from the questions of the app");
    let config = &search["searchConfig"];
    let is_custom = text(&config["type"]).eq_ignore_ascii_case("custom");
    Kind::Search(Box::new(Search {
        query: if is_custom { Text::plain(&stored(&config["query"])) } else { Text::default() },
        says: is_on(&search["resultConfig"]["answerSearch"]),
        timeout_s: timeout(component, SEARCH_TIMEOUT_S),
    }))
}

/// A language model node.
pub(super) fn generative(component: &Value) -> Generative {
    let generative = &component["generativeAI"];
    let settings = &generative["settings"];
    Generative {
        prompt: Text::plain(&stored(&generative["prompt"])),
        system: Text::plain(&stored(&settings["system_context"])),
        model: model::choice(settings, component, MODEL_TIMEOUT_S),
        before: script(&generative["preProcessorScript"]),
        after: script(&generative["postProcessorScript"]),
        sample: sample(component),
    }
}

fn table(component: &Value, findings: &mut Findings) -> Table {
    let payload = &component["payload"];
    let name = stored(&payload["name"]);
    let method = text(&payload["method"]).to_ascii_lowercase();
    if !matches!(method.as_str(), "insert" | "query" | "update" | "delete") {
        findings.add(format!("'{method}' is nothing that can be done with the data table '{name}': the task fails"));
    }
    let value = |value: &Value| Text::plain(&content(value));
    let query = &payload["query"];
    let conditions = items(&query["expressions"]).iter().filter(|it| id(&it["field"]).is_some());
    Table {
        name: Text::plain(&name),
        method,
        data: members(&payload["data"]).map(|(column, cell)| (column.clone(), value(cell))).collect(),
        conditions: conditions
            .map(|it| {
                let operand = id(&it["operand"]).unwrap_or("=").to_owned();
                (text(&it["field"]).to_owned(), operand, value(&it["value"]), text(&it["type"]).to_owned())
            })
            .collect(),
        any: text(&query["operator"]).eq_ignore_ascii_case("or"),
        skip: value(&payload["skip"]),
        limit: value(&payload["limit"]),
        sample: sample(component),
        before: script(&component["preProcessor"]),
        after: script(&component["postProcessor"]),
    }
}

/// A text, decoded; anything else as JSON. The builder writes `undefined` where there is nothing.
fn content(value: &Value) -> String {
    let written = if value.is_string() { stored(value) } else { printed(value) };
    if written == "undefined" { String::new() } else { written }
}

fn method(endpoint: &Value) -> String {
    id(&endpoint["method"]).unwrap_or("get").to_ascii_uppercase()
}

/// The address: protocol, host, port and path, or the path alone where it holds the whole address.
fn url(endpoint: &Value) -> String {
    let path = stored(&endpoint["path"]).trim().to_owned();
    let host = stored(&endpoint["host"]).trim().trim_end_matches('/').to_owned();
    let is_whole = ["http://", "https://"].iter().any(|scheme| path.to_ascii_lowercase().starts_with(scheme));
    if host.is_empty() || is_whole {
        return path;
    }
    let scheme = id(&endpoint["protocol"]).unwrap_or("https").trim_end_matches(['/', ':']).to_ascii_lowercase();
    let mut url = if host.contains("://") { host } else { format!("{scheme}://{host}") };
    let port = printed(&endpoint["port"]);
    if !port.trim().is_empty() {
        url.push(':');
        url.push_str(port.trim());
    }
    if !path.is_empty() && !path.starts_with(['/', '?', '#']) {
        url.push('/');
    }
    url + &path
}

/// The profile that is named; one that is not in the bot is kept, so that the call fails and says so.
fn auth(component: &Value, parts: &Parts, findings: &mut Findings) -> String {
    let Some(named) = id(&component["idp"]).filter(|named| !named.eq_ignore_ascii_case("none")) else {
        return String::new();
    };
    if let Some(known) = parts.profiles.get(named) {
        return known.clone();
    }
    findings.add(format!("the authorization profile '{named}' is not in the bot: the task fails at this node"));
    named.to_owned()
}

/// The recorded answer that counts as the default, else the first. Apps of today have it percent-encoded.
fn sample(component: &Value) -> Option<Value> {
    let samples = items(&component["sampleResponse"]);
    let default = samples.iter().find(|sample| is_on(&sample["isDefault"]));
    let response = &default.or_else(|| samples.first())?["response"];
    let blank = response.is_null() || response.as_str().is_some_and(|text| text.trim().is_empty());
    let decoded = || Value::String(stored(response));
    (!blank).then(|| unquoted(response).or_else(|| unquoted(&decoded())).unwrap_or_else(decoded))
}

/// Known exports only say whether the conversation is closed; a member that names a node of the dialog is followed.
fn timeout_target(settings: &Value, nodes: &Named) -> Option<String> {
    if is_on(&settings["closeConversation"]) {
        return None;
    }
    let named = ["ref", "node", "nodeId", "executeNode"].iter().find_map(|member| id(&settings[*member]))?;
    nodes.contains_key(named).then(|| named.to_owned())
}
