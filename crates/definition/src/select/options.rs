//! What an export request asks for.

use serde_json::{Map, Value};
use thiserror::Error;

use crate::finding::{Code, Finding, below, find_unknown_members, find_wrong_type, spelled_as_in};
use crate::ignored::IgnoredVariables;
use crate::parts::{Family, PartList, member, read_flag, read_names, unwrapped};

/// Why an export request cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ExportOptionsError {
    /// `exportOptions` is there, but no word in it names a part. The vendor's text, which its own tests assert, is
    /// `Please select at least one component`.
    #[error(
        "`exportOptions` selects nothing{cause}; name at least one part in `tasks`, `nlpData` or `settings`, or leave it out"
    )]
    NothingSelected {
        /// The JSON pointer into the request, as the request spells it.
        pointer: String,
        /// The first thing in it that is not known, in words; empty where there is nothing in it.
        cause: String,
    },
}

impl ExportOptionsError {
    fn nothing_selected(body: &Value, findings: &[Finding]) -> Self {
        let inside = findings.iter().find(|finding| finding.pointer.starts_with("/exportOptions"));
        let pointer = inside.map_or("/exportOptions", |finding| finding.pointer.as_str());
        let cause = inside.map(|finding| format!(". {}", finding.text.trim_end_matches('.')));
        Self::NothingSelected { pointer: spelled_as_in(body, pointer), cause: cause.unwrap_or_default() }
    }
}

/// What an export request asks for. The default asks for everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportOptions {
    /// The selected parts; `None` when the request has no `exportOptions`, which means everything.
    pub parts: Option<PartList>,
    /// The selected tasks. An empty list selects all tasks of its kind.
    pub sub_tasks: SubTasks,
    /// Whether custom dashboards are exported; `None` when the request does not say, which means yes.
    pub custom_dashboards: Option<bool>,
    /// Whether tasks that selected tasks need are exported too; `None` when the request does not say, which means no.
    pub include_dependent_tasks: Option<bool>,
    /// Whether dialogs that selected forms need are exported too; `None` means no.
    pub include_form_dependent_tasks: Option<bool>,
    /// Variables that are left out although `botVariables` or the content is exported.
    pub ignored_variables: IgnoredVariables,
}

/// Tasks by kind, as names, `_id`s or `refId`s.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubTasks {
    /// Dialogs.
    pub dialogs: Vec<String>,
    /// Alert tasks.
    pub alerts: Vec<String>,
    /// Action tasks.
    pub actions: Vec<String>,
    /// Digital forms.
    pub forms: Vec<String>,
    /// Experience flows of apps.
    pub experience_flows: Vec<String>,
}

impl SubTasks {
    /// Reads the wire object; absent or misshapen lists are empty.
    pub fn from_json(value: &Value) -> SubTasks {
        SubTasks::read(value, "", &mut Vec::new())
    }

    /// The same, and finds what cannot be read. `at` is the pointer of the object.
    pub(crate) fn read(value: &Value, at: &str, findings: &mut Vec<Finding>) -> SubTasks {
        const KNOWN: [&str; 5] = ["dialogs", "alerts", "actions", "forms", "experienceFlows"];
        if !value.is_object() {
            find_wrong_type(value, at, "an object of lists of names, such as {\"dialogs\": [\"Pay\"]}", findings);
        }
        find_unknown_members(value, at, &KNOWN, findings);
        let mut names = |key: &str| read_names(member(value, key), &below(at, key), findings);
        SubTasks {
            dialogs: names("dialogs"),
            alerts: names("alerts"),
            actions: names("actions"),
            forms: names("forms"),
            experience_flows: names("experienceFlows"),
        }
    }

    /// Whether no task is named.
    pub fn is_empty(&self) -> bool {
        let lists = [&self.dialogs, &self.alerts, &self.actions, &self.forms, &self.experience_flows];
        lists.iter().all(|list| list.is_empty())
    }
}

/// Members of the body of an export request.
const MEMBERS: [&str; 9] = [
    "exportType",
    "version",
    "exportOptions",
    "subTasks",
    "allTasks",
    "customDashboards",
    "IncludeDependentTasks",
    "IncludeFormDependentTasks",
    "options",
];

/// Members of the `exportOptions` in a file that a request has beside them.
const BESIDE: [&str; 6] =
    ["subTasks", "allTasks", "customDashboards", "IncludeDependentTasks", "IncludeFormDependentTasks", "options"];

impl ExportOptions {
    /// Reads the body of `POST /bot/{id}/export`. Letter case and a single string in place of a list do not matter,
    /// unknown words and members are ignored. `allTasks` selects nothing by itself: it means that no task is filtered
    /// out, which is so whenever `subTasks` names none, and `subTasks` wins when it does.
    ///
    /// # Errors
    /// [`ExportOptionsError::NothingSelected`].
    pub fn from_json(body: &Value) -> Result<ExportOptions, ExportOptionsError> {
        ExportOptions::read(body).map(|(options, _)| options)
    }

