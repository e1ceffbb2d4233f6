//! Runs and pools for tests.

use std::{env, future::Future, time::Duration};

use script::{Code, Piece, Pool, PoolOptions, Request, Run};
use serde_json::{Value, json};

/// The script that a request is about.
pub fn source_of(request: &Request) -> &str {
    let Request::Run(run, _) = request else { unreachable!("nothing is checked here") };
    match &run.code {
        Code::Body(pieces) => match pieces.as_slice() {
            [Piece::Text(source)] => source,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// A pool of this test program in a role, with so many workers for a bot.
pub fn pool(role: &str, workers: usize, deadline: Duration) -> Pool {
    let program = env::current_exe().expect("tests have a path");
    // One more than are wanted for a bot.
    let workers = workers + 1;
    Pool::new(PoolOptions { workers, deadline, ..PoolOptions::new(program, vec![role.into()]) })
}

pub fn run_of(code: Code, context: Value) -> Run {
    Run {
        code,
        functions: Vec::new(),
        context,
        env: json!({}),
        content: json!({}),
        now_ms: 1_700_000_000_000,
        seed: 1,
        choices: Vec::new(),
        message: String::new(),
        session_id: String::new(),
        language: "en".into(),
        ambiguous: json!([]),
    }
}

pub fn body(source: &str) -> Run {
    run_of(Code::Body(vec![Piece::Text(source.into())]), json!({"session": {}}))
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().expect("threads can be started").block_on(future)
}

/// What a script prints.
pub async fn printed(pool: &Pool, source: &str) -> String {
    pool.run("bot", &body(source)).await.unwrap().printed.unwrap()
}
