//! What holds when the engine does not, or when what a script leaves is meant to harm: with real child processes.

#![expect(clippy::unwrap_used, reason = "all of this is test code, which the lint cannot see without the harness")]

mod probe;
mod runs;
mod support;

use script::{Code, Fault, Piece, Put, Ran, Reply, Run, StoreName};
use serde_json::json;

use runs::{block_on, body, pool, printed, run_of, source_of};
use support::{AMPLE, Faulty, Test};

const TESTS: [Test; 4] = [
    ("a_worker_can_do_nothing_but_answer", a_worker_can_do_nothing_but_answer),
    ("nothing_a_worker_says_harms_the_server", nothing_a_worker_says_harms_the_server),
    ("what_leaves_its_wrapper_is_not_run", what_leaves_its_wrapper_is_not_run),
    ("whatever_is_thrown_or_left_is_told", whatever_is_thrown_or_left_is_told),
];

fn main() {
    support::run(&TESTS, &Faulty { source: source_of, reply });
}

fn reply(source: &str) -> Option<Reply> {
    let printed = |text: String| Some(Ran { printed: Some(text), ..Ran::default() });
    let deep = || (0..script::MAX_DEPTH + 1).fold(json!(1), |inner, _| json!([inner]));
    let put = |minutes| Put {
        store: StoreName::BotContext,
        key: String::new(),
        value: Some(json!(1)),
        ttl_minutes: Some(minutes),
    };
    let ran = match source {
        "probe" => printed(probe::attempts().join("\n")),
        "say deep" => Some(Ran { context: Some(deep()), ..Ran::default() }),
        "say texts" => Some(Ran { texts: vec![String::new()], ..Ran::default() }),
        "say values" => Some(Ran { values: vec![json!(1)], ..Ran::default() }),
        "say logs" => Some(Ran { logs: vec![String::new(); 201], ..Ran::default() }),
        "say past" => Some(Ran { puts: vec![put(-1.0)], ..Ran::default() }),
        "say much" => printed("x".repeat(2_000_000)),
        _ => None,
    };
    let failed = |message: String| Fault::Threw { message, place: None, position: None };
    match (ran, source) {
        (Some(ran), _) => Some(Reply::Ran(Box::new(Ok(ran)))),
        (None, "say fault") => Some(Reply::Ran(Box::new(Err(failed("x".repeat(100_000)))))),
        (None, _) => None,
    }
}

/// What a worker could do for whoever takes it over: it tries all of it, after it has given its rights away and before it
/// answers.
fn a_worker_can_do_nothing_but_answer() {
    let here: Vec<String> = probe::attempts();
    let works = |attempts: &[String], name: &str| attempts.iter().any(|line| line == &format!("{name}: done"));
    for name in ["open a file", "list a folder", "listen", "pair of sockets", "start a program", "start a thread"] {
        assert!(works(&here, name), "the attempt itself is wrong: {here:?}");
    }
    let told = block_on(async { printed(&pool("faulty-worker", 1, AMPLE), "probe").await });
    let expected = if cfg!(target_os = "linux") { here.len() } else { 0 };
    let refused =
        told.lines().filter(|line| line.contains("Operation not permitted") || line.contains("EPERM")).count();
    assert!(refused >= expected, "{told}");
}

fn nothing_a_worker_says_harms_the_server() {
    let pool = pool("faulty-worker", 1, AMPLE);
    block_on(async {
        for source in ["say deep", "say texts", "say values", "say logs", "say past", "say fault"] {
            let fault = pool.run("bot", &body(source)).await.unwrap_err();
            assert!(matches!(fault, Fault::Crashed { .. }), "{source}: {fault:?}");
        }
        let fault = pool.run("bot", &body("say much")).await.unwrap_err();
        assert_eq!(fault, Fault::TooLarge { what: "what it printed".into() });
        // Frames that are none: too long, too deep to be read, no text, cut off, none at all.
        for source in ["frame long", "frame deep", "frame bytes", "frame half", "frame other"] {
            let fault = pool.run("bot", &body(source)).await.unwrap_err();
            assert!(matches!(fault, Fault::Crashed { .. }), "{source}: {fault:?}");
            assert_eq!(printed(&pool, "print('on')").await, "on", "{source}");
        }
    });
}

