//! Whether the server lives, whether it can work, and what it measured.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;

use crate::observe::Measured;
use crate::{ApiError, Platform};

/// Who asks whether the server is ready wants to know soon.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers as long as the process does.
#[utoipa::path(get, path = "/healthz", tag = "Operation", responses((status = 200, description = "alive")))]
pub(crate) async fn healthz() -> Response {
    axum::Json(json!({"status": "ok"})).into_response()
}

/// Answers 200 when the database and the object store answer and every task of the process is alive, else 503.
#[utoipa::path(get, path = "/readyz", tag = "Operation", responses((status = 200, description = "ready"), (status = 503, description = "not ready")))]
pub(crate) async fn readyz(State(platform): State<Platform>) -> Response {
    if let Some(reason) = task_at_fault(&platform) {
        return not_ready(&reason);
    }
    let reason = match tokio::time::timeout(PATIENCE, platform.store().check()).await {
        Ok(Ok(())) => return axum::Json(json!({"status": "ready"})).into_response(),
        Ok(Err(error)) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
            error.to_string()
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

/// Measurements in the text form of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "Operation", responses((status = 200, description = "measurements", content_type = "text/plain")))]
pub(crate) async fn metrics(State(platform): State<Platform>) -> Result<Response, ApiError> {
    let (pending, running) = platform.store().open_requests().await?;
    let measured = Measured {
        pending,
        running,
        stuck_messages: platform.store().count_stuck_messages().await?,
        panics: platform.store().supervisor().panics(),
    };
    let text = platform.metrics().render(&measured).map_err(|error| ApiError::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}
