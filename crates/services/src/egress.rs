//! Judges where calls may go: hosts of URLs, and the addresses that names resolve to.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::failure::{Failure, SetupError};
use crate::network::{is_metadata, special_kind};
use crate::options::Egress;

/// Where calls may go.
#[derive(Debug)]
pub(crate) struct Policy {
    allowed: Vec<Allowed>,
    deny_private: bool,
}

/// An entry of the allow list.
#[derive(Debug, PartialEq)]
struct Allowed {
    target: Target,
    port: Option<u16>,
}

#[derive(Debug, PartialEq)]
enum Target {
    Network(IpNet),
    /// In lower case, without a dot at the end.
    Host(String),
    /// `.corp.example`.
    Below(String),
}

/// Which addresses a call may connect to when its host is a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Those that the policy lets pass.
    Judged,
    /// Any: the name itself is allowed. Only addresses of credentials have to be listed for themselves.
    Allowed,
}

/// No address of a name may be connected to. Travels through the HTTP client as the cause of its error.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Blocked(pub(crate) String);

impl Policy {
    /// Reads the options.
    pub(crate) fn new(egress: &Egress) -> Result<Self, SetupError> {
        let allowed = egress
            .allow
            .iter()
            .map(|entry| Allowed::parse(entry).map_err(|reason| SetupError::Allowed { entry: entry.clone(), reason }))
            .collect::<Result<_, _>>()?;
        Ok(Self { allowed, deny_private: egress.deny_private })
    }

    /// Judges where a URL leads. Addresses are judged here, since the resolver is not asked about them; of names, all but
    /// the addresses.
    pub(crate) fn judge(&self, url: &Url) -> Result<Reach, Failure> {
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(Failure::BadRequest { reason: "the URL has no host".into() });
        };
        if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            return match self.objection(address, Some(port)) {
                Some(kind) => Err(Failure::Refused { reason: advice(host, &format!("it is {kind}")) }),
                None => Ok(Reach::Allowed),
            };
        }
        let host = plain_name(host);
        let is_allowed = self.allowed.iter().any(|allowed| {
            allowed.port.is_none_or(|only| only == port)
                && match &allowed.target {
                    Target::Host(name) => *name == host,
                    Target::Below(suffix) => host.ends_with(suffix.as_str()),
                    Target::Network(_) => false,
                }
        });
        Ok(if is_allowed { Reach::Allowed } else { Reach::Judged })
    }

    /// What stands against connecting to an address; `None` where nothing does. The port is that of the URL, `None` for
    /// addresses that a name resolved to.
    fn objection(&self, address: IpAddr, port: Option<u16>) -> Option<&'static str> {
        let address = address.to_canonical();
        let is_metadata = is_metadata(address);
        let is_listed = self.allowed.iter().any(|allowed| match &allowed.target {
            Target::Network(network) => {
                network.contains(&address)
                    && allowed.port.is_none_or(|only| port == Some(only))
                    && (!is_metadata || network.prefix_len() == network.max_prefix_len())
            }
            _ => false,
        });
        match (is_listed, is_metadata, self.deny_private) {
            (true, _, _) => None,
            (_, true, _) => Some("an address at which clouds hand out credentials"),
            (_, _, true) => special_kind(address),
            (_, _, false) => None,
        }
    }

    /// What stands against a URL whose host is this machine's own name for itself, which every resolver knows.
    pub(crate) fn objection_to_own_name(&self, url: &Url) -> Option<String> {
        let host = plain_name(url.host_str()?);
        if host != "localhost" && !host.ends_with(".localhost") {
            return None;
        }
        let own = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        let objections: Option<Vec<_>> = own.into_iter().map(|address| self.objection(address, None)).collect();
        Some(advice(&host, &format!("it is {}", objections?.first()?)))
    }

    /// The addresses of a name that may be connected to.
    fn pass(&self, name: &str, found: Vec<SocketAddr>, reach: Reach) -> Result<Vec<SocketAddr>, Blocked> {
        let mut objection = "there is none";
        let passed: Vec<_> = found
            .into_iter()
            .filter(|found| match self.objection(found.ip(), None) {
                Some(_) if reach == Reach::Allowed && !is_metadata(found.ip()) => true,
                Some(kind) => {
                    objection = kind;
                    false
                }
                None => true,
            })
            .collect();
        if passed.is_empty() {
            return Err(Blocked(advice(name, &format!("it resolves to {objection}"))));
        }
        Ok(passed)
    }
}

