//! Suites of batch tests: utterances with what a bot should understand. Runs of them are requests.

use domain::{BotId, RequestId, Timestamp, UserId};
use serde_json::Value;

use crate::sql::{Row, kept, key};
use crate::{Bot, Error, NewChange, Page, Request, Store, args};
use domain::task::Kind;

/// A suite of batch tests.
#[derive(Clone, Debug, PartialEq)]
pub struct TestSuite {
    /// The id, `ts-…`.
    pub id: String,
    /// The bot.
    pub bot: BotId,
    /// The name; a bot has no two suites of one name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The language of the utterances.
    pub language: String,
    /// The cases, a JSON list in the form of their own crate.
    pub cases: Value,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its cases were replaced last.
    pub modified_at: Timestamp,
}

/// What a suite is made of, or replaced by.
#[derive(Clone, Debug)]
pub struct NewTestSuite {
    /// The name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The language of the utterances.
    pub language: String,
    /// The cases.
    pub cases: Value,
    /// Who does it.
    pub by: UserId,
}

const COLUMNS: &str = "id, bot_id, name, description, language, cases, created_by, created_at, modified_at";

impl TestSuite {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            bot: BotId::stored(row.get::<String>("bot_id")?),
            name: row.get("name")?,
            description: row.get("description")?,
            language: row.get("language")?,
            cases: row.json("cases")?,
            created_by: UserId::stored(row.get::<String>("created_by")?),
            created_at: row.time("created_at")?,
            modified_at: row.time("modified_at")?,
        })
    }
}

impl Store {
    /// Makes a suite. One of the same name is replaced: it keeps its id, and its runs stay.
    pub async fn put_test_suite(&self, bot: &Bot, new: NewTestSuite) -> Result<TestSuite, Error> {
        let change = test_suite_change(&new.name, &new.by, "imported").entry(self, &bot.account, &bot.id);
        let now = self.clock.now();
        let id = self.ids.prefixed("ts");
        let name = new.name.clone();
        let parameters = args![
            id,
            &bot.id,
            key("the name of a test suite", &*new.name),
            kept(&*new.description),
            kept(&*new.language),
            &new.cases,
            &new.by,
            now,
            now,
        ];
        let sql = format!(
            "INSERT INTO test_suites ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             ON CONFLICT (bot_id, name) DO UPDATE SET description = excluded.description, \
             language = excluded.language, cases = excluded.cases, modified_at = excluded.modified_at \
             RETURNING {COLUMNS}"
        );
        let row = self
            .write(move |tx| {
                Box::pin(async move {
                    change.insert(tx).await?;
                    tx.row(sql, parameters).await
                })
            })
            .await?;
        TestSuite::read(&row.ok_or_else(|| Error::Conflict(format!("the test suite {name}")))?)
    }

    /// The suite with this name or id.
    pub async fn test_suite(&self, bot: &BotId, name_or_id: &str) -> Result<Option<TestSuite>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM test_suites WHERE bot_id = $1 AND (name = $2 OR id = $2)");
        self.row(sql, args![bot, name_or_id]).await?.as_ref().map(TestSuite::read).transpose()
    }

    /// Suites of a bot, the newest first.
    pub async fn test_suites(&self, bot: &BotId, limit: i64, offset: i64) -> Result<Page<TestSuite>, Error> {
        let count = self.row("SELECT COUNT(*) AS total FROM test_suites WHERE bot_id = $1", args![bot]).await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM test_suites WHERE bot_id = $1 ORDER BY created_at DESC, id LIMIT $2 OFFSET $3"
        );
        let rows = self.rows(sql, args![bot, limit, offset]).await?;
        let total = count.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        Ok(Page { items: rows.iter().map(TestSuite::read).collect::<Result<_, _>>()?, total })
    }

    /// Removes a suite; whether there was one. Its runs stay until they are removed themselves.
    pub async fn delete_test_suite(&self, bot: &Bot, suite: &TestSuite, by: &UserId) -> Result<bool, Error> {
        let change = test_suite_change(&suite.name, by, "removed").entry(self, &bot.account, &bot.id);
        let parameters = args![&suite.id];
        self.write(move |tx| {
            Box::pin(async move {
                if tx.execute("DELETE FROM test_suites WHERE id = $1", parameters).await? == 0 {
                    return Ok(false);
                }
                change.insert(tx).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Removes a run that has ended; whether there was one.
    pub async fn delete_test_run(&self, bot: &BotId, run: &RequestId) -> Result<bool, Error> {
        let removed = self
            .execute(
                "DELETE FROM requests WHERE id = $1 AND bot_id = $2 AND kind = $3 \
                 AND state NOT IN ('pending', 'running')",
                args![run, bot, Kind::BatchTest.as_str()],
            )
            .await?;
        Ok(removed > 0)
    }

    /// The newest runs of batch tests on a bot, of all suites.
    pub async fn test_runs(&self, bot: &BotId, limit: i64) -> Result<Vec<Request>, Error> {
        self.latest_requests(bot, Kind::BatchTest, limit).await
    }
}

fn test_suite_change(name: &str, by: &UserId, what: &str) -> NewChange {
    NewChange {
        user: by.clone(),
        resource_id: None,
        resource_type: "testsuite",
        message: format!("Test suite {name} {what}"),
    }
}
