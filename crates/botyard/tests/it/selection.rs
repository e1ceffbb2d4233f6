//! What an export or import names acts, or its record says that it did not: `findings` at the door, and real apps of today
//! in parts (`../shared/apps`; passed over, saying so, where they are not there).

use serde_json::{Value, json};

use crate::support::bots::app_names;
use crate::support::client::Client;
use crate::support::{BotFiles, TestServer, told};

/// Starts an export and waits for its record, however it ends.
async fn exported(admin: &Client, bot: &str, body: &Value) -> Value {
    let mut body = body.clone();
    body["exportType"] = json!("latest");
    let started = admin.post(&format!("/api/public/bot/{bot}/export"), &body).await.json();
    let id = started["_id"].as_str().unwrap();
    admin.wait(&format!("/api/public/bot/{bot}/export/status?exportId={id}")).await
}

#[tokio::test]
async fn an_export_says_what_did_nothing_and_fails_where_nothing_is_left() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    // Body → status, findings, pointer of the failure.
    let table = [
        (json!({}), "success", json!(null), json!(null)),
        (json!({"exportOptions": {"tasks": ["botTask"]}, "subTasks": {}}), "success", json!(null), json!(null)),
        (
            json!({"IncludeDependantTasks": true}),
            "success",
            json!([["/IncludeDependantTasks", "unknown_member"]]),
            json!(null),
        ),
        (
            json!({"exportOptions": {"tasks": ["botTask", "flow", "task"]}, "subTasks": {"dialogs": ["Order Coffee", "Nap"]}}),
            "success",
            json!([
                ["/exportOptions/tasks/2", "unknown_word"],
                ["/exportOptions/tasks", "not_applied"],
                ["/subTasks/dialogs/1", "unknown_task"],
            ]),
            json!(null),
        ),
        (json!({"subTasks": {"dialogs": ["typo"]}}), "failed", json!(null), json!("/subTasks/dialogs/0")),
        (
            json!({"exportOptions": {"tasks": ["botTask"]}, "SubTasks": {"Dialogs": "typo"}, "extra": 1}),
            "failed",
            json!([["/extra", "unknown_member"]]),
            json!("/SubTasks/Dialogs"),
        ),
    ];
    for (body, status, findings, pointer) in table {
        // The second time the archive is there already, and says the same.
        for _ in 0..2 {
            let record = exported(&admin, &bot, &body).await;
            assert_eq!((&record["status"], told(&record)), (&json!(status), findings.clone()), "{body}");
            assert_eq!(record["failure"]["pointer"], pointer, "{body}");
            assert_eq!(record["reason"].is_string(), status == "failed", "{body}");
        }
    }
    // A word that is neither yes nor no must not write what was only to be looked at.
    let files = BotFiles::sample().upload(&admin).await;
    for path in [format!("/api/public/bot/{bot}/import"), "/api/public/bot/import".to_owned()] {
        let refused = admin.post(&format!("{path}?dryRun=yes"), &files).await;
        refused.refused(412, "Validation errors/ Invalid arguments");
    }
    for (options, pointer, detail) in [
        (json!({"tasks": ["botTsk"]}), "/exportOptions/tasks/0", "`botTsk`"),
        (json!({"Tasks": "botTsk", "settings": []}), "/exportOptions/Tasks", "`botTsk`"),
        (json!({"taks": ["botTask"]}), "/exportOptions/taks", "`taks`"),
        (json!({"tasks": []}), "/exportOptions", "name at least one part"),
        (json!(7), "/exportOptions", "name at least one part"),
    ] {
        let empty = json!({"exportType": "latest", "exportOptions": options});
        let refused = admin.post(&format!("/api/public/bot/{bot}/export"), &empty).await;
        let error = refused.value()["errors"][0].clone();
        assert_eq!(error["pointer"], pointer, "{error}");
        assert!(error["detail"].as_str().unwrap().contains(detail), "{error}");
        refused.refused(400, "Please select at least one component");
    }
    server.finish().await;
}

