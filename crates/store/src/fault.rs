//! What is behind an error of a database: something that passes, or something that stays until somebody changes it.
//!
//! PostgreSQL says it with the class of its SQLSTATE, SQLite with its result code. What neither says is taken for lasting:
//! a statement that fails the same way again and again must not be repeated for ever.

use sqlx::Error;

/// What a caller can make of a failed statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The same statement may succeed later: the connection broke, others were in the way, something was full.
    Passing,
    /// A value of the statement cannot be kept: a character, a length, a number. It fails whenever it is repeated.
    Value,
    /// The statement fails whenever it is repeated, for a reason that lies in the database or in this program.
    Lasting,
}

impl Fault {
    /// Judges an error.
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::Database(error) => match error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
                Some(error) => Self::of_sqlstate(error.code()),
                None => Self::of_sqlite(error.code().as_deref().unwrap_or_default()),
            },
            Error::Io(_)
            | Error::Tls(_)
            | Error::PoolTimedOut
            | Error::PoolClosed
            | Error::WorkerCrashed
            // A connection that is out of step is thrown away.
            | Error::Protocol(_)
            | Error::BeginFailed => Self::Passing,
            _ => Self::Lasting,
        }
    }

    fn of_sqlstate(code: &str) -> Self {
        match code.get(..2).unwrap_or_default() {
            // Connection lost; transaction called off because of others; out of resources; called off or shut down from
            // outside; the system beneath failed; locks and objects that others have in use.
            // And transactions that take no writes: a server that is switched over has such for a moment.
            // And a database or a password that is not known, which an operator changes.
            "08" | "25" | "28" | "3D" | "40" | "53" | "55" | "57" | "58" => Self::Passing,
            // A value no column takes; an index row or another thing that is too large.
            "22" | "54" => Self::Value,
            _ => Self::Lasting,
        }
    }

    /// Of SQLite's result codes the lowest eight bits say the kind.
    fn of_sqlite(code: &str) -> Self {
        match code.parse::<i32>().map(|code| code & 0xff) {
            // BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL, SCHEMA.
            Ok(5 | 6 | 7 | 8 | 9 | 10 | 13 | 14 | 15 | 17) => Self::Passing,
            // TOOBIG, MISMATCH.
            Ok(18 | 20) => Self::Value,
            _ => Self::Lasting,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fault::{self, Lasting, Passing, Value};

    #[test]
    fn codes_say_what_passes_and_what_stays() {
        let of_postgres = [
            ("08006", Passing, "the connection broke"),
            ("57P01", Passing, "the server is stopped by its operator"),
            ("40001", Passing, "another transaction was in the way"),
            ("40P01", Passing, "a deadlock"),
            ("53100", Passing, "the disk is full"),
            ("53300", Passing, "too many connections"),
            ("25006", Passing, "the server takes no writes now"),
            ("22021", Value, "a NUL in a text"),
            ("22003", Value, "a number out of range"),
            ("54000", Value, "an index row that is too large"),
            ("23505", Lasting, "a unique index refused the row"),
            ("42P01", Lasting, "a table that is not there"),
            ("XX001", Lasting, "a damaged page"),
            ("", Lasting, "no code"),
        ];
        for (code, expected, what) in of_postgres {
            assert_eq!(Fault::of_sqlstate(code), expected, "{what}");
        }
        let of_sqlite = [
            ("5", Passing, "busy"),
            ("517", Passing, "busy: the snapshot is old"),
            ("6", Passing, "locked"),
            ("778", Passing, "a write failed"),
            ("13", Passing, "full"),
            ("18", Value, "too big"),
            ("20", Value, "a wrong type"),
            ("2067", Lasting, "a unique index refused the row"),
            ("1", Lasting, "no such table"),
            ("11", Lasting, "a damaged file"),
            ("", Lasting, "no code"),
        ];
        for (code, expected, what) in of_sqlite {
            assert_eq!(Fault::of_sqlite(code), expected, "{what}");
        }
    }
}
