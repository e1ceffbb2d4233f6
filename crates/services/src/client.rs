//! Makes calls.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use reqwest::header::{AUTHORIZATION, HeaderName};
use serde_json::Value;

use crate::cassette::Cassettes;
use crate::failure::{Failure, SetupError};
use crate::generate::{self, Generated, Prompt, Provider};
use crate::options::{Mode, Options};
use crate::request::{Auth, KeyPlace, Request};
use crate::response::Response;
use crate::sample;
use crate::token::{Grant, Tokens, basic, bearer};
use crate::transport::{Call, ChosenBy, Transport, header_value};

/// Makes calls. Clones share connections and tokens.
#[derive(Clone)]
pub struct Client(Arc<Parts>);

struct Parts {
    mode: Mode,
    transport: Transport,
    tokens: Tokens,
    cassettes: Cassettes,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("mode", &self.0.mode).finish_non_exhaustive()
    }
}

impl Client {
    /// Reads the options. The clock says when tokens expire.
    ///
    /// # Errors
    /// When an entry of the allow list cannot be read, recording has no folder, or the HTTP client does not start.
    pub fn new(options: &Options, clock: Clock) -> Result<Self, SetupError> {
        let cassettes = Cassettes::new(options)?;
        if options.mode == Mode::Record && cassettes.can_record("").is_err() {
            return Err(SetupError::NoFolder);
        }
        let transport = Transport::new(options)?;
        Ok(Self(Arc::new(Parts { mode: options.mode, transport, tokens: Tokens::new(clock), cassettes })))
    }

    /// Calls a service, by the mode of the options unless another is given.
    ///
    /// # Errors
    /// When there is no answer. An answer of any status is a response.
    pub async fn call(&self, request: &Request, mode: Option<Mode>) -> Result<Response, Failure> {
        self.0.answer(request, mode, ChosenBy::Author).await
    }

    /// Asks a language model, by the mode of the options unless another is given. Recordings and samples need no provider.
    ///
    /// # Errors
    /// When there is no answer, or no text in it.
    pub async fn generate(
        &self,
        provider: Option<&Provider>,
        prompt: &Prompt,
        mode: Option<Mode>,
    ) -> Result<Generated, Failure> {
        if provider.is_none() && mode.unwrap_or(self.0.mode) != Mode::Replay {
            return Err(Failure::BadRequest { reason: "no provider of language models is configured".into() });
        }
        let request = generate::request(provider, prompt);
        let answer = self.0.answer(&request, mode, ChosenBy::Operator).await?;
        // Recordings and samples may be bare texts; a provider's page about its troubles is no answer.
        let is_live = mode.unwrap_or(self.0.mode) != Mode::Replay;
        if is_live && (200..300).contains(&answer.status) && answer.body.is_string() {
            return Err(Failure::Model {
                reason: "its answer is no JSON; is the URL that of an API like https://host/v1?".into(),
            });
        }
        generate::read(answer)
    }

    /// Why a URL may certainly not be called: it names an address that is not allowed, not a host that may resolve to
    /// another one tomorrow. For telling who configures it at once.
    pub fn objection(&self, url: &str) -> Option<String> {
        self.0.transport.objection(url)
    }

    /// Sends JSON: status and body of the answer. For calls that are not the bot's own, such as those to its BotKit server;
    /// they are neither recorded nor replayed.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn post_json(
        &self,
        url: &str,
        headers: &[(String, String)],
        body: &Value,
        timeout: Duration,
    ) -> Result<(u16, Value), Failure> {
        let mut headers = headers.to_vec();
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            headers.push(("content-type".into(), "application/json".into()));
        }
        let response = self.0.live(&post(url, headers, body.to_string(), timeout), ChosenBy::Author).await?;
        Ok((response.status, response.body))
    }

    /// Posts these very bytes, which are signed, and gives the status of the answer. A redirect is not followed: what is
    /// announced is for the address its owner named.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn announce(
        &self,
        url: &str,
        headers: Vec<(String, String)>,
        body: String,
        timeout: Duration,
    ) -> Result<u16, Failure> {
        let call = Call::new(&post(url, headers, body, timeout))?;
        let status = tokio::time::timeout(timeout, self.0.transport.status_of(&call)).await;
        status.unwrap_or(Err(Failure::Timeout { after: timeout }))
    }
}

