//! Scripts get from `koreUtil`'s libraries what the libraries of those names give: the same calls are evaluated by the
//! packages themselves, under Node, and by the worker's engine.
//!
//! `BOTYARD_TEST_ORIGINALS` names a folder in which `npm` has installed the packages; `.ci/run` makes one. Without it nothing
//! is compared, which is said.

use std::{env, path::Path, process::Command};

use script::{Code, Limits, Reply, Request, Run, answer};
use serde_json::{Value, json};

const NOW_MS: i64 = 1_700_000_000_123;

/// How many calls are one run.
const CALLS: usize = 500;

/// Calls that give something else here, and why.
const OTHERWISE: [(&str, &str); 10] = [
    ("[1,2].map(function(n){return moment.duration(n,'w').locale(\"pt-br\")", "weeks are told in Portuguese, too"),
    ("moment(\"2024-13-01\").tz(\"Europe/London\").zoneAbbr()", "what is no moment is at no time of its zone"),
    ("_.chunk({a", "what is no list has no chunks; version 3 throws"),
    ("_.chunk({x", "what is no list has no chunks; version 3 throws"),
    ("_.chunk({}", "what is no list has no chunks; version 3 throws"),
    ("_.chunk(5", "what is no list has no chunks; version 3 throws"),
    ("_.pull(\"abc\",\"a\")", "nothing can be pulled out of a text; version 3 throws"),
    ("_.eq(new Map", "maps are compared by what they hold in each comparison, as `isEqual` does"),
    ("_.eq(new Set", "sets are compared by what they hold in each comparison, as `isEqual` does"),
    ("_.pairs(new ", "the pairs of maps and sets are what they are under their newer name"),
];

#[test]
fn calls_give_what_the_packages_give() {
    let Some(folder) = env::var_os("BOTYARD_TEST_ORIGINALS") else {
        println!("skipped: no Node with the packages");
        return;
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/originals");
    let output = Command::new("node")
        .arg(here.join("originals.js"))
        .arg(folder)
        .arg(NOW_MS.to_string())
        .env("TZ", "UTC")
        .output()
        .expect("node can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rows: Vec<(String, Option<String>, Value)> = String::from_utf8(output.stdout)
        .expect("node prints UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is a library, a call and a value"))
        .collect();
    let (calls, names): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, call, _)| call.is_some());
    assert!(calls.len() > 20_000 && names.len() == 8, "{} calls, {} libraries", calls.len(), names.len());

    let mut different = Vec::new();
    for chunk in calls.chunks(CALLS) {
        let wanted = chunk.iter().map(|(_, call, _)| call.as_deref().unwrap_or_default());
        let found = values(wanted.map(|call| format!("tell(function () {{ return ({call}) }})")).collect());
        for ((_, call, value), found) in chunk.iter().zip(found) {
            let call = call.as_deref().unwrap_or_default();
            let is_otherwise = OTHERWISE.iter().any(|(start, _)| call.starts_with(start));
            if *value != found && !is_otherwise {
                different.push(format!("{call}\n    theirs {value}\n    ours   {found}"));
            }
        }
    }
    assert!(different.is_empty(), "{} of {}:\n{}", different.len(), calls.len(), different.join("\n"));

    for (library, _, names) in names {
        let lacking = format!("{names}.filter(function (name) {{ return !(name in {library}) }})");
        let lacking: Vec<String> = serde_json::from_value(values(vec![lacking]).remove(0)).expect("a list of names");
        let unknown: Vec<_> = lacking.iter().filter(|name| !script::is_absent(&library, name)).collect();
        assert!(unknown.is_empty(), "{library} has {unknown:?}, and publish would not say that they are absent");
    }
}

/// What publish says is absent is, and the rest is there.
#[test]
fn what_is_absent_is_told() {
    let known = values(vec!["Object.keys(koreUtil)".into(), "Object.keys(Intl)".into()]);
    for (library, members) in ["koreUtil", "Intl"].iter().zip(&known) {
        for member in members.as_array().expect("a list of names") {
            let member = member.as_str().expect("a name");
            assert_eq!(script::absent_in(&format!("{library}.{member}()")), [], "{library}.{member}");
        }
    }
    let languages: Vec<String> =
        ["de", "en", "en-gb", "es", "fr", "it", "nl", "pt", "pt-br", "pt_BR", "sv", "ja", "ar"]
            .map(|language| format!("koreUtil.moment().locale('{language}')"))
            .to_vec();
    let chosen = values(languages.iter().map(|call| format!("{call}.locale()")).collect());
    for (call, chosen) in languages.iter().zip(chosen) {
        let is_told = !script::absent_in(call).is_empty();
        let language = call.split('\'').nth(1).expect("a language").to_lowercase().replace('_', "-");
        assert_eq!(is_told, chosen != json!(language), "{call} is {chosen}");
    }
}

/// The values of expressions in the worker's engine.
fn values(expressions: Vec<String>) -> Vec<Value> {
    let aliases = "var moment = koreUtil.moment, hash = koreUtil.hash, _ = koreUtil._; function tell(call) { var text = told(call); \
                   moment.tz.setDefault(); moment.locale('en'); return text }";
    let run = Run {
        code: Code::Values(expressions),
        functions: vec![("shown.js".into(), include_str!("shown.js").into()), ("aliases.js".into(), aliases.into())],
        context: json!({"session": {}}),
        env: json!({}),
        content: json!({}),
        now_ms: NOW_MS,
        seed: 1,
        choices: Vec::new(),
        message: String::new(),
        session_id: String::new(),
        language: "en".into(),
        ambiguous: json!([]),
    };
    let limits = Limits {
        deadline_ms: 300_000,
        memory_bytes: 256 << 20,
        max_output_bytes: 64 << 20,
        max_context_bytes: 1 << 20,
        store_bytes: 1 << 20,
    };
    match answer(&Request::Run(Box::new(run), limits)) {
        Reply::Ran(result) => result.expect("the calls run").values,
        other => panic!("{other:?}"),
    }
}
