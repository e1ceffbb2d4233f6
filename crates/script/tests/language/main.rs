//! What scripts see and what comes of them: tables of code, run in this process.

mod libraries;

use script::{Code, Fault, Limits, Piece, Position, Ran, Reply, Request, Run, answer};
use serde_json::{Map, Value, json};

const LIMITS: Limits = Limits {
    deadline_ms: 20_000,
    memory_bytes: 64 * 1024 * 1024,
    max_output_bytes: 1024 * 1024,
    max_context_bytes: 1024 * 1024,
    store_bytes: 1024 * 1024,
};

fn run_of(code: Code) -> Run {
    Run {
        code,
        functions: Vec::new(),
        context: json!({
            "entities": {"Size": "large", "Cups": 2},
            "session": {
                "EnterpriseContext": {}, "BotContext": {}, "UserSession": {}, "UserContext": {"firstName": "Ada"},
                "BotUserSession": {"lastMessage": {"channel": "rtm"}},
            },
        }),
        env: json!({"shop": "Corner"}),
        content: json!({"greeting": "Hello"}),
        now_ms: 1_700_000_000_123,
        seed: 7,
        choices: vec!["A".into(), "B".into()],
        message: "Which one?".into(),
        session_id: "s-1".into(),
        language: "en".into(),
        ambiguous: json!([{"name": "Order"}]),
    }
}

fn body(source: &str) -> Run {
    run_of(Code::Body(vec![Piece::Text(source.into())]))
}

fn go(run: &Run) -> Result<Ran, Fault> {
    match answer(&Request::Run(Box::new(run.clone()), LIMITS)) {
        Reply::Ran(result) => *result,
        other => panic!("{other:?}"),
    }
}

/// All that a run left, without what is empty.
fn left(run: &Run) -> Value {
    let ran = go(run).unwrap_or_else(|fault| panic!("{fault}: {:?}", run.code));
    let Value::Object(fields) = serde_json::to_value(ran).expect("it has a JSON") else {
        panic!("an object is a map of fields")
    };
    let is_empty = |value: &Value| [json!(null), json!([]), json!(false)].contains(value);
    Value::Object(
        fields.into_iter().filter(|(name, value)| name == "returned" || !is_empty(value)).collect::<Map<_, _>>(),
    )
}

fn printed(source: &str) -> String {
    go(&body(source)).unwrap_or_else(|fault| panic!("{fault}: {source}")).printed.unwrap_or_default()
}

#[test]
fn scripts_print_return_and_log() {
    let cases = [
        ("", json!({})),
        ("print('a'); print(1); print(true); print(null); print(undefined)", json!({"printed": "a1truenullundefined"})),
        ("print('')", json!({"printed": ""})),
        ("print({a: [1, {b: 'é'}]})", json!({"printed": "{\"a\":[1,{\"b\":\"é\"}]}"})),
        ("print(['x', 2]); print(getChoices()); print('' + getChoices())", json!({"printed": "x,2A,BA,B"})),
        ("print(JSON.stringify({type: 'template'}))", json!({"printed": "{\"type\":\"template\"}"})),
        ("print(context.entities.Size + env.shop + content.greeting)", json!({"printed": "largeCornerHello"})),
        ("print(response.message + response.choices)", json!({"printed": "Which one?A,B"})),
        ("total = 3; print(this.total + 010)", json!({"printed": "11"})),
        ("with (context.entities) { print(Size) }", json!({"printed": "large"})),
        ("print(String(env.absent) + content.absent)", json!({"printed": "undefinedundefined"})),
        ("return {a: 1}", json!({"returned": {"a": 1}})),
        ("return null", json!({"returned": null})),
        ("return", json!({})),
        ("return 'x' // the end", json!({"returned": "x"})),
        ("return () => 1", json!({})),
        ("let print = 1; return print", json!({"returned": 1})),
        (
            "koreDebugger.log('a', 1, {b: 2}, [3]); console.error(new TypeError('t'))",
            json!({"logs": ["a 1 {\"b\":2} 3", "TypeError: t"]}),
        ),
        ("var o = {}; o.o = o; koreDebugger.debug(o)", json!({"logs": ["[the value holds a cycle at the value.o]"]})),
        ("async function f() { await null; print('later') } f(); print('now ')", json!({"printed": "now later"})),
        (
            "print(new Date(0)); print(' ' + new Date(0).toTimeString() + ' ' + new Date(NaN))",
            json!({"printed": "1970-01-01T00:00:00.000Z 00:00:00 GMT+0000 (Coordinated Universal Time) Invalid Date"}),
        ),
        ("print(getPiiValue('x')); print(koreUtil.autoTranslate('y'))", json!({"printed": "xy"})),
        ("print('\\u{1F600}'.slice(0, 1))", json!({"printed": "\u{fffd}"})),
        ("print('a\\0b')", json!({"printed": "a\0b"})),
        (
            "print(btoa('a') + atob('YQ==') + encodeURIComponent('é ') + escape('é'))",
            json!({"printed": "YQ==a%C3%A9%20%E9"}),
        ),
    ];
    for (source, expected) in cases {
        assert_eq!(left(&body(source)), expected, "{source}");
    }
}

