//! Roles: what people may do, on one bot or in the account, and who has which.

use std::fmt;
use std::str::FromStr;

use domain::{AccountId, BotId, RoleId, Timestamp, UserId};
use serde_json::Value;

use crate::conditions::Conditions;
use crate::groups::Group;
use crate::sql::{Connection, Row, kept, key};
use crate::{Error, Page, Store, args};

/// What a role is held on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleKind {
    /// One bot.
    Bot,
    /// The account.
    Admin,
}

/// No kind of role has this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a type of role: give bot or admin")]
pub struct UnknownRoleKind(String);

impl RoleKind {
    /// The name: `bot` or `admin`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for RoleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RoleKind {
    type Err = UnknownRoleKind;

    /// In any letter case.
    fn from_str(name: &str) -> Result<Self, UnknownRoleKind> {
        let found = [Self::Bot, Self::Admin].into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| UnknownRoleKind(name.to_owned()))
    }
}

/// A role.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// The id.
    pub id: RoleId,
    /// What it is held on.
    pub kind: RoleKind,
    /// The name, unique among the roles of its kind.
    pub name: String,
    /// The description.
    pub description: String,
    /// What its holders may do, by area.
    pub permissions: Value,
    /// Whether it is one of those every account has, which never change.
    pub built_in: bool,
    /// The id that survives export and import, a bare UUID; empty for roles made by releases that gave none.
    pub ref_id: String,
    /// Who made it; empty for built-in ones, which nobody made.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who changed it last; empty for built-in ones.
    pub modified_by: String,
    /// When it was changed last.
    pub modified_at: Timestamp,
}

/// Who holds a role, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// The users, without those who hold it through a group.
    pub users: Vec<String>,
    /// The groups.
    pub groups: Vec<String>,
    /// The bots it is held on.
    pub bots: Vec<String>,
}

/// What a new role is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRole {
    /// What it is held on.
    pub kind: RoleKind,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// What its holders may do, by area.
    pub permissions: Value,
    /// The id that survives export and import, where the role comes with one.
    pub ref_id: Option<String>,
}

/// That a user holds a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The user.
    pub user: UserId,
    /// The role.
    pub role: RoleId,
    /// The name of the role.
    pub role_name: String,
    /// The bot it is held on and the bot's name; none for roles of the account.
    pub bot: Option<(BotId, String)>,
    /// The group the user has it through, by name, if it is not their own.
    pub group: Option<String>,
}

/// A change of who holds a role.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The role.
    pub role: RoleId,
    /// The bot; none for roles of the account.
    pub bot: Option<BotId>,
    /// Users who get the role, by id or address.
    pub add_users: Vec<String>,
    /// Users who lose it, by id or address.
    pub remove_users: Vec<String>,
    /// Groups that get it, by id or name.
    pub add_groups: Vec<String>,
    /// Groups that lose it, by id or name.
    pub remove_groups: Vec<String>,
}

/// What came of an [`Assignment`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assigned {
    /// How many users and groups have the role now and did not before, or the other way round.
    pub changed: u64,
    /// The users and groups that do not exist.
    pub unknown: Vec<String>,
}

const COLUMNS: &str =
    "id, kind, name, description, permissions, built_in, ref_id, created_by, created_at, modified_by, modified_at";

impl Role {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: RoleId::stored(row.get::<String>("id")?),
            kind: row.word("kind")?,
            name: row.get("name")?,
            description: row.get("description")?,
            permissions: row.json("permissions")?,
            built_in: row.get("built_in")?,
            ref_id: row.get("ref_id")?,
            created_by: row.get("created_by")?,
            created_at: row.time("created_at")?,
            modified_by: row.get("modified_by")?,
            modified_at: row.time("modified_at")?,
        })
    }
}

impl Holding {
    fn read(row: &Row) -> Result<Self, Error> {
        let bot: Option<String> = row.get("bot_id")?;
        let bot_name: Option<String> = row.get("bot_name")?;
        Ok(Self {
            user: UserId::stored(row.get::<String>("user_id")?),
            role: RoleId::stored(row.get::<String>("role_id")?),
            role_name: row.get("role_name")?,
            bot: bot.zip(bot_name).map(|(id, name)| (BotId::stored(id), name)),
            group: row.get("group_name")?,
        })
    }
}

