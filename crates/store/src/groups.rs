//! Groups of users.

use domain::{AccountId, GroupId, UserId};

use crate::sql::{Connection, Row, key};
use crate::{Error, Page, Store, args};

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The id, `e-…`.
    pub id: GroupId,
    /// The name, unique in the account.
    pub name: String,
    /// How many users are in it.
    pub members: i64,
}

impl Group {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self { id: GroupId::stored(row.get::<String>("id")?), name: row.get("name")?, members: row.get("members")? })
    }

    /// The id of the group that has this id or name.
    pub(crate) async fn find(
        tx: &mut Connection<'_>,
        account: &AccountId,
        name: &str,
    ) -> Result<Option<GroupId>, Error> {
        let sql = "SELECT id FROM user_groups WHERE account_id = $1 AND (id = $2 OR name = $2)";
        let row = tx.row(sql, args![account, name]).await?;
        row.map(|row| Ok(GroupId::stored(row.get::<String>("id")?))).transpose()
    }
}

impl Store {
    /// The groups of an account by name: a page of them, and how many there are.
    pub async fn groups(&self, account: &AccountId, offset: i64, limit: i64) -> Result<Page<Group>, Error> {
        let count = self.row("SELECT COUNT(*) AS total FROM user_groups WHERE account_id = $1", args![account]).await?;
        let total = count.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        let rows = self
            .rows(
                "SELECT g.id, g.name, (SELECT COUNT(*) FROM group_members m WHERE m.group_id = g.id) AS members \
                 FROM user_groups g WHERE g.account_id = $1 ORDER BY g.name, g.id LIMIT $2 OFFSET $3",
                args![account, limit, offset],
            )
            .await?;
        Ok(Page { items: rows.iter().map(Group::read).collect::<Result<_, _>>()?, total })
    }

    /// The groups a user is in, by name.
    pub async fn groups_of(&self, user: &UserId) -> Result<Vec<Group>, Error> {
        let sql = "SELECT g.id, g.name, (SELECT COUNT(*) FROM group_members o WHERE o.group_id = g.id) AS members \
                   FROM user_groups g JOIN group_members m ON m.group_id = g.id WHERE m.user_id = $1 ORDER BY g.name, g.id";
        self.rows(sql, args![user]).await?.iter().map(Group::read).collect()
    }

    /// Puts a user into groups, named by id or name. A name no group has makes a new group.
    pub async fn join_groups(&self, account: &AccountId, user: &UserId, groups: Vec<String>) -> Result<(), Error> {
        let (account, user, ids, now) = (account.clone(), user.clone(), self.ids.clone(), self.clock.now());
        self.write(move |tx| {
            Box::pin(async move {
                for name in groups {
                    let group = match Group::find(tx, &account, &name).await? {
                        Some(group) => group,
                        None => {
                            let group = GroupId::new(&ids);
                            tx.execute(
                                "INSERT INTO user_groups (id, account_id, name, created_at) VALUES ($1, $2, $3, $4)",
                                args![&group, &account, key("the name of a group", &*name), now],
                            )
                            .await?;
                            group
                        }
                    };
                    tx.execute(
                        "INSERT INTO group_members (group_id, user_id) VALUES ($1, $2) \
                         ON CONFLICT (group_id, user_id) DO NOTHING",
                        args![&group, &user],
                    )
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }
}
