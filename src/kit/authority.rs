//! Authorities of addresses, `host:port`: read once as DNS and the `Host` header have them, and compared so.

use std::net::IpAddr;

/// Who is addressed. Names compare in any case and with or without the dot at their end (RFC 4343, RFC 1034 3.1).
#[derive(Debug, Clone, Copy)]
pub struct Authority<'a> {
    /// What stands before `@`.
    pub user: Option<&'a str>,
    /// The host as it was written, without the dot at its end and without the brackets of an IPv6 address.
    pub host: &'a str,
    /// The port, if one was written.
    pub port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// Reads `host`, `host:port`, `[IPv6]:port`, each with or without `user@`. A colon that no port follows is as good
    /// as none (RFC 3986 3.2.3). `None` for what cannot be looked up: empty labels, letters that names do not have.
    pub fn of(text: &'a str) -> Option<Authority<'a>> {
        // The grammar is the crate's; it takes any text for a port, and characters that no name of DNS has.
        let read = http::uri::Authority::try_from(text).ok()?;
        let (user, place) = match text.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, text),
        };
        let (host, port) = place.split_at_checked(read.host().len())?;
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => None,
            None => return None,
            Some("") => None,
            Some(digits) => Some(number(digits)?),
        };
        let host = match host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => inner.parse::<std::net::Ipv6Addr>().ok().map(|_| inner)?,
            None => name(host)?,
        };
        Some(Authority { user, host, port })
    }

    /// Reads an address alone, too, the IPv6 ones among them without brackets, as proxies write them.
    pub fn address(text: &str) -> Option<IpAddr> {
        let bare = text.parse::<IpAddr>().ok();
        bare.map(|address| address.to_canonical()).or_else(|| Authority::of(text)?.ip())
    }

    /// The address that the host is, if it is no name. An IPv4 address in IPv6 clothes is the IPv4 address.
    pub fn ip(&self) -> Option<IpAddr> {
        self.host.parse::<IpAddr>().ok().map(|address| address.to_canonical())
    }

    /// Whether the host has this name.
    pub fn is(&self, name: &str) -> bool {
        self.host.eq_ignore_ascii_case(name)
    }

    /// What stands before a name and its dot: `ci` for `ci.shipper.localhost` below `shipper.localhost`.
    pub fn below(&self, name: &str) -> Option<&'a str> {
        let at = self.host.len().checked_sub(name.len())?;
        let (before, end) = self.host.split_at_checked(at)?;
        if end.eq_ignore_ascii_case(name) { before.strip_suffix('.') } else { None }
    }

    /// Whether the host is a name that always means this machine: RFC 6761, 6.3.
    pub fn is_localhost(&self) -> bool {
        self.is("localhost") || self.below("localhost").is_some()
    }

    /// Whether two name the same host and, where a scheme has this port, the same port.
    pub fn same(&self, other: &Authority<'_>, usual: u16) -> bool {
        let port = |it: &Authority<'_>| it.port.unwrap_or(usual);
        self.is(other.host) && port(self) == port(other)
    }
}

fn number(digits: &str) -> Option<u16> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// A name without the dot at its end. Underscores are no letters of host names, and are used in them all the same.
fn name(host: &str) -> Option<&str> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let label = |label: &str| !label.is_empty() && label.bytes().all(letter);
    host.split('.').all(label).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::Authority;

    #[test]
    #[rustfmt::skip]
    fn authorities_are_read_as_dns_has_them() {
        for (text, read) in [
            ("localhost",                  Some(("localhost", None))),
            ("localhost:7447",             Some(("localhost", Some(7447)))),
            ("SHIPPER.LOCALHOST.:7447",    Some(("SHIPPER.LOCALHOST", Some(7447)))),
            ("shop.example.",              Some(("shop.example", None))),
            ("shop.example:",              Some(("shop.example", None))),
            ("my_container:80",            Some(("my_container", Some(80)))),
            ("127.0.0.1:80",               Some(("127.0.0.1", Some(80)))),
            ("[::1]",                      Some(("::1", None))),
            ("[2001:DB8::1]:443",          Some(("2001:DB8::1", Some(443)))),
            ("me:secret@shop.example:1",   Some(("shop.example", Some(1)))),
            ("xn--mnchen-3ya.example",     Some(("xn--mnchen-3ya.example", None))),
            ("",                           None),
            (".",                          None),
            (":80",                        None),
            ("me@",                        None),
            ("shop..example",              None),
            (".example",                   None),
            ("shop.example..",             None),
            ("shop.example:+80",           None),
            ("shop.example:x",             None),
            ("shop.example:99999",         None),
            ("shop.example:80:80",         None),
            ("::1",                        None),
            ("[::1",                       None),
            ("[::1]x",                     None),
            ("[::1].",                     None),
            ("[127.0.0.1]",                None),
            ("[fe80::1%25eth0]",           None),
            ("shop.example/x",             None),
            ("ho st",                      None),
            ("münchen.example",            None),
            ("a!b.example",                None),
        ] {
            assert_eq!(Authority::of(text).map(|it| (it.host, it.port)), read, "{text}");
        }
        assert_eq!(Authority::of("me:secret@shop.example").and_then(|it| it.user), Some("me:secret"));
    }

    #[test]
    fn names_compare_in_any_case() {
        let of = |text| Authority::of(text).unwrap();
        assert!(of("Shop.Example.:1").is("shop.example"));
        assert!(of("LOCALHOST").is_localhost() && of("ci.LocalHost.").is_localhost());
        assert!(!of("notlocalhost").is_localhost() && !of("localhost.example").is_localhost());
        assert_eq!(of("CI-42.Shipper.localhost.").below("shipper.localhost"), Some("CI-42"));
        assert_eq!(of("xshipper.localhost").below("shipper.localhost"), None);
        assert_eq!(of("localhost").below("shipper.localhost"), None);
        assert!(of("LOCALHOST.").same(&of("localhost:80"), 80));
        assert!(!of("localhost").same(&of("localhost:81"), 80));
        assert!(of("shop.example").same(&of("shop.example.:443"), 443));
    }

    #[test]
    fn addresses_are_found_with_and_without_port_and_brackets() {
        for (text, address) in [
            ("203.0.113.7", Some("203.0.113.7")),
            ("203.0.113.7:443", Some("203.0.113.7")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("::ffff:10.0.0.1", Some("10.0.0.1")),
            ("unknown", None),
            ("1.2.3", None),
        ] {
            let read = Authority::address(text).map(|it| it.to_string());
            assert_eq!(read.as_deref(), address, "{text}");
        }
    }
}
