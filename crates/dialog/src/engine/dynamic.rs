//! The node that runs what the context names: a dialog, or a question with its answer.

use definition::nlp::Answer;

use super::Engine;
use super::run::Then;
use crate::bot::Dialog;
use crate::host::{Fault, Host};
use crate::node::Dynamic;

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) async fn dynamic_node(&mut self, dynamic: &'a Dynamic) -> Result<Then<'a>, Fault> {
        let named = self.fill(&dynamic.named).await?.trim().to_owned();
        if named.is_empty() {
            return Ok(self.skip("nothing in the context names a dialog or a question"));
        }
        if let Some(dialog) = self.dialog_called(&named) {
            if dialog.start.is_none() {
                return Ok(self.skip(&format!("the dialog '{named}' has no nodes")));
            }
            return Ok(Then::Run { dialog, before: &dynamic.before, replaces: dynamic.replaces });
        }
        let model = self.model;
        let is_named = |text: &str| text.trim().to_lowercase() == named.to_lowercase();
        let asks = |faq: &definition::nlp::Faq| {
            is_named(&faq.question.text) || faq.ref_id == named || faq.alternates.iter().any(|it| is_named(&it.text))
        };
        let Some(place) = model.data().faqs.iter().position(asks) else {
            return Ok(self.skip(&format!("there is no dialog and no question '{named}'")));
        };
        if let Answer::Dialog { dialog_ref } = &model.data().faqs[place].answer {
            return Ok(match self.dialog(dialog_ref).filter(|dialog| dialog.start.is_some()) {
                Some(dialog) => Then::Run { dialog, before: &[], replaces: false },
                None => self.skip(&format!("the dialog that answers '{named}' is not in the bot")),
            });
        }
        self.answer_question(place, true).await;
        Ok(Then::Next)
    }

    /// The dialog that people call so, without regard to case, else the one with this name, `refId` or `_id`. A name may
    /// have that of the app before it.
    pub(crate) fn dialog_called(&self, named: &str) -> Option<&'a Dialog> {
        let bot = self.bot;
        let own = bot.names.iter().find_map(|(_, name)| {
            let (app, rest) = named.split_once('.')?;
            (app.trim().to_lowercase() == name.trim().to_lowercase()).then(|| rest.trim())
        });
        [Some(named), own].into_iter().flatten().find_map(|named| {
            let is = |name: &str| name.trim().to_lowercase() == named.to_lowercase();
            let displayed = bot.dialogs.iter().find(|dialog| dialog.names.iter().any(|(_, name)| is(name)));
            let by_name = || bot.dialogs.iter().find(|dialog| is(&dialog.lower_name));
            displayed.or_else(by_name).or_else(|| bot.dialog(named))
        })
    }
}
