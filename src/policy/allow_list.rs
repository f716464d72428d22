//! Allow-lists: from which addresses and on behalf of which domains an account may be called.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kit::authority::Authority;
use crate::message::Request;

/// A network or a single address: `10.0.0.0/8`, `203.0.113.7`, `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

/// What an entry of an allow-list has to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an address or a network, as 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32")]
pub struct NoNetwork;

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let single = || text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
        text.parse::<IpNet>().or_else(|_| single()).map(Network).map_err(|_| NoNetwork)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.prefix_len() == self.0.max_prefix_len() {
            self.0.addr().fmt(f)
        } else {
            self.0.fmt(f)
        }
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|expected| {
            serde::de::Error::custom(format!("`{text}` is not what is expected here: {expected}"))
        })
    }
}

/// This machine, in both families: who is trusted and allowed unless a scenario says otherwise.
pub fn loopback() -> Vec<Network> {
    let network = |text: &str| text.parse().expect("both loopback networks are well-formed");
    vec![network("127.0.0.0/8"), network("::1")]
}

/// Whether an address lies in one of the networks. An IPv4 address in IPv6 clothes is the IPv4 address.
pub fn contains(networks: &[Network], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.0.contains(&address))
}

/// Which of several addresses in `X-Forwarded-For` is the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hop {
    /// The first: where the chain of proxies began.
    First,
    /// The last: what the nearest proxy saw.
    Last,
}

/// Who calls, as text for messages and as an address if the text is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// As it is shown.
    pub text: String,
    /// The address; none for a forwarded text that is no address.
    pub address: Option<IpAddr>,
}

/// Who calls: the peer, or who the peer says it forwards for, if it is trusted to say so.
pub fn client(request: &Request, trusted: &[Network], hop: Hop) -> Client {
    let fields = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(FORWARDED));
    let mut hops = fields
        .flat_map(|(_, value)| value.split(','))
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let named = match hop {
        Hop::First => hops.next(),
        Hop::Last => hops.last(),
    };
    match named.filter(|_| contains(trusted, request.peer)) {
        Some(text) => match Authority::address(text) {
            Some(address) => Client { text: address.to_string(), address: Some(address) },
            None => Client { text: text.to_owned(), address: None },
        },
        None => {
            let address = request.peer.to_canonical();
            Client { text: address.to_string(), address: Some(address) }
        }
    }
}

const FORWARDED: &str = "x-forwarded-for";

/// The host of an `Origin` or of an address: no scheme, no port, in lower case. What has no scheme is read the same
/// way, and what is no authority is itself.
pub fn host(origin: &str) -> String {
    let rest = origin.trim().split_once("://").map_or(origin.trim(), |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    Authority::of(authority).map_or(authority, |it| it.host).to_ascii_lowercase()
}

crate::written_as!(Network, { "type": "string", "description": "An address or a network.", "examples": ["203.0.113.7", "10.0.0.0/8", "2001:db8::/32"] });

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{Client, Hop, Network, client, contains, host, loopback};
    use crate::message::{Method, Request};

    fn networks(texts: &[&str]) -> Vec<Network> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn addresses_and_networks_of_both_families_are_told_apart() {
        let list = networks(&["10.0.0.0/8", "203.0.113.7", "2001:db8::/32"]);
        for (address, inside) in [
            ("10.255.0.1", true),
            ("11.0.0.1", false),
            ("203.0.113.7", true),
            ("203.0.113.8", false),
            ("::ffff:203.0.113.7", true),
            ("2001:db8:1::5", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(contains(&list, address.parse().unwrap()), inside, "{address}");
        }
        assert!(contains(&loopback(), "::1".parse().unwrap()));
        for text in ["10.0.0.0/33", "localhost", "", "1.2.3", "1.2.3.4/"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
        let printed: Vec<String> = list.iter().map(Network::to_string).collect();
        assert_eq!(printed, ["10.0.0.0/8", "203.0.113.7", "2001:db8::/32"]);
    }

    #[test]
    fn a_forwarded_address_is_believed_only_from_a_trusted_peer() {
        let from = |peer: &str, header: &str, hop| {
            let mut request =
                Request::new(Method::Get, "/").with("x-forwarded-for", header.to_owned());
            request.peer = peer.parse().unwrap();
            client(&request, &loopback(), hop)
        };
        let shown = |client: Client| (client.text, client.address.is_some());
        for (peer, header, hop, text, known) in [
            ("127.0.0.1", "1.2.3.4", Hop::First, "1.2.3.4", true),
            ("127.0.0.1", " 1.2.3.4 , 5.6.7.8", Hop::First, "1.2.3.4", true),
            ("127.0.0.1", "1.2.3.4, 5.6.7.8:90", Hop::Last, "5.6.7.8", true),
            ("::1", "[2001:db8::1]:443", Hop::First, "2001:db8::1", true),
            ("127.0.0.1", "unknown", Hop::First, "unknown", false),
            ("127.0.0.1", " , ", Hop::First, "127.0.0.1", true),
            ("9.9.9.9", "127.0.0.1", Hop::First, "9.9.9.9", true),
        ] {
            assert_eq!(shown(from(peer, header, hop)), (text.to_owned(), known), "{peer} {header}");
        }
        let direct = client(&Request::new(Method::Get, "/"), &loopback(), Hop::First);
        assert_eq!(direct.address, Some(IpAddr::from([127, 0, 0, 1])));
    }

    #[test]
    fn an_origin_is_its_host() {
        for (origin, expected) in [
            ("http://localhost", "localhost"),
            ("https://Shop.Example:8443/path?x", "shop.example"),
            ("localhost", "localhost"),
            ("http://[::1]:3000", "::1"),
            ("https://user@shop.example.", "shop.example"),
            ("HTTPS://SHOP.EXAMPLE.:443", "shop.example"),
            ("shop.example:8443", "shop.example"),
            ("null", "null"),
            ("", ""),
        ] {
            assert_eq!(host(origin), expected, "{origin}");
        }
    }
}
