//! Export and import of training utterances.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::{TestServer, told};

async fn export(client: &Client, bot: &str, query: &str) -> String {
    let started = client.post(&format!("/api/public/bot/{bot}/mlexport{query}"), &Value::Null).await.json();
    assert_eq!(
        [&started["status"], &started["jobType"], &started["action"]],
        ["IN_PROGRESS", "ML_UTTERANCE", "EXPORT"]
    );
    assert_eq!(started["percentageComplete"], 0);
    let started_id = started["_id"].as_str().unwrap();
    assert!(started_id.starts_with("ds-"), "{started_id}");
    let record = client.get(&format!("/api/public/bot/{bot}/mlexport/status")).await.json();
    // One look is enough: the answer is held back until the file is there.
    assert_eq!([&record["_id"], &record["status"]], [started_id, "SUCCESS"]);
    assert_eq!((&record["percentageComplete"], &record["streamId"]), (&json!(100), &json!(bot)));
    assert!(record["lMod"].as_str().unwrap().ends_with(".000Z"));
    String::from_utf8(client.download(record["downloadUrl"].as_str().unwrap()).await.to_vec()).unwrap()
}

async fn import(client: &Client, bot: &str, body: &Value) -> Value {
    let started = client.post(&format!("/api/public/bot/{bot}/mlimport"), body).await.json();
    assert_eq!([&started["status"], &started["requestType"]], ["pending", "MLimport"]);
    let path = format!("/api/public/bot/{bot}/mlimport/status/{}", started["_id"].as_str().unwrap());
    // Clients of the original expect their first look to find it pending.
    assert_eq!(client.get(&path).await.json()["status"], "pending");
    let record = client.wait(&path).await;
    assert_eq!(record["status"], "success", "{record}");
    record
}

#[tokio::test]
async fn utterances_go_out_and_come_in() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let builder = server.builder(&[&bot]).await;
    let json_text = export(&admin, &bot, "?state=configured&=&type=json").await;
    let rows: Vec<Value> = serde_json::from_str(&json_text).unwrap();
    let csv = export(&builder, &bot, "?state=configured&type=CSV").await;
    assert!(csv.starts_with("taskName,sentence,type,language\n"), "{csv}");
    assert_eq!((rows.len(), csv.lines().count()), (34, 35));
    let task = rows[0]["taskName"].as_str().unwrap();

    // All rows count, duplicates and known ones included.
    let file = format!(
        "{csv}{task},a brand new way to ask,DialogIntent,en\n{task},a brand new way to ask,,\nNoSuchTask,x,,\n"
    );
    let id = admin.upload("utterances.csv", file).await;
    let record = import(&admin, &bot, &json!({"fileName": "utterances.csv", "fileID": id})).await;
    assert_eq!(record["message"], "File imported completed. 36 utterances copied successfully");
    assert_eq!((&record["added"], &record["rejectedCount"]), (&json!(1), &json!(1)));
    assert_eq!(record["rejected"], json!([{"line": 38, "taskName": "NoSuchTask", "reason": "unknownTask"}]));
    assert_eq!(told(&record), json!([["/fileID", "unknown_task"]]));
    let after: Vec<Value> = serde_json::from_str(&export(&admin, &bot, "").await).unwrap();
    assert_eq!(after.len(), 35);
    assert_eq!(after[34]["sentence"], "a brand new way to ask");

    // The published state has its own; a JSON file under a wrong name brings back the first state.
    admin.publish(&bot, "with one more").await;
    let id = admin.upload("utterances.csv", json_text.clone()).await;
    let record = import(&builder, &bot, &json!({"fileName": "utterances.csv", "fileId": id, "replace": true})).await;
    assert_eq!(record["message"], "File imported completed. 34 utterances copied successfully");
    assert_eq!(export(&admin, &bot, "?type=json").await, json_text);
    let published: Vec<Value> =
        serde_json::from_str(&export(&admin, &bot, "?state=published&type=json").await).unwrap();
    assert_eq!(published, after);
    server.finish().await;
}