#[test]
fn tags_and_the_session() {
    let cases = [
        (
            "tags.addMessageLevelTag('a', 'b'); tags.addSessionLevelTag({name: 'c', value: 1}); tags.addUserLevelTag('d')",
            json!({"tags": [
                {"level": "message", "name": "a", "value": "b"},
                {"level": "session", "name": "c", "value": "1"},
                {"level": "user", "name": "d", "value": ""},
            ]}),
        ),
        ("contextTags.add('a'); contextTags.add(['b', 'c'])", json!({"contextTags": ["a", "b", "c"]})),
        ("koreUtil.closeConversationSession()", json!({"closesSession": true})),
        ("koreUtil.clearAuthProfiles()", json!({"clearsAuth": true})),
        ("koreUtil.ClearAuthProfiles()", json!({"clearsAuth": true})),
        (
            "return [koreUtil.getSessionId(), koreUtil.getLanguage(), koreUtil.getCurrentOptions(), koreUtil.getAmbiguousIntents(), koreUtil.rrule]",
            json!({"returned": ["s-1", "en", ["A", "B"], [{"name": "Order"}], null]}),
        ),
    ];
    for (source, expected) in cases {
        assert_eq!(left(&body(source)), expected, "{source}");
    }
}

#[test]
fn the_context_is_live() {
    // A script, a pointer into the context, and what stands there afterwards; null where the context did not change.
    let cases = [
        ("context.order = {lines: [1, 2]}", "/order", json!({"lines": [1, 2]})),
        ("delete context.entities.Size", "/entities", json!({"Cups": 2})),
        ("context.entities.Size = undefined", "/entities", json!({"Cups": 2})),
        ("context.session.BotUserSession.k = 'v'", "/session/BotUserSession/k", json!("v")),
        ("BotUserSession.k = 'v'", "/session/BotUserSession/k", json!("v")),
        ("context.session.UserSession = {a: 1}", "/session/UserSession", json!({"a": 1})),
        ("context.at = new Date(0)", "/at", json!("1970-01-01T00:00:00.000Z")),
        ("context.at = new Date(NaN)", "/at", json!(null)),
        ("context.s = new String('s'); context.n = new Number(2)", "/s", json!("s")),
        ("context.n = [NaN, Infinity, undefined, () => 1, 1n]", "/n", json!([null, null, null, null, "1"])),
        ("context.f = () => 1; context.s = Symbol(); context.k = 1", "", json!(null)),
        ("context.m = new Map([[1, 2]])", "/m", json!({})),
        ("context.o = {toJSON() { return {a: 1} }}", "/o", json!({"a": 1})),
        ("context.o = {get a() { throw 1 }, b: 2}", "/o", json!({"b": 2})),
        ("context.o = {toJSON() { throw 1 }}; context.p = 1", "/p", json!(1)),
        ("context.o = new Proxy({a: 1}, {ownKeys() { throw 1 }}); context.p = 1", "/p", json!(1)),
        ("context.o = Proxy.revocable({}, {}); context.o.revoke(); context.p = 1", "/p", json!(1)),
        ("context.o = new Proxy({a: 1}, {})", "/o", json!({"a": 1})),
        ("context.o = JSON.parse('{\"__proto__\": {\"a\": 1}}')", "/o/__proto__", json!({"a": 1})),
        ("var shared = {a: 1}; context.x = shared; context.y = [shared, shared]", "/y", json!([{"a": 1}, {"a": 1}])),
        ("context.s = '\\ud83d'", "/s", json!("\u{fffd}")),
        ("context.list = []; context.list[2] = 1", "/list", json!([null, null, 1])),
        ("context = {other: 1}", "/entities/Size", json!(null)),
        ("context.entities.Size = 'large'", "", json!(null)),
        ("var entities = context.entities; entities.Size = 'small'", "/entities/Size", json!("small")),
        ("return context", "", json!(null)),
    ];
    for (source, pointer, expected) in cases {
        let ran = go(&body(source)).unwrap_or_else(|fault| panic!("{fault}: {source}"));
        match ran.context {
            None => assert_eq!(json!(null), expected, "{source}"),
            Some(_) if pointer.is_empty() => assert!(source.contains("context.k"), "{source}"),
            Some(context) => assert_eq!(context.pointer(pointer), Some(&expected), "{source}: {context}"),
        }
    }
}

