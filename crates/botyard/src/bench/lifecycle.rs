//! The lifecycle of a bot, measured: status, import, export, memory.

use super::large_bot::LargeBot;
use super::server::Served;
use super::{BenchError, Measure, export, import, memory, status};

/// How many times unchanged content is exported again in each round.
const AGAIN: usize = 5;

/// Measures everything in this many rounds. `tell` hears what is going on.
///
/// # Errors
/// When a server does not start, or refuses what it is asked.
pub async fn run(rounds: usize, tell: impl Fn(&str)) -> Result<Vec<Measure>, BenchError> {
    let mut bot = LargeBot::generate();
    let megabytes = bot.definition.len() as f64 / 1e6;
    tell(&format!("a definition of {megabytes:.1} MB with {} dialogs, {rounds} rounds", bot.dialogs));

    let server = Served::start().await?;
    let mut connection = server.connect().await?;
    let (mut imports, mut import_limits) = (Vec::new(), Vec::new());
    let (mut exports, mut export_limits, mut again) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = String::new();
    // The first round warms everything up and is not counted.
    for round in 0..=rounds {
        bot.become_another(round);
        let (archive, export_limit) = export::at_least(&bot)?;
        let file = server.upload(&mut connection, &archive).await?;
        let import_limit = import::at_least(&archive)?;
        let (bot_id, imported) = server.import(&mut connection, &file).await?;
        let exported = server.export(&mut connection, &bot_id).await?;
        let mut repeated = Vec::new();
        for _ in 0..AGAIN {
            repeated.push(server.export(&mut connection, &bot_id).await?);
        }
        last = bot_id;
        if round > 0 {
            tell(&format!(
                "round {round}: import {imported:.1?} / {import_limit:.1?}, export {exported:.1?} / {export_limit:.1?}"
            ));
            imports.push(imported);
            import_limits.push(import_limit);
            exports.push(exported);
            export_limits.push(export_limit);
            again.extend(repeated);
        }
    }
    tell("status calls");
    let status = status::measure(&server, &last, rounds).await?;
    drop(server);
    tell("memory of a fresh server");
    bot.become_another(rounds + 1);
    let memory = memory::measure(&bot).await?;

    let mut measures =
        vec![status, export::measure_new(&exports, &export_limits), import::measure(&imports, &import_limits)];
    measures.extend(memory);
    measures.push(export::measure_again(&again));
    Ok(measures)
}
