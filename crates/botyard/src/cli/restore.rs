//! `botyard restore`: a store from a backup.

use std::path::PathBuf;

use access::MasterKey;
use store::Backup;

use super::backup::record;
use super::{Place, print};
use crate::premises::{key_source, make_data_folder};
use crate::{Config, Error};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    /// The folder that `botyard backup` made.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Print what was restored as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let config = args.place.settings()?;
    let (database, objects) = (config.database_options()?, config.object_location()?);
    let backup = Backup::open(&args.folder).await?;
    make_data_folder(&config)?;
    // Everything that can be refused is, before the first file is written.
    backup.check_target(&database, &objects).await?;
    let key = find_key(&config, &backup)?;
    if let Some(key) = key {
        key.save(&config.master_key_file())?;
    }
    backup.restore(&database, &objects).await?;
    let manifest = backup.manifest();
    if args.json {
        return print(&record(manifest).to_string());
    }
    print(&format!(
        "restored {} rows as of {} and {} objects; start the server with the same settings",
        manifest.rows(),
        manifest.made_at,
        manifest.objects.count
    ))
}

/// The key of the backup, when it has to be put where the server will look for it; nothing when the right one is there.
fn find_key(config: &Config, backup: &Backup) -> Result<Option<MasterKey>, Error> {
    let file = config.master_key_file();
    let expected = &backup.manifest().key_fingerprint;
    let at_hand = match &config.access.master_key {
        Some(key) => Some(MasterKey::from_base64(key.expose())?),
        None => MasterKey::load(&file)?,
    };
    if let Some(key) = at_hand {
        if key.fingerprint() != *expected {
            return Err(Error::refused(format!(
                "the backup is of a store with another master key than {}; put the key of that store there (or, when the \
                 backup has it, take this one away). Nothing was restored",
                key_source(config)
            )));
        }
        return Ok(None);
    }
    let kept = match backup.key_file() {
        Some(path) => MasterKey::load(&path)?,
        None => None,
    };
    match kept {
        Some(key) if key.fingerprint() == *expected => Ok(Some(key)),
        Some(_) => Err(Error::refused("the master key in the backup is not that of its store. Nothing was restored")),
        None => Err(Error::refused(format!(
            "the backup has no master key; put the key file of its store at {} (mode 600), or set `access.master_key`. \
             Nothing was restored",
            file.display()
        ))),
    }
}
