//! What an import into an existing bot asks for.

use serde_json::Value;

use crate::catalogue::list;
use crate::config::Config;
use crate::document::Document;
use crate::error::ShapeError;
use crate::finding::{Code, Finding, below, find_unknown_members, find_wrong_type};
use crate::ignored::IgnoredVariables;
use crate::parts::{PartList, member, read_flag, unwrapped};
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
    /// Variables that are not taken; the current bot keeps those it has.
    pub ignored_variables: IgnoredVariables,
    /// The pointer of `subTasks` in the request, inside `importOptions` or beside them.
    pub sub_tasks_at: String,
    /// The pointer of the `options` with `botVariables`.
    pub options_at: String,
}

/// What happens to rows (utterances, patterns) that the current bot has for an intent or entity of the incoming one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RowMode {
    /// What the platform does unless it is told: utterances of apps are added, everything else is replaced.
    #[default]
    Usual,
    /// They are replaced. This is also what a request means that asks for both.
    Replace,
    /// They stay; incoming rows are added unless they are there already.
    Append,
}

/// Members of the body that name files and the bot; the API reads them.
const OF_THE_API: [&str; 9] =
    ["botDefinition", "configInfo", "botFunctions", "icon", "uploadMode", "zipInfo", "name", "purpose", "color"];

/// Members that stand inside `importOptions` or beside them.
const INSIDE_OR_BESIDE: [&str; 8] = [
    "options",
    "subTasks",
    "allTasks",
    "IncludeDependentTasks",
    "IncludeFormDependentTasks",
    "storyBoardScenes",
    "customDashboard",
    "customDashboards",
];

impl ImportOptions {
    /// Reads the body of `POST /bot/{id}/import`. Form-encoded bodies give objects and flags as strings. `options`,
    /// `subTasks` and the flags may stand inside `importOptions` or beside it; inside wins. Unknown words and members
    /// are ignored, and so is `allTasks`: no named task means all of them. An empty `importOptions` says nothing, so
    /// it counts as absent.
    pub fn from_json(body: &Value) -> ImportOptions {
        ImportOptions::read(body).0
    }

    /// The same, with what is ignored of the body.
    pub fn read(body: &Value) -> (ImportOptions, Vec<Finding>) {
        let mut findings = Vec::new();
        let known: Vec<&str> = OF_THE_API.into_iter().chain(["importOptions"]).chain(INSIDE_OR_BESIDE).collect();
        find_unknown_members(body, "", &known, &mut findings);
        let inner = member(body, "importOptions").map(unwrapped).unwrap_or_default();
        let has_selection = inner.as_object().is_some_and(|members| !members.is_empty());
        let parts = if has_selection {
            Some(PartList::read(&inner, "/importOptions", &INSIDE_OR_BESIDE, &mut findings))
        } else {
            if !inner.is_object() {
                find_wrong_type(&inner, "/importOptions", "an object", &mut findings);
            }
            None
        };
        let request = Request { inner: &inner, body };
        let mut is_set = |key: &str| {
            let (value, at) = request.find(key)?;
            read_flag(Some(&value), &at, &mut findings)
        };
        let custom_dashboards = [is_set("customDashboard"), is_set("customDashboards")].contains(&Some(true));
        let include_dependent_tasks = is_set("IncludeDependentTasks") == Some(true);
        let all_tasks = is_set("allTasks");
        let include_form_dependent_tasks = is_set("IncludeFormDependentTasks") == Some(true);
        let scenes = request.find("storyBoardScenes");
        let story_board_scenes = match scenes {
            Some((Value::Object(_), _)) => true,
            Some((value, at)) => read_flag(Some(&value), &at, &mut findings) == Some(true),
            None => false,
        };
        let sub_tasks = request.find("subTasks").map(|(value, at)| SubTasks::read(&value, &at, &mut findings));
        let sub_tasks = sub_tasks.unwrap_or_default();
        if all_tasks == Some(true) && !sub_tasks.is_empty() {
            let text = "`allTasks` did nothing, because `subTasks` names tasks; remove one of the two.";
            findings.push(Finding::new(request.at("allTasks"), Code::NotApplied, text));
        }
        let (ignored_variables, options_at) = variables_to_ignore(&request, &mut findings);
        let options = ImportOptions {
            utterances: row_mode(&request, "utterances", &mut findings),
            patterns: row_mode(&request, "patterns", &mut findings),
            ignored_variables,
            parts,
            story_board_scenes,
            custom_dashboards,
            sub_tasks,
            include_dependent_tasks,
            sub_tasks_at: request.find("subTasks").map(|(_, at)| at).unwrap_or_default(),
            options_at,
        };
        match &options.parts {
            None => find_idle_without_selection(&request, &options, &mut findings),
            Some(parts) => {
                if include_form_dependent_tasks && !include_dependent_tasks {
                    let text = "`IncludeFormDependentTasks` did nothing: dialogs that a form needs are taken where the bot \
                                lacks them; `IncludeDependentTasks` takes those that it has, too.";
                    findings.push(Finding::new(request.at("IncludeFormDependentTasks"), Code::NotApplied, text));
                }
                if parts.is_empty() && !options.story_board_scenes && !options.custom_dashboards {
                    let text = "`importOptions` select nothing, so the import changes nothing; name at least one word of \
                                tasks, nlpData or settings, or leave them out to import everything.";
                    findings.push(Finding::new("/importOptions", Code::NothingSelected, text));
                }
            }
        }
        (options, findings)
    }

