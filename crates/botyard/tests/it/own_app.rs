//! An app of our own making in the form of today's exports (`tests/fixtures/wheelhouse`): what its publish says, what it
//! says itself, and what nobody hears of it. Its way in and out is one of the lives in `corpus`; its conversations, written
//! as those of `conversations`, are in `cases.txt` beside it. Services are answered from the samples in the export.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use services::Mode;

use crate::conversations::talk_cases;
use crate::support::client::Client;
use crate::support::program::command;
use crate::support::server::Setup;
use crate::support::{BotFiles, Process, Stub, TestServer};

/// The key of a model that the app's author left in the export.
const MODEL_KEY: &str = "wheelhouse-model-key-4711";

fn offline(setup: &mut Setup) {
    setup.config.conversation.services.mode = Mode::Replay;
    setup.config.conversation.compat.variants = dialog::compat::Variants::First;
}

#[test]
fn its_bytes_are_those_that_the_platform_writes() {
    let files = BotFiles::wheelhouse();
    for bytes in [&files.definition, &files.config] {
        let tree: Value = serde_json::from_slice(bytes).unwrap();
        let mut written = Vec::new();
        let layout = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        tree.serialize(&mut serde_json::Serializer::with_formatter(&mut written, layout)).unwrap();
        assert!(written == *bytes, "JSON.stringify(…, null, 4)");
    }
}

#[tokio::test]
async fn a_publish_says_what_is_true() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_new(&BotFiles::wheelhouse()).await.bot;
    let published = admin.publish(&bot, "to read what it says").await;
    let lines = published["statusSummary"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let said: BTreeMap<String, Vec<String>> = lines
        .iter()
        .filter_map(|line| Some((text(&line["name"]), line["warnings"].as_array()?.iter().map(text).collect())))
        .collect();
    let index = "the documents of the search index are in no export: the node answers from the questions of the app";
    let model = "the node asks a language model: where none is configured, it is skipped";
    let agent =
        "the agent node is led by a language model: where none is configured, it asks for its values one by one";
    let sms = "text messages are not sent here: the node leaves the status FAILURE, and the dialog goes on";
    let other_type = "dialog 'Reach the Workshop': node \"nd-int-desk\" has type \"intent\", but its component \
                      \"ToTheDesk\" has type \"agentTransfer\" (appDefinition.json/dialogs/11/nodes/5/type)";
    let expected: [(&str, &[&str]); 8] = [
        (
            "Settings",
            &[
                "the event WELCOME_MESSAGE_EVENT names no dialog to start: nothing happens",
                "the event ON_CONNECT_EVENT names no dialog to start: nothing happens",
                "values are filled into the JSON of 'PlaceRental': a quote or a line end in one is escaped here \
                 (conversation.compat.json_bodies), which other servers may not do; JSON.stringify in the template is safe \
                 everywhere",
            ],
        ),
        ("Channels", &["no channel is enabled"]),
        ("Answer Generation", &[&format!("node nd-sai-answer: {index}")]),
        ("Multi Intent", &[&format!("node nd-sai-wish: {index}")]),
        ("Interaction Intents", &[&format!("node nd-gai-again: {model}")]),
        ("Rent a Bike", &[&format!("node nd-ais-rental: {agent}")]),
        ("Plan a Ride", &[&format!("node nd-gai-ride: {model}")]),
        ("Reach the Workshop", &[other_type, &format!("node nd-srv-text: {sms}")]),
    ];
    let expected: BTreeMap<String, Vec<String>> = expected
        .into_iter()
        .map(|(of, said)| (of.to_owned(), said.iter().map(|&it| it.to_owned()).collect()))
        .collect();
    assert_eq!(said, expected);
    server.finish().await;
}

