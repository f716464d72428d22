//! The values of flags: each mistake gets a sentence that says what was expected.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use jiff::Timestamp;

use crate::kit::authority::Authority;
use crate::kit::text::did_you_mean;
use crate::kit::time::span;
use crate::providers::Name;
use crate::sim::clock::{Mode, SPEEDS};
use crate::sim::webhook::egress::{Reach, Url};

fn meant<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    did_you_mean(word, words).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// One of a closed list of words.
fn one_of<T: Copy>(text: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Result<T, String> {
    let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
    match all.iter().find(|one| word(**one) == text) {
        Some(one) => Ok(*one),
        None => Err(format!(
            "expected one of {}{}",
            words.join(", "),
            meant(text, words.iter().copied())
        )),
    }
}

pub(super) fn clock(text: &str) -> Result<Mode, String> {
    one_of(text, Mode::ALL, Mode::word)
}

pub(super) fn provider(text: &str) -> Result<Name, String> {
    one_of(text, Name::ALL, Name::word)
}

/// The addresses of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenOn(pub Vec<IpAddr>);

pub(super) fn listen(text: &str) -> Result<ListenOn, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(ListenOn(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]));
    }
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().map(|address| ListenOn(vec![address])).map_err(|_| {
        let mut sentence = "expected an IP address, such as 127.0.0.1, 0.0.0.0 or ::1, or localhost for both of its addresses".to_owned();
        if text.parse::<std::net::SocketAddr>().is_ok() {
            sentence.push_str("; the port has its own flag, --port");
        }
        sentence
    })
}

pub(super) fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "expected a port from 0 to 65535; 0 takes a free one".to_owned())
}

pub(super) fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to {}", u64::MAX))
}

pub(super) fn at(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| {
        "expected an instant with its offset, such as 2026-05-14T09:00:00Z or 2026-05-14T11:00:00+02:00"
            .to_owned()
    })
}

pub(super) fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().ok().filter(|speed| SPEEDS.contains(speed));
    speed.ok_or_else(|| {
        format!(
            "expected world seconds a real second, from {} to {}, such as 60",
            SPEEDS.start(),
            SPEEDS.end()
        )
    })
}

/// How long a world may be idle; for ever when there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idle(pub Option<Duration>);

pub(super) fn idle(text: &str) -> Result<Idle, String> {
    if text.eq_ignore_ascii_case("never") {
        return Ok(Idle(None));
    }
    let read = span(text).and_then(|span| Duration::try_from(span).ok());
    let read = read.filter(|idle| !idle.is_zero());
    read.map(|idle| Idle(Some(idle)))
        .ok_or_else(|| "expected a duration such as 90s, 30m, 24h or 7d, or `never`".to_owned())
}

pub(super) fn redirect(text: &str) -> Result<(Url, Url), String> {
    Reach::redirect(text)
}

pub(super) fn against(text: &str) -> Result<(Name, Url), String> {
    let form =
        || "expected a provider and where it is played, as shipper=http://127.0.0.1:7447/shipper";
    let (name, address) = text.split_once('=').ok_or_else(form)?;
    let address = Url::of(address).filter(|address| address.user.is_none());
    Ok((provider(name)?, address.ok_or_else(form)?))
}

pub(super) fn credential(text: &str) -> Result<((Name, String), String), String> {
    let form =
        || "expected a credential of the presets and its value there, as shipper.api_key=SECRET";
    let (name, value) = text.split_once('=').ok_or_else(form)?;
    let (of, name) = name.split_once('.').ok_or_else(form)?;
    Ok(((provider(of)?, name.to_owned()), value.to_owned()))
}

pub(super) fn host(text: &str) -> Result<String, String> {
    match Authority::of(text).filter(|it| it.port.is_none() && it.user.is_none()) {
        Some(authority) => Ok(authority.host.to_ascii_lowercase()),
        None => Err(
            "expected a host name alone, such as hooks.mystore.com, without scheme, port or path"
                .to_owned(),
        ),
    }
}

pub(super) fn worlds(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "expected how many worlds there may be, 1 or more".to_owned())
}

/// More only costs; the flag is no place for a typing error of a thousand.
const MOST_THREADS: usize = 256;

pub(super) fn threads(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| (1..=MOST_THREADS).contains(number))
        .ok_or_else(|| format!("expected how many threads answer, 1 to {MOST_THREADS}"))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::{clock, host, listen};
    use crate::cli::Cli;

    #[test]
    fn a_wrong_word_is_told_what_was_expected_and_meant() {
        assert_eq!(
            clock("frozn").unwrap_err(),
            "expected one of real, frozen, scaled; did you mean `frozen`?"
        );
        assert!(listen("127.0.0.1:80").unwrap_err().ends_with("--port"));
        assert_eq!(
            listen("LocalHost").unwrap().0,
            listen("127.0.0.1")
                .unwrap()
                .0
                .into_iter()
                .chain(listen("[::1]").unwrap().0)
                .collect::<Vec<_>>()
        );
        assert!(host("https://mystore.com").is_err() && host("mystore.com:80").is_err());
        assert_eq!(host("MyStore.com").unwrap(), "mystore.com");
        assert_eq!(host("MYSTORE.COM.").unwrap(), "mystore.com");
        assert_eq!(host("[2001:DB8::1]").unwrap(), "2001:db8::1");
    }

    #[test]
    fn every_flag_of_serve_is_read() {
        let line = "shipmock serve --listen ::1 --port 0 --scenario x.yaml --seed 9 --clock scaled \
                    --at 2026-05-14T09:00:00Z --speed 60 --ready-file r --webhook-to \
                    https://a.example=http://127.0.0.1:1 --webhook-allow b.example --max-worlds 3 \
                    --control-token t --bare";
        assert!(Cli::try_parse_from(line.split_whitespace()).is_ok());
        for wrong in ["--max-worlds 0", "--speed nan", "--at today", "--port 70000", "--seed -1"] {
            let line = format!("shipmock serve {wrong}");
            let error = Cli::try_parse_from(line.split_whitespace()).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{wrong}");
            assert!(error.to_string().contains("expected") || wrong.ends_with("-1"), "{error}");
        }
    }
}
