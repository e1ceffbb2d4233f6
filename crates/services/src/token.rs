//! OAuth 2 tokens: asked for when needed, kept until they expire.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use access::{Secret, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Clock, Timestamp};
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;

use crate::failure::Failure;
use crate::request::{Auth, CredentialsIn};
use crate::response::Response;
use crate::transport::{Call, Transport, header_value, host, read_url};

/// How long a token is kept whose server does not say how long it lives. A service that does not take it any more is
/// asked again with a new one anyway.
const LIFETIME_UNLESS_TOLD: Duration = Duration::from_secs(5 * 60);

/// So long before its end a token is not used any more, for a call takes time; a tenth of its life where that is less.
const MARGIN: Duration = Duration::from_secs(30);

/// More than so many grants are not remembered; then all are forgotten. Passwords of users make one grant each.
const MAX_GRANTS: usize = 1_000;

/// What is sent to a server of tokens.
pub(crate) struct Grant {
    call: Call,
    /// Digest of all that is sent, so that only who knows the secrets gets the token that they gave.
    key: String,
}

impl Grant {
    /// What has to be sent for this authentication; `None` where it needs no token.
    pub(crate) fn new(auth: &Auth) -> Result<Option<Self>, Failure> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let mut form = Vec::new();
        let (token_url, scope) = match auth {
            Auth::ClientCredentials { token_url, client_id, client_secret, scope, credentials_in } => {
                form.push(("grant_type", "client_credentials"));
                match credentials_in {
                    CredentialsIn::Body => {
                        form.extend([("client_id", client_id.as_str()), ("client_secret", client_secret.expose())]);
                    }
                    CredentialsIn::Header => {
                        let (id, secret) = (escaped(client_id), escaped(client_secret.expose()));
                        headers.insert(AUTHORIZATION, basic(&id, &secret)?);
                    }
                }
                (token_url, scope)
            }
            Auth::Password { token_url, client_id, client_secret, username, password, scope } => {
                form.extend([("grant_type", "password"), ("username", username), ("password", password.expose())]);
                let client = [("client_id", client_id.as_str()), ("client_secret", client_secret.expose())];
                form.extend(client.into_iter().filter(|(_, value)| !value.is_empty()));
                (token_url, scope)
            }
            Auth::Basic { .. } | Auth::ApiKey { .. } | Auth::Bearer { .. } => return Ok(None),
        };
        if let Some(scope) = scope.as_deref().filter(|scope| !scope.is_empty()) {
            form.push(("scope", scope));
        }
        let body = encoded(&form);
        let authorization = headers.get(AUTHORIZATION).map_or(&b""[..], HeaderValue::as_bytes);
        let key = digest::sha256(&[token_url.as_bytes(), authorization, body.as_bytes()].join(&b"\n"[..]));
        let call = Call { method: Method::POST, url: read_url(token_url)?, headers, body: Some(body) };
        Ok(Some(Self { call, key }))
    }
}

/// The value of an `authorization` header by the basic scheme.
pub(crate) fn basic(user: &str, password: &str) -> Result<HeaderValue, Failure> {
    hidden_header(&format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
}

/// The value of an `authorization` header with a token.
pub(crate) fn bearer(token: &Secret) -> Result<HeaderValue, Failure> {
    hidden_header(&format!("Bearer {}", token.expose()))
}

fn hidden_header(value: &str) -> Result<HeaderValue, Failure> {
    let mut value = header_value("authorization", value)?;
    value.set_sensitive(true);
    Ok(value)
}

fn encoded(form: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(form).expect("pairs of texts are a form")
}

/// A text as it stands in a form: the standard wants ids and secrets so before they go into a header.
fn escaped(text: &str) -> String {
    encoded(&[("", text)]).split_off(1)
}

/// A token, and whether it was given out before this call.
pub(crate) struct Token {
    pub(crate) token: Secret,
    pub(crate) is_kept: bool,
}

/// All tokens that were given out and live.
pub(crate) struct Tokens {
    clock: Clock,
    slots: Mutex<HashMap<String, Slot>>,
}

/// One token. Its lock is held while it is asked for, so that others wait for the same.
type Slot = Arc<tokio::sync::Mutex<Option<Kept>>>;

struct Kept {
    token: Secret,
    until: Timestamp,
}

impl Tokens {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, slots: Mutex::default() }
    }

    /// The token for a grant: the one that is kept, unless it expired or is the one that a service `refused`; else a new
    /// one.
    pub(crate) async fn get(
        &self,
        transport: &Transport,
        grant: &Grant,
        refused: Option<&Secret>,
    ) -> Result<Token, Failure> {
        let slot = self.slot(&grant.key);
        let mut kept = slot.lock().await;
        let is_refused = |token: &Secret| refused.is_some_and(|refused| refused.matches(token.expose()));
        if let Some(kept) = kept.as_ref().filter(|kept| self.clock.now() < kept.until && !is_refused(&kept.token)) {
            return Ok(Token { token: kept.token.clone(), is_kept: true });
        }
        *kept = None;
        let (token, lifetime) = read(host(&grant.call.url), &transport.send_once(&grant.call).await?)?;
        let until = self.clock.now().plus(lifetime - MARGIN.min(lifetime / 10));
        *kept = Some(Kept { token: token.clone(), until });
        Ok(Token { token, is_kept: false })
    }

    fn slot(&self, key: &str) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_GRANTS && !slots.contains_key(key) {
            slots.clear();
        }
        Arc::clone(slots.entry(key.to_owned()).or_default())
    }
}

/// Reads the answer of a server of tokens: the token, and how long it lives.
fn read(host: &str, answer: &Response) -> Result<(Secret, Duration), Failure> {
    let field = |name: &str| answer.body.get(name).and_then(Value::as_str);
    let token = field("access_token").filter(|token| !token.is_empty() && (200..300).contains(&answer.status));
    let Some(token) = token else {
        let words: Vec<&str> = ["error", "error_description"].into_iter().filter_map(field).collect();
        let words = if words.is_empty() { "without a token".to_owned() } else { words.join(": ") };
        let words: String = words.chars().take(200).collect();
        let reason = format!("{host}, asked for a token, answered {} {words}", answer.status);
        return Err(Failure::Auth { reason });
    };
    let seconds = answer.body.get("expires_in").and_then(|told| match told {
        Value::String(text) => text.parse().ok(),
        other => other.as_f64(),
    });
    let lifetime = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    Ok((Secret::new(token), lifetime.unwrap_or(LIFETIME_UNLESS_TOLD)))
}
