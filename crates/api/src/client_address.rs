//! Where a call comes from: the address of its connection, or what proxies that are trusted say of it.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::extract::{ConnectInfo, Request};
use http::HeaderMap;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// The proxies in front of this server, and how they name who they speak for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Proxies {
    /// Networks, or single addresses, of proxies that are believed. None by default: the address of a call is that of its
    /// connection then.
    pub trusted: Vec<Network>,
    /// The header these proxies write. The other one is not looked at, since a client may have sent it.
    pub header: ProxyHeader,
}

/// A header in which proxies name who they speak for, the nearest one last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For: client, proxy`.
    #[default]
    XForwardedFor,
    /// `Forwarded: for=client, for=proxy` (RFC 7239).
    Forwarded,
}

/// A network such as `10.0.0.0/8`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network(IpNet);

/// The text names no network.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no network: give one such as `10.0.0.0/8` or `fd00::/8`, or an address")]
pub struct InvalidNetwork(String);

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let address = text.parse::<IpAddr>().map(IpNet::from);
        address.or_else(|_| text.parse::<IpNet>()).map(Self).map_err(|_| InvalidNetwork(text.to_owned()))
    }
}

impl TryFrom<String> for Network {
    type Error = InvalidNetwork;

    fn try_from(text: String) -> Result<Self, InvalidNetwork> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.0.to_string()
    }
}

/// The address a call comes from, as far as it is known. An extension of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl ClientAddress {
    pub(crate) fn of(request: &Request, proxies: &Proxies) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        Self(peer.map(|peer| proxies.client(peer, request.headers())))
    }
}

impl Proxies {
    /// Who a connection from `peer` speaks for. The names are read from the right, as long as the one who wrote them is
    /// trusted: what stands before them may be anybody's invention.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        let named = self.named(headers);
        for name in named.iter().rev() {
            let Some(address) = name else { break };
            client = *address;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.0.contains(&address))
    }

    /// Who the header names, in its order; nothing for what is no address.
    fn named(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let name = match self.header {
            ProxyHeader::XForwardedFor => "x-forwarded-for",
            ProxyHeader::Forwarded => "forwarded",
        };
        let lines = headers.get_all(name).into_iter().map(|line| line.to_str().unwrap_or_default());
        let hops = lines.flat_map(|line| line.split(','));
        hops.map(|hop| match self.header {
            ProxyHeader::XForwardedFor => address_of(hop),
            ProxyHeader::Forwarded => {
                let pairs = hop.split(';').filter_map(|pair| pair.split_once('='));
                let mut named = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
                named.next().and_then(|(_, node)| address_of(node))
            }
        })
        .collect()
    }
}

/// The address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` and `"[2001:db8::1]:80"`.
fn address_of(node: &str) -> Option<IpAddr> {
    let node = node.trim().trim_matches('"');
    let address = match node.strip_prefix('[') {
        Some(rest) => rest.split(']').next().and_then(|address| address.parse().ok()),
        None => node.parse().ok().or_else(|| node.parse::<SocketAddr>().ok().map(|address| address.ip())),
    };
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    const PROXIES: &[&str] = &["10.0.0.0/8", "::1"];

    /// Who is trusted and the header they write; the connection and the headers of the call; who calls.
    type Row =
        (&'static [&'static str], ProxyHeader, &'static str, &'static [(&'static str, &'static str)], &'static str);

    #[test]
    fn only_what_trusted_proxies_wrote_is_believed() {
        use ProxyHeader::{Forwarded, XForwardedFor};
        let trusted = |list: &[&str]| list.iter().map(|text| text.parse().unwrap()).collect::<Vec<Network>>();
        let table: &[Row] = &[
            (&[], XForwardedFor, "10.0.0.1", &[("x-forwarded-for", "192.0.2.9")], "10.0.0.1"),
            (PROXIES, XForwardedFor, "192.0.2.1", &[("x-forwarded-for", "192.0.2.9")], "192.0.2.1"),
            (PROXIES, XForwardedFor, "10.0.0.1", &[], "10.0.0.1"),
            (PROXIES, XForwardedFor, "10.0.0.1", &[("x-forwarded-for", "192.0.2.9")], "192.0.2.9"),
            (PROXIES, XForwardedFor, "::ffff:10.0.0.1", &[("x-forwarded-for", "192.0.2.9:443")], "192.0.2.9"),
            (PROXIES, XForwardedFor, "::1", &[("x-forwarded-for", "6.6.6.6, 192.0.2.9, 10.1.1.1")], "192.0.2.9"),
            (
                PROXIES,
                XForwardedFor,
                "::1",
                &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "8.8.8.8")],
                "8.8.8.8",
            ),
            (PROXIES, XForwardedFor, "10.0.0.1", &[("x-forwarded-for", "6.6.6.6, unknown, 10.1.1.1")], "10.1.1.1"),
            (PROXIES, XForwardedFor, "10.0.0.1", &[("x-forwarded-for", "10.2.2.2, 10.1.1.1")], "10.2.2.2"),
            (PROXIES, XForwardedFor, "10.0.0.1", &[("forwarded", "for=6.6.6.6")], "10.0.0.1"),
            (PROXIES, Forwarded, "10.0.0.1", &[("x-forwarded-for", "6.6.6.6")], "10.0.0.1"),
            (
                PROXIES,
                Forwarded,
                "10.0.0.1",
                &[("forwarded", "for=6.6.6.6, proto=https;For=192.0.2.9;by=x")],
                "192.0.2.9",
            ),
            (PROXIES, Forwarded, "10.0.0.1", &[("forwarded", "for=\"[2001:db8::7]:4711\"")], "2001:db8::7"),
            (PROXIES, Forwarded, "10.0.0.1", &[("forwarded", "for=_hidden")], "10.0.0.1"),
        ];
        for (list, header, peer, headers, expected) in table {
            let proxies = Proxies { trusted: trusted(list), header: *header };
            let headers =
                headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            let headers = headers.fold(HeaderMap::new(), |mut all, (name, value)| {
                all.append(name, value);
                all
            });
            let client = proxies.client(peer.parse().unwrap(), &headers);
            assert_eq!(client, expected.parse::<IpAddr>().unwrap(), "{peer} {headers:?}");
        }
        for text in ["", "10.0.0.0/33", "host"] {
            assert!(text.parse::<Network>().unwrap_err().to_string().contains("10.0.0.0/8"), "{text}");
        }
    }
}
