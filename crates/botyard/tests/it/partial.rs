//! Exports of parts, and imports of parts into a bot that has others.

use definition::Document;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::{BotFiles, TestServer};

/// The request that made a real partial export, as its `exportOptions` tell.
fn request_of(definition: &Value) -> Value {
    let mut options = definition["exportOptions"].as_object().unwrap().clone();
    let mut body = json!({"exportType": "latest"});
    for beside in ["subTasks", "IncludeDependentTasks"] {
        body[beside] = options.shift_remove(beside).unwrap();
    }
    options.retain(|_, parts| parts != &json!([]));
    body["exportOptions"] = Value::Object(options);
    body
}

/// A definition without `encryptedHash`, its last member: each file has its own, and nobody can compute it.
fn without_hash(definition: &[u8]) -> String {
    let text = String::from_utf8(definition.to_vec()).unwrap();
    let start = text.find(",\n    \"encryptedHash\"").expect("the file has a hash");
    format!("{}\n}}", &text[..start])
}

#[tokio::test]
async fn parts_are_exported_as_the_vendor_exports_them() {
    let Some(whole) = BotFiles::corpus("partial-export-all") else { return };
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_new(&whole).await.bot;
    for name in ["partial-export-tasks", "partial-export-nlp-data", "partial-export-without-settings"] {
        let theirs = BotFiles::corpus(name).expect("the set is complete");
        let ours = BotFiles::from_archive(&admin.export_with(&bot, &request_of(&theirs.definition_value())).await);
        assert_eq!(ours.definition_value()["exportOptions"], theirs.definition_value()["exportOptions"], "{name}");
        let expected = without_hash(&theirs.definition.clone());
        let expected = BotFiles { definition: expected.into_bytes(), icon: whole.icon.clone(), ..theirs };
        assert_eq!(ours.difference(&expected.with_id(&bot)), None, "{name}");
    }
    server.finish().await;
}

/// The sample bot with changes all over: a setting, a variable, and in two intents an utterance and a script more, less
/// or different.
fn changed_sample() -> BotFiles {
    let mut files = BotFiles::sample();
    let mut tree = files.definition_value();
    tree["sessionInactiveTime"] = json!(60_000);
    tree["contentVariables"][0]["localeData"]["en"]["value"] = json!("Tea House");
    for dialog in tree["dialogs"].as_array_mut().unwrap() {
        dialog["localeData"]["en"]["shortDesc"] = json!("changed");
    }
    // Of each intent the first utterance goes and a new one comes.
    let sentences = tree["sentences"].as_array_mut().unwrap();
    let mut seen = Vec::new();
    for sentence in sentences.iter_mut() {
        if !seen.contains(&sentence["taskName"]) {
            seen.push(sentence["taskName"].clone());
            sentence["sentence"] = json!("a new way to say it");
            sentence["entities"] = json!([]);
        }
    }
    files.definition = serde_json::to_vec_pretty(&tree).unwrap();
    let config = String::from_utf8(files.config).unwrap();
    files.config = config.replace("shop.example.com", "tea.example.com").into_bytes();
    files
}

/// What an import brought, in numbers and words that a table can hold.
async fn outcome(admin: &Client, bot: &str) -> Value {
    let files = BotFiles::from_archive(&admin.export(bot, "latest").await);
    let tree = files.definition_value();
    let sentences = tree["sentences"].as_array().unwrap();
    let of = |task: &str| sentences.iter().filter(|sentence| sentence["taskName"] == task).count();
    let new = sentences.iter().filter(|sentence| sentence["sentence"] == "a new way to say it").count();
    let dialogs = tree["dialogs"].as_array().unwrap();
    let changed = dialogs.iter().filter(|dialog| dialog["localeData"]["en"]["shortDesc"] == "changed");
    json!({
        "dialogs": changed.map(|dialog| dialog["lname"].clone()).collect::<Vec<_>>(),
        "utterances": [of("Order Coffee"), of("Opening Hours"), new],
        "idle": tree["sessionInactiveTime"],
        "shop": tree["contentVariables"][0]["localeData"]["en"]["value"],
        "api": String::from_utf8(files.config).unwrap().contains("tea.example.com"),
    })
}

