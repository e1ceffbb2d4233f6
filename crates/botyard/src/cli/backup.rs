//! `botyard backup`: a copy of all data in a folder.

use std::path::PathBuf;

use serde_json::json;
use store::{Manifest, NewBackup};

use super::{Place, print};
use crate::premises::{key_source, place_of};
use crate::{Config, Error, Premises, Sources};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    /// The folder to copy to; it must be empty or absent.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Copy the master key, too. Whoever gets such a copy can read every secret in it.
    #[arg(long)]
    with_key: bool,
    /// Print what was copied as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let config = args.place.settings()?;
    let database = config.database_options()?;
    // Opening would make one.
    if !store::is_founded(&database).await? {
        return Err(Error::refused(format!(
            "there is no store in {} to back up; name it with --data",
            place_of(&database)
        )));
    }
    let new = NewBackup { folder: args.folder, with_key: args.with_key, release: env!("CARGO_PKG_VERSION").to_owned() };
    let made =
        Premises::at_work(&config, Sources::default(), async |premises| Ok(premises.store.back_up(&new).await?));
    let manifest = made.await?;
    if args.json {
        return print(&record(&manifest).to_string());
    }
    report(&config, &new, &manifest)
}

fn report(config: &Config, new: &NewBackup, manifest: &Manifest) -> Result<(), Error> {
    let objects = &manifest.objects;
    print(&format!(
        "backed up to {}: {} rows as of {}, {} objects of {} bytes",
        new.folder.display(),
        manifest.rows(),
        manifest.made_at,
        objects.count,
        objects.bytes
    ))?;
    if !manifest.missing.is_empty() {
        let names = manifest.missing.join(", ");
        print(&format!("these objects are missing in the store, and so in the backup: {names}"))?;
    }
    match new.with_key {
        true => print("the master key is in it: keep it as safe as the key"),
        false => print(&format!(
            "the master key is not in it, and it is worth little without: keep {}, too",
            key_source(config)
        )),
    }
}

/// What is in a backup, as JSON.
pub(super) fn record(manifest: &Manifest) -> serde_json::Value {
    json!({
        "madeAt": manifest.made_at,
        "rows": manifest.rows(),
        "objects": manifest.objects.count,
        "bytes": manifest.objects.bytes,
        "hasKey": manifest.has_key,
        "missing": manifest.missing,
    })
}
