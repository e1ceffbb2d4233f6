//! How a conversation is entered: every combination of what welcomes a user, of flows and of their settings, and what the
//! user does first (`tests/fixtures/entry.tsv`). What each of them is answered with was written there before it ran.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::client::Client;
use crate::support::talk::{bubbles, message};
use crate::support::{TestServer, fixture};

const TABLE: &str = include_str!("../fixtures/entry.tsv");

/// The columns before the answer, and all that may stand in them.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("flow", &["none", "off", "message", "dialog"]),
    ("greet", &["on", "off"]),
    ("welcome", &["off", "empty", "message", "dialog"]),
    ("first", &["answers", "welcomes"]),
    ("connect", &["off", "empty", "message", "dialog"]),
    (
        "user",
        &[
            "connect",
            "task",
            "faq",
            "greeting",
            "unknown",
            "answer",
            "then task",
            "then faq",
            "then greeting",
            "then unknown",
        ],
    ),
];

/// What users say.
const TEXTS: [(&str, &str); 5] = [
    ("task", "buy bread"),
    ("faq", "when do you open"),
    ("greeting", "hello"),
    ("unknown", "quantum chromodynamics"),
    ("answer", "tea"),
];

/// A combination: a value of each column.
type Combination = [&'static str; 6];

/// All combinations.
fn combinations() -> Vec<Combination> {
    let mut all = vec![[""; 6]];
    for (at, (_, values)) in COLUMNS.iter().enumerate() {
        let longer = all.iter().flat_map(|combination| {
            values.iter().map(move |value| {
                let mut combination = *combination;
                combination[at] = value;
                combination
            })
        });
        all = longer.collect();
    }
    all
}

/// The answer to each combination. A combination that stands in no line, or in two, is a fault of the table.
fn outcomes() -> BTreeMap<Combination, String> {
    let mut lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    assert_eq!(names[..6], COLUMNS.map(|(name, _)| name));
    let mut outcomes = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), 8, "{line}");
        for (cell, (name, values)) in cells.iter().zip(&COLUMNS) {
            assert!(*cell == "*" || cell.split('|').all(|value| values.contains(&value)), "{name} in {line}");
        }
        let fits = |combination: &Combination| {
            cells.iter().zip(combination).all(|(cell, value)| *cell == "*" || cell.split('|').any(|it| it == *value))
        };
        for combination in combinations().into_iter().filter(fits) {
            let earlier = outcomes.insert(combination, cells[6].to_owned());
            assert_eq!(earlier, None, "{combination:?} stands in two lines, the second is {line}");
        }
    }
    let missing: Vec<Combination> = combinations().into_iter().filter(|it| !outcomes.contains_key(it)).collect();
    assert!(missing.is_empty(), "{} combinations stand in no line: {missing:?}", missing.len());
    outcomes
}

/// What a bot does at an event.
fn event(what: &str, says: &str, dialog: &str, first: &str) -> Value {
    let kinds = if first == "welcomes" { "triggerWelcomeDialog" } else { "respondToUserInput" };
    let first = json!({"greetings": kinds, "faq": kinds, "task": kinds});
    match what {
        "off" => json!({"enabled": false, "action": "triggerDialog", "task": "", "msg": []}),
        "empty" => json!({"enabled": true, "action": "triggerDialog", "task": "", "msg": [],
            "manageFirstMessage": first}),
        "message" => json!({"say": says, "first": first}),
        _ => json!({"dialog": dialog, "first": first}),
    }
}

/// A flow that greets, and then says its message or starts its dialog.
fn flow(execution: &str) -> Value {
    let message = |id: &str, text: &str| json!({"_id": id, "messages": [{"type": "text", "locale": [{"language": "en", "message": text, "isActive": true}]}]});
    let next = |step: &str| json!([{"name": "Success", "nextStep": step}]);
    let automation = json!({"refId": fixture::dialog_ref("Choose Drink")});
    json!([{"callflowDefinition": {"_id": "cf-1", "name": "Welcome", "flowType": "INBOUND", "source": {"type": "chat"},
        "isDefault": true, "messages": [message("cfm-1", "Flow greets."), message("cfm-2", "Flow asks.")],
        "steps": [
            {"_id": "s-1", "type": "start", "name": "Start", "connections": next("s-2")},
            {"_id": "s-2", "type": "messageprompt", "name": "Greet", "connections": next("s-3"),
                "taskDefinition": {"messageToUser": "cfm-1"}},
            {"_id": "s-3", "type": "uxoautomation", "name": "Automation", "connections": [],
                "taskDefinition": {"executionType": execution, "messageToUser": "cfm-2", "uxoautomation": automation}}]},
        "config": {}, "files": {}}])
}

