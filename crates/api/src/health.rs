//! Whether the server lives, whether it can work, and what it measured.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::body::Call;
use crate::observe::Measured;
use crate::{ApiError, ApiKey, Platform};

/// Who asks whether the server is ready wants to know soon.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers as long as the process does.
#[utoipa::path(get, path = "/healthz", tag = "Operation", responses((status = 200, description = "alive")))]
pub(crate) async fn healthz() -> Response {
    axum::Json(json!({"status": "ok"})).into_response()
}

/// Answers 200 when the database and the object store can be read and written and every task of the process is alive, else
/// 503 with the reason.
#[utoipa::path(get, path = "/readyz", tag = "Operation", responses((status = 200, description = "ready"), (status = 503, description = "not ready")))]
pub(crate) async fn readyz(State(platform): State<Platform>) -> Response {
    if let Some(reason) = task_at_fault(&platform) {
        return not_ready(&reason);
    }
    let reason = match tokio::time::timeout(PATIENCE, platform.store().check()).await {
        Ok(Ok(())) => return axum::Json(json!({"status": "ready"})).into_response(),
        Ok(Err(error)) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
            match store::Outage::of(&error) {
                Some(outage) => format!("{outage}: {error}"),
                None => error.to_string(),
            }
        }
        Err(_) => format!("the stores did not answer within {} s", PATIENCE.as_secs()),
    };
    not_ready(&reason)
}

fn not_ready(reason: &str) -> Response {
    let body = json!({"status": "not ready", "reason": reason});
    (StatusCode::SERVICE_UNAVAILABLE, axum::Json(body)).into_response()
}

/// The long-lived task that does not stay alive, if one does not.
fn task_at_fault(platform: &Platform) -> Option<String> {
    platform.store().supervisor().failed().first().map(ToString::to_string)
}

/// Who may read the measurements. They name routes and count what was done, and tell nothing of what was said; whoever
/// reaches the port may read them when neither is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Measurements {
    /// An address and port of their own; on the main port there are none then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// The token that opens them, in `Authorization: bearer …`. At least 16 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<ApiKey>,
}

/// Measurements in the text form of Prometheus.
///
/// With the setting `api.metrics.token` it has to be given; with `api.metrics.listen` they are on a port of their own, and
/// not here.
#[utoipa::path(get, path = "/metrics", tag = "Operation", responses((status = 200, description = "measurements", content_type = "text/plain"), (status = 401, description = "the token is missing or wrong"), (status = 404, description = "they are on a port of their own")))]
pub(crate) async fn metrics(State(platform): State<Platform>, call: Call) -> Result<Response, ApiError> {
    if platform.settings().metrics.listen.is_some() {
        return Err(ApiError::not_found("Not Found").with_detail("there is no /metrics"));
    }
    measurements(&platform, &call).await
}

/// The measurements alone, for a port of their own.
pub fn metrics_router(platform: Platform) -> Router {
    let answer = async |State(platform): State<Platform>, call: Call| measurements(&platform, &call).await;
    Router::new().route("/metrics", axum::routing::get(answer)).with_state(platform)
}

async fn measurements(platform: &Platform, call: &Call) -> Result<Response, ApiError> {
    if let Some(token) = &platform.settings().metrics.token
        && !call.bearer().is_some_and(|given| token.is(given))
    {
        return Err(ApiError::invalid_credentials());
    }
    let (pending, running) = platform.store().open_requests().await?;
    let measured = Measured {
        pending,
        running,
        stuck_messages: platform.store().count_stuck_messages().await?,
        turn_commits: platform.store().turn_commits(),
        panics: platform.store().supervisor().panics(),
    };
    let text = platform.metrics().render(&measured).map_err(|error| ApiError::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}
