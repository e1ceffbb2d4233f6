//! Every place of a definition where an author writes text for users, or JavaScript.

use serde_json::Value;

use crate::document::Document;
use crate::error::push_segment;
use crate::texts::{self, Encoding};

/// What the text at a place is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Shown to users, after its `{{…}}` templates have been filled in; also addresses, headers and payloads.
    Template,
    /// JavaScript; templates in it are filled in before it runs.
    Script,
    /// A standard response or another text with `<% … %>` code in it.
    Response,
}

/// A text an author wrote.
pub(crate) struct Written<'a> {
    /// JSON pointer.
    pub(crate) pointer: String,
    /// Which text of its element it is, for people: `message (en, rtm)`.
    pub(crate) place: String,
    /// What it is for.
    pub(crate) used_as: Use,
    /// The text, decoded.
    pub(crate) text: std::borrow::Cow<'a, str>,
    /// How it was stored.
    pub(crate) encoding: Encoding,
}

/// Calls `visit` for the texts of an element of `dialogComponents`.
pub(crate) fn in_component(component: &Value, pointer: &str, visit: &mut impl FnMut(Written<'_>)) {
    for member in ["message", "errorMessage", "submitMessage"] {
        in_messages(&component[member], &format!("{pointer}/{member}"), member, visit);
    }
    for member in ["script", "preProcessor", "postProcessor"] {
        stored(&component[member], format!("{pointer}/{member}"), member, Use::Script, visit);
    }
    for (parent, member) in [("endPoint", "path"), ("headers", "value"), ("payload", "value")] {
        let place = format!("{parent} {member}");
        stored(&component[parent][member], format!("{pointer}/{parent}/{member}"), &place, Use::Template, visit);
    }
    in_table_access(&component["payload"], &format!("{pointer}/payload"), visit);
    let generative = &component["generativeAI"];
    for (member, used_as) in
        [("prompt", Use::Template), ("preProcessorScript", Use::Script), ("postProcessorScript", Use::Script)]
    {
        stored(&generative[member], format!("{pointer}/generativeAI/{member}"), member, used_as, visit);
    }
}

/// The conditions and columns with which a service node reads or writes a data table.
fn in_table_access(payload: &Value, pointer: &str, visit: &mut impl FnMut(Written<'_>)) {
    for (at, expression) in payload["query"]["expressions"].as_array().into_iter().flatten().enumerate() {
        let pointer = format!("{pointer}/query/expressions/{at}/value");
        stored(&expression["value"], pointer, "table query", Use::Template, visit);
    }
    for (column, value) in payload["data"].as_object().into_iter().flatten() {
        let mut pointer = format!("{pointer}/data");
        push_segment(&mut pointer, column);
        stored(value, pointer, &format!("table column {column:?}"), Use::Template, visit);
    }
}

/// Calls `visit` for the messages and scripts of a bot event.
pub(crate) fn in_event(event: &Value, pointer: &str, visit: &mut impl FnMut(Written<'_>)) {
    in_messages(&event["msg"], &format!("{pointer}/msg"), "message", visit);
    // Events that start a dialog or show a message keep a "." here, or what was written before the author chose so.
    if !matches!(event["action"].as_str(), Some("triggerDialog" | "showMsg") | None) {
        stored(&event["script"], format!("{pointer}/script"), "script", Use::Script, visit);
    }
}

/// Calls `visit` for the answers to a question of the knowledge graph, which are stored raw.
pub(crate) fn in_question(question: &Value, pointer: &str, visit: &mut impl FnMut(Written<'_>)) {
    let answers = question["answer"].as_array().into_iter().flatten().enumerate();
    for (at, answer) in answers {
        in_answer(answer, format!("{pointer}/answer/{at}"), visit);
    }
    for (at, variants) in question["alternateAnswers"].as_array().into_iter().flatten().enumerate() {
        for (variant, answer) in variants.as_array().into_iter().flatten().enumerate() {
            in_answer(answer, format!("{pointer}/alternateAnswers/{at}/{variant}"), visit);
        }
    }
}

fn in_answer(answer: &Value, pointer: String, visit: &mut impl FnMut(Written<'_>)) {
    let Some(text) = answer["text"].as_str().filter(|text| !text.trim().is_empty()) else {
        return;
    };
    let is_script = matches!(answer["type"].as_str(), Some("advance" | "uxmap"));
    let used_as = if is_script { Use::Script } else { Use::Template };
    let place = format!("answer ({})", answer["channel"].as_str().unwrap_or("default"));
    visit(Written { pointer: pointer + "/text", place, used_as, text: text.into(), encoding: Encoding::Raw });
}

/// Calls `visit` for the texts of a standard response, which are stored raw.
pub(crate) fn in_standard_response(response: &Value, pointer: &str, visit: &mut impl FnMut(Written<'_>)) {
    let originals = response["Original Message"].as_array().into_iter().flatten();
    for (at, original) in originals.enumerate() {
        let pointer = format!("{pointer}/Original Message/{at}");
        raw(original, pointer, "message", Use::Response, visit);
    }
    for (at, map) in response["channelUXMaps"].as_array().into_iter().flatten().enumerate() {
        let place = format!("message ({})", map["channel"].as_str().unwrap_or("default"));
        let pointer = format!("{pointer}/channelUXMaps/{at}/botUXMap/uXMap");
        raw(&map["botUXMap"]["uXMap"], pointer, &place, Use::Response, visit);
    }
}

/// Calls `visit` for the script that runs for every message of the bot, if it is switched on.
pub(crate) fn in_settings(definition: &Document, visit: &mut impl FnMut(Written<'_>)) {
    let custom: Value = definition.decode("runCustomScript").ok().flatten().unwrap_or_default();
    if custom["enable"] == true {
        stored(&custom["script"], String::from("/runCustomScript/script"), "custom script", Use::Script, visit);
    }
}

/// Calls `visit` for a list of message entries. `uxmap` entries are JavaScript.
pub(crate) fn in_messages(messages: &Value, pointer: &str, name: &str, visit: &mut impl FnMut(Written<'_>)) {
    for (at, message) in messages.as_array().into_iter().flatten().enumerate() {
        let channel = message["channel"].as_str().unwrap_or("default");
        for (language, locale) in message["localeData"].as_object().into_iter().flatten() {
            let used_as = if locale["type"] == "uxmap" { Use::Script } else { Use::Template };
            let mut pointer = format!("{pointer}/{at}/localeData");
            push_segment(&mut pointer, language);
            let place = format!("{name} ({language}, {channel})");
            stored(&locale["text"], pointer + "/text", &place, used_as, visit);
        }
    }
}

/// A text that may be percent-encoded.
fn stored(value: &Value, pointer: String, place: &str, used_as: Use, visit: &mut impl FnMut(Written<'_>)) {
    if let Some(stored) = value.as_str().filter(|text| !text.trim().is_empty()) {
        let (text, encoding) = texts::decode(stored);
        visit(Written { pointer, place: place.to_owned(), used_as, text, encoding });
    }
}

/// A text that never is.
fn raw(value: &Value, pointer: String, place: &str, used_as: Use, visit: &mut impl FnMut(Written<'_>)) {
    if let Some(text) = value.as_str().filter(|text| !text.trim().is_empty()) {
        visit(Written { pointer, place: place.to_owned(), used_as, text: text.into(), encoding: Encoding::Raw });
    }
}
