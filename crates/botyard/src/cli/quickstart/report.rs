//! What a quickstart tells: what is there, and calls to copy.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::apps::Credentials;

pub(super) struct Report {
    pub(super) url: String,
    pub(super) data: PathBuf,
    /// Where the files of the sample were written.
    pub(super) sample_folder: PathBuf,
    pub(super) admin: Credentials,
    pub(super) builder: Credentials,
    /// The owner, `u-…`.
    pub(super) user: String,
    pub(super) bot: String,
    pub(super) bot_name: &'static str,
    /// The import of the bot, `bir-…`.
    pub(super) import: String,
    /// The body of an import of the sample, with the ids of its uploaded files.
    pub(super) files: Value,
    /// The link to the exported archive.
    pub(super) download: String,
}

/// Who talks to the bot in the calls that are printed.
const TALKER: &str = "me@example.com";

/// The app a call is made as.
#[derive(Clone, Copy)]
enum As {
    Admin,
    Builder,
}

/// A call to copy: what it does, as which app, and the arguments of `curl` without the token.
struct Call {
    title: &'static str,
    caller: As,
    arguments: String,
}

impl Report {
    fn calls(&self) -> Vec<Call> {
        let Self { url, bot, import, .. } = self;
        let call = |title, caller, arguments| Call { title, caller, arguments };
        let json_body = |body: &Value| format!("-H 'Content-Type: application/json' -d '{body}'");
        let definition = self.sample_folder.join("botDefinition.json");
        let definition = definition.display();
        vec![
            call(
                "Upload a file",
                As::Admin,
                format!(
                    "-X POST '{url}/api/public/uploadfile' -F 'file=@{definition}' -F fileContext=bulkImport \
                     -F fileExtension=json"
                ),
            ),
            call(
                "Import uploaded files as a new bot",
                As::Admin,
                format!("-X POST '{url}/api/public/bot/import' {}", json_body(&self.files)),
            ),
            call("Import status", As::Admin, format!("-X GET '{url}/api/public/bot/import/status/{import}'")),
            call(
                "Export",
                As::Admin,
                format!(
                    "-X POST '{url}/api/public/bot/{bot}/export' {}",
                    json_body(&json!({"exportType": "published"}))
                ),
            ),
            call(
                "Export status, with the download link",
                As::Admin,
                format!("-X GET '{url}/api/public/bot/{bot}/export/status'"),
            ),
            call("Publish status", As::Admin, format!("-X GET '{url}/api/1.1/public/bot/{bot}/publish/status/'")),
            call(
                "What a text means to the bot",
                As::Builder,
                format!(
                    "-X POST '{url}/api/v1.1/rest/bot/{bot}/findIntent?fetchConfiguredTasks=false' {}",
                    json_body(&json!({"input": "two large lattes please", "streamName": self.bot_name}))
                ),
            ),
            call(
                "Talk to the bot; say more by changing `val`",
                As::Builder,
                format!(
                    "-X POST '{url}/chatbot/v2/webhook/{bot}' {}",
                    json_body(&json!({
                        "session": {"new": false},
                        "message": {"type": "text", "val": "order coffee"},
                        "from": {"id": TALKER},
                    }))
                ),
            ),
            call(
                "Close the session of that talk",
                As::Builder,
                format!(
                    "-X PUT '{url}/api/public/bot/{bot}/session' {}",
                    json_body(&json!({"userId": TALKER, "status": "inactive", "channel": "ivr"}))
                ),
            ),
        ]
    }

    fn credentials(&self, caller: As) -> &Credentials {
        match caller {
            As::Admin => &self.admin,
            As::Builder => &self.builder,
        }
    }

    /// For programs: one object; the calls carry their tokens.
    pub(super) fn to_json(&self) -> Value {
        let app = |app: &Credentials| json!({"clientId": app.client_id, "clientSecret": app.client_secret, "token": app.token});
        let mut calls = Vec::new();
        for call in self.calls() {
            let token = &self.credentials(call.caller).token;
            let command = format!("curl -sS {} -H 'auth: {token}'", call.arguments);
            calls.push(json!({"title": call.title, "command": command}));
        }
        json!({
            "url": self.url,
            "data": self.data,
            "admin": app(&self.admin),
            "builder": app(&self.builder),
            "userId": self.user,
            "botId": self.bot,
            "botName": self.bot_name,
            "importId": self.import,
            "downloadURL": self.download,
            "requests": calls,
        })
    }

    /// For people: the tokens stand in two shell variables, so that the calls stay readable.
    pub(super) fn to_text(&self) -> String {
        let mut text = format!(
            "Botyard is ready at {url} (data in {data}; Ctrl-C stops it).\n\n\
             Sample bot   {bot_name}  {bot}  (imported, published, exported)\n\
             Archive      {download}\n\
             Admin app    {admin_id}  {admin_secret}\n\
             Builder app  {builder_id}  {builder_secret}\n\n\
             Paste these two into a shell (good for 24 hours; `botyard token` makes others), then any call below:\n\n\
             ADMIN='{admin_token}'\n\
             BUILDER='{builder_token}'\n",
            url = self.url,
            data = self.data.display(),
            bot_name = self.bot_name,
            bot = self.bot,
            download = self.download,
            admin_id = self.admin.client_id,
            admin_secret = self.admin.client_secret,
            builder_id = self.builder.client_id,
            builder_secret = self.builder.client_secret,
            admin_token = self.admin.token,
            builder_token = self.builder.token,
        );
        for call in self.calls() {
            let variable = match call.caller {
                As::Admin => "ADMIN",
                As::Builder => "BUILDER",
            };
            text.push_str(&format!("\n# {}\ncurl {} -H \"auth: ${variable}\"\n", call.title, call.arguments));
        }
        text
    }
}