/// Spreadsheet programs save tables in ways of their own. What cannot be read is refused, never half taken.
#[tokio::test]
async fn files_of_spreadsheet_programs_come_in() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let task = serde_json::from_str::<Value>(&export(&admin, &bot, "?type=json").await).unwrap()[0]["taskName"].clone();
    let task = task.as_str().unwrap();
    for (at, table) in [
        format!("\u{feff}taskName,sentence,type,language\r\n{task},with a mark 0,DialogIntent,en\r\n"),
        format!("taskName;sentence;type;language\r\n{task};with semicolons 1;DialogIntent;en\r\n"),
        format!("taskName,sentence,type,language,,\n{task},\"with, quotes 2\",DialogIntent,en,,\n,,,,,\n"),
        format!("taskName\tsentence\ttype\tlanguage\n{task}\twith tabs 3\tDialogIntent\ten\n"),
    ]
    .into_iter()
    .enumerate()
    {
        let id = admin.upload("table.csv", table.clone()).await;
        let record = import(&admin, &bot, &json!({"fileName": "table.csv", "fileId": id})).await;
        assert_eq!(record["added"], 1, "{table:?}: {record}");
        let kept = export(&admin, &bot, "?type=json").await;
        assert!(kept.contains(&format!(" {at}\"")), "{table:?}");
    }
    let before = export(&admin, &bot, "?type=json").await;
    let wide: Vec<u8> = format!("taskName,sentence\n{task},wide\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".to_vec(), wide].concat();
    let latin = [format!("taskName,sentence\n{task},caf").into_bytes(), b"\xe9\n".to_vec()].concat();
    for bytes in [marked, latin] {
        let id = admin.upload("table.csv", bytes).await;
        let refused = admin.post(&format!("/api/public/bot/{bot}/mlimport"), &json!({"fileId": id})).await;
        assert_eq!(refused.status, 400);
    }
    assert_eq!(export(&admin, &bot, "?type=json").await, before);
    server.finish().await;
}

