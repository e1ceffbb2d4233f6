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
    assert_eq!((&total["bots"], &bot["faults"]), (&json!(1), &json!([])), "{bot:#}");
    let dialogs = &bot["dialogs"];
    assert!(dialogs["all"].as_u64().unwrap() > 0 && dialogs["all"] == dialogs["clean"], "{bot:#}");
    // Its one recorded answer leads one way, and it is one day of the week.
    let places = ["behind 'track order / LookUpOrder'", "behind 'opening hours / WhichHours'"];
    let is_told = |why: &str| places.iter().any(|place| why.starts_with(place));
    let mut unreached = bot["unreached"].as_object().unwrap().keys();
    assert!(unreached.all(|why| is_told(why)), "{:#}", bot["unreached"]);

    let text = String::from_utf8(walk(&folder, &["--replay"]).await.stdout).unwrap();
    assert!(text.starts_with("Corner Coffee (") && text.contains("0 engine errors, 0 unknown, 0 of authors"), "{text}");
}

/// Lays the files of a bot into a folder.
fn lay(folder: &Path, bot: &BotFiles) {
    std::fs::write(folder.join("botDefinition.json"), &bot.definition).unwrap();
    std::fs::write(folder.join("config.json"), &bot.config).unwrap();
}

/// A bot that is described here, walked; whether the program succeeded, and what it told of the bot.
async fn walked(description: &Value, more: &[&str]) -> (bool, Value) {
    let folder = tempfile::tempdir().unwrap();
    lay(folder.path(), &fixture::bot(description));
    let output = walk(folder.path(), &[&["--replay", "--json"], more].concat()).await;
    (output.status.success(), report(&output)["bots"][0].clone())
}

#[tokio::test]
async fn what_is_named_twice_is_walked_once_and_ways_that_ask_nothing_are_told() {
    let dialog = |name: &str, test: &Value| {
        let next = json!([{"if": test, "then": "Never"}, {"default": "Said"}]);
        json!({"name": name, "nodes": [{"id": "Fruit", "entity": "list_of_values", "prompt": "Which?", "values": ["Pear"], "next": next},
            {"id": "Never", "message": "Never.", "next": "end"}, {"id": "Said", "message": "Said."}]})
    };
    let bot = json!({"name": "Ways", "dialogs": [
        dialog("All Of None", &json!({"conjoin": "and", "tests": []})),
        dialog("Any Of None", &json!({"conjoin": "or", "tests": []})),
        dialog("Of One", &json!({"context": "context.nothing", "op": "eq", "value": "x"})),
    ]});
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("bot");
    std::fs::create_dir(&inner).unwrap();
    lay(&inner, &fixture::bot(&bot));
    let again = [inner.to_str().unwrap(), inner.join("..").to_str().unwrap()].map(str::to_owned);
    let output = walk(folder.path(), &["--replay", "--json", &again[0], &again[1]]).await;
    let told = report(&output);
    assert_eq!(told["total"]["bots"], 1, "{told:#}");
    let ways = told["bots"][0]["unreached"].as_object().unwrap();
    for (node, why) in [
        (
            "all of none / Never",
            "no walk took its way there, on which stands a condition without a test, which is never met",
        ),
        (
            "any of none / Never",
            "no walk took its way there, on which stands a condition without a test, which is never met",
        ),
        ("of one / Never", "no walk came there with context.nothing = 'x'"),
    ] {
        let found = ways.iter().find(|(_, nodes)| nodes.as_array().unwrap().contains(&json!(node)));
        assert!(found.is_some_and(|(told, _)| told.ends_with(why)), "{node}: {ways:#?}");
    }
    for data in ["[]", "7", "null", "\"x\""] {
        let output = walk(folder.path(), &["--custom-data", data]).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("it is no JSON object"), "{data}: {said}");
    }
}

/// The bot of `fixtures/walks`, which has a fault of each kind and blame.
fn blames() -> Value {
    serde_json::from_str(include_str!("../fixtures/walks/bot.json")).unwrap()
}

