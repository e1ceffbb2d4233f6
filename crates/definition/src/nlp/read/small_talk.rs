//! Small talk.

use serde_json::Value;

use super::Locale;
use super::tolerant::{items, list, number, text};
use crate::document::Document;
use crate::error::ShapeError;
use crate::nlp::SmallTalk;
use crate::texts::unescape_html;

pub(super) fn read(definition: &Document, locale: &Locale) -> Result<Vec<SmallTalk>, ShapeError> {
    let mut found = Vec::new();
    for talk in list(definition, "smallTalk")?.iter().filter(|talk| locale.is_of(&talk["language"])) {
        for group in items(&talk["groups"]) {
            let mut nodes: Vec<&Value> = items(&group["nodes"]).iter().collect();
            // Exports list nodes in any order; `seq` is the one their author sees, and the first match counts.
            nodes.sort_by(|one, other| place(one).total_cmp(&place(other)));
            found.extend(nodes.into_iter().filter_map(|node| small_talk(node, text(&group["groupName"]))));
        }
    }
    Ok(found)
}

/// Place of a node in its group; those without one come last.
fn place(node: &Value) -> f64 {
    number(&node["seq"]).unwrap_or(f64::INFINITY)
}

fn small_talk(node: &Value, group: &str) -> Option<SmallTalk> {
    let said = items(&node["userUtterances"]).iter();
    let said = said.map(|one| one.as_str().unwrap_or_else(|| text(&one["text"])).trim()).filter(|one| !one.is_empty());
    let utterances: Vec<String> = said.map(|one| unescape_html(one).into_owned()).collect();
    if utterances.is_empty() {
        return None;
    }
    let id = [&node["nodeId"], &node["refId"]].map(text).into_iter().find(|id| !id.is_empty());
    let replies = &node["botUtterances"];
    Some(SmallTalk {
        node_id: id.unwrap_or_default().to_owned(),
        parent_id: text(&node["parentId"]).to_owned(),
        group: group.to_owned(),
        utterances,
        replies: if replies.is_array() { replies.to_string() } else { "[]".to_owned() },
    })
}
