//! What the dialog engine asks of the world, done: scripts, services, tables, language models, BotKit.

use std::time::Duration;

use access::Secret;
use dialog::bot::{AuthField, AuthProfile, Piece};
use dialog::host::{
    Answer, Cause, Code, Fault, Generated, Host, Prompt, Put, Ran, Script, ServiceCall, TableAccess, ToolCall,
    WebhookAnswer, WebhookCall,
};
use dialog::reply::{FormOffer, Reply};
use domain::Timestamp;
use serde_json::{Value, json};
use services::{Auth, CredentialsIn, KeyPlace};
use store::{ConversationKey, TableExpression, TableFilter, TableOp};
use tokio::time::Instant;

use crate::botkit::Talk;
use crate::fault::fault_of;
use crate::form_link::FormToken;
use crate::journal::Journal;
use crate::notes::Notes;
use crate::shared::Shared;

/// The header by which a service tells a call that comes again.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// Files that a bot makes for its users are kept so long.
const FILES_KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);

/// The world of one turn.
pub struct WorldHost<'a, 'j> {
    pub(crate) shared: &'a Shared,
    pub(crate) bot: &'a dialog::Bot,
    pub(crate) key: &'a ConversationKey,
    pub(crate) session: String,
    pub(crate) language: String,
    pub(crate) now: Timestamp,
    pub(crate) mode: Option<services::Mode>,
    pub(crate) talk: &'a mut Talk,
    pub(crate) journal: &'a mut Journal<'j>,
    pub(crate) ends_at: Instant,
    pub(crate) pace: &'a understanding::Pace,
    /// What is noted of a turn that is tried out.
    pub(crate) notes: Option<&'a Notes>,
}

impl Host for WorldHost<'_, '_> {
    fn hears(&mut self, replies: &[Reply]) {
        self.journal.hear(replies);
    }

    async fn run(&mut self, script: Script) -> Result<Ran, Fault> {
        let functions = if script.needs_functions { self.bot.functions.clone() } else { Vec::new() };
        let run = script::Run {
            code: code_of(script.code),
            functions,
            context: script.context,
            env: script.env,
            content: script.content,
            now_ms: self.now.to_utc().timestamp().as_millisecond(),
            seed: script.seed,
            choices: script.choices,
            message: script.message,
            session_id: self.session.clone(),
            language: self.language.clone(),
            ambiguous: script.ambiguous,
        };
        let ran = self.shared.scripts.run(self.key.bot.as_str(), &run).await;
        if let Some(notes) = self.notes {
            notes.ran(run, ran.as_ref().err());
        }
        match ran {
            Ok(ran) => Ok(ran_of(ran)),
            Err(fault) => {
                if !fault.is_authors() {
                    tracing::error!(error = %fault, bot.id = %self.key.bot, "a script could not be run");
                }
                let cause = if fault.is_authors() { Cause::Script } else { Cause::Engine };
                Err(Fault::of(cause, fault.to_string()))
            }
        }
    }

