//! Reading a script without running it.
//!
//! The engine has no safe call that only compiles. So the script is compiled behind a statement that throws: the whole
//! text has to pass the parser before the first statement runs, and the first statement ends the run. That holds even
//! for a text that closes the function it is put in and goes on outside of it.

use rquickjs::{CatchResultExt, CaughtError, Context, Exception, Runtime, context::EvalOptions};

use crate::{
    protocol::{Kind, Outcome, Position, Script},
    source::{end_of, first_frame, position_in},
    wrapper,
};

/// Heap of one engine, in bytes. A fresh engine takes 160 kB; the largest scripts known need less than 10 MB.
pub(crate) const MEMORY_BYTES: usize = 64 * 1024 * 1024;

/// Stack of one engine, in bytes: bounds how deeply a text may nest.
const STACK_BYTES: usize = 512 * 1024;

/// Name given to the text, by which positions are found in the engine's errors.
const FILE_NAME: &str = "script";

/// Tells whether the script can be compiled, and if not, where the author has to look.
pub(crate) fn check(script: &Script) -> Outcome {
    let source = &script.source;
    if let Some(before) = source.find('\0').map(|at| &source[..at]) {
        // The engine takes texts that end with this character.
        return syntax_error("the text holds a NUL character", Some(end_of(before)));
    }
    match script.kind {
        Kind::Body => check_body(source),
        Kind::Expression => check_expression(source),
        Kind::File => compile(source, wrapper::program("", source, "")),
    }
}

fn check_body(source: &str) -> Outcome {
    let outcome = compile(source, wrapper::body(source));
    if outcome != Outcome::Valid {
        return outcome;
    }
    match compile(source, wrapper::one_function(source)) {
        Outcome::SyntaxError { message, .. } if wrapper::is_one_function(&message) => Outcome::Valid,
        unreadable @ Outcome::Unreadable { .. } => unreadable,
        Outcome::Valid | Outcome::SyntaxError { .. } => syntax_error(wrapper::LEAVES, None),
    }
}

fn check_expression(source: &str) -> Outcome {
    match compile(source, wrapper::expression(source)) {
        Outcome::Valid => compile(source, wrapper::list(source)),
        outcome => outcome,
    }
}

/// Compiles a program made of `source` in an engine of its own.
fn compile(source: &str, program: String) -> Outcome {
    match start_engine() {
        Ok(context) => compile_in(&context, source, program),
        Err(error) => unreadable(format!("the script engine did not start: {error}")),
    }
}

fn start_engine() -> rquickjs::Result<Context> {
    let runtime = Runtime::new()?;
    runtime.set_memory_limit(MEMORY_BYTES);
    runtime.set_max_stack_size(STACK_BYTES);
    // The engine asks whether to stop when it begins to run the text, and then after every 10,000 calls or jumps.
    let mut begun = false;
    runtime.set_interrupt_handler(Some(Box::new(move || std::mem::replace(&mut begun, true))));
    Context::full(&runtime)
}

fn compile_in(context: &Context, source: &str, program: String) -> Outcome {
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(FILE_NAME.into());
    context.with(|ctx| match ctx.eval_with_options::<(), _>(program, options).catch(&ctx) {
        // The text compiled and its first statement ran.
        Err(CaughtError::Value(thrown)) if thrown.as_int() == Some(wrapper::COMPILED) => Outcome::Valid,
        Err(CaughtError::Exception(exception)) => explain(&exception, source),
        // The engine throws `null` when it has no memory left for an error object.
        Err(CaughtError::Value(_)) => unreadable("the engine ran out of memory".into()),
        Err(CaughtError::Error(error)) => unreadable(format!("the engine gave up: {error}")),
        Ok(()) => unreadable("the engine passed over the first statement".into()),
    })
}

/// Turns what the engine threw while compiling into an outcome with a position in the author's text.
fn explain(exception: &Exception<'_>, source: &str) -> Outcome {
    let message = exception.message().unwrap_or_default();
    let name: String = exception.as_object().get("name").unwrap_or_default();
    if name != "SyntaxError" {
        // Too deeply nested, or out of memory.
        return unreadable(format!("the engine gave up: {message}"));
    }
    let stack = exception.stack().unwrap_or_default();
    let first = stack.lines().next().unwrap_or_default();
    let Some((_, line, byte_column)) = first_frame(first, |file| file == FILE_NAME) else {
        return syntax_error(&message, None);
    };
    // The line of the head is the engine's line 1, and the last one that of the tail.
    match position_in(source, line.saturating_sub(1), byte_column) {
        Some(position) => syntax_error(&message, Some(position)),
        None => syntax_error(&format!("the brackets do not match up: {message}"), Some(end_of(source))),
    }
}

fn syntax_error(message: &str, position: Option<Position>) -> Outcome {
    Outcome::SyntaxError { message: message.into(), position }
}

