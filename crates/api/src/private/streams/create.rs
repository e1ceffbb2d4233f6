//! `POST /api/users/{u}/builder/streams`: makes a bot.

use axum::Json;
use axum::extract::{Path, State};
use definition::{Blank, blank};
use domain::{BotId, DefinitionFile};
use serde_json::{Map, Value, json};
use store::{Bot, Content, NewChange, User};

use crate::body::{Call, optional_text, required_text};
use crate::private::person::require_creator;
use crate::{ApiError, Platform};

/// Makes a bot that greets and that says when it did not understand: `{name, description?, defaultLanguage?, type?,
/// purpose?, color?, icon?}`. `icon` is the id of an uploaded file or of an icon of the original's own; one that is neither is
/// named in `ignored`.
#[utoipa::path(post, path = "/api/users/{userId}/builder/streams", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`")),
    request_body = Object, responses((status = 200, description = "the bot"), (status = 403, description = "the user may not create bots"), (status = 412, description = "the bot has no name")), security(("bearer" = [])))]
pub(crate) async fn create(
    State(platform): State<Platform>,
    Path(user): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let person = platform.person(&call, &user).await?;
    require_creator(&person.caller)?;
    let body = call.members().await?;
    let bot = platform.create_bot(&person.user, &body).await?;
    let mut record = platform.bot_with_settings(&call, &bot).await?;
    add_ignored_icon(&mut record, &body, &bot);
    Ok(Json(record))
}

/// Says of an icon that a new bot was not given, because there is none with this id.
pub(super) fn add_ignored_icon(record: &mut Map<String, Value>, body: &Map<String, Value>, bot: &Bot) {
    if optional_text(body, "icon").is_some() && bot.content.icon.is_none() {
        record.insert("ignored".into(), json!(["icon"]));
    }
}

/// The colour of a bot that was given none.
const COLOR: &str = "#009dab";

/// Names longer than this help nobody. Characters.
const MAX_NAME: usize = 200;

impl Platform {
    /// Makes a new bot with what a body says about it.
    pub(crate) async fn create_bot(&self, user: &User, body: &Map<String, Value>) -> Result<Bot, ApiError> {
        let language = optional_text(body, "defaultLanguage").unwrap_or_else(|| "en".to_owned());
        let plain =
            |text: &str| text.len() <= 10 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        if !plain(&language) {
            let detail = format!("`defaultLanguage` is `{language}`: give a code such as `en` or `zh_cn`");
            return Err(ApiError::invalid_arguments(detail).at("/defaultLanguage"));
        }
        let localised = body.get("localeData").and_then(|locales| locales.get(&language)).and_then(Value::as_object);
        let text = |name: &str| optional_text(body, name).or_else(|| optional_text(localised?, name));
        let name = text("name").map_or_else(|| required_text(body, "name"), Ok)?;
        if name.chars().count() > MAX_NAME {
            let detail = format!("`name` has more than {MAX_NAME} characters");
            return Err(ApiError::invalid_arguments(detail).at("/name"));
        }
        let kind = one_of(body, "type", &["default", "taskbot", "universalbot"])?;
        let purpose = one_of(body, "purpose", &["customer", "employee"])?;
        let color = color(body)?.unwrap_or_else(|| COLOR.to_owned());
        let description = text("description").unwrap_or_default();

        let (store, ids, now) = (self.store(), self.store().ids(), self.now());
        let icon = match optional_text(body, "icon") {
            Some(icon) => self.icon(&user.account, &user.id, &icon).await?,
            None => None,
        };
        let (icon, icon_file) = icon.unzip();
        let (id, reference_id) = (BotId::new(ids), ids.uuid());
        let parts = Blank {
            id: id.as_str(),
            ref_id: &reference_id,
            name: &name,
            description: &description,
            language: &language,
            kind: &kind,
            purpose: &purpose,
            color: &color,
        };
        let new_id = |prefix: &'static str| if prefix.is_empty() { ids.uuid() } else { ids.prefixed(prefix) };
        let (definition, config) = blank(&parts, new_id);
        let content = Content {
            definition: store.blobs().put_content(definition.into()).await?,
            definition_file: DefinitionFile::default(),
            config: store.blobs().put_content(config.into()).await?,
            functions: Vec::new(),
            icon,
        };
        let bot = Bot {
            id,
            account: user.account.clone(),
            reference_id,
            name,
            description,
            kind,
            purpose,
            color,
            languages: vec![language.clone()],
            default_language: language,
            content,
            revision: 1,
            last_version: 0,
            published_version: None,
            settings: Map::new(),
            created_by: user.id.clone(),
            created_at: now,
            modified_by: user.id.clone(),
            modified_at: now,
        };
        let change = NewChange {
            user: user.id.clone(),
            resource_id: None,
            resource_type: "stream",
            message: "Bot created".to_owned(),
        };
        let entry = change.entry(store, &bot.account, &bot.id);
        let written = bot.clone();
        store
            .write(move |tx| {
                Box::pin(async move {
                    written.insert(tx).await?;
                    if let Some(file) = icon_file {
                        file.insert(tx).await?;
                    }
                    entry.insert(tx).await
                })
            })
            .await?;
        Ok(bot)
    }
}

/// A word of a closed set in any letter case; the first one when absent.
fn one_of(body: &Map<String, Value>, name: &str, words: &[&str]) -> Result<String, ApiError> {
    let Some(given) = optional_text(body, name) else { return Ok(words[0].to_owned()) };
    match words.iter().find(|word| word.eq_ignore_ascii_case(&given)) {
        Some(word) => Ok((*word).to_owned()),
        None => {
            let detail = format!("`{name}` is `{given}`: give one of {}", words.join(", "));
            Err(ApiError::invalid_arguments(detail).at(format!("/{name}")))
        }
    }
}

/// The colour a body gives, if it gives one.
fn color(body: &Map<String, Value>) -> Result<Option<String>, ApiError> {
    let Some(color) = optional_text(body, "color") else { return Ok(None) };
    let digits = color.strip_prefix('#').unwrap_or_default();
    if matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(Some(color));
    }
    Err(ApiError::invalid_arguments(format!("`color` is `{color}`: give one such as `{COLOR}`")).at("/color"))
}