#[test]
fn stores_are_read_and_written() {
    let put = |store: &str, key: &str, value: Value, ttl: Value| json!({"store": store, "key": key, "value": value, "ttlMinutes": ttl});
    let cases = [
        ("BotUserSession.put('k', {a: 1}, 20)", json!([put("botUserSession", "k", json!({"a": 1}), json!(20.0))])),
        ("context.session.BotContext.put('k', null)", json!([put("botContext", "k", json!(null), json!(null))])),
        (
            "EnterpriseContext.put('k', 'v', '5'); UserSession.put(1, [2], 0.5)",
            json!([
                put("enterpriseContext", "k", json!("v"), json!(5.0)),
                put("userSession", "1", json!([2]), json!(0.5)),
            ]),
        ),
        (
            "UserSession.put('k', 1); UserSession.delete('k')",
            json!([
                put("userSession", "k", json!(1), json!(null)),
                json!({"store": "userSession", "key": "k", "ttlMinutes": null}),
            ]),
        ),
        (
            "var v = {a: 1}; BotContext.put('k', v, -1); v.a = 2",
            json!([put("botContext", "k", json!({"a": 1}), json!(null))]),
        ),
        ("UserSession.put('__proto__', 1)", json!([put("userSession", "__proto__", json!(1), json!(null))])),
    ];
    for (source, expected) in cases {
        let ran = go(&body(source)).unwrap_or_else(|fault| panic!("{fault}: {source}"));
        assert_eq!(serde_json::to_value(ran.puts).unwrap(), expected, "{source}");
    }
    let texts = [
        ("BotUserSession.put('k', 'v'); print(BotUserSession.get('k') + context.session.BotUserSession.k)", "vv"),
        ("UserSession.k = 'v'; print(context.session.UserSession.get('k'))", "v"),
        ("BotContext.put('k', 1); BotContext.delete('k'); print(BotContext.get('k'))", "undefined"),
        ("print(UserContext.get('firstName') + UserContext.firstName + UserContext.put)", "AdaAdaundefined"),
        ("print(BotUserSession.get('get') + '' + BotUserSession.get('toString'))", "undefinedundefined"),
        ("print(BotUserSession === context.session.BotUserSession)", "true"),
        ("print(JSON.stringify(context.session.BotUserSession))", "{\"lastMessage\":{\"channel\":\"rtm\"}}"),
        ("for (var k in BotUserSession) print(k + ';')", "lastMessage;"),
        ("print(Object.keys(context.session.UserSession).length)", "0"),
        ("UserSession.put('put', 1); print(UserSession.get('put'))", "1"),
    ];
    for (source, expected) in texts {
        assert_eq!(printed(source), expected, "{source}");
    }
}

