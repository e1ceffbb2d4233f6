//! `botyard walk`, as a program: the sample, a bot with faults, and every real export of the shared corpus; and a recorded
//! conversation of a real bot, replayed through the webhook channel.

use std::path::Path;
use std::process::Output;

use access::AppKind;
use serde_json::{Value, json};

use crate::support::bots::corpus_names;
use crate::support::program::command;
use crate::support::{BotFiles, TestServer, fixture, talk};

/// Walks through the bots of a folder.
async fn walk(folder: &Path, more: &[&str]) -> Output {
    let folder = folder.to_str().unwrap().to_owned();
    let arguments: Vec<String> =
        ["walk".to_owned(), folder].into_iter().chain(more.iter().map(|&it| it.to_owned())).collect();
    let run = move || command(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).output().unwrap();
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn report(output: &Output) -> Value {
    let what = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {what}"))
}

#[tokio::test]
async fn the_sample_is_walked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample");
    let output = walk(&folder, &["--replay", "--json"]).await;
    let report = report(&output);
    assert!(output.status.success(), "{report:#}");
    let (bot, total) = (&report["bots"][0], &report["total"]);
    assert_eq!(bot["bot"], "Corner Coffee");
    assert_eq!((&total["bots"], &total["engineErrors"], &total["authorErrors"]), (&json!(1), &json!(0), &json!(0)));
    assert!(bot["dialogs"].as_u64().unwrap() > 0 && bot["dialogs"] == bot["clean"], "{bot:#}");

    let text = String::from_utf8(walk(&folder, &["--replay"]).await.stdout).unwrap();
    assert!(text.starts_with("Corner Coffee (") && text.contains("0 engine errors, 0 author errors"), "{text}");
}

#[tokio::test]
async fn faults_are_named() {
    let bot = fixture::bot(&json!({"name": "Clumsy", "dialogs": [
        {"name": "Fine", "nodes": [
            {"id": "Size", "entity": "number", "prompt": "How many?"}, {"id": "Sum", "message": "{{context.entities.Size}}"}]},
        {"name": "Throws", "nodes": [
            {"id": "Sure", "confirm": "Sure?", "next": [
                {"if": {"dialogAct": "yes"}, "then": "Bad"}, {"default": "Good"}]},
            {"id": "Bad", "script": "context.missing.member = 1;", "next": "end"},
            {"id": "Good", "message": "Well then."}]},
    ]}));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("botDefinition.json"), &bot.definition).unwrap();
    std::fs::write(folder.path().join("config.json"), &bot.config).unwrap();
    let output = walk(folder.path(), &["--json"]).await;
    assert_eq!(output.status.code(), Some(1));
    let report = report(&output);
    let bot = &report["bots"][0];
    assert_eq!((&bot["dialogs"], &bot["clean"]), (&json!(2), &json!(1)), "{bot:#}");
    let faults = bot["faults"].as_array().unwrap();
    let gist =
        |fault: &Value| ["dialog", "node", "kind", "blame"].map(|member| fault[member].as_str().unwrap().to_owned());
    let gists: Vec<_> = faults.iter().map(gist).collect();
    assert_eq!(gists, [["throws", "Bad", "script", "author"].map(str::to_owned)], "{faults:?}");
    assert_eq!(faults[0]["walk"], json!(["[throws]", "yes"]));

    std::fs::write(folder.path().join("botDefinition.json"), "{broken").unwrap();
    let output = walk(folder.path(), &["--json"]).await;
    assert_eq!((output.status.code(), self::report(&output)["total"]["unreadable"].clone()), (Some(1), json!(1)));
}