fn post(url: &str, headers: Vec<(String, String)>, body: String, timeout: Duration) -> Request {
    Request {
        name: String::new(),
        method: "POST".into(),
        url: url.into(),
        headers,
        body: Some(body),
        timeout,
        auth: None,
        sample: None,
    }
}

impl Parts {
    async fn answer(&self, request: &Request, mode: Option<Mode>, chosen_by: ChosenBy) -> Result<Response, Failure> {
        match mode.unwrap_or(self.mode) {
            Mode::Live => self.live(request, chosen_by).await,
            Mode::Record => {
                self.cassettes.can_record(&request.name)?;
                let response = self.live(request, chosen_by).await?;
                self.cassettes.record(request, &response).await?;
                Ok(response)
            }
            Mode::Replay => match (self.cassettes.find(request).await?, &request.sample) {
                (Some(response), _) => Ok(response),
                (None, Some(sample)) => Ok(sample::answer(sample)),
                (None, None) => {
                    Err(Failure::NoRecording { name: request.name.clone(), hint: self.cassettes.hint(&request.name) })
                }
            },
        }
    }

    async fn live(&self, request: &Request, chosen_by: ChosenBy) -> Result<Response, Failure> {
        let after = request.timeout;
        match tokio::time::timeout(after, self.authorized(request, chosen_by)).await {
            Ok(result) => result,
            Err(_) => Err(Failure::Timeout { after }),
        }
    }

    /// Sends a request with what proves who sends it.
    async fn authorized(&self, request: &Request, chosen_by: ChosenBy) -> Result<Response, Failure> {
        let mut call = Call::new(request)?;
        let Some(auth) = &request.auth else { return self.transport.send(call, chosen_by).await };
        let Some(grant) = Grant::new(auth)? else {
            prove(&mut call, auth)?;
            return self.transport.send(call, chosen_by).await;
        };
        let first = self.tokens.get(&self.transport, &grant, None).await?;
        call.headers.insert(AUTHORIZATION, bearer(&first.token)?);
        let response = self.transport.send(call.clone(), chosen_by).await?;
        if response.status != 401 || !first.is_kept {
            return Ok(response);
        }
        // Tokens may be revoked before they expire.
        let second = self.tokens.get(&self.transport, &grant, Some(&first.token)).await?;
        call.headers.insert(AUTHORIZATION, bearer(&second.token)?);
        self.transport.send(call, chosen_by).await
    }
}

/// Puts into a call what proves who sends it, where that needs no token from elsewhere.
fn prove(call: &mut Call, auth: &Auth) -> Result<(), Failure> {
    match auth {
        Auth::Basic { user, password } => {
            call.headers.insert(AUTHORIZATION, basic(user, password.expose())?);
        }
        Auth::Bearer { token } => {
            call.headers.insert(AUTHORIZATION, bearer(token)?);
        }
        Auth::ApiKey { place: KeyPlace::Header, name, value } => {
            let key = HeaderName::from_bytes(name.trim().as_bytes())
                .map_err(|_| Failure::BadRequest { reason: format!("`{name}` is not the name of a header") })?;
            let mut value = header_value(name, value.expose())?;
            value.set_sensitive(true);
            call.headers.insert(key, value);
        }
        Auth::ApiKey { place: KeyPlace::Query, name, value } => {
            call.url.query_pairs_mut().append_pair(name, value.expose());
        }
        Auth::ClientCredentials { .. } | Auth::Password { .. } => {}
    }
    Ok(())
}