#[test]
fn templates_become_text() {
    let cases = [
        ("context.entities.Size", "large"),
        ("context.entities.Cups * 2", "4"),
        ("context.absent", ""),
        ("context.absent.deeper", ""),
        ("null", ""),
        ("false", "false"),
        ("10n", "10"),
        ("() => 1", ""),
        ("Symbol()", ""),
        ("context.entities", "{\"Size\":\"large\",\"Cups\":2}"),
        ("{ a: 1 }", "{\"a\":1}"),
        ("JSON.stringify(context.entities) // why", "{\"Size\":\"large\",\"Cups\":2}"),
        ("['A', 'B', 1, null]", "A,B,1,"),
        ("[]", ""),
        ("[{a: 1}]", "[{\"a\":1}]"),
        ("[[1]]", "[[1]]"),
        ("getChoices()", "A,B"),
        ("new Date(0)", "1970-01-01T00:00:00.000Z"),
        ("new Date()", "2023-11-14T22:13:20.123Z"),
        ("context.session.UserContext.firstName", "Ada"),
        ("this is no expression", ""),
        ("1); (2", ""),
        ("", ""),
        ("a\0b", ""),
        ("(() => { throw 1 })()", ""),
        ("(() => { var o = {}; o.o = o; return o })()", ""),
        ("content.greeting + env.absent", "Helloundefined"),
    ];
    let pieces =
        |source: &str| vec![Piece::Text("<".into()), Piece::Expression(source.into()), Piece::Text(">".into())];
    let run = run_of(Code::Texts(cases.iter().map(|(source, _)| pieces(source)).collect()));
    let texts = go(&run).unwrap().texts;
    for ((source, expected), text) in cases.iter().zip(texts) {
        assert_eq!(text, format!("<{expected}>"), "{source}");
    }
    // In a script their texts are source.
    let pasted = [
        Piece::Text("print('".into()),
        Piece::Expression("context.entities.Size".into()),
        Piece::Text("' + ".into()),
        Piece::Expression("context.entities.Cups".into()),
        Piece::Text(" * 2 + '".into()),
        Piece::Expression("context.absent.deeper".into()),
        Piece::Text("')".into()),
    ];
    assert_eq!(left(&run_of(Code::Body(pasted.into()))), json!({"printed": "large4"}));
}

#[test]
fn values_are_json() {
    let cases = [
        ("context.entities", json!({"Size": "large", "Cups": 2})),
        ("context.entities.Cups > 1 && 'yes'", json!("yes")),
        ("context.absent", json!(null)),
        ("context.absent.deeper", json!(null)),
        ("no expression", json!(null)),
        ("() => 1", json!(null)),
        ("[undefined, 1n, 1.5]", json!([null, "1", 1.5])),
        ("context.new = 1", json!(1)),
        ("context.new", json!(1)),
    ];
    let run = run_of(Code::Values(cases.iter().map(|(source, _)| (*source).into()).collect()));
    let ran = go(&run).unwrap();
    assert_eq!(ran.values, cases.map(|(_, value)| value));
    assert_eq!(ran.context.unwrap()["new"], json!(1));
}

#[test]
fn functions_of_a_bot_are_global() {
    let mut run = body("print(twice(3) + size() + cups); context.x = twice(4)");
    run.functions = vec![
        ("a.js".into(), "function twice(n) { return 2 * n }\nvar cups = 7; let shop = 'x';".into()),
        ("b.js".into(), "function size() { return context.entities.Size + twice(1) }".into()),
    ];
    let ran = go(&run).unwrap();
    assert_eq!(ran.printed.unwrap(), "6large27");
    assert_eq!(ran.context.unwrap()["x"], json!(8));
    run.code = Code::Texts(vec![vec![Piece::Expression("twice(2)".into())]]);
    assert_eq!(go(&run).unwrap().texts, ["4"]);
}

