//! Access control of the control API, who may use it: this machine, or whoever holds the token; never a web page from
//! elsewhere.

use std::net::SocketAddr;

use crate::control::Problem;
use crate::kit::authority::Authority;
use crate::message::Headers;
use crate::sim::secrets::{Fingerprint, fingerprint};

/// The door's rules.
#[derive(Debug)]
pub(crate) struct ControlAccess {
    address: SocketAddr,
    token: Option<Fingerprint>,
}

/// The port of `http` where none is written.
const HTTP: u16 = 80;

impl ControlAccess {
    /// The rules of a listener.
    pub(crate) fn new(address: SocketAddr, token: Option<&str>) -> ControlAccess {
        ControlAccess { address, token: token.map(fingerprint) }
    }

    /// Lets a request through, or says why not. `host` is whom it is addressed to.
    pub(crate) fn admit(&self, headers: &Headers, host: &str) -> Result<(), Problem> {
        let holder = self.is_holder(headers);
        if !holder {
            self.name(host)?;
        }
        self.origin(headers, host)?;
        if holder { Ok(()) } else { self.without_token() }
    }

    /// Whether a caller shows the token. No page that was pointed here under another name can.
    fn is_holder(&self, headers: &Headers) -> bool {
        let Some(token) = &self.token else { return false };
        let given = headers.get("authorization").and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        // Fingerprints are compared, so that the time it takes tells nothing about the token.
        given.is_some_and(|given| fingerprint(given) == *token)
    }

    /// A name that somebody else could point at this machine is not ours.
    fn name(&self, host: &str) -> Result<(), Problem> {
        let known = |it: Authority<'_>| it.ip().is_some() || it.is_localhost();
        if Authority::of(host).is_some_and(known) {
            return Ok(());
        }
        Err(Problem::new(
            403,
            "Unknown host",
            format!(
                "the control API answers under an IP address or a localhost name, not under `{host}`: \
                 a web page could have pointed that name at this machine. Whoever sends the token of \
                 --control-token as `Authorization: Bearer ...` may use any name"
            ),
        ))
    }

    /// A browser says where a page comes from; only our own pages may call.
    fn origin(&self, headers: &Headers, host: &str) -> Result<(), Problem> {
        let Some(origin) = headers.get("origin") else { return Ok(()) };
        let ours = |page: Authority<'_>| {
            let local = page.is("localhost")
                || page.ip().is_some_and(|ip| ip.is_loopback() || ip == self.address.ip());
            let called = Authority::of(host).is_some_and(|host| page.same(&host, HTTP));
            called || (local && page.port.unwrap_or(HTTP) == self.address.port())
        };
        if origin.strip_prefix("http://").and_then(Authority::of).is_some_and(ours) {
            return Ok(());
        }
        Err(Problem::new(
            403,
            "Foreign origin",
            format!(
                "a page of `{origin}` may not steer the simulator; only pages it serves itself may"
            ),
        ))
    }

    fn without_token(&self) -> Result<(), Problem> {
        if self.address.ip().to_canonical().is_loopback() {
            return Ok(());
        }
        if self.token.is_none() {
            return Err(Problem::new(
                403,
                "The control API is off",
                "this server listens beyond its own machine; start it with --control-token (or \
                 SHIPMOCK_CONTROL_TOKEN) and send the token as `Authorization: Bearer ...`",
            ));
        }
        let detail = "send the token this server was started with as `Authorization: Bearer ...`";
        Err(Problem::new(401, "The control API needs a token", detail)
            .header("WWW-Authenticate", "Bearer realm=\"shipmock\""))
    }
}

#[cfg(test)]
mod tests {
    use super::ControlAccess;
    use crate::message::Headers;

    fn status(access: &ControlAccess, host: &str, headers: &[(&'static str, &str)]) -> u16 {
        let mut fields = Headers::default();
        for (name, value) in headers {
            fields.add(*name, (*value).to_owned());
        }
        access.admit(&fields, host).err().map_or(200, |problem| problem.reply().status)
    }

    #[test]
    #[rustfmt::skip]
    fn only_our_own_pages_and_our_own_names_pass() {
        let access = ControlAccess::new("127.0.0.1:7447".parse().unwrap(), None);
        for (host, origin, expected) in [
            ("127.0.0.1:7447",       None,                              200),
            ("[::1]:7447",           None,                              200),
            ("ci.localhost",         None,                              200),
            ("LOCALHOST:7447",       Some("http://localhost:7447"),     200),
            ("CI.LOCALHOST.:7447",   Some("http://ci.localhost:7447"),  200),
            ("ci.localhost",         Some("http://CI.localhost.:80"),   200),
            ("127.0.0.1:7447",       Some("http://[::1]:7447"),         200),
            ("192.168.1.9:7447",     Some("http://192.168.1.9:7447"),   200),
            ("rebound.example:7447", None,                              403),
            ("localhost.example",    None,                              403),
            ("127.0.0.1.nip.io",     None,                              403),
            ("127.0.0.1:x",          None,                              403),
            ("127.0.0.1:7447",       Some("null"),                      403),
            ("127.0.0.1:7447",       Some("http://evil.example"),       403),
            ("127.0.0.1:7447",       Some("http://localhost:3000"),     403),
            ("127.0.0.1:7447",       Some("https://localhost:7447"),    403),
            ("127.0.0.1:7447",       Some("http://localhost:7447.evil"), 403),
        ] {
            let headers: Vec<_> = origin.map(|origin| ("origin", origin)).into_iter().collect();
            assert_eq!(status(&access, host, &headers), expected, "{host} {origin:?}");
        }
    }

    #[test]
    fn beyond_this_machine_it_takes_the_token() {
        let address = "0.0.0.0:7447".parse().unwrap();
        let host = "10.0.0.7:7447";
        assert_eq!(status(&ControlAccess::new(address, None), host, &[]), 403);
        let access = ControlAccess::new(address, Some("open sesame"));
        assert_eq!(status(&access, host, &[]), 401);
        assert_eq!(status(&access, host, &[("authorization", "Bearer open")]), 401);
        assert_eq!(status(&access, host, &[("authorization", "bearer open sesame")]), 200);
    }

    #[test]
    #[rustfmt::skip]
    fn the_token_opens_under_any_name_and_to_no_foreign_page() {
        const TOKEN: Option<&str> = Some("Bearer open sesame");
        for address in ["0.0.0.0:7447", "127.0.0.1:7447"] {
            let access = ControlAccess::new(address.parse().unwrap(), Some("open sesame"));
            for (host, token, origin, expected) in [
                ("shipmock:7447",              TOKEN,               None,                                  200),
                ("host.docker.internal:7447",  TOKEN,               None,                                  200),
                ("shipmock:7447",              TOKEN,               Some("http://shipmock:7447"),          200),
                ("shipmock:7447",              TOKEN,               Some("http://evil.example"),           403),
                ("shipmock:7447",              Some("Bearer no"),   None,                                  403),
                ("shipmock:7447",              None,                None,                                  403),
                ("evil.example:7447",          None,                Some("http://evil.example:7447"),      403),
            ] {
                let headers: Vec<_> = token.map(|it| ("authorization", it)).into_iter()
                    .chain(origin.map(|it| ("origin", it))).collect();
                assert_eq!(status(&access, host, &headers), expected, "{address} {host} {token:?} {origin:?}");
            }
        }
    }
}
