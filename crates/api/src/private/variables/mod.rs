//! Variables of a bot as the builder shows and changes them.

pub(crate) mod list;
pub(crate) mod put;

use definition::variables::export_variables;
use serde_json::{Value, json};
use store::Bot;

use crate::documents::Documents;
use crate::{ApiError, Platform};

impl Platform {
    /// All variables of a bot's draft, with its id in `streamId`. Secured values are empty.
    async fn variables_of(&self, bot: &Bot) -> Result<Vec<Value>, ApiError> {
        let read = |documents: Documents| {
            export_variables(&documents.config, &documents.definition).map_err(|error| ApiError::internal(&error))
        };
        let mut variables = self.read_documents(bot, read).await?;
        for variable in variables.iter_mut().filter_map(Value::as_object_mut) {
            variable.insert("streamId".into(), json!(bot.id));
        }
        Ok(variables)
    }
}
