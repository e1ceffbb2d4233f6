//! `POST /api/public/bot/import`: imports a bot as a new one. (api.md §2.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use definition::ImportOptions;
use definition::finding::listed;
use domain::BotId;
use domain::task::{BotImport, Target};
use serde_json::{Map, Value};
use store::NewRequest;

use super::{Files, MAX_PEEK_BYTES, first_line, record};
use crate::body::{Call, optional_text};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotImport], Limit::Account);

/// Imports a bot as a new one, from uploaded files: `botDefinition`, `configInfo` and `icon`, or one `zipInfo`. As `icon` the
/// ids of the original's own icons are taken, too (setting `api.icon_ids`).
///
/// The bot gets a new id; nothing else of the definition changes. `import/status/{id}` shows how far the import is.
/// With `?dryRun=true` (ours) everything is checked and reported and nothing is written.
#[utoipa::path(post, path = "/api/public/bot/import", tag = "Bot import", params(("dryRun" = Option<bool>, Query, description = "Only report what would be created")),
    request_body = Object, responses((status = 200, description = "the import's record, `pending`"), (status = 400, description = "a file id is unknown, or the bot is a universal bot of the first version"), (status = 412, description = "a required member is missing")), security(("token" = [])))]
pub(crate) async fn new(State(platform): State<Platform>, call: Call) -> Result<Json<Map<String, Value>>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let body = call.members().await?;
    let mut files = Files::read(&body, true)?;
    let account = &caller.app.account;
    files.check(&platform, &caller).await?;
    files.refuse_universal(&platform, account, None).await?;
    let given_name = optional_text(&body, "name");
    let name = match given_name.clone() {
        Some(name) => name,
        None => platform.name_in_upload(account, &files).await?,
    };
    let purpose = optional_text(&body, "purpose");
    let color = optional_text(&body, "color");
    let body = Value::Object(body);
    let new = NewRequest {
        task: BotImport {
            name: given_name,
            purpose,
            color,
            findings: listed(ImportOptions::ignored_by_new_bots(&body), &body),
            dry_run: call.query().switch("dryRun")?,
            ..BotImport::new(Target::New, platform.store().ids().uuid(), files.as_asked())
        }
        .into(),
        account: account.clone(),
        bot: Some(BotId::new(platform.store().ids())),
        log: vec![first_line(&name)],
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let submitted = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?;
    Ok(Json(record(&submitted.request)?))
}

impl Platform {
    /// The bot's name in the uploaded configuration, for the first line of the log; empty when it cannot be read, which
    /// the import itself will report.
    async fn name_in_upload(&self, account: &domain::AccountId, files: &Files) -> Result<String, ApiError> {
        let Some(config) = &files.config else { return Ok(String::new()) };
        let Some(file) = self.store().file(account, config).await?.filter(|file| file.size <= MAX_PEEK_BYTES) else {
            return Ok(String::new());
        };
        let bytes = self.store().file_bytes(&file).await?;
        let config = definition::Config::parse(bytes.to_vec(), "config.json");
        Ok(config.ok().and_then(|config| config.name()).unwrap_or_default())
    }
}
