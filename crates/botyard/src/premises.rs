//! What commands and the server work on: the opened store with the account and its owner.

mod openness;

use std::path::PathBuf;

use access::MasterKey;
use domain::{Clock, IdSource};
use serde_json::json;
use store::{Account, DatabaseOptions, NewUser, Store, User};
use understanding::Models;

use crate::{Config, Error};

/// Where the time and new ids come from: the system, or a test's hand.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The time.
    pub clock: Clock,
    /// The ids.
    pub ids: IdSource,
}

impl Default for Sources {
    fn default() -> Self {
        Self { clock: Clock::system(), ids: IdSource::random() }
    }
}

/// The opened store, and whose it is.
#[derive(Clone, Debug)]
pub struct Premises {
    /// The store.
    pub store: Store,
    /// Models of language understanding.
    pub models: Models,
    /// The account of the server.
    pub account: Account,
    /// The owner of the account, for whom apps act.
    pub owner: User,
}

/// The address of the owner who is there from the start. The domain is reserved, so no mail can go astray.
const OWNER_EMAIL: &str = "owner@botyard.invalid";

impl Premises {
    /// Opens the store as the settings say, and makes what is missing: folder, schema, account, owner, and for an empty
    /// store the master key.
    ///
    /// Any number of processes may have the same store open.
    ///
    /// # Errors
    /// When a setting cannot be used, the database or the object store cannot be reached, or the master key is missing or
    /// another than the store's.
    pub async fn open(config: &Config, sources: Sources) -> Result<Self, Error> {
        make_data_folder(config)?;
        let (database, objects) = (config.database_options()?, config.object_location()?);
        let Key { key, made } = Key::find(config, &database, &sources.ids).await?;
        let store = match Store::open(&database, &objects, sources.clock, sources.ids, key).await {
            Ok(store) => store.with_limits(config.limits),
            Err(store::Error::OtherKey) => {
                // Another process made the store at the same time, with its own key. This one opens nothing anywhere.
                if let Some(file) = made {
                    std::fs::remove_file(&file).map_err(|source| Error::File { path: file, source })?;
                }
                return Err(Error::OtherMasterKey { store: place_of(&database), key: key_source(config) });
            }
            Err(error) => return Err(error.into()),
        };
        openness::warn(config, &database, &objects);
        match Self::complete(config, &store).await {
            Ok((models, account, owner)) => Ok(Self { store, models, account, owner }),
            Err(error) => {
                store.close().await;
                Err(error)
            }
        }
    }

    async fn complete(config: &Config, store: &Store) -> Result<(Models, Account, User), Error> {
        let account = store.account().await?;
        let owner = owner(store, &account).await?;
        Ok((Models::new(store.blobs().clone(), &config.nlu)?, account, owner))
    }

    /// Opens the store for a command that works on the data, and closes it again, however the work ends.
    ///
    /// # Errors
    /// As [`Premises::open`] and the work itself.
    pub async fn at_work<T>(
        config: &Config,
        sources: Sources,
        work: impl AsyncFnOnce(&Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let premises = Self::open(config, sources).await?;
        let worked = work(&premises).await;
        premises.store.close().await;
        worked
    }
}

/// The master key, and the file of it when it was made just now.
struct Key {
    key: MasterKey,
    made: Option<PathBuf>,
}

impl Key {
    /// The key of the settings or of its file. A new one is made for an empty store only.
    async fn find(config: &Config, database: &DatabaseOptions, ids: &IdSource) -> Result<Self, Error> {
        if let Some(key) = &config.access.master_key {
            return Ok(Self { key: MasterKey::from_base64(key.expose())?, made: None });
        }
        let file = config.master_key_file();
        if let Some(key) = MasterKey::load(&file)? {
            return Ok(Self { key, made: None });
        }
        if store::is_founded(database).await? {
            // Who makes a store writes its key first, so another process that does it just now has done so.
            return match MasterKey::load(&file)? {
                Some(key) => Ok(Self { key, made: None }),
                None => Err(Error::MissingMasterKey { store: place_of(database), file }),
            };
        }
        Ok(Self { key: MasterKey::load_or_create(&file, ids)?, made: Some(file) })
    }
}

/// Where the rows are, in words that hold no password.
pub(crate) fn place_of(database: &DatabaseOptions) -> String {
    match database {
        DatabaseOptions::Sqlite { path, .. } => path.display().to_string(),
        DatabaseOptions::Postgres { .. } => "the PostgreSQL database".to_owned(),
    }
}

/// Where the master key is taken from.
pub(crate) fn key_source(config: &Config) -> String {
    match config.access.master_key {
        Some(_) => "`access.master_key` of the settings".to_owned(),
        None => format!("the one in {}", config.master_key_file().display()),
    }
}

pub(crate) fn make_data_folder(config: &Config) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        // What is inside is nobody else's business: definitions of bots, and what the master key opens.
        builder.mode(0o700);
    }
    builder.create(&config.data).map_err(|source| Error::DataFolder { path: config.data.clone(), source })
}

async fn owner(store: &Store, account: &Account) -> Result<User, Error> {
    if let Some(owner) = store.owner(&account.id).await? {
        return Ok(owner);
    }
    let new = NewUser {
        email: OWNER_EMAIL.to_owned(),
        first_name: "Botyard".to_owned(),
        last_name: "Owner".to_owned(),
        password_hash: None,
        is_owner: true,
        can_create_bot: true,
        is_developer: true,
        details: json!({}),
    };
    match store.create_user(&account.id, new).await {
        Ok(owner) => Ok(owner),
        // Another process was quicker.
        Err(error @ store::Error::Exists(_)) => Ok(store.owner(&account.id).await?.ok_or(error)?),
        Err(error) => Err(error.into()),
    }
}
