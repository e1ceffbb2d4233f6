//! Links to forms: who may fill in what, once.

use serde_json::Value;

use crate::form_link::{FormToken, PURPOSE};
use crate::{Conversations, Error, Incoming, IncomingEvent, conversation_of};

/// A form to be shown.
#[derive(Clone, Debug)]
pub struct FormPage {
    /// Whose it is.
    pub token: FormToken,
    /// The form.
    pub form: dialog::bot::Form,
    /// Name of the bot.
    pub bot_name: String,
}

impl Conversations {
    /// The form a link stands for.
    ///
    /// # Errors
    /// The link was altered, was used already, or its conversation went on without it.
    pub async fn form(&self, hash: &str) -> Result<FormPage, Error> {
        let token = self.form_token(hash)?;
        let (ready, document) = self.form_session(&token).await?;
        let waits = document.state.frame().is_some_and(|frame| frame.waiting == dialog::state::Waiting::Form);
        let form = ready.bot.form(&token.form).cloned();
        match form.filter(|_| waits) {
            Some(form) => {
                let bot_name = ready.bot.name(&document.state.language).to_owned();
                Ok(FormPage { token, form, bot_name })
            }
            None => Err(Error::Form("the form was sent already, or the conversation went on without it")),
        }
    }

    /// Sends a form: its values, or `None` when it is called off. The answer of the bot goes to the conversation.
    ///
    /// # Errors
    /// As [`Self::form`].
    pub async fn send_form(&self, hash: &str, values: Option<Value>) -> Result<crate::Answer, Error> {
        let token = self.form_token(hash)?;
        let bot = self.shared().store.bot(&domain::BotId::stored(token.bot.clone())).await?;
        let bot = bot.ok_or(Error::Form("the conversation that asked for the form has ended"))?;
        let place = self.place(conversation_of(&bot.account, &bot.id, &token.identity, &token.channel));
        let FormPage { token, .. } = self.form(hash).await?;
        let event = IncomingEvent::Form { form: token.form, values };
        let incoming = Incoming::of(&bot.account, &bot.id, &token.identity, &token.channel, event);
        self.receive(place, incoming).await
    }

    fn form_token(&self, hash: &str) -> Result<FormToken, Error> {
        let opened = self.shared().store.key().open(PURPOSE, hash);
        let opened = opened.map_err(|_| Error::Form("the link to the form is not good: ask the bot for a new one"))?;
        serde_json::from_str(opened.expose()).map_err(|_| Error::Form("the link to the form is not good"))
    }

    async fn form_session(&self, token: &FormToken) -> Result<(crate::bots::Ready, crate::session::Document), Error> {
        let shared = self.shared();
        let gone = || Error::Form("the conversation that asked for the form has ended");
        let id = domain::SessionId::stored(token.session.clone());
        let session = shared.store.session(&id).await?.filter(|session| session.ended_at.is_none()).ok_or_else(gone)?;
        let bot = shared.store.bot(&session.bot).await?.ok_or_else(gone)?;
        let document = crate::session::Document::of(&session).map_err(|_| gone())?;
        let ready = shared.bots.ready(&shared.store, &bot, document.pinned.as_ref(), session.developer).await?;
        Ok((ready, document))
    }
}
