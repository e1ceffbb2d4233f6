//! Running code, in the worker: every run has an engine of its own, so nothing of one reaches the next.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use rquickjs::{
    CatchResultExt, CaughtError, Context, Ctx, FromJs, Function, Object, Persistent, Runtime, Value as JsValue,
    context::EvalOptions, function::IntoArgs,
};
use serde_json::Value;

use crate::{
    exports,
    protocol::Position,
    ran::{Fault, Ran},
    run::{Code, Limits, Piece, Run},
    source::{end_of, first_frame, position_in},
    world, wrapper,
};

/// Stack of one engine, in bytes: bounds how deeply functions may call each other. The main thread has 8 MB.
const STACK_BYTES: usize = 1024 * 1024;

/// Names given to the texts, by which positions are found in the engine's errors.
const BODY_NAME: &str = "script";
const EXPRESSION_NAME: &str = "template";
const FILE_PREFIX: &str = "file-";

/// So many times its size as JSON the data of a run takes in the engine: as objects, and copied when it is taken out.
pub(crate) const DATA_GROWTH: usize = 24;

/// Longest text of an error that is kept, in bytes.
const MESSAGE_BYTES: usize = 2000;

/// A fresh engine that has read our own JavaScript and nothing else. Making one takes longer than most runs, so a worker
/// does it before it is asked.
pub(crate) struct Ready {
    /// Builds the world of a run. Has to go before its engine does.
    build: Persistent<Function<'static>>,
    context: Context,
}

impl Ready {
    /// Makes an engine.
    pub(crate) fn new() -> Result<Self, Fault> {
        let unavailable =
            |reason: String| Fault::Unavailable { reason: format!("the script engine did not start: {reason}") };
        let runtime = Runtime::new().map_err(|error| unavailable(error.to_string()))?;
        runtime.set_max_stack_size(STACK_BYTES);
        let context = Context::full(&runtime).map_err(|error| unavailable(error.to_string()))?;
        let build = context.with(|ctx| {
            let build = world::read(&ctx).catch(&ctx).map_err(|error| unavailable(error.to_string()))?;
            Ok(Persistent::save(&ctx, build))
        })?;
        Ok(Self { build, context })
    }

    /// Runs the code in this process. It may outlast its deadline, or end the process, which is why only a worker does it.
    pub(crate) fn run(self, run: &Run, limits: Limits) -> Result<Ran, Fault> {
        let Self { build, context } = self;
        let end = Instant::now() + Duration::from_millis(limits.deadline_ms);
        let is_late = Rc::new(Cell::new(false));
        let late = is_late.clone();
        // What the conversation keeps is none of the script's own doing, and must not leave it without room.
        let of_data = run.data_bytes().saturating_mul(DATA_GROWTH);
        context.runtime().set_memory_limit(limits.memory_bytes.saturating_add(of_data));
        // The engine asks after every 10,000 calls or jumps, and inside of long searches. Once late is late for good.
        context.runtime().set_interrupt_handler(Some(Box::new(move || {
            late.set(late.get() || Instant::now() >= end);
            late.get()
        })));
        context.with(|ctx| Engine::start(ctx, build, run, limits, end, is_late)?.run(run))
    }
}

/// An engine with the world of one run in it.
struct Engine<'js> {
    ctx: Ctx<'js>,
    /// The functions `core.js` gives.
    world: Object<'js>,
    limits: Limits,
    end: Instant,
    is_late: Rc<Cell<bool>>,
}

/// What was thrown, as `core.js` tells it.
#[derive(Default)]
struct Thrown {
    name: String,
    message: String,
    stack: String,
}

impl<'js> Engine<'js> {
    fn start(
        ctx: Ctx<'js>,
        build: Persistent<Function<'static>>,
        run: &Run,
        limits: Limits,
        end: Instant,
        is_late: Rc<Cell<bool>>,
    ) -> Result<Self, Fault> {
        let world = match build.restore(&ctx).and_then(|build| world::build(&ctx, &build, run, &limits)).catch(&ctx) {
            Ok(world) => world,
            Err(_) if is_late.get() => return Err(Fault::TimedOut { limit_ms: limits.deadline_ms }),
            Err(CaughtError::Value(_)) => return Err(Fault::OutOfMemory),
            Err(error) if error.to_string().contains("out of memory") => return Err(Fault::OutOfMemory),
            Err(error) => return Err(Fault::Unavailable { reason: format!("the world did not load: {error}") }),
        };
        Ok(Self { ctx, world, limits, end, is_late })
    }

