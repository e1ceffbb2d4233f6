//! Batch tests: suites from files, their runs, and what came of them.

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::{BotFiles, TestServer, told};

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
    let id = suite["_id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("ts-"), "{id}");
    let mut shown = suite.clone();
    let times = ["createdOn", "modifiedOn"].map(|name| shown.as_object_mut().unwrap().remove(name).unwrap());
    assert_eq!(times[0], times[1]);
    let expected = json!({
        "_id": id, "name": "Nightly run", "description": "d", "streamId": bot, "language": "en", "fileId": file,
        "fileName": "cases.csv", "createdBy": server.premises().owner.id, "__v": 0, "testSuiteType": "custom",
        "utterance_count": 6,
    });
    assert_eq!(shown, expected);

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
    let bytes = admin.download(exported["downloadUrl"].as_str().unwrap()).await;
    assert_eq!((&exported["name"], &exported["description"]), (&json!("Nightly run"), &json!("d")));
    assert_eq!(exported.to_string().matches("\"name\":").count(), 1, "clients look for the name anywhere: {exported}");
    let file = admin.upload("again.json", bytes.to_vec()).await;
    let body = json!({"fileName": file, "name": "Nightly run", "importType": "update"});
    assert_eq!(admin.post(&format!("{path}/import"), &body).await.json()["utterance_count"], 6);

    // A suite that is imported again as a new one takes the place of the first, by whichever path and app.
    let file = admin.upload("two.csv", "input,intent\norder coffee,Order Coffee\nqwrtz,None\n").await;
    let body = json!({"fileName": file, "fileType": "csv", "importType": "new", "name": "Nightly run"});
    let builder = server.builder(&[&bot]).await;
    let again = builder.post(&format!("/api/stream/{bot}/testsuite/import"), &body).await.json();
    let members = ["_id", "utterance_count", "description", "createdOn"].map(|name| again[name].clone());
    assert_eq!(members, [json!(id), json!(2), json!(""), suite["createdOn"].clone()]);
    assert_eq!(run(&admin, &bot, &id, "inDevelopment").await["utterance_count"], 2);

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
    // As much as a suite may have, and one more: the whole file is refused.
    let many = |count: usize| (0..count).map(|n| format!("say {n},None\nsay {n},Order Coffee\n")).collect::<String>();
    let long = |characters: usize| format!("hi,None\n{},None\n", "ä".repeat(characters));
    for (rows, refused) in [
        (many(1000), None),
        (many(1001), Some("has 1001 utterances, a suite has at most 1000; split it")),
        (long(3000), None),
        (long(3001), Some("line 3: the utterance has 3001 characters, one of a suite has at most 3000")),
    ] {
        let file = admin.upload("limits.csv", format!("input,intent\n{rows}")).await;
        let reply = import(json!({"fileId": file, "name": "limits"})).await;
        let error = &reply.value()["errors"][0];
        assert_eq!(reply.status.as_u16(), if refused.is_some() { 400 } else { 200 }, "{error}");
        if let Some(text) = refused {
            assert!(error["detail"].as_str().unwrap().contains(text), "{error}");
            assert_eq!(error["pointer"], "/fileId");
        }
    }
    import(json!({"fileName": file, "name": "x"})).await.json();
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

#[tokio::test]
async fn what_a_suite_names_and_the_bot_has_not_is_told() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let path = format!("/api/public/bot/{bot}/testsuite");
    // Cases → what the import and the status tell, and the status.
    let table = [
        ("input,intent\norder coffee,Order Coffee\nhm,None\n", Value::Null, "completed"),
        (
            "input,intent,parentIntent,Drink,Colour\n\
             order coffee,Order Coffee,,,\n\
             fly me,Book Flight,Buy Ticket,latte,\n\
             fly,book_flight,,,red\n\
             hm,None,,,\n",
            json!([
                ["/1/intent", "unknown_task"],
                ["/1/parentIntent", "unknown_task"],
                ["/2/entities/0/entityName", "unknown_entity"],
            ]),
            "completed",
        ),
        (
            "input,intent,entityName,entityValue\norder coffee,Order Coffee,,latte\n",
            json!([["/0/entities/0/entityName", "not_applied"]]),
            "completed",
        ),
        ("input,intent\nfly me,Book Flight\n", json!([["/0/intent", "unknown_task"]]), "failed"),
    ];
    for (cases, expected, status) in table {
        let file = admin.upload("cases.csv", cases).await;
        let suite = admin.post(&format!("{path}/import"), &json!({"fileName": file, "name": "s"})).await.json();
        assert_eq!(told(&suite), expected, "{cases}");
        let record = run(&admin, &bot, "s", "inDevelopment").await;
        assert_eq!(record["status"], status, "{record}");
        if status == "failed" {
            assert_eq!(record["failure"]["pointer"], "/0/intent");
            assert!(record["reason"].as_str().unwrap().contains("`Book Flight`"), "{record}");
        } else {
            assert_eq!(told(&record), expected, "{cases}");
        }
    }

    // What the calls themselves name.
    let file = admin.upload("cases.csv", CASES).await;
    let body =
        json!({"fileName": file, "name": "s", "fileType": "xlsx", "engine": "dgpt", "importtype": "new", "tags": []});
    let suite = admin.post(&format!("{path}/import"), &body).await.json();
    let expected = json!([["/tags", "unknown_member"], ["/engine", "not_applied"], ["/fileType", "unknown_word"]]);
    assert_eq!(told(&suite), expected);
    let body = json!({"version": "inDevelopment", "versoin": "published", "engine": "dgpt"});
    let accepted = admin.post(&format!("{path}/s/run"), &body).await.json();
    let expected = json!([["/versoin", "unknown_member"], ["/engine", "not_applied"]]);
    assert_eq!(told(&accepted), expected);
    let record = admin.wait(&format!("{path}/s/{}/status", accepted["requestId"].as_str().unwrap())).await;
    assert_eq!((told(&record), &record["status"]), (expected, &json!("completed")));
    server.finish().await;
}

