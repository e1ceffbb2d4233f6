//! Every member of `context`, as scripts read it: `tests/fixtures/context.tsv`.

use serde_json::{Value, json};

use crate::support::TestServer;

const TABLE: &str = include_str!("../../fixtures/context.tsv");

/// A script that prints which members are not as the table has them at a place.
fn look(place: &str) -> String {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [of, expression, value] = cells[..] else { panic!("{line:?} is no row") };
        (of, expression, value)
    });
    let looks = rows.filter(|(of, ..)| *of == place).map(|(_, expression, value)| {
        let (name, value) =
            (json!(expression), if value == "undefined" { value.to_owned() } else { json!(value).to_string() });
        format!(
            "try {{ var got = JSON.stringify({expression}); if (got !== {value}) wrong.push({name} + ': ' + got); }} \
             catch (error) {{ wrong.push({name} + ': ' + error); }}"
        )
    });
    let looks: Vec<String> = looks.collect();
    assert!(!looks.is_empty(), "{place}");
    format!(
        "var wrong = []; {} print(wrong.length ? wrong.join(' | ') : '{place}: all {}');",
        looks.join("\n"),
        looks.len()
    )
}

#[tokio::test]
async fn every_member_is_there_for_scripts() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let fruit = json!({"id": "Fruit", "entity": "list_of_values", "prompt": "Which fruit?", "values": [
        {"title": "Apple", "value": "apl", "synonyms": ["cox"]}, {"title": "Pear", "value": "per", "synonyms": []}]});
    let hold = json!({"interruptsEnabled": true, "numTasksToHold": "1", "type": {"option": "developer", "message": ""},
        "holdUxOptions": {"option": "holdCurrTask", "message": ""}, "holdCurrTaskOptions": {"option": "resumeWithNotify"}});
    let bot = admin
        .bring(&json!({"name": "Facts", "export": {"interruptOptions": hold},
            "events": {"INTENT_UNIDENTIFIED": {"script": look("nothing")}},
            "faqs": [{"q": "When do you open the store?", "a": "At nine: {{context.resultsFound}}"}],
            "dialogs": [
                {"name": "Pick Fruit", "nodes": [fruit, {"id": "Look", "message": {"js": look("task")}},
                    {"id": "More", "entity": "number", "prompt": "More?"}]},
                {"name": "Look Aside", "nodes": [{"id": "Aside", "message": {"js": look("aside")}}]}]}))
        .await;
    let says = async |text: &str| admin.say(&bot, "ann", text).await;
    let all = |place: &str| {
        let rows = TABLE.lines().filter(|line| line.split('\t').next() == Some(place)).count();
        Value::String(format!("{place}: all {rows}"))
    };
    assert_eq!(says("pick fruit").await[0].lines().next(), Some("Which fruit?"));
    let task = says("cox").await;
    assert_eq!(json!(task[0]), all("task"), "{task:#?}");
    let aside = says("look aside").await;
    assert_eq!(json!(aside[0]), all("aside"), "{aside:#?}");
    says("discard all").await;
    let nothing = admin.say(&bot, "ben", "qwertz uiop").await;
    assert_eq!(json!(nothing[0]), all("nothing"), "{nothing:#?}");
    assert_eq!(admin.say(&bot, "ben", "when do you open the store").await, ["At nine: true"]);
    server.finish().await;
}

#[tokio::test]
async fn what_only_a_look_added_is_not_kept() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin
        .bring(&json!({"name": "Kept", "dialogs": [{"name": "Write Some", "nodes": [
            {"id": "Write", "script": "context.inputData.own = 1; context.onHoldTasks = ['mine']; context.updatedOn = 'never';"},
            {"id": "Own", "message": "{{context.inputData.own}} [{{context.synonymsUsed}}] [{{context.onHoldTasks}}]"},
            {"id": "Wait", "entity": "label", "prompt": "And?"}]}]}))
        .await;
    assert_eq!(admin.say(&bot, "ann", "write some").await, ["1 [] []", "And?"]);
    server.finish().await;
}
