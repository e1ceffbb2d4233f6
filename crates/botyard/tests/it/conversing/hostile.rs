//! Scripts that would hurt: their task fails, and nobody else notices.

use serde_json::json;

use super::steps;
use crate::support::TestServer;

#[tokio::test]
async fn a_hostile_script_fails_its_own_task_only() {
    // What each script does, and a part of what the debug log tells of it.
    let hostile = [
        ("Loop Forever", "while (true) {}", "did not end within"),
        ("Eat Memory", "var all = []; while (true) all.push(new Array(100000).fill('x'));", "more memory"),
        ("Join Giant", "context.giant = new Array(1e9) + '';", ""),
        ("Repeat Giant", "context.giant = 'x'.repeat(5e8);", "memory"),
        ("Dive Deep", "(function dive() { dive(); })();", "stack"),
        ("Keep Giant", "context.giant = 'x'.repeat(1100000);", "context"),
        ("Run Backwards", "/^(a+)+$/.test('a'.repeat(40) + 'b');", "did not end within"),
        (
            "Nest Deep",
            "var deep = {}; context.deep = deep; for (var i = 0; i < 5000; i += 1) { deep.in = {}; deep = deep.in; }",
            "deep",
        ),
        ("Chase Tail", "context.tail = {}; context.tail.tail = context.tail;", "cycle"),
        ("Promise Much", "function again() { Promise.resolve().then(again); } again();", "did not end within"),
        ("Look Around", "print(require('fs'));", "require"),
        ("Ask Process", "context.env = process.env;", "process"),
    ];
    let mut dialogs: Vec<_> = hostile
        .iter()
        .map(|(name, script, _)| json!({"name": name, "nodes": [{"id": "Hostile", "script": script}, {"id": "Never", "message": "never said"}]}))
        .collect();
    // What it changes of the language is its own.
    let pollute = "Object.prototype.polluted = 'yes'; Array.prototype.map = null; JSON.stringify = function () { return 'gotcha'; };\n\
        Object.prototype.toJSON = function () { return 'gotcha'; }; context.__proto__.evil = 1; context.left = {a: 1};";
    dialogs.push(json!({"name": "Pollute All", "nodes": [
        {"id": "Pollute", "script": pollute},
        {"id": "Look", "message": {"js": "print(typeof ({}).polluted + typeof [].map + JSON.stringify(context.left) + typeof ({}).evil);"}}]}));
    dialogs.push(json!({"name": "Stay Well", "nodes": [{"id": "Well", "message": {"js": "print('well ' + [1, 2].map(String).join());"}}]}));
    let description =
        json!({"name": "Target", "dialogs": dialogs, "events": {"TASK_FAILURE_EVENT": {"say": "It broke."}}});
    let server = TestServer::start_with(|setup| {
        let scripts = &mut setup.config.conversation.scripts;
        (scripts.workers, scripts.deadline_ms) = (2, 1_000);
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.bring(&description).await;
    let others = async {
        for n in 0..hostile.len() {
            assert_eq!(admin.say(&bot, &format!("other-{n}"), "stay well").await, ["well 1,2"]);
        }
    };
    let attacks = async {
        for (name, _, told) in &hostile {
            let user = name.replace(' ', "-");
            assert_eq!(admin.say(&bot, &user, name).await, ["It broke."], "{name}");
            assert_eq!(admin.say(&bot, &user, "stay well").await, ["well 1,2"], "after {name}");
            let errors = steps(&server, &bot, &user, "error").await;
            assert_eq!(errors.len(), 1, "{name}: {errors:?}");
            let message = errors[0]["detail"]["message"].as_str().unwrap();
            assert!(message.contains(told), "{name}: {message}");
        }
        assert_eq!(admin.say(&bot, "polluter", "pollute all").await, ["undefinedfunction{&quot;a&quot;:1}undefined"]);
        assert_eq!(admin.say(&bot, "polluter", "stay well").await, ["well 1,2"]);
    };
    tokio::join!(others, attacks);
    server.finish().await;
}
