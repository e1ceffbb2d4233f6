//! The scopes of the public API: one table of what exists, what it is called, and which kind of app may hold it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::AppKind;

/// A permission an app may hold. Routes name these constants and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
#[expect(missing_docs, reason = "the table below says of each what it is called and who may hold it")]
pub enum Scope {
    BotImport,
    BotExport,
    BotCreate,
    PublishRequest,
    PublishStatus,
    TrainMl,
    TrainFaq,
    MlImport,
    MlExport,
    NlpConfigurations,
    IntentDetection,
    BatchTestExecution,
    BatchTestManagement,
    ChatHistory,
    BotSessions,
    BillingSessions,
    ChangeLogs,
    AdminAuditLogs,
    VariablesImport,
    VariablesExport,
    DebugLogs,
    Metrics,
    UserEngagement,
    CustomDashboards,
    KnowledgeGraph,
    KnowledgeGraphExport,
    UpdateFaqsAdmin,
    UpdateFaqs,
    ChannelManagement,
    ProactiveMessages,
    RoleManagement,
    UserManagement,
    DeleteUserData,
    BotKit,
    MasterAdmin,
    RcsOptin,
    LinkExternalBots,
    Process,
    AnonymousChat,
    Registration,
}

/// Which kinds of app may hold a scope.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holders {
    Admin,
    Builder,
    Both,
}

struct Row {
    scope: Scope,
    id: &'static str,
    name: &'static str,
    holders: Holders,
}

const fn row(scope: Scope, id: &'static str, name: &'static str, holders: Holders) -> Row {
    Row { scope, id, name, holders }
}

/// One row per scope, in the order of [`Scope`]. The ids are the original's own, irregular ones included.
const TABLE: [Row; 40] = {
    use Holders::{Admin, Both, Builder};
    use Scope as S;
    [
        row(S::BotImport, "bot_definition:bot_import", "Bot Import", Admin),
        row(S::BotExport, "bot_definition:bot_export", "Bot Export", Both),
        row(S::BotCreate, "bot_definition:bot_create", "Bot Create", Admin),
        row(S::PublishRequest, "bot_publish:publish_request", "Publish", Admin),
        row(S::PublishStatus, "bot_publish:publish_status", "Publish Status", Admin),
        row(S::TrainMl, "test_and_train:ml", "Train ML", Both),
        row(S::TrainFaq, "test_and_train:faq", "Train FAQ", Both),
        row(S::MlImport, "test_and_train:ml_import", "Utterances Import", Both),
        row(S::MlExport, "test_and_train:ml_export", "Utterances Export", Both),
        row(S::NlpConfigurations, "nlp_configurations:nlp_configurations", "NLP Configurations", Both),
        row(S::IntentDetection, "intent_entity:detection", "Intent and Entity Detection", Both),
        row(S::BatchTestExecution, "batchtest:execution", "Batch Tests Execution", Both),
        row(S::BatchTestManagement, "batchtest:management", "Batch Tests Management", Both),
        row(S::ChatHistory, "chat_history:read", "Chat History", Both),
        row(S::BotSessions, "bot_sessions:read", "Bot Sessions", Both),
        row(S::BillingSessions, "billing_sessions:read", "Billing Sessions", Both),
        row(S::ChangeLogs, "logs:change_logs", "Bot Audit Logs", Both),
        row(S::AdminAuditLogs, "logs:admin_console_audit_logs", "Admin Audit Logs", Admin),
        row(S::VariablesImport, "bot_variables:import", "Import Variables", Builder),
        row(S::VariablesExport, "bot_variables:export", "Export Variables", Builder),
        row(S::DebugLogs, "debug_logs:read", "Debug Logs", Builder),
        row(S::Metrics, "get_metrics:get_metrics", "Metrics", Builder),
        row(S::UserEngagement, "user_engagement:count", "User Engagement", Builder),
        row(S::CustomDashboards, "custom_dashboards:custom_dashboards", "Custom Reports", Both),
        row(S::KnowledgeGraph, "knowledge_graph:knowledge_graph", "Knowledge Graph", Admin),
        row(S::KnowledgeGraphExport, "knowledge_graph_export:knowledge_graph_export", "Knowledge Graph", Builder),
        row(S::UpdateFaqsAdmin, "update_faqs_from_BAC:update_faqs_from_BAC", "Update FAQs", Admin),
        row(S::UpdateFaqs, "update_faqs:update_faqs", "Update FAQs", Builder),
        row(S::ChannelManagement, "channel_management:channel_management", "Channel Management", Admin),
        row(S::ProactiveMessages, "channel_management:proactive_messages", "Proactive Messages", Both),
        row(S::RoleManagement, "role_management:role_management", "Role Management", Admin),
        row(S::UserManagement, "user_management:user_management", "User Management", Admin),
        row(S::DeleteUserData, "delete:delete_user_data", "Delete User Data", Admin),
        // No source says which kinds hold the next five: both, but for the one whose name claims the whole account.
        row(S::BotKit, "botkit:botkit", "BotKit", Both),
        row(S::MasterAdmin, "master_admin:master_admin", "Master Admin", Admin),
        row(S::RcsOptin, "rcs_optin:optin_users", "RCS Opt-in", Both),
        row(S::LinkExternalBots, "link_external_bots:link_external_bots", "Link External Bots", Both),
        // A family of ids of another product of the vendor; here they may be held and open nothing.
        row(S::Process, "process*:*", "Process Apps", Both),
        // The scopes of apps that the web and mobile SDKs use, from before scopes had two parts.
        row(S::AnonymousChat, "anonymouschat", "Anonymous Chat", Both),
        row(S::Registration, "registration", "Registration", Both),
    ]
};

