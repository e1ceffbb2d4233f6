//! Whose a failed script is: it is run again with other inputs, and what helps tells (docs/walk.md).

use std::collections::{BTreeMap, BTreeSet};

use conversation::{Rehearsal, ScriptRun};
use script::{Code, Fault, Piece, Run};
use serde_json::Value;

use super::fault::{Blame, Evidence, FailedScript, Kind};
use super::inputs::{Path, calls_in, get, paths_in, set, source_of};
use super::origins::{Change, Means, Origins};
use crate::Error;

/// So often a script is run again.
const MOST_RUNS: usize = 60;
/// So often one that runs out of time or memory.
const MOST_LONG_RUNS: usize = 6;
/// So much is told of a value. Characters.
const LONGEST_VALUE: usize = 120;
/// So much is told of a line. Characters.
const LONGEST_LINE: usize = 200;

/// Names of the platform that a script has without declaring them. `context`, `env` and `content` are inputs besides.
const PLATFORM_NAMES: [&str; 20] = [
    "BotContext",
    "BotUserSession",
    "EnterpriseContext",
    "UserContext",
    "UserSession",
    "_",
    "agentUtils",
    "content",
    "context",
    "contextTags",
    "env",
    "getChoices",
    "getPiiValue",
    "koreDebugger",
    "koreUtil",
    "lodash",
    "moment",
    "print",
    "response",
    "tags",
];

/// Globals of other engines and of browsers: scripts elsewhere may have them, and it is not known whether the original's do.
const OTHER_GLOBALS: [&str; 9] =
    ["atob", "btoa", "crypto", "escape", "global", "performance", "queueMicrotask", "structuredClone", "unescape"];
/// Objects of the language whose members are asked for.
const LANGUAGE_OBJECTS: [&str; 14] = [
    "Array", "BigInt", "Date", "Intl", "JSON", "Map", "Math", "Number", "Object", "Promise", "Reflect", "RegExp",
    "Set", "String",
];
/// Methods that newer versions of the language have: one that no value here has is lacking.
const NEWER_METHODS: [&str; 22] = [
    "at",
    "difference",
    "findLast",
    "findLastIndex",
    "flat",
    "flatMap",
    "includes",
    "intersection",
    "isWellFormed",
    "matchAll",
    "padEnd",
    "padStart",
    "replaceAll",
    "toReversed",
    "toSorted",
    "toSpliced",
    "toTemporalInstant",
    "toWellFormed",
    "trimEnd",
    "trimStart",
    "union",
    "with",
];

/// Looks into why a script failed.
pub(super) async fn of_script(at: &Rehearsal, origins: &Origins<'_>, failed: &ScriptRun) -> Result<Evidence, Error> {
    let Some(fault) = &failed.fault else { return Ok(Evidence::of(Blame::Unknown, "it ran without a fault")) };
    let source = source_of(&failed.run.code);
    let (line, place) = where_it_failed(fault);
    // What is known of the source is that of the code itself, not that of a functions file.
    let failed_line = if place.is_none() { line } else { None };
    let text = failed_line.and_then(|line| source.lines().nth(line - 1)).unwrap_or_default();
    let script = FailedScript {
        line,
        text: match &place {
            Some(file) => format!("in {file}"),
            None => cut(text.trim(), LONGEST_LINE),
        },
        values: values_of(&source, &failed.run),
    };
    let mut evidence = decided(at, origins, failed, fault, &source, text).await?;
    evidence.script = Some(script);
    Ok(evidence)
}

async fn decided(
    at: &Rehearsal,
    origins: &Origins<'_>,
    failed: &ScriptRun,
    fault: &Fault,
    source: &str,
    line: &str,
) -> Result<Evidence, Error> {
    if !fault.is_authors() || matches!(fault, Fault::Crowded { .. }) {
        return Ok(Evidence::of(Blame::Engine, "the script was not run to its end, whatever it does"));
    }
    if matches!(fault, Fault::Syntax { .. }) {
        return Ok(Evidence::of(Blame::Author, "it cannot be read, whatever its inputs are"));
    }
    if let Some(Absent { name, blame }) = absent_name(at, failed, fault, source, line).await {
        return Ok(Evidence::of(blame, format!("`{name}` does not exist here")));
    }
    if let Some(name) = undeclared(fault) {
        let is_called = calls_in(source).iter().any(|call| call.len() == 1 && call[0] == name);
        if origins.bot.function_names.contains(&name) {
            let told = format!("a functions file of the export declares `{name}`, and it is not there");
            return Ok(Evidence::of(Blame::Unknown, told));
        }
        if is_called && origins.bot.functions.is_empty() {
            let told = format!("not in the export: it has no functions file, and nothing declares `{name}`");
            return Ok(Evidence { kind: Some(Kind::Missing), ..Evidence::of(Blame::World, told) });
        }
    }
    let evidence = by_changes(at, origins, failed, fault, source).await?;
    // Where nothing that was changed helps, the engine itself may be another one than the author's.
    let is_always = evidence.blame == Blame::Author && evidence.always;
    Ok(match depends_on_engine(fault, line).filter(|_| is_always) {
        Some(why) => Evidence::of(Blame::Unknown, why),
        None => evidence,
    })
}

