//! `botyard quickstart`: a server with something in it, and calls to copy.

mod apps;
mod client;
mod report;
mod sample;

use std::path::PathBuf;

use domain::BotId;
use domain::task::Kind;
use serde_json::json;

use self::apps::Apps;
use self::client::Client;
use self::report::Report;
use super::signal::Orders;
use super::{Place, log, print};
use crate::config::Role;
use crate::sample::CORNER_COFFEE;
use crate::{Error, Options, Premises, Server};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    /// The address and port to listen on [default: 127.0.0.1:8081].
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Print what is there as one line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let layers = args.place.layers()?;
    let config = layers.flag("listen", &["server", "listen"], args.listen.as_deref())?.finish();
    log::start(&config.log, "warn")?;
    if !(config.plays(Role::Api) && config.plays(Role::Jobs)) {
        return Err(Error::refused("quickstart needs the roles api and jobs; take `roles` out of the settings"));
    }
    let server = Server::start(&config, Options::default()).await?;
    let mut orders = Orders::listen()?;
    server.warm_up().await;
    let report = tokio::select! {
        report = prepare(&server, config.data) => report,
        () = orders.told_to_stop() => return orders.stop(server).await,
    };
    let report = match report {
        Ok(report) => report,
        Err(error) => {
            orders.stop(server).await?;
            return Err(error);
        }
    };
    print(&if args.json { report.to_json().to_string() } else { report.to_text() })?;
    orders.told_to_stop().await;
    orders.stop(server).await
}

/// Makes what is missing: the apps, and the sample bot, imported, published and exported by calls to the server itself.
async fn prepare(server: &Server, data: PathBuf) -> Result<Report, Error> {
    let premises = server.premises();
    let url = server.url().expect("the server plays the role api");
    let sample_folder = sample::write_to(&data)?;
    let mut apps = Apps::find_or_create(premises).await?;
    let client = Client::new(&url, apps::token(&apps.admin, premises))?;
    let files = client.upload_sample().await?;
    let bot = match sample_bot(premises, &apps).await? {
        Some(bot) => bot,
        None => client.import(&files).await?,
    };
    apps.bind_builder(premises, &bot).await?;
    let is_published = premises.store.bot(&bot).await?.is_some_and(|bot| bot.published_version.is_some());
    if !is_published {
        client.replay_services(&bot).await?;
        client.publish(&bot).await?;
    }
    let download = client.export(&bot).await?;
    let import = premises.store.latest_request(&bot, Kind::BotImport).await?;
    Ok(Report {
        url,
        data,
        sample_folder,
        admin: apps::credentials(&apps.admin, premises),
        builder: apps::credentials(&apps.builder, premises),
        user: premises.owner.id.to_string(),
        bot: bot.to_string(),
        bot_name: CORNER_COFFEE.name,
        import: import.map(|request| request.id.to_string()).unwrap_or_default(),
        files: json!(files),
        download,
    })
}

/// The sample bot, if it was imported before: the one the builder app is bound to, else one of its name.
async fn sample_bot(premises: &Premises, apps: &Apps) -> Result<Option<BotId>, Error> {
    for bot in &apps.builder.bots {
        if premises.store.bot(bot).await?.is_some() {
            return Ok(Some(bot.clone()));
        }
    }
    const PAGE: i64 = 100;
    let mut offset = 0;
    loop {
        let page = premises.store.bots(&premises.account.id, offset, PAGE).await?;
        if let Some(bot) = page.items.iter().find(|bot| bot.name == CORNER_COFFEE.name) {
            return Ok(Some(bot.id.clone()));
        }
        offset += PAGE;
        if offset >= page.total {
            return Ok(None);
        }
    }
}
