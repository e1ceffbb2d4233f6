//! `nodeOptions` that several kinds of nodes have.

use serde_json::Value;

use super::interruption;
use super::lenient::{id, is_on, items, printed, text, words};
use crate::bot::Text;
use crate::node::{CustomTags, Options};

/// The options of a node.
pub(super) fn read(options: &Value) -> Options {
    let tags = &options["customTags"];
    Options {
        interruption: interruption::own(&options["interruptOptions"], &["task", "bot"]),
        intent_over_entity: text(&options["precedence"]) == "intentOverEntity",
        context_tags: items(&options["contextTags"]).iter().filter_map(tag).collect(),
        tags: CustomTags {
            message: pairs(&tags["message"]),
            session: pairs(&tags["session"]),
            user: pairs(&tags["user"]),
            alternative: items(&tags["altText"]).iter().filter_map(alternative).collect(),
        },
    }
}

/// Tags that are conditions, of a node and of its component.
pub(super) fn preconditions(node: &Value, component: &Value) -> Vec<String> {
    let mut conditions = words(&node["preConditions"]);
    for condition in words(&component["preConditions"]) {
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    conditions
}

/// Namespaces of a node and of its component, unless it sees what its dialog sees (`useTaskLevelNs`).
pub(super) fn namespaces(node: &Value, component: &Value) -> Vec<String> {
    let own = [node, component].into_iter().filter(|it| !is_on(&it["useTaskLevelNs"]));
    own.flat_map(|it| words(&it["vNameSpace"])).collect()
}

fn tag(element: &Value) -> Option<String> {
    let named = [&element["name"], &element["value"], &element["tag"]].into_iter().find_map(id);
    id(element).or(named).map(str::to_owned)
}

/// Names and values; rows without a name are left from a form that was not filled in.
fn pairs(list: &Value) -> Vec<(Text, Text)> {
    let rows = items(list).iter().filter(|row| id(&row["name"]).is_some());
    rows.map(|row| (Text::plain(text(&row["name"])), Text::plain(&printed(&row["value"])))).collect()
}

fn alternative(element: &Value) -> Option<Text> {
    let named = [&element["value"], &element["text"], &element["name"]].into_iter().find_map(id);
    id(element).or(named).map(Text::plain)
}