/// Of how many roles the holders are looked up in one statement, which may have only so many parameters.
const ROLES_AT_ONCE: usize = 500;

/// What the name of a role is called where it is refused.
const ROLE_NAME: &str = "the name of a role";

impl Store {
    /// The roles of an account, of one kind or of both: the built-in ones by name, then the others as they came; a page of
    /// them.
    pub async fn roles(
        &self,
        account: &AccountId,
        kind: Option<RoleKind>,
        offset: i64,
        limit: i64,
    ) -> Result<Page<Role>, Error> {
        let mut conditions = Conditions::default();
        let account = conditions.bind(account);
        conditions.demand(format!("account_id = {account}"));
        if let Some(kind) = kind {
            let kind = conditions.bind(kind.name());
            conditions.demand(format!("kind = {kind}"));
        }
        let sql = format!("SELECT COUNT(*) AS total FROM roles WHERE {}", conditions.text());
        let count = self.row(sql, conditions.args()).await?;
        let total = count.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        let (limit, offset) = (conditions.bind(limit), conditions.bind(offset));
        let sql = format!(
            "SELECT {COLUMNS} FROM roles WHERE {} \
             ORDER BY CASE WHEN built_in THEN 0 ELSE 1 END, kind DESC, CASE WHEN built_in THEN name ELSE '' END, \
             created_at, place, id LIMIT {limit} OFFSET {offset}",
            conditions.text()
        );
        let rows = self.rows(sql, conditions.args()).await?;
        Ok(Page { items: rows.iter().map(Role::read).collect::<Result<_, _>>()?, total })
    }

