//! What a script sees: JavaScript files of our own, evaluated in the engine before anything of an author.

use jiff::{Timestamp, tz::TimeZoneDatabase};
use rquickjs::{Ctx, Function, Object, Result, context::EvalOptions};
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
    let function_of = (Function::new(ctx.clone(), load)?, Function::new(ctx.clone(), offset_at)?);
    build.call((ctx.json_parse(json)?, function_of.0, function_of.1, Function::new(ctx.clone(), bytes_of)?))
}

/// Evaluates one of the larger parts. A name that there is not gives undefined.
fn load<'js>(ctx: Ctx<'js>, name: String) -> Result<Option<Function<'js>>> {
    PARTS.iter().find(|(part, _)| *part == name).map(|(part, source)| evaluate(&ctx, part, source)).transpose()
}

/// The offset of a time zone from UTC at a moment (milliseconds since 1970), in minutes. A name that is none, or a moment
/// out of reach, gives undefined.
fn offset_at(zone: String, ms: f64) -> Option<f64> {
    let zone = TimeZoneDatabase::bundled().get(&zone).ok()?;
    let moment = Timestamp::from_millisecond(ms as i64).ok()?;
    Some(f64::from(zone.to_offset(moment).seconds()) / 60.0)
}

/// How many bytes a text takes.
fn bytes_of(text: String) -> usize {
    text.len()
}

/// The larger parts: functions that take the world and give what scripts see.
const PARTS: [(&str, &str); 10] = [
    ("hash", include_str!("world/hash.js")),
    ("intl", include_str!("world/intl.js")),
    ("lodash", include_str!("world/lodash.js")),
    ("lodashLists", include_str!("world/lodash_lists.js")),
    ("lodashObjects", include_str!("world/lodash_objects.js")),
    ("lodashTexts", include_str!("world/lodash_texts.js")),
    ("moment", include_str!("world/moment.js")),
    ("momentSpan", include_str!("world/moment_span.js")),
    ("momentText", include_str!("world/moment_text.js")),
    ("xml", include_str!("world/xml.js")),
];

fn evaluate<'js>(ctx: &Ctx<'js>, name: &str, source: &str) -> Result<Function<'js>> {
    let mut options = EvalOptions::default();
    options.filename = Some(format!("world/{name}.js"));
    ctx.eval_with_options(source, options)
}
