//! Egress: where webhooks may go. Nothing leaves the machine unless it is allowed to.

use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::kit::authority::Authority;

/// What clients percent-encode in a path or a query that was written without (RFC 3986 has no place for it), beside
/// everything that is not ASCII.
const NOT_IN_A_TARGET: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A parsed `http` or `https` address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Url {
    /// Whether it is `https`.
    pub secure: bool,
    /// What stands before `@`, as it was written: name and password for `Authorization: Basic`. Nothing prints it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The host in lower case, without the dot at its end and the brackets of an IPv6 address.
    pub host: String,
    /// The port, explicit or the scheme's.
    pub port: u16,
    /// Path and query, beginning with `/`; what no request line may hold is percent-encoded.
    pub target: String,
}

impl Url {
    /// Reads an absolute address; other schemes are not taken, a fragment is dropped.
    pub fn of(text: &str) -> Option<Url> {
        let (scheme, rest) = text.split_once("://")?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let rest = rest.split('#').next().unwrap_or("");
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user).filter(|user| !user.is_empty()), place),
            None => (None, authority),
        };
        let authority = Authority::of(place)?;
        if target.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
            return None;
        }
        let port = authority.port.unwrap_or(if secure { 443 } else { 80 });
        if port == 0 {
            return None;
        }
        let encoded = utf8_percent_encode(target, NOT_IN_A_TARGET).to_string();
        let target = if encoded.starts_with('/') { encoded } else { format!("/{encoded}") };
        let (user, host) = (user.map(str::to_owned), authority.host.to_ascii_lowercase());
        Some(Url { secure, user, host, port, target })
    }

    /// Whether it names this machine.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self.host.ends_with(".localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
    }

    /// `host` or `host:port`, as a `Host` header has it.
    pub fn authority(&self) -> String {
        let host =
            if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.secure { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }

    /// The value of `Authorization` for whoever stands before `@`.
    pub fn basic(&self) -> Option<String> {
        let user = self.user.as_deref()?;
        let (name, password) = user.split_once(':').unwrap_or((user, ""));
        let plain = [name, password].map(|part| percent_decode_str(part).collect::<Vec<u8>>());
        Some(format!("Basic {}", STANDARD.encode(plain.join(&b':'))))
    }

    /// What it has in common with all addresses of its server.
    pub fn origin(&self) -> (bool, &str, u16) {
        (self.secure, &self.host, self.port)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.target)
    }
}

/// What the operator allowed: `--webhook-to` and `--webhook-allow`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Origins that are reached at another origin.
    pub redirects: Vec<(Url, Url)>,
    /// Hosts that may be reached as they are; `*` is every host.
    pub allowed: Vec<String>,
}

/// Among the allowed hosts: all of them. No host is called so.
const EVERY_HOST: &str = "*";

/// Where a webhook goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To this address.
    Send(Url),
    /// Nowhere: it is kept in the ledger. The reason, for its reader.
    Captured(String),
}

impl Reach {
    /// Every host may be reached: for worlds whose receivers are played, so that nothing is really sent.
    pub fn anywhere() -> Reach {
        Reach { redirects: Vec::new(), allowed: vec![EVERY_HOST.to_owned()] }
    }

    /// Reads `ORIGIN=ORIGIN`.
    ///
    /// # Errors
    /// A sentence saying what was expected.
    pub fn redirect(text: &str) -> Result<(Url, Url), String> {
        let wanted =
            || format!("`{text}` is not of the form https://shop.example=http://127.0.0.1:3000");
        let (from, to) = text.split_once('=').ok_or_else(wanted)?;
        Ok((Url::of(from).ok_or_else(wanted)?, Url::of(to).ok_or_else(wanted)?))
    }

    /// Whether an address may be reached as it is: this machine always.
    pub fn permits(&self, address: &Url) -> bool {
        let allowed = |host: &String| *host == address.host || host == EVERY_HOST;
        address.is_loopback() || self.allowed.iter().any(allowed)
    }

