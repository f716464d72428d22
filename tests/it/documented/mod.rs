//! The examples of every provider's documentation: requests as printed, answers as printed.
//!
//! Where an answer cannot be the printed one to the letter, its shape must be: the same keys in the same order, with
//! values of the same types.

mod dashboard;

use serde_json::Value;
use shipmock::internals::message::{Method, Reply, Request};

use crate::harness::Read as _;

/// Every provider's documentation has examples.
macro_rules! suites {
    ($($(#[$doc:meta])* $folder:ident $provider:ident $opens:ident;)+) => {
        $(mod $folder;)+
    };
}

shipmock::for_each_provider!(suites);

/// The words of a command line: quotes and line continuations undone.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                if let Some(next) = letters.next().filter(|next| *next != '\n') {
                    word.get_or_insert_default().push(next);
                }
            }
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                word.extend(letters.by_ref().take_while(|next| *next != letter));
            }
            blank if blank.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

/// The request that a printed `curl` command makes, and the host it goes to.
pub fn curl(command: &str) -> (String, Request) {
    let mut words = words(command).into_iter();
    assert_eq!(words.next().as_deref(), Some("curl"), "{command}");
    let (mut url, mut method, mut fields, mut data) = (None, None, Vec::new(), None);
    let mut typed = None;
    while let Some(word) = words.next() {
        match word.as_str() {
            "-X" | "--request" => method = words.next().and_then(|verb| Method::of(&verb)),
            "-H" => fields.extend(words.next()),
            "--location" | "-g" => {}
            "-d" => data = words.next(),
            "--data-urlencode" => {
                let pair = words.next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                let pair = format!("{name}={}", value.replace(' ', "%20"));
                data = Some(data.map_or(pair.clone(), |data: String| format!("{data}&{pair}")));
                typed = Some("application/x-www-form-urlencoded");
            }
            _ => url = Some(word),
        }
    }
    let url = url.unwrap();
    let rest = url.split_once("://").unwrap().1;
    let (host, target) = rest.split_at(rest.find('/').unwrap());
    let usual = if data.is_some() { Method::Post } else { Method::Get };
    let mut request = Request::new(method.unwrap_or(usual), target);
    for field in fields {
        let (name, value) = field.split_once(": ").unwrap();
        request.headers.add(name.to_ascii_lowercase(), value.to_owned());
    }
    if let Some(typed) = typed {
        request.headers.add("content-type", typed);
    }
    request.body = data.unwrap_or_default().into();
    (host.to_owned(), request)
}

/// A printed value, read with its keys in order.
pub fn printed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// An answer is the printed one, to the last key and its place.
pub fn assert_printed(reply: &Reply, status: u16, text: &str) {
    assert_eq!(reply.status, status, "{}", reply.wire());
    // As texts: two objects are equal whatever the order of their keys.
    assert_eq!(reply.json().to_string(), printed(text).to_string());
}

/// What stands in a printed value for something that is not printed.
pub const ANYTHING: &str = "...";

/// Where a value has not the shape of a printed one.
///
/// A printed null, and the placeholder, fit everything; each element of a list must have the shape of one of the printed
/// elements. A printed list that is not empty asks for one that is not empty, within lists only of the first element.
pub fn misfit(printed: &Value, given: &Value, at: &str) -> Option<String> {
    match (printed, given) {
        (Value::Null, _) => None,
        (Value::String(placeholder), _) if placeholder == ANYTHING => None,
        (Value::Object(printed), Value::Object(given)) => {
            if !printed.keys().eq(given.keys()) {
                let keys = |map: &serde_json::Map<String, Value>| {
                    map.keys().cloned().collect::<Vec<_>>().join(" ")
                };
                return Some(format!("{at}: {} instead of {}", keys(given), keys(printed)));
            }
            let pairs = printed.iter().zip(given.values());
            pairs
                .filter_map(|((name, want), got)| misfit(want, got, &format!("{at}.{name}")))
                .next()
        }
        (Value::Array(printed), Value::Array(given)) => {
            let later = at.split('[').skip(1).any(|place| !place.starts_with("0]"));
            if !printed.is_empty() && given.is_empty() && !later {
                return Some(format!("{at}: an empty list"));
            }
            given.iter().enumerate().find_map(|(place, got)| {
                let at = format!("{at}[{place}]");
                let mut misfits = printed.iter().map(|want| misfit(want, got, &at));
                let first = misfits.next().flatten()?;
                misfits.all(|misfit| misfit.is_some()).then_some(first)
            })
        }
        (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::String(_), Value::String(_)) => None,
        (want, got) => Some(format!("{at}: {got} instead of something like {want}")),
    }
}

/// An answer has the shape of the printed one.
pub fn assert_shape(reply: &Reply, status: u16, text: &str) {
    assert_eq!(reply.status, status, "{}", reply.wire());
    assert_eq!(misfit(&printed(text), &reply.json(), "$"), None, "{}", reply.text());
}

#[test]
fn printed_commands_are_read_as_a_shell_reads_them() {
    let (host, request) = curl(
        "curl -X POST \"https://api.example/v1/a?b=%20c\" \\\n-H \"Accept: application/json\" \\\n-d '{\n\"a\": \"b c\" }'",
    );
    assert_eq!((host.as_str(), request.method), ("api.example", Method::Post));
    assert_eq!((request.path.as_str(), request.query.as_str()), ("/v1/a", "b=%20c"));
    assert_eq!(request.headers.get("accept"), Some("application/json"));
    assert_eq!(request.body.text(), "{\n\"a\": \"b c\" }");
}

#[test]
fn shapes_that_differ_are_found() {
    let want = printed(r#"{ "a": 1, "b": [{ "c": "x" }, { "d": null }], "e": "..." }"#);
    for fits in [
        r#"{"a":2.5,"b":[{"d":[]},{"c":"y"},{"c":""}],"e":{}}"#,
        r#"{"a":0,"b":[{"c":"z"}],"e":1}"#,
    ] {
        assert_eq!(misfit(&want, &printed(fits), "$"), None, "{fits}");
    }
    for (other, found) in [
        (r#"{"b":[{"c":"x"}],"a":1,"e":1}"#, "$: b a e instead of a b e"),
        (r#"{"a":"1","b":[{"c":"x"}],"e":1}"#, "$.a: \"1\" instead of something like 1"),
        (r#"{"a":1,"b":[],"e":1}"#, "$.b: an empty list"),
        (r#"{"a":1,"b":[{"c":"x"},{"c":1}],"e":1}"#, "$.b[1].c: 1 instead of something like \"x\""),
    ] {
        assert_eq!(misfit(&want, &printed(other), "$").as_deref(), Some(found), "{other}");
    }
}
