//! The checker with real child processes.

#![expect(clippy::unwrap_used, reason = "all of this is test code, which the lint cannot see without the harness")]

mod support;

use std::{env, time::Duration};

use script::{Checker, Error, Kind, Outcome, Reply, Request, Script, protocol};

use support::{AMPLE, Faulty, Test};

const TESTS: [Test; 7] = [
    ("outcomes_keep_the_order_of_many_scripts", outcomes_keep_the_order_of_many_scripts),
    ("a_script_that_hangs_or_kills_its_worker_fails_alone", a_script_that_hangs_or_kills_its_worker_fails_alone),
    ("a_script_the_engine_reads_for_minutes_is_stopped", a_script_the_engine_reads_for_minutes_is_stopped),
    ("hostile_scripts_do_not_end_the_worker", hostile_scripts_do_not_end_the_worker),
    ("scripts_are_unreadable_without_time_or_when_too_large", scripts_are_unreadable_without_time_or_when_too_large),
    ("programs_that_are_no_workers_are_named", programs_that_are_no_workers_are_named),
    ("the_environment_is_not_handed_down", the_environment_is_not_handed_down),
];

fn main() {
    support::run(&TESTS, &Faulty { source: source_of, reply });
}

fn reply(source: &str) -> Option<Reply> {
    let names = || env::vars_os().map(|(name, _)| name).collect::<Vec<_>>();
    (source == "environment").then(|| Reply::Checked(Outcome::Unreadable { reason: format!("{:?}", names()) }))
}

fn source_of(request: &Request) -> &str {
    let Request::Check(script) = request else { unreachable!("nothing but checks is asked for here") };
    &script.source
}

fn checker(role: &str, script_limit: Duration) -> Checker {
    Checker { program: env::current_exe().expect("tests have a path"), args: vec![role.into()], script_limit }
}

fn body(source: &str) -> Script {
    Script { kind: Kind::Body, source: source.into() }
}

fn check(checker: &Checker, scripts: &[Script], time_limit: Duration) -> Result<Vec<Outcome>, Error> {
    tokio::runtime::Runtime::new().expect("threads can be started").block_on(checker.check(scripts, time_limit))
}

/// `V`alid, `S`yntax error or `U`nreadable for each script.
fn letters(outcomes: &[Outcome]) -> String {
    let letter = |outcome: &Outcome| match outcome {
        Outcome::Valid => 'V',
        Outcome::SyntaxError { .. } => 'S',
        Outcome::Unreadable { .. } => 'U',
    };
    outcomes.iter().map(letter).collect()
}

fn outcomes_keep_the_order_of_many_scripts() {
    let scripts: Vec<Script> = (0..200).map(|n| body(if n % 3 == 0 { "return" } else { "}" })).collect();
    let outcomes = check(&checker("worker", AMPLE), &scripts, AMPLE).unwrap();
    let expected: String = (0..200).map(|n| if n % 3 == 0 { 'V' } else { 'S' }).collect();
    assert_eq!(letters(&outcomes), expected);
    assert_eq!(check(&checker("worker", AMPLE), &[], AMPLE).unwrap(), []);
}

fn a_script_that_hangs_or_kills_its_worker_fails_alone() {
    let scripts = ["a", "crash", "b", "hang", "c", "babble", "}", "crash"].map(body);
    let outcomes = check(&checker("faulty-worker", Duration::from_secs(2)), &scripts, AMPLE).unwrap();
    assert_eq!(letters(&outcomes), "VUVUVUSU", "{outcomes:?}");
}

fn a_script_the_engine_reads_for_minutes_is_stopped() {
    // The engine compares every global name with all earlier ones.
    let names: String = (0..400_000).map(|n| format!("var v{n};")).collect();
    let scripts = [body("a"), Script { kind: Kind::File, source: names }, body("b")];
    let outcomes = check(&checker("worker", Duration::from_secs(2)), &scripts, AMPLE).unwrap();
    assert_eq!(letters(&outcomes), "VUV", "{outcomes:?}");
}

fn hostile_scripts_do_not_end_the_worker() {
    let regex = format!("a = /{}/", "(a{1,60000}){1,60000}".repeat(1000));
    let cases = [
        ("while (1);", 'V'),
        ("}); while (1); (function () {", 'S'),
        ("process.exit(0)", 'V'),
        (&"(".repeat(100_000), 'U'),
        (&"{".repeat(100_000), 'U'),
        (&"a ? b : ".repeat(100_000), 'U'),
        (&format!("{}1", "1+".repeat(500_000)), 'V'),
        (&format!("a = '{}'", "x".repeat(1_000_000)), 'V'),
        (&regex, 'S'),
    ];
    let scripts: Vec<Script> = cases.iter().map(|(source, _)| body(source)).collect();
    let outcomes = check(&checker("worker", AMPLE), &scripts, AMPLE).unwrap();
    for ((source, expected), outcome) in cases.iter().zip(&outcomes) {
        let start: String = source.chars().take(40).collect();
        assert_eq!(letters(std::slice::from_ref(outcome)), expected.to_string(), "{start}: {outcome:?}");
        assert!(!format!("{outcome:?}").contains("the worker"), "{start}: {outcome:?}");
    }
}

fn scripts_are_unreadable_without_time_or_when_too_large() {
    let outcomes = check(&checker("worker", AMPLE), &[body("a"), body("b")], Duration::ZERO).unwrap();
    assert_eq!(letters(&outcomes), "UU");
    let large = "x".repeat(protocol::MAX_FRAME_BYTES);
    let outcomes = check(&checker("worker", AMPLE), &[body(&large), body("b")], AMPLE).unwrap();
    assert_eq!(letters(&outcomes), "UV");
}

fn programs_that_are_no_workers_are_named() {
    let error = check(&checker("mute", AMPLE), &[body("a")], AMPLE).unwrap_err();
    assert!(matches!(error, Error::NotAWorker { .. }), "{error}");
    let absent = Checker { program: "no/such/program".into(), ..checker("worker", AMPLE) };
    let error = check(&absent, &[body("a")], AMPLE).unwrap_err();
    assert!(matches!(&error, Error::Start { .. }) && error.to_string().contains("no/such/program"), "{error}");
}

fn the_environment_is_not_handed_down() {
    assert!(env::vars_os().next().is_some(), "this test needs an environment that could be handed down");
    let outcomes = check(&checker("faulty-worker", AMPLE), &[body("environment")], AMPLE).unwrap();
    assert_eq!(outcomes, [Outcome::Unreadable { reason: r#"["MIMALLOC_ARENA_RESERVE", "TZ"]"#.into() }]);
}
