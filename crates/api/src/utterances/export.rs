//! `POST /api/public/bot/{id}/mlexport`: starts an export of training utterances. (api.md §16.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::task::{FileType, UtteranceExport, UtteranceState};
use serde_json::{Map, Value};
use store::NewRequest;

use crate::body::{Call, Query};
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
    let state = choice(
        &query,
        "state",
        [("configured", UtteranceState::Configured), ("published", UtteranceState::Published)],
    )?;
    let file_type = choice(&query, "type", [("json", FileType::Json), ("csv", FileType::Csv)])?;
    let new = NewRequest {
        task: UtteranceExport { state, file_type }.into(),
        account: bot.account.clone(),
        bot: Some(bot.id.clone()),
        log: Vec::new(),
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let submitted = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?;
    Ok(Json(super::export_record(&submitted.request)?))
}

/// What a parameter of the query chooses; the first where it is absent.
fn choice<T: Copy>(query: &Query, name: &str, choices: [(&str, T); 2]) -> Result<T, ApiError> {
    let Some(given) = query.get(name) else { return Ok(choices[0].1) };
    let known = choices.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(given));
    known.map(|(_, chosen)| chosen).ok_or_else(|| {
        let detail = format!("`{name}` is `{given}`: give `{}` or `{}`", choices[0].0, choices[1].0);
        ApiError::invalid_arguments(detail)
    })
}
