//! Texts of an export, decoded.

use definition::texts::{decode, response_script};
use serde_json::Value;

use super::lenient::{id, is_on, items, members, text, unquoted};
use crate::bot::{Button, Buttons, Entry, Text, Texts};

/// A text that may be percent-encoded (`export-format.md` §4).
pub(super) fn stored(value: &Value) -> String {
    decode(text(value)).0.into_owned()
}

/// A script; `None` where there is none.
pub(super) fn script(value: &Value) -> Option<Text> {
    Some(Text::script(&stored(value))).filter(|script| !script.is_empty())
}

/// The entries of a message: one per channel and variant, each with a text per language. Entries without a text are left
/// out.
pub(super) fn messages(value: &Value) -> Texts {
    let entries = items(value).iter().map(|entry| Entry {
        channel: channel(entry),
        texts: members(&entry["localeData"]).map(|(language, locale)| (language.clone(), written(locale))).collect(),
    });
    Texts(entries.filter(|entry| entry.texts.iter().any(|(_, text)| !text.is_empty())).collect())
}

/// The messages of a node: those it has of its own, else those of its component.
pub(super) fn own_or(own: &Value, of_component: &Value) -> Texts {
    let own = messages(own);
    if own.is_empty() { messages(of_component) } else { own }
}

/// Where the data of a message's reports stand: of the message itself, or of its entries (corrections.md).
pub(super) fn reports(node: &Value, component: &Value) -> Vec<Text> {
    let own = &node["nodeOptions"];
    let entries = [&own["message"], &component["message"]].into_iter().flat_map(items);
    let holders = [own, component].into_iter().chain(entries).filter(|holder| is_on(&holder["isReport"]));
    let paths = holders.flat_map(|holder| items(&holder["report"])).map(|report| stored(&report["dataPath"]));
    let mut found: Vec<String> = Vec::new();
    for path in paths.filter(|path| !path.trim().is_empty()) {
        if !found.contains(&path) {
            found.push(path);
        }
    }
    found.iter().map(|path| Text::plain(path)).collect()
}

/// A text as it is, for one language and every channel.
pub(super) fn single(language: &str, text: Text) -> Texts {
    Texts(vec![Entry { channel: "default".to_owned(), texts: vec![(language.to_owned(), text)] }])
}

/// A standard response: a text, or a text with `<% … %>` code in it.
pub(super) fn response(written: &str) -> Text {
    response_script(written).map_or_else(|| Text::plain(written), |script| Text::script(&script))
}

/// The channel of an element; `default` where it names none.
pub(super) fn channel(entry: &Value) -> String {
    let channel = text(&entry["channel"]).trim();
    if channel.is_empty() { "default" } else { channel }.to_owned()
}

/// A text of a language; a template beside it, which the builder writes with buttons, wins over it.
fn written(locale: &Value) -> Text {
    if let Some(template) = unquoted(&locale["payload"])
        && let Some(buttons) = buttons(&template)
    {
        let own = if template["text"].is_string() { &template["text"] } else { &locale["text"] };
        return Text { buttons: Some(Box::new(buttons)), ..Text::plain(&stored(own)) };
    }
    let decoded = stored(&locale["text"]);
    if text(&locale["type"]).eq_ignore_ascii_case("uxmap") { Text::script(&decoded) } else { Text::plain(&decoded) }
}

/// The buttons of a template: `buttons`, or `quick_replies`. Their titles are raw.
fn buttons(template: &Value) -> Option<Buttons> {
    let kind = id(&template["template_type"])?;
    let member = ["buttons", "quick_replies"].into_iter().find(|member| !items(&template[*member]).is_empty())?;
    let button = |written: &Value| {
        let title = text(&written["title"]);
        let payload = [&written["payload"], &written["value"]].into_iter().find_map(Value::as_str).unwrap_or(title);
        Button { title: Text::plain(title), payload: Text::plain(payload), written: written.clone() }
    };
    let all = items(&template[member]).iter().filter(|it| it.is_object()).map(button).collect();
    Some(Buttons { kind: kind.to_owned(), member: member.to_owned(), all })
}