    async fn call(&mut self, call: ServiceCall) -> Result<Answer, Fault> {
        let mut headers = call.headers;
        // A replayed call goes nowhere, so nobody has to be told who calls.
        let auth = match call.auth.as_ref().filter(|_| !self.replays()) {
            Some(profile) => auth_of(profile, &mut headers)?,
            None => None,
        };
        let number = self.journal.next();
        let changes = !["GET", "HEAD", "OPTIONS"].iter().any(|safe| call.method.eq_ignore_ascii_case(safe));
        let has_key = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(IDEMPOTENCY_KEY));
        if self.shared.options.idempotency_keys && changes && !has_key {
            // The same call of the same turn has the same key, should the turn be taken again.
            let call = format!("{}/{number}", self.journal.turn);
            headers.push((IDEMPOTENCY_KEY.to_owned(), access::digest::sha256(call.as_bytes())[..32].to_owned()));
        }
        let asked = json!([call.method, call.url, call.body]);
        let question = self.journal.question(&format!("service {} {}", call.name, call.method), &asked);
        let request = services::Request {
            name: call.name,
            method: call.method,
            url: call.url,
            headers,
            body: call.body,
            timeout: Duration::from_secs(u64::from(call.timeout_s.max(1))),
            auth,
            sample: call.sample,
        };
        let (services, mode) = (&self.shared.services, self.mode);
        let act = async {
            let response = services.call(&request, mode).await.map_err(fault_of)?;
            Ok(Answer { status: response.status, headers: response.headers, body: response.body })
        };
        if self.replays() {
            // It goes nowhere.
            return act.await;
        }
        let _outside = self.shared.queue.outside(self.key);
        self.journal.ask(self.talk, question, act).await
    }

    async fn table(&mut self, access: TableAccess) -> Result<Value, Fault> {
        let filter = filter_of(&access)?;
        let about = json!([access.table, access.data, access.conditions, access.any, access.skip, access.limit]);
        let table = domain::keepable(access.table.trim()).into_owned();
        if table.is_empty() {
            return Err(Fault::new("it names no table"));
        }
        let op = match access.method.as_str() {
            "insert" => TableOp::Insert { table, data: access.data },
            "query" => {
                let limit = access.limit.and_then(|limit| usize::try_from(limit).ok());
                let skip = usize::try_from(access.skip).unwrap_or(usize::MAX);
                TableOp::Query { table, filter, sort: None, skip, limit }
            }
            "update" => TableOp::Update { table, filter, data: access.data },
            "delete" => TableOp::Delete { table, filter },
            other => {
                return Err(Fault::new(format!("`{other}` is no use of a table: insert, query, update or delete")));
            }
        };
        let question = self.journal.question(&format!("data table {} {}", op.table(), access.method), &about);
        let (store, bot) = (&self.shared.store, &self.key.bot);
        let writes = !matches!(op, TableOp::Query { .. });
        if writes && self.journal.book.is_some() {
            return self.journal.write_table(question, op).await;
        }
        let work = async {
            let result = store.data_table(bot, op).await;
            Ok(result.map_err(|error| Fault::new(error.to_string()))?.body())
        };
        let result = self.journal.look(question, work).await;
        if let Some(notes) = self.notes.filter(|_| writes) {
            notes.wrote_table();
        }
        result
    }

    fn has_model(&self, integration: &str) -> bool {
        self.replays() || self.language_model(integration).is_some()
    }

    async fn generate(&mut self, prompt: Prompt) -> Result<Option<Generated>, Fault> {
        let choice = prompt.model;
        let timeout = Duration::from_secs(u64::from(choice.timeout_s.max(1)));
        let provider = self.language_model(&choice.integration).map(|named| services::Provider {
            url: named.url.clone(),
            api_key: named.api_key.as_ref().map(|key| Secret::new(key.expose().to_owned())),
            model: named.model.clone(),
            timeout,
        });
        if provider.is_none() && !self.replays() {
            return Ok(None);
        }
        let asked = services::Prompt {
            name: prompt.name,
            system: (!prompt.system.is_empty()).then_some(prompt.system),
            prompt: prompt.prompt,
            talk: prompt.talk,
            tools: prompt.tools,
            temperature: choice.temperature,
            max_tokens: choice.max_tokens,
            model: None,
            sample: prompt.sample,
        };
        let talked: Vec<&Value> = asked.talk.iter().chain(&asked.tools).collect();
        let about = json!([asked.system, asked.prompt, talked, asked.temperature, asked.max_tokens]);
        let question = self.journal.question(&format!("language model of {}", asked.name), &about);
        let (services, mode) = (&self.shared.services, self.mode);
        let act = async {
            let generated = match services.generate(provider.as_ref(), &asked, mode).await {
                Ok(generated) => generated,
                // Where answers are replayed, no model is asked; without a recording it is as if there were none.
                Err(services::Failure::NoRecording { .. }) => return Ok(None),
                Err(failure) => return Err(fault_of(failure)),
            };
            let calls = generated.calls.into_iter().map(|(id, name, arguments)| ToolCall { id, name, arguments });
            Ok(Some(Generated { text: generated.text, raw: generated.raw, calls: calls.collect() }))
        };
        if self.replays() {
            return act.await;
        }
        self.journal.ask(self.talk, question, act).await
    }

    async fn webhook(&mut self, call: WebhookCall) -> Result<WebhookAnswer, Fault> {
        let _outside = self.shared.queue.outside(self.key);
        self.talk.webhook(self.journal, call).await
    }

    async fn transfer(&mut self, call: WebhookCall) -> Result<bool, Fault> {
        let _outside = self.shared.queue.outside(self.key);
        self.talk.transfer(self.journal, call).await
    }

    async fn offer_form(&mut self, form: &str, render: &str, definition: &Value) -> FormOffer {
        let token = FormToken {
            bot: self.key.bot.to_string(),
            identity: self.key.identity.clone(),
            channel: self.key.channel.clone(),
            session: self.session.clone(),
            form: form.to_owned(),
        };
        let question = self.journal.question("form", &json!(form));
        let link = self.shared.form_link(&token);
        let link = self.journal.look(question, async { Ok(link.clone()) }).await.unwrap_or(link);
        FormOffer { form: form.to_owned(), link, render: render.to_owned(), definition: definition.clone() }
    }

    async fn keep_file(&mut self, name: &str, bytes: Vec<u8>) -> Result<String, Fault> {
        let store = &self.shared.store;
        let expires = store.clock().now().plus(FILES_KEPT);
        let (_, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let new = store::NewAttachment {
            account: self.key.account.clone(),
            user: self.key.user.clone(),
            name: name.to_owned(),
            extension: extension.to_owned(),
            expires_at: Some(expires),
        };
        let question = self.journal.question(&format!("file {name}"), &json!(access::digest::sha256(&bytes)));
        let work = async {
            let kept = store.put_attachment(new, bytes.into()).await;
            let file = kept.map_err(|error| Fault::of(Cause::Engine, error.to_string()))?;
            let place = format!("media/{}", file.media_name);
            let links = access::LinkSigner::new(store.key());
            Ok(links.link(&self.shared.public_url, &place, expires, Some(&file.name), store.ids()))
        };
        self.journal.look(question, work).await
    }

    fn think<T>(&self, bytes: usize, work: impl FnOnce() -> T) -> T {
        self.shared.models.think(self.pace, bytes, work)
    }

    fn is_out_of_time(&self) -> bool {
        Instant::now() >= self.ends_at
    }
}

