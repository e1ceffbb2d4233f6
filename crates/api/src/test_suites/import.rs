//! `POST /api/public/bot/{id}/testsuite/import`: makes or replaces a suite from an uploaded file.

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::TooLarge;
use serde_json::{Map, Value, json};
use store::NewTestSuite;
use understanding::read_test_cases;

use crate::body::{Call, optional_text, required_text};
use crate::documents::blocking;
use crate::nlp::language_of;
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform, sizes};

const DEMAND: Demand = demand(&[Scope::BatchTestManagement], Limit::Bot);

/// A file of cases is read as a whole. Bytes.
const MAX_FILE_BYTES: i64 = 8 << 20;

/// Makes a suite from an uploaded CSV or JSON file, or (`importType: update`) replaces the cases of one.
///
/// `fileName` is the id of the uploaded file, as clients of the original send it; `fileId` is taken, too. The language of
/// the cases is that of the header `bot-language`, or the bot's default.
#[utoipa::path(post, path = "/api/public/bot/{botId}/testsuite/import", tag = "Batch tests", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body(content = Object, description = "`{fileName, fileType?, delimiter?, importType?: new|update, name, description?}`"),
    responses((status = 200, description = "the suite"), (status = 400, description = "the file id is unknown, the file cannot be read, or there is no suite to update"), (status = 409, description = "there is a suite of this name already"), (status = 412, description = "`fileName` or `name` is missing")), security(("token" = [])))]
pub(crate) async fn import(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let body = call.members().await?;
    let file_id = match optional_text(&body, "fileId") {
        Some(id) => id,
        None => required_text(&body, "fileName")?,
    };
    let name = required_text(&body, "name")?;
    let replaces = match optional_text(&body, "importType").as_deref() {
        None | Some("new") => false,
        Some("update") => true,
        Some(other) => {
            let detail = format!("`importType` is `{other}`: give `new` or `update`");
            return Err(ApiError::invalid_arguments(detail).at("/importType"));
        }
    };
    let limits = platform.store().limits();
    let description = optional_text(&body, "description").unwrap_or_default();
    sizes::bytes("description", description.len(), limits.text_bytes)?;
    if !replaces {
        let suites = usize::try_from(platform.store().test_suites(&bot.id, 1, 0).await?.total).unwrap_or(usize::MAX);
        TooLarge::check("the bot", suites.saturating_add(1), limits.test_suites, "test suites")?;
    }
    let language = language_of(&call, &bot)?;
    let file = platform.store().file(&bot.account, &file_id).await?.ok_or_else(ApiError::invalid_file)?;
    if file.size > MAX_FILE_BYTES {
        return Err(ApiError::too_large(format!("The file {} is larger than {MAX_FILE_BYTES} bytes", file.name)));
    }
    let bytes = platform.store().file_bytes(&file).await?;
    let delimiter = body.get("delimiter").and_then(Value::as_str).and_then(|it| it.chars().next());
    let cases = blocking(move || read_test_cases(&bytes, delimiter)).await?;
    let cases = cases.map_err(|error| {
        ApiError::bad_request("Test suite file format is incorrect").with_detail(format!("{}: {error}", file.name))
    })?;
    let new = NewTestSuite { name, description, language, cases: json!(cases), by: caller.user().clone() };
    let suite = if replaces {
        let updated = platform.store().update_test_suite(&bot, new).await?;
        updated.ok_or_else(|| ApiError::bad_request("Test Suite not found"))?
    } else {
        platform.store().create_test_suite(&bot, new).await?
    };
    Ok(Json(object(json!({
        "_id": suite.id,
        "streamId": bot.id,
        "name": suite.name,
        "description": suite.description,
        "language": suite.language,
        "testSuiteType": "custom",
        "utterance_count": cases.len(),
        "status": "success",
        "message": "Test Suite imported successfully",
    }))))
}