fn unreadable(reason: String) -> Outcome {
    Outcome::Unreadable { reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Kind::{Body, Expression, File};

    fn read(kind: Kind, source: &str) -> Outcome {
        check(&Script { kind, source: source.into() })
    }

    #[test]
    fn what_bots_write_can_be_read() {
        let cases = [
            (Body, ""),
            (Body, "// only a comment"),
            (Body, "if (!context.entities.Size) { return; }\ntotal = 3; // an implicit global"),
            (Body, "function twice(n) { return n * 2; }\nprint(twice(2));"),
            (Body, "const lines = [...order.lines]; print(`${lines?.[0]?.name ?? 'nothing'}`);"),
            (Body, "'use strict'; let a = 1; for (const x of [a]) { print(x) }"),
            (Body, "with (context) { old = 010; } delete context.entities; arguments.length;"),
            (Body, "var f = 1; function f() {} let class1 = /[/\"]}/.test('}');"),
            (Body, "print(JSON.stringify({ type: 'template' }))\r\n\r\n/* end */"),
            (Body, "return {}"),
            (Expression, "context.entities.Drink"),
            (Expression, " JSON.stringify({ a: [1, 2] }) // why"),
            (Expression, "{ a: 1 }"),
            (Expression, "a => a + 1"),
            (Expression, "(1, 2)"),
            (File, ""),
            (File, "function a() { return b(); }\nfunction b() { return 1; }\nvar cups = 010;"),
        ];
        for (kind, source) in cases {
            assert_eq!(read(kind, source), Outcome::Valid, "{kind:?} {source}");
        }
    }

    #[test]
    fn errors_point_into_the_authors_text() {
        let cases = [
            (Body, "var a = ;", 1, 9),
            (Body, "var a = 1;\nvar b = ;", 2, 9),
            (Body, "var a = 1;\r\n\r\nvar b = ;\r\n", 3, 9),
            (Body, "var é = 1; 𝒳 +;", 1, 15),
            (Body, "'use strict';\nwith (context) {}", 2, 1),
            (Body, "let a; let a;", 1, 13),
            (Body, "if (a) {\n  b();", 2, 7),
            (Body, "if (a) { b(); } }\nc();", 2, 1),
            (Body, "}", 1, 2),
            (Body, "print('no end);", 1, 7),
            (Body, "await fetch(url);", 1, 7),
            (Body, "import x from 'y';", 1, 8),
            (Body, "print({{context.name}});", 1, 8),
            (Body, "a\0b", 1, 2),
            (Expression, "", 1, 1),
            (Expression, "context.", 1, 9),
            (Expression, "a;", 1, 2),
            (Expression, "return a", 1, 1),
            (Expression, "...a", 1, 1),
            (File, "function a() {\n  return 1;\n}\nfunction {}", 4, 10),
            (File, "return 1;", 1, 1),
        ];
        for (kind, source, line, column) in cases {
            match read(kind, source) {
                Outcome::SyntaxError { position, .. } => {
                    assert_eq!(position, Some(Position { line, column }), "{kind:?} {source}");
                }
                other => panic!("{kind:?} {source}: {other:?}"),
            }
        }
    }

    #[test]
    fn faulty_regular_expressions_are_found_without_a_position() {
        let outcome = read(Body, "var a = 1;\nvar r = /(/;");
        assert!(matches!(&outcome, Outcome::SyntaxError { position: None, .. }), "{outcome:?}");
    }

    #[test]
    fn texts_that_leave_their_wrapper_are_refused_and_never_run() {
        let cases = [
            (Body, "}); while (1); (function () {"),
            (Body, "}); throw 0; (function () {"),
            (Body, "}, async function () {"),
            (Body, "}, x => {"),
            (Body, "}); ({"),
            (Body, "}); ({ get a() {"),
            (Body, "}); let _ = 1; (function (a) { let b;"),
            (Body, "})(); (class { static {"),
            (Expression, "1); while (1); (2"),
            (Expression, "1]; while (1); [2"),
            (Expression, ") => 1; while (1); ("),
            (File, "} while (1); {"),
        ];
        for (kind, source) in cases {
            let outcome = read(kind, source);
            assert!(matches!(outcome, Outcome::SyntaxError { .. }), "{kind:?} {source}: {outcome:?}");
        }
        // These are fine to write, and would never come back if they ran.
        for (kind, source) in [(Body, "while (1);"), (File, "while (1);"), (Expression, "(() => { while (1); })()")] {
            assert_eq!(read(kind, source), Outcome::Valid, "{kind:?} {source}");
        }
    }

    #[test]
    fn texts_too_deep_or_too_large_for_the_engine_are_unreadable() {
        let cases = [
            ("parentheses", "(".repeat(100_000)),
            ("brackets", "[".repeat(100_000)),
            ("templates", "`${".repeat(100_000)),
            ("conditions", "if (a) {} else ".repeat(100_000)),
            ("arrow candidates", "(a = ".repeat(100_000)),
            ("memory", format!("a = [{}];", "/(.)/,".repeat(1_200_000))),
        ];
        for (name, source) in cases {
            let outcome = read(Body, &source);
            assert!(matches!(outcome, Outcome::Unreadable { .. }), "{name}: {outcome:?}");
        }
    }
}