#[tokio::test]
async fn what_cannot_be_done_is_refused() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let (export_path, import_path) =
        (format!("/api/public/bot/{bot}/mlexport"), format!("/api/public/bot/{bot}/mlimport"));
    let invalid = "Validation errors/ Invalid arguments";
    admin.get(&format!("{export_path}/status")).await.refused(400, "Invalid request ID");
    for query in ["?type=xml", "?state=draft"] {
        admin.post(&format!("{export_path}{query}"), &Value::Null).await.refused(412, invalid);
    }
    for (method, path) in [(Method::GET, &export_path), (Method::PUT, &import_path)] {
        admin.send(admin.request(method, path)).await.refused(405, "Method Not Allowed");
    }
    admin.post(&import_path, &json!({"fileName": "x.csv"})).await.refused(412, invalid);
    admin.post(&import_path, &json!({"fileId": "5bf2ad6fe2bdbd10ed9eb0bc"})).await.refused(400, "Invalid file id");
    for junk in ["", "just some text\nand more\n", "[{\"taskName\": }]", "{}"] {
        let id = admin.upload("junk.csv", junk).await;
        admin.post(&import_path, &json!({"fileId": id})).await.refused(400, "CSV format is incorrect");
    }
    admin.get(&format!("{import_path}/status/bir-unknown")).await.refused(400, "Invalid request ID");

    // A bot that was never published has no published utterances.
    admin.post(&format!("{export_path}?state=published"), &Value::Null).await.json();
    let record = admin.get(&format!("{export_path}/status")).await.json();
    assert_eq!(record["status"], "FAILED");
    assert!(record["reason"].as_str().unwrap().contains("never published"), "{record}");

    // One key, one request.
    let mut ids = Vec::new();
    for _ in 0..2 {
        let request = admin.request(Method::POST, &export_path).header("idempotency-key", "k1");
        ids.push(admin.send(request).await.json()["_id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    admin.wait(&format!("{export_path}/status")).await;
    server.finish().await;
}

#[tokio::test]
async fn what_a_file_names_and_the_bot_has_not_is_told() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let path = format!("/api/public/bot/{bot}/mlimport");
    let before = export(&admin, &bot, "").await;
    let row = |task: &str, sentence: &str| json!({"taskName": task, "sentence": sentence});
    let mark = json!([{"startIndex": 0, "endIndex": 3, "entityId": "dc-none"}]);
    let mut marked = row("Order Coffee", "tea for me");
    marked["entities"] = mark;
    let mut unnamed = row("Order Coffee", "three");
    unnamed["entities"] = json!([{"startIndex": 0, "endIndex": 3}]);
    let of_kind = |sentence: &str, language: Value, kind: Value| json!({"taskName": "Order Coffee", "sentence": sentence, "language": language, "type": kind});
    // Rows and what is said besides → status, findings, what the texts have in them.
    let table = [
        (json!([row("Order Coffee", "one")]), json!({}), "success", Value::Null, vec![]),
        (
            json!([
                row("Nope", "a"),
                row("Order Coffee", "two"),
                row("nope", "b"),
                row("Other", "c"),
                row("Other", ""),
                marked
            ]),
            json!({"replce": true, "replace": "yes"}),
            "success",
            json!([
                ["/replce", "unknown_member"],
                ["/replace", "wrong_type"],
                ["/fileId", "unknown_task"],
                ["/fileId", "unknown_task"],
                ["/fileId", "unknown_entity"],
                ["/fileId", "not_applied"],
            ]),
            vec!["`Nope`, so 2 rows, the first of them row 1, were", "`Other`, so row 4 was", "`dc-none`", "row 5 was"],
        ),
        (
            json!([
                of_kind("four", json!("EN"), json!("dialogIntent")),
                of_kind("five", json!("klingon"), json!("Nonsense")),
                of_kind("six", json!(7), json!({"a": 1})),
                of_kind("seven", json!("Klingon"), Value::Null),
                unnamed
            ]),
            json!({}),
            "success",
            json!([
                ["/fileId", "not_applied"],
                ["/fileId", "unknown_language"],
                ["/fileId", "unknown_language"],
                ["/fileId", "unknown_word"],
                ["/fileId", "unknown_word"],
            ]),
            vec![
                "no `entityId`",
                "`klingon`, so 2 rows, the first of them row 2, were",
                "`7`, so row 3",
                "`Nonsense` is no",
            ],
        ),
        // A file of which nothing is left changes nothing, least of all by replacing what is there.
        (json!([row("Nope", "a")]), json!({"replace": true}), "failed", Value::Null, vec![]),
    ];
    for (rows, mut body, status, findings, texts) in table {
        body["fileId"] = json!(admin.upload("rows.json", rows.to_string()).await);
        let started = admin.post(&path, &body).await.json();
        let of_body = findings.as_array().into_iter().flatten().filter(|it| it[0] != "/fileId").cloned();
        let of_body: Vec<Value> = of_body.collect();
        assert_eq!(told(&started), if of_body.is_empty() { Value::Null } else { json!(of_body) }, "{rows}");
        let record = admin.wait(&format!("{path}/status/{}", started["_id"].as_str().unwrap())).await;
        assert_eq!((&record["status"], told(&record)), (&json!(status), findings), "{record}");
        for text in texts {
            assert!(record["findings"].to_string().contains(text), "{text} in {record}");
        }
        if status == "failed" {
            assert_eq!(record["failure"]["pointer"], "/fileId");
            assert!(record["reason"].as_str().unwrap().contains("`Nope`"), "{record}");
        }
    }
    let after: Vec<Value> = serde_json::from_str(&export(&admin, &bot, "").await).unwrap();
    let before: Vec<Value> = serde_json::from_str(&before).unwrap();
    assert_eq!(after.len(), before.len() + 8);
    let spelled = after.iter().filter(|row| row["language"] == "en").count();
    assert_eq!(spelled, after.len() - 3, "a language is spelled as the bot does");
    server.finish().await;
}
