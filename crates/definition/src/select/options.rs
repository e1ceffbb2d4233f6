//! What an export request asks for.

use serde_json::{Map, Value};
use thiserror::Error;

use crate::parts::{PartList, flag, member, string_list, unwrapped};

/// Why an export request cannot be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ExportOptionsError {
    /// `exportOptions` is there, but no word in it names a part. The vendor's text, which its own tests assert, is
    /// `Please select at least one component`.
    #[error("exportOptions selects nothing; name at least one task, nlpData or settings part, or leave it out")]
    NothingSelected,
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
    /// Experience flows: a part of a product this crate does not know, echoed only.
    pub experience_flows: Vec<String>,
}

impl SubTasks {
    /// Reads the wire object; absent or misshapen lists are empty.
    pub fn from_json(value: &Value) -> SubTasks {
        let names = |key: &str| member(value, key).map(string_list).unwrap_or_default();
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

impl ExportOptions {
    /// Reads the body of `POST /bot/{id}/export`. Letter case and a single string in place of a list do not matter,
    /// unknown words and members are ignored. `allTasks` needs no reading: it means that no task is filtered out, which
    /// is so whenever `subTasks` names none, and `subTasks` wins when it does.
    ///
    /// # Errors
    /// [`ExportOptionsError::NothingSelected`].
    pub fn from_json(body: &Value) -> Result<ExportOptions, ExportOptionsError> {
        let parts = match member(body, "exportOptions") {
            None | Some(Value::Null) => None,
            Some(options) => {
                let parts = PartList::from_json(&unwrapped(options));
                if parts.is_empty() {
                    return Err(ExportOptionsError::NothingSelected);
                }
                Some(parts)
            }
        };
        let sub_tasks = member(body, "subTasks").map(|value| SubTasks::from_json(&unwrapped(value)));
        Ok(ExportOptions {
            parts,
            sub_tasks: sub_tasks.unwrap_or_default(),
            custom_dashboards: flag(member(body, "customDashboards")),
            include_dependent_tasks: flag(member(body, "IncludeDependentTasks")),
            include_form_dependent_tasks: flag(member(body, "IncludeFormDependentTasks")),
        })
    }

    /// Whether the request leaves nothing out, so that the stored text is the export.
    pub fn is_full(&self) -> bool {
        self.parts.is_none() && self.sub_tasks.is_empty() && self.custom_dashboards != Some(false)
    }

    /// The `exportOptions` of an exported file: the selected parts, the tasks by id, the flags of the request.
    pub(super) fn echo(&self, parts: &PartList, sub_tasks: &SubTasks) -> Value {
        let mut members = parts.to_json();
        let mut tasks = Map::new();
        tasks.insert("dialogs".into(), sub_tasks.dialogs.clone().into());
        tasks.insert("alerts".into(), sub_tasks.alerts.clone().into());
        tasks.insert("actions".into(), sub_tasks.actions.clone().into());
        tasks.insert("forms".into(), sub_tasks.forms.clone().into());
        if !sub_tasks.experience_flows.is_empty() {
            tasks.insert("experienceFlows".into(), sub_tasks.experience_flows.clone().into());
        }
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
