//! The private tier, as scripts use it to set a server up.

mod apps;
mod channels;
mod documents;
mod rights;
mod script;
mod sign_in;
mod streams;

use access::{Algorithm, App, AppKind, Secret};
use domain::{AppId, BotId};
use reqwest::Method;
use serde_json::{Value, json};
use store::NewUser;

use crate::support::TestServer;
use crate::support::client::{Client, Reply};

const PASSWORD: &str = "correct horse battery";

/// Somebody who signed in.
struct Person {
    client: Client,
    token: String,
    id: String,
    organization: String,
}

impl Person {
    async fn call(&self, method: Method, path: &str, body: &Value) -> Reply {
        let request = self.client.request(method, path).header("Authorization", format!("bearer {}", self.token));
        let request = if body.is_null() { request } else { request.json(body) };
        self.client.send(request).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, &Value::Null).await
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        self.call(Method::POST, path, body).await
    }

    async fn put(&self, path: &str, body: &Value) -> Reply {
        self.call(Method::PUT, path, body).await
    }

    async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path, &Value::Null).await
    }

    fn admin_apps(&self) -> String {
        format!("/api/1.1/organization/{}/users/{}/sdk/apps", self.organization, self.id)
    }

    fn builder_apps(&self, bot: &str) -> String {
        format!("/api/1.1/users/{}/streams/{bot}/sdk/apps", self.id)
    }

    fn streams(&self) -> String {
        format!("/api/1.1/users/{}/builder/streams", self.id)
    }
}

/// A user with a password. An owner may do everything; others neither build nor create.
async fn add_user(server: &TestServer, email: &str, is_owner: bool) {
    let new = NewUser {
        email: email.to_owned(),
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        password_hash: Some(access::password::hash(PASSWORD, server.store().ids())),
        is_owner,
        can_create_bot: is_owner,
        is_developer: is_owner,
        details: json!({}),
    };
    server.store().create_user(&server.premises().account.id, new).await.unwrap();
}

fn credentials(email: &str, password: &str) -> Value {
    json!({"client_id": "1", "client_secret": "1", "scope": "1", "grant_type": "password", "username": email,
        "password": password})
}

async fn sign_in(server: &TestServer, email: &str) -> Person {
    let client = server.anonymous();
    let reply = client.post("/api/1.1/oAuth/token", &credentials(email, PASSWORD)).await.json();
    let text = |pointer: &str| reply.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
    assert_eq!(text("/authorization/token_type"), "bearer");
    assert_eq!(text("/authorization/resourceOwnerID"), text("/userInfo/id"));
    assert_eq!(text("/authorization/accountId"), text("/userInfo/accountId"));
    assert_eq!((text("/userInfo/emailId"), text("/userInfo/fName")), (email.to_owned(), "Ada".to_owned()));
    let (token, id) = (text("/authorization/accessToken"), text("/userInfo/id"));
    Person { client, token, id, organization: text("/userInfo/orgID") }
}

async fn owner(server: &TestServer) -> Person {
    add_user(server, "ada@example.com", true).await;
    sign_in(server, "ada@example.com").await
}

/// A client that calls the public API as the app of this record.
fn app_client(server: &TestServer, record: &Value) -> Client {
    let premises = server.premises();
    let app = App {
        client_id: AppId::stored(record["clientId"].as_str().unwrap()),
        account: premises.account.id.clone(),
        owner: premises.owner.id.clone(),
        kind: AppKind::Admin,
        name: String::new(),
        algorithm: record["algorithm"].as_str().unwrap().parse::<Algorithm>().unwrap(),
        secret: Secret::new(record["clientSecret"].as_str().unwrap()),
        public_key: None,
        decryption_key: None,
        bots: Vec::<BotId>::new(),
        grants: Vec::new(),
        jti_enforced: false,
        jwe_enforced: false,
    };
    server.client(&app)
}
