//! Scripts that would hurt: their task fails, and nobody else notices.

use serde_json::json;

use super::steps;
use crate::support::{Stub, TestServer};

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

/// One bot asks for more endless scripts than there are processes; another one is answered before the first of them are
/// over, however many wait.
#[tokio::test]
async fn a_bot_without_end_delays_no_other() {
    let mut stub = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let server = TestServer::start_with(|setup| {
        let conversation = &mut setup.config.conversation;
        conversation.services.egress.allow = vec!["127.0.0.1".to_owned()];
        (conversation.scripts.workers, conversation.scripts.deadline_ms) = (2, 2_000);
    })
    .await;
    let admin = server.admin().await;
    let events = json!({"TASK_FAILURE_EVENT": {"say": "It broke."}});
    let endless = json!({"name": "Endless", "events": events, "dialogs": [{"name": "Loop Forever", "nodes": [
        {"id": "Begin", "service": {"url": format!("{}/begun", stub.url)}},
        {"id": "Loop", "script": "while (true) {}"}]}]});
    let quiet = json!({"name": "Quiet", "events": events, "dialogs": [{"name": "Count Up", "nodes": [
        {"id": "One", "script": "context.sum = 1;"},
        {"id": "Two", "script": "context.sum += 2;"},
        {"id": "Told", "message": {"js": "print('sum ' + context.sum);"}}]}]});
    let (endless, quiet) = (admin.bring(&endless).await, admin.bring(&quiet).await);
    let over = std::sync::Mutex::new(Vec::new());
    let say = async |bot: &str, user: &str, text: &str, expected: &str| {
        assert_eq!(admin.say(bot, user, text).await, [expected]);
        over.lock().unwrap().push(user.to_owned());
    };
    let loops = async |user: &str| say(&endless, user, "loop forever", "It broke.").await;
    let others = async {
        for _ in 0..4 {
            assert_eq!(stub.next().await.path, "/begun");
        }
        say(&quiet, "quiet", "count up", "sum 3").await;
    };
    tokio::join!(loops("a"), loops("b"), loops("c"), loops("d"), others);
    let over = over.into_inner().unwrap();
    let before = over.iter().position(|user| user == "quiet").unwrap();
    // Served in the order of asking, it would come after at least three of them.
    assert!(before <= 1, "{over:?}");
    server.finish().await;
}

/// What the system says of the process that runs scripts, started as the server starts it, with a file left open on top.
#[cfg(target_os = "linux")]
#[test]
fn the_process_that_runs_scripts_has_no_rights() {
    use std::{fs, path::Path, process};

    use script::{Kind, Outcome, Reply, Request, Script, protocol};

    let mut command = process::Command::new("/bin/sh");
    command.args(["-c", "exec \"$0\" script-worker 300 1000000 9</etc/passwd", env!("CARGO_BIN_EXE_botyard")]);
    let mut worker = command.stdin(process::Stdio::piped()).stdout(process::Stdio::piped()).spawn().unwrap();
    let (mut input, mut output) = (worker.stdin.take().unwrap(), worker.stdout.take().unwrap());
    let first = protocol::read_frame::<Reply>(&mut output).unwrap();
    let about = Path::new("/proc").join(worker.id().to_string());
    let words = |file: &str, line: &str| -> Vec<String> {
        let text = fs::read_to_string(about.join(file)).unwrap();
        let rest = text.lines().find_map(|found| found.strip_prefix(line)).unwrap_or_default();
        rest.split_whitespace().map(str::to_owned).collect()
    };
    match first {
        Some(Reply::Ready { keeps }) if keeps.is_empty() => {
            assert_eq!(words("status", "Seccomp:"), ["2"]);
            assert_eq!(words("status", "NoNewPrivs:"), ["1"]);
        }
        // A kernel without them says so, and all else holds.
        Some(Reply::Ready { keeps }) => println!("this system cannot take all: {keeps:?}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read_link(about.join("cwd")).unwrap(), Path::new("/"));
    let mut files: Vec<_> = fs::read_dir(about.join("fd")).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["0", "1", "2"]);
    for (limit, soft, hard) in [
        ("Max file size", "0", "0"),
        ("Max core file size", "0", "0"),
        ("Max processes", "0", "0"),
        ("Max open files", "3", "3"),
        ("Max cpu time", "300", "300"),
    ] {
        assert_eq!(words("limits", limit)[..2], [soft, hard], "{limit}");
    }
    assert_ne!(words("limits", "Max address space")[0], "unlimited");
    // And it works.
    let script = Script { kind: Kind::Body, source: "return 1".into() };
    protocol::write_frame(&mut input, &Request::Check(script)).unwrap();
    assert_eq!(protocol::read_frame::<Reply>(&mut output).unwrap(), Some(Reply::Checked(Outcome::Valid)));
    drop(input);
    assert!(worker.wait().unwrap().success());
}
