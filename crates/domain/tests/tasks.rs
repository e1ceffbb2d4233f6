//! Rows of requests: those that earlier releases wrote are read, those of later ones are refused by name.

use domain::task::{
    self, BatchTest, BotExport, BotImport, ExportType, FaqTraining, FileType, ImportFiles, Kind, MlTraining, Publish,
    Target, Task, TestedVersion, UnreadableTask, UtteranceExport, UtteranceImport, UtteranceState, WebhookDelivery,
};
use domain::{Code, Finding};
use serde_json::{Value, json};

fn read(kind: Kind, row: &Value) -> Result<Task, UnreadableTask> {
    Ok(match kind {
        Kind::BotImport => task::read::<BotImport>(row)?.into(),
        Kind::BotExport => task::read::<BotExport>(row)?.into(),
        Kind::Publish => task::read::<Publish>(row)?.into(),
        Kind::UtteranceImport => task::read::<UtteranceImport>(row)?.into(),
        Kind::UtteranceExport => task::read::<UtteranceExport>(row)?.into(),
        Kind::MlTraining => task::read::<MlTraining>(row)?.into(),
        Kind::FaqTraining => task::read::<FaqTraining>(row)?.into(),
        Kind::BatchTest => task::read::<BatchTest>(row)?.into(),
        Kind::WebhookDelivery => task::read::<WebhookDelivery>(row)?.into(),
    })
}

fn finding() -> Finding {
    Finding::new("/colour", Code::UnknownMember, "`colour` is not known.")
}

/// A row of each kind as the release before wrote it, and what it asks.
fn old_rows() -> Vec<(Value, Task)> {
    let told = json!([{"pointer": "/colour", "code": "unknown_member", "text": "`colour` is not known."}]);
    let files = ImportFiles {
        bot_definition: Some("f1".into()),
        config_info: Some("f2".into()),
        icon: Some("f3".into()),
        bot_functions: vec!["f4".into()],
        zip_info: None,
    };
    let stored_files =
        json!({"botDefinition": "f1", "configInfo": "f2", "icon": "f3", "botFunctions": ["f4"], "zipInfo": null});
    vec![
        (
            json!({"target": "new", "streamRefId": "r", "files": stored_files, "name": null, "purpose": null,
                "color": "#fff", "findings": told, "dryRun": true}),
            BotImport {
                color: Some("#fff".into()),
                findings: vec![finding()],
                dry_run: true,
                ..BotImport::new(Target::New, "r".into(), files)
            }
            .into(),
        ),
        (
            json!({"target": "existing", "streamRefId": "r",
                "files": {"botDefinition": null, "configInfo": null, "icon": null, "botFunctions": [], "zipInfo": "z"},
                "findings": [], "body": {"importOptions": {"tasks": ["botTask"]}}, "dryRun": false}),
            BotImport {
                body: json!({"importOptions": {"tasks": ["botTask"]}}),
                ..BotImport::new(
                    Target::Existing,
                    "r".into(),
                    ImportFiles { zip_info: Some("z".into()), ..ImportFiles::default() },
                )
            }
            .into(),
        ),
        (
            json!({"exportType": "published", "version": null, "findings": [], "body": {"exportType": "published"}}),
            BotExport {
                export_type: ExportType::Published,
                version: None,
                body: json!({"exportType": "published"}),
                findings: Vec::new(),
            }
            .into(),
        ),
        (
            json!({"versionComment": "first", "initiateTraining": false, "findings": told}),
            Publish {
                version_comment: "first".into(),
                initiate_training: false,
                version: None,
                findings: vec![finding()],
            }
            .into(),
        ),
        (
            json!({"versionComment": "Version 2 restored", "initiateTraining": true, "version": 2}),
            Publish {
                version_comment: "Version 2 restored".into(),
                initiate_training: true,
                version: Some(2),
                findings: Vec::new(),
            }
            .into(),
        ),
        (
            json!({"fileId": "f", "fileMember": "fileID", "fileName": "rows.csv", "replace": true, "findings": []}),
            UtteranceImport {
                file_id: "f".into(),
                file_member: "fileID".into(),
                file_name: Some("rows.csv".into()),
                replace: true,
                findings: Vec::new(),
            }
            .into(),
        ),
        (
            json!({"state": "published", "fileType": "csv"}),
            UtteranceExport { state: UtteranceState::Published, file_type: FileType::Csv }.into(),
        ),
        (
            json!({"language": "de", "trainingId": "t"}),
            MlTraining { language: Some("de".into()), training_id: Some("t".into()) }.into(),
        ),
        (json!({"language": "en"}), FaqTraining { language: Some("en".into()) }.into()),
        (
            json!({"suiteKey": "k", "suiteId": null, "suiteName": "all", "version": "published", "language": "en",
                "findings": []}),
            BatchTest {
                suite_key: "k".into(),
                suite_id: None,
                suite_name: Some("all".into()),
                version: TestedVersion::Published,
                language: Some("en".into()),
                findings: Vec::new(),
            }
            .into(),
        ),
        (
            json!({"webhookId": "w", "payload": {"type": "publish.succeeded", "at": 1.50}}),
            WebhookDelivery { webhook_id: "w".into(), payload: json!({"type": "publish.succeeded", "at": 1.50}) }
                .into(),
        ),
    ]
}

#[test]
fn rows_of_the_release_before_are_read() {
    let mut kinds = Vec::new();
    for (row, expected) in old_rows() {
        let kind = expected.kind();
        assert_eq!(read(kind, &row).unwrap(), expected, "{row}");
        // What is written is read as the same, and says its form.
        let written = expected.to_row().unwrap();
        assert_eq!(written["v"], 1, "{written}");
        assert_eq!(read(kind, &written).unwrap(), expected, "{written}");
        kinds.push(kind);
    }
    assert!(Kind::ALL.iter().all(|kind| kinds.contains(kind)), "a row of each kind");
}

#[test]
fn rows_that_cannot_be_read_are_named() {
    for (row, expected) in old_rows() {
        let mut row = row;
        row["v"] = json!(2);
        let error = read(expected.kind(), &row).unwrap_err();
        assert!(matches!(error, UnreadableTask::Newer { found: 2, known: 1, .. }), "{error}");
        assert!(error.to_string().contains(expected.kind().as_str()), "{error}");
    }
    let malformed = read(Kind::BotImport, &json!({"target": "elsewhere"})).unwrap_err();
    assert!(matches!(malformed, UnreadableTask::Malformed { kind: "bot_import", .. }), "{malformed}");
}

#[test]
fn kinds_are_known_by_their_words() {
    for kind in Kind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    assert_eq!(
        "export".parse::<Kind>().unwrap_err().to_string(),
        "`export` is not a kind of request; `bot_import` is one"
    );
}
