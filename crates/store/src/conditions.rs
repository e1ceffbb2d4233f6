//! A WHERE clause that grows with what a list is asked for.

use crate::sql::Arg;

/// Clauses that must all hold, and the parameters they name.
#[derive(Default)]
pub(crate) struct Conditions {
    clauses: Vec<String>,
    args: Vec<Arg>,
}

impl Conditions {
    /// Takes a value in as a parameter; gives the words that name it, such as `$3`.
    pub(crate) fn bind(&mut self, value: impl Into<Arg>) -> String {
        self.args.push(value.into());
        format!("${}", self.args.len())
    }

    /// Takes values in; gives what stands between the brackets of `IN (…)`. No value at all gives `NULL`, which nothing
    /// is in.
    pub(crate) fn bind_list(&mut self, values: impl IntoIterator<Item: Into<Arg>>) -> String {
        let names: Vec<String> = values.into_iter().map(|value| self.bind(value)).collect();
        if names.is_empty() { "NULL".to_owned() } else { names.join(", ") }
    }

    /// Demands a clause, which names values by what [`bind`](Self::bind) gave.
    pub(crate) fn demand(&mut self, clause: String) {
        self.clauses.push(clause);
    }

    /// The whole, to stand behind `WHERE`.
    pub(crate) fn text(&self) -> String {
        if self.clauses.is_empty() { "TRUE".to_owned() } else { self.clauses.join(" AND ") }
    }

    /// The parameters of [`text`](Self::text).
    pub(crate) fn args(&self) -> Vec<Arg> {
        self.args.clone()
    }
}
