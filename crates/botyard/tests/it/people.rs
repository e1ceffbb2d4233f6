//! Users, roles and groups.

use access::{AppKind, Scope};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestServer;
use crate::support::client::Client;

const USERS: &str = "/api/public/users";

fn user(email: &str) -> Value {
    json!({"userInfo": {"emailId": email, "firstName": "Ann", "lastName": "Lee"}})
}

async fn remove(client: &Client, emails: Value) -> Value {
    let request = client.request(Method::DELETE, USERS).json(&json!({"deleteEmailIds": emails}));
    client.send(request).await.json()
}

async fn info(client: &Client, email: &str) -> Value {
    client.post("/api/public/usersInfo", &json!({"emailIds": [email]})).await.json()[0].clone()
}

/// The record of a user in the list of all users' roles.
async fn roles_of(client: &Client, email: &str) -> Value {
    let all = client.get("/api/public/alluserroles?limit=1000").await.json();
    let users = all["users"].as_array().unwrap();
    users.iter().find(|user| user["username"] == email).unwrap_or_else(|| panic!("no {email} in {all}")).clone()
}

async fn role_id(client: &Client, kind: &str, name: &str) -> String {
    let all = client.get(&format!("/api/public/roles?roleType={kind}")).await.json();
    let role = all["roles"].as_array().unwrap().iter().find(|role| role["role"] == name);
    role.unwrap_or_else(|| panic!("no {name} in {all}"))["_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn users_are_created_changed_and_removed() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let two = json!({"users": [user("Ann@example.com"), user("ben@example.com")], "sendEmail": true});
    assert_eq!(admin.post(USERS, &two).await.json(), json!({"msg": "Users are created Successfully"}));
    let ann = info(&admin, "ann@EXAMPLE.com").await;
    let id = ann["userInfo"]["userId"].clone();
    assert!(id.as_str().unwrap().starts_with("u-"));
    let info_of = |first: &str, last: &str| json!({"emailId": "ann@example.com", "userId": id, "firstName": first, "lastName": last, "status": "active"});
    let expected = json!({
        "canCreateBot": true, "isDeveloper": true, "userInfo": info_of("Ann", "Lee"),
        "roles": {"btRoles": [], "adminRoles": []}, "assignBotTasks": [], "groups": [],
    });
    assert_eq!(ann, expected);

    // Who is no user is told in their place.
    let body = json!({"emailIds": ["no@example.com", "ben@example.com"], "status": "all"});
    let told = admin.post("/api/public/usersInfo", &body).await.json();
    let unknown = "Invalid emailId";
    let expected = json!({"userInfo": {"emailId": "no@example.com", "status": "failure", "reason": {
        "statusCode": 400, "status": 400, "customCode": 400, "errors": [{"msg": unknown, "code": 400}],
        "message": unknown, "name": "BadRequest",
    }}});
    assert_eq!((&told[0], &told[1]["userInfo"]["emailId"]), (&expected, &json!("ben@example.com")));
    let body = json!({"emailIds": ["", "ben@example.com", " "]});
    let told = admin.post("/api/public/usersInfo", &body).await.json();
    let mut nobody = expected.clone();
    nobody["userInfo"]["emailId"] = json!("");
    assert_eq!(told.as_array().map(Vec::len), Some(3), "{told}");
    assert_eq!((&told[0], &told[1]["userInfo"]["emailId"], &told[2]), (&nobody, &json!("ben@example.com"), &nobody));
    let idle = json!({"emailIds": ["ben@example.com"], "status": "not active"});
    assert_eq!(admin.post("/api/public/usersInfo", &idle).await.json(), json!([]));

    // Failures do not keep the others from being done; the status is 200 all the same. Clients look for `reason` and
    // `status` anywhere in the answer, so each stands there once.
    let failed =
        |email: &str, reason: &str| json!({"userInfo": {"emailId": email, "status": "failure", "reason": reason}});
    let (invalid, exists) = ("Invalid emailId", "User already exists");
    let mut named = failed("nonsense", invalid);
    named["userInfo"]["firstName"] = json!("Ann");
    let table = [
        (json!([user("nonsense")]), json!({"failedUserDetails": [named]})),
        (json!([{}]), json!({"failedUserDetails": [failed("", invalid)]})),
        (
            json!([user("ANN@example.com"), user("cleo@example.com")]),
            json!({"msg": "Users are created Successfully", "failedUserDetails": [failed("ANN@example.com", exists)]}),
        ),
        (
            json!([{"userInfo": {"emailId": "dan@example.com"}, "roles": [{"roleId": "0", "botId": "st-1"}]}]),
            json!({"failedUserDetails": [failed("dan@example.com", "Invalid roleId")]}),
        ),
    ];
    for (users, expected) in table {
        assert_eq!(admin.post(USERS, &json!({"users": users})).await.json(), expected, "{users}");
    }

    let change = json!({"users": [{"userInfo": {"emailId": "ann@example.com", "lastName": "Lane", "city": "Ulm"}, "canCreateBot": false}]});
    assert_eq!(admin.put(USERS, &change).await.json(), json!({"msg": "Users are updated Successfully"}));
    let ann = info(&admin, "ann@example.com").await;
    let mut expected = info_of("Ann", "Lane");
    expected["city"] = json!("Ulm");
    assert_eq!((&ann["userInfo"], &ann["canCreateBot"]), (&expected, &json!(false)));
    let unknown = admin.put(USERS, &json!({"users": [user("nobody@example.com")]})).await.json();
    assert_eq!(unknown["failedUserDetails"][0]["userInfo"]["reason"], "User not found");

    let access = "/api/public/useraccess";
    let rights =
        json!({"emailIds": ["ann@example.com", "ben@example.com"], "isDeveloper": true, "canCreateBot": false});
    assert_eq!(admin.post(access, &rights).await.json(), json!(["SUCCESS"]));
    for email in ["ann@example.com", "ben@example.com"] {
        let record = info(&admin, email).await;
        assert_eq!((&record["isDeveloper"], &record["canCreateBot"]), (&json!(true), &json!(false)), "{email}");
    }
    let wrong = "Invalid values in the body";
    let table = [
        (json!({"emailIds": [], "canCreateBot": true}), 400, "emailIds cannot be empty"),
        (json!({"canCreateBot": true}), 400, "emailIds cannot be empty"),
        (
            json!({"emailIds": ["ann@example.com", ""], "canCreateBot": true}),
            400,
            "One or more entered emails not found",
        ),
        (
            json!({"emailIds": ["ann@example.com", "x@example.com"], "isDeveloper": false}),
            400,
            "One or more entered emails not found",
        ),
        (json!({"emailIds": ["ann@example.com"], "canCreateBot": "yes"}), 403, wrong),
        (json!({"emailIds": "ann@example.com", "canCreateBot": true}), 403, wrong),
        (json!({"emailIds": ["ann@example.com"]}), 403, wrong),
        // Who is named comes before what is asked.
        (json!({"emailIds": []}), 400, "emailIds cannot be empty"),
        (json!({"emailIds": ["x@example.com"], "canCreateBot": "yes"}), 400, "One or more entered emails not found"),
        (json!({"emailIds": ["ann@example.com"], "isDeveloper": false, "canCreateBot": true}), 403, wrong),
        (json!({"emailIds": ["ann@example.com"], "isDeveloper": false, "hasDataTableAndViewAccess": true}), 403, wrong),
    ];
    for (body, status, text) in table {
        admin.post(access, &body).await.refused(status, text);
    }
    assert_eq!(info(&admin, "ann@example.com").await["isDeveloper"], true, "what was refused changed nothing");

    assert_eq!(remove(&admin, json!(["ANN@example.com"])).await, json!({"msg": "Users are removed Successfully"}));
    let again = remove(&admin, json!(["ann@example.com"])).await;
    assert_eq!(again, json!({"failedUserDetails": [failed("ann@example.com", "User not found")]}));
    assert_eq!(info(&admin, "ann@example.com").await["userInfo"]["status"], "failure");

    let events = admin.get("/api/public/auditlogs").await.json();
    let told: Vec<&str> = events["auditlogs"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|entry| entry["Description"].as_str().unwrap())
        .collect();
    let users: Vec<&&str> = told.iter().filter(|text| text.contains("users")).collect();
    assert_eq!(
        users,
        [
            &"Created users: ann@example.com, ben@example.com",
            &"Created users: cleo@example.com",
            &"Updated users: ann@example.com",
            &"Set the rights of users: ann@example.com, ben@example.com",
            &"Removed users: ann@example.com",
        ]
    );
    server.finish().await;
}

#[tokio::test]
async fn apps_and_bots_of_a_removed_user_go_to_the_owner_of_the_account() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    admin.post(USERS, &json!({"users": [user("ann@example.com")]})).await.json();
    let owner = server.premises().owner.clone();
    let ann = server.store().user_by_email(&owner.account, "ann@example.com").await.unwrap().unwrap();
    let app = server.app_with(AppKind::Admin, &[], |app| app.owner = ann.id.clone()).await;
    let client = server.client(&app);
    let bot = client.import_sample().await;
    let role = |name: &str| json!([{"roleName": "Bot Owner", "groups": [], "botId": bot, "botName": name}]);
    let without_id = |mut record: Value| {
        for role in record["btRoles"].as_array_mut().unwrap() {
            role.as_object_mut().unwrap().remove("roleId").unwrap();
        }
        record["btRoles"].take()
    };
    let name = roles_of(&admin, "ann@example.com").await["btRoles"][0]["botName"].as_str().unwrap().to_owned();
    assert_eq!(without_id(roles_of(&admin, "ann@example.com").await), role(&name));
    assert_eq!(roles_of(&admin, &owner.email).await["btRoles"], json!([]));

    remove(&client, json!(["ann@example.com"])).await;
    client.get("/api/public/roles").await.json();
    client.export(&bot, "latest").await;
    let stored = server.store().app(&app.client_id).await.unwrap().unwrap();
    assert_eq!(stored.app.owner, owner.id);
    assert_eq!(without_id(roles_of(&admin, &owner.email).await), role(&name));
    let kept = remove(&admin, json!([owner.email])).await;
    assert_eq!(kept["failedUserDetails"][0]["userInfo"]["reason"], "The owner of the account cannot be removed");
    client.get("/api/public/roles").await.json();
    server.finish().await;
}

