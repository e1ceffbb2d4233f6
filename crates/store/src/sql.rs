//! Statements and rows that are the same for both engines.
//!
//! One SQL text serves SQLite and PostgreSQL: `$1`-style parameters, TEXT/BIGINT/BOOLEAN columns, `ON CONFLICT`,
//! `RETURNING`. Only row locks differ; [`Connection::for_update`] gives the engine's own words for them.
//!
//! PostgreSQL keeps no NUL in a text, and no long text in an index; SQLite does. So that both do the same, and nobody finds
//! something by another text than it was kept under, every parameter is judged here: a text that something is found by is
//! refused when it cannot be kept as it is ([`key`], and any plain text); one that is only shown again is [`kept`] without
//! the NUL. JSON has an escape for it, so documents are kept as they are.

use domain::{Timestamp, UnfitKey, check_key, check_no_nul, keepable};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, SqliteConnection};

use crate::{Blobs, Error};

/// A parameter of a statement. A typed NULL keeps its type, which PostgreSQL insists on.
#[derive(Clone, Debug)]
pub enum Arg {
    /// TEXT. One with a NUL character is refused.
    Text(Option<String>),
    /// TEXT of an index that somebody else chose, with what it is in words. One that cannot be a key is refused.
    Key(&'static str, Option<String>),
    /// BIGINT.
    Int(Option<i64>),
    /// BOOLEAN.
    Bool(bool),
}

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}
impl From<String> for Arg {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}
impl From<&String> for Arg {
    fn from(value: &String) -> Self {
        Self::Text(Some(value.clone()))
    }
}
impl From<Option<String>> for Arg {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}
impl From<Option<&str>> for Arg {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}
impl From<i64> for Arg {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}
impl From<Option<i64>> for Arg {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}
impl From<bool> for Arg {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<Timestamp> for Arg {
    fn from(value: Timestamp) -> Self {
        Self::Int(Some(value.as_millis()))
    }
}
impl From<Option<Timestamp>> for Arg {
    fn from(value: Option<Timestamp>) -> Self {
        Self::Int(value.map(Timestamp::as_millis))
    }
}
impl From<&serde_json::Value> for Arg {
    fn from(value: &serde_json::Value) -> Self {
        Self::Text(Some(value.to_string()))
    }
}

/// A text that is only kept, never looked for: without the characters that no database keeps.
pub fn kept<'a>(text: impl Into<Option<&'a str>>) -> Arg {
    Arg::Text(text.into().map(|text| keepable(text).into_owned()))
}

/// A text of an index that somebody else chose. `what` it is begins the sentence that refuses one that cannot be a key.
pub fn key<'a>(what: &'static str, text: impl Into<Option<&'a str>>) -> Arg {
    Arg::Key(what, text.into().map(str::to_owned))
}

/// How many parameters a statement may have: SQLite takes 32,766, PostgreSQL about twice as many.
const MOST_ARGS: usize = 32_766;

/// Refuses parameters that one of the engines would refuse.
fn judge(args: &[Arg]) -> Result<(), Error> {
    if args.len() > MOST_ARGS {
        return Err(Error::TooMany(args.len()));
    }
    let unfit = |what: &str, reason: UnfitKey| Error::Unfit { what: what.to_owned(), reason };
    for arg in args {
        match arg {
            Arg::Text(Some(text)) => check_no_nul(text).map_err(|reason| unfit("an id or a name", reason))?,
            Arg::Key(what, Some(text)) => check_key(text).map_err(|reason| unfit(what, reason))?,
            Arg::Text(None) | Arg::Key(_, None) | Arg::Int(_) | Arg::Bool(_) => {}
        }
    }
    Ok(())
}

macro_rules! id_args {
    ($($id:ty),* $(,)?) => {$(
        impl From<&$id> for Arg {
            fn from(value: &$id) -> Self {
                Self::Text(Some(value.as_str().to_owned()))
            }
        }
        impl From<Option<&$id>> for Arg {
            fn from(value: Option<&$id>) -> Self {
                Self::Text(value.map(|id| id.as_str().to_owned()))
            }
        }
    )*};
}
id_args!(
    domain::AccountId,
    domain::AppId,
    domain::BotId,
    domain::ChangeId,
    domain::FileId,
    domain::GroupId,
    domain::MessageId,
    domain::OrganizationId,
    domain::RequestId,
    domain::RoleId,
    domain::SessionId,
    domain::UserId,
);

