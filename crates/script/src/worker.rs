//! The child process: answers requests one after the other until its input ends.

use std::io::{self, BufReader, Read, Write};

use crate::{
    bounds::Bounds,
    check,
    confine::confine,
    engine::Ready,
    protocol::{self, Reply, Request},
    ran::Fault,
};

/// The whole life of a worker: gives away **this process's** rights, for good, and says so; then answers every request
/// read from `input` (which has to be the standard input, as `output` the standard output: no other file works any more).
/// `args` are those that follow the ones a [`Pool`](crate::Pool) or [`Checker`](crate::Checker) was told.
///
/// Returns when the input ends, and fails when the arguments or the input hold something else than they should, the input
/// cannot be read, or nobody takes the answer.
pub fn run_worker(args: &[String], input: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let keeps = confine(Bounds::read(args)?);
    protocol::write_frame(&mut output, &Reply::Ready { keeps })?;
    let mut engine = None;
    while let Some(request) = protocol::read_frame(&mut input)? {
        let is_run = matches!(request, Request::Run(..));
        output.write_all(&encode(&answer_with(&mut engine, &request))?)?;
        output.flush()?;
        // Whoever asked for a run will ask for another one, and need not wait for the engine then.
        if is_run {
            engine = Ready::new().ok();
        }
    }
    Ok(())
}

/// Carries out one request in this process. It may take any time and memory, which is why only a worker calls it.
pub fn answer(request: &Request) -> Reply {
    answer_with(&mut None, request)
}

/// Carries out one request; a run takes the engine, or makes one if there is none.
fn answer_with(engine: &mut Option<Ready>, request: &Request) -> Reply {
    match request {
        Request::Check(script) => Reply::Checked(check::check(script)),
        Request::Run(run, limits) => {
            let engine = engine.take().map_or_else(Ready::new, Ok);
            Reply::Ran(Box::new(engine.and_then(|engine| engine.run(run, *limits))))
        }
    }
}

/// An answer that does not fit in a frame becomes a fault that does.
fn encode(reply: &Reply) -> io::Result<Vec<u8>> {
    let too_large = || Reply::Ran(Box::new(Err(Fault::TooLarge { what: "all that it left together".into() })));
    protocol::encode(reply).or_else(|_| protocol::encode(&too_large()))
}
