//! Which members `findIntent` answers with, for each kind of outcome: exactly those of `outcomes.tsv`, and none that
//! `members.tsv` does not know the source of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::still_server;
use crate::support::client::Client;
use crate::support::fixture;

/// Members by their level: the path of the object they stand in, `[]` for each entry of a list. Entries of one list may have
/// different members; each set stands for itself.
type Members = BTreeSet<(String, BTreeSet<String>)>;

/// Two tasks with a sentence in common, one of them with a sub-intent and entities; several tasks may be said at once.
fn trips(model_per_dialog: bool) -> Value {
    let wish =
        json!({"groupName": "wish", "language": "en", "matchStrategy": "pattern", "traits": {"view": ["window"]}});
    let setting = json!({"language": "en", "type": 1, "nlpEngine": "ML", "configurationKeyName": "Multiple_Intent_Models",
        "configurationValue": model_per_dialog});
    json!({
        "name": if model_per_dialog { "Trips by dialog" } else { "Trips" },
        "export": {"detectMultiIntent": true, "advancedNLSettings": [setting], "traits": [wish]},
        "dialogs": [
            {"name": "Book Flight", "utterances": ["I want to fly to Rome", "get me on a plane", "plan my journey"], "nodes": [
                {"id": "To", "entity": "airport", "prompt": "Where to?"},
                {"id": "Seat", "entity": "list_of_values", "prompt": "Where?", "values": ["Front Window", "Rear Window"]},
                {"id": "Swap", "subIntent": "Swap Luggage", "utterances": ["exchange my suitcase", "another bag instead"]},
                {"id": "Done", "message": "Flight booked."}]},
            {"name": "Book Hotel", "utterances": ["I need a room for the night", "a bed near the beach", "plan my journey"],
                "nodes": [{"id": "Done", "message": "Hotel booked."}]},
        ],
        "faqs": [
            {"q": "Who pays the refund for a lost ticket?", "a": "The carrier."},
            {"q": "Who sends the receipt for a lost ticket?", "a": "The agency."},
        ],
    })
}

/// What authors wrote, and values of entities, have members of their own.
const VALUES: [&str; 5] = [".answer[]", ".alternateAnswers[]", ".value[]", ".ambiguous[]", ".otherValues[]"];

