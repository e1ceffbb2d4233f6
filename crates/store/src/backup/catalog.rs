//! The tables of the schema, with their columns, in an order in which rows can be written.
//!
//! The schema has one text for both engines, so a database in memory tells what both look like.

use std::collections::{BTreeMap, HashSet};

use sqlx::{Connection as _, SqliteConnection};

use crate::schema::{migrate, migrator_of};
use crate::sql::Connection;
use crate::{Blobs, Error, args};

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// What a column holds; the schema has no other types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Int,
    Bool,
}

impl Table {
    /// The names of the columns, for a statement.
    pub(super) fn column_list(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// The tables that these versions of the schema make, those that are referred to first.
pub(super) async fn tables(versions: &[i64]) -> Result<Vec<Table>, Error> {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await?;
    migrate(&migrator_of(versions)?, &mut connection).await?;
    let nowhere = Blobs::nowhere();
    let mut schema = Connection::sqlite(&mut connection, &nowhere);
    let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> '_sqlx_migrations' \
        AND name NOT LIKE 'sqlite%' ORDER BY name";
    let mut waiting: BTreeMap<String, (Table, HashSet<String>)> = BTreeMap::new();
    for row in schema.rows(names, vec![]).await? {
        let name: String = row.get("name")?;
        let mut columns = Vec::new();
        for row in schema.rows("SELECT name, type FROM pragma_table_info($1) ORDER BY cid", args![&name]).await? {
            let declared: String = row.get("type")?;
            let kind = match declared.as_str() {
                "TEXT" => Kind::Text,
                "BIGINT" => Kind::Int,
                "BOOLEAN" => Kind::Bool,
                other => unreachable!("a test reads every column's type, and {other} is none of them"),
            };
            columns.push(Column { name: row.get("name")?, kind });
        }
        let mut referred = HashSet::new();
        for row in schema.rows("SELECT \"table\" AS name FROM pragma_foreign_key_list($1)", args![&name]).await? {
            let other: String = row.get("name")?;
            if other != name {
                referred.insert(other);
            }
        }
        waiting.insert(name.clone(), (Table { name, columns }, referred));
    }
    connection.close().await?;
    let mut ordered: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let placed: HashSet<&str> = ordered.iter().map(|table| table.name.as_str()).collect();
        let ready = waiting.iter().find(|(_, (_, referred))| referred.iter().all(|it| placed.contains(it.as_str())));
        let name = ready.map(|(name, _)| name.clone()).unwrap_or_else(|| {
            unreachable!("a test puts all tables in order, so they do not refer to each other in a circle")
        });
        ordered.extend(waiting.remove(&name).map(|(table, _)| table));
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::migrator;

    #[tokio::test]
    async fn all_tables_have_an_order_and_types_that_can_be_copied() {
        let versions: Vec<i64> = migrator().iter().map(|migration| migration.version).collect();
        let tables = tables(&versions).await.expect("the schema is whole");
        let at = |name: &str| tables.iter().position(|table| table.name == name).expect(name);
        assert!(at("accounts") < at("users") && at("sessions") < at("messages") && at("bots") < at("sessions"));
        let messages = &tables[at("messages")];
        let kind = |name: &str| messages.columns.iter().find(|column| column.name == name).map(|column| column.kind);
        assert_eq!(
            (kind("id"), kind("sequence"), kind("of_task")),
            (Some(Kind::Text), Some(Kind::Int), Some(Kind::Bool))
        );
    }
}
