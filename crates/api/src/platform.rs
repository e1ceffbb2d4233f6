//! What every handler shares, and who calls it.

use std::sync::Arc;

use access::{App, Claims, LinkSigner, TokenError};
use conversation::Conversations;
use domain::{BotId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{Bot, Idempotency, Store, User};
use understanding::Models;

use crate::bodies::{Bodies, BodyLimits};
use crate::body::Call;
use crate::bots::FactsByDigest;
use crate::client_address::Proxies;
use crate::health::Measurements;
use crate::limits::{Limiter, RateLimits};
use crate::observe::Metrics;
use crate::pages::FrameAncestors;
use crate::private::{ApiKey, SignIns};
use crate::route::{Demand, Limit};
use crate::{ApiError, Sample, door};

/// How the API behaves where the owner of the server decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The address clients reach this server under, such as `https://bots.example.com`; taken from the request when
    /// absent.
    pub public_url: Option<String>,
    /// The largest file that may be uploaded. Bytes.
    pub max_upload_bytes: u64,
    /// The largest body of any other request. Bytes.
    pub max_body_bytes: usize,
    /// How bodies are waited for, and how much of them is held at a time.
    pub bodies: BodyLimits,
    /// How long an uploaded file is kept when nothing refers to it. Seconds.
    pub upload_retention_s: u64,
    /// How long a download link is good. Seconds.
    pub link_lifetime_s: u64,
    /// How long a status call waits for a running job. Milliseconds.
    pub status_hold_ms: u64,
    /// How long at least a utterance import reads `pending`. Milliseconds.
    pub utterance_import_pending_ms: u64,
    /// Whether links to files on S3 lead through a redirect to the bucket itself.
    pub redirect_downloads: bool,
    /// How long the access token of a person who signed in is good. Seconds.
    pub access_token_lifetime_s: u64,
    /// The key that opens `/api/internal/…`, which is closed when absent. At least 16 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub internal_api_key: Option<ApiKey>,
    /// Ids of icons that bots may be given without an upload, besides those that are known: they stand for the icon that
    /// comes with this server.
    pub icon_ids: Vec<String>,
    /// Whether lists of bots show the client secrets of apps, as the original's documentation does.
    pub show_client_secrets: bool,
    /// The channel whose messages `GET …/getMessages` gives where the call names none. The original documents `rtm`; here it
    /// is all channels when absent, since a bot may be talked to on any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages_channel: Option<String>,
    /// Whether importing variables from exactly `{}` answers 500, as the original does.
    pub empty_variables_fail: bool,
    /// Which sites may show the pages of this server, such as digital forms, in a frame: sources as in the policy
    /// `frame-ancestors`.
    pub frame_ancestors: FrameAncestors,
    /// The proxies in front of this server.
    pub proxies: Proxies,
    /// Who may read the measurements.
    pub metrics: Measurements,
    /// Rate limits.
    pub rate_limits: RateLimits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            max_upload_bytes: 300 << 20,
            max_body_bytes: 25 << 20,
            bodies: BodyLimits::default(),
            upload_retention_s: 24 * 3600,
            link_lifetime_s: 7 * 24 * 3600,
            status_hold_ms: 2_000,
            utterance_import_pending_ms: 500,
            redirect_downloads: true,
            access_token_lifetime_s: 24 * 3600,
            internal_api_key: None,
            icon_ids: Vec::new(),
            show_client_secrets: false,
            messages_channel: None,
            empty_variables_fail: true,
            frame_ancestors: FrameAncestors::default(),
            proxies: Proxies::default(),
            metrics: Measurements::default(),
            rate_limits: RateLimits::default(),
        }
    }
}

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct Platform(Arc<Shared>);

struct Shared {
    store: Store,
    models: Models,
    conversations: Conversations,
    settings: Settings,
    samples: Vec<Sample>,
    facts_by_digest: FactsByDigest,
    links: LinkSigner,
    limiter: Limiter,
    bodies: Bodies,
    metrics: Metrics,
    sign_ins: SignIns,
}

/// An app that calls, with a token that was found good.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) app: App,
    /// What the token says.
    pub(crate) claims: Claims,
}

impl Caller {
    /// The user the app acts for, whom records name as their maker.
    pub(crate) fn user(&self) -> &UserId {
        &self.app.owner
    }
}