/// The parameters of a statement, in the order of their numbers.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::sql::Arg::from($value)),*] };
}

/// A statement's text: a literal, or one that was assembled from literals.
pub struct Sql(SqlStr);

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self(text.into_sql_str())
    }
}

impl From<String> for Sql {
    /// For texts assembled from literals only; values belong in parameters.
    fn from(text: String) -> Self {
        Self(AssertSqlSafe(text).into_sql_str())
    }
}

/// One row of an answer.
pub enum Row {
    /// From SQLite.
    Sqlite(sqlx::sqlite::SqliteRow),
    /// From PostgreSQL.
    Postgres(sqlx::postgres::PgRow),
}

/// A type a column can be read as.
pub trait Column: Sized {
    /// Reads the column of this name.
    fn read(row: &Row, name: &str) -> Result<Self, sqlx::Error>;
}

macro_rules! column {
    ($($type:ty),*) => {$(
        impl Column for $type {
            fn read(row: &Row, name: &str) -> Result<Self, sqlx::Error> {
                match row {
                    Row::Sqlite(row) => row.try_get(name),
                    Row::Postgres(row) => row.try_get(name),
                }
            }
        }
    )*};
}
column!(String, Option<String>, i64, Option<i64>, bool, Option<bool>);

impl Row {
    /// The value of a column.
    pub fn get<T: Column>(&self, name: &str) -> Result<T, Error> {
        T::read(self, name).map_err(Error::Database)
    }

    /// The moment in a column.
    pub fn time(&self, name: &str) -> Result<Timestamp, Error> {
        self.get(name).map(Timestamp::from_millis)
    }

    /// The moment in a column that may be empty.
    pub fn time_option(&self, name: &str) -> Result<Option<Timestamp>, Error> {
        Ok(self.get::<Option<i64>>(name)?.map(Timestamp::from_millis))
    }

