//! The tables of a bot as they stand at a moment, kept to stand so again.

use domain::BotId;

use super::{Placed, TableRow};
use crate::bots::stored;
use crate::sql::key;
use crate::{Error, Store, args};

/// The tables of a bot as they stand at a moment; none, by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StandingTables {
    /// The rows, with the names of their tables and their positions in them.
    rows: Vec<(String, i64, TableRow)>,
}

impl StandingTables {
    /// How many rows there are in all tables.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row in any table.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Store {
    /// The tables of a bot as they stand now.
    ///
    /// # Errors
    /// The store failed.
    pub async fn standing_data_tables(&self, bot: &BotId) -> Result<StandingTables, Error> {
        let sql = "SELECT table_name, position, id, columns, created_at, modified_at FROM data_table_rows \
            WHERE bot_id = $1 ORDER BY table_name, position";
        let mut rows = Vec::new();
        for row in self.rows(sql, args![bot]).await? {
            let Placed { position, row: placed } = Placed::read(&row)?;
            rows.push((row.get("table_name")?, position, placed));
        }
        Ok(StandingTables { rows })
    }

    /// Makes the tables of a bot stand as they stood at a moment: rows, their ids and their order. Rows that were put in
    /// since are gone.
    ///
    /// # Errors
    /// The store failed.
    pub async fn set_data_tables(&self, bot: &BotId, tables: &StandingTables) -> Result<(), Error> {
        let (bot, rows) = (bot.clone(), tables.rows.clone());
        self.write(move |tx| {
            Box::pin(async move {
                for table in ["data_table_rows", "data_tables"] {
                    tx.execute(format!("DELETE FROM {table} WHERE bot_id = $1"), args![&bot]).await?;
                }
                for (table, position, row) in rows {
                    tx.execute(
                        "INSERT INTO data_tables (bot_id, name, row_count, last_position, created_at) \
                         VALUES ($1, $2, 1, $3, $4) ON CONFLICT (bot_id, name) DO UPDATE SET \
                         row_count = data_tables.row_count + 1, last_position = $3",
                        args![&bot, key("the name of a table", table.as_str()), position, row.created_at],
                    )
                    .await?;
                    tx.execute(
                        "INSERT INTO data_table_rows \
                         (bot_id, table_name, position, id, columns, created_at, modified_at) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7)",
                        args![&bot, &table, position, &row.id, stored(&row.columns), row.created_at, row.modified_at],
                    )
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }
}