fn advice(host: &str, what: &str) -> String {
    format!(
        "{host} is not to be called, for {what}; whoever runs the server may add it to `allow` of the settings `[egress]`"
    )
}

fn plain_name(host: &str) -> String {
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

impl Allowed {
    fn parse(entry: &str) -> Result<Self, &'static str> {
        const FORMS: &str = "not a host, host:port, *.domain, address or network such as 10.0.0.0/8";
        let entry = entry.trim();
        if entry.contains('/') {
            let network: IpNet = entry.parse().map_err(|_| FORMS)?;
            return Ok(Self { target: Target::Network(network.trunc()), port: None });
        }
        if let Ok(address) = entry.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            return Ok(Self { target: Target::Network(address.to_canonical().into()), port: None });
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().map_err(|_| FORMS)?)),
            None => (entry, None),
        };
        if let Ok(address) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            return Ok(Self { target: Target::Network(address.to_canonical().into()), port });
        }
        let name = plain_name(host);
        let (labels, is_below) = match name.strip_prefix("*.") {
            Some(labels) => (labels, true),
            None => (name.as_str(), false),
        };
        let is_label =
            |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
        if labels == "*" {
            return Err("every host; set deny_private = false to allow all");
        }
        if !labels.split('.').all(is_label) {
            return Err(FORMS);
        }
        let target = if is_below { Target::Below(format!(".{labels}")) } else { Target::Host(name) };
        Ok(Self { target, port })
    }
}

/// Resolves names by the operating system, and keeps back the addresses that may not be connected to.
pub(crate) struct Resolver {
    /// Judges the addresses.
    pub(crate) policy: Arc<Policy>,
    /// Which addresses pass.
    pub(crate) reach: Reach,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (policy, reach) = (Arc::clone(&self.policy), self.reach);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let passed = policy.pass(name.as_str(), found, reach)?;
            Ok(Box::new(passed.into_iter()) as Addrs)
        })
    }
}

