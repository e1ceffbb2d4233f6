//! Errors of the API, in the original's words.
//!
//! The body is always `{"errors":[{"msg":…,"code":…}]}`, with the original's words. Beside them in the same object stand, where
//! they are known, `detail` (the cause, and what to do) and `pointer` (where in the body of the request). A client that asks for
//! `application/problem+json` gets the same error as problem details (RFC 9457).

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use definition::finding::shown;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::arriving::TooSlow;

/// An error a client meets.
#[derive(Debug)]
pub struct ApiError(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    message: String,
    /// The code in the body: mostly the status, 4002 for refused credentials, a word in one place.
    code: Value,
    /// More than the original says: the cause in words.
    detail: Option<String>,
    /// Where in the body of the request, as a JSON pointer.
    pointer: Option<String>,
    retry_after: Option<Duration>,
}

impl ApiError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let code = json!(status.as_u16());
        let parts = Parts { status, message: message.into(), code, detail: None, pointer: None, retry_after: None };
        Self(Box::new(parts))
    }

    fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message).with_code(4002)
    }

    /// 401: no token, a token that is not good, an unknown client, or a bot the client is not bound to.
    pub fn invalid_credentials() -> Self {
        Self::unauthorized("Invalid SDK credentials")
    }

    /// 401: what was given as a token is none.
    pub fn invalid_token() -> Self {
        Self::unauthorized("Invalid JWT token")
    }

    /// 401: the client may not do this.
    pub fn scope_missing() -> Self {
        Self::unauthorized("Permission denied. Scope is incorrect!")
    }

    /// 400: an admin app named a bot that does not exist.
    pub fn invalid_stream() -> Self {
        Self::bad_request("Invalid StreamId")
    }

    /// 400: no request has this id.
    pub fn invalid_request_id() -> Self {
        Self::bad_request("Invalid request ID")
    }

    /// 400: no file has this id.
    pub fn invalid_file() -> Self {
        Self::bad_request("Invalid file id")
    }

    /// 400: no file has this id, which stands at `pointer` in the body.
    pub(crate) fn no_such_file(id: &str, pointer: &str) -> Self {
        let detail = format!("there is no file {}; upload it first", shown(id));
        Self::invalid_file().with_detail(detail).at(pointer)
    }

    /// 400 with these words.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 412: the body cannot be read, or a required member is missing or of a wrong type.
    pub fn invalid_arguments(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, "Validation errors/ Invalid arguments").with_detail(detail)
    }

    /// 403 with these words.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 404 with these words.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 405.
    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    }

    /// 409 with these words.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// 413 with these words.
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    /// Any status with these words.
    pub fn with_status(status: StatusCode, message: impl Into<String>) -> Self {
        Self::new(status, message)
    }

    /// 429, and when to come back.
    pub fn rate_limited(retry_after: Duration) -> Self {
        let message = "Rate limit for this API has been reached. Please try again after some time.";
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, message);
        error.0.retry_after = Some(retry_after);
        error
    }

    /// 408: the body did not come in its time.
    pub(crate) fn too_slow(slow: &TooSlow) -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "The request body did not arrive in time").with_detail(slow.to_string())
    }

    /// 503, and when to come back: the server holds as much of other calls as it may.
    pub(crate) fn busy(retry_after: Duration) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "The server is busy. Please try again after some time.")
            .with_retry_after(retry_after)
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// 503, or 507 for a full disk: what the server stands on does not work now. Any other cause is 500, and goes to the
    /// log, not to the client.
    pub fn internal(cause: &(dyn std::error::Error + 'static)) -> Self {
        if let Some(outage) = store::Outage::of(cause) {
            return Self::outage(outage, cause);
        }
        tracing::error!(error = cause, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }

    fn outage(outage: store::Outage, cause: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = cause, %outage, "a request failed");
        let status = match outage.trouble {
            store::Trouble::Full => StatusCode::INSUFFICIENT_STORAGE,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, format!("The server cannot do this now: {outage}"))
            .with_detail("Nothing was changed. Try again later; the operator finds the cause in the log.")
    }

    /// 503: the work was cut off.
    pub fn stopping() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "The server is stopping")
    }

    /// The same error with another code in its body.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<Value>) -> Self {
        self.0.code = code.into();
        self
    }

    /// The same error with its cause in words.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// The same error with its place in the body.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.0.pointer = Some(pointer.into());
        self
    }

    /// The same error with when to come back.
    #[must_use]
    pub fn with_retry_after(mut self, pause: Duration) -> Self {
        self.0.retry_after = Some(pause);
        self
    }

    fn problem(&self) -> Value {
        self.with_cause(json!({
            "type": "about:blank",
            "title": self.0.message,
            "status": self.0.status.as_u16(),
            "code": self.0.code,
        }))
    }

    /// An object about this error with its cause and place, as far as they are known.
    fn with_cause(&self, mut about: Value) -> Value {
        if let Some(detail) = &self.0.detail {
            about["detail"] = json!(detail);
        }
        if let Some(pointer) = &self.0.pointer {
            about["pointer"] = json!(pointer);
        }
        about
    }
}