/// The faults of that bot, as the file beside it tells them.
fn told_faults() -> Vec<Vec<&'static str>> {
    let lines = include_str!("../fixtures/walks/faults.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect()).collect()
}

#[tokio::test]
async fn each_fault_is_blamed_by_its_evidence() {
    let (succeeded, bot) = walked(&blames(), &[]).await;
    assert!(!succeeded, "{bot:#}");
    let faults = bot["faults"].as_array().unwrap();
    let gist = |fault: &Value| {
        ["dialog", "node", "kind", "blame", "channel"].map(|member| fault[member].as_str().unwrap().to_owned())
    };
    for expected in told_faults() {
        let of_node = |fault: &&Value| fault["dialog"] == expected[0] && fault["node"] == expected[1];
        let found: Vec<&Value> = faults.iter().filter(of_node).collect();
        let [fault] = found[..] else { panic!("{expected:?}: {found:#?}") };
        assert_eq!(gist(fault)[..], expected[..5], "{fault:#}");
        let told = format!("{} {}", fault["cause"].as_str().unwrap(), fault["evidence"].as_str().unwrap());
        assert!(told.contains(expected[5]), "{fault:#}");
    }
    let left = faults.iter().filter(|fault| {
        !told_faults().iter().any(|expected| fault["dialog"] == expected[0] && fault["node"] == expected[1])
    });
    let left: Vec<&Value> = left.collect();
    assert!(left.is_empty(), "{left:#?}");

    // What failed, and what it read.
    let fault = faults.iter().find(|fault| fault["dialog"] == "one item").unwrap();
    let script = &fault["script"];
    assert_eq!(
        (&script["line"], &script["values"]),
        (&json!(2), &json!({"context.price": "absent", "context.entities.Wood": "Cedar"}))
    );
    assert_eq!(script["text"], "context.price = prices[context.entities.Wood][0];");
    assert_eq!(fault["walk"], json!(["(connect)", "[one item]", "one item", "Cedar"]));
}

#[tokio::test]
async fn dialogs_are_counted_by_how_they_fared() {
    let (_, bot) = walked(&blames(), &[]).await;
    let all = blames()["dialogs"].as_array().unwrap().len();
    let of = |blame: &str| told_faults().iter().filter(|fault| fault[3] == blame).count();
    let engine = of("engine") + of("unknown");
    // The dialog behind a service without a recording is explained with it.
    let (author, explained) = (of("author"), of("world") + 1);
    let clean = all - engine - author - explained;
    assert_eq!(
        bot["dialogs"],
        json!({"all": all, "clean": clean, "explained": explained, "author": author, "engine": engine, "unwalked": 0, "empty": 0})
    );
    for dialog in ["fine", "caller", "called", "greeting", "put in", "look up"] {
        assert!(bot["unclean"].get(dialog).is_none(), "{dialog}: {:#}", bot["unclean"]);
    }
    let unreached = bot["unreached"].as_object().unwrap();
    let reason = |node: &str| {
        let found = unreached.iter().find(|(_, nodes)| nodes.as_array().unwrap().contains(&json!(node)));
        found.map(|(why, _)| why.as_str())
    };
    assert_eq!(
        reason("no recording / Said"),
        Some("behind 'no recording / Order', which failed: the service 'Order': Order has no recording")
    );
    assert_eq!(
        reason("behind / Said"),
        Some("no walk enters the dialog 'behind': its callers were not led there: no recording")
    );
    assert_eq!(reason("look up / Orphan"), Some("nothing that ran leads there"));
    assert_eq!((reason("look up / Some"), reason("fine / Big")), (None, None));
    assert_eq!((&bot["channels"], &bot["asidesMisunderstood"]), (&json!(["rtm", "ivr"]), &json!([])));
    assert_eq!(bot["asides"], 2);
    let others = all - 1;
    let note = format!("{others} dialogs have nothing of their own for ivr, and were not walked again on it");
    assert!(bot["notes"].as_array().unwrap().contains(&json!(note)), "{:#}", bot["notes"]);
}

