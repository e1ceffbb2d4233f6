//! What the owner of a server may set about calls.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How calls are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Whether calls go out, are answered from recordings, or are recorded. A call may have its own mode.
    pub mode: Mode,
    /// The folder of recordings: one file for each component name, `<name>.json`. Created when something is recorded.
    pub cassettes: Option<PathBuf>,
    /// Where calls may go. This is in force for every call that goes out, whatever makes it.
    pub egress: Egress,
    /// The longest body of an answer. Bytes.
    pub max_response_bytes: u64,
    /// How many redirects a call follows.
    pub max_redirects: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            cassettes: None,
            egress: Egress::default(),
            max_response_bytes: 10 * 1024 * 1024,
            max_redirects: 5,
        }
    }
}

/// Where the answers of calls come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// From the service.
    #[default]
    Live,
    /// From a recording, else from the sample in the export. Nothing goes out.
    Replay,
    /// From the service, and written down for [`Mode::Replay`].
    Record,
}

/// Where calls may go. Proxies named in the environment are not used: behind one, no address could be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Egress {
    /// What is allowed although its address is not public: a host (`crm.corp.example`), a host and its port
    /// (`localhost:8080`, `10.0.0.5:80`, `[fd00::5]:80`), the hosts below a domain (`*.corp.example`), an address
    /// (`10.0.0.5`) or a network (`10.0.0.0/8`). Addresses and networks without a port also hold for what names resolve
    /// to. An address at which clouds hand out credentials, such as 169.254.169.254, is only reached when it is listed
    /// itself.
    pub allow: Vec<String>,
    /// Whether calls to addresses that are not public (loopback, private, link-local and the like) are refused.
    pub deny_private: bool,
}

impl Egress {
    /// What both allow: the entries of either, and private addresses when either says so.
    #[must_use]
    pub fn joined(mut self, other: &Self) -> Self {
        self.allow.extend(other.allow.iter().cloned());
        self.deny_private &= other.deny_private;
        self
    }
}

impl Default for Egress {
    fn default() -> Self {
        Self { allow: Vec::new(), deny_private: true }
    }
}
