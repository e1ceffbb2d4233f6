//! Requests of every kind by id: the list, one of them, calling one off. Additions of this server.

mod cancel;
mod list;
mod one;

use access::{App, Scope};
use domain::RequestId;
use domain::task::Kind;
use serde_json::{Map, Value, json};
use store::Request;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::Call;
use crate::platform::Caller;
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

/// Any app may ask; which requests it sees is decided by their kinds and bots.
const ANY_APP: Demand = demand(&[], Limit::Account);

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(one::one, cancel::delete))
        .routes(routes!(cancel::cancel))
}

/// Whether an app may do this with requests of a kind.
#[derive(Clone, Copy, PartialEq)]
enum Access {
    Look,
    Cancel,
}

impl Access {
    /// The scopes that open requests of a kind, each of them alone: those by which such a request is started or its
    /// status read.
    fn scopes(self, kind: Kind) -> &'static [Scope] {
        match (kind, self) {
            (Kind::BotImport, _) => &[Scope::BotImport, Scope::BotCreate],
            (Kind::BotExport, _) => &[Scope::BotExport],
            (Kind::Publish, Self::Look) => &[Scope::PublishStatus, Scope::PublishRequest],
            (Kind::Publish, Self::Cancel) => &[Scope::PublishRequest],
            (Kind::UtteranceImport, _) => &[Scope::MlImport],
            (Kind::UtteranceExport, _) => &[Scope::MlExport],
            (Kind::MlTraining, _) => &[Scope::TrainMl],
            (Kind::FaqTraining, _) => &[Scope::TrainFaq],
            (Kind::BatchTest, _) => &[Scope::BatchTestExecution],
            (Kind::WebhookDelivery, _) => &crate::webhooks::SCOPES,
        }
    }

    fn is_open(self, kind: Kind, app: &App, bot: Option<&domain::BotId>) -> bool {
        self.scopes(kind).iter().any(|scope| app.allows(*scope, bot))
    }
}

impl Platform {
    /// The request with this id, if the caller's app may do this with it.
    async fn reachable_request(&self, call: &Call, id: String, access: Access) -> Result<(Caller, Request), ApiError> {
        let caller = self.caller(call, ANY_APP).await?;
        let found = self.store().request(&caller.app.account, &RequestId::stored(id)).await?;
        let request = found.filter(|request| reaches(&caller.app, request)).ok_or_else(ApiError::invalid_request_id)?;
        if !access.is_open(request.kind, &caller.app, request.bot.as_ref()) {
            return Err(ApiError::scope_missing());
        }
        Ok((caller, request))
    }
}

/// Whether a request is about a bot the app is bound to; one about no bot is its asker's.
fn reaches(app: &App, request: &Request) -> bool {
    match &request.bot {
        Some(bot) => app.bound_to(bot),
        None => app.kind == access::AppKind::Admin || request.app.as_deref() == Some(app.client_id.as_str()),
    }
}

/// A request of any kind.
fn record(request: &Request) -> Map<String, Value> {
    object(json!({
        "_id": request.id,
        "kind": request.kind.as_str(),
        "streamId": request.bot,
        "state": request.state.as_str(),
        "percentageComplete": request.progress,
        "cancelRequested": request.cancel_requested,
        "attempts": request.attempt,
        "log": request.log,
        "result": request.result,
        "failure": request.failure,
        "createdBy": request.created_by,
        "clientId": request.app,
        "createdOn": request.created_at,
        "dueOn": request.due_at,
        "startedOn": request.started_at,
        "lastModifiedOn": request.modified_at,
        "finishedOn": request.finished_at,
    }))
}