#[tokio::test]
async fn its_nodes_events_and_flows_run() {
    let (clock, hand) = domain::Clock::manual(domain::Timestamp::parse("2026-03-02T10:00:00.000Z").unwrap());
    let server = TestServer::start_with(|setup| {
        offline(setup);
        setup.options.sources.clock = clock;
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.import_new(&BotFiles::wheelhouse()).await.bot;
    admin.publish(&bot, "for conversations").await;
    let cases = std::fs::read_to_string(BotFiles::wheelhouse_folder().join("cases.txt")).unwrap();
    let faults = talk_cases(&hand, &admin, &bot, "rider", &cases).await;
    server.finish().await;
    assert!(faults.is_empty(), "{} cases went wrong\n{}", faults.len(), faults.join("\n"));
}

#[tokio::test]
async fn its_personal_data_is_hidden_in_what_is_kept() {
    let server = TestServer::start_with(offline).await;
    let admin = server.admin().await;
    let bot = admin.import_new(&BotFiles::wheelhouse()).await.bot;
    admin.publish(&bot, "to hide what is personal").await;
    admin.say(&bot, "ann", "return a bike").await;
    // It is heard and used …
    assert_eq!(admin.say(&bot, "ann", "RC12345678").await, ["Is RC12345678 locked and dry?"]);
    // … and not kept.
    let kept = admin.transcript(&bot, "ann").await;
    assert!(!kept.join("\n").contains("RC12345678"), "{kept:?}");
    server.finish().await;
}

/// A talk in which every node that asks a model does.
async fn talk_with_models(client: &Client, bot: &str) {
    for (text, answer) in [
        ("plan a ride", "Around which town?"),
        ("Berlin", "Round the lakes."),
        ("no", "Then have a good ride!"),
        ("rent a bike", "Which bike shall it be?"),
        ("City bike", "Round the lakes."),
        ("start over", "What can I do for you?"),
        // Questions are near, and the model finds the answer in theirs.
        ("how expensive are helmets for kids", "Kids get them free."),
    ] {
        let said = client.say(bot, "ann", text).await;
        assert!(said.iter().any(|bubble| bubble.contains(answer)), "to '{text}': {said:?}");
    }
}

#[tokio::test]
async fn the_key_of_a_model_in_it_is_told_to_nobody() {
    let mut stub = Stub::start(|asked| {
        let is_search = asked.body.contains("What does a helmet cost?") && asked.body.contains("Helmets are free.");
        let said = if is_search { "Kids get them free." } else { "Round the lakes." };
        let answer = json!({"choices": [{"message": {"role": "assistant", "content": said}}], "usage": {}});
        (200, "application/json", answer.to_string())
    })
    .await;
    let server = TestServer::start().await;
    let models = format!("[conversation.language_models.default]\nurl = \"{}/v1\"\nmodel = \"small\"\n", stub.url);
    let config = server.path("models.toml");
    std::fs::write(&config, models).unwrap();
    let config = config.to_str().unwrap().to_owned();
    let settings = [("BOTYARD__LOG__LEVEL", "trace"), ("BOTYARD_CONFIG", config.as_str())];
    let process = Process::serve(&server, "api,jobs", &settings);
    let token = server.admin().await.token().to_owned();
    let client = Client::new(process.url().await, Some(token));

    let files = BotFiles::wheelhouse();
    assert!(String::from_utf8_lossy(&files.definition).contains(MODEL_KEY));
    let imported = client.import_new(&files).await;
    let again = client.import_into(&imported.bot, &files, None).await;
    let bot = imported.bot.as_str();
    let published = client.publish(bot, "with a model").await;
    // A file that is broken behind the key is told of, and not repeated.
    let cut = files.definition.len() - 20;
    let broken = BotFiles { definition: files.definition[..cut].to_vec(), ..files.clone() };
    let refused = client.post("/api/public/bot/import", &broken.upload(&client).await).await;
    let failed = match refused.value()["_id"].as_str() {
        Some(request) => client.wait(&format!("/api/public/bot/import/status/{request}")).await,
        None => refused.value(),
    };
    talk_with_models(&client, bot).await;
    let understood = client
        .post(
            &format!("/api/v1.1/rest/bot/{bot}/findIntent?fetchConfiguredTasks=false"),
            &json!({"input": "rent a bike", "streamName": "any"}),
        )
        .await
        .text();
    let mut told = vec![
        ("import", imported.record.to_string()),
        ("import into", again.record.to_string()),
        ("publish", published.to_string()),
        ("failed import", failed.to_string()),
        ("findIntent", understood),
    ];
    for path in [
        format!("/api/1.1/{bot}/debuglogs"),
        format!("/api/public/bot/{bot}/changelogs"),
        "/api/public/bots".to_owned(),
        format!("/api/public/bot/{bot}/problems"),
    ] {
        told.push(("a look", client.get(&path).await.text()));
    }
    let mut asked = 0;
    while !stub.is_unasked() {
        let question = stub.next().await;
        told.push(("a question to the model", format!("{} {:?} {}", question.path, question.headers, question.body)));
        asked += 1;
    }
    assert!(asked >= 3, "the prompt node, the agent and the search asked");
    let log = process.log();
    assert!(log.lines().count() > 100, "the log tells all");
    told.push(("the log", log));
    for (what, text) in told {
        assert!(!text.contains(MODEL_KEY), "{what} tells the key: {text}");
        assert!(!text.contains("wheelhouse-tenant"), "{what} tells the tenant: {text}");
    }
    // It is content like any other: who may export gets it back.
    let exported = BotFiles::from_archive(&client.export(bot, "latest").await);
    assert!(String::from_utf8_lossy(&exported.definition).contains(MODEL_KEY));
    process.terminate();
    server.finish().await;
}

#[tokio::test]
async fn it_is_walked_through() {
    let folder = BotFiles::wheelhouse_folder();
    let run = move || command(&["walk", folder.to_str().unwrap(), "--replay", "--json"]).output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let what = String::from_utf8_lossy(&output.stderr).into_owned();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {what}"));
    let bot = &report["bots"][0];
    let gist = |fault: &Value| ["dialog", "node", "kind", "blame"].map(|it| fault[it].as_str().unwrap().to_owned());
    let faults: Vec<_> = bot["faults"].as_array().unwrap().iter().map(gist).collect();
    // It looks at the first of no rentals: whether the table can be empty, no definition says.
    let known = [["find my rental", "FirstRental", "script", "unknown"]];
    assert_eq!(faults, known.map(|fault| fault.map(str::to_owned)), "{bot:#}");
    assert_eq!(
        (&bot["dialogs"]["all"], bot["walks"].as_u64().is_some_and(|walks| walks > 20)),
        (&json!(14), true),
        "{bot:#}"
    );
    assert!(!report.to_string().contains(MODEL_KEY));
}
