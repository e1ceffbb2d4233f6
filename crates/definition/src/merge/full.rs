//! A full import into a bot: everything is replaced, but for the little that stays.
//!
//! Of an app that an app replaces these stay: flows that the file has not, and the integrations of language models, which
//! hold keys that nobody wants to type again. Of any bot: the variables that the request tells to ignore.

use serde_json::Value;

use super::flows::Flows;
use super::integrations::keep_integrations;
use super::options::ImportOptions;
use super::pairs::Renames;
use crate::catalogue::list;
use crate::config::Config;
use crate::document::Document;
use crate::edit::Edit;
use crate::error::ShapeError;
use crate::ignored::IgnoredVariables;
use crate::links::{rename, text, written_alike};
use crate::select::HASHES;
use crate::summary::is_app;

/// Whether a full import may keep something of the current bot. If not, the incoming text is the result.
pub fn keeps_something(current: &Document, incoming: &Document, options: &ImportOptions) -> bool {
    (is_app(current) && is_app(incoming)) || !options.ignored_variables.is_none()
}

/// The incoming text with what stays of the current bot.
pub(super) fn replaced(current: &Document, incoming: &Document, options: &ImportOptions) -> Result<String, ShapeError> {
    let mut edit = Edit::of(incoming);
    let mut is_changed = false;
    let mut set = |key: &str, before: &Value, after: Value| {
        if !written_alike(before, &after) {
            edit.set(key, &after);
            is_changed = true;
        }
    };
    if is_app(current) && is_app(incoming) {
        let flows = Flows::of(current, incoming, &ImportOptions::default())?;
        let mut renames = Renames::default();
        flows.add_renames(&mut renames);
        let mut all = flows.incoming.clone();
        for mut flow in flows.only_current().cloned() {
            rename(&mut flow, &renames.current);
            all.push(flow);
        }
        set("experienceFlows", &Value::Array(flows.incoming), Value::Array(all));
        if let (Some(own), Some(before)) = (current.decode("llmConfiguration")?, incoming.decode("llmConfiguration")?) {
            let mut models: Value = before;
            let before = models.clone();
            keep_integrations(&own, &mut models);
            set("llmConfiguration", &before, models);
        }
    }
    let ignored = &options.ignored_variables;
    if !ignored.is_none() {
        let before = list(incoming, "contentVariables")?;
        let after = keep_ignored(list(current, "contentVariables")?, before.clone(), |variable| {
            ignored.holds_content(variable)
        });
        set("contentVariables", &Value::Array(before), Value::Array(after));
    }
    if !is_changed {
        return Ok(incoming.text().to_string());
    }
    for hash in HASHES {
        edit.remove(hash);
    }
    Ok(edit.write())
}

/// The incoming configuration with the environment variables that stay.
pub(super) fn replaced_config(
    current: &Config,
    incoming: &Config,
    ignored: &IgnoredVariables,
) -> Result<String, ShapeError> {
    if ignored.is_none() {
        return Ok(incoming.text().to_string());
    }
    let before = list(incoming.document(), "envVariables")?;
    let own = list(current.document(), "envVariables")?;
    let after = keep_ignored(own, before.clone(), |variable| ignored.holds_environment(variable));
    if before == after {
        return Ok(incoming.text().to_string());
    }
    let mut edit = Edit::of(incoming.document());
    edit.set("envVariables", &Value::Array(after));
    Ok(edit.write())
}

/// The incoming variables, with the current ones in the places of those that are ignored, and behind them.
fn keep_ignored(current: Vec<Value>, incoming: Vec<Value>, is_ignored: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut kept: Vec<Value> = current.into_iter().filter(&is_ignored).collect();
    let mut variables = Vec::with_capacity(incoming.len() + kept.len());
    for variable in incoming {
        if !is_ignored(&variable) {
            variables.push(variable);
        } else if let Some(at) = kept.iter().position(|own| text(own, "key") == text(&variable, "key")) {
            variables.push(kept.remove(at));
        }
    }
    variables.extend(kept);
    variables
}
