//! What expressions and conditions of a dialog see.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::path::{self, Found, Step};
use crate::state::Stores;

/// What a dialog sees. Paths are looked up here; everything else is JavaScript's.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// `context` but for `session`.
    pub(crate) context: &'a Map<String, Value>,
    /// What the platform says in `context`, whatever stands there.
    pub(crate) platform: Option<&'a Map<String, Value>>,
    /// `context.session`.
    pub(crate) stores: &'a Stores,
    /// `env`.
    pub(crate) env: &'a Value,
    /// `content`.
    pub(crate) content: &'a Value,
}

/// The stores, as `context.session` and as globals call them.
const STORES: [&str; 5] = ["EnterpriseContext", "BotContext", "UserContext", "UserSession", "BotUserSession"];

/// Where agent nodes leave what they collected.
pub(crate) const AGENTS: &str = "AI_Assisted_Dialogs";

/// A value that an agent collected, wherever it stands among its entities: `<agent>.entities[0].<name>` and
/// `<agent>.entities.<name>`, as scripts see them, too.
fn of_agent<'v>(agents: &'v Value, steps: &[Step]) -> Option<Found<'v>> {
    let [agent @ Step::Key(_), Step::Key(entities), rest @ ..] = steps else { return None };
    let rest = if let [Step::Index(_), rest @ ..] = rest { rest } else { rest };
    let Some((Step::Key(name), rest)) = rest.split_first().filter(|_| entities == "entities") else { return None };
    let Found::Value(Value::Array(all)) = path::get(agents, &[agent.clone(), Step::Key(entities.clone())])? else {
        return None;
    };
    path::get(all.iter().find_map(|one| one.get(name))?, rest)
}

impl Stores {
    /// A store by its name.
    pub(crate) fn named(&self, name: &str) -> Option<&Map<String, Value>> {
        Some(match name {
            "EnterpriseContext" => &self.enterprise,
            "BotContext" => &self.bot,
            "UserContext" => &self.user_context,
            "UserSession" => &self.user,
            "BotUserSession" => &self.bot_user,
            _ => return None,
        })
    }

    /// A store that bots write, by its name.
    pub(crate) fn named_mut(&mut self, name: &str) -> Option<&mut Map<String, Value>> {
        Some(match name {
            "EnterpriseContext" => &mut self.enterprise,
            "BotContext" => &mut self.bot,
            "UserSession" => &mut self.user,
            "BotUserSession" => &mut self.bot_user,
            _ => return None,
        })
    }

    /// `context.session`.
    pub fn to_value(&self, user: &str, bot: &str) -> Value {
        let mut session = Map::new();
        for name in STORES {
            session.insert(name.to_owned(), Value::Object(self.named(name).cloned().unwrap_or_default()));
        }
        session.insert("opts".to_owned(), serde_json::json!({"userId": user, "streamId": bot}));
        Value::Object(session)
    }
}

impl<'a> Scope<'a> {
    /// What an expression comes to, if it is a path. `Some(None)` is a path to nothing.
    pub(crate) fn path(&self, expression: &str) -> Option<Option<Value>> {
        let steps = path::parse(expression)?;
        let Step::Key(root) = &steps[0] else { return None };
        let rest = &steps[1..];
        let found = match root.as_str() {
            "context" => self.in_context(rest),
            "env" => path::get(self.env, rest),
            "content" => path::get(self.content, rest),
            name if STORES.contains(&name) => self.in_store(name, rest),
            // A literal, or a name that only JavaScript knows.
            _ => return None,
        };
        Some(found.map(Found::to_value))
    }

    /// What a condition looks at: a path from the context, with or without `context.` before it.
    pub(crate) fn condition_path(&self, written: &str) -> Option<Value> {
        if let Some(found) = self.path(written) {
            return found;
        }
        self.in_context(&path::parse(written)?).map(Found::to_value)
    }

    fn in_context(&self, steps: &[Step]) -> Option<Found<'a>> {
        let Some((Step::Key(first), rest)) = steps.split_first() else { return None };
        if first == "session" {
            let Some((Step::Key(store), rest)) = rest.split_first() else { return None };
            return self.in_store(store, rest);
        }
        let of_platform = self.platform.and_then(|platform| platform.get(first));
        let value = of_platform.or_else(|| self.context.get(first))?;
        let found = path::get(value, rest);
        if found.is_none() && first == AGENTS { of_agent(value, rest) } else { found }
    }

    fn in_store(&self, name: &str, steps: &[Step]) -> Option<Found<'a>> {
        let store = self.stores.named(name)?;
        let Some((Step::Key(first), rest)) = steps.split_first() else { return None };
        path::get(store.get(first)?, rest)
    }
}

/// How a value reads in a text: nothing for what is not there, objects as JSON, lists of plain values with commas.
pub(crate) fn shown(value: Option<&Value>) -> Cow<'_, str> {
    match value {
        None | Some(Value::Null) => Cow::Borrowed(""),
        Some(Value::String(text)) => Cow::Borrowed(text),
        Some(Value::Number(number)) => Cow::Owned(number_text(number)),
        Some(Value::Array(list)) if list.iter().all(|item| !item.is_object() && !item.is_array()) => {
            Cow::Owned(list.iter().map(|item| shown(Some(item))).collect::<Vec<_>>().join(","))
        }
        Some(other) => Cow::Owned(other.to_string()),
    }
}

/// How a value reads to people: as [`shown`], but values of entities that are objects have a text of their own. Objects that
/// a bot made, or a service answered, are what the author asked for.
pub(crate) fn told(value: Option<&Value>) -> Cow<'_, str> {
    match value {
        Some(Value::Object(object)) => {
            let text = |key: &str| object.get(key).map(|value| shown(Some(value)));
            let of_entity =
                match (text("amount"), text("unit").or_else(|| text("code")), text("fromDate"), text("toDate")) {
                    (Some(amount), Some(unit), ..) => Some(Cow::Owned(format!("{amount} {unit}"))),
                    (_, _, Some(from), Some(to)) => Some(Cow::Owned(format!("{from} - {to}"))),
                    // A currency alone; that of `currencyv2` is a list of itself, too.
                    (None, Some(code), ..) if object.keys().all(|key| matches!(&**key, "code" | "0" | "length")) => {
                        Some(code)
                    }
                    _ => ["formatted_address", "AirportName", "shortName"].into_iter().find_map(text),
                };
            of_entity.unwrap_or_else(|| shown(value))
        }
        Some(Value::Array(list)) if list.iter().any(Value::is_object) => {
            let told: Vec<Cow<'_, str>> = list.iter().map(|item| told(Some(item))).collect();
            // One that is JSON all the same makes JSON of the whole list.
            if told.iter().any(|text| text.starts_with('{')) { shown(value) } else { Cow::Owned(told.join(", ")) }
        }
        _ => shown(value),
    }
}

/// A number as JavaScript writes it.
fn number_text(number: &serde_json::Number) -> String {
    let text = number.to_string();
    match number.as_f64() {
        Some(float) if text.contains(['.', 'e', 'E']) && float.fract() == 0.0 && float.abs() < 1e15 => {
            format!("{float:.0}")
        }
        _ => text,
    }
}