#[tokio::test]
async fn an_import_and_a_publish_say_what_did_nothing() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let sample = BotFiles::sample();
    let bot = admin.import_new(&sample).await.bot;
    let table = [
        (json!({"importOptions": {"tasks": ["botTask"]}}), json!(null)),
        (json!({"subTasks": {"dialogs": ["Order Coffee"]}}), json!([["/subTasks", "not_applied"]])),
        (
            json!({"importOptions": {"tasks": ["botTask", "flows"], "subTasks": {"dialogs": ["Order Coffee", "Nap"]},
                "options": {"utterance": {}}, "AgentAssist": ["rules"], "qualityAI": ["autoQA"]}}),
            json!([
                ["/importOptions/options/utterance", "unknown_member"],
                ["/importOptions/tasks", "not_applied"],
                ["/importOptions/AgentAssist", "not_applied"],
                ["/importOptions/qualityAI", "not_applied"],
                ["/importOptions/subTasks/dialogs/1", "unknown_task"],
            ]),
        ),
        (
            json!({"importOptions": {"tasks": ["x"]}, "dryrun": true}),
            json!([
                ["/dryrun", "unknown_member"],
                ["/importOptions/tasks/0", "unknown_word"],
                ["/importOptions", "nothing_selected"],
            ]),
        ),
        (
            json!({"options": {"botVariables": {"ignore": ["nowhere"]}}}),
            json!([["/options/botVariables/ignore/0", "unknown_variable"]]),
        ),
    ];
    for (options, findings) in table {
        let mut body = sample.upload(&admin).await;
        body.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        let record = admin.import_body(&format!("/api/public/bot/{bot}/import"), &body).await.record;
        assert_eq!((&record["status"], told(&record)), (&json!("success"), findings), "{options}");
        assert!(record["warnings"].is_array(), "{options}");
        let logged = record["statusLogs"].as_array().unwrap().iter().filter(|line| line["taskType"] == "Dialog");
        let dialogs = match &options["importOptions"] {
            Value::Null => 6,
            // Order Coffee calls no other dialog, and no Nap is there.
            selection if selection.get("subTasks").is_some() => 1,
            selection if selection["tasks"][0] == "botTask" => 6,
            _ => 0,
        };
        assert_eq!(logged.count(), dialogs, "{options}");
    }
    let mut body = sample.upload(&admin).await;
    body["importOptions"] = json!({"tasks": ["botTask"]});
    let record = admin.import_body("/api/public/bot/import", &body).await.record;
    assert_eq!(told(&record), json!([["/importOptions", "not_applied"]]));

    let part = BotFiles::from_archive(
        &admin
            .export_with(
                &bot,
                &json!({"exportType": "latest",
        "exportOptions": {"nlpData": ["utterances"]}}),
            )
            .await,
    );
    let record = admin.import_into(&bot, &part, None).await.record;
    assert_eq!(told(&record), json!([["/exportOptions", "partial_file"]]));

    let status = format!("/api/public/bot/{bot}/publish/status");
    let table = [
        (json!({"versionComment": "1"}), json!(null)),
        (
            json!({"versionComment": "2", "initiateTraining": [], "train": false}),
            json!([["/initiateTraining", "wrong_type"], ["/train", "unknown_member"]]),
        ),
    ];
    for (body, findings) in table {
        admin.post(&format!("/api/public/bot/{bot}/publish"), &body).await.json();
        let record = admin.wait(&status).await;
        assert_eq!((told(&record), record["warnings"].is_number()), (findings, true), "{body}");
    }
    server.finish().await;
}

#[tokio::test]
async fn parts_of_an_app_do_not_come_into_a_bot() {
    let Some(app) = app_names().first().and_then(|name| BotFiles::app(name)) else { return };
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let mut body = app.upload(&admin).await;
    body["importOptions"] = json!({"tasks": ["flows"]});
    let started = admin.post(&format!("/api/public/bot/{bot}/import"), &body).await.json();
    let record = admin.wait(&format!("/api/public/bot/import/status/{}", started["_id"].as_str().unwrap())).await;
    assert_eq!((&record["status"], &record["failure"]["pointer"]), (&json!("failed"), &json!("/importOptions")));
    // All of it takes the bot's place, and says so.
    let record = admin.import_into(&bot, &app, None).await.record;
    assert_eq!(told(&record), json!([["/appType", "generation_changed"]]));
    server.finish().await;
}

#[tokio::test]
async fn real_apps_go_out_and_come_back_in_parts() {
    let names = app_names();
    if names.is_empty() {
        return;
    }
    let server = TestServer::start().await;
    let admin = server.admin().await;
    // Words → flows, models, answers, agent assist, dialogs with content.
    let table = [
        (json!({"exportOptions": {"tasks": ["flows"]}}), json!([7, null, false, false, false])),
        (
            json!({"exportOptions": {"tasks": ["flows"]}, "subTasks": {"experienceFlows": ["welcome chat flow"]}}),
            json!([1, null, false, false, false]),
        ),
        (json!({"exportOptions": {"tasks": ["botTask"]}}), json!([0, null, false, false, true])),
        (
            json!({"exportOptions": {"settings": ["genAIandLLMSettings"], "AgentAssist": ["rules", "playbooks"]}}),
            json!([0, 1, true, true, false]),
        ),
        (json!({"exportOptions": {"settings": ["botSettings"]}}), json!([0, 0, false, false, false])),
        (json!({"exportOptions": {"nlpData": ["nlpSettings", "utterances"]}}), json!([0, null, false, false, false])),
    ];
    // Each row with one of the apps: they are large, and the crate `definition` tests all with all.
    for ((body, expected), name) in table.into_iter().zip(names.iter().cycle()) {
        let app = BotFiles::app(name).expect("the app is there");
        let bot = admin.import_new(&app).await.bot;
        let whole = BotFiles::from_archive(&admin.export(&bot, "latest").await);
        let mut asked = body.clone();
        asked["exportType"] = json!("latest");
        let part = BotFiles::from_archive(&admin.export_with(&bot, &asked).await);
        let tree = part.definition_value();
        let seen = json!([
            tree["experienceFlows"].as_array().map(Vec::len),
            tree["llmConfiguration"].as_array().map(Vec::len),
            tree.get("answers").is_some(),
            tree.get("agentAssistExport").is_some(),
            tree["dialogs"].as_array().unwrap().iter().any(|dialog| dialog.get("nodes").is_some()),
        ]);
        assert_eq!(seen, expected, "{name} {body}");
        for (family, words) in body["exportOptions"].as_object().unwrap() {
            assert_eq!(&tree["exportOptions"][family], words, "{name} {body}");
        }
        // It comes back, by what it says of itself and by the same words, and changes nothing.
        admin.import_into(&bot, &part, None).await;
        admin.import_into(&bot, &part, Some(body["exportOptions"].clone())).await;
        let after = BotFiles::from_archive(&admin.export(&bot, "latest").await);
        assert_eq!(after.difference(&whole), None, "{name} {body}");
    }
    server.finish().await;
}

