//! `botyard user create`: a new user.

use std::io::Read;

use serde_json::json;
use store::NewUser;

use crate::cli::{Place, print};
use crate::{Error, Premises, Sources};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    place: Place,
    /// The e-mail address, by which the user signs in.
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// The first name.
    #[arg(long, value_name = "NAME", default_value = "")]
    first_name: String,
    /// The last name.
    #[arg(long, value_name = "NAME", default_value = "")]
    last_name: String,
    /// Make the user an owner of the account, who may do everything.
    #[arg(long)]
    owner: bool,
    /// Read the password from the standard input; without this the user cannot sign in.
    #[arg(long)]
    password_stdin: bool,
    /// Print the user as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    if !args.email.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty()) {
        return Err(Error::refused(format!("`{}` is not an e-mail address", args.email)));
    }
    let sources = Sources::default();
    let password_hash = if args.password_stdin {
        let password = read_password()?;
        Some(access::password::hash(&password, &sources.ids))
    } else {
        None
    };
    let config = args.place.settings()?;
    let new = NewUser {
        email: args.email,
        first_name: args.first_name,
        last_name: args.last_name,
        password_hash,
        is_owner: args.owner,
        can_create_bot: true,
        is_developer: true,
        details: json!({}),
    };
    let created = Premises::at_work(&config, sources, async |Premises { store, account, .. }| {
        let user = store.create_user(&account.id, new).await?;
        let description = format!("Created the user {} ({})", user.email, user.id);
        store.log_audit(&account.id, "User Management", "command line", &description).await?;
        Ok((user, account.clone()))
    });
    let (user, account) = created.await?;
    if args.json {
        let record = json!({
            "userId": user.id,
            "emailId": user.email,
            "firstName": user.first_name,
            "lastName": user.last_name,
            "isOwner": user.is_owner,
            "accountId": account.id,
            "orgId": account.organization,
        });
        return print(&record.to_string());
    }
    print(&format!("{}  {}", user.id, user.email))
}

/// The first line of the standard input.
fn read_password() -> Result<String, Error> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(Error::Terminal)?;
    let password = text.lines().next().unwrap_or_default();
    if password.is_empty() {
        return Err(Error::refused("the standard input holds no password; write it as one line"));
    }
    Ok(password.to_owned())
}
