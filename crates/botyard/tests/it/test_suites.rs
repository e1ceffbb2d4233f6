//! Batch tests: suites from files, their runs, and what came of them.

use serde_json::{Value, json};

use crate::support::TestServer;
use crate::support::client::Client;

async fn run(client: &Client, bot: &str, suite: &str, version: &str) -> Value {
    let path = format!("/api/public/stream/{bot}/testsuite/{suite}");
    let accepted = client.post(&format!("{path}/run"), &json!({"version": version})).await.json();
    assert_eq!(accepted["status"], "accepted");
    let id = accepted["requestId"].as_str().unwrap();
    assert!(id.starts_with("tr-"), "{id}");
    client.wait(&format!("{path}/{id}/status")).await
}

const CASES: &str = "input,intent,entityName,entityValue\n\
    order coffee,Order Coffee,,\n\
    two large lattes please,order_coffee,Drink,latte\n\
    ,,Size,large\n\
    Do you sell cake?,Do you sell cake?,,\n\
    is my order ready yet,Opening Hours,,\n\
    qwrtz plmokn,None,,\n\
    qwrtz plmokn,Track Order,,\n";

#[tokio::test]
async fn suites_are_imported_run_and_removed() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let path = format!("/api/public/bot/{bot}/testsuite");
    let file = admin.upload("cases.csv", CASES).await;
    // Clients of the original send the file's id as `fileName`.
    let body =
        json!({"fileName": file, "fileType": "csv", "importType": "new", "name": "Nightly run", "description": "d"});
    let suite = admin.post(&format!("{path}/import"), &body).await.json();
    assert_eq!((&suite["utterance_count"], &suite["status"]), (&json!(6), &json!("success")));
    let id = suite["_id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("ts-"), "{id}");

    let record = run(&admin, &bot, "Nightly%20run", "inDevelopment").await;
    assert_eq!((&record["status"], &record["testSuiteId"]), (&json!("completed"), &json!(id)), "{record:#}");
    let result = &record["result"];
    let counts = ["TP", "TN", "FP", "FN", "success", "failure"].map(|key| result["results"][key].as_i64().unwrap());
    assert_eq!(counts, [3, 1, 1, 1, 4, 2], "{result:#}");
    let figure = |key: &str| (result[key].as_f64().unwrap() * 1000.0).round();
    assert_eq!([figure("precision"), figure("recall"), figure("f1_score")], [750.0, 600.0, 667.0]);
    assert_eq!(result["results"]["entities"], json!({"expected": 2, "right": 2, "recall": 1.0}));
    let confusions = json!([
        {"expected": "Opening Hours", "found": "Track Order", "count": 1},
        {"expected": "Track Order", "found": "None", "count": 1},
    ]);
    assert_eq!(result["results"]["confusions"], confusions);
    let csv = String::from_utf8(admin.download(result["fileUrl"].as_str().unwrap()).await.to_vec()).unwrap();
    assert_eq!(csv.lines().count(), 7, "{csv}");
    assert!(csv.contains("is my order ready yet,Opening Hours,Track Order,FP,,"), "{csv}");

    // The published version is tested as such; before there is one, the run says so.
    let unpublished = run(&admin, &bot, &id, "published").await;
    assert_eq!(unpublished["status"], "failed");
    assert!(unpublished["reason"].as_str().unwrap().contains("never published"), "{unpublished}");
    admin.publish(&bot, "first").await;
    assert_eq!(run(&admin, &bot, &id, "published").await["status"], "completed");

    // All that developers wrote is a suite that every bot has.
    let own = run(&admin, &bot, "Developer%20defined%20utterances", "inDevelopment").await;
    assert_eq!((&own["utterance_count"], &own["result"]["results"]["TP"]), (&json!(34), &json!(34)), "{own:#}");

    let list = admin.get(&format!("{path}?skip=0&limit=10")).await.json();
    assert_eq!((&list["count"], &list["moreAvailable"]), (&json!(2), &json!(false)));
    assert_eq!((&list[&id]["testSuiteType"], &list[&id]["name"]), (&json!("custom"), &json!("Nightly run")));
    assert_eq!(list[&id]["results"].as_array().unwrap().len(), 3);
    assert_eq!(list["AllMlUtterances"]["name"], "Developer defined utterances");
    assert_eq!(list["AllMlUtterances"]["results"][0]["results"]["TP"], 34);

    // What is exported can be imported again.
    let exported = admin.post(&format!("{path}/{id}/export"), &json!({"fileType": "json"})).await.json();
    let bytes = admin.download(exported["fileUrl"].as_str().unwrap()).await;
    let file = admin.upload("again.json", bytes.to_vec()).await;
    let body = json!({"fileName": file, "name": "Nightly run", "importType": "update"});
    assert_eq!(admin.post(&format!("{path}/import"), &body).await.json()["utterance_count"], 6);

    let run_id = record["_id"].as_str().unwrap();
    assert_eq!(
        admin.delete(&format!("{path}/{id}/{run_id}")).await.json()["message"],
        "Test Result removed successfully"
    );
    admin.get(&format!("{path}/{id}/{run_id}/status")).await.refused(400, "Test Result not found.");
    assert_eq!(admin.delete(&format!("{path}/{id}")).await.json()["message"], "Test Suite removed successfully");
    admin.post(&format!("{path}/{id}/run"), &json!({})).await.refused(400, "Test Suite not found");
    server.finish().await;
}

#[tokio::test]
async fn suites_that_cannot_be_say_why() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let path = format!("/api/public/bot/{bot}/testsuite");
    let file = admin.upload("cases.csv", CASES).await;
    let broken = admin.upload("broken.csv", "input,intent\n,Order Coffee\n").await;
    let import = async |body: Value| admin.post(&format!("{path}/import"), &body).await;
    import(json!({"name": "x"})).await.refused(412, "Validation errors/ Invalid arguments");
    import(json!({"fileName": file})).await.refused(412, "Validation errors/ Invalid arguments");
    import(json!({"fileName": "123456789012345678901234", "name": "x"})).await.refused(400, "Invalid file id");
    import(json!({"fileName": file, "name": "x", "importType": "merge"}))
        .await
        .refused(412, "Validation errors/ Invalid arguments");
    import(json!({"fileName": file, "name": "x", "importType": "update"})).await.refused(400, "Test Suite not found");
    import(json!({"fileName": broken, "name": "x"})).await.refused(400, "Test suite file format is incorrect");
    import(json!({"fileName": file, "name": "x"})).await.json();
    import(json!({"fileName": file, "name": "x"})).await.refused(409, "the test suite x exists already");
    admin.post(&format!("{path}/nope/run"), &json!({})).await.refused(400, "Test Suite not found");
    admin.post(&format!("{path}/nope/export"), &json!({})).await.refused(400, "Test Suite not found");
    admin
        .post(&format!("{path}/x/run"), &json!({"version": "latest"}))
        .await
        .refused(412, "Validation errors/ Invalid arguments");
    admin.get(&format!("{path}/x/tr-1/status")).await.refused(400, "Test Result not found.");
    admin.delete(&format!("{path}/AllMlUtterances")).await.refused(400, "Test Suite not found");
    server.finish().await;
}
