//! `POST /api/public/bot/{id}/testsuite/import`: makes or replaces a suite from an uploaded file.

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use definition::finding::{Code, Finding, find_unknown_members, listed, shown};
use domain::TooLarge;
use serde_json::{Map, Value, json};
use store::NewTestSuite;
use understanding::{TestCase, read_test_cases, unknown_names};

use super::find_engine;
use crate::body::{Call, optional_text, required_text};
use crate::documents::blocking;
use crate::nlp::language_of;
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform, sizes};

const DEMAND: Demand = demand(&[Scope::BatchTestManagement], Limit::Bot);

/// A file of cases is read as a whole. Bytes.
const MAX_FILE_BYTES: i64 = 8 << 20;

/// Makes a suite from an uploaded CSV or JSON file. One of the same name is replaced: it keeps its id, and its runs stay.
/// With `importType: update` there has to be one. A suite has at most 1,000 utterances of 3,000 characters each; rows one
/// after the other that say the same are one utterance. A file that has more is refused as a whole.
///
/// `findings` (ours, absent without any) list `{pointer, code, text}`: what the request asks that did nothing, and what the
/// cases name that the bot has not; they are taken all the same, since the bot may get it later.
///
/// `fileName` is the id of the uploaded file, as clients of the original send it; `fileId` is taken, too. The language of
/// the cases is that of the header `bot-language`, or the bot's default.
#[utoipa::path(post, path = "/api/public/bot/{botId}/testsuite/import", tag = "Batch tests", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body(content = Object, description = "`{fileName, fileType?, delimiter?, importType?: new|update, name, description?}`"),
    responses((status = 200, description = "the suite"), (status = 400, description = "the file id is unknown, the file cannot be read or has too much, or there is no suite to update"), (status = 412, description = "`fileName` or `name` is missing")), security(("token" = [])))]
pub(crate) async fn import(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let body = call.members().await?;
    let (file_at, file_id) = match optional_text(&body, "fileId") {
        Some(id) => ("/fileId", id),
        None => ("/fileName", required_text(&body, "fileName")?),
    };
    let name = required_text(&body, "name")?;
    let must_exist = match optional_text(&body, "importType").as_deref() {
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
    let is_there = platform.store().test_suite(&bot.id, &name).await?.is_some_and(|suite| suite.name == name);
    if must_exist && !is_there {
        return Err(ApiError::bad_request("Test Suite not found"));
    }
    if !is_there {
        let suites = usize::try_from(platform.store().test_suites(&bot.id, 1, 0).await?.total).unwrap_or(usize::MAX);
        TooLarge::check("the bot", suites.saturating_add(1), limits.test_suites, "test suites")?;
    }
    let language = language_of(&call, &bot)?;
    let file = platform.store().file(&bot.account, &file_id).await?;
    let file = file.ok_or_else(|| ApiError::no_such_file(&file_id, file_at))?;
    if file.size > MAX_FILE_BYTES {
        return Err(ApiError::too_large(format!("The file {} is larger than {MAX_FILE_BYTES} bytes", file.name)));
    }
    let bytes = platform.store().file_bytes(&file).await?;
    let delimiter = body.get("delimiter").and_then(Value::as_str).and_then(|it| it.chars().next());
    let cases = blocking(move || read_test_cases(&bytes, delimiter)).await?;
    let cases = cases.map_err(|error| {
        let refused = ApiError::bad_request("Test suite file format is incorrect");
        refused.with_detail(format!("{}: {error}", file.name)).at(file_at)
    })?;
    if bot.kind == "universalbot" {
        require_bot_names(&cases)?;
    }
    let mut findings = findings_of(&body);
    match platform.models().data(&bot.content.definition, &language).await {
        Ok(data) => findings.extend(unknown_names(&data, &cases)),
        // The draft has lost the language; a run will say so.
        Err(understanding::Error::Language { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let count = cases.len();
    let new = NewTestSuite { name, description, language, cases: json!(cases), by: caller.user().clone() };
    let suite = platform.store().put_test_suite(&bot, new).await?;
    let mut record = object(json!({
        "_id": suite.id,
        "name": suite.name,
        "description": suite.description,
        "streamId": bot.id,
        "language": suite.language,
        "fileId": file.id,
        "fileName": file.name,
        "createdBy": suite.created_by,
        "createdOn": suite.created_at,
        "modifiedOn": suite.modified_at,
        "__v": 0,
        "testSuiteType": "custom",
        "utterance_count": count,
    }));
    if !findings.is_empty() {
        record.insert("findings".into(), json!(listed(findings, &Value::Object(body))));
    }
    Ok(Json(record))
}

/// What a body asks that is not done.
fn findings_of(body: &Map<String, Value>) -> Vec<Finding> {
    let known =
        ["fileName", "fileId", "fileType", "delimiter", "importType", "name", "description", "engine", "userEmailId"];
    let body = Value::Object(body.clone());
    let mut findings = Vec::new();
    find_unknown_members(&body, "", &known, &mut findings);
    find_engine(&body, &mut findings);
    let kind = body.get("fileType").and_then(Value::as_str).unwrap_or_default();
    if !["", "csv", "json"].iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        let text = format!(
            "{} is no type of file that is known here, so it did nothing: what a file is, is told by its content. Give `csv` \
             or `json`.",
            shown(kind)
        );
        findings.push(Finding::new("/fileType", Code::UnknownWord, text));
    }
    findings
}

/// Refuses cases of a universal bot of which only some say which linked bot is to understand them.
fn require_bot_names(cases: &[TestCase]) -> Result<(), ApiError> {
    let expecting = || cases.iter().enumerate().filter(|(_, case)| !case.intent.is_empty());
    let names_any = expecting().any(|(_, case)| !case.bot_name.is_empty());
    match expecting().find(|(_, case)| case.bot_name.is_empty()) {
        Some((at, _)) if names_any => {
            let detail =
                format!("case {} has no `botName`, and others have one; give it to all that expect an intent", at + 1);
            Err(ApiError::bad_request("Test suite file format is incorrect").with_detail(detail))
        }
        _ => Ok(()),
    }
}
