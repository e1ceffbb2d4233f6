//! People, and the access tokens they got for their password.

use domain::{AccountId, Timestamp, UserId};
use serde_json::Value;

use crate::sql::{Row, kept, key};
use crate::{Error, Store, args};

/// A person.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The account.
    pub account: AccountId,
    /// The e-mail address, lower case; unique in the account.
    pub email: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The argon2 hash of the password; none when the user cannot sign in.
    pub password_hash: Option<String>,
    /// Whether the user owns the account.
    pub is_owner: bool,
    /// Whether the user may create bots.
    pub can_create_bot: bool,
    /// Whether the user builds bots.
    pub is_developer: bool,
    /// What else was given about the user, kept as it came.
    pub details: Value,
    /// When the user was created.
    pub created_at: Timestamp,
}

/// What a new user is made from.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The e-mail address.
    pub email: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The argon2 hash of the password, if the user may sign in.
    pub password_hash: Option<String>,
    /// Whether the user owns the account.
    pub is_owner: bool,
    /// Whether the user may create bots.
    pub can_create_bot: bool,
    /// Whether the user builds bots.
    pub is_developer: bool,
    /// What else was given.
    pub details: Value,
}

const COLUMNS: &str = "id, account_id, email, first_name, last_name, password_hash, is_owner, can_create_bot, \
    is_developer, details, created_at";

impl User {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: UserId::stored(row.get::<String>("id")?),
            account: AccountId::stored(row.get::<String>("account_id")?),
            email: row.get("email")?,
            first_name: row.get("first_name")?,
            last_name: row.get("last_name")?,
            password_hash: row.get("password_hash")?,
            is_owner: row.get("is_owner")?,
            can_create_bot: row.get("can_create_bot")?,
            is_developer: row.get("is_developer")?,
            details: row.json("details")?,
            created_at: row.time("created_at")?,
        })
    }
}

impl Store {
    /// Creates a user; [`Error::Exists`] when the address is taken.
    pub async fn create_user(&self, account: &AccountId, new: NewUser) -> Result<User, Error> {
        let user = User {
            id: UserId::new(&self.ids),
            account: account.clone(),
            email: new.email.to_lowercase(),
            first_name: new.first_name,
            last_name: new.last_name,
            password_hash: new.password_hash,
            is_owner: new.is_owner,
            can_create_bot: new.can_create_bot,
            is_developer: new.is_developer,
            details: new.details,
            created_at: self.clock.now(),
        };
        let sql = format!("INSERT INTO users ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
        let parameters = args![
            &user.id,
            &user.account,
            key("the address of a user", &*user.email),
            kept(&*user.first_name),
            kept(&*user.last_name),
            user.password_hash.clone(),
            user.is_owner,
            user.can_create_bot,
            user.is_developer,
            &user.details,
            user.created_at,
        ];
        match self.execute(sql, parameters).await {
            Ok(_) => Ok(user),
            Err(error) if error.is_duplicate() => Err(Error::Exists(format!("the user {}", user.email))),
            Err(error) => Err(error),
        }
    }

    /// Writes a user's names, rights, password and details; the id and address stay.
    pub async fn update_user(&self, user: &User) -> Result<(), Error> {
        self.execute(
            "UPDATE users SET first_name = $2, last_name = $3, password_hash = $4, is_owner = $5, \
             can_create_bot = $6, is_developer = $7, details = $8 WHERE id = $1",
            args![
                &user.id,
                kept(&*user.first_name),
                kept(&*user.last_name),
                user.password_hash.clone(),
                user.is_owner,
                user.can_create_bot,
                user.is_developer,
                &user.details,
            ],
        )
        .await?;
        Ok(())
    }

    /// Removes a user, whose apps go on under `heir`; whether there was one.
    ///
    /// Apps run deployments, which must not stop when a person leaves.
    pub async fn delete_user(&self, user: &UserId, heir: &UserId) -> Result<bool, Error> {
        let (inheritance, removal) = (args![user, heir, self.clock.now()], args![user]);
        self.write(move |tx| {
            Box::pin(async move {
                tx.execute("UPDATE apps SET owner_id = $2, modified_at = $3 WHERE owner_id = $1", inheritance).await?;
                Ok(tx.execute("DELETE FROM users WHERE id = $1", removal).await? > 0)
            })
        })
        .await
    }

    /// The user with this id.
    pub async fn user(&self, id: &UserId) -> Result<Option<User>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
        self.row(sql, args![id]).await?.as_ref().map(User::read).transpose()
    }

    /// The user with this address, in any letter case.
    pub async fn user_by_email(&self, account: &AccountId, email: &str) -> Result<Option<User>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE account_id = $1 AND email = $2");
        self.row(sql, args![account, email.to_lowercase()]).await?.as_ref().map(User::read).transpose()
    }

    /// The users of an account in the order they were created, a page of them, and how many there are in all.
    pub async fn users(&self, account: &AccountId, offset: i64, limit: i64) -> Result<(Vec<User>, i64), Error> {
        let count = self.row("SELECT COUNT(*) AS total FROM users WHERE account_id = $1", args![account]).await?;
        let total = count.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        let sql =
            format!("SELECT {COLUMNS} FROM users WHERE account_id = $1 ORDER BY created_at, id LIMIT $2 OFFSET $3");
        let rows = self.rows(sql, args![account, limit, offset]).await?;
        Ok((rows.iter().map(User::read).collect::<Result<_, _>>()?, total))
    }

    /// The first owner of the account.
    pub async fn owner(&self, account: &AccountId) -> Result<Option<User>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM users WHERE account_id = $1 AND is_owner ORDER BY created_at, id LIMIT 1");
        self.row(sql, args![account]).await?.as_ref().map(User::read).transpose()
    }

    /// Remembers an access token by its hash.
    pub async fn add_access_token(&self, hash: &str, user: &UserId, expires_at: Timestamp) -> Result<(), Error> {
        let now = self.clock.now();
        let insertion = args![hash, user, now, expires_at];
        self.write(move |tx| {
            Box::pin(async move {
                tx.execute("DELETE FROM access_tokens WHERE expires_at < $1", args![now]).await?;
                tx.execute(
                    "INSERT INTO access_tokens (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
                    insertion,
                )
                .await
                .map(drop)
            })
        })
        .await
    }

    /// The user whose unexpired access token has this hash.
    pub async fn user_of_access_token(&self, hash: &str) -> Result<Option<User>, Error> {
        let sql = "SELECT u.id, u.account_id, u.email, u.first_name, u.last_name, u.password_hash, u.is_owner, \
             u.can_create_bot, u.is_developer, u.details, u.created_at \
             FROM access_tokens t JOIN users u ON u.id = t.user_id WHERE t.token_hash = $1 AND t.expires_at >= $2";
        self.row(sql, args![hash, self.clock.now()]).await?.as_ref().map(User::read).transpose()
    }
}