#[tokio::test]
async fn cases_of_universal_bots_all_name_the_bot_that_is_meant_or_none_does() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let mut files = BotFiles::sample();
    let mut tree = files.definition_value();
    tree["type"] = json!("universalbot");
    tree["universalBotVersion"] = json!(2);
    files.definition = serde_json::to_vec(&tree).unwrap();
    let bot = admin.import_new(&files).await.bot;
    let path = format!("/api/public/stream/{bot}/testsuite");
    for (cases, status) in [
        ("input,intent,botName\norder,Order Coffee,Bar\nhm,None,\n", 200),
        ("input,intent,botName\norder,Order Coffee,\nhm,None,\n", 200),
        ("input,intent,botName\norder,Order Coffee,Bar\ntrack,Track Order,\n", 400),
    ] {
        let file = admin.upload("cases.csv", cases).await;
        let reply = admin.post(&format!("{path}/import"), &json!({"fileName": file, "name": "s"})).await;
        assert_eq!(reply.status.as_u16(), status, "{cases}: {}", reply.text());
    }
    let file = admin.upload("cases.csv", "input,intent,botName\norder,Order Coffee,Bar\n").await;
    let suite = admin.post(&format!("{path}/import"), &json!({"fileName": file, "name": "s"})).await.json();
    assert_eq!(told(&suite), json!([["/0/botName", "not_applied"]]));
    assert_eq!(run(&admin, &bot, "s", "inDevelopment").await["status"], "completed");
    let exported = admin.post(&format!("{path}/s/export"), &json!({})).await.json();
    let csv = String::from_utf8(admin.download(exported["downloadUrl"].as_str().unwrap()).await.to_vec()).unwrap();
    assert_eq!(csv, "input,intent,parentIntent,entityName,entityValue,botName\norder,Order Coffee,,,,Bar\n");
    server.finish().await;
}