/// The objects in an answer, with what members each has.
fn collect(value: &Value, level: &str, into: &mut Members) {
    match value {
        Value::Object(_) if VALUES.iter().any(|it| level.ends_with(it)) => {}
        Value::Object(object) => {
            into.insert((level.to_owned(), object.keys().cloned().collect()));
            for (member, inner) in object {
                let prefix = if level == "." { "" } else { level };
                collect(inner, format!("{prefix}.{member}").trim_start_matches('.'), into);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| collect(inner, &format!("{level}[]"), into)),
        // What does not apply is not there.
        Value::Null => {
            into.insert((level.to_owned(), BTreeSet::from(["(null)".to_owned()])));
        }
        _ => {}
    }
}

/// The rows of a table: cells between tabs, without what explains them.
fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// The block for what each answer has.
const ALWAYS: &str = "every outcome";

/// The blocks of the table, each with a kind of outcome above it.
fn expected() -> BTreeMap<String, Members> {
    let mut outcomes: BTreeMap<String, Members> = BTreeMap::new();
    for block in include_str!("outcomes.tsv").split("\n## ").skip(1) {
        let (outcome, table) = block.split_once('\n').unwrap();
        let members = rows(table).map(|row| {
            let [level, members] = row[..] else { panic!("{outcome}: not two cells: {row:?}") };
            (level.to_owned(), members.split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect())
        });
        outcomes.insert(outcome.to_owned(), members.collect());
    }
    let always = outcomes.remove(ALWAYS).unwrap();
    for members in outcomes.values_mut() {
        members.extend(always.iter().cloned());
    }
    outcomes
}

async fn found(client: &Client, bot: &str, text: &str, expands: bool) -> Members {
    let path = format!("/api/v1.1/rest/bot/{bot}/findIntent?fetchConfiguredTasks=true");
    let asked = json!({"input": text, "streamName": "any", "expandAns": expands});
    let mut members = Members::new();
    collect(&client.post(&path, &asked).await.json(), ".", &mut members);
    members
}

fn printed(members: &Members) -> String {
    let row = |(level, members): &(String, BTreeSet<String>)| {
        format!("{level}\t{}\n", members.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
    };
    members.iter().map(row).collect()
}

#[tokio::test]
async fn answers_have_the_members_that_apply() {
    let server = still_server().await;
    let admin = server.admin().await;
    let shop = admin.import_sample().await;
    let trips_bot = admin.import_new(&fixture::bot(&trips(false))).await.bot;
    let by_dialog = admin.import_new(&fixture::bot(&trips(true))).await.bot;
    let table = [
        ("task by its name", &shop, "track order"),
        ("task by an utterance, with entities", &shop, "Can I get two large cappuccinos please"),
        ("task with open entities", &trips_bot, "book flight to London by the window"),
        ("task by what was learned", &shop, "could you brew something hot"),
        ("question", &shop, "Is there free wifi?"),
        ("question, with its answer", &shop, "Is there free wifi?"),
        ("question that starts a dialog", &shop, "Tell me the days the shop is open"),
        ("small talk", &shop, "hello"),
        ("did you mean", &trips_bot, "who pays the receipt for a lost ticket?"),
        ("did you mean, one question", &trips_bot, "who pays for a lost ticket?"),
        ("ambiguous", &trips_bot, "plan my journey"),
        ("several tasks", &trips_bot, "book flight and book hotel"),
        ("only a sub-intent", &trips_bot, "exchange my suitcase"),
        ("only a sub-intent, learned by dialog", &by_dialog, "exchange my suitcase"),
        ("nothing", &shop, "qwrtz plmokn"),
        ("no words", &shop, ""),
    ];
    let expected = expected();
    let mut wrong = String::new();
    for (outcome, bot, text) in table {
        let found = found(&admin, bot, text, outcome.ends_with("with its answer")).await;
        let expected = expected.get(outcome).cloned().unwrap_or_default();
        let (missing, surplus) = (&expected - &found, &found - &expected);
        if !missing.is_empty() || !surplus.is_empty() {
            wrong += &format!("## {outcome}\nnot there:\n{}too much:\n{}", printed(&missing), printed(&surplus));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(expected.len(), table.len(), "an outcome of the table is not asked for");
    server.finish().await;
}

/// A member that nobody knows the source of is none of the original's, and none that was added on purpose.
#[test]
fn members_have_a_source() {
    let mut sources: BTreeMap<(String, String), &str> = BTreeMap::new();
    for row in rows(include_str!("members.tsv")) {
        let [level, member, source] = row[..] else { panic!("not three cells: {row:?}") };
        assert!(!source.is_empty(), "{row:?}");
        sources.insert((level.to_owned(), member.to_owned()), source);
    }
    let expected = expected();
    let used: BTreeSet<(String, String)> = expected
        .values()
        .flatten()
        .flat_map(|(level, members)| members.iter().map(|member| (level_of(level), member.clone())))
        .collect();
    let known: BTreeSet<(String, String)> = sources.into_keys().collect();
    assert_eq!(&used - &known, BTreeSet::new(), "without a source");
    assert_eq!(&known - &used, BTreeSet::new(), "in no outcome");
}

/// Experts say what they say in the same words, however sure they are.
fn level_of(level: &str) -> String {
    let level =
        ["definitive[]", "possible[]", "low[]"].iter().fold(level.to_owned(), |it, list| it.replace(list, "hit[]"));
    let experts = ["ml", "fm", "smallTalk"].map(|expert| format!("response.{expert}"));
    match experts.iter().find_map(|it| level.strip_prefix(it.as_str())) {
        Some(rest) => format!("response.expert{rest}"),
        None => level,
    }
}