#[tokio::test]
async fn a_node_that_was_only_skipped_is_named_and_its_dialog_is_not_clean() {
    let bot = fixture::bot(&json!({"name": "New", "dialogs": [
        {"name": "Ahead", "nodes": [{"id": "Ball", "type": "hologram"}, {"id": "Said", "message": "Done."}]},
        {"name": "Story", "nodes": [
            {"id": "Ask", "generative": {"prompt": "A story"}}, {"id": "Told", "message": "{{context.GenerativeAINode.Ask.text}}"}]},
        {"name": "Talk", "nodes": [
            {"id": "Collect", "agent": {"dynamicEntities": [{"name": "age", "type": "number"}, {"name": "day", "type": "date"}]}},
            {"id": "Told", "message": "{{context.entities.age}}"}]},
    ]}));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("botDefinition.json"), &bot.definition).unwrap();
    std::fs::write(folder.path().join("config.json"), &bot.config).unwrap();
    let output = walk(folder.path(), &["--json"]).await;
    let report = report(&output);
    let bot = &report["bots"][0];
    assert!(output.status.success(), "{bot:#}");
    assert_eq!((&bot["dialogs"], &bot["clean"], &bot["faults"]), (&json!(3), &json!(1), &json!([])), "{bot:#}");
    let skipped = [
        "ahead / Ball: skipped: nodes of the type 'hologram' are not run here",
        "story / Ask: skipped: no language model is configured",
    ];
    assert_eq!(bot["notes"], json!(skipped));
}

#[tokio::test]
async fn real_exports_meet_no_engine_error() {
    if corpus_names().is_empty() {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let report = report(&walk(&folder, &["--replay", "--json"]).await);
    let all = report["bots"].as_array().unwrap().iter().flat_map(|bot| bot["faults"].as_array().unwrap());
    let ours: Vec<&Value> = all.filter(|fault| fault["blame"] == "engine").collect();
    assert!(ours.is_empty() && report["total"]["unreadable"] == 0, "{ours:#?}");
    assert!(report["total"]["walks"].as_u64().unwrap() > 100, "{}", report["total"]);
}

/// White space and the escapes of the channel make no difference.
fn plain(text: &str) -> String {
    let text = text.replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Replays a conversation in Botium's notation: texts are parts of the answer, `BUTTONS a|b` are in it, and `INTENT x` is
/// what the message before meant.
#[tokio::test]
async fn a_recorded_conversation_goes_the_same_way() {
    let Some(files) = BotFiles::corpus("flight-demo") else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/flight-demo/transcripts");
    let script = std::fs::read_to_string(folder.join("flight_check.convo.txt")).unwrap();
    let server = TestServer::start_with(|setup| {
        setup.config.conversation.services.mode = services::Mode::Replay;
        setup.config.conversation.compat.variants = dialog::compat::Variants::First;
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.import_new(&files).await.bot;
    admin.publish(&bot, "to be replayed").await;
    let builder = server.client(&server.app(AppKind::Builder, &[&bot]).await);
    let mut speaker = "";
    let (mut said, mut answer) = (String::new(), String::new());
    let mut checks = 0;
    for line in script.lines().skip(1).map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with('#') {
            speaker = line;
        } else if speaker == "#me" {
            said = line.to_owned();
            // It was recorded on the web client, whose texts the author wrote apart; those of a flight's details are newer
            // than the recording.
            let mut message = talk::message("traveller", line);
            if line != "EK222" {
                message["preferredChannelForResponse"] = json!("rtm");
            }
            let reply = admin.post_to(&bot, &message).await.json();
            answer = plain(&talk::bubbles(&reply).join("\n"));
        } else if let Some(buttons) = line.strip_prefix("BUTTONS ") {
            checks += 1;
            assert!(buttons.split('|').all(|button| answer.contains(button)), "to '{said}': {answer}");
        } else if let Some(intent) = line.strip_prefix("INTENT ") {
            checks += 1;
            let path = format!("/api/v1.1/rest/bot/{bot}/findIntent?fetchConfiguredTasks=false");
            let found = builder.post(&path, &json!({"input": said, "streamName": "any"})).await.json();
            let found = found["response"]["finalResolver"]["winningIntent"][0]["intent"].as_str().unwrap_or("None");
            assert!(found.eq_ignore_ascii_case(intent), "'{said}' means {found}, not {intent}");
        } else {
            checks += 1;
            assert!(answer.contains(&plain(line)), "to '{said}': {answer}, not {line}");
        }
    }
    assert!(checks >= 7, "{checks} checks");
    server.finish().await;
}