impl From<domain::task::UnreadableTask> for ApiError {
    fn from(error: domain::task::UnreadableTask) -> Self {
        match &error {
            // Another node may know it: this one is of an earlier release.
            domain::task::UnreadableTask::Newer { .. } => {
                let message = "The request was made by a later release than this node's";
                Self::with_status(StatusCode::SERVICE_UNAVAILABLE, message).with_detail(error.to_string())
            }
            domain::task::UnreadableTask::Malformed { .. } => Self::internal(&error),
        }
    }
}

impl From<store::Error> for ApiError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Exists(what) => Self::conflict(format!("{what} exists already")),
            store::Error::Conflict(what) => Self::conflict(format!("{what} was changed meanwhile; try again")),
            store::Error::Closed => Self::stopping(),
            error @ (store::Error::Unfit { .. } | store::Error::TooMany(_)) => Self::bad_request(error.to_string()),
            error if error.is_of_a_value() => {
                // The door should have refused this, so whoever mends the door has to hear of it.
                tracing::error!(error = &error as &dyn std::error::Error, "the database refused a value of a call");
                Self::bad_request("A value of the request cannot be kept: it is too long, too large, or no text")
            }
            error => Self::internal(&error),
        }
    }
}

impl From<store::BlobError> for ApiError {
    fn from(error: store::BlobError) -> Self {
        Self::internal(&error)
    }
}

impl From<understanding::Error> for ApiError {
    fn from(error: understanding::Error) -> Self {
        match error {
            error @ understanding::Error::Language { .. } => {
                Self::bad_request("Invalid language").with_detail(error.to_string())
            }
            error => Self::internal(&error),
        }
    }
}

impl From<conversation::Error> for ApiError {
    fn from(error: conversation::Error) -> Self {
        match error {
            conversation::Error::NoBot(_) => Self::invalid_stream(),
            conversation::Error::Store(error) => error.into(),
            conversation::Error::Understanding(error) => error.into(),
            error @ (conversation::Error::Busy | conversation::Error::Stopping) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
            }
            conversation::Error::Form(reason) => Self::bad_request(reason),
            error @ (conversation::Error::Unrunnable(_)
            | conversation::Error::Diverged(_)
            | conversation::Error::Panicked(_)) => Self::internal(&error),
        }
    }
}

/// The problem details of an error, which the outermost layer sends to clients that ask for them.
#[derive(Clone)]
pub(crate) struct Problem(pub(crate) Value);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if self.0.status.is_client_error() {
            let Parts { status, message, detail, pointer, .. } = &*self.0;
            tracing::info!(status = status.as_u16(), message, detail, pointer, "a call was refused");
        }
        let body = json!({"errors": [self.with_cause(json!({"msg": self.0.message, "code": self.0.code}))]});
        let mut response = (self.0.status, axum::Json(body)).into_response();
        response.extensions_mut().insert(Problem(self.problem()));
        if let Some(pause) = self.0.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(pause.as_secs().max(1)));
        }
        response
    }
}

/// Turns an error's body into problem details when the client asked for them.
pub(crate) fn as_problem(response: Response) -> Response {
    let Some(Problem(problem)) = response.extensions().get::<Problem>().cloned() else { return response };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    Response::from_parts(parts, axum::body::Body::from(problem.to_string()))
}