impl WorldHost<'_, '_> {
    /// Whether what is outside is answered from recordings.
    fn replays(&self) -> bool {
        self.mode.unwrap_or(self.shared.options.services.mode) == services::Mode::Replay
    }

    /// The language model that answers for an integration: its own, else the default one.
    fn language_model(&self, integration: &str) -> Option<&crate::LanguageModel> {
        let models = &self.shared.options.language_models;
        models.get(integration).or_else(|| models.get("default"))
    }
}

fn code_of(code: Code) -> script::Code {
    let pieces = |pieces: Vec<Piece>| -> Vec<script::Piece> {
        let of = |piece| match piece {
            Piece::Text(text) => script::Piece::Text(text),
            Piece::Expression(expression) => script::Piece::Expression(expression),
        };
        pieces.into_iter().map(of).collect()
    };
    match code {
        Code::Body(body) => script::Code::Body(pieces(body)),
        Code::Texts(texts) => script::Code::Texts(texts.into_iter().map(pieces).collect()),
        Code::Values(values) => script::Code::Values(values),
    }
}

fn ran_of(ran: script::Ran) -> Ran {
    let put = |put: script::Put| Put {
        store: put.store.key().to_owned(),
        key: put.key,
        value: put.value,
        ttl_minutes: put.ttl_minutes,
    };
    let level = |level| match level {
        script::TagLevel::Message => "message",
        script::TagLevel::Session => "session",
        script::TagLevel::User => "user",
        script::TagLevel::AlternateText => "alternateText",
    };
    Ran {
        texts: ran.texts,
        values: ran.values,
        printed: ran.printed,
        returned: ran.returned,
        context: ran.context,
        puts: ran.puts.into_iter().map(put).collect(),
        tags: ran.tags.into_iter().map(|tag| (level(tag.level).to_owned(), tag.name, tag.value)).collect(),
        context_tags: ran.context_tags,
        logs: ran.logs,
        closes_session: ran.closes_session,
        clears_auth: ran.clears_auth,
    }
}

