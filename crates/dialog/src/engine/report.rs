//! Reports: data of the context as CSV files, which a message links to.

use serde_json::{Value, json};

use super::Engine;
use crate::bot::Text;
use crate::host::{Cause, Fault, Host};
use crate::scope::shown;

impl<'a, H: Host> Engine<'a, H> {
    /// Keeps the reports of the message that is to be said, and leaves where they are in
    /// `context.reportContext.<name of the node>`.
    pub(crate) async fn make_reports(&mut self, reports: &'a [Text]) -> Result<(), Fault> {
        let Some((_, node)) = self.place().filter(|_| !reports.is_empty()) else { return Ok(()) };
        let mut made = Vec::with_capacity(reports.len());
        for report in reports {
            let data = self.value_of(report).await?.unwrap_or(Value::Null);
            let file = csv_of(&data).map_err(|reason| Fault::of(Cause::Engine, reason))?;
            self.check_filled(file.len())?;
            let name = format!("{}.csv", node.name);
            let url = self.host.keep_file(&name, file).await?;
            self.log("report", json!({"name": name, "isEmpty": data.is_null()}));
            made.push(json!({"url": url, "name": name}));
        }
        let all = self.context_mut().entry("reportContext").or_insert_with(|| json!({}));
        if !all.is_object() {
            *all = json!({});
        }
        all[&node.name] = Value::Array(made);
        Ok(())
    }
}

/// Data as a table: a list of objects has a column for each member that any of them has, in the order they are met; other
/// values stand in one column. What is no plain value is written as JSON.
fn csv_of(data: &Value) -> Result<Vec<u8>, String> {
    let rows: &[Value] = match data {
        Value::Null => &[],
        Value::Array(rows) => rows,
        one => std::slice::from_ref(one),
    };
    let mut columns: Vec<&str> = Vec::new();
    for name in rows.iter().filter_map(Value::as_object).flat_map(|row| row.keys()) {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let failed = |error: csv::Error| format!("the report could not be written: {error}");
    if !columns.is_empty() {
        writer.write_record(&columns).map_err(failed)?;
    }
    for row in rows {
        match row {
            Value::Object(members) => {
                let cells = columns.iter().map(|name| shown(members.get(*name)).into_owned());
                writer.write_record(cells).map_err(failed)?;
            }
            Value::Array(cells) => {
                writer.write_record(cells.iter().map(|it| shown(Some(it)).into_owned())).map_err(failed)?
            }
            value => writer.write_record([shown(Some(value)).as_ref()]).map_err(failed)?,
        }
    }
    writer.into_inner().map_err(|error| format!("the report could not be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_are_tables() {
        for (data, expected) in [
            (
                json!([{"a": 1, "b": "x, \"y\""}, {"b": true, "c": {"d": [1]}}]),
                "a,b,c\n1,\"x, \"\"y\"\"\",\n,true,\"{\"\"d\"\":[1]}\"\n",
            ),
            (json!({"a": "one\ntwo"}), "a\n\"one\ntwo\"\n"),
            (json!(["x", 2.0, null]), "x\n2\n\"\"\n"),
            (json!([["n", "m"], [1, 2, 3]]), "n,m\n1,2,3\n"),
            (json!("one"), "one\n"),
            (json!([]), ""),
            (Value::Null, ""),
        ] {
            assert_eq!(String::from_utf8(csv_of(&data).unwrap()).unwrap(), expected, "{data}");
        }
    }
}