    /// The role with this id.
    pub async fn role(&self, account: &AccountId, id: &RoleId) -> Result<Option<Role>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM roles WHERE account_id = $1 AND id = $2");
        self.row(sql, args![account, id]).await?.as_ref().map(Role::read).transpose()
    }

    /// Makes the built-in roles of an account as far as they are missing.
    pub async fn ensure_built_in_roles(&self, account: &AccountId, roles: Vec<NewRole>) -> Result<(), Error> {
        let sql = "SELECT COUNT(*) AS total FROM roles WHERE account_id = $1 AND built_in";
        let count = self.row(sql, args![account]).await?;
        let there: i64 = count.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        if usize::try_from(there).is_ok_and(|there| there >= roles.len()) {
            return Ok(());
        }
        let (account, ids, now) = (account.clone(), self.ids.clone(), self.clock.now());
        self.write(move |tx| {
            Box::pin(async move {
                for role in &roles {
                    let id = RoleId::new(&ids);
                    tx.execute(
                        "INSERT INTO roles (id, account_id, kind, name, description, permissions, built_in, \
                         ref_id, created_at, modified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) \
                         ON CONFLICT (account_id, kind, name) DO UPDATE SET built_in = excluded.built_in, \
                         description = excluded.description, permissions = excluded.permissions",
                        args![
                            &id,
                            &account,
                            role.kind.name(),
                            key(ROLE_NAME, &*role.name),
                            kept(&*role.description),
                            &role.permissions,
                            true,
                            ids.uuid(),
                            now,
                        ],
                    )
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Writes roles that are not built in, in the name of a user. One whose name is taken replaces the other if `replace`,
    /// and is passed over otherwise; a built-in role stays as it is. The roles of these names as they are then, in the
    /// order that was given, and whether each was written.
    pub async fn put_roles(
        &self,
        account: &AccountId,
        by: &UserId,
        roles: Vec<NewRole>,
        replace: bool,
    ) -> Result<Vec<(Role, bool)>, Error> {
        let (account, by, ids, now) = (account.clone(), by.clone(), self.ids.clone(), self.clock.now());
        let otherwise = if replace {
            "DO UPDATE SET description = excluded.description, permissions = excluded.permissions, \
             modified_by = excluded.modified_by, modified_at = excluded.modified_at WHERE NOT roles.built_in"
        } else {
            "DO NOTHING"
        };
        self.write(move |tx| {
            Box::pin(async move {
                let mut outcomes = Vec::with_capacity(roles.len());
                for (place, role) in roles.iter().enumerate() {
                    let sql = format!(
                        "INSERT INTO roles (id, account_id, kind, name, description, permissions, built_in, ref_id, \
                         created_by, created_at, modified_by, modified_at, place) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $10, $11) \
                         ON CONFLICT (account_id, kind, name) {otherwise}"
                    );
                    let parameters = args![
                        &RoleId::new(&ids),
                        &account,
                        role.kind.name(),
                        key(ROLE_NAME, &*role.name),
                        kept(&*role.description),
                        &role.permissions,
                        false,
                        kept(&*role.ref_id.clone().unwrap_or_else(|| ids.uuid())),
                        &by,
                        now,
                        i64::try_from(place).unwrap_or(i64::MAX),
                    ];
                    let is_written = tx.execute(sql, parameters).await? > 0;
                    let sql = format!("SELECT {COLUMNS} FROM roles WHERE account_id = $1 AND kind = $2 AND name = $3");
                    let row = tx.row(sql, args![&account, role.kind.name(), &*role.name]).await?;
                    // What was written, or kept it from being written, is there.
                    if let Some(row) = row {
                        outcomes.push((Role::read(&row)?, is_written));
                    }
                }
                Ok(outcomes)
            })
        })
        .await
    }

    /// Who holds each of these roles, in their order.
    pub async fn holders(&self, roles: &[RoleId]) -> Result<Vec<Holders>, Error> {
        let mut holders = Vec::with_capacity(roles.len());
        for some in roles.chunks(ROLES_AT_ONCE) {
            holders.extend(self.holders_of(some).await?);
        }
        Ok(holders)
    }

    async fn holders_of(&self, roles: &[RoleId]) -> Result<Vec<Holders>, Error> {
        let mut holders = vec![Holders::default(); roles.len()];
        let mut conditions = Conditions::default();
        let listed = conditions.bind_list(roles);
        let sql = format!(
            "SELECT role_id, user_id, NULL AS group_id, bot_id FROM role_assignments WHERE role_id IN ({listed}) \
             UNION ALL \
             SELECT role_id, NULL, group_id, bot_id FROM group_role_assignments WHERE role_id IN ({listed}) \
             ORDER BY user_id, group_id, bot_id"
        );
        for row in self.rows(sql, conditions.args()).await? {
            let role: String = row.get("role_id")?;
            let places = roles.iter().zip(&mut holders).filter(|(id, _)| id.as_str() == role);
            for (_, holders) in places {
                let bot: String = row.get("bot_id")?;
                for (list, id) in [
                    (&mut holders.users, row.get::<Option<String>>("user_id")?),
                    (&mut holders.groups, row.get::<Option<String>>("group_id")?),
                    (&mut holders.bots, Some(bot).filter(|bot| !bot.is_empty())),
                ] {
                    if let Some(id) = id.filter(|id| !list.contains(id)) {
                        list.push(id);
                    }
                }
            }
        }
        Ok(holders)
    }

    /// Changes who holds roles, all of it or nothing; what came of each change.
    pub async fn assign_roles(&self, account: &AccountId, changes: Vec<Assignment>) -> Result<Vec<Assigned>, Error> {
        let (account, now) = (account.clone(), self.clock.now());
        self.write(move |tx| {
            Box::pin(async move {
                let mut outcomes = Vec::with_capacity(changes.len());
                for change in &changes {
                    let mut outcome = Assigned::default();
                    for (names, holder, wanted) in [
                        (&change.add_users, Holder::User, true),
                        (&change.remove_users, Holder::User, false),
                        (&change.add_groups, Holder::Group, true),
                        (&change.remove_groups, Holder::Group, false),
                    ] {
                        for name in names {
                            let Some(id) = holder.find(tx, &account, name).await? else {
                                outcome.unknown.push(name.clone());
                                continue;
                            };
                            let bot = change.bot.as_ref().map_or("", BotId::as_str);
                            outcome.changed += if wanted {
                                let parameters = args![&id, &change.role, bot, now];
                                tx.execute(holder.insertion(), parameters).await?
                            } else {
                                tx.execute(holder.removal(), args![&id, &change.role, bot]).await?
                            };
                        }
                    }
                    outcomes.push(outcome);
                }
                Ok(outcomes)
            })
        })
        .await
    }

    /// The roles these users hold, their own and those of their groups. Whoever created a bot holds `owner_role` on it;
    /// the bots of people who are gone are the account owners'.
    pub async fn holdings(
        &self,
        account: &AccountId,
        users: &[UserId],
        owner_role: &str,
    ) -> Result<Vec<Holding>, Error> {
        let mut conditions = Conditions::default();
        let account = conditions.bind(account);
        let owner_role = conditions.bind(owner_role);
        let users = conditions.bind_list(users);
        let sql = format!(
            "SELECT u.id AS user_id, r.id AS role_id, r.name AS role_name, b.id AS bot_id, b.name AS bot_name, \
             NULL AS group_name, b.created_at AS ordered_by \
             FROM bots b JOIN users u ON u.account_id = b.account_id \
             AND (u.id = b.created_by OR (u.is_owner AND b.created_by NOT IN (SELECT id FROM users))) \
             JOIN roles r ON r.account_id = b.account_id AND r.kind = 'bot' AND r.name = {owner_role} \
             WHERE b.account_id = {account} AND u.id IN ({users}) \
             UNION ALL \
             SELECT a.user_id, r.id, r.name, b.id, b.name, NULL, a.created_at \
             FROM role_assignments a JOIN roles r ON r.id = a.role_id LEFT JOIN bots b ON b.id = a.bot_id \
             WHERE r.account_id = {account} AND a.user_id IN ({users}) AND (a.bot_id = '' OR b.id IS NOT NULL) \
             UNION ALL \
             SELECT m.user_id, r.id, r.name, b.id, b.name, g.name, a.created_at \
             FROM group_role_assignments a JOIN user_groups g ON g.id = a.group_id \
             JOIN group_members m ON m.group_id = g.id JOIN roles r ON r.id = a.role_id \
             LEFT JOIN bots b ON b.id = a.bot_id \
             WHERE r.account_id = {account} AND m.user_id IN ({users}) AND (a.bot_id = '' OR b.id IS NOT NULL) \
             ORDER BY ordered_by, bot_id, role_id"
        );
        self.rows(sql, conditions.args()).await?.iter().map(Holding::read).collect()
    }
}

/// Who can hold a role.
#[derive(Clone, Copy)]
enum Holder {
    User,
    Group,
}

impl Holder {
    /// The id of the user with this id or address, or of the group with this id or name.
    async fn find(self, tx: &mut Connection<'_>, account: &AccountId, name: &str) -> Result<Option<String>, Error> {
        match self {
            Self::User => {
                let sql = "SELECT id FROM users WHERE account_id = $1 AND (id = $2 OR email = $3)";
                let row = tx.row(sql, args![account, name, name.to_lowercase()]).await?;
                row.map(|row| row.get("id")).transpose()
            }
            Self::Group => Ok(Group::find(tx, account, name).await?.map(domain::GroupId::into_string)),
        }
    }

    const fn insertion(self) -> &'static str {
        match self {
            Self::User => {
                "INSERT INTO role_assignments (user_id, role_id, bot_id, created_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (user_id, role_id, bot_id) DO NOTHING"
            }
            Self::Group => {
                "INSERT INTO group_role_assignments (group_id, role_id, bot_id, created_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (group_id, role_id, bot_id) DO NOTHING"
            }
        }
    }

    const fn removal(self) -> &'static str {
        match self {
            Self::User => "DELETE FROM role_assignments WHERE user_id = $1 AND role_id = $2 AND bot_id = $3",
            Self::Group => "DELETE FROM group_role_assignments WHERE group_id = $1 AND role_id = $2 AND bot_id = $3",
        }
    }
}