/// How a profile proves who calls. A kind without a way of its own adds its header fields.
fn auth_of(profile: &AuthProfile, headers: &mut Vec<(String, String)>) -> Result<Option<Auth>, Fault> {
    let detail = |names: &[&str]| -> Option<String> {
        names.iter().find_map(|name| find_text(&profile.details, name)).filter(|text| !text.is_empty())
    };
    let missing = |what: &str| {
        let message = format!("the authorization profile '{}' has no {what}: set it in the profile", profile.name);
        Fault::of(Cause::Bot, message)
    };
    let kind = profile.kind.to_lowercase();
    if kind.starts_with("oauth") {
        let token_url = detail(&["tokenURL", "token_url", "accessTokenURL"]).ok_or_else(|| missing("token address"))?;
        let client_id = detail(&["clientID", "client_id", "clientId"]).unwrap_or_default();
        let client_secret = Secret::new(detail(&["clientSecret", "client_secret"]).unwrap_or_default());
        let scope = detail(&["scope", "scopes"]);
        return Ok(Some(match (detail(&["username", "user"]), detail(&["password"])) {
            (Some(username), Some(password)) => {
                let password = Secret::new(password);
                Auth::Password { token_url, client_id, client_secret, username, password, scope }
            }
            _ => {
                let credentials_in = CredentialsIn::Body;
                Auth::ClientCredentials { token_url, client_id, client_secret, scope, credentials_in }
            }
        }));
    }
    if kind.replace(['_', ' '], "") == "apikey" {
        let field = profile.fields.first().ok_or_else(|| missing("key"))?;
        let value = Secret::new(value_of(field));
        let place = if field.place == "query" { KeyPlace::Query } else { KeyPlace::Header };
        return Ok(Some(Auth::ApiKey { place, name: field.key.clone(), value }));
    }
    if kind == "basic" {
        let field = |name: &str| profile.fields.iter().find(|field| field.key.eq_ignore_ascii_case(name)).map(value_of);
        let user = detail(&["username", "user"]).or_else(|| field("username")).filter(|user| !user.is_empty());
        let password = detail(&["password"]).or_else(|| field("password")).filter(|password| !password.is_empty());
        if let (Some(user), Some(password)) = (user, password) {
            return Ok(Some(Auth::Basic { user, password: Secret::new(password) }));
        }
        // Other profiles put the header together themselves. What the original would ask its users for is in no export.
        let made = field("authorization").filter(|header| header.split_whitespace().nth(1).is_some());
        if made.is_none() {
            return Err(missing("user name and password"));
        }
    }
    let added = profile.fields.iter().filter(|field| field.place == "header");
    headers.extend(added.map(|field| (field.key.clone(), value_of(field))));
    Ok(None)
}

/// What a field was filled in with.
fn value_of(field: &AuthField) -> String {
    field.value.as_constant().unwrap_or_default().to_owned()
}

/// The first text with this name anywhere in a value.
fn find_text(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Object(object) => object
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .or_else(|| object.values().find_map(|inner| find_text(inner, name))),
        Value::Array(list) => list.iter().find_map(|inner| find_text(inner, name)),
        _ => None,
    }
}

fn filter_of(access: &TableAccess) -> Result<Option<TableFilter>, Fault> {
    if access.conditions.is_empty() {
        return Ok(None);
    }
    let mut expressions = Vec::new();
    for (field, operand, value, kind) in &access.conditions {
        let operand = operand.parse().map_err(|error: store::UnknownOperand| Fault::new(error.to_string()))?;
        let expression =
            TableExpression { field: field.clone(), operand, value: Value::String(value.clone()), kind: kind.clone() };
        expressions.push(expression);
    }
    let operator = if access.any { store::Operator::Or } else { store::Operator::And };
    Ok(Some(TableFilter { operator, expressions }))
}