    /// Keys to ignore that neither the file nor the current bot has.
    ///
    /// # Errors
    /// A list of variables is not a list.
    pub fn unknown_variables(&self, holders: &[(&Document, &Config)]) -> Result<Vec<Finding>, ShapeError> {
        let mut findings = Vec::new();
        if self.ignored_variables.keys.is_empty() {
            return Ok(findings);
        }
        let mut variables = Vec::new();
        for (definition, config) in holders {
            variables.extend(list(definition, "contentVariables")?);
            variables.extend(list(config.document(), "envVariables")?);
        }
        self.ignored_variables.find_unknown(&variables, &self.options_at, &mut findings);
        Ok(findings)
    }

    /// What an import as a new bot ignores of its body: everything that selects.
    pub fn ignored_by_new_bots(body: &Value) -> Vec<Finding> {
        let mut findings = Vec::new();
        let known: Vec<&str> = OF_THE_API.into_iter().chain(["importOptions"]).chain(INSIDE_OR_BESIDE).collect();
        find_unknown_members(body, "", &known, &mut findings);
        for key in ["importOptions"].into_iter().chain(INSIDE_OR_BESIDE) {
            if member(body, key).is_some_and(says_something) {
                let text = format!("`{key}` did nothing: a new bot gets all of the file. Import into a bot to select.");
                findings.push(Finding::new(format!("/{key}"), Code::NotApplied, text));
            }
        }
        findings
    }
}

/// A body with the object inside it.
struct Request<'a> {
    inner: &'a Value,
    body: &'a Value,
}

impl Request<'_> {
    /// A member, inside or beside, with its pointer.
    fn find(&self, key: &str) -> Option<(Value, String)> {
        let value = member(self.inner, key).or_else(|| member(self.body, key))?;
        Some((unwrapped(value), self.at(key)))
    }

    fn at(&self, key: &str) -> String {
        if member(self.inner, key).is_some() { format!("/importOptions/{key}") } else { format!("/{key}") }
    }
}

/// The `options` of a request with their pointers: those inside count first.
fn options_of(request: &Request<'_>) -> Vec<(Value, &'static str)> {
    let holders = [(request.inner, "/importOptions/options"), (request.body, "/options")];
    let found = holders.into_iter().filter_map(|(holder, at)| Some((unwrapped(member(holder, "options")?), at)));
    found.collect()
}

/// The variables that are not to be taken, and where they are listed. Finds also what no `options` know.
fn variables_to_ignore(request: &Request<'_>, findings: &mut Vec<Finding>) -> (IgnoredVariables, String) {
    let mut found = None;
    for (options, at) in options_of(request) {
        if !options.is_object() {
            find_wrong_type(&options, at, "an object", findings);
        }
        find_unknown_members(&options, at, &["utterances", "patterns", "botVariables"], findings);
        if found.is_none() && member(&options, "botVariables").is_some() {
            found = Some((IgnoredVariables::read(&options, at, findings), at.to_string()));
        }
    }
    found.unwrap_or_default()
}

/// Finds what selects among parts in a request that selects no parts.
fn find_idle_without_selection(request: &Request<'_>, options: &ImportOptions, findings: &mut Vec<Finding>) {
    for key in ["subTasks", "IncludeDependentTasks", "IncludeFormDependentTasks", "storyBoardScenes"] {
        if request.find(key).is_some_and(|(value, _)| says_something(&value)) {
            let text = format!("`{key}` did nothing: without `importOptions` all of the file is imported.");
            findings.push(Finding::new(request.at(key), Code::NotApplied, text));
        }
    }
    find_idle_append(request, options, findings);
}

/// Finds rows that are to be added in a request that replaces everything.
fn find_idle_append(request: &Request<'_>, options: &ImportOptions, findings: &mut Vec<Finding>) {
    for (rows, mode) in [("utterances", options.utterances), ("patterns", options.patterns)] {
        if mode == RowMode::Append {
            let text =
                format!("`append` did nothing: without `importOptions` all {rows} are replaced by those of the file.");
            findings.push(Finding::new(format!("{}/{rows}/append", request.at("options")), Code::NotApplied, text));
        }
    }
}

/// Whether a value says more than "nothing": it is not null, false or empty, and neither is what it consists of.
fn says_something(value: &Value) -> bool {
    match unwrapped(value) {
        Value::Null => false,
        Value::Bool(flag) => flag,
        Value::Number(_) => true,
        Value::String(text) => !text.trim().is_empty() && !text.eq_ignore_ascii_case("false"),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(members) => members.values().any(says_something),
    }
}

/// `options.utterances: {append, replace}`. Real requests set both flags; replacing wins.
fn row_mode(request: &Request<'_>, rows: &str, findings: &mut Vec<Finding>) -> RowMode {
    for (options, at) in options_of(request) {
        let Some(mode) = member(&options, rows) else { continue };
        let at = below(at, rows);
        if !mode.is_object() {
            find_wrong_type(mode, &at, "an object such as {\"append\": true}", findings);
        }
        find_unknown_members(mode, &at, &["append", "replace"], findings);
        let mut is_set = |key: &str| read_flag(member(mode, key), &below(&at, key), findings) == Some(true);
        return match (is_set("append"), is_set("replace")) {
            (true, false) => RowMode::Append,
            (true, true) => {
                let text = format!("`append` did nothing, because `replace` is set too: {rows} are replaced.");
                findings.push(Finding::new(below(&at, "append"), Code::NotApplied, text));
                RowMode::Replace
            }
            (false, true) => RowMode::Replace,
            (false, false) => RowMode::Usual,
        };
    }
    RowMode::Usual
}
