//! `POST …/variables`: sets variables of a bot.

use axum::Json;
use axum::extract::{Path, State};
use definition::Config;
use definition::variables::{VariablesError, import_variables};
use serde_json::Value;
use store::{Bot, NewChange, Store};

use crate::body::Call;
use crate::private::documents::Documents;
use crate::{ApiError, Platform};

/// Sets variables of the bot's draft: `{key, value, variableType?, isSecured?, …}` or a list of such. Those with a known
/// key are changed, others are added. Values of secured variables are sealed, and never shown again.
#[utoipa::path(post, path = "/api/users/{userId}/builder/streams/{botId}/variables", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Vec<Object>, responses((status = 200, description = "all variables as they are now"), (status = 412, description = "a variable has no key")), security(("bearer" = [])))]
pub(crate) async fn put(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Vec<Value>>, ApiError> {
    let (person, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    let body = match call.json()? {
        one @ Value::Object(_) if one.get("key").is_some() => Value::Array(vec![one]),
        other => other,
    };
    let work = move |documents: Documents| {
        let Documents { definition, config } = documents;
        let imported = import_variables(&config, &definition, &body).map_err(refused)?;
        let config = Config::parse(imported.config, "config.json").map_err(|error| ApiError::internal(&error))?;
        let (config, secured) = config.without_secured_values().map_err(|error| ApiError::internal(&error))?;
        Ok((imported.definition, config, secured, imported.count))
    };
    let (definition, config, secured, count) = platform.read_documents(&bot, work).await?;

    let (store, now) = (platform.store(), platform.now());
    let mut content = bot.content.clone();
    content.definition = store.blobs().put_content(definition.into()).await?;
    content.config = store.blobs().put_content(config.into()).await?;
    let swap = bot.swap(content, &person.user.id, now);
    let change = NewChange {
        user: person.user.id,
        resource_id: None,
        resource_type: "variables",
        message: format!("{count} variables saved"),
    };
    let entry = change.entry(store, &bot.account, &bot.id);
    let sealed: Vec<(String, String)> =
        secured.iter().map(|(key, value)| (key.clone(), store.seal_variable(&bot.id, key, value))).collect();
    let id = bot.id.clone();
    store
        .write(move |tx| {
            Box::pin(async move {
                Bot::apply_swap(tx, &id, &swap).await?;
                for (key, sealed) in &sealed {
                    Store::put_secured_value(tx, &id, key, sealed, now).await?;
                }
                entry.insert(tx).await
            })
        })
        .await?;
    let bot = store.bot(&bot.id).await?.ok_or_else(ApiError::invalid_stream)?;
    Ok(Json(platform.variables_of(&bot).await?))
}

fn refused(error: VariablesError) -> ApiError {
    match &error {
        VariablesError::NoKey { pointer } => ApiError::invalid_arguments(error.to_string()).at(pointer.clone()),
        VariablesError::Shape(shape) => ApiError::internal(shape),
        VariablesError::Empty | VariablesError::NotVariables => ApiError::invalid_arguments(error.to_string()),
    }
}
