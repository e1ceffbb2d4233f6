//! A bot through the whole of its life: import, export, import again, publish. With the sample bot, an app of today's form,
//! and every real export of the shared corpus when that is there.

use std::collections::BTreeSet;

use definition::check::check;
use definition::{Config, Document};
use domain::BotId;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::bots::{app_names, corpus_names};
use crate::support::client::Client;
use crate::support::{BotFiles, TestServer};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bots_come_out_as_they_went_in() {
    let server = TestServer::start().await;
    let mut lives = JoinSet::new();
    lives.spawn(life(server.admin().await, "the sample".to_owned(), BotFiles::sample()));
    lives.spawn(life(server.admin().await, "the app of today's form".to_owned(), BotFiles::wheelhouse()));
    for name in corpus_names() {
        let files = BotFiles::corpus(&name).expect("the folder is there");
        lives.spawn(life(server.admin().await, name, files));
    }
    for name in app_names() {
        let files = BotFiles::app(&name).expect("the folder is there");
        lives.spawn(life(server.admin().await, name, files));
    }
    lives.join_all().await;
    server.finish().await;
}

async fn life(admin: Client, name: String, files: BotFiles) {
    let exported = async |bot: &str| BotFiles::from_archive(&admin.export(bot, "latest").await);
    let body = files.upload(&admin).await;
    let started = admin.post("/api/public/bot/import", &body).await.json();
    let first_line = json!({"taskType": "importRequest", "taskName": files.name(), "status": "success"});
    assert_eq!((&started["status"], &started["statusLogs"]), (&json!("pending"), &json!([first_line])), "{name}");
    let record = admin.wait(&format!("/api/public/bot/import/status/{}", started["_id"].as_str().unwrap())).await;
    assert_eq!(record["status"], "success", "{name}: {record}");
    check_log(&name, &record["statusLogs"], &files);
    let bot = record["streamId"].as_str().unwrap().to_owned();

    let expected = files.clone().with_id(&bot);
    let archive = admin.export(&bot, "latest").await;
    let downloaded = BotFiles::from_archive(&archive);
    assert_eq!(downloaded.difference(&expected), None, "{name}: export of the import");

    let again = admin.import_into(&bot, &downloaded, None).await;
    assert_eq!(again.bot, bot, "{name}");
    assert!(admin.export(&bot, "latest").await == archive, "{name}: an import of the export changes nothing");

    let published = admin.publish(&bot, "from the corpus").await;
    check_summary(&name, &published, &files);
    assert!(admin.export(&bot, "published").await == archive, "{name}: what was imported is published");

    // The archive as it was downloaded makes another bot of the same content.
    let zip = admin.upload("export.zip", archive).await;
    let twin = admin.import_body("/api/public/bot/import", &json!({"uploadMode": "ZIP", "zipInfo": zip})).await.bot;
    assert_eq!(exported(&twin).await.difference(&expected.with_id(&twin)), None, "{name}: import of the archive");

    // A form, with one id where JSON has a list, as the vendor's deployment script sends it.
    let changed = BotFiles { functions: Some(b"function ready() { return true; }\n".to_vec()), ..files.clone() };
    let body = changed.upload(&admin).await;
    let form = format!(
        "botDefinition={}&configInfo={}&botFunctions={}",
        text(&body["botDefinition"]),
        text(&body["configInfo"]),
        text(&body["botFunctions"][0])
    );
    let request = admin.request(Method::POST, &format!("/api/public/bot/{twin}/import"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    let started = admin.send(request).await.json();
    let record = admin.wait(&format!("/api/public/bot/import/status/{}", text(&started["_id"]))).await;
    assert_eq!(record["status"], "success", "{name}: {record}");
    assert_eq!(exported(&twin).await.difference(&changed.with_id(&twin)), None, "{name}: import of a form");
}

/// The lines of an import's log: fixed steps in the original's order and spelling, one line per task between them.
fn check_log(name: &str, log: &Value, files: &BotFiles) {
    let lines = log.as_array().unwrap();
    let types: Vec<&str> = lines.iter().map(|line| text(&line["taskType"])).collect();
    assert!(lines.iter().all(|line| line["status"] == "success"), "{name}: {log}");
    let before = ["importRequest", "Bot Definition", "IdpConfigurations", "CustomTemplates", "BotFunctions"];
    let after = ["KnowledgeTasks", "Utterences", "Patterns", "BotVariables", "SmallTalk"];
    let tasks_end = types.iter().position(|kind| *kind == after[0]).unwrap();
    assert_eq!(types[..before.len()], before, "{name}");
    assert_eq!(types[tasks_end..tasks_end + after.len()], after, "{name}");
    let definition = files.definition_value();
    let has_responses = definition["koraResponses"].as_array().is_some_and(|responses| !responses.is_empty());
    let last: &[&str] = if has_responses { &["Standard Responses", "importBot"] } else { &["importBot"] };
    assert_eq!(types[tasks_end + after.len()..], *last, "{name}");

    let tasks = &types[before.len()..tasks_end];
    let known = ["Dialog", "Form", "Widget", "Panel", "Alert", "Action", "Event", "ExperienceFlow"];
    assert!(tasks.iter().all(|kind| known.contains(kind)), "{name}: {tasks:?}");
    let dialogs = tasks.iter().filter(|kind| **kind == "Dialog").count();
    assert_eq!(dialogs, definition["dialogs"].as_array().unwrap().len(), "{name}");
}

/// The summary of a publish: the bot's five parts and every dialog.
fn check_summary(name: &str, published: &Value, files: &BotFiles) {
    assert_eq!(published["percentageComplete"], 100, "{name}");
    let lines = published["statusSummary"].as_array().unwrap();
    let failed: Vec<&Value> = lines.iter().filter(|line| line["status"] != "SUCCESS").collect();
    assert!(failed.is_empty(), "{name}: {failed:?}");
    let ids: BTreeSet<&str> = lines.iter().map(|line| text(&line["resourceId"])).collect();
    let definition = files.definition_value();
    let dialogs = definition["dialogs"].as_array().unwrap();
    let expected = dialogs.iter().map(|dialog| text(&dialog["_id"]));
    for id in expected.chain(["SETTINGS", "CHANNELS", "EXTENSIONS", "BOTLANGUAGES", "NL"]) {
        assert!(ids.contains(id), "{name}: no line for {id}");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

#[tokio::test]
async fn values_of_secured_variables_stay_inside() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let sample = BotFiles::sample();
    let config = String::from_utf8(sample.config.clone()).unwrap();
    let with_secret = config.replace("\"value\": \"\"", "\"value\": \"hush\"");
    let bot = admin.import_new(&BotFiles { config: with_secret.into_bytes(), ..sample.clone() }).await.bot;
    let exported = BotFiles::from_archive(&admin.export(&bot, "latest").await);
    assert_eq!(exported.difference(&sample.with_id(&bot)), None, "the value is empty, all else is as it came");
    // An import of that export does not take the empty value for a new one.
    admin.import_into(&bot, &exported, None).await;
    let kept = server.store().secured_values(&BotId::stored(&bot)).await.unwrap();
    assert_eq!(kept.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["shopApiKey"]);
    assert!(kept.iter().all(|(_, sealed)| !sealed.contains("hush")));
    server.finish().await;
}

#[test]
fn nothing_is_wrong_with_the_sample() {
    let sample = BotFiles::sample();
    let definition = Document::parse(sample.definition, "botDefinition.json").unwrap();
    let report = check(&definition, &Config::parse(sample.config, "config.json").unwrap());
    assert_eq!((report.errors, report.warnings, report.omitted), (vec![], vec![], 0));
}
