//! Tables that bots keep data in.
//!
//! A table begins to exist when a row is put into it, and its columns are those of its rows: nothing declares them. Rows
//! are filtered here, not by the engine, so a table is small: [`Limits::table_rows`] and [`Limits::table_row_bytes`].
//!
//! A turn that is done over must not put a row in twice: what it does is kept with the [journal](crate::JournalWrite) of the
//! turn, in one transaction.

mod body;
mod filter;
mod standing;

use domain::{BotId, Limits, Timestamp, TooLarge, json_bytes, json_size};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use filter::{Operand, Operator, TableExpression, TableFilter, UnknownOperand, UnknownOperator};
pub use standing::StandingTables;

use crate::bots::stored;
use crate::sql::{Connection, Row, key};
use crate::{Error, Store, args};

/// The columns of a row, by name.
pub type Columns = Map<String, Value>;

/// What to do with a table.
#[derive(Clone, Debug)]
pub enum TableOp {
    /// Puts a row in.
    Insert {
        /// The table.
        table: String,
        /// The row.
        data: Columns,
    },
    /// Finds rows, in the order they were put in unless another is asked for.
    Query {
        /// The table.
        table: String,
        /// Which rows; all when absent.
        filter: Option<TableFilter>,
        /// The order.
        sort: Option<TableSort>,
        /// How many to pass over.
        skip: usize,
        /// How many to give at the most; all when absent.
        limit: Option<usize>,
    },
    /// Sets columns of rows; the other columns stay.
    Update {
        /// The table.
        table: String,
        /// Which rows; all when absent.
        filter: Option<TableFilter>,
        /// The columns to set.
        data: Columns,
    },
    /// Removes rows.
    Delete {
        /// The table.
        table: String,
        /// Which rows; all when absent.
        filter: Option<TableFilter>,
    },
}

/// The order of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSort {
    /// The column that is compared, as filters compare; rows without it come first.
    pub field: String,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    /// The id, `sys-…`.
    pub id: String,
    /// Its columns.
    pub columns: Columns,
    /// When it was put in.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub modified_at: Timestamp,
}

/// What an operation on a table gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TableResult {
    /// The row that was put in.
    Inserted(TableRow),
    /// The rows that were found.
    Found {
        /// How many rows the filter lets through in all.
        total: usize,
        /// Those that were asked for.
        rows: Vec<TableRow>,
        /// Whether there are more behind them.
        has_more: bool,
    },
    /// How many rows were changed.
    Updated(usize),
    /// How many rows were removed.
    Deleted(usize),
}

impl TableOp {
    /// The table.
    pub fn table(&self) -> &str {
        match self {
            Self::Insert { table, .. }
            | Self::Query { table, .. }
            | Self::Update { table, .. }
            | Self::Delete { table, .. } => table,
        }
    }

    pub(crate) async fn run(
        self,
        tx: &mut Connection<'_>,
        bot: &BotId,
        id: String,
        now: Timestamp,
        limits: &Limits,
    ) -> Result<TableResult, Error> {
        match self {
            Self::Insert { table, data } => insert(tx, bot, &table, TableRow::new(id, data, now), limits).await,
            Self::Query { table, filter, sort, skip, limit } => {
                let rows = matching(tx.rows(SELECT, args![bot, &table]).await?, filter.as_ref())?;
                Ok(found(rows, sort.as_ref(), skip, limit))
            }
            Self::Update { table, filter, data } => update(tx, bot, &table, filter.as_ref(), data, (now, limits)).await,
            Self::Delete { table, filter } => delete(tx, bot, &table, filter.as_ref()).await,
        }
    }
}

/// A row as it stands in its table.
struct Placed {
    position: i64,
    row: TableRow,
}

const SELECT: &str = "SELECT position, id, columns, created_at, modified_at FROM data_table_rows \
    WHERE bot_id = $1 AND table_name = $2 ORDER BY position";

impl TableRow {
    fn new(id: String, columns: Columns, now: Timestamp) -> Self {
        Self { id, columns, created_at: now, modified_at: now }
    }
}

impl Placed {
    fn read(row: &Row) -> Result<Self, Error> {
        let position = row.get("position")?;
        let row = TableRow {
            id: row.get("id")?,
            columns: row.json("columns")?,
            created_at: row.time("created_at")?,
            modified_at: row.time("modified_at")?,
        };
        Ok(Self { position, row })
    }
}

/// The rows a filter lets through.
fn matching(rows: Vec<Row>, filter: Option<&TableFilter>) -> Result<Vec<Placed>, Error> {
    let mut matching = Vec::new();
    for row in &rows {
        let placed = Placed::read(row)?;
        if filter.is_none_or(|filter| filter.lets_through(&placed.row.columns)) {
            matching.push(placed);
        }
    }
    Ok(matching)
}

fn found(rows: Vec<Placed>, sort: Option<&TableSort>, skip: usize, limit: Option<usize>) -> TableResult {
    let mut rows: Vec<TableRow> = rows.into_iter().map(|placed| placed.row).collect();
    if let Some(TableSort { field, descending }) = sort {
        rows.sort_by(|a, b| {
            let order = filter::order(a.columns.get(field), b.columns.get(field));
            if *descending { order.reverse() } else { order }
        });
    }
    let total = rows.len();
    let rows: Vec<TableRow> = rows.into_iter().skip(skip).take(limit.unwrap_or(usize::MAX)).collect();
    TableResult::Found { total, has_more: skip.saturating_add(rows.len()) < total, rows }
}