impl Platform {
    /// Puts the parts together, with these bots to add to an account.
    pub fn new(
        store: Store,
        models: Models,
        conversations: Conversations,
        settings: Settings,
        samples: Vec<Sample>,
    ) -> Self {
        Self(Arc::new(Shared {
            links: LinkSigner::new(store.key()),
            limiter: Limiter::new(settings.rate_limits.clone()),
            bodies: Bodies::new(&settings.bodies, settings.max_body_bytes),
            store,
            models,
            conversations,
            settings,
            samples,
            facts_by_digest: FactsByDigest::default(),
            metrics: Metrics::new(),
            sign_ins: SignIns::default(),
        }))
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn models(&self) -> &Models {
        &self.0.models
    }

    pub(crate) fn conversations(&self) -> &Conversations {
        &self.0.conversations
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn samples(&self) -> &[Sample] {
        &self.0.samples
    }

    pub(crate) fn facts_by_digest(&self) -> &FactsByDigest {
        &self.0.facts_by_digest
    }

    pub(crate) fn links(&self) -> &LinkSigner {
        &self.0.links
    }

    pub(crate) fn bodies(&self) -> &Bodies {
        &self.0.bodies
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn sign_ins(&self) -> &SignIns {
        &self.0.sign_ins
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.store.clock().now()
    }

    /// Who calls, if the call may be made at all: token, scope, limit. For calls about no single bot.
    pub(crate) async fn caller(&self, call: &Call, demand: Demand) -> Result<Caller, ApiError> {
        let caller = self.authenticate(call).await?;
        self.admit(&caller, call, demand)?;
        Ok(caller)
    }

    /// Whether an app may make a call about no single bot: scope, limit.
    pub(crate) fn admit(&self, caller: &Caller, call: &Call, demand: Demand) -> Result<(), ApiError> {
        require_scope(caller, demand, None)?;
        let key = match demand.limit {
            // The path names the request.
            Limit::Request => format!("{} {}", caller.app.account, call.uri.path()),
            Limit::Account | Limit::Bot => caller.app.account.to_string(),
        };
        self.count(demand.limit, &key)
    }

    /// Who calls and the bot it is about, in the original's order of checks: token, binding, scope, bot, limit.
    pub(crate) async fn bot_caller(&self, call: &Call, bot: &str, demand: Demand) -> Result<(Caller, Bot), ApiError> {
        let caller = self.authenticate(call).await?;
        let bot = self.admit_to_bot(&caller, bot, demand).await?;
        Ok((caller, bot))
    }

    /// The bot a call is about, if the app may make it: binding, scope, bot, limit.
    pub(crate) async fn admit_to_bot(&self, caller: &Caller, bot: &str, demand: Demand) -> Result<Bot, ApiError> {
        let id = BotId::stored(bot);
        if !caller.app.bound_to(&id) {
            return Err(ApiError::invalid_credentials());
        }
        require_scope(caller, demand, Some(&id))?;
        let bot = self.store().bot(&id).await?.filter(|bot| bot.account == caller.app.account);
        let bot = bot.ok_or_else(ApiError::invalid_stream)?;
        let key = match demand.limit {
            Limit::Account => caller.app.account.to_string(),
            Limit::Bot | Limit::Request => id.to_string(),
        };
        self.count(demand.limit, &key)?;
        Ok(bot)
    }

    /// Who calls a route of the private tier: the user of the access token in `Authorization: bearer …`.
    pub(crate) async fn user(&self, call: &Call) -> Result<User, ApiError> {
        let token = call.bearer().ok_or_else(ApiError::invalid_credentials)?;
        let user = self.store().user_of_access_token(&access::hash_of_token(token)).await?;
        user.ok_or_else(ApiError::invalid_credentials)
    }

    /// Refuses a URL that this server is to call later and certainly may not, in the member at `pointer`. Whether a name
    /// leads where it may is seen when it is called.
    pub(crate) fn require_callable(&self, url: &str, pointer: &str) -> Result<(), ApiError> {
        match self.conversations().services().objection(url) {
            Some(reason) => Err(ApiError::invalid_arguments(reason).at(pointer)),
            None => Ok(()),
        }
    }

    fn count(&self, limit: Limit, key: &str) -> Result<(), ApiError> {
        self.0.limiter.take(&format!("{} {key}", limit.family()), self.now()).map_err(ApiError::rate_limited)
    }

    /// The app whose token the call brings; asked once per call, since a token may be good once only.
    pub(crate) async fn authenticate(&self, call: &Call) -> Result<Caller, ApiError> {
        let token = call.token().ok_or_else(ApiError::invalid_credentials)?;
        let refused = |error: TokenError| {
            tracing::debug!(%error, "a token was refused");
            match error {
                TokenError::NotAJwt => ApiError::invalid_token().with_detail(error.to_string()),
                // The reason stays in the log: telling it would help who guesses.
                TokenError::Invalid(_) => ApiError::invalid_credentials(),
            }
        };
        let client_id = access::client_id_of(token).map_err(refused)?;
        let stored = self.store().app(&client_id).await?.ok_or_else(ApiError::invalid_credentials)?;
        let app = stored.app.clone();
        let good = access::authenticate(&app, token, self.now()).map_err(refused)?;
        if let Some((claim, reason)) = good.claims.unfit() {
            return Err(door::unfit(&format!("the claim `{claim}` of the token"), reason));
        }
        if let Some(single_use) = &good.single_use
            && !self.store().use_token(single_use).await?
        {
            tracing::debug!(client.id = %client_id, "a token was used a second time");
            return Err(ApiError::invalid_credentials());
        }
        Ok(Caller { app, claims: good.claims })
    }

    /// The client's idempotency key of a request that starts a job, if it sent one.
    pub(crate) async fn idempotency(&self, call: &Call, caller: &Caller) -> Result<Option<Idempotency>, ApiError> {
        let key = call.header("idempotency-key").map(str::trim).filter(|key| !key.is_empty());
        let Some(key) = key else { return Ok(None) };
        let mut hash = access::digest::Hasher::new();
        for part in [call.method.as_str().as_bytes(), call.uri.path().as_bytes(), call.body().await?] {
            hash.update(part);
            hash.update(&[0]);
        }
        let app = caller.app.client_id.to_string();
        Ok(Some(Idempotency { app, key: key.to_owned(), fingerprint: hash.finish() }))
    }
}

fn require_scope(caller: &Caller, demand: Demand, bot: Option<&BotId>) -> Result<(), ApiError> {
    let holds = |scope: &access::Scope| caller.app.allows(*scope, bot);
    if demand.scopes.is_empty() || demand.scopes.iter().any(holds) { Ok(()) } else { Err(ApiError::scope_missing()) }
}
