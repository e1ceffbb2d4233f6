//! Accounts: everything one owner has.

use domain::{AccountId, OrganizationId};

use crate::sql::{Row, kept};
use crate::{Error, Store, args};

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The organisation it belongs to, which paths of the private tier name.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
}

impl Account {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: AccountId::stored(row.get::<String>("id")?),
            organization: OrganizationId::stored(row.get::<String>("organization_id")?),
            name: row.get("name")?,
        })
    }
}

impl Store {
    /// The account of this server, made when there is none yet.
    ///
    /// A server has one account; the original has many in one installation, and the tables are ready for that.
    pub async fn account(&self) -> Result<Account, Error> {
        const FIRST: &str = "SELECT id, organization_id, name FROM accounts ORDER BY created_at, id LIMIT 1";
        if let Some(row) = self.row(FIRST, vec![]).await? {
            return Account::read(&row);
        }
        let new = Account {
            id: AccountId::new(&self.ids),
            organization: OrganizationId::new(&self.ids),
            name: "Botyard".to_owned(),
        };
        let now = self.clock.now();
        self.write(move |tx| {
            Box::pin(async move {
                if let Some(row) = tx.row(FIRST, vec![]).await? {
                    return Account::read(&row);
                }
                tx.execute(
                    "INSERT INTO accounts (id, organization_id, name, created_at) VALUES ($1, $2, $3, $4)",
                    args![&new.id, &new.organization, kept(&*new.name), now],
                )
                .await?;
                Ok(new)
            })
        })
        .await
    }
}