#[tokio::test]
async fn only_faults_that_count_as_the_platforms_fail_the_program() {
    let of_dialogs = |names: &[&str]| {
        let mut description = blames();
        description["dialogs"]
            .as_array_mut()
            .unwrap()
            .retain(|dialog| names.contains(&dialog["name"].as_str().unwrap()));
        description["events"] = json!({});
        description
    };
    let (succeeded, bot) = walked(&of_dialogs(&["Fine", "Customer", "No functions"]), &[]).await;
    assert!(succeeded, "{bot:#}");
    assert_eq!(bot["faults"].as_array().unwrap().len(), 2, "{bot:#}");
    // What clients send is asked for.
    let (_, bot) = walked(&of_dialogs(&["Customer"]), &["--custom-data", r#"{"tier": 1}"#]).await;
    assert_eq!(bot["faults"], json!([]));
    for one in ["Platform member", "Key of the platform"] {
        assert!(!walked(&of_dialogs(&[one]), &[]).await.0, "{one}");
    }

    let folder = tempfile::tempdir().unwrap();
    // A mistyped path must not look like bots without faults.
    let output = walk(folder.path(), &[]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no export of a bot in these folders"));
    std::fs::write(folder.path().join("botDefinition.json"), "{broken").unwrap();
    let output = walk(folder.path(), &["--json"]).await;
    assert_eq!((output.status.code(), report(&output)["total"]["unreadable"].clone()), (Some(1), json!(1)));
}

#[tokio::test]
async fn the_same_export_gives_the_same_report() {
    let folder = tempfile::tempdir().unwrap();
    lay(folder.path(), &fixture::bot(&blames()));
    let [one, other] = [walk(folder.path(), &["--replay"]).await, walk(folder.path(), &["--replay"]).await];
    assert_eq!(String::from_utf8(one.stdout).unwrap(), String::from_utf8(other.stdout).unwrap());
}

#[tokio::test]
async fn what_a_language_model_would_do_is_explained() {
    let description = json!({"name": "New", "dialogs": [
        {"name": "Story", "nodes": [
            {"id": "Ask", "generative": {"prompt": "A story"}}, {"id": "Told", "message": "{{context.GenerativeAINode.Ask.text}}"}]},
        {"name": "Talk", "nodes": [
            {"id": "Collect", "agent": {"dynamicEntities": [{"name": "age", "type": "number"}, {"name": "day", "type": "date"}]}},
            {"id": "Told", "message": "{{context.entities.age}}"}]},
    ]});
    let (succeeded, bot) = walked(&description, &[]).await;
    assert!(succeeded, "{bot:#}");
    assert_eq!(
        (&bot["dialogs"]["clean"], &bot["dialogs"]["explained"], &bot["faults"]),
        (&json!(1), &json!(1), &json!([])),
        "{bot:#}"
    );
    assert_eq!(bot["unclean"], json!({"story": "'Ask' was only skipped: no language model is configured"}));
}

#[tokio::test]
async fn real_exports_meet_no_engine_error() {
    if corpus_names().is_empty() {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let output = walk(&folder, &["--replay", "--json"]).await;
    let report = report(&output);
    let all = report["bots"].as_array().unwrap().iter().flat_map(|bot| bot["faults"].as_array().unwrap());
    let ours: Vec<&Value> = all.filter(|fault| fault["blame"] == "engine" || fault["blame"] == "unknown").collect();
    assert!(ours.is_empty() && report["total"]["unreadable"] == 0, "{ours:#?}");
    assert!(output.status.success());
    let total = &report["total"];
    assert!(total["walks"].as_u64().unwrap() > 100, "{total}");
    // Of the dialogs that have nodes, so many are clean or explained by what is not in the export.
    let count = |name: &str| total["dialogs"][name].as_f64().unwrap();
    let walked = count("all") - count("empty");
    assert!((count("clean") + count("explained")) / walked >= 0.95, "{total}");
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