    /// The same, with what is ignored of the body.
    ///
    /// # Errors
    /// [`ExportOptionsError::NothingSelected`].
    pub fn read(body: &Value) -> Result<(ExportOptions, Vec<Finding>), ExportOptionsError> {
        let mut findings = Vec::new();
        find_unknown_members(body, "", &MEMBERS, &mut findings);
        let parts = match member(body, "exportOptions").map(unwrapped) {
            None | Some(Value::Null) => None,
            Some(options) => {
                let parts = PartList::read(&options, "/exportOptions", &BESIDE, &mut findings);
                if parts.is_empty() {
                    return Err(ExportOptionsError::nothing_selected(body, &findings));
                }
                if parts.has_any(Family::BotComponents) {
                    let text = "`botComponents` is a selection of imports, so it did nothing; remove it.";
                    findings.push(Finding::new("/exportOptions/botComponents", Code::NotApplied, text));
                }
                find_misplaced(&options, &mut findings);
                Some(parts)
            }
        };
        let sub_tasks =
            member(body, "subTasks").map(|value| SubTasks::read(&unwrapped(value), "/subTasks", &mut findings));
        let sub_tasks = sub_tasks.unwrap_or_default();
        let mut flag_of = |key: &str| read_flag(member(body, key), &format!("/{key}"), &mut findings);
        let all_tasks = flag_of("allTasks");
        let custom_dashboards = flag_of("customDashboards");
        let include_dependent_tasks = flag_of("IncludeDependentTasks");
        let include_form_dependent_tasks = flag_of("IncludeFormDependentTasks");
        let options = member(body, "options").map(unwrapped).unwrap_or_default();
        find_unknown_members(&options, "/options", &["botVariables"], &mut findings);
        let ignored_variables = IgnoredVariables::read(&options, "/options", &mut findings);
        find_idle_all_tasks(all_tasks, &sub_tasks, parts.as_ref(), &mut findings);
        let options = ExportOptions {
            parts,
            sub_tasks,
            custom_dashboards,
            include_dependent_tasks,
            include_form_dependent_tasks,
            ignored_variables,
        };
        Ok((options, findings))
    }

    /// Whether the request leaves nothing out, so that the stored text is the export.
    pub fn is_full(&self) -> bool {
        self.parts.is_none()
            && self.sub_tasks.is_empty()
            && self.custom_dashboards != Some(false)
            && self.ignored_variables.is_none()
    }

    /// The `exportOptions` of an exported file: the selected parts, the tasks by id, the flags of the request.
    ///
    /// Apps list their flows before the forms, also when there are none.
    pub(super) fn echo(&self, parts: &PartList, sub_tasks: &SubTasks, is_app: bool) -> Value {
        let mut members = parts.to_json();
        let mut tasks = Map::new();
        tasks.insert("dialogs".into(), sub_tasks.dialogs.clone().into());
        tasks.insert("alerts".into(), sub_tasks.alerts.clone().into());
        tasks.insert("actions".into(), sub_tasks.actions.clone().into());
        if is_app || !sub_tasks.experience_flows.is_empty() {
            tasks.insert("experienceFlows".into(), sub_tasks.experience_flows.clone().into());
        }
        tasks.insert("forms".into(), sub_tasks.forms.clone().into());
        members.insert("subTasks".into(), tasks.into());
        let flags = [
            ("IncludeDependentTasks", self.include_dependent_tasks),
            ("IncludeFormDependentTasks", self.include_form_dependent_tasks),
            ("customDashboards", self.custom_dashboards),
        ];
        for (name, value) in flags {
            if let Some(value) = value {
                members.insert(name.into(), value.into());
            }
        }
        Value::Object(members)
    }
}

/// Finds what stands inside `exportOptions`, as in a file, and belongs beside them in a request.
fn find_misplaced(options: &Value, findings: &mut Vec<Finding>) {
    for key in BESIDE {
        if member(options, key).is_some() {
            let text = format!("`{key}` did nothing inside `exportOptions`; write it beside them.");
            findings.push(Finding::new(format!("/exportOptions/{key}"), Code::NotApplied, text));
        }
    }
}

/// Finds an `allTasks` that says something else than what is done.
fn find_idle_all_tasks(
    all_tasks: Option<bool>,
    sub_tasks: &SubTasks,
    parts: Option<&PartList>,
    findings: &mut Vec<Finding>,
) {
    let has_tasks = parts.is_none_or(|parts| parts.has_any(Family::Tasks));
    let text = match all_tasks {
        Some(true) if !sub_tasks.is_empty() => {
            "`allTasks` did nothing, because `subTasks` names tasks; remove one of the two."
        }
        Some(true) if !has_tasks => {
            "`allTasks` did nothing, because `exportOptions.tasks` selects no kind of task; name `botTask` or others there."
        }
        Some(false) if sub_tasks.is_empty() && has_tasks => {
            "`allTasks` is false but `subTasks` names no task, so all tasks are exported; name those you want."
        }
        _ => return,
    };
    findings.push(Finding::new("/allTasks", Code::NotApplied, text));
}