    fn run(&self, run: &Run) -> Result<Ran, Fault> {
        for (at, (name, source)) in run.functions.iter().enumerate() {
            self.declare(at, name, source, run)?;
        }
        let (mut texts, mut values, mut returned) = (Vec::new(), Vec::new(), None);
        match &run.code {
            Code::Body(pieces) => returned = Some(self.run_body(pieces, run)?),
            Code::Texts(wanted) => {
                let mut bytes = 0;
                for pieces in wanted {
                    let text = self.fill(pieces)?;
                    bytes += text.len();
                    texts.push(text);
                    self.check_size("what the texts come to", bytes)?;
                }
            }
            Code::Values(expressions) => {
                for expression in expressions {
                    values.push(self.value(expression)?);
                }
            }
        }
        self.run_jobs()?;
        let left: String = self.call("finish", (returned,)).map_err(|thrown| self.fault(thrown, run, ""))?;
        let ran = serde_json::from_str(&left).map_err(|error| unreadable(&error))?;
        let ran = Ran { texts, values, ..ran };
        ran.check_sizes(&self.limits, left.len())?;
        Ok(ran)
    }

    /// Evaluates a functions file.
    fn declare(&self, at: usize, name: &str, source: &str, run: &Run) -> Result<(), Fault> {
        let in_file = |message: String, position| Fault::Threw { message, place: Some(name.into()), position };
        if let Some(position) = nul_in(source) {
            return Err(in_file("SyntaxError: the text holds a NUL character".into(), Some(position)));
        }
        let evaluate = || {
            let wanted = exports::wanted_by(source);
            self.call::<_, ()>("beginFile", (wanted.exports, wanted.of_module))?;
            self.eval::<JsValue>(source.into(), &format!("{FILE_PREFIX}{at}"))?;
            self.call::<_, ()>("endFile", ())
        };
        evaluate().map_err(|thrown| match self.fault(thrown, run, "") {
            Fault::Threw { message, place: None, position } => in_file(message, position),
            fault => fault,
        })
    }