/// The bot of a combination: its flow, its welcome, what that does with first messages, its event at a connect.
fn bot([flow_of, welcome, first, connect]: [&str; 4]) -> Value {
    let mut bot = json!({"name": "Bakery", "events": {
            "WELCOME_MESSAGE_EVENT": event(welcome, "Welcome message.", "Welcome", first),
            "ON_CONNECT_EVENT": event(connect, "Connect message.", "Connect", first),
            "INTENT_UNIDENTIFIED": {"say": "I am lost."}},
        "faqs": [{"q": "When do you open", "a": "At nine."}],
        "smallTalk": [{"say": ["hello"], "reply": ["Hello!"]}],
        "dialogs": [
            {"name": "Buy Bread", "nodes": [{"id": "Loaves", "entity": "number", "prompt": "How many loaves?"}]},
            {"name": "Choose Drink", "nodes": [
                {"id": "Drink", "entity": "list_of_values", "values": ["tea", "coffee"], "prompt": "Tea or coffee?",
                    "error": "Only tea or coffee."},
                {"id": "Chosen", "message": "One {{context.entities.Drink}}."}]},
            {"name": "Welcome", "hidden": true, "nodes": [
                {"id": "Heard", "message": "Welcome dialog heard: {{context.userInputs.originalInput.sentence}}"}]},
            {"name": "Connect", "hidden": true, "nodes": [{"id": "Said", "message": "Connect dialog."}]}]});
    if flow_of != "none" {
        bot["export"] = json!({"appType": "unified", "experienceFlows": flow(flow_of)});
    }
    bot
}

/// Talks all combinations of one bot; what was answered otherwise than it should be.
async fn talk(client: Client, bot: String, outcomes: Vec<(Combination, String)>) -> Vec<String> {
    // The draft answers: it is the same bot, and so many publishes would take their time.
    let post = async |body: &Value| {
        let request = client.request(Method::POST, &format!("/chatbot/v2/webhook/{bot}"));
        client.send(request.header("state", "configured").json(body)).await.json()
    };
    let mut faults = Vec::new();
    for (combination, outcome) in outcomes {
        let user = combination.join(" ");
        let does = combination[5];
        let said = TEXTS.iter().find(|(kind, _)| does.trim_start_matches("then ") == *kind).map(|(_, text)| *text);
        let mut answer = Value::Null;
        if said.is_none() || does.starts_with("then ") {
            answer = post(&json!({"message": {"type": "event", "val": "ON_CONNECT"}, "from": {"id": user}})).await;
        }
        if let Some(text) = said {
            answer = post(&message(&user, text)).await;
        }
        let came = bubbles(&answer).join(" / ");
        let came = if came.is_empty() { "-" } else { &came };
        let wanted = outcome.replace('…', said.unwrap_or_default());
        if came != wanted {
            faults.push(format!("{user}: '{came}' and not '{wanted}'"));
        }
    }
    faults
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_combination_is_entered_as_the_table_says() {
    if std::env::var("BOTYARD_TEST_POSTGRES_URL").is_ok() {
        // The engine of dialogs is the same on both, and its state one document; `own_app` talks on both.
        println!("skipped: how conversations are entered does not depend on the database");
        return;
    }
    let mut server = TestServer::start().await;
    let outcomes = outcomes();
    let mut bots: BTreeMap<[&str; 4], String> = BTreeMap::new();
    let mut faults = Vec::new();
    // The settings of a server, and the flows of its bots: without one, nothing runs or does not.
    let settings: [(bool, bool, &[&str]); 4] = [
        (true, true, &["none", "message", "dialog"]),
        (true, false, &["none", "message", "dialog"]),
        (false, true, &["off"]),
        (false, false, &["off"]),
    ];
    let mut talks = 0;
    for (run, greet, flows) in settings {
        server
            .restart_with(|config| {
                config.conversation.flows.run = run;
                config.conversation.flows.greet_on_first_text = greet;
            })
            .await;
        let admin = server.admin().await;
        let mut of_bots: BTreeMap<[&str; 4], Vec<(Combination, String)>> = BTreeMap::new();
        let told =
            outcomes.iter().filter(|([flow, of_greet, ..], _)| flows.contains(flow) && (*of_greet == "on") == greet);
        for (combination, outcome) in told {
            let [flow, _, welcome, first, connect, _] = *combination;
            // With the flow switched off it makes no difference which one there is.
            let flow = if flow == "off" { "message" } else { flow };
            of_bots.entry([flow, welcome, first, connect]).or_default().push((*combination, outcome.clone()));
        }
        let mut talking = JoinSet::new();
        for (key, outcomes) in of_bots {
            talks += outcomes.len();
            let (client, known) = (server.client_with_token(admin.token()), bots.get(&key).cloned());
            talking.spawn(async move {
                let bot = match known {
                    Some(bot) => bot,
                    None => client.import_new(&fixture::bot(&bot(key))).await.bot,
                };
                (key, bot.clone(), talk(client, bot, outcomes).await)
            });
        }
        while let Some(talked) = talking.join_next().await {
            let (key, bot, of_bot) = talked.unwrap();
            bots.insert(key, bot);
            faults.extend(of_bot);
        }
    }
    server.finish().await;
    faults.sort();
    assert!(faults.is_empty(), "{} of {talks} went otherwise\n{}", faults.len(), faults.join("\n"));
    assert_eq!(talks, combinations().len());
}