/// What a fault says that is not the same in all engines of the language.
fn depends_on_engine(fault: &Fault, line: &str) -> Option<&'static str> {
    let Fault::Threw { message, .. } = fault else {
        return matches!(fault, Fault::OutOfMemory | Fault::TimedOut { .. })
            .then_some("how much time and memory a script has differs from engine to engine");
    };
    let lower = message.to_lowercase();
    let uses_library = ["koreUtil", "moment", "_."].iter().any(|library| line.contains(library));
    if lower.contains("not a function") && uses_library {
        return Some("what is called may be a member that the platform's library has and this one lacks");
    }
    if lower.starts_with("rangeerror") && lower.contains("date") {
        return Some("which texts are dates differs from engine to engine");
    }
    if lower.contains("regular expression") {
        return Some("what a regular expression may be differs from engine to engine");
    }
    lower.starts_with("internalerror").then_some("how deep calls may nest differs from engine to engine")
}

/// A name that is not there.
pub(super) struct Absent {
    pub(super) name: String,
    pub(super) blame: Blame,
}

/// A name of the platform, or one that authors know from elsewhere, that the script needs and that is not there.
async fn absent_name(at: &Rehearsal, failed: &ScriptRun, fault: &Fault, source: &str, line: &str) -> Option<Absent> {
    let known = |name: String| Absent { name, blame: Blame::Engine };
    if let Some(name) = undeclared(fault).filter(|name| PLATFORM_NAMES.contains(&name.as_str())) {
        return Some(known(name));
    }
    if let Some(name) = undeclared(fault).filter(|name| OTHER_GLOBALS.contains(&name.as_str())) {
        return Some(Absent { name, blame: Blame::Unknown });
    }
    let absent = script::absent_in(source);
    let message = fault.to_string();
    let failed_line = where_it_failed(fault).0;
    let met = absent.into_iter().find(|absent| {
        let last = absent.name.rsplit('.').next().unwrap_or_default();
        Some(absent.position.line) == failed_line || message.contains(&format!("'{last}'"))
    });
    if let Some(absent) = met {
        return Some(known(absent.name));
    }
    // What the line calls of the platform: the world itself tells whether it is there.
    let is_given = |call: &Path| {
        let first = call[0].as_str();
        let is_member = first != "context" || call.get(1).is_some_and(|it| it == "session");
        let is_known = PLATFORM_NAMES.contains(&first) || LANGUAGE_OBJECTS.contains(&first);
        call.len() > 1 && is_known && is_member && !declares(source, first)
    };
    let all = calls_in(line);
    let calls: Vec<String> = all.iter().filter(|call| is_given(call)).map(|call| call.join(".")).collect();
    let newer = NEWER_METHODS.iter().filter(|method| line.contains(&format!(".{method}(")));
    let newer: Vec<&str> = newer.copied().collect();
    if calls.is_empty() && newer.is_empty() {
        return None;
    }
    let mut asked: Vec<String> = calls.iter().map(|call| format!("typeof ({call})")).collect();
    // `undefined` where no kind of value has the method.
    let values = "[[], '', {}, 5, new Date(0), /x/, new Map(), new Set()]";
    asked.extend(newer.iter().map(|method| {
        format!("{values}.some(function (one) {{ return one['{method}'] !== undefined; }}) ? 'function' : 'undefined'")
    }));
    let run = Run { code: Code::Values(asked), ..failed.run.clone() };
    let types = at.run_script(&run).await.ok()?.values;
    let names = calls.into_iter().chain(newer.into_iter().map(str::to_owned));
    let (name, _) = names.zip(types).find(|(_, kind)| kind == "undefined")?;
    // A member that a store or an object of the language does not have may be a slip of the pen as well.
    let first = name.split('.').next().unwrap_or_default();
    let may_be_slip = first == "context" || LANGUAGE_OBJECTS.contains(&first);
    Some(Absent { name, blame: if may_be_slip { Blame::Unknown } else { Blame::Engine } })
}

/// Whether a script has a name of its own.
fn declares(source: &str, name: &str) -> bool {
    let words: Vec<&str> = source
        .split(|it: char| !(it.is_alphanumeric() || matches!(it, '_' | '$')))
        .filter(|it| !it.is_empty())
        .collect();
    let declared = |pair: &[&str]| matches!(pair[0], "var" | "let" | "const" | "function" | "class") && pair[1] == name;
    words.windows(2).any(declared)
}

