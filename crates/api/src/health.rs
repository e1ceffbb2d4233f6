//! Whether the server lives, whether it can work, and what it measured.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;

use crate::{ApiError, Platform};

/// Who asks whether the server is ready wants to know soon.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers as long as the process does.
#[utoipa::path(get, path = "/healthz", tag = "Operation", responses((status = 200, description = "alive")))]
pub(crate) async fn healthz() -> Response {
    axum::Json(json!({"status": "ok"})).into_response()
}

/// Answers 200 when the database and the object store can be read and written, else 503 with the reason.
#[utoipa::path(get, path = "/readyz", tag = "Operation", responses((status = 200, description = "ready"), (status = 503, description = "not ready")))]
pub(crate) async fn readyz(State(platform): State<Platform>) -> Response {
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
    let body = json!({"status": "not ready", "reason": reason});
    (StatusCode::SERVICE_UNAVAILABLE, axum::Json(body)).into_response()
}

/// Measurements in the text form of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "Operation", responses((status = 200, description = "measurements", content_type = "text/plain")))]
pub(crate) async fn metrics(State(platform): State<Platform>) -> Result<Response, ApiError> {
    let (pending, running) = platform.store().open_requests().await?;
    let text = platform.metrics().render(pending, running).map_err(|error| ApiError::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}