/// What blocked a call, where that is the cause of an error.
pub(crate) fn cause_of_block(error: &(dyn Error + 'static)) -> Option<String> {
    std::iter::successors(Some(error), |error| (*error).source())
        .find_map(|error| error.downcast_ref::<Blocked>())
        .map(|blocked| blocked.0.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allow: &[&str], deny_private: bool) -> Policy {
        let allow = allow.iter().map(ToString::to_string).collect();
        Policy::new(&Egress { allow, deny_private }).unwrap()
    }

    #[test]
    fn urls_are_judged_by_their_host_however_it_is_spelled() {
        let none: &[&str] = &[];
        let (judged, allowed, refused) = (Some(Reach::Judged), Some(Reach::Allowed), None);
        for (allow, url, wanted) in [
            (none, "https://api.example/x", judged),
            (none, "http://8.8.8.8/", allowed),
            (none, "http://127.0.0.1/", refused),
            (none, "http://127.1/", refused),
            (none, "http://2130706433/", refused),
            (none, "http://0x7f.0.0.1/", refused),
            (none, "http://017700000001/", refused),
            (none, "http://%31%32%37.0.0.1/", refused),
            (none, "http://１２７.0.0.1/", refused),
            (none, "http://0/", refused),
            (none, "http://[::1]/", refused),
            (none, "http://[::ffff:7f00:1]/", refused),
            (none, "http://user@10.0.0.1:80/", refused),
            (none, "http://localhost/", judged),
            (&["10.0.0.0/8"], "http://10.1.2.3:99/", allowed),
            (&["10.0.0.0/8"], "http://[::ffff:10.1.2.3]/", allowed),
            (&["10.0.0.0/8"], "http://11.1.2.3/", allowed),
            (&["10.0.0.0/8"], "http://192.168.0.1/", refused),
            (&["10.0.0.5:80"], "http://10.0.0.5/", allowed),
            (&["10.0.0.5:80"], "https://10.0.0.5/", refused),
            (&["[fd00::5]:80", "fd00::6"], "http://[fd00::5]/", allowed),
            (&["[fd00::5]:80", "fd00::6"], "http://[fd00::5]:81/", refused),
            (&["[fd00::5]:80", "fd00::6"], "http://[fd00::6]:81/", allowed),
            (&["CRM.corp.example"], "http://crm.corp.example./", allowed),
            (&["crm.corp.example:8080"], "http://crm.corp.example/", judged),
            (&["crm.corp.example:8080"], "http://crm.corp.example:8080/", allowed),
            (&["*.corp.example"], "http://a.b.corp.example/", allowed),
            (&["*.corp.example"], "http://corp.example/", judged),
            (&["*.corp.example"], "http://evilcorp.example/", judged),
            (&["0.0.0.0/0", "::/0"], "http://169.254.169.254/", refused),
            (&["169.254.0.0/16"], "http://169.254.169.254/", refused),
            (&["169.254.169.254"], "http://169.254.169.254/", allowed),
            (&["169.254.169.254"], "http://[::ffff:169.254.169.254]/", allowed),
            (&["64:ff9b::/96"], "http://[64:ff9b::a9fe:a9fe]/", refused),
        ] {
            let verdict = policy(allow, true).judge(&Url::parse(url).unwrap());
            assert_eq!(verdict.as_ref().ok().copied(), wanted, "{allow:?} {url} {verdict:?}");
        }
        let open = policy(&[], false);
        assert!(open.judge(&Url::parse("http://10.0.0.1/").unwrap()).is_ok());
        assert!(open.judge(&Url::parse("http://169.254.169.254/").unwrap()).is_err());
    }

    #[test]
    fn of_the_addresses_of_a_name_only_those_that_may_be_reached_pass() {
        let found = |addresses: &[&str]| addresses.iter().map(|a| SocketAddr::new(a.parse().unwrap(), 0)).collect();
        for (allow, reach, addresses, passed) in [
            (
                &[][..],
                Reach::Judged,
                &["8.8.8.8", "10.0.0.1", "::1", "2606:4700::1"][..],
                &["8.8.8.8", "2606:4700::1"][..],
            ),
            (&[], Reach::Judged, &["10.0.0.1"], &[]),
            (&[], Reach::Judged, &[], &[]),
            (&["10.0.0.0/8"], Reach::Judged, &["10.0.0.1", "192.168.0.1"], &["10.0.0.1"]),
            (&["10.0.0.1:80"], Reach::Judged, &["10.0.0.1"], &[]),
            (&[], Reach::Allowed, &["10.0.0.1", "::1"], &["10.0.0.1", "::1"]),
            (&[], Reach::Allowed, &["169.254.169.254"], &[]),
            (&["169.254.169.254"], Reach::Allowed, &["169.254.169.254"], &["169.254.169.254"]),
        ] {
            let result = policy(allow, true).pass("a.example", found(addresses), reach);
            assert_eq!(result.is_err(), passed.is_empty(), "{addresses:?}");
            assert_eq!(result.unwrap_or_default(), found(passed), "{allow:?} {addresses:?}");
        }
    }

    #[test]
    fn entries_that_allow_nothing_or_everything_are_told() {
        for entry in ["", "*", "10.0.0.0/33", "a b", "http://a.example", "a.example:", "a.example:99999", "*.", "a.*.b"]
        {
            let egress = Egress { allow: vec![entry.to_owned()], ..Egress::default() };
            assert!(matches!(Policy::new(&egress), Err(SetupError::Allowed { .. })), "{entry}");
        }
    }
}
