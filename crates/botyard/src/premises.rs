//! What commands and the server work on: the opened store with the account and its owner.

use access::MasterKey;
use domain::{Clock, IdSource};
use serde_json::json;
use store::{Account, NewUser, Store, User};
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
    /// Opens the store as the settings say, and makes what is missing: folder, master key, schema, account, owner.
    ///
    /// Any number of processes may have the same store open.
    ///
    /// # Errors
    /// When a setting cannot be used, or the database or the object store cannot be reached.
    pub async fn open(config: &Config, sources: Sources) -> Result<Self, Error> {
        make_data_folder(config)?;
        let key = match &config.access.master_key {
            Some(key) => MasterKey::from_base64(key.expose())?,
            None => MasterKey::load_or_create(&config.master_key_file(), &sources.ids)?,
        };
        let (database, objects) = (config.database_options()?, config.object_location()?);
        let store = Store::open(&database, &objects, sources.clock, sources.ids, key).await?.with_limits(config.limits);
        let account = store.account().await?;
        let owner = owner(&store, &account).await?;
        let models = Models::new(store.blobs().clone(), &config.nlu)?;
        Ok(Self { store, models, account, owner })
    }
}

fn make_data_folder(config: &Config) -> Result<(), Error> {
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
