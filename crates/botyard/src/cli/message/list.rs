//! `botyard message list`: the messages that were given up.

use domain::BotId;
use serde_json::Value;
use store::StuckFilter;

use super::record;
use crate::cli::{Place, print};
use crate::{Error, Premises, Sources};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    place: Place,
    /// Only messages to this bot, `st-…`.
    #[arg(long, value_name = "ID")]
    bot: Option<BotId>,
    /// How many to list at the most.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: i64,
    /// Print the messages as a JSON list.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let premises = Premises::open(&args.place.settings()?, Sources::default()).await?;
    let bots = args.bot.map(|bot| vec![bot]);
    let filter = StuckFilter { account: premises.account.id.clone(), bots, offset: 0, limit: args.limit.max(0) };
    let page = premises.store.stuck_messages(&filter).await?;
    premises.store.close().await;
    if args.json {
        let records = page.items.iter().map(|message| Value::Object(record(message))).collect();
        return print(&Value::Array(records).to_string());
    }
    for message in &page.items {
        let key = &message.conversation;
        print(&format!("{}  {}  {}  {}  {}", message.id, message.given_up_at, key.bot, key.identity, message.reason))?;
    }
    Ok(())
}