/// The name that nothing declares, of such a fault.
fn undeclared(fault: &Fault) -> Option<String> {
    let Fault::Threw { message, .. } = fault else { return None };
    let name = message.strip_prefix("ReferenceError: ")?.strip_suffix(" is not defined")?;
    Some(name.trim_matches(['\'', '"']).to_owned())
}

/// The line of a fault, and the functions file it is in.
fn where_it_failed(fault: &Fault) -> (Option<usize>, Option<String>) {
    match fault {
        Fault::Threw { place, position, .. } => (position.map(|it| it.line), place.clone()),
        Fault::Syntax { position, .. } => (position.map(|it| it.line), None),
        _ => (None, None),
    }
}

/// Whether a script that failed came past that place before it failed again. One that fails before it tells nothing.
fn is_beyond(fault: &Fault, other: &Fault) -> bool {
    let (failed, place) = where_it_failed(fault);
    let (fails, of_other) = where_it_failed(other);
    matches!((failed, fails), (Some(failed), Some(fails)) if place == of_other && fails > failed)
}

/// What a changed input did.
struct Tried {
    change: Change,
    helps: bool,
}

async fn by_changes(
    at: &Rehearsal,
    origins: &Origins<'_>,
    failed: &ScriptRun,
    fault: &Fault,
    source: &str,
) -> Result<Evidence, Error> {
    let is_long = matches!(fault, Fault::TimedOut { .. } | Fault::OutOfMemory | Fault::TooLarge { .. });
    let most = if is_long { MOST_LONG_RUNS } else { MOST_RUNS };
    let paths = paths_in(source);
    let changes = origins.changes(at, &failed.run, &paths).await?;
    let cut_off = changes.len().saturating_sub(most);
    let mut tried = Vec::new();
    for change in changes.into_iter().take(most) {
        let ran = at.run_script(&changed(&failed.run, &change)).await;
        let helps = ran.err().is_none_or(|other| is_beyond(fault, &other));
        tried.push(Tried { change, helps });
    }
    Ok(judged(origins, &tried, cut_off, &failed.run))
}

fn changed(run: &Run, change: &Change) -> Run {
    let mut run = run.clone();
    let (root, names) = (change.path[0].as_str(), &change.path[1..]);
    let object = match root {
        "env" => &mut run.env,
        "content" => &mut run.content,
        _ => &mut run.context,
    };
    set(object, names, change.value.clone());
    run
}

/// What the changes tell.
fn judged(origins: &Origins<'_>, tried: &[Tried], cut_off: usize, run: &Run) -> Evidence {
    let helping: Vec<&Change> = tried.iter().filter(|it| it.helps).map(|it| &it.change).collect();
    let inputs: BTreeSet<String> = tried.iter().map(|it| it.change.path.join(".")).collect();
    if helping.is_empty() {
        let left = if cut_off == 0 { String::new() } else { format!(" ({cut_off} more were not tried)") };
        let told = if tried.is_empty() {
            "it fails so always: it reads nothing that could be different".to_owned()
        } else {
            let inputs: Vec<String> = inputs.into_iter().collect();
            format!("it fails with all {} changes of {}{left}", tried.len(), inputs.join(", "))
        };
        return Evidence { always: true, ..Evidence::of(Blame::Author, told) };
    }
    let is_allowed = |change: &&&Change| matches!(change.means, Means::Allowed { .. }) && change.value.is_some();
    for change in &helping {
        let path = change.path.join(".");
        match &change.means {
            // Where a value of the entity helps, its form is none of the trouble.
            Means::OtherForm if !helping.iter().filter(is_allowed).any(|it| it.path == change.path) => {
                let told = format!("it would work if {path} were {}", brief(change.value.as_ref()));
                return Evidence::of(Blame::Unknown, told);
            }
            Means::Platform => {
                let (blame, why) = match origins.lacks_model(&change.path) {
                    true => (Blame::World, "a language model is to set it, and none answers"),
                    false => (Blame::Unknown, "the platform is to set it"),
                };
                return Evidence::of(blame, format!("it would work if {path} were set: {why}"));
            }
            Means::Lost { by } => {
                let told = format!("it would work if {path} were set, and '{by}', which is to set it, ran before");
                return Evidence::of(Blame::Unknown, told);
            }
            _ => {}
        }
    }
    let best = helping.iter().min_by_key(|change| change.means.rank()).expect("one of them helps");
    let path = best.path.join(".");
    let now = at_path(run, &best.path);
    let but = format!("but not if it is {}", brief(best.value.as_ref()));
    match &best.means {
        Means::Allowed { what } => {
            Evidence::of(Blame::Author, format!("it fails when {path} is {} ({what}), {but}", brief(now)))
        }
        Means::Client => Evidence::of(
            Blame::Author,
            format!("it fails when {path} is {}: a client need not send it; {but}", brief(now)),
        ),
        Means::OtherAnswer => Evidence::of(
            Blame::Author,
            format!(
                "it fails with the answer that is recorded in the export; it would work if {path} were {}",
                brief(best.value.as_ref())
            ),
        ),
        Means::Own => Evidence::of(
            Blame::Author,
            format!("it fails when {path} is {}, as the bot may leave it, {but}", brief(now)),
        ),
        Means::Variable => {
            let told = format!("not in the export: it would work if {path} were {}", brief(best.value.as_ref()));
            Evidence { kind: Some(Kind::Missing), ..Evidence::of(Blame::World, told) }
        }
        Means::Server => Evidence::of(
            Blame::World,
            format!("it would work if {path} were set: nothing in the export sets it, a BotKit server may"),
        ),
        Means::Nobody => Evidence::of(
            Blame::Author,
            format!("it needs {path}, which nothing in the export sets and the platform does not either"),
        ),
        Means::OtherForm | Means::Platform | Means::Lost { .. } => {
            Evidence::of(Blame::Unknown, format!("it would work if {path} were {}", brief(best.value.as_ref())))
        }
    }
}

