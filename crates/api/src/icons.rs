//! Icons that bots are given by an id: uploaded ones, and those of the original that scripts name without an upload.

use bytes::Bytes;
use domain::{AccountId, UserId};
use store::{File, NamedBlob};

use crate::{ApiError, Platform};

/// The icon that stands for every icon of the original's own.
const BUILT_IN: &[u8] = include_bytes!("icon.png");
const BUILT_IN_NAME: &str = "icon.png";

/// The id under which the original has the picture of bots without one of their own; its console and scripts that make
/// bots as it does name it. `api.icon_ids` lists more.
const WELL_KNOWN: [&str; 1] = ["58d2376ab99576e94c2daf2c"];

/// A larger icon is a mistake. Bytes.
const MAX_ICON_BYTES: i64 = 4 << 20;

impl Platform {
    /// Whether an id is that of an icon of the original's own.
    fn is_well_known_icon(&self, id: &str) -> bool {
        WELL_KNOWN.into_iter().chain(self.settings().icon_ids.iter().map(String::as_str)).any(|known| known == id)
    }

    /// The file that a well-known id of an icon stands for, made anew; nothing where the id is another one.
    pub(crate) async fn well_known_icon_file(
        &self,
        account: &AccountId,
        by: &UserId,
        id: &str,
    ) -> Result<Option<String>, ApiError> {
        if !self.is_well_known_icon(id) {
            return Ok(None);
        }
        Ok(Some(self.add_built_in_file(account, by, BUILT_IN_NAME, BUILT_IN).await?.to_string()))
    }

    /// The icon with this id, kept as a bot refers to it, and its file, to be inserted with the bot; nothing where there is
    /// no such icon.
    pub(crate) async fn icon(
        &self,
        account: &AccountId,
        by: &UserId,
        id: &str,
    ) -> Result<Option<(NamedBlob, File)>, ApiError> {
        let (name, bytes) = match self.store().file(account, id).await? {
            Some(file) if file.size > MAX_ICON_BYTES => {
                return Err(ApiError::too_large(format!("The icon is larger than {MAX_ICON_BYTES} bytes")));
            }
            Some(file) => (file.name.clone(), self.store().file_bytes(&file).await?),
            None if self.is_well_known_icon(id) => (BUILT_IN_NAME.to_owned(), Bytes::from_static(BUILT_IN)),
            None => return Ok(None),
        };
        Ok(Some(self.store().put_icon(account, by, name, bytes).await?))
    }
}
