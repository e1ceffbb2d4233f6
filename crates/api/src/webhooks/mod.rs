//! Webhooks: where finished requests are announced. Additions of this server.
//!
//! Calls are signed by the rules of <https://www.standardwebhooks.com>.

mod create;
mod delete;
mod list;
mod test;

use access::{App, AppKind, Scope};
use domain::BotId;
use serde_json::{Map, Value, json};
use store::Webhook;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::Call;
use crate::platform::Caller;
use crate::record::object;
use crate::route::{Limit, demand};
use crate::{ApiError, Platform};

/// Who may start requests, or read how far they are, may also be told when they end.
pub(crate) const SCOPES: [Scope; 6] =
    [Scope::BotImport, Scope::BotExport, Scope::PublishRequest, Scope::PublishStatus, Scope::MlImport, Scope::MlExport];

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(delete::delete))
        .routes(routes!(test::test))
}

/// Whether the app holds one of the scopes for the bot, or for all bots.
fn may_hear(app: &App, bot: Option<&BotId>) -> bool {
    SCOPES.iter().any(|scope| app.allows(*scope, bot))
}

/// Whether the app may see and remove the webhook: a builder app those of its bots.
fn reaches(app: &App, webhook: &Webhook) -> bool {
    let is_bound = match &webhook.bot {
        Some(bot) => app.bound_to(bot),
        None => app.kind == AppKind::Admin,
    };
    is_bound && may_hear(app, webhook.bot.as_ref())
}

impl Platform {
    /// Who calls about webhooks. An app with scopes for single bots only may call, too.
    async fn webhook_caller(&self, call: &Call) -> Result<Caller, ApiError> {
        let caller = self.caller(call, demand(&[], Limit::Account)).await?;
        let app = &caller.app;
        let may = may_hear(app, None) || app.bots.iter().any(|bot| may_hear(app, Some(bot)));
        if may { Ok(caller) } else { Err(ApiError::scope_missing()) }
    }

    /// The webhook with this id, if the caller's app reaches it.
    async fn reachable_webhook(&self, call: &Call, id: &str) -> Result<(Caller, Webhook), ApiError> {
        let caller = self.webhook_caller(call).await?;
        let found = self.store().webhook(&caller.app.account, id).await?;
        let webhook = found.filter(|webhook| reaches(&caller.app, webhook));
        Ok((caller, webhook.ok_or_else(|| ApiError::bad_request("Invalid webhook id"))?))
    }
}

/// A webhook without its secret.
fn record(webhook: &Webhook) -> Map<String, Value> {
    object(json!({
        "id": webhook.id,
        "url": webhook.url,
        "events": webhook.events,
        "streamId": webhook.bot,
        "createdBy": webhook.created_by,
        "createdOn": webhook.created_at,
    }))
}
