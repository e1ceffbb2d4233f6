//! `POST /api/public/bot/{id}/mlexport`: starts an export of training utterances. (api.md §16.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};
use store::{Kind, NewRequest};

use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::MlExport], Limit::Bot);

/// Starts an export of a bot's training utterances; `mlexport/status` shows how far it is and where the file is.
#[utoipa::path(post, path = "/api/public/bot/{botId}/mlexport", tag = "Utterances",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("state" = Option<String>, Query, description = "`configured` (the draft, the default) or `published`"), ("type" = Option<String>, Query, description = "`json` (the default) or `csv`")),
    responses((status = 200, description = "the export's record, `IN_PROGRESS`"), (status = 412, description = "`state` or `type` is unknown")), security(("token" = [])))]
pub(crate) async fn export(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let query = call.query();
    let choice = |name: &str, choices: [&'static str; 2]| match query.get(name) {
        None => Ok(choices[0]),
        Some(given) => {
            let known = choices.into_iter().find(|choice| choice.eq_ignore_ascii_case(given));
            known.ok_or_else(|| {
                let detail = format!("`{name}` is `{given}`: give `{}` or `{}`", choices[0], choices[1]);
                ApiError::invalid_arguments(detail)
            })
        }
    };
    let state = choice("state", ["configured", "published"])?;
    let file_type = choice("type", ["json", "csv"])?;
    let new = NewRequest {
        kind: Kind::UtteranceExport,
        account: bot.account.clone(),
        bot: Some(bot.id.clone()),
        parameters: json!({"state": state, "fileType": file_type}),
        log: Vec::new(),
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let submitted = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?;
    Ok(Json(super::export_record(&submitted.request)))
}