/// Refuses a row that is larger than it may be.
fn judge_row(columns: &Columns, limits: &Limits) -> Result<(), TooLarge> {
    TooLarge::check("a row of a data table", json_bytes(columns), limits.table_row_bytes, "bytes")?;
    let depth = columns.values().map(|value| json_size(value).depth + 1).max().unwrap_or(0);
    TooLarge::check("a row of a data table", depth, limits.json_depth, "levels")
}

async fn insert(
    tx: &mut Connection<'_>,
    bot: &BotId,
    table: &str,
    row: TableRow,
    limits: &Limits,
) -> Result<TableResult, Error> {
    judge_row(&row.columns, limits)?;
    let most = i64::try_from(limits.table_rows).unwrap_or(i64::MAX);
    let others = "SELECT COUNT(*) AS tables FROM data_tables WHERE bot_id = $1 AND name <> $2";
    let others: i64 = tx.row(others, args![bot, table]).await?.map_or(Ok(0), |row| row.get("tables"))?;
    let tables = usize::try_from(others).unwrap_or(0).saturating_add(1);
    TooLarge::check("the bot", tables, limits.tables, "data tables")?;
    // The table's own row puts writers in order, counts rows and numbers them.
    let numbered = tx
        .row(
            "INSERT INTO data_tables (bot_id, name, row_count, last_position, created_at) VALUES ($1, $2, 1, 1, $3) \
             ON CONFLICT (bot_id, name) DO UPDATE SET row_count = data_tables.row_count + 1, \
             last_position = data_tables.last_position + 1 WHERE data_tables.row_count < $4 \
             RETURNING last_position",
            args![bot, key("the name of a table", table), row.created_at, most],
        )
        .await?
        .ok_or_else(|| Error::TableFull { table: table.to_owned(), most: limits.table_rows })?;
    tx.execute(
        "INSERT INTO data_table_rows (bot_id, table_name, position, id, columns, created_at, modified_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            bot,
            table,
            numbered.get::<i64>("last_position")?,
            &row.id,
            stored(&row.columns),
            row.created_at,
            row.modified_at,
        ],
    )
    .await?;
    Ok(TableResult::Inserted(row))
}

/// Makes other writers of the table wait until the transaction ends.
async fn lock(tx: &mut Connection<'_>, bot: &BotId, table: &str) -> Result<(), Error> {
    let lock = tx.for_update(" FOR UPDATE");
    let sql = format!("SELECT name FROM data_tables WHERE bot_id = $1 AND name = $2{lock}");
    tx.row(sql, args![bot, table]).await.map(drop)
}

async fn update(
    tx: &mut Connection<'_>,
    bot: &BotId,
    table: &str,
    filter: Option<&TableFilter>,
    data: Columns,
    (now, limits): (Timestamp, &Limits),
) -> Result<TableResult, Error> {
    lock(tx, bot, table).await?;
    let rows = matching(tx.rows(SELECT, args![bot, table]).await?, filter)?;
    for Placed { position, row } in &rows {
        let mut columns = row.columns.clone();
        columns.extend(data.clone());
        judge_row(&columns, limits)?;
        tx.execute(
            "UPDATE data_table_rows SET columns = $4, modified_at = $5 \
             WHERE bot_id = $1 AND table_name = $2 AND position = $3",
            args![bot, table, *position, stored(&columns), now],
        )
        .await?;
    }
    Ok(TableResult::Updated(rows.len()))
}

async fn delete(
    tx: &mut Connection<'_>,
    bot: &BotId,
    table: &str,
    filter: Option<&TableFilter>,
) -> Result<TableResult, Error> {
    lock(tx, bot, table).await?;
    let rows = matching(tx.rows(SELECT, args![bot, table]).await?, filter)?;
    for Placed { position, .. } in &rows {
        let sql = "DELETE FROM data_table_rows WHERE bot_id = $1 AND table_name = $2 AND position = $3";
        tx.execute(sql, args![bot, table, *position]).await?;
    }
    let sql = "UPDATE data_tables SET row_count = row_count - $3 WHERE bot_id = $1 AND name = $2";
    tx.execute(sql, args![bot, table, rows.len() as i64]).await?;
    Ok(TableResult::Deleted(rows.len()))
}

impl Store {
    /// Works on a table of a bot. A table nobody put a row into is empty. What a turn does to a table is
    /// [kept with it](Self::data_table_in_turn).
    ///
    /// [`Error::TableFull`] when the table holds as many rows as it may, [`Error::TooLarge`] for a row that is too large.
    pub async fn data_table(&self, bot: &BotId, op: TableOp) -> Result<TableResult, Error> {
        if let TableOp::Query { table, filter, sort, skip, limit } = &op {
            let rows = matching(self.rows(SELECT, args![bot, table]).await?, filter.as_ref())?;
            return Ok(found(rows, sort.as_ref(), *skip, *limit));
        }
        let (bot, now) = (bot.clone(), self.clock.now());
        let (id, limits) = (self.ids.prefixed("sys"), self.limits);
        self.write(move |tx| Box::pin(async move { op.run(tx, &bot, id, now, &limits).await })).await
    }
}