    /// The word of a closed set in a TEXT column.
    pub fn word<T>(&self, name: &'static str) -> Result<T, Error>
    where
        T: std::str::FromStr<Err: std::fmt::Display>,
    {
        let text: String = self.get(name)?;
        text.parse().map_err(|error| Error::Stored { column: name, source: serde::de::Error::custom(error) })
    }

    /// The word of a closed set in a TEXT column that may be empty.
    pub fn word_option<T>(&self, name: &'static str) -> Result<Option<T>, Error>
    where
        T: std::str::FromStr<Err: std::fmt::Display>,
    {
        match self.get::<Option<String>>(name)? {
            None => Ok(None),
            Some(_) => self.word(name).map(Some),
        }
    }

    /// The JSON document in a TEXT column.
    pub fn json<T: serde::de::DeserializeOwned>(&self, name: &'static str) -> Result<T, Error> {
        let text: String = self.get(name)?;
        serde_json::from_str(&text).map_err(|error| self.damaged(name, &error))
    }

    /// A stored document cannot be read: which one, as far as the row says.
    fn damaged(&self, column: &'static str, error: &serde_json::Error) -> Error {
        let row = self.get::<String>("id").unwrap_or_else(|_| "without an id".to_owned());
        Error::Stored { column, source: serde::de::Error::custom(format!("row {row}: {error}")) }
    }

    /// The JSON document in a TEXT column that may be empty.
    pub fn json_option<T: serde::de::DeserializeOwned>(&self, name: &'static str) -> Result<Option<T>, Error> {
        match self.get::<Option<String>>(name)? {
            None => Ok(None),
            Some(text) => serde_json::from_str(&text).map(Some).map_err(|error| self.damaged(name, &error)),
        }
    }
}

/// A connection inside a transaction, of either engine, and the objects that its rows may name.
pub struct Connection<'c> {
    engine: Engine<'c>,
    blobs: &'c Blobs,
}

enum Engine<'c> {
    /// SQLite's single writer.
    Sqlite(&'c mut SqliteConnection),
    /// One of PostgreSQL's pool.
    Postgres(&'c mut PgConnection),
}

impl<'c> Connection<'c> {
    pub(crate) fn sqlite(connection: &'c mut SqliteConnection, blobs: &'c Blobs) -> Self {
        Self { engine: Engine::Sqlite(connection), blobs }
    }

    pub(crate) fn postgres(connection: &'c mut PgConnection, blobs: &'c Blobs) -> Self {
        Self { engine: Engine::Postgres(connection), blobs }
    }

    /// The object store: for the one question that must be asked inside a transaction, whether an object is there.
    pub(crate) fn blobs(&self) -> &'c Blobs {
        self.blobs
    }

    /// Runs a statement; how many rows it changed.
    pub async fn execute(&mut self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<u64, Error> {
        let sql = sql.into();
        match &mut self.engine {
            Engine::Sqlite(c) => Ok(sqlite(sql, args)?.execute(&mut **c).await?.rows_affected()),
            Engine::Postgres(c) => Ok(postgres(sql, args)?.execute(&mut **c).await?.rows_affected()),
        }
    }

    /// Runs a statement; all rows of its answer.
    pub async fn rows(&mut self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Vec<Row>, Error> {
        let sql = sql.into();
        Ok(match &mut self.engine {
            Engine::Sqlite(c) => sqlite(sql, args)?.fetch_all(&mut **c).await?.into_iter().map(Row::Sqlite).collect(),
            Engine::Postgres(c) => {
                postgres(sql, args)?.fetch_all(&mut **c).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Runs a statement; the first row of its answer, if any.
    pub async fn row(&mut self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Option<Row>, Error> {
        let sql = sql.into();
        Ok(match &mut self.engine {
            Engine::Sqlite(c) => sqlite(sql, args)?.fetch_optional(&mut **c).await?.map(Row::Sqlite),
            Engine::Postgres(c) => postgres(sql, args)?.fetch_optional(&mut **c).await?.map(Row::Postgres),
        })
    }

    /// Runs a query; each row of its answer as it comes, however many there are.
    pub(crate) fn stream(
        &mut self,
        sql: impl Into<Sql>,
        args: Vec<Arg>,
    ) -> Result<BoxStream<'_, Result<Row, Error>>, Error> {
        let sql = sql.into();
        Ok(match &mut self.engine {
            Engine::Sqlite(c) => sqlite(sql, args)?.fetch(&mut **c).map(|row| Ok(Row::Sqlite(row?))).boxed(),
            Engine::Postgres(c) => postgres(sql, args)?.fetch(&mut **c).map(|row| Ok(Row::Postgres(row?))).boxed(),
        })
    }

    /// Lets this transaction be acknowledged before it is on the disk: for what loses nothing by being forgotten.
    /// SQLite commits it with its neighbours, which want it on the disk.
    pub async fn commit_without_flush(&mut self) -> Result<(), Error> {
        if matches!(self.engine, Engine::Postgres(_)) {
            self.execute("SET LOCAL synchronous_commit TO off", vec![]).await?;
        }
        Ok(())
    }

    /// The words that make a SELECT lock what it finds: none for SQLite, whose only writer is this one.
    pub fn for_update(&self, words: &'static str) -> &'static str {
        match self.engine {
            Engine::Sqlite(_) => "",
            Engine::Postgres(_) => words,
        }
    }

    /// Whether a table is there, in the schema that statements without one work in.
    pub(crate) async fn has_table(&mut self, name: &'static str) -> Result<bool, Error> {
        let sql = match self.engine {
            Engine::Sqlite(_) => "SELECT name AS one FROM sqlite_master WHERE type = 'table' AND name = $1",
            Engine::Postgres(_) => "SELECT 1::BIGINT AS one WHERE to_regclass($1) IS NOT NULL",
        };
        Ok(self.row(sql, vec![Arg::from(name)]).await?.is_some())
    }
}

/// The statement for SQLite.
///
/// # Errors
/// [`Error::Unfit`] and [`Error::TooMany`].
pub(crate) fn sqlite(sql: Sql, args: Vec<Arg>) -> Result<Query<'static, Sqlite, sqlx::sqlite::SqliteArguments>, Error> {
    judge(&args)?;
    Ok(args.into_iter().fold(sqlx::query(sql.0), |query, arg| match arg {
        Arg::Text(value) | Arg::Key(_, value) => query.bind(value),
        Arg::Int(value) => query.bind(value),
        Arg::Bool(value) => query.bind(value),
    }))
}

/// The statement for PostgreSQL.
///
/// # Errors
/// As [`sqlite`].
pub(crate) fn postgres(
    sql: Sql,
    args: Vec<Arg>,
) -> Result<Query<'static, Postgres, sqlx::postgres::PgArguments>, Error> {
    judge(&args)?;
    Ok(args.into_iter().fold(sqlx::query(sql.0), |query, arg| match arg {
        Arg::Text(value) | Arg::Key(_, value) => query.bind(value),
        Arg::Int(value) => query.bind(value),
        Arg::Bool(value) => query.bind(value),
    }))
}