/// No scope has this id.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a scope; `bot_definition:bot_export` is one")]
pub struct UnknownScope(String);

impl Scope {
    /// Every scope.
    pub const ALL: [Self; TABLE.len()] = {
        let mut all = [Self::BotImport; TABLE.len()];
        let mut at = 0;
        while at < TABLE.len() {
            all[at] = TABLE[at].scope;
            at += 1;
        }
        all
    };

    const fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The id in the settings of an app, such as `bot_definition:bot_export`.
    pub const fn id(self) -> &'static str {
        self.row().id
    }

    /// The name people see, such as `Bot Export`.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether an app of this kind may hold the scope.
    pub const fn may_be_held_by(self, kind: AppKind) -> bool {
        match self.row().holders {
            Holders::Both => true,
            Holders::Admin => matches!(kind, AppKind::Admin),
            Holders::Builder => matches!(kind, AppKind::Builder),
        }
    }

    /// Every scope an app of this kind may hold.
    pub fn held_by(kind: AppKind) -> Vec<Self> {
        Self::ALL.into_iter().filter(|scope| scope.may_be_held_by(kind)).collect()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    /// Finds a scope by its id. Every id `process…:…` is [`Scope::Process`].
    fn from_str(id: &str) -> Result<Self, UnknownScope> {
        if let Some(row) = TABLE.iter().find(|row| row.id == id) {
            return Ok(row.scope);
        }
        if id.starts_with("process") && id.contains(':') {
            return Ok(Self::Process);
        }
        Err(UnknownScope(id.to_owned()))
    }
}

impl From<Scope> for &'static str {
    fn from(scope: Scope) -> Self {
        scope.id()
    }
}

impl TryFrom<String> for Scope {
    type Error = UnknownScope;

    fn try_from(id: String) -> Result<Self, UnknownScope> {
        id.parse()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum_and_no_id_occurs_twice() {
        for scope in Scope::ALL {
            assert_eq!(scope.row().scope, scope, "{scope}");
            assert_eq!(scope.id().parse(), Ok(scope));
        }
        assert_eq!(Scope::ALL.iter().map(|scope| scope.id()).collect::<BTreeSet<_>>().len(), Scope::ALL.len());
    }

    /// Written again from the reference, so that a slip in the table is seen.
    #[test]
    fn each_kind_of_app_may_hold_what_the_reference_says() {
        let admin_only = "bot_definition:bot_import bot_definition:bot_create bot_publish:publish_request \
            bot_publish:publish_status logs:admin_console_audit_logs knowledge_graph:knowledge_graph \
            update_faqs_from_BAC:update_faqs_from_BAC channel_management:channel_management \
            role_management:role_management user_management:user_management delete:delete_user_data \
            master_admin:master_admin";
        let builder_only = "bot_variables:import bot_variables:export debug_logs:read get_metrics:get_metrics \
            user_engagement:count knowledge_graph_export:knowledge_graph_export update_faqs:update_faqs";
        let both = "bot_definition:bot_export test_and_train:ml test_and_train:faq test_and_train:ml_import \
            test_and_train:ml_export nlp_configurations:nlp_configurations intent_entity:detection \
            batchtest:execution batchtest:management chat_history:read bot_sessions:read billing_sessions:read \
            logs:change_logs custom_dashboards:custom_dashboards channel_management:proactive_messages \
            botkit:botkit rcs_optin:optin_users link_external_bots:link_external_bots process*:* anonymouschat \
            registration";
        let mut seen = 0;
        for (ids, admin, builder) in [(admin_only, true, false), (builder_only, false, true), (both, true, true)] {
            for id in ids.split_whitespace() {
                let scope: Scope = id.parse().expect(id);
                assert_eq!(scope.may_be_held_by(AppKind::Admin), admin, "{id}");
                assert_eq!(scope.may_be_held_by(AppKind::Builder), builder, "{id}");
                seen += 1;
            }
        }
        assert_eq!(seen, Scope::ALL.len());
    }

    #[test]
    fn ids_are_matched_exactly_but_for_the_process_family() {
        assert_eq!("process_apps:read".parse(), Ok(Scope::Process));
        for id in ["", "bot_export", "BOT_DEFINITION:BOT_EXPORT", "process"] {
            assert_eq!(id.parse::<Scope>(), Err(UnknownScope(id.to_owned())));
        }
    }
}
