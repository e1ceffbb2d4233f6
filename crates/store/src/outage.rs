//! What is the matter with the machine when a statement or an object fails: a full disk, a database that is away.
//!
//! Such a failure says nothing about what was asked, and the same call works again when the cause is gone. So callers
//! are told the cause, and not that the server made a mistake.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

use crate::{BlobError, Error};

/// Something the store stands on does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// What does not work.
    pub part: Part,
    /// What is wrong with it.
    pub trouble: Trouble,
}

/// A part the store stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Where rows are kept.
    Database,
    /// Where bytes are kept.
    Objects,
}

/// What is wrong with a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It has no room left.
    Full,
    /// It can be read but not written.
    ReadOnly,
    /// It cannot be reached, or its disk fails.
    Away,
    /// Something that should be there is not: the database's file, or an object that a row names.
    Lost,
    /// Others keep it busy; the same call works in a moment.
    Busy,
}

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.part, self.trouble) {
            (Part::Database, Trouble::Full) => "the disk of the database is full",
            (Part::Database, Trouble::ReadOnly) => "the database can be read but not written",
            (Part::Database, Trouble::Away) => "the database does not answer or its disk fails",
            (Part::Database, Trouble::Lost) => "the file of the database is gone",
            (Part::Database, Trouble::Busy) => "the database is busy",
            (Part::Objects, Trouble::Full) => "the disk of the objects is full",
            (Part::Objects, Trouble::ReadOnly) => "the objects can be read but not written",
            (Part::Objects, Trouble::Away) => "the object store does not answer or its disk fails",
            (Part::Objects, Trouble::Lost) => "objects are missing",
            (Part::Objects, Trouble::Busy) => "the object store is busy",
        })
    }
}

impl Outage {
    /// What is the matter, when an error or one of its causes tells of an outage.
    pub fn of(error: &(dyn StdError + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(found) = told_by(error) {
                return Some(found);
            }
            next = error.source();
        }
        None
    }

    const fn database(trouble: Trouble) -> Self {
        Self { part: Part::Database, trouble }
    }

    const fn objects(trouble: Trouble) -> Self {
        Self { part: Part::Objects, trouble }
    }
}

fn told_by(error: &(dyn StdError + 'static)) -> Option<Outage> {
    if let Some(error) = error.downcast_ref::<Error>() {
        return match error {
            Error::Commit { outage, .. } => *outage,
            Error::DatabaseGone { .. } => Some(Outage::database(Trouble::Lost)),
            // Its source is the same error in another cover.
            Error::Blob(error) => of_blob(error),
            _ => None,
        };
    }
    if let Some(error) = error.downcast_ref::<BlobError>() {
        return of_blob(error);
    }
    error.downcast_ref::<sqlx::Error>().and_then(of_statement)
}

fn of_blob(error: &BlobError) -> Option<Outage> {
    match error {
        BlobError::Missing(_) | BlobError::FolderGone(_) => Some(Outage::objects(Trouble::Lost)),
        BlobError::Transfer { source, .. } | BlobError::Location { source, .. } => {
            Some(Outage::objects(of_causes(source).unwrap_or(Trouble::Away)))
        }
        BlobError::Folder { source, .. } => Some(Outage::objects(of_io(source).unwrap_or(Trouble::Away))),
        BlobError::Damaged(_) => None,
    }
}

/// What the operating system said, somewhere among the causes.
fn of_causes(error: &(dyn StdError + 'static)) -> Option<Trouble> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(trouble) = error.downcast_ref::<io::Error>().and_then(of_io) {
            return Some(trouble);
        }
        next = error.source();
    }
    None
}

fn of_io(error: &io::Error) -> Option<Trouble> {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Some(Trouble::Full),
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Some(Trouble::ReadOnly),
        _ => None,
    }
}

