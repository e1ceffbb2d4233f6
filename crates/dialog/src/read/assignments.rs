//! Values that are set when a dialog is called, when it returns, and by logic nodes.

use definition::texts::decode;
use serde_json::Value;

use super::findings::Findings;
use super::lenient::{id, items, members, printed};
use crate::bot::Text;
use crate::node::Assignment;

/// Members in which lists of assignments name what is set.
const PATHS: [&str; 5] = ["path", "key", "context", "variable", "name"];

/// A map of paths to values, as JSON or as a text of JSON; or a list of `{key, value}`. `member` is its name in messages.
pub(super) fn read(map: &Value, member: &str, findings: &mut Findings) -> Vec<Assignment> {
    let Value::String(json) = map else { return listed(map) };
    if json.trim().is_empty() {
        return Vec::new();
    }
    match serde_json::from_str::<Value>(&decode(json).0) {
        Ok(map) => listed(&map),
        Err(error) => {
            findings.add(format!("the assignments in {member} are not readable as JSON ({error}): nothing is set"));
            Vec::new()
        }
    }
}

fn listed(map: &Value) -> Vec<Assignment> {
    let named = members(map).map(|(path, value)| (path.trim(), value));
    let in_list = items(map).iter().filter_map(|element| {
        let path = PATHS.iter().find_map(|member| id(&element[*member]))?;
        Some((path, &element["value"]))
    });
    let assignments = named.chain(in_list).filter(|(path, _)| !path.is_empty());
    assignments.map(|(path, value)| Assignment { path: path.to_owned(), value: assigned(value) }).collect()
}

/// `null` empties what it is assigned to, like the word.
fn assigned(value: &Value) -> Text {
    if value.is_null() { Text::plain("null") } else { Text::plain(&printed(value)) }
}
