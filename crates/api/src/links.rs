//! Links by which files are fetched without any header.

use std::time::Duration;

use http::header;
use store::File;

use crate::Platform;
use crate::body::Call;

/// The folder of media links: icons are `market`, everything else is `media`.
fn folder(file: &File) -> &'static str {
    if file.context == "icon" { "market" } else { "media" }
}

impl Platform {
    /// The address clients reach this server under: as configured, else as this call reached it.
    pub(crate) fn public_url(&self, call: &Call) -> String {
        if let Some(url) = &self.settings().public_url {
            return url.trim_end_matches('/').to_owned();
        }
        let scheme = call.header("x-forwarded-proto").filter(|scheme| *scheme == "https").unwrap_or("http");
        let host = call.header(header::HOST.as_str()).or_else(|| call.uri.authority().map(|host| host.as_str()));
        format!("{scheme}://{}", host.unwrap_or("localhost"))
    }

    /// A signed link to a file, good for the configured time but not longer than the file is kept.
    pub(crate) fn link(&self, call: &Call, file: &File) -> String {
        let wanted = self.now().plus(Duration::from_secs(self.settings().link_lifetime_s));
        let expires = file.expires_at.map_or(wanted, |end| end.min(wanted));
        let name = format!("{}/{}", folder(file), file.media_name);
        self.links().link(&self.public_url(call), &name, expires, Some(&file.name), self.store().ids())
    }
}
