//! The pool with real child processes.

#![expect(clippy::unwrap_used, reason = "all of this is test code, which the lint cannot see without the harness")]

mod runs;
mod support;

use std::{
    env,
    future::{Future, poll_fn},
    path::Path,
    pin::Pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use script::{Code, Fault, Piece, Pool, PoolOptions, Ran, Reply, protocol};
use serde_json::{Value, json};

use runs::{block_on, body, pool, printed, run_of, source_of};
use support::{AMPLE, Faulty, Test};

const TESTS: [Test; 12] = [
    ("runs_do_not_see_each_other", runs_do_not_see_each_other),
    ("bombs_end_politely", bombs_end_politely),
    ("what_the_engine_cannot_stop_is_killed", what_the_engine_cannot_stop_is_killed),
    ("what_is_too_large_is_refused", what_is_too_large_is_refused),
    ("a_worker_that_dies_takes_only_its_run", a_worker_that_dies_takes_only_its_run),
    ("a_dropped_run_leaves_no_answer_behind", a_dropped_run_leaves_no_answer_behind),
    ("who_waits_is_served_in_order", who_waits_is_served_in_order),
    ("a_bot_without_end_makes_no_other_wait", a_bot_without_end_makes_no_other_wait),
    ("too_many_that_wait_fail_in_their_own_bot", too_many_that_wait_fail_in_their_own_bot),
    ("a_closed_pool_runs_nothing", a_closed_pool_runs_nothing),
    ("programs_that_are_no_workers_are_named", programs_that_are_no_workers_are_named),
    ("scripts_of_the_corpus_run", scripts_of_the_corpus_run),
];

fn reply(source: &str) -> Option<Reply> {
    let ran = || Ran { printed: Some(std::process::id().to_string()), ..Ran::default() };
    (source == "process").then(|| Reply::Ran(Box::new(Ok(ran()))))
}

fn main() {
    support::run(&TESTS, &Faulty { source: source_of, reply });
}

fn runs_do_not_see_each_other() {
    let pool = pool("worker", 1, AMPLE);
    block_on(async {
        for trick in [
            "left = 1; Object.prototype.left = 1; Array.prototype.left = String.prototype.left = 1",
            "JSON.stringify = print = Math.random = null; Object.freeze(Object.prototype)",
            "koreUtil.getLanguage = koreUtil.moment = null; delete koreUtil._; koreUtil = Date = JSON = null",
            "koreUtil._.map = koreUtil.moment.prototype = null; Object.setPrototypeOf(globalThis, new Proxy({}, {}))",
            "context.session.BotUserSession.left = 1; BotUserSession.put('left', 1); env.left = 1; content.left = 1",
            "var f = new Function('left = 1'); f(); globalThis.context.left = 1; (async () => { await null; left = 2 })()",
        ] {
            pool.run("bot", &body(trick)).await.unwrap();
            let source = "print([typeof left, {}.left, [].left, ''.left, BotUserSession.left, env.left, content.left, \
                          typeof Math.random(), koreUtil.getLanguage(), koreUtil._.map([1], String), \
                          koreUtil.moment(0).utc().format('YYYY'), JSON.stringify(context)].join())";
            let expected = "undefined,,,,,,,number,en,1,1970,{\"session\":{\"EnterpriseContext\":{},\"BotContext\":{},\
                            \"UserSession\":{},\"BotUserSession\":{},\"UserContext\":{}}}";
            assert_eq!(printed(&pool, source).await, expected, "{trick}");
        }
    });
}

/// What has no end, or wants all memory, is a fault of its author, and the same worker goes on.
fn bombs_end_politely() {
    let endless = [
        "while (true) {}",
        "for (;;) try { while (true) {} } catch { } finally { while (true) {} }",
        "context.o = {get a() { while (true) {} }}",
        "context.o = {toJSON() { while (true) {} }}",
        "context.o = new Proxy({}, {ownKeys() { while (true) {} }})",
        "throw {get message() { while (true) {} }, toString() { while (true) {} }, toJSON() { while (true) {} }}",
        "function f() { Promise.resolve().then(f) } f()",
        "/^(a+)+$/.test('a'.repeat(64) + 'b')",
        "Array.prototype.indexOf.call({length: 2 ** 53 - 1}, 1)",
        "var l = []; l.length = 4294967295; for (var i = 0; i < l.length; i++) {}",
    ];
    let hungry = [
        "var l = []; while (true) l.push('x'.repeat(100000) + l.length)",
        "var s = 'x'; for (var i = 0; i < 28; i++) s += s; print(s)",
        "while (true) print('x'.repeat(100000))",
        "while (true) BotUserSession.put('k', 'v'.repeat(100000) + Math.random())",
        "var l = []; l.length = 4294967295; return l",
        "new ArrayBuffer(2 ** 30)",
        "'x'.repeat(2 ** 29)",
    ];
    let deep = [
        "function f() { return f() + 1 } f()",
        "var o = {}; o.toString = function () { return '' + this }; '' + o",
        "JSON.parse('['.repeat(1e6))",
        "var l = []; for (var i = 0; i < 1e5; i++) l = [l]; '' + l",
        "var l = []; for (var i = 0; i < 1e5; i++) l = [l]; JSON.stringify(l)",
        "eval('('.repeat(1e5))",
        "new RegExp('('.repeat(1e5) + ')'.repeat(1e5))",
        "var p = {}; for (var i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x",
        "'a'.replace(/a/, function f() { return 'a'.replace(/a/, f) })",
        "var l = []; for (var i = 0; i < 1e5; i++) l = [l]; print(l)",
        "var l = []; for (var i = 0; i < 1e5; i++) l = [l]; context.l = l",
    ];
    block_on(async {
        let hasty = pool("worker", 1, Duration::from_millis(500));
        for source in endless {
            let fault = hasty.run("bot", &body(source)).await.unwrap_err();
            assert_eq!(fault, Fault::TimedOut { limit_ms: 500 }, "{source}");
            assert!(fault.is_authors());
            assert_eq!(printed(&hasty, "print('on')").await, "on", "{source}");
        }
        let patient = pool("worker", 1, AMPLE);
        for source in hungry {
            let fault = patient.run("bot", &body(source)).await.unwrap_err();
            assert_eq!(fault, Fault::OutOfMemory, "{source}");
            assert!(fault.is_authors());
            assert_eq!(printed(&patient, "print('on')").await, "on", "{source}");
        }
        for source in deep {
            let fault = patient.run("bot", &body(source)).await.unwrap_err();
            assert!(matches!(&fault, Fault::Threw { .. }), "{source}: {fault:?}");
            assert_eq!(printed(&patient, "print('on')").await, "on", "{source}");
        }
    });
}

fn what_the_engine_cannot_stop_is_killed() {
    let pool = pool("worker", 1, Duration::from_millis(300));
    block_on(async {
        let source = "new Array(1e9) + ''";
        let fault = pool.run("bot", &body(source)).await.unwrap_err();
        assert!(matches!(fault, Fault::TimedOut { limit_ms: 300 }), "{source}: {fault:?}");
        assert_eq!(printed(&pool, "print('on')").await, "on");
    });
}

fn what_is_too_large_is_refused() {
    let cases = [
        ("print('x'.repeat(2000000))", "what it printed"),
        ("context.a = 'x'.repeat(2000000)", "the context"),
        ("return 'x'.repeat(2000000)", "what it returned"),
        ("for (var i = 0; i < 60; i++) BotUserSession.put('k', 'x'.repeat(100000))", "what it put into stores"),
        ("tags.addUserLevelTag('x'.repeat(2000000), '')", "what it tagged"),
    ];
    let pool = pool("worker", 1, AMPLE);
    block_on(async {
        for (source, expected) in cases {
            let fault = pool.run("bot", &body(source)).await.unwrap_err();
            assert_eq!(fault, Fault::TooLarge { what: expected.into() }, "{source}");
        }
        // A full store refuses a put with an error that the script sees, and whatever makes it smaller is taken.
        let source = "BotContext.put('a', 'x'.repeat(600000)); try { BotContext.put('b', 'é'.repeat(300000)); } \
            catch (error) { print(error.message); } BotContext.put('a', 'x'); BotContext.put('b', 'é'.repeat(300000));";
        let ran = pool.run("bot", &body(source)).await.unwrap();
        let full = "the store BotContext is full: with the value of b it would have 1200016 bytes, at most 1048576 are \
            allowed; delete what is not needed";
        assert_eq!(ran.printed.as_deref(), Some(full));
        assert_eq!(ran.puts.len(), 3);
        let text = vec![Piece::Expression("'x'.repeat(600000)".into())];
        let texts = run_of(Code::Texts(vec![text.clone(), text.clone()]), json!({}));
        assert_eq!(pool.run("bot", &texts).await, Err(Fault::TooLarge { what: "what the texts come to".into() }));
        let values = Code::Values(vec!["'x'.repeat(600000)".into(); 2]);
        let fault = pool.run("bot", &run_of(values, json!({}))).await;
        assert_eq!(fault, Err(Fault::TooLarge { what: "what the values come to".into() }));
        let fault = pool.run("bot", &body(&"x".repeat(protocol::MAX_FRAME_BYTES))).await;
        assert_eq!(fault, Err(Fault::TooLarge { what: "the code with its context and functions".into() }));
        let deep = (0..1000).fold(json!(1), |inner, _| json!([inner]));
        let fault = pool.run("bot", &run_of(Code::Values(vec!["1".into()]), deep)).await;
        assert_eq!(fault, Err(Fault::TooLarge { what: "the depth of the context".into() }));
        let deepest = (0..script::MAX_DEPTH - 1).fold(json!(1), |inner, _| json!([inner]));
        let run = run_of(Code::Body(vec![Piece::Text("context.b = 1".into())]), json!({"session": {}, "a": deepest}));
        assert_eq!(pool.run("bot", &run).await.unwrap().context.unwrap()["a"], deepest);
        // Logs are cut instead: what they say is of use just then.
        let logs = pool
            .run("bot", &body("for (var i = 0; i < 300; i++) koreDebugger.log('é'.repeat(10000))"))
            .await
            .unwrap()
            .logs;
        assert_eq!((logs.len(), logs[199].chars().count()), (200, 8192));
    });
}

fn a_worker_that_dies_takes_only_its_run() {
    let pool = pool("faulty-worker", 1, Duration::from_secs(1));
    block_on(async {
        for source in ["crash", "babble"] {
            let fault = pool.run("bot", &body(source)).await.unwrap_err();
            assert!(matches!(fault, Fault::Crashed { .. }) && !fault.is_authors(), "{source}: {fault:?}");
            assert_eq!(printed(&pool, "print('on')").await, "on", "{source}");
        }
        assert_eq!(pool.run("bot", &body("hang")).await.unwrap_err(), Fault::TimedOut { limit_ms: 1000 });
        let process = printed(&pool, "process").await;
        assert_eq!(printed(&pool, "process").await, process, "workers are kept");
        // One that ends between two runs.
        let _ = pool.run("bot", &body("last")).await;
        while is_running(&process) {
            tokio::task::yield_now().await;
        }
        assert_ne!(printed(&pool, "process").await, process);
    });
}

/// Whether a process has not ended, be its end collected or not.
fn is_running(process: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat"));
    status.is_ok_and(|status| !status.contains(") Z "))
}

fn a_dropped_run_leaves_no_answer_behind() {
    let pool = pool("worker", 1, AMPLE);
    block_on(async {
        assert_eq!(printed(&pool, "print('first')").await, "first");
        for _ in 0..20 {
            let run = body("print('old'); while (true) {}");
            // Polled once, it has handed its run to the worker and waits for the answer.
            let unanswered = begin(Box::pin(pool.run("bot", &run))).await;
            drop(unanswered);
            assert_eq!(printed(&pool, "print('new')").await, "new");
        }
    });
}

/// Polls a future once, after which it is to wait for something.
async fn begin<F: Future + Unpin>(mut future: F) -> F {
    poll_fn(|cx| {
        assert!(Pin::new(&mut future).poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
    future
}

fn who_waits_is_served_in_order() {
    let pool = Arc::new(pool("worker", 1, AMPLE));
    block_on(async {
        let (sender, mut order) = tokio::sync::mpsc::unbounded_channel();
        let mut waiting = Vec::new();
        for n in 0..20 {
            let (pool, sender) = (pool.clone(), sender.clone());
            let run = body(&format!("print({n})"));
            let running = Box::pin(async move {
                let ran = pool.run("bot", &run).await;
                sender.send(n).expect("the test listens");
                ran
            });
            // Polled once, each has its place in the queue.
            waiting.push(begin(running).await);
        }
        for running in waiting.into_iter().rev().map(tokio::spawn).collect::<Vec<_>>() {
            running.await.unwrap().unwrap();
        }
        let mut served = Vec::new();
        while let Ok(n) = order.try_recv() {
            served.push(n);
        }
        assert_eq!(served, (0..20).collect::<Vec<_>>());
    });
}

/// The first bot asks for more than there are workers, and none of its runs ends before the test does.
fn a_bot_without_end_makes_no_other_wait() {
    let pool = pool("worker", 2, AMPLE);
    block_on(async {
        let endless = body("while (true) {}");
        let mut flood = Vec::new();
        for _ in 0..20 {
            flood.push(begin(Box::pin(pool.run("endless", &endless))).await);
        }
        for bot in ["quiet", "other", "quiet"] {
            assert_eq!(pool.run(bot, &body("print('on')")).await.unwrap().printed.unwrap(), "on", "{bot}");
        }
        for running in &mut flood {
            begin(running).await;
        }
    });
}

fn too_many_that_wait_fail_in_their_own_bot() {
    let program = env::current_exe().expect("tests have a path");
    let options = PoolOptions::new(program, vec!["worker".into()]);
    let pool = Pool::new(PoolOptions { workers: 2, waiting_per_bot: 3, deadline: AMPLE, ..options });
    block_on(async {
        let endless = body("while (true) {}");
        let mut flood = Vec::new();
        for _ in 0..4 {
            flood.push(begin(Box::pin(pool.run("endless", &endless))).await);
        }
        let fault = pool.run("endless", &body("")).await.unwrap_err();
        assert_eq!(fault, Fault::Crowded { waiting: 3 });
        assert!(fault.is_authors());
        assert_eq!(pool.run("quiet", &body("print('on')")).await.unwrap().printed.unwrap(), "on");
        // Who gives up makes room, and whoever comes then is served.
        drop(flood);
        assert_eq!(pool.run("endless", &body("print('on')")).await.unwrap().printed.unwrap(), "on");
    });
}

fn a_closed_pool_runs_nothing() {
    let pool = pool("faulty-worker", 2, AMPLE);
    block_on(async {
        let process = printed(&pool, "process").await;
        let run = body("for (var i = 0; i < 1e7; i++) {} print('begun')");
        let running = begin(Box::pin(pool.run("bot", &run))).await;
        pool.close().await;
        assert_eq!(running.await.unwrap().printed.unwrap(), "begun");
        let fault = pool.run("bot", &body("process")).await.unwrap_err();
        assert!(matches!(fault, Fault::Unavailable { .. }) && !fault.is_authors(), "{fault:?}");
        assert!(!is_running(&process), "{process} runs still");
    });
}

fn programs_that_are_no_workers_are_named() {
    block_on(async {
        let fault = pool("mute", 1, AMPLE).run("bot", &body("")).await.unwrap_err();
        assert!(matches!(&fault, Fault::Unavailable { reason } if reason.contains("did not answer")), "{fault:?}");
        let absent = Pool::new(PoolOptions::new("no/such/program", Vec::new()));
        let fault = absent.run("bot", &body("")).await.unwrap_err();
        assert!(matches!(&fault, Fault::Unavailable { reason } if reason.contains("no/such/program")), "{fault:?}");
    });
}

fn scripts_of_the_corpus_run() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let Ok(bots) = std::fs::read_dir(&corpus) else {
        println!("skipped: no ../shared/corpus");
        return;
    };
    let mut sources = Vec::new();
    for bot in bots {
        if let Ok(definition) = std::fs::read(bot.unwrap().path().join("botDefinition.json")) {
            collect(&serde_json::from_slice(&definition).unwrap(), &mut sources);
        }
    }
    let pool = pool("worker", 2, AMPLE);
    let context = json!({"entities": {}, "session": {"BotUserSession": {}, "UserContext": {}}});
    let (mut ran, mut printed) = (0, 0);
    block_on(async {
        for source in &sources {
            match pool.run("bot", &run_of(Code::Body(pieces(source)), context.clone())).await {
                Ok(left) => {
                    ran += 1;
                    printed += usize::from(left.printed.is_some());
                }
                Err(fault) => assert!(matches!(fault, Fault::Threw { .. } | Fault::Syntax { .. }), "{fault}: {source}"),
            }
        }
    });
    // Most read answers of services and values of entities, which are not there.
    assert!(ran > sources.len() / 2 && printed > 50, "{ran} of {} ran, {printed} printed", sources.len());
}

/// The JavaScript in a definition: scripts, processors, and messages written as code.
fn collect(value: &Value, sources: &mut Vec<String>) {
    let mut add = |text: &Value| {
        if let Some(text) = text.as_str().filter(|text| !text.trim().is_empty()) {
            sources.push(decode(text));
        }
    };
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, sources)),
        Value::Object(fields) => {
            if matches!(fields.get("type").and_then(Value::as_str), Some("uxmap" | "advance")) {
                fields.get("text").into_iter().for_each(&mut add);
            }
            ["script", "preProcessor", "postProcessor"].into_iter().filter_map(|name| fields.get(name)).for_each(add);
            fields.values().for_each(|field| collect(field, sources));
        }
        _ => {}
    }
}

/// Undoes the percent-encoding of a text, if it is one.
fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let code = (*first == b'%').then(|| others.get(..2)).flatten().and_then(|two| std::str::from_utf8(two).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None if matches!(first, b'%' | b' ' | b'\n' | b'"') => return text.into(),
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.into())
}

/// Takes the templates of a text apart, as far as they hold no braces.
fn pieces(source: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some((before, (expression, after))) =
        rest.split_once("{{").and_then(|(before, after)| Some((before, after.split_once("}}")?)))
    {
        pieces.extend([Piece::Text(before.into()), Piece::Expression(expression.into())]);
        rest = after;
    }
    pieces.push(Piece::Text(rest.into()));
    pieces
}
