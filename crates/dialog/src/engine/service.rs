//! Service nodes: requests filled in and sent, data tables read and written.

use serde_json::{Map, Value, json};

use super::Engine;
use super::run::Then;
use crate::bot::{AuthProfile, Piece, Text};
use crate::compat::JsonBodies;
use crate::host::{Cause, Code, Fault, Host, ServiceCall, TableAccess};
use crate::json_body;
use crate::node::{Node, Service, Table};

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) async fn service_node(&mut self, node: &'a Node, service: &'a Service) -> Result<Then<'a>, Fault> {
        self.run_if_any(service.before.as_ref()).await?;
        // The pieces of the body are filled in one by one: what stands in a text of JSON may have to be escaped.
        let of_body = |piece: &Piece| Text { pieces: vec![piece.clone()], ..Text::default() };
        let body: Vec<Text> = service.body.pieces.iter().map(of_body).collect();
        let texts: Vec<&Text> = [&service.url, &service.headers].into_iter().chain(&body).collect();
        let mut filled = self.fill_all(&texts).await?.into_iter();
        let (url, headers) = (filled.next().unwrap_or_default(), filled.next().unwrap_or_default());
        let filled: Vec<String> = filled.collect();
        let escaped = match self.at.compat.json_bodies {
            JsonBodies::Escaped => json_body::escaped(&service.body.pieces, &filled),
            JsonBodies::Plain => None,
        };
        let is_escaped = escaped.is_some();
        let body = escaped.unwrap_or_else(|| filled.concat());
        let headers = headers_of(&headers).map_err(|reason| {
            Fault::of(Cause::Bot, format!("the headers of the service '{}' are not a JSON object: {reason}", node.name))
        })?;
        let sends_body = !matches!(service.method.as_str(), "GET" | "HEAD");
        let call = ServiceCall {
            name: node.name.clone(),
            method: service.method.clone(),
            url,
            headers,
            body: (sends_body && !body.is_empty()).then_some(body),
            timeout_s: service.timeout_s,
            auth: self.auth_of(&service.auth).await?,
            sample: service.sample.clone(),
        };
        let mut shown = json!({"method": call.method, "url": call.url});
        if is_escaped {
            shown["escaped"] = json!(true);
        }
        self.tell_host();
        match self.host.call(call).await {
            Ok(answer) => {
                self.log("service", json!({"request": shown, "statusCode": answer.status}));
                self.check_answer(&format!("the answer of the service '{}'", node.name), &answer.body)?;
                let response = json!({"statusCode": answer.status, "body": answer.body, "headers": answer.headers});
                self.leave_response(&node.name, response, Some(answer.status));
                self.run_if_any(service.after.as_ref()).await?;
                Ok(Then::Next)
            }
            Err(fault) if fault.no_answer && service.timeout_target.is_some() => {
                self.log("service", json!({"request": shown, "error": fault.message}));
                Ok(Then::Go(service.timeout_target.clone()))
            }
            Err(fault) => {
                self.log("service", json!({"request": shown, "error": fault.message}));
                Err(Fault { message: format!("the service '{}': {}", node.name, fault.message), ..fault })
            }
        }
    }

    pub(crate) async fn table_node(&mut self, node: &'a Node, table: &'a Table) -> Result<Then<'a>, Fault> {
        self.run_if_any(table.before.as_ref()).await?;
        let mut texts: Vec<&Text> = vec![&table.name, &table.skip, &table.limit];
        texts.extend(table.conditions.iter().map(|(_, _, value, _)| value));
        let filled = self.fill_all(&texts).await?;
        let mut data = Map::new();
        let mut bytes = 0;
        for (column, value) in &table.data {
            let value = self.value_of(value).await?.unwrap_or(Value::Null);
            bytes += domain::json_size(&value).bytes;
            self.check_filled(bytes)?;
            data.insert(column.clone(), value);
        }
        let values = filled[3..].iter().cloned();
        let conditions = table.conditions.iter().zip(values);
        let access = TableAccess {
            name: node.name.clone(),
            table: filled[0].clone(),
            method: table.method.clone(),
            data,
            conditions: conditions
                .map(|((column, operand, _, kind), value)| (column.clone(), operand.clone(), value, kind.clone()))
                .collect(),
            any: table.any,
            skip: filled[1].trim().parse().unwrap_or(0),
            limit: filled[2].trim().parse().ok(),
            sample: table.sample.clone(),
        };
        let shown = json!({"table": access.table, "method": access.method});
        self.tell_host();
        let body = self.host.table(access).await.map_err(|fault| Fault {
            message: format!("the data table of '{}': {}", node.name, fault.message),
            ..fault
        })?;
        self.log("table", shown);
        self.check_answer(&format!("the answer of the data table of '{}'", node.name), &body)?;
        self.leave_response(&node.name, json!({"statusCode": 200, "body": body, "headers": {}}), Some(200));
        self.run_if_any(table.after.as_ref()).await?;
        Ok(Then::Next)
    }

    /// Leaves an answer in `context.<name>.response`.
    pub(crate) fn leave_response(&mut self, name: &str, response: Value, status: Option<u16>) {
        let mut left = json!({"response": response});
        if let Some(status) = status {
            left["statusCode"] = json!(status);
        }
        self.context_mut().insert(name.to_owned(), left);
    }

    pub(crate) async fn run_if_any(&mut self, script: Option<&'a Text>) -> Result<(), Fault> {
        if let Some(script) = script.filter(|script| !script.is_empty()) {
            self.script(Code::Body(script.pieces.clone())).await?;
        }
        Ok(())
    }

    /// The profile with which a service proves who calls, its templates filled in.
    async fn auth_of(&mut self, named: &str) -> Result<Option<AuthProfile>, Fault> {
        if named.is_empty() {
            return Ok(None);
        }
        let bot = self.bot;
        let found = bot.auth_profiles.iter().find(|profile| profile.ref_id == named || profile.name == named);
        let Some(profile) = found else {
            let message = format!("the authorization profile '{named}' is not in the bot");
            return Err(Fault::of(Cause::Bot, message));
        };
        let mut filled = profile.clone();
        for field in &mut filled.fields {
            field.value = Text::plain(&self.fill(&field.value).await?);
        }
        Ok(Some(filled))
    }
}

/// Headers, written as a JSON object.
fn headers_of(text: &str) -> Result<Vec<(String, String)>, String> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let object: Map<String, Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let shown = |value: &Value| crate::scope::shown(Some(value)).into_owned();
    Ok(object.iter().map(|(name, value)| (name.clone(), shown(value))).collect())
}
