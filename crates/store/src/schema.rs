//! The schema and its versions. A store is brought up to date when it is opened.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use crate::Error;

/// All versions of the schema that this program knows.
pub(crate) fn migrator() -> Migrator {
    let texts = [
        (1, "initial", include_str!("schema/0001_initial.sql")),
        (2, "test suites", include_str!("schema/0002_test_suites.sql")),
        (3, "conversations", include_str!("schema/0003_conversations.sql")),
        (4, "botkit", include_str!("schema/0004_botkit.sql")),
        (5, "stuck messages", include_str!("schema/0005_stuck_messages.sql")),
        (8, "master key", include_str!("schema/0008_master_key.sql")),
        (9, "usual places", include_str!("schema/0009_usual_places.sql")),
        (12, "roles", include_str!("schema/0012_roles.sql")),
        (13, "answers", include_str!("schema/0013_answers.sql")),
        (14, "journal", include_str!("schema/0014_journal.sql")),
    ];
    let migrations = texts.map(|(version, name, text)| {
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.into())
}

/// The part of the schema's history that a store had when it knew these versions. [`Error::NewerSchema`] when one of them
/// is not known here.
pub(crate) fn migrator_of(versions: &[i64]) -> Result<Migrator, Error> {
    let all = migrator();
    if let Some(unknown) = versions.iter().find(|version| !all.version_exists(**version)) {
        return Err(Error::NewerSchema { version: *unknown, known: newest(&all) });
    }
    let known = all.iter().filter(|migration| versions.contains(&migration.version)).cloned().collect();
    Ok(Migrator::with_migrations(known))
}

fn newest(migrator: &Migrator) -> i64 {
    migrator.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Brings a database to the newest version that the migrator knows.
pub(crate) async fn migrate<C: Migrate + Send>(migrator: &Migrator, connection: &mut C) -> Result<(), Error> {
    match migrator.run_direct(None, connection, false).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(version)) => Err(Error::NewerSchema { version, known: newest(migrator) }),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection, Row, SqliteConnection};

    use super::*;

    #[tokio::test]
    async fn a_built_in_role_that_is_none_any_more_stays_where_somebody_has_it() {
        let mut database = SqliteConnection::connect("sqlite::memory:").await.expect("a database in memory");
        let before = migrator_of(&[1, 2, 3, 4, 5, 8, 9]).expect("versions of releases before");
        migrate(&before, &mut database).await.expect("a new database");
        sqlx::raw_sql(
            "INSERT INTO accounts (id, organization_id, name, created_at) VALUES ('a', 'o', '', 0), ('b', 'o', '', 0);
             INSERT INTO users (id, account_id, email, first_name, last_name, is_owner, can_create_bot, is_developer, \
             details, created_at) VALUES ('u', 'a', 'u@example.com', '', '', TRUE, TRUE, TRUE, '{}', 0);
             INSERT INTO roles (id, account_id, kind, name, description, permissions, built_in, created_at) VALUES
             ('1', 'a', 'admin', 'Master Admin', '', '{}', TRUE, 7), ('2', 'a', 'admin', 'Bot Admin', '', '{}', TRUE, 7),
             ('3', 'b', 'admin', 'Bot Admin', '', '{}', TRUE, 7), ('4', 'b', 'bot', 'Bot Admin', '', '{}', TRUE, 7);
             INSERT INTO role_assignments (user_id, role_id, bot_id, created_at) VALUES ('u', '2', '', 0);",
        )
        .execute(&mut database)
        .await
        .expect("rows as releases before wrote them");
        migrate(&migrator(), &mut database).await.expect("the newest version");
        let rows =
            sqlx::query("SELECT id, built_in, modified_at FROM roles ORDER BY id").fetch_all(&mut database).await;
        let rows: Vec<(String, bool, i64)> =
            rows.expect("roles").iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        let expected = [("1", true), ("2", false), ("4", true)];
        assert_eq!(rows, expected.map(|(id, built_in)| (id.to_owned(), built_in, 7)));
    }
}
