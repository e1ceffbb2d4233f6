//! The form node: offers a form and waits until it was sent.

use serde_json::{Value, json};

use super::Engine;
use super::run::Then;
use crate::host::{Cause, Fault, Host};
use crate::node::{FormNode, Kind};
use crate::reply::{Content, Source};
use crate::state::Waiting;

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) async fn form_node(&mut self, node: &'a FormNode) -> Result<Then<'a>, Fault> {
        let bot = self.bot;
        let Some(form) = bot.form(&node.form) else {
            return Err(Fault::of(Cause::Bot, format!("the form {} is not in the bot", node.form)));
        };
        let offer = self.host.offer_form(&form.ref_id, &node.render, &form.definition).await;
        if let Some((_, here)) = self.place() {
            self.context_mut().insert(here.name.clone(), json!({"formLink": offer.link}));
        }
        if !self.say(&node.prompt, Source::Dialog).await? {
            self.reply(
                Content::Text("Please click below to continue your conversation using a form:".to_owned()),
                Source::Dialog,
            );
        }
        self.check_answer("the form", &offer.definition)?;
        if let Some(reply) = self.out.replies.last_mut() {
            reply.form = Some(offer);
        }
        Ok(Then::Wait(Waiting::Form))
    }

    /// A form was sent or called off.
    pub(crate) async fn form_came(&mut self, form: &str, values: Option<Value>) {
        let waits = self.state.frame().is_some_and(|frame| frame.waiting == Waiting::Form);
        let Some((dialog, node)) = self.place().filter(|_| waits) else { return };
        let Kind::Form(described) = &node.kind else { return };
        if described.form != form {
            return;
        }
        self.log("form", json!({"form": form, "sent": values.is_some(), "dialog": dialog.lower_name}));
        let Some(values) = values else {
            self.say_standard(crate::bot::Condition::Discarded, &[]).await;
            self.discard_stack(crate::turn::Reason::Canceled);
            return;
        };
        let bot = self.bot;
        let name = bot.form(form).map_or(form, |form| form.name.as_str());
        let forms = self.context_mut().entry("forms").or_insert_with(|| json!({}));
        if !forms.is_object() {
            *forms = json!({});
        }
        forms[name] = values;
        self.move_to(&node.id);
        if let Err(fault) = self.say(&described.submitted, Source::Dialog).await {
            return self.fail(&fault).await;
        }
        self.follow(node, &super::run::Said::default()).await;
    }
}