/// The templates of a text, or expressions whose values are wanted, that need something of the platform that is not there:
/// each with its name. A template that throws is an empty text, and nothing else would tell of it.
pub(super) async fn of_templates(
    at: &Rehearsal,
    ran: &ScriptRun,
    known: &mut BTreeSet<String>,
) -> Vec<(String, Absent)> {
    let expressions: Vec<String> = match &ran.run.code {
        Code::Texts(texts) => texts
            .iter()
            .flatten()
            .filter_map(|piece| match piece {
                Piece::Expression(expression) => Some(expression.clone()),
                Piece::Text(_) => None,
            })
            .collect(),
        Code::Values(values) => values.clone(),
        Code::Body(_) => return Vec::new(),
    };
    let mut lacking = Vec::new();
    for expression in expressions.into_iter().filter(|it| it.contains('(')) {
        if !known.insert(expression.clone()) {
            continue;
        }
        let body = format!("return ({expression});");
        let run = Run { code: Code::Body(vec![Piece::Text(body.clone())]), ..ran.run.clone() };
        let Err(fault) = at.run_script(&run).await else { continue };
        let tried = ScriptRun { run, fault: Some(fault.clone()) };
        if let Some(name) = absent_name(at, &tried, &fault, &body, &body).await {
            lacking.push((expression, name));
        }
    }
    lacking
}

/// Looks into why a script that is to print something printed nothing. `None` where it prints with other inputs: then to
/// say nothing is what its author wants.
pub(super) async fn of_silence(
    at: &Rehearsal,
    origins: &Origins<'_>,
    silent: &ScriptRun,
) -> Result<Option<Evidence>, Error> {
    let source = source_of(&silent.run.code);
    let paths = paths_in(&source);
    let changes = origins.changes(at, &silent.run, &paths).await?;
    let count = changes.len().min(MOST_RUNS);
    for change in changes.into_iter().take(MOST_RUNS) {
        let ran = at.run_script(&changed(&silent.run, &change)).await;
        let says = |text: &String| !text.trim().is_empty();
        if ran.is_ok_and(|ran| ran.printed.iter().chain(&ran.texts).any(says)) {
            return Ok(None);
        }
    }
    let told = format!("it comes to nothing with all {count} changes of its inputs");
    let values = values_of(&source, &silent.run);
    let script = FailedScript { line: None, text: cut(source.trim(), LONGEST_LINE), values };
    Ok(Some(Evidence { script: Some(script), ..Evidence::of(Blame::Author, told) }))
}

fn at_path<'r>(run: &'r Run, path: &[String]) -> Option<&'r Value> {
    let root = match path[0].as_str() {
        "env" => &run.env,
        "content" => &run.content,
        _ => &run.context,
    };
    get(root, &path[1..])
}

/// What a script reads, and what that was.
fn values_of(source: &str, run: &Run) -> BTreeMap<String, Value> {
    let values = paths_in(source).into_iter().map(|path| {
        let value = at_path(run, &path);
        let told = match value {
            Some(value) if value.to_string().chars().count() <= LONGEST_VALUE => value.clone(),
            other => Value::String(brief(other)),
        };
        (path.join("."), told)
    });
    values.collect()
}

/// A value in few words.
fn brief(value: Option<&Value>) -> String {
    match value {
        None => "absent".to_owned(),
        Some(value) => cut(&value.to_string(), LONGEST_VALUE),
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