/// A file is evaluated whatever stands in it, and what it did is there for the script.
#[test]
fn files_of_functions_may_do_more_than_declare() {
    let cases = [
        (
            "String.prototype.asTitle = function () { return this.charAt(0).toUpperCase() + this.slice(1) };",
            "'ab'.asTitle()",
            "Ab",
        ),
        ("Math.sum = function (a, b) { return a + b };", "Math.sum(1, 2)", "3"),
        ("globalThis.helper = function () { return 7 };", "helper()", "7"),
        ("this.helper = () => 7; helper2 = () => 8", "helper() + helper2()", "15"),
        ("(function (root) { root.lib = {f: () => 1} })(this)", "lib.f()", "1"),
        (
            "function f() { return 1 }\nif (typeof(module) !== undefined && module?.exports) { module.exports = {f} }",
            "f()",
            "1",
        ),
        ("function f() { return 1 }\nif (typeof module !== 'undefined') { module.exports = {f} }", "f()", "1"),
        ("const f = () => 1;\nmodule.exports = {f, g() { return 2 }}", "f() + g()", "3"),
        ("module.exports.f = 1", "f", "1"),
        ("function g() { return 2 }\nmodule.exports = {g: g}; exports.z = function () { return 1 }", "g() + z()", "3"),
        (
            "exports.f = function () { return 1 };\nexports.g = exports.f",
            "g() + typeof exports + typeof module",
            "1undefinedundefined",
        ),
        ("Object.defineProperty(exports, '__esModule', {value: true}); exports.f = () => 1", "f()", "1"),
        (
            "(function (root, make) { if (typeof module === 'object' && module.exports) module.exports = make(); \
             else root.lib = make() })(this, () => ({f: () => 1}))",
            "lib.f()",
            "1",
        ),
        ("koreUtil._.mixin({twice: (text) => text + text})", "koreUtil._.twice('a')", "aa"),
        ("", "typeof module", "undefined"),
    ];
    for (source, expression, expected) in cases {
        let mut run = body(&format!("print({expression})"));
        run.functions = vec![("a.js".into(), source.into()), ("b.js".into(), "function other() {}".into())];
        let printed = go(&run).map(|ran| ran.printed.unwrap_or_default()).unwrap_or_default();
        assert_eq!(printed, expected, "{source}");
    }
}

#[test]
fn faults_point_into_the_authors_text() {
    let threw = |message: &str, line, column| Fault::Threw {
        message: message.into(),
        place: None,
        position: Some(Position { line, column }),
    };
    let nowhere = |message: &str| Fault::Threw { message: message.into(), place: None, position: None };
    let syntax = |message: &str, line, column| Fault::Syntax {
        message: message.into(),
        position: Some(Position { line, column }),
    };
    let cases = [
        ("context.absent.deeper", threw("TypeError: cannot read property 'deeper' of undefined", 1, 1)),
        ("\n\n  nothing()", threw("ReferenceError: nothing is not defined", 3, 3)),
        ("var é = '𝒳'; nothing()", threw("ReferenceError: nothing is not defined", 1, 14)),
        ("function f() {\n  throw new Error('no')\n}\nf()", threw("Error: no", 2, 13)),
        (
            "JSON.parse('{')",
            threw("SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2)", 1, 6),
        ),
        ("[1].map(function (x) {\n return x.a.b })", threw("TypeError: cannot read property 'b' of undefined", 2, 9)),
        ("throw 'text'", nowhere("text")),
        ("throw {a: 1}", nowhere("{\"a\":1}")),
        ("throw undefined", nowhere("undefined")),
        ("var a = 1;\nvar b = ;", syntax("unexpected token in expression: ';'", 2, 9)),
        ("if (a) {\n b()", syntax("unexpected token in expression: ')'", 2, 5)),
        ("a\0b", syntax("the text holds a NUL character", 1, 2)),
        ("var r = /(/", Fault::Syntax { message: "expecting ')'".into(), position: None }),
        ("context.a = {b: {}}; context.a.b.c = context.a", nowhere("context holds a cycle at context.a.b.c")),
        ("var l = [{}]; l[0].x = l; return l", nowhere("the returned value holds a cycle at the returned value[0].x")),
        (
            "var l = []; l[0] = l; BotUserSession.put('k', l)",
            threw("the value of k holds a cycle at the value of k[0]", 1, 47),
        ),
    ];
    for (source, expected) in cases {
        assert_eq!(go(&body(source)).unwrap_err(), expected, "{source}");
    }
    let deep = go(&body("var o = {}; context.o = o; for (var i = 0; i < 200; i++) { o.o = {}; o = o.o }")).unwrap_err();
    assert!(deep.to_string().starts_with("more than 100 levels deep: context.o.o.o"), "{deep}");
}