fn what_leaves_its_wrapper_is_not_run() {
    let pool = pool("worker", 1, AMPLE);
    block_on(async {
        for source in [
            "}); print('out'); (function () {",
            "}); while (true) {} (function () {",
            "}, print('out'), function () {",
            "}, x => {",
            "}); print('out'); ({",
            "}); var out = print('out'); (function (a) { let b;",
            "})(); print('out'); (function () { return 1 //",
            "/* } */ }); print('out'); (() => { `",
        ] {
            let fault = pool.run("bot", &body(source)).await.unwrap_err();
            assert!(matches!(fault, Fault::Syntax { .. }), "{source}: {fault:?}");
        }
        // What is filled in is part of the text.
        let context = json!({"session": {}, "said": "}); print('out'); (function () {"});
        let pieces = vec![Piece::Text("print('in');\n".into()), Piece::Expression("context.said".into())];
        let fault = pool.run("bot", &run_of(Code::Body(pieces), context)).await.unwrap_err();
        assert!(matches!(fault, Fault::Syntax { .. }), "{fault:?}");
        // Expressions that are none give nothing, and do nothing.
        let sources = ["1); print('out'); (2", "1), (2", "1\n)\n;while (true) {}(2", "print('in'), 1"];
        let texts = sources.map(|source| vec![Piece::Expression(source.into())]).to_vec();
        let ran = pool.run("bot", &run_of(Code::Texts(texts), json!({}))).await.unwrap();
        assert_eq!((ran.texts, ran.printed), (["", "", "", "1"].map(String::from).to_vec(), Some("in".into())));
        let ran = pool.run("bot", &run_of(Code::Values(sources.map(String::from).to_vec()), json!({}))).await.unwrap();
        assert_eq!(
            (ran.values, ran.printed),
            (vec![json!(null), json!(null), json!(null), json!(1)], Some("in".into()))
        );
        // A functions file stands alone.
        let functions = vec![("f.js".to_owned(), "} print('out'); {".to_owned())];
        let fault = pool.run("bot", &Run { functions, ..body("") }).await.unwrap_err();
        assert!(matches!(&fault, Fault::Threw { place: Some(place), .. } if place == "f.js"), "{fault:?}");
    });
}

/// Whatever authors throw, and whatever they make of what our own code works with.
fn whatever_is_thrown_or_left_is_told() {
    let pool = pool("worker", 1, AMPLE);
    let threw = [
        ("throw undefined", "undefined"),
        ("throw Symbol('s')", "Symbol(s)"),
        ("throw new Proxy({}, {getPrototypeOf() { throw 1 }})", ""),
        ("throw new Proxy([], {get() { throw null }})", "[a value that cannot be shown]"),
        ("throw {get message() { throw 1 }}", "{}"),
        ("Object.defineProperty(Error, Symbol.hasInstance, {value() { throw 1 }}); throw new Error('lost')", "{}"),
        ("var e = new Error('x'); Object.defineProperty(e, 'message', {get() { throw e }}); throw e", "Error: "),
        ("var p = Proxy.revocable([], {}); p.revoke(); throw p.proxy", "[revoked proxy]"),
        ("var l = []; l[0] = l; throw l", "[the value holds a cycle at the value[0]]"),
    ];
    let left = [
        ("return new Proxy({a: 1}, {ownKeys() { throw 1 }})", json!(null)),
        (
            "return {a: 1, get b() { throw 1 }, c() {}, d: Symbol(), e: 10n, f: NaN, g: new Date(0)}",
            json!({"a": 1, "e": "10", "f": null, "g": "1970-01-01T00:00:00.000Z"}),
        ),
        ("return {toJSON() { throw 1 }}", json!(null)),
        ("return {toJSON() { return {a: 1, toJSON: this.toJSON} }}", json!("deep")),
        ("Object.prototype.toJSON = () => 'gotcha'; JSON.stringify = null; return {a: [1]}", json!({"a": [1]})),
        ("Array.prototype.toJSON = String.prototype.toJSON = () => 'gotcha'; return {a: ['b']}", json!({"a": ["b"]})),
        ("Object.defineProperty(String, Symbol.hasInstance, {value() { throw 1 }}); return {a: 1}", json!(null)),
        ("return '\\ud800'", json!("\u{fffd}")),
    ];
    block_on(async {
        for (source, expected) in threw {
            match pool.run("bot", &body(source)).await.unwrap_err() {
                Fault::Threw { message, .. } => assert_eq!(message, expected, "{source}"),
                fault => panic!("{source}: {fault:?}"),
            }
        }
        for (source, expected) in left {
            match pool.run("bot", &body(source)).await {
                Ok(ran) => assert_eq!(ran.returned.unwrap_or_default(), expected, "{source}"),
                Err(Fault::Threw { message, .. }) if expected == "deep" => assert!(message.contains("levels deep")),
                Err(fault) => panic!("{source}: {fault:?}"),
            }
        }
    });
}