    fn run_body(&self, pieces: &[Piece], run: &Run) -> Result<JsValue<'js>, Fault> {
        let source = self.fill(pieces)?;
        if let Some(position) = nul_in(&source) {
            let message = "the text holds a NUL character".into();
            return Err(Fault::Syntax { message, position: Some(position) });
        }
        self.check_body(&source, run)?;
        let function: Function = self
            .eval(format!("(function () {{\n{source}\n}})"), BODY_NAME)
            .map_err(|thrown| self.syntax_fault(thrown, run, &source))?;
        function.call(()).catch(&self.ctx).map_err(|error| self.fault(self.caught(error), run, &source))
    }

    /// Fails on what is not the body of one function, before any of it runs.
    fn check_body(&self, source: &str, run: &Run) -> Result<(), Fault> {
        match self.compile(wrapper::one_function(source)) {
            Err(Stopped::Threw(Thrown { message, .. })) if wrapper::is_one_function(&message) => return Ok(()),
            Ok(()) | Err(Stopped::Threw(_)) => {}
            Err(stopped) => return Err(self.fault(stopped, run, source)),
        }
        match self.compile(wrapper::body(source)) {
            Ok(()) => Err(Fault::Syntax { message: wrapper::LEAVES.into(), position: None }),
            Err(stopped) => Err(self.syntax_fault(stopped, run, source)),
        }
    }

    /// Compiles a program of [`wrapper`], of which nothing runs.
    fn compile(&self, program: String) -> Result<(), Stopped> {
        match self.ctx.eval_with_options::<JsValue, _>(program, options(BODY_NAME)).catch(&self.ctx) {
            Err(CaughtError::Value(thrown)) if thrown.as_int() == Some(wrapper::COMPILED) => Ok(()),
            Err(error) => Err(self.caught(error)),
            Ok(_) => Err(Stopped::Threw(Thrown::default())),
        }
    }

    /// Puts a text together. An expression that throws gives nothing.
    fn fill(&self, pieces: &[Piece]) -> Result<String, Fault> {
        let mut filled = String::new();
        for piece in pieces {
            // A short text can name a long value many times: the size is looked at while it grows.
            self.check_size("a text", filled.len())?;
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Expression(source) => {
                    let text = self.evaluate(source).and_then(|value| self.call::<_, String>("text", (value,)));
                    filled.push_str(&self.or_default(text)?);
                }
            }
        }
        self.check_size("a text", filled.len())?;
        Ok(filled)
    }

    /// The value of an expression. One that throws gives null.
    fn value(&self, source: &str) -> Result<Value, Fault> {
        let json = self.evaluate(source).and_then(|value| self.call::<_, Option<String>>("json", (value,)));
        let Some(json) = self.or_default(json)? else {
            return Ok(Value::Null);
        };
        self.check_size("a value", json.len())?;
        serde_json::from_str(&json).map_err(|error| unreadable(&error))
    }

    fn evaluate(&self, source: &str) -> Result<JsValue<'js>, Stopped> {
        if nul_in(source).is_some() {
            return Err(Stopped::Threw(Thrown::default()));
        }
        // What leaves its parentheses is no expression: it gives nothing, as any other syntax error.
        self.compile(wrapper::list(source))?;
        self.eval(format!("(\n{source}\n)"), EXPRESSION_NAME)
    }

    /// Runs what promises left to do.
    fn run_jobs(&self) -> Result<(), Fault> {
        while self.ctx.execute_pending_job() {
            if self.is_late.get() || Instant::now() >= self.end {
                return Err(self.timed_out());
            }
        }
        Ok(())
    }

    fn eval<V: FromJs<'js>>(&self, source: String, name: &str) -> Result<V, Stopped> {
        self.ctx.eval_with_options(source, options(name)).catch(&self.ctx).map_err(|error| self.caught(error))
    }

    fn call<A: IntoArgs<'js>, V: FromJs<'js>>(&self, name: &str, args: A) -> Result<V, Stopped> {
        let function: Function = self.world.get(name).catch(&self.ctx).map_err(|error| self.caught(error))?;
        function.call(args).catch(&self.ctx).map_err(|error| self.caught(error))
    }

    /// Tells an error of the author from the end of time or memory.
    fn caught(&self, error: CaughtError<'js>) -> Stopped {
        if self.is_late.get() {
            return Stopped::Late;
        }
        let thrown = match error {
            CaughtError::Exception(exception) => exception.into_object().into_value(),
            // The engine throws `null` when it has no memory left for an error object.
            CaughtError::Value(value) if value.is_null() => return Stopped::OutOfMemory,
            CaughtError::Value(value) => value,
            CaughtError::Error(error) => {
                return Stopped::Threw(Thrown { message: error.to_string(), ..Thrown::default() });
            }
        };
        let explain = || -> rquickjs::Result<Thrown> {
            let told: Object = self.world.get::<_, Function>("explain")?.call((thrown,))?;
            Ok(Thrown { name: told.get("name")?, message: told.get("message")?, stack: told.get("stack")? })
        };
        match explain().catch(&self.ctx) {
            _ if self.is_late.get() => Stopped::Late,
            Ok(told) if told.name == "InternalError" && told.message == "out of memory" => Stopped::OutOfMemory,
            Ok(told) => Stopped::Threw(told),
            // It only takes apart and copies: memory is all that it can lack.
            Err(_) => Stopped::OutOfMemory,
        }
    }

    fn or_default<T: Default>(&self, result: Result<T, Stopped>) -> Result<T, Fault> {
        match result {
            Ok(value) => Ok(value),
            Err(Stopped::Threw(_)) => Ok(T::default()),
            Err(Stopped::Late) => Err(self.timed_out()),
            Err(Stopped::OutOfMemory) => Err(Fault::OutOfMemory),
        }
    }

    fn syntax_fault(&self, stopped: Stopped, run: &Run, source: &str) -> Fault {
        match stopped {
            Stopped::Threw(Thrown { name, message, stack }) if name == "SyntaxError" => {
                let frame = first_frame(&stack, |file| file == BODY_NAME);
                let position = frame.map(|(_, line, column)| {
                    position_in(source, line.saturating_sub(1), column).unwrap_or_else(|| end_of(source))
                });
                Fault::Syntax { message: cut(message), position }
            }
            stopped => self.fault(stopped, run, source),
        }
    }

    /// Says what stopped the run, with the place in the text of the body or of a functions file.
    fn fault(&self, stopped: Stopped, run: &Run, body: &str) -> Fault {
        let Thrown { name, message, stack } = match stopped {
            Stopped::Late => return self.timed_out(),
            Stopped::OutOfMemory => return Fault::OutOfMemory,
            Stopped::Threw(thrown) => thrown,
        };
        let message = if name.is_empty() { message } else { format!("{name}: {message}") };
        let file_of = |file: &str| run.functions.get(file.strip_prefix(FILE_PREFIX)?.parse::<usize>().ok()?);
        let (place, position) = match first_frame(&stack, |file| file == BODY_NAME || file_of(file).is_some()) {
            Some((file, line, column)) => match file_of(file) {
                Some((name, source)) => (Some(name.clone()), position_in(source, line, column)),
                // The line of the head is the engine's line 1.
                None => (None, position_in(body, line.saturating_sub(1), column)),
            },
            None => (None, None),
        };
        Fault::Threw { message: cut(message), place, position }
    }

    fn timed_out(&self) -> Fault {
        Fault::TimedOut { limit_ms: self.limits.deadline_ms }
    }

    fn check_size(&self, what: &str, bytes: usize) -> Result<(), Fault> {
        Fault::too_large(what, bytes, self.limits.max_output_bytes)
    }
}

/// What ended a piece of code before it was done.
enum Stopped {
    Late,
    OutOfMemory,
    Threw(Thrown),
}

fn options(name: &str) -> EvalOptions {
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(name.into());
    options
}

fn unreadable(error: &serde_json::Error) -> Fault {
    Fault::Unavailable { reason: format!("what a script left cannot be read: {error}") }
}

/// Where the first NUL character is: the engine takes texts that end with one.
fn nul_in(source: &str) -> Option<Position> {
    source.find('\0').map(|at| end_of(&source[..at]))
}

fn cut(mut message: String) -> String {
    message.truncate(message.floor_char_boundary(MESSAGE_BYTES));
    message
}
