//! The quickstart, as a person meets it: the real program on an empty folder, then the sample requests of the vendor's
//! documentation pages, and the calls the program prints.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::program::{Running, command};

/// A quickstart that runs, and what it printed.
struct Quickstart {
    program: Running,
    report: Value,
}

impl Quickstart {
    fn start(data: &Path) -> Self {
        let data = data.to_str().unwrap();
        let mut command = command(&["quickstart", "--data", data, "--listen", "127.0.0.1:0", "--json"]);
        let mut program = Running::start(command.stdout(Stdio::piped()));
        let mut line = String::new();
        BufReader::new(program.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let report = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line:?}"));
        Self { program, report }
    }

    fn text(&self, pointer: &str) -> &str {
        self.report
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no {pointer} in {}", self.report))
    }

    fn client(&self, app: &str) -> Client {
        Client::new(self.text("/url").to_owned(), Some(self.text(&format!("/{app}/token")).to_owned()))
    }
}

/// Expects these members in a record, in any order and among others.
#[track_caller]
fn assert_members(record: &Value, members: &[&str]) {
    for member in members {
        assert!(record.get(member).is_some(), "no {member} in {record}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_requests_of_the_documentation_work_as_documented() {
    let folder = tempfile::tempdir().unwrap();
    let quickstart = Quickstart::start(folder.path());
    let (admin, builder) = (quickstart.client("admin"), quickstart.client("builder"));
    let bot = quickstart.text("/botId");

    // seeds/export.txt, with the body of its sample.
    let body = json!({
        "exportType": "published",
        "exportOptions": {
            "settings": ["botSettings", "botVariables", "ivrSettings", "genAIandLLMSettings"],
            "tasks": ["botTask", "knowledgeGraph", "smallTalk"],
            "nlpData": ["utterances", "patterns", "traits", "rules", "concepts", "synonyms", "standardResponses", "nlpSettings"],
            "AgentAI": ["rules", "playbooks", "widgetSettings", "layoutSettings"],
        },
        "subTasks": {"alerts": [], "actions": [], "dialogs": [], "experienceFlows": []},
        "allTasks": true,
        "customDashboards": true,
        "IncludeDependentTasks": true,
    });
    let started = admin.post(&format!("/api/public/bot/{bot}/export"), &body).await.json();
    assert_members(&started, &["_id", "streamId", "createdBy", "createdOn", "__v"]);
    let words = ["status", "exportType", "requestType"].map(|member| started[member].as_str().unwrap());
    assert_eq!(words, ["pending", "published", "Botexport"]);
    assert!(started["_id"].as_str().unwrap().starts_with("ber-"));

    // seeds/export-status.txt
    let exported = admin.wait(&format!("/api/public/bot/{bot}/export/status")).await;
    assert_members(&exported, &["_id", "createdBy", "exportType", "requestType", "createdOn", "__v", "fileId"]);
    assert_eq!((&exported["botId"], &exported["status"]), (&json!(bot), &json!("success")));
    assert!(exported["store"]["urlParams"].is_string(), "{exported}");
    let archive = admin.download(exported["downloadURL"].as_str().unwrap()).await;
    assert_eq!(exported["fileSize"], archive.len().to_string());

    // seeds/publish-status.txt: the form of the heading and that of the sample.
    for path in [format!("/api/public/bot/{bot}/publish/status"), format!("/api/1.1/public/bot/{bot}/publish/status/")]
    {
        let published = admin.get(&path).await.json();
        assert_members(
            &published,
            &["_id", "__v", "createdBy", "requestedTime", "lastModifiedOn", "initiatedOn", "statusSummary"],
        );
        assert_eq!((&published["streamId"], &published["status"]), (&json!(bot), &json!("successful")));
        assert_eq!((&published["jobType"], &published["action"]), (&json!("PUBLISH_BOT"), &json!("RUN")));
        assert_eq!(published["percentageComplete"], 100);
        let summary = published["statusSummary"].as_array().unwrap();
        for (resource, name) in [("SETTINGS", "Settings"), ("NL", "Natural Language")] {
            let entry = summary.iter().find(|entry| entry["resourceId"] == resource).unwrap();
            assert_members(entry, &["modules"]);
            let words = ["resourceType", "name", "status"].map(|member| entry[member].as_str().unwrap());
            assert_eq!(words, [resource, name, "SUCCESS"]);
        }
    }

    // seeds/import-status.txt
    let import = quickstart.text("/importId");
    let imported = admin.get(&format!("/api/public/bot/import/status/{import}")).await.json();
    assert_members(&imported, &["createdBy", "createdOn", "__v"]);
    assert_eq!((&imported["_id"], &imported["streamId"]), (&json!(import), &json!(bot)));
    assert_eq!((&imported["status"], &imported["requestType"]), (&json!("success"), &json!("Botimport")));
    assert_eq!(imported["streamRefId"].as_str().unwrap().len(), 36);
    let logs = imported["statusLogs"].as_array().unwrap();
    let types: Vec<&str> = logs.iter().map(|line| line["taskType"].as_str().unwrap()).collect();
    assert_eq!((types.first(), types.last()), (Some(&"importRequest"), Some(&"importBot")));
    for step in [
        "Bot Definition",
        "IdpConfigurations",
        "CustomTemplates",
        "BotFunctions",
        "Dialog",
        "KnowledgeTasks",
        "Utterences",
        "Patterns",
        "BotVariables",
        "SmallTalk",
    ] {
        assert!(types.contains(&step), "no {step} in {types:?}");
    }
    assert!(logs.iter().all(|line| line["status"] == "success" && line["taskName"].is_string()), "{imported}");

    // seeds/session.txt: the path of the heading and that of the sample.
    let body = json!({"userId": quickstart.text("/userId"), "status": "inactive", "channel": "rtm"});
    for path in [format!("/api/public/bot/{bot}/session"), format!("/api/public/{bot}/sessions")] {
        assert_eq!(builder.put(&path, &body).await.json()["success"], true, "{path}");
    }
    // The sample's own body, letter by letter: it is not JSON, and it works.
    let sample = "{ userId : “u-Id”, status : “inactive”, channel : “rtm” }";
    let pasted = builder.request(Method::PUT, &format!("/api/public/{bot}/sessions"));
    let pasted = pasted.header("content-type", "application/json").body(sample);
    assert_eq!(builder.send(pasted).await.json(), json!({"success": true, "closed": 0}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_calls_work_as_they_are() {
    if std::process::Command::new("curl").arg("--version").output().is_err() {
        println!("skipped: no curl");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let quickstart = Quickstart::start(folder.path());
    let calls = quickstart.report["requests"].as_array().unwrap();
    assert_eq!(calls.len(), 9);
    let mut said = Value::Null;
    for call in calls {
        let line = format!("{} --noproxy '*' --fail-with-body", call["command"].as_str().unwrap());
        let output =
            tokio::task::spawn_blocking(move || std::process::Command::new("sh").args(["-c", &line]).output().unwrap());
        let output = output.await.unwrap();
        let reply = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{call}: {reply} {}", String::from_utf8_lossy(&output.stderr));
        said = serde_json::from_str::<Value>(&reply).unwrap_or_else(|error| panic!("{call}: {error}: {reply}"));
    }
    assert_eq!(said, json!({"success": true, "closed": 1}), "the last one closes the session of the talk before it");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_second_quickstart_finds_what_the_first_one_made() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Quickstart::start(folder.path());
    let members = ["/botId", "/importId", "/admin/clientId", "/admin/clientSecret", "/builder/clientId"];
    let made = members.map(|member| first.text(member).to_owned());
    first.program.stop();

    let mut second = Quickstart::start(folder.path());
    assert_eq!(members.map(|member| second.text(member).to_owned()), made);
    let builder = second.client("builder");
    let path = format!("/api/public/bot/{}/export", made[0]);
    builder.post(&path, &json!({"exportType": "latest"})).await.json();
    second.program.stop();
}