#[tokio::test]
async fn roles_are_assigned_to_users_and_groups() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let (bot, other) = (admin.import_sample().await, admin.import_sample().await);
    let (developer, tester) =
        (role_id(&admin, "bot", "Bot Developer").await, role_id(&admin, "bot", "Bot Tester").await);
    let account_admin = role_id(&admin, "admin", "Master Admin").await;
    let with_role = json!({"userInfo": {"emailId": "ann@example.com"}, "groups": ["QA"], "roles": [{"roleId": developer, "botId": bot}, {"roleId": "None", "botId": ""}, ""]});
    admin.post(USERS, &json!({"users": [with_role, user("ben@example.com")]})).await.json();
    let ben = info(&admin, "ben@example.com").await["userInfo"]["userId"].as_str().unwrap().to_owned();
    let groups = admin.get("/api/public/groups").await.json();
    assert_eq!((&groups["total"], &groups["availableMore"]), (&json!(1), &json!(false)));
    let group = &groups["groups"][0];
    assert_eq!((&group["name"], &group["usersCount"]), (&json!("QA"), &json!(1)));

    let holds = |record: &Value, list: &str| -> Vec<String> {
        let roles = record[list].as_array().unwrap_or_else(|| panic!("no list {list} in {record}"));
        roles
            .iter()
            .map(|role| {
                format!("{} {} {}", role["roleName"].as_str().unwrap(), role["botId"] == bot.as_str(), role["groups"])
            })
            .collect()
    };
    assert_eq!(holds(&roles_of(&admin, "ann@example.com").await, "btRoles"), ["Bot Developer true []"]);
    let nothing = roles_of(&admin, "ben@example.com").await;
    assert_eq!((&nothing["btRoles"], &nothing["adminRoles"]), (&json!([]), &json!([])));
    assert_eq!((&nothing["userId"], &nothing["orgUserId"]), (&json!(ben), &json!(ben)));
    let owned = roles_of(&admin, &server.premises().owner.email).await;
    assert_eq!(owned["btRoles"].as_array().unwrap().len(), 2, "the owner made two bots: {owned}");

    // Users by id and address, groups by id and name; what does not exist is told and does no harm.
    let changes = json!([
        {"roleId": tester, "botId": other, "addUsers": [ben, "", "ANN@example.com"], "addGroups": [group["_id"], "Strangers"], "removeUsers": [""], "removeGroups": []},
        {"roleId": "None", "botId": "", "addUsers": [ben]},
        {"roleId": "", "addUsers": [ben]},
        {"roleId": "0123456789abcdef01234567", "botId": bot, "addUsers": [ben]},
        {"roleId": account_admin, "botId": bot, "addUsers": [ben]},
        {"roleId": tester, "botId": "st-none", "addUsers": [ben]},
        {"roleId": developer, "botId": bot, "removeUsers": ["ann@example.com"], "addUsers": ["u-none"]},
    ]);
    let refused = |reason: &str| json!({"status": "failure", "reason": reason});
    assert_eq!(
        admin.post("/api/public/btroles/assignments/", &changes).await.json(),
        json!([
            {"status": "success", "notFound": ["Strangers"]},
            {"status": "success"},
            {"status": "success"},
            refused("Invalid roleId"),
            refused("Invalid roleId"),
            refused("Invalid botId"),
            {"status": "success", "notFound": ["u-none"]},
        ])
    );
    assert_eq!(holds(&roles_of(&admin, "ben@example.com").await, "btRoles"), ["Bot Tester false []"]);
    assert_eq!(holds(&roles_of(&admin, "ann@example.com").await, "btRoles"), [r#"Bot Tester false ["QA"]"#]);
    let changes_of =
        |log: Value| log.as_array().unwrap().iter().filter(|entry| entry["resourceType"] == "role").count();
    for bot in [&bot, &other] {
        assert_eq!(changes_of(admin.get(&format!("/api/public/bot/{bot}/changelogs")).await.json()), 1);
    }

    let in_account = json!([{"roleId": account_admin, "addUsers": [ben], "addGroups": ["QA"]}]);
    assert_eq!(
        admin.post("/api/public/adminroles/assignments", &in_account).await.json(),
        json!([{"status": "success"}])
    );
    assert_eq!(holds(&roles_of(&admin, "ben@example.com").await, "adminRoles"), ["Master Admin false []"]);
    assert_eq!(holds(&roles_of(&admin, "ann@example.com").await, "adminRoles"), [r#"Master Admin false ["QA"]"#]);
    // The record of a user has the same roles, and the groups.
    let ann = info(&admin, "ann@example.com").await;
    assert_eq!(holds(&ann["roles"], "btRoles"), [r#"Bot Tester false ["QA"]"#]);
    assert_eq!(holds(&ann["roles"], "adminRoles"), [r#"Master Admin false ["QA"]"#]);
    assert_eq!(ann["groups"], json!([{"groupId": group["_id"], "groupName": "QA"}]));
    let back = json!([{"roleId": account_admin, "removeUsers": [ben], "removeGroups": ["QA"]}]);
    admin.post("/api/public/adminroles/assignments", &back).await.json();
    assert_eq!(roles_of(&admin, "ben@example.com").await["adminRoles"], json!([]));
    for body in [json!("x"), json!([1])] {
        admin.post("/api/public/btroles/assignments", &body).await.refused(412, "Validation errors/ Invalid arguments");
    }
    server.finish().await;
}

#[tokio::test]
async fn roles_go_out_and_in_as_a_file() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let names = |answer: &Value| -> Vec<String> {
        answer["roles"].as_array().unwrap().iter().map(|role| role["role"].as_str().unwrap().to_owned()).collect()
    };
    let listed = admin.get("/api/public/roles?roleType=bot").await.json();
    assert_eq!(names(&listed), ["Bot Developer", "Bot Owner", "Bot Tester"]);
    assert_eq!((&listed["total"], &listed["availableMore"]), (&json!(3), &json!(false)));
    assert!(
        listed["roles"]
            .as_array()
            .unwrap()
            .iter()
            .all(|role| role["roleType"] == "bot" && role["permissions"].is_object())
    );
    let page = admin.get("/api/public/roles?limit=2&offset=1").await.json();
    assert_eq!((names(&page).len(), &page["total"], &page["availableMore"]), (2, &json!(4), &json!(true)));
    assert_eq!(admin.get("/api/public/roles?roleType=&limit==&offset==").await.json()["total"], 4);

    let import = "/api/public/roles/import?roleType=bot";
    let reader = |permission: &str| {
        json!({"roleType": "bot", "_id": "5bf2ad6fe2bdbd10ed9eb0bc", "role": "Reader", "rDesc": "Reads",
            "permissions": {"analyze": permission}, "refId": "7c75218b-9812-5082-8a8b-a1e3c3787709"})
    };
    let file = async |content: Value| admin.upload("roles.json", content.to_string()).await;
    // The answer is the roles of the file in its order, those that were there already among them. Each row: the roles of a
    // file, whether names may be taken over, the names answered, and what the reader may do then.
    let builtin = json!({"role": "Bot Owner", "roleType": "bot", "permissions": {}});
    let other_kind = json!({"role": "Auditor", "roleType": "admin"});
    let table = [
        (json!([reader("view"), builtin]), true, vec!["Reader", "Bot Owner"], "view"),
        (json!({"roles": [reader("none"), other_kind]}), false, vec!["Reader"], "view"),
        (json!({"roles": [builtin, reader("full")]}), true, vec!["Bot Owner", "Reader"], "full"),
    ];
    let mut first = Value::Null;
    for (content, full, expected, permission) in table {
        let id = file(content.clone()).await;
        let answer = admin.post(&format!("{import}&fullImport={full}"), &json!({"fileId": id})).await.json();
        assert_eq!(names(&json!({"roles": answer})), expected, "{content}");
        let answered = answer.as_array().unwrap().iter().find(|role| role["role"] == "Reader").unwrap();
        if first.is_null() {
            first = answered.clone();
        }
        assert_eq!((&answered["_id"], &answered["createdDate"]), (&first["_id"], &first["createdDate"]), "{content}");
        assert_eq!(answered["permissions"]["analyze"], permission, "{content}");
        let roles = admin.get("/api/public/roles?roleType=bot").await.json();
        assert_eq!(names(&roles), ["Bot Developer", "Bot Owner", "Bot Tester", "Reader"], "{content}");
        assert_eq!(roles["roles"][3]["permissions"]["analyze"], permission, "{content}");
        assert_eq!(roles["roles"][1]["permissions"]["publish"], "full", "built-in roles stay");
    }
    let (id, created) = (first["_id"].clone(), first["createdDate"].clone());
    let owner = server.premises().owner.id.clone();
    let expected = json!({
        "_id": id, "roleType": "bot", "role": "Reader", "rDesc": "Reads", "permissions": {"analyze": "view"},
        "refId": "7c75218b-9812-5082-8a8b-a1e3c3787709", "orgId": server.premises().account.organization,
        "createdBy": owner, "createdDate": created, "modifiedBy": owner, "modifiedDate": created, "isDefault": false,
        "isASystemRole": false, "category": "custom", "rStatus": "unpublished",
        "mapping": {"users": [], "groups": [], "bots": []}, "_product": "Bots", "__v": 0,
    });
    assert_eq!(first, expected);

    // Who holds a role is told with it.
    let bot = admin.import_sample().await;
    admin.post(USERS, &json!({"users": [{"userInfo": {"emailId": "ann@example.com"}, "groups": ["QA"]}]})).await.json();
    let held = json!([{"roleId": id, "botId": bot, "addUsers": ["ann@example.com"], "addGroups": ["QA"]}]);
    admin.post("/api/public/btroles/assignments", &held).await.json();
    let ann = info(&admin, "ann@example.com").await;
    let again = json!({"fileId": file(json!([reader("full")])).await});
    let again = admin.post(import, &again).await.json();
    let mapping = json!({"users": [ann["userInfo"]["userId"]], "groups": [ann["groups"][0]["groupId"]], "bots": [bot]});
    assert_eq!(again[0]["mapping"], mapping);

    // Of the account there is one built-in role; the others follow as they came.
    let sent = json!([{"role": "Zoo", "roleType": "admin"}, {"role": "Ant", "roleType": "admin"}]);
    let id = file(sent).await;
    admin.post("/api/public/roles/import?roleType=admin&fullImport=true", &json!({"fileId": id})).await.json();
    let listed = admin.get("/api/public/roles?roleType=admin").await.json();
    assert_eq!(names(&listed), ["Master Admin", "Zoo", "Ant"]);

    let exported = admin.get("/api/public/roles/export?roleType=bot").await.json();
    let bytes = admin.download(exported["downloadURL"].as_str().unwrap()).await;
    let content: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(names(&content), ["Bot Developer", "Bot Owner", "Bot Tester", "Reader"]);
    let back = admin.post(&format!("{import}&fullImport=true"), &json!({"fileId": exported["fileId"]})).await.json();
    assert_eq!(names(&json!({"roles": back})), names(&content), "an exported file can be imported");

    for content in ["{", "1", "{}", r#"[{"rDesc":"no name"}]"#, "[1]", r#"[{"role":"x","roleType":"y"}]"#] {
        let id = admin.upload("roles.json", content).await;
        admin.post(import, &json!({"fileId": id})).await.refused(400, "Invalid file content");
    }
    admin.post(import, &json!({"fileId": "garbage"})).await.refused(400, "Invalid file id");
    for (path, body) in [(import, json!({})), ("/api/public/roles/import?roleType=x", json!({"fileId": "0"}))] {
        admin.post(path, &body).await.refused(412, "Validation errors/ Invalid arguments");
    }
    admin.get("/api/public/roles/export?roleType=x").await.refused(412, "Validation errors/ Invalid arguments");
    server.finish().await;
}

#[tokio::test]
async fn wrong_calls_about_people_are_refused() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let no_people: Vec<Scope> = Scope::held_by(AppKind::Admin)
        .into_iter()
        .filter(|scope| !matches!(scope, Scope::UserManagement | Scope::RoleManagement))
        .collect();
    let poor = server.client_with_scopes(AppKind::Admin, &[], &no_people).await;
    let calls = [
        (Method::POST, "users"),
        (Method::PUT, "users"),
        (Method::DELETE, "users"),
        (Method::POST, "usersInfo"),
        (Method::POST, "useraccess"),
        (Method::GET, "roles"),
        (Method::GET, "alluserroles"),
        (Method::GET, "groups"),
        (Method::POST, "btroles/assignments/"),
        (Method::POST, "adminroles/assignments"),
        (Method::GET, "roles/export"),
        (Method::POST, "roles/import"),
    ];
    for (method, call) in calls {
        let path = format!("/api/public/{call}");
        let anonymous = server.anonymous();
        anonymous.send(anonymous.request(method.clone(), &path)).await.refused(401, "Invalid SDK credentials");
        poor.send(poor.request(method.clone(), &path)).await.refused(401, "Permission denied. Scope is incorrect!");
        admin.send(admin.request(Method::PATCH, &path)).await.refused(405, "Method Not Allowed");
    }
    for (method, call, body) in [
        (Method::POST, "users", "{}"),
        (Method::POST, "users", r#"{"users":[]}"#),
        (Method::PUT, "users", "{"),
        (Method::DELETE, "users", "{}"),
        (Method::POST, "usersInfo", r#"{"emailIds":"ann@example.com"}"#),
    ] {
        let request = admin.request(method, &format!("/api/public/{call}")).body(body);
        admin.send(request).await.refused(412, "Validation errors/ Invalid arguments");
    }
    // A DELETE in the guise of a POST, as clients that cannot send bodies with DELETE do.
    admin.post(USERS, &json!({"users": [user("ann@example.com")]})).await.json();
    let request = admin.request(Method::POST, USERS).header("X-HTTP-Method-Override", "DELETE");
    let reply = admin.send(request.json(&json!({"deleteEmailIds": ["ann@example.com"]}))).await.json();
    assert_eq!(reply, json!({"msg": "Users are removed Successfully"}));
    server.finish().await;
}