/// What is the matter with the database, when a statement's error tells of it.
pub(crate) fn of_statement(error: &sqlx::Error) -> Option<Outage> {
    let trouble = match error {
        // A connection that ends in the middle of an answer is a fault of the protocol, too.
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::BeginFailed
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::WorkerCrashed => Trouble::Away,
        sqlx::Error::Database(error) => {
            let code = error.code()?;
            if error.try_downcast_ref::<SqliteError>().is_some() {
                of_sqlite(code.parse().ok()?)?
            } else {
                error.try_downcast_ref::<PgDatabaseError>()?;
                of_postgres(&code)?
            }
        }
        _ => return None,
    };
    Some(Outage::database(trouble))
}

/// By SQLite's result codes; the lowest byte is the kind, what is above it says more.
fn of_sqlite(code: i32) -> Option<Trouble> {
    match code & 0xff {
        13 => Some(Trouble::Full),
        8 => Some(Trouble::ReadOnly),
        // SQLITE_IOERR and SQLITE_CANTOPEN
        10 | 14 => Some(Trouble::Away),
        // SQLITE_BUSY and SQLITE_LOCKED
        5 | 6 => Some(Trouble::Busy),
        _ => None,
    }
}

/// By PostgreSQL's error codes, whose first two letters are the class.
fn of_postgres(code: &str) -> Option<Trouble> {
    match code {
        "53100" => Some(Trouble::Full),
        "25006" => Some(Trouble::ReadOnly),
        // Two transactions that waited for each other, or could not be put in order.
        "40001" | "40P01" | "55P03" => Some(Trouble::Busy),
        // Broken connections, a password or a database that is not known any more, a database that takes no connections,
        // scarce resources, an operator's stop, the system's own errors.
        _ if ["08", "28", "3D", "55", "53", "57", "58"].contains(&code.get(..2)?) => Some(Trouble::Away),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_engines_tell_what_is_the_matter() {
        for (code, expected) in [
            (13, Some(Trouble::Full)),
            (8, Some(Trouble::ReadOnly)),
            (8 | 4 << 8, Some(Trouble::ReadOnly)),
            (10 | 3 << 8, Some(Trouble::Away)),
            (5, Some(Trouble::Busy)),
            (1, None),
            (19 | 8 << 8, None),
        ] {
            assert_eq!(of_sqlite(code), expected, "{code}");
        }
        for (code, expected) in [
            ("53100", Some(Trouble::Full)),
            ("53300", Some(Trouble::Away)),
            ("57P01", Some(Trouble::Away)),
            ("25006", Some(Trouble::ReadOnly)),
            ("40P01", Some(Trouble::Busy)),
            ("3D000", Some(Trouble::Away)),
            ("55000", Some(Trouble::Away)),
            ("28P01", Some(Trouble::Away)),
            ("23505", None),
            ("22021", None),
        ] {
            assert_eq!(of_postgres(code), expected, "{code}");
        }
    }

    #[test]
    fn a_connection_that_breaks_off_is_a_database_that_is_away() {
        for error in [sqlx::Error::Protocol("0 bytes at EOF".to_owned()), sqlx::Error::PoolTimedOut] {
            assert_eq!(Outage::of(&Error::from(error)), Some(Outage::database(Trouble::Away)));
        }
        assert_eq!(Outage::of(&Error::from(sqlx::Error::RowNotFound)), None);
    }

    #[test]
    fn the_operating_systems_word_is_found_among_the_causes() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let source = object_store::Error::Generic { store: "LocalFileSystem", source: Box::new(full) };
        let error = Error::from(BlobError::Transfer { name: "uploads/x".to_owned(), source });
        assert_eq!(Outage::of(&error), Some(Outage::objects(Trouble::Full)));
        let gone = Error::from(BlobError::Missing("content/ab/x".to_owned()));
        assert_eq!(Outage::of(&gone), Some(Outage::objects(Trouble::Lost)));
        assert_eq!(Outage::of(&Error::Exists("it".to_owned())), None);
    }
}
