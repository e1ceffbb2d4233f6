//! Flows of apps that lead nowhere: what users say is heard all the same, and publish tells.

use serde_json::{Value, json};

use crate::support::TestServer;

fn app(name: &str, steps: &Value) -> Value {
    let says = json!({"_id": "cfm-1", "messages": [{"type": "text",
        "locale": [{"language": "en", "message": "Welcome.", "isActive": true}]}]});
    let flow = json!({"callflowDefinition": {"_id": "cf-1", "name": "Welcome", "flowType": "INBOUND", "isDefault": true,
        "source": {"type": "chat"}, "steps": steps, "messages": [says]}, "config": {}, "files": {}});
    json!({"name": name, "export": {"appType": "unified", "experienceFlows": [flow]},
        "dialogs": [{"name": "Rent A Bike", "nodes": [{"id": "Days", "entity": "number", "prompt": "How many days?"}]}]})
}

#[tokio::test]
async fn a_flow_that_leads_nowhere_makes_no_app_deaf() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let goto = |step: &str| json!([{"name": "goto", "nextStep": step}]);
    let start = |next: &str| json!({"_id": "s-1", "type": "start", "name": "Start", "connections": goto(next)});
    let prompt = |next: &str| {
        json!({"_id": "s-2", "type": "messageprompt", "name": "Greet", "connections": goto(next),
            "taskDefinition": {"messageToUser": "cfm-1"}})
    };
    for (name, steps, greets) in [
        ("Unconnected", json!([start("dummy")]), false),
        ("Undecided", json!([start("s-2"), {"_id": "s-2", "type": "split", "name": "Split", "rules": []}]), false),
        (
            "Split loop",
            json!([start("s-2"), {"_id": "s-2", "type": "split", "name": "Split",
            "rules": [{"type": "default", "nextStep": "s-2"}]}]),
            false,
        ),
        ("Without steps", json!([]), false),
        ("Null", Value::Null, false),
        ("Unknown", json!([start("s-2"), {"_id": "s-2", "type": "hologram", "name": "Ball"}]), false),
        ("Prompt loop", json!([start("s-2"), prompt("s-2")]), true),
        ("Prompt alone", json!([start("s-2"), prompt("dummy")]), true),
    ] {
        let bot = admin.import_new(&crate::support::fixture::bot(&app(name, &steps))).await.bot;
        let published = admin.publish(&bot, "to talk to").await.to_string();
        assert!(published.contains("understood without the flow"), "{name}: {published}");
        let mut wanted = vec!["How many days?"];
        if greets {
            wanted.insert(0, "Welcome.");
        }
        assert_eq!(admin.say(&bot, "ann", "rent a bike").await, wanted, "{name}");
        assert_eq!(admin.say(&bot, "ann", "3").await, [""; 0], "{name}: the dialog ends without a word");
    }
    server.finish().await;
}
