//! What an import into an existing bot asks for.

use serde_json::Value;

use crate::parts::{PartList, flag, member, unwrapped};
use crate::select::SubTasks;

/// What an import into an existing bot asks for. The default asks for everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// The selected parts; `None` when the request has no `importOptions`, which means a full import.
    pub parts: Option<PartList>,
    /// What happens to the utterances of intents that the incoming bot has, too.
    pub utterances: RowMode,
    /// The same for patterns.
    pub patterns: RowMode,
    /// Whether all storyboard scenes are taken, not only those of taken dialogs.
    pub story_board_scenes: bool,
    /// Whether custom dashboards are taken.
    pub custom_dashboards: bool,
    /// The selected tasks. An empty list selects all tasks of its kind.
    pub sub_tasks: SubTasks,
    /// Whether tasks that taken ones need are taken although the current bot has them already.
    pub include_dependent_tasks: bool,
}

/// What happens to rows (utterances, patterns) that the current bot has for an intent or entity of the incoming one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RowMode {
    /// They are replaced. This is also what a request means that asks for both.
    #[default]
    Replace,
    /// They stay; incoming rows are added unless they are there already.
    Append,
}

impl ImportOptions {
    /// Reads the body of `POST /bot/{id}/import`. Form-encoded bodies give objects and flags as strings. `options`,
    /// `subTasks` and the flags may stand inside `importOptions` or beside it; inside wins. Unknown words and members
    /// are ignored, and so is `allTasks`: no named task means all of them. An empty `importOptions` says nothing, so
    /// it counts as absent.
    pub fn from_json(body: &Value) -> ImportOptions {
        let inner = member(body, "importOptions").map(unwrapped).unwrap_or_default();
        let says_something = inner.as_object().is_some_and(|members| !members.is_empty());
        let find = |key: &str| member(&inner, key).or_else(|| member(body, key)).map(unwrapped);
        let is_set = |key: &str| find(key).is_some_and(|value| flag(Some(&value)) == Some(true));
        let scenes = find("storyBoardScenes");
        ImportOptions {
            parts: says_something.then(|| PartList::from_json(&inner)),
            utterances: row_mode(&inner, body, "utterances"),
            patterns: row_mode(&inner, body, "patterns"),
            story_board_scenes: scenes.is_some_and(|value| value.is_object() || flag(Some(&value)) == Some(true)),
            custom_dashboards: is_set("customDashboard") || is_set("customDashboards"),
            sub_tasks: find("subTasks").map(|value| SubTasks::from_json(&value)).unwrap_or_default(),
            include_dependent_tasks: is_set("IncludeDependentTasks"),
        }
    }
}

/// `options.utterances: {append, replace}`. Real requests set both flags; replacing wins.
fn row_mode(inner: &Value, body: &Value, rows: &str) -> RowMode {
    for holder in [inner, body] {
        let options = member(holder, "options").map(unwrapped).unwrap_or_default();
        let Some(mode) = member(&options, rows) else { continue };
        let replaces = flag(member(mode, "replace")) == Some(true);
        let appends = flag(member(mode, "append")) == Some(true);
        return if appends && !replaces { RowMode::Append } else { RowMode::Replace };
    }
    RowMode::Replace
}