#[tokio::test]
async fn an_app_takes_another_ones_parts_and_keeps_what_is_its_own() {
    let names = app_names();
    let [first, second, ..] = names.as_slice() else { return };
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let own = BotFiles::app(first).expect("the app is there");
    let mut other = BotFiles::app(second).expect("the app is there");
    let bot = admin.import_new(&own).await.bot;
    let mut tree = other.definition_value();
    let only_other = json!("A flow of the other app");
    for flow in tree["experienceFlows"].as_array_mut().unwrap() {
        if flow["config"]["name"] == "Welcome Chat Flow" {
            flow["callflowDefinition"]["isFullAutonomous"] = json!(true);
        } else if flow["config"]["name"] == "Welcome Voice Flow" {
            for holder in ["callflowDefinition", "config"] {
                flow[holder]["name"] = only_other.clone();
            }
            flow["callflowDefinition"]["lname"] = json!("a flow of the other app");
        }
    }
    other.definition = serde_json::to_vec_pretty(&tree).unwrap();
    let now = async || BotFiles::from_archive(&admin.export(&bot, "latest").await).definition_value();
    let welcomes = |tree: &Value| {
        let flows = tree["experienceFlows"].as_array().unwrap();
        let of = |name: &str| flows.iter().filter(|flow| flow["callflowDefinition"]["name"] == name).count();
        let is_taken = |flow: &&Value| flow["callflowDefinition"]["isFullAutonomous"] == true;
        json!([flows.len(), of("Welcome Chat Flow"), of("Welcome Voice Flow"), flows.iter().filter(is_taken).count()])
    };

    // Incremental: the flow of the same name is replaced, the new one added; all else stays.
    let before = now().await;
    let record = admin
        .import_into(
            &bot,
            &other,
            Some(json!({"tasks": ["flows"],
        "subTasks": {"experienceFlows": ["welcome chat flow", only_other]}})),
        )
        .await
        .record;
    let logged = record["statusLogs"].as_array().unwrap().iter().filter(|line| line["taskType"] == "ExperienceFlow");
    assert_eq!((told(&record), logged.count()), (Value::Null, 2));
    let after = now().await;
    assert_eq!(welcomes(&after), json!([8, 1, 1, 1]));
    for key in ["llmConfiguration", "tools", "sentences", "contentVariables", "botEvents"] {
        assert_eq!(after[key].to_string().len(), before[key].to_string().len(), "{key}");
    }

    // Utterances are added to those that are there.
    let count = |tree: &Value| tree["sentences"].as_array().unwrap().len();
    let mut more = own.definition_value();
    let added: Vec<Value> = more["sentences"]
        .as_array()
        .unwrap()
        .iter()
        .take(1)
        .cloned()
        .map(|mut row| {
            row["_id"] = json!("ss-00000000-0000-5000-8000-000000000001");
            row["sentence"] = json!("a new way to say it");
            row
        })
        .collect();
    let is_any = added.len();
    more["sentences"] = Value::Array(added);
    let mut files = own;
    files.definition = serde_json::to_vec_pretty(&more).unwrap();
    admin.import_into(&bot, &files, Some(json!({"nlpData": ["utterances"]}))).await;
    assert_eq!(count(&now().await), count(&before) + is_any);

    // Full: the other app takes the place; flows and connections to models that only this one has stay.
    admin.import_into(&bot, &other, None).await;
    let after = now().await;
    assert_eq!((welcomes(&after), count(&after)), (json!([8, 1, 1, 1]), count(&tree)));
    let providers = |tree: &Value| {
        let integrations = tree["llmConfiguration"][0]["integrations"].as_object().unwrap();
        integrations.iter().map(|(name, connection)| (name.clone(), connection.to_string())).collect::<Vec<_>>()
    };
    let after_import = providers(&after);
    assert!(providers(&before).iter().all(|own| after_import.contains(own)));
    assert_eq!(after["llmConfiguration"][0]["featureList"], tree["llmConfiguration"][0]["featureList"]);
    server.finish().await;
}
