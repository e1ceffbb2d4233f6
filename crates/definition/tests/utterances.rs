//! Export and import of ML utterances.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod corpus;

use definition::check::check;
use definition::utterances::{
    FileError, ImportMode, Rejection, Row, export_rows, import_rows, read_rows, to_csv, to_json,
};
use definition::{Config, Document, Edit};
use serde_json::{Value, json};

const CAFE: &str = include_str!("fixtures/cafe.json");

fn cafe() -> Document {
    Document::parse(CAFE, "botDefinition.json").unwrap()
}

/// Ids `000000000000000000000001`, `…2` and so on.
fn ids() -> impl FnMut() -> String {
    let mut next = 0;
    move || {
        next += 1;
        format!("{next:024x}")
    }
}

#[test]
fn a_listing_imported_again_changes_nothing() {
    for export in corpus::exports() {
        let definition = Document::parse(export.definition, "botDefinition.json").unwrap();
        let rows = export_rows(&definition).unwrap();
        for file in [to_json(&rows), to_csv(&rows), format!("\u{feff}{}", to_csv(&rows).replace('\n', "\r\n"))] {
            let read = read_rows(file.as_bytes()).unwrap();
            for mode in [ImportMode::Add, ImportMode::Replace] {
                let imported = import_rows(&definition, &read, mode, &mut ids()).unwrap();
                assert_eq!(imported.rejected, [], "{}", export.name);
                assert_eq!((imported.count, imported.added), (rows.len(), 0), "{}", export.name);
                assert!(imported.text == definition.text(), "{}", export.name);
            }
        }
    }
}

#[test]
fn a_listing_trains_the_same_bot_without_utterances() {
    for export in corpus::exports() {
        let config = Config::parse(export.config, "config.json").unwrap();
        let definition = Document::parse(export.definition, "botDefinition.json").unwrap();
        let rows = export_rows(&definition).unwrap();
        let mut edit = Edit::of(&definition);
        edit.set("sentences", &json!([]));
        let untrained = edit.finish("botDefinition.json").unwrap();
        let imported = import_rows(&untrained, &rows, ImportMode::Add, &mut ids()).unwrap();
        assert_eq!((imported.count, imported.added), (rows.len(), rows.len()), "{}", export.name);
        let trained = Document::parse(imported.text, "botDefinition.json").unwrap();
        assert_eq!(export_rows(&trained).unwrap(), rows, "{}", export.name);
        let report = check(&trained, &config);
        assert!(report.errors.is_empty(), "{} {:?}", export.name, report.errors);
    }
}

#[test]
fn files_look_as_the_vendors() {
    let rows = export_rows(&cafe()).unwrap();
    assert!(
        to_csv(&rows).starts_with("taskName,sentence,type,language\nOrder_Coffee,an espresso please,DialogIntent,en\n")
    );
    let json: Value = serde_json::from_str(&to_json(&rows)).unwrap();
    assert_eq!(
        json[1].to_string(),
        r#"{"taskName":"Order_Coffee","sentence":"I want a coffee","type":"DialogIntent","entities":[],"language":"en"}"#
    );
    let quoted = [Row { sentence: "\"two\", please\nnow".into(), ..rows[1].clone() }];
    assert_eq!(read_rows(to_csv(&quoted).as_bytes()).unwrap()[0].sentence, quoted[0].sentence);
}

#[test]
fn files_are_read_as_people_write_them() {
    let expected = [("Pay", "cash, please", "DialogIntent", "de", 2), ("Pay", "card", "DialogIntent", "", 3)];
    for file in [
        "taskName,sentence,type,language\nPay,\"cash, please\",DialogIntent,de\nPay,card\n",
        "\u{feff}language, Sentence ,extra,TASKNAME\r\nde,\"cash, please\",x,Pay\r\n,card,,Pay\r\n,,,\r\n",
        "sentence;taskName;language\ncash, please;Pay;de\ncard;Pay;\n",
    ] {
        let rows = read_rows(file.as_bytes()).unwrap();
        let cells = rows.iter().map(|row| {
            (row.task_name.as_str(), row.sentence.as_str(), row.kind.as_str(), row.language.as_str(), row.line)
        });
        assert_eq!(cells.collect::<Vec<_>>(), expected, "{file}");
    }
    let bad: [(&[u8], &str); 7] = [
        (b"", "line 1"),
        (b"just text", "line 1"),
        (b"Pay,card\nPay,cash", "line 1"),
        (b"taskName;utterance\n", "line 1"),
        (b"\xff\xfea", "UTF-8"),
        (b"[{\"taskName\": }]", "line 1, column 15"),
        (b"{\"taskName\": 1}", "not a list"),
    ];
    for (file, message) in bad {
        let error = read_rows(file).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    assert_eq!(read_rows(b"[7]"), Err(FileError::NotRows));
}

#[test]
fn rows_are_added_or_replace_what_is_there() {
    let file = json!([
        {"taskName": "order coffee", "sentence": "I want a coffee"},
        {"taskName": "Order_Coffee", "sentence": "a latte", "language": "en",
         "entities": [{"startIndex": 2, "endIndex": 7, "entityId": "dc-00000002-0000-5000-8000-000000000000"},
                      {"startIndex": 0, "endIndex": 1, "entityId": "dc-gone"}]},
        {"taskName": "Order Coffee", "sentence": "a latte"},
        {"taskName": "Order Coffee", "sentence": "ein Latte", "language": "de"},
        {"taskName": "Sing", "sentence": "a song"},
        {"taskName": "Pay", "sentence": " "},
    ]);
    let rows = read_rows(file.to_string().as_bytes()).unwrap();
    let add = import_rows(&cafe(), &rows, ImportMode::Add, &mut ids()).unwrap();
    assert_eq!((add.count, add.added), (4, 2));
    let rejected = add.rejected.iter().map(|row| (row.line, row.task_name.as_str(), row.reason)).collect::<Vec<_>>();
    assert_eq!(rejected, [(5, "Sing", Rejection::UnknownTask), (6, "Pay", Rejection::NoSentence)]);
    let definition = Document::parse(add.text.clone(), "botDefinition.json").unwrap();
    let report = check(&definition, &Config::parse("{}", "config.json").unwrap());
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    let sentences = |text: &str| serde_json::from_str::<Value>(text).unwrap()["sentences"].as_array().unwrap().clone();
    let rows_after = sentences(&add.text);
    assert_eq!(rows_after[..4], sentences(CAFE));
    assert_eq!(
        rows_after[4],
        json!({"_id": "000000000000000000000001", "taskId": "dc-00000001-0000-5000-8000-000000000000",
            "taskName": "Order_Coffee", "type": "DialogIntent", "sentence": "a latte", "language": "en",
            "entities": [{"startIndex": 2, "endIndex": 7, "entityId": "dc-00000002-0000-5000-8000-000000000000"}]})
    );
    assert_eq!((rows_after.len(), rows_after[5]["language"].as_str()), (6, Some("de")));
    assert!(!add.text.contains("encryptedHash"));

    let replace = import_rows(&cafe(), &rows, ImportMode::Replace, &mut ids()).unwrap();
    assert_eq!(sentences(&replace.text), [&sentences(CAFE)[1..2], &rows_after[4..]].concat());
}