#[test]
fn faults_in_functions_name_their_file() {
    let cases = [
        (
            "function f() {\n return context.absent.x\n}",
            "TypeError: cannot read property 'x' of undefined",
            Some((2, 9)),
        ),
        ("function f() {\n var = 1 }", "SyntaxError: variable name expected", Some((2, 6))),
        ("\nf.g.h()", "ReferenceError: f is not defined", Some((2, 1))),
        ("throw 1", "1", None),
        ("// \0", "SyntaxError: the text holds a NUL character", Some((1, 4))),
    ];
    for (source, expected, at) in cases {
        let mut run = body("\nprint(f())");
        run.functions = vec![("a.js".into(), "var a".into()), ("two words (1).js".into(), source.into())];
        let position = at.map(|(line, column)| Position { line, column });
        let expected = Fault::Threw { message: expected.into(), place: Some("two words (1).js".into()), position };
        assert_eq!(go(&run).unwrap_err(), expected, "{source}");
    }
}

#[test]
fn a_run_repeats_exactly() {
    let source = "print([Math.random(), Math.random(), Date.now(), +new Date(), Date(), typeof performance, new Date(2020, 0, 1).toISOString()].join(' '))";
    let first = printed(source);
    assert_eq!(first, printed(source));
    let (numbers, rest) = first.split_at(first.find(" 17").unwrap());
    assert_eq!(
        rest,
        " 1700000000123 1700000000123 Tue Nov 14 2023 22:13:20 GMT+0000 (Coordinated Universal Time) undefined 2020-01-01T00:00:00.000Z"
    );
    assert!(numbers.split(' ').all(|number| (0.0..1.0).contains(&number.parse::<f64>().unwrap())), "{numbers}");
    let mut other = body(source);
    other.seed = 8;
    assert_ne!(go(&other).unwrap().printed.unwrap(), first);
    let dates = "print([new Date() instanceof Date, new Date().constructor === Date, Date.UTC(1970, 0), Date.length, Object.prototype.toString.call(new Date(1))])";
    assert_eq!(printed(dates), "true,true,0,7,[object Date]");
}

#[test]
fn authors_cannot_break_what_takes_a_run_apart() {
    let tricks = [
        "JSON = null",
        "JSON.stringify = JSON.parse = function () { throw 1 }",
        "Object.prototype.toJSON = function () { return 1 }",
        "Array.prototype.toJSON = String.prototype.toJSON = function () { return 1 }",
        "Object.defineProperty(Object.prototype, 'value', {set() { throw 1 }, get() { throw 1 }})",
        "Array.isArray = Object.keys = Reflect.apply = Object.create = Object.defineProperty = null",
        "Array.prototype[Symbol.iterator] = Array.prototype.push = Array.prototype.join = null",
        "String.prototype.toWellFormed = String.prototype.slice = null; String = null; Error = null",
        "Function.prototype.call = Function.prototype.apply = null",
        "Object.setPrototypeOf(Object.prototype.constructor, null); delete globalThis.Object",
        "for (const name of Object.getOwnPropertyNames(globalThis)) if (!/^(context|print|BotUserSession)$/.test(name)) try { delete globalThis[name] } catch {}",
        "Error.prepareStackTrace = function () { throw 1 }; Error.stackTraceLimit = 0",
        "Object.defineProperty(Object.prototype, 'get', {value: 1}); Object.prototype.enumerable = false",
        "Map.prototype.get = WeakMap.prototype.get = null; Promise.prototype.then = null",
    ];
    for trick in tricks {
        let source = format!("{trick}\nBotUserSession.put('k', ['v']); context.list = [{{a: 'b'}}]; print('text')");
        let ran = go(&body(&source)).unwrap_or_else(|fault| panic!("{fault}: {trick}"));
        assert_eq!(ran.printed.as_deref(), Some("text"), "{trick}");
        assert_eq!(ran.puts[0].value, Some(json!(["v"])), "{trick}");
        assert_eq!(ran.context.unwrap()["list"], json!([{"a": "b"}]), "{trick}");
        let fault = go(&body(&format!("{trick}\nnothing()"))).unwrap_err();
        assert!(fault.to_string().contains("nothing is not defined"), "{trick}: {fault}");
    }
    // The engine's own JSON needs this one.
    let fault =
        go(&body("Object.defineProperty(Array.prototype, '0', {set() { throw 'x' }}); context.a = 1")).unwrap_err();
    assert!(matches!(&fault, Fault::Threw { message, .. } if message == "x"), "{fault:?}");
}
