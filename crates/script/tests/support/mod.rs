//! A test program that starts itself again as the worker, so it has its own `main` instead of the usual test harness.

use std::{
    env,
    io::{self, BufReader, Write},
    process::exit,
    thread,
    time::Duration,
};

use script::{Bounds, Reply, Request, answer, confine, protocol, run_worker};

/// A name and a test.
pub type Test = (&'static str, fn());

/// Ample for anything that is meant to come back.
pub const AMPLE: Duration = Duration::from_secs(120);

/// The faults only this program's worker has.
pub struct Faulty {
    /// The script a request is about; it names the fault.
    pub source: fn(&Request) -> &str,
    /// What such a script is answered, where it is not the engine's answer.
    pub reply: fn(&str) -> Option<Reply>,
}

/// Runs the tests whose names match the arguments, or the worker they ask for.
pub fn run(tests: &[Test], faulty: &Faulty) {
    let args: Vec<String> = env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("worker") => {
            return run_worker(&args[1..], io::stdin(), io::stdout()).expect("the server speaks the protocol");
        }
        Some("faulty-worker") => return faulty.run(&args[1..]),
        Some("mute") => exit(3),
        _ => {}
    }
    if args.iter().any(|arg| arg == "--list") {
        tests.iter().for_each(|(name, _)| println!("{name}: test"));
        return;
    }
    let filter = args.iter().find(|arg| !arg.starts_with('-'));
    for (name, test) in tests {
        if filter.is_none_or(|filter| name.contains(filter.as_str())) {
            println!("test {name} ...");
            test();
            println!("test {name} ... ok");
        }
    }
}

impl Faulty {
    /// A worker whose engine has the faults named in the scripts.
    fn run(&self, args: &[String]) {
        let mut input = BufReader::new(io::stdin());
        let mut output = io::stdout();
        let keeps = confine(Bounds::read(args).expect("the server says the bounds"));
        protocol::write_frame(&mut output, &Reply::Ready { keeps }).expect("the server listens");
        while let Some(request) = protocol::read_frame::<Request>(&mut input).expect("the server speaks the protocol") {
            let source = (self.source)(&request);
            let reply = match source {
                "hang" => loop {
                    thread::park();
                },
                "crash" => exit(11),
                frame if frame.starts_with("frame ") => return babble(frame, output),
                "babble" => Reply::Ready { keeps: Vec::new() },
                _ => (self.reply)(source).unwrap_or_else(|| answer(&request)),
            };
            protocol::write_frame(&mut output, &reply).expect("the server listens");
            if source == "last" {
                return;
            }
        }
    }
}

/// What a worker may send that is no frame, and that it is not waited for to go on.
fn babble(kind: &str, mut output: impl Write) {
    let framed = |bytes: &[u8]| [&u32::try_from(bytes.len()).expect("it is short").to_be_bytes(), bytes].concat();
    let bytes = match kind {
        "frame long" => vec![0xff; 8],
        "frame deep" => framed("[".repeat(1_000_000).as_bytes()),
        "frame bytes" => framed(&[0xff, 0xfe, 0, b'{']),
        "frame half" => vec![0, 0, 1, 0, b'{'],
        "frame other" => framed(b"{\"checked\":\"valid\"}"),
        other => unreachable!("{other}"),
    };
    // The server need not read all of it.
    let _ = output.write_all(&bytes).and_then(|()| output.flush());
}
