//! What a script sees: JavaScript files of our own, evaluated in the engine before anything of an author.

use jiff::{Timestamp, tz::TimeZoneDatabase};
use rquickjs::{Ctx, Function, Object, Result, context::EvalOptions, convert::List};
use serde::Serialize;
use serde_json::Value;

use crate::run::{Limits, Run};

const CORE: &str = include_str!("world/core.js");

/// What `core.js` is given.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Input<'a> {
    context: &'a Value,
    env: &'a Value,
    content: &'a Value,
    choices: &'a [String],
    message: &'a str,
    session_id: &'a str,
    language: &'a str,
    ambiguous: &'a Value,
    now: i64,
    /// As two halves: the language has no integers of 64 bits that can be calculated with quickly.
    seed: [u32; 2],
    store_bytes: usize,
}

/// Reads what every world begins with; the function that [`build`] calls.
pub(crate) fn read<'js>(ctx: &Ctx<'js>) -> Result<Function<'js>> {
    evaluate(ctx, "core", CORE)
}

/// Builds the world of a run; the functions that take out what was left in it.
pub(crate) fn build<'js>(ctx: &Ctx<'js>, build: &Function<'js>, run: &Run, limits: &Limits) -> Result<Object<'js>> {
    let input = Input {
        context: &run.context,
        env: &run.env,
        content: &run.content,
        choices: &run.choices,
        message: &run.message,
        session_id: &run.session_id,
        language: &run.language,
        ambiguous: &run.ambiguous,
        now: run.now_ms,
        seed: [(run.seed >> 32) as u32, run.seed as u32],
        store_bytes: limits.store_bytes,
    };
    let json = serde_json::to_string(&input)
        .map_err(|error| rquickjs::Error::new_into_js_message("run", "JSON", error.to_string()))?;
    let zones = Object::new(ctx.clone())?;
    zones.set("at", Function::new(ctx.clone(), zone_at)?)?;
    zones.set("name", Function::new(ctx.clone(), zone_name)?)?;
    zones.set("names", Function::new(ctx.clone(), zone_names)?)?;
    let load = Function::new(ctx.clone(), load)?;
    build.call((ctx.json_parse(json)?, load, zones, Function::new(ctx.clone(), bytes_of)?))
}

/// Evaluates one of the larger parts. A name that there is not gives undefined.
fn load<'js>(ctx: Ctx<'js>, name: String) -> Result<Option<Function<'js>>> {
    PARTS.iter().find(|(part, _)| *part == name).map(|(part, source)| evaluate(&ctx, part, source)).transpose()
}

/// What a time zone is ahead of UTC at a moment (milliseconds since 1970), in minutes, and what its time is called then. A
/// name that is none, or a moment out of reach, gives undefined.
fn zone_at(zone: String, ms: f64) -> Option<List<(f64, String)>> {
    let zone = TimeZoneDatabase::bundled().get(&zone).ok()?;
    let moment = Timestamp::from_millisecond(ms as i64).ok()?;
    let info = zone.to_offset_info(moment);
    Some(List((f64::from(info.offset().seconds()) / 60.0, info.abbreviation().into())))
}

/// A time zone's name as the zone data spell it; undefined for one that there is not.
fn zone_name(zone: String) -> Option<String> {
    TimeZoneDatabase::bundled().get(&zone).ok()?.iana_name().map(Into::into)
}

/// The names of all time zones.
fn zone_names() -> Vec<String> {
    TimeZoneDatabase::bundled().available().map(|name| name.as_str().into()).collect()
}

/// How many bytes a text takes.
fn bytes_of(text: String) -> usize {
    text.len()
}

/// The larger parts: functions that take the world and give what scripts see.
const PARTS: [(&str, &str); 16] = [
    ("bytes", include_str!("world/bytes.js")),
    ("hash", include_str!("world/hash.js")),
    ("intl", include_str!("world/intl.js")),
    ("lodash", include_str!("world/lodash.js")),
    ("lodashFunctions", include_str!("world/lodash_functions.js")),
    ("lodashLists", include_str!("world/lodash_lists.js")),
    ("lodashObjects", include_str!("world/lodash_objects.js")),
    ("lodashTexts", include_str!("world/lodash_texts.js")),
    ("moment", include_str!("world/moment.js")),
    ("momentLanguages", include_str!("world/moment_languages.js")),
    ("momentReading", include_str!("world/moment_reading.js")),
    ("momentSpan", include_str!("world/moment_span.js")),
    ("momentText", include_str!("world/moment_text.js")),
    ("momentWords", include_str!("world/moment_words.js")),
    ("momentZones", include_str!("world/moment_zones.js")),
    ("xml", include_str!("world/xml.js")),
];

fn evaluate<'js>(ctx: &Ctx<'js>, name: &str, source: &str) -> Result<Function<'js>> {
    let mut options = EvalOptions::default();
    options.filename = Some(format!("world/{name}.js"));
    ctx.eval_with_options(source, options)
}