    /// Where an address leads.
    pub fn target(&self, url: &str) -> Target {
        let Some(address) = Url::of(url) else {
            // Not the part in which a password would stand.
            let shown = match (url.split_once("://"), url.rsplit_once('@')) {
                (Some((scheme, _)), Some((_, place))) => format!("{scheme}://...@{place}"),
                _ => url.to_owned(),
            };
            return Target::Captured(format!("`{shown}` is not an address that can be reached"));
        };
        if let Some((_, to)) =
            self.redirects.iter().find(|(from, _)| from.origin() == address.origin())
        {
            let base = to.target.trim_end_matches('/');
            let target = format!("{base}{}", address.target);
            let user = address.user.or_else(|| to.user.clone());
            return Target::Send(Url { target, user, ..to.clone() });
        }
        if self.permits(&address) {
            return Target::Send(address);
        }
        Target::Captured(format!(
            "`{}` is neither this machine nor allowed; start with --webhook-allow {} or --webhook-to {}=http://127.0.0.1:PORT, or PUT \
             /_shipmock/webhooks/targets",
            address.host,
            address.host,
            Url { target: String::new(), ..address.clone() }
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::{Reach, Target, Url};

    #[test]
    fn reads_addresses_and_refuses_what_is_none() {
        for (text, printed) in [
            ("https://mystore.com/webhooks?x=1#f", Some("https://mystore.com/webhooks?x=1")),
            ("HTTP://LocalHost:8080", Some("http://localhost:8080/")),
            ("http://[::1]:90/a", Some("http://[::1]:90/a")),
            ("https://MyStore.com.:443/hook", Some("https://mystore.com/hook")),
            ("http://127.0.0.1:/", Some("http://127.0.0.1/")),
            ("https://user:p%40ss@Host:444/a", Some("https://host:444/a")),
            ("https://@host/", Some("https://host/")),
            (
                "https://host/caf\u{e9}?q=\u{65e5}&r=%2F",
                Some("https://host/caf%C3%A9?q=%E6%97%A5&r=%2F"),
            ),
            ("https://host/a\"<b>\\^`{|}", Some("https://host/a%22%3Cb%3E%5C%5E%60%7B%7C%7D")),
            ("ftp://host/", None),
            ("https:///path", None),
            ("https://host:0/", None),
            ("https://host:99999/", None),
            ("https://ho st/", None),
            ("https://host/a b", None),
        ] {
            assert_eq!(
                Url::of(text).map(|address| address.to_string()).as_deref(),
                printed,
                "{text}"
            );
        }
    }

    #[test]
    #[rustfmt::skip]
    fn who_stands_before_the_host_is_shown_to_it_alone() {
        for (text, basic) in [
            ("https://me:open%20sesame@shop.example/a", Some("Basic bWU6b3BlbiBzZXNhbWU=")),
            ("https://me@shop.example/a",               Some("Basic bWU6")),
            ("https://:secret@shop.example/a",          Some("Basic OnNlY3JldA==")),
            ("https://me:a:b@c@shop.example/a",         Some("Basic bWU6YTpiQGM=")),
            ("https://shop.example/a",                  None),
        ] {
            let address = Url::of(text).unwrap();
            assert_eq!(address.basic().as_deref(), basic, "{text}");
            assert_eq!(address.to_string(), "https://shop.example/a");
            let mut reach = Reach::default();
            let Target::Captured(reason) = reach.target(text) else { panic!("sent to {text}") };
            assert!(!reason.contains("me") && !reason.contains("secret"), "{reason}");
            reach.redirects.push(Reach::redirect("https://shop.example=http://127.0.0.1:3000").unwrap());
            let Target::Send(to) = reach.target(text) else { panic!("not sent to {text}") };
            assert_eq!((to.to_string().as_str(), to.basic().as_deref()), ("http://127.0.0.1:3000/a", basic));
        }
        let Target::Captured(reason) = Reach::default().target("https://me:secret@shop..example/") else { panic!() };
        assert_eq!(reason, "`https://...@shop..example/` is not an address that can be reached");
    }

    #[test]
    fn nothing_leaves_the_machine_unless_allowed() {
        let mut reach = Reach::default();
        assert!(matches!(reach.target("http://127.0.0.1:3000/x"), Target::Send(_)));
        assert!(matches!(reach.target("http://hooks.localhost/x"), Target::Send(_)));
        assert!(matches!(reach.target("https://127.0.0.1.example.com/x"), Target::Captured(_)));
        assert!(matches!(reach.target("https://mystore.com/x"), Target::Captured(_)));
        assert!(matches!(Reach::anywhere().target("https://mystore.com/x"), Target::Send(_)));
        reach.allowed.push("mystore.com".into());
        assert!(matches!(reach.target("https://mystore.com/x"), Target::Send(_)));
        reach.redirects.push(Reach::redirect("https://mystore.com=http://127.0.0.1:3000").unwrap());
        let Target::Send(address) = reach.target("https://mystore.com/hooks?a=1") else {
            panic!("captured")
        };
        assert_eq!(address.to_string(), "http://127.0.0.1:3000/hooks?a=1");
        // One origin, however it is written.
        for (from, url) in [
            ("https://MYSTORE.COM", "https://mystore.com.:443/x"),
            ("https://mystore.com.:443", "https://MyStore.com/x"),
            ("http://[::1]:80", "http://[::1]/x"),
        ] {
            let redirects =
                vec![Reach::redirect(&format!("{from}=http://127.0.0.1:3000")).unwrap()];
            let reach = Reach { redirects, allowed: Vec::new() };
            let Target::Send(address) = reach.target(url) else { panic!("captured: {url}") };
            assert_eq!(address.port, 3000, "{from} {url}");
        }
    }
}
