//! Results as the original answers with them.

use serde_json::{Value, json};

use super::{Columns, TableResult, TableRow};

impl TableResult {
    /// The body of the answer. Bots read `total` and `queryResult` of a query, `nModified` of an update and `nDeleted` of
    /// a removal; a row that was put in is answered as itself.
    pub fn body(&self) -> Value {
        match self {
            Self::Inserted(row) => Value::Object(row.with_own_columns()),
            Self::Found { total, rows, has_more } => {
                let columns = columns(rows);
                let rows: Vec<Columns> = rows.iter().map(TableRow::with_own_columns).collect();
                json!({"total": total, "hasMore": has_more, "meta": columns, "queryResult": rows})
            }
            Self::Updated(rows) => json!({"nModified": rows}),
            Self::Deleted(rows) => json!({"nDeleted": rows}),
        }
    }
}

impl TableRow {
    /// The row's columns, and behind them those the platform adds.
    fn with_own_columns(&self) -> Columns {
        let own = [
            ("sys_Id", json!(self.id)),
            ("Created_On", json!(self.created_at)),
            ("Updated_On", json!(self.modified_at)),
        ];
        let mut columns = self.columns.clone();
        for (name, value) in own {
            columns.entry(name).or_insert(value);
        }
        columns
    }
}

/// The columns that rows have, each with the type of the first value in it.
fn columns(rows: &[TableRow]) -> Vec<Value> {
    let mut types = Columns::new();
    for (name, value) in rows.iter().flat_map(|row| &row.columns) {
        let kind = match value {
            Value::Null => continue,
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) | Value::Object(_) => "object",
        };
        types.entry(name.clone()).or_insert_with(|| json!(kind));
    }
    types.into_iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect()
}