#[tokio::test]
async fn only_selected_parts_are_imported() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let (sample, changed) = (BotFiles::sample(), changed_sample());
    let bot = admin.import_new(&sample).await.bot;
    let original = admin.export(&bot, "latest").await;
    let all = ["welcome task", "fallback task", "order coffee", "opening hours", "track order", "leave feedback"];
    let (old_words, new_words) = (json!([10, 8, 0]), json!([10, 8, 4]));
    // What is selected → dialogs that changed, utterances, the setting, the content variable, the environment variable.
    let table = [
        (json!({}), json!(all), new_words.clone(), true, true),
        (json!({"settings": ["botSettings"]}), json!([]), old_words.clone(), true, false),
        (json!({"settings": ["botVariables"]}), json!([]), old_words.clone(), false, true),
        (json!({"tasks": ["botTask"]}), json!(all), old_words.clone(), false, false),
        (
            json!({"tasks": ["bottask"], "allTasks": true, "subTasks": {"dialogs": []}}),
            json!(all),
            old_words.clone(),
            false,
            false,
        ),
        (
            json!({"tasks": ["botTask"], "subTasks": {"dialogs": ["Order Coffee"]}}),
            json!(["order coffee"]),
            old_words.clone(),
            false,
            false,
        ),
        (json!({"nlpData": ["utterances"]}), json!([]), new_words.clone(), false, false),
        (
            json!({"nlpData": ["utterances"], "options": {"utterances": {"append": true, "replace": true}}}),
            json!([]),
            new_words.clone(),
            false,
            false,
        ),
        (
            json!({"nlpData": ["utterances"], "options": {"utterances": {"append": true, "replace": false}}}),
            json!([]),
            json!([11, 9, 4]),
            false,
            false,
        ),
        (json!({"tasks": ["smallTalk"], "nonsense": ["x"]}), json!([]), old_words.clone(), false, false),
    ];
    for (options, dialogs, utterances, settings, variables) in table {
        admin.import_into(&bot, &changed, Some(options.clone())).await;
        let expected = json!({
            "dialogs": dialogs,
            "utterances": utterances,
            "idle": if settings { 60_000 } else { 900_000 },
            "shop": if variables { "Tea House" } else { "Corner Coffee" },
            "api": variables,
        });
        assert_eq!(outcome(&admin, &bot).await, expected, "{options}");
        // Back to the start, which also shows that a full import undoes every partial one.
        admin.import_into(&bot, &sample, None).await;
        assert!(admin.export(&bot, "latest").await == original, "{options}: the way back");
    }
    server.finish().await;
}

#[tokio::test]
async fn an_import_of_settings_logs_its_steps_where_clients_look() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let settings = json!({"settings": ["botSettings", "botVariables", "ivrSettings", "ivrSettings"]});
    let record = admin.import_into(&bot, &BotFiles::sample(), Some(settings)).await.record;
    assert_eq!(record["statusLogs"][8]["taskType"], "BotVariables");
    assert_eq!(record["statusLogs"].as_array().unwrap().len(), 11, "no task was selected");
    server.finish().await;
}

#[tokio::test]
async fn named_tasks_are_exported_with_what_they_need() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let tasks = json!({"tasks": ["bottask"], "nlpData": ["utterances"]});
    let table = [
        (json!({"dialogs": ["Opening Hours"]}), json!(true)),
        (json!({"dialogs": ["opening hours"]}), json!(false)),
        (json!({"dialogs": [], "alerts": []}), json!(true)),
    ];
    for (sub_tasks, dependents) in table {
        let body = json!({"exportType": "latest", "exportOptions": tasks, "subTasks": sub_tasks, "allTasks": true,
            "IncludeDependentTasks": dependents});
        let files = BotFiles::from_archive(&admin.export_with(&bot, &body).await);
        let tree = files.definition_value();
        let dialogs = tree["dialogs"].as_array().unwrap();
        let whole: Vec<_> =
            dialogs.iter().filter(|it| it.get("nodes").is_some()).map(|it| it["lname"].clone()).collect();
        let is_named = sub_tasks["dialogs"] != json!([]);
        assert!(whole.contains(&json!("opening hours")), "{whole:?}");
        assert_eq!(whole.contains(&json!("order coffee")), !is_named, "{sub_tasks} {dependents}: {whole:?}");
        let utterances = tree["sentences"].as_array().unwrap().len();
        assert_eq!(utterances, if is_named { 8 } else { 34 }, "{sub_tasks} {dependents}");
        assert_eq!(tree["exportOptions"]["IncludeDependentTasks"], dependents);
        // What was exported alone comes into the bot it was exported from, and changes nothing in it.
        Document::parse(files.definition.clone(), "botDefinition.json").unwrap();
        let before = BotFiles::from_archive(&admin.export(&bot, "latest").await);
        admin.import_into(&bot, &files, None).await;
        let after = BotFiles::from_archive(&admin.export(&bot, "latest").await);
        assert_eq!(after.difference(&before), None, "{sub_tasks} {dependents}");
    }
    server.finish().await;
}

#[tokio::test]
async fn a_dry_run_tells_what_would_change_and_changes_nothing() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let before = admin.export(&bot, "latest").await;
    let body = changed_sample().upload(&admin).await;

    let report = admin.import_body(&format!("/api/public/bot/{bot}/import?dryRun=true"), &body).await.record;
    let names = |what: &str| {
        let changes = report["changes"][what].as_array().unwrap().iter();
        changes.filter(|change| change["kind"] == "dialog").count()
    };
    assert_eq!(
        (report["dryRun"].clone(), names("replaced"), names("created"), names("removed")),
        (json!(true), 6, 0, 0)
    );
    assert!(admin.export(&bot, "latest").await == before);

    let started = admin.post("/api/public/bot/import?dryRun=true", &body).await.json();
    let path = format!("/api/public/bot/import/status/{}", started["_id"].as_str().unwrap());
    let report = admin.wait(&path).await;
    assert_eq!((&report["status"], &report["streamId"]), (&json!("success"), &Value::Null), "no bot was made");
    assert_eq!(report["changes"]["created"].as_array().unwrap().iter().filter(|it| it["kind"] == "dialog").count(), 6);
    assert_eq!(server.store().bots(&server.premises().account.id, 0, 1).await.unwrap().total, 1);
    server.finish().await;
}
