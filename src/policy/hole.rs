//! The placeholders of a rule's texts, `${...}`: which there are, what is wrong with one that is none, and their filling
//! from the call the rule is about.

use std::cell::{OnceCell, RefCell};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::kit::mistake::Mistake;
use crate::kit::template;
use crate::kit::text::did_you_mean;
use crate::kit::time::span;
use crate::message::{Args, Request, form};
use crate::policy::rule::{JsonPlace, Then};
use crate::sim::chance::Chance;

/// What a hole stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Hole {
    /// A place of the call's JSON.
    Json(JsonPlace),
    /// A parameter of its query.
    Query(String),
    /// A field of its form.
    Form(String),
    /// A header field of it.
    Header(String),
    /// What stood in the so-manieth braces of its path, counted from 0.
    Arg(usize),
    /// World time, so much later or earlier.
    Now(SignedDuration),
    /// An identifier from the seed, another one in each hole.
    Uuid,
}

/// How holes are written.
const FORMS: &str = "`${json:$.path}`, `${query:name}`, `${form:name}`, `${header:name}`, `${arg:0}`, `${now}`, \
                     `${now+1d}`, `${now-90s}`, `${uuid}`; for the text itself write `$${`";
/// The words before a colon, and those that stand alone.
const WORDS: [&str; 7] = ["json", "query", "form", "header", "arg", "now", "uuid"];

impl Hole {
    /// Reads what stands between the braces.
    ///
    /// # Errors
    /// A sentence with what there is, and what was probably meant.
    pub fn of(text: &str) -> Result<Hole, String> {
        let (word, name) = match text.split_once(':') {
            Some((word, name)) => (word, Some(name)),
            None => (text, None),
        };
        let named = |name: &str| match name {
            "" => Err(format!("`${{{text}}}` names nothing; a rule fills {FORMS}")),
            name => Ok(name.to_owned()),
        };
        match (word, name) {
            ("json", Some(path)) => JsonPlace::of(path).map(Hole::Json),
            ("query", Some(name)) => named(name).map(Hole::Query),
            ("form", Some(name)) => named(name).map(Hole::Form),
            ("header", Some(name)) => named(name).map(Hole::Header),
            ("arg", Some(place)) => place.parse().map(Hole::Arg).map_err(|_| {
                format!("`${{{text}}}` is no argument of a path; the first is `${{arg:0}}`")
            }),
            ("uuid", None) => Ok(Hole::Uuid),
            (moment, None) if moment.starts_with("now") => {
                later(&moment[3..]).map(Hole::Now).ok_or_else(|| unknown(text, word))
            }
            _ => Err(unknown(text, word)),
        }
    }
}

/// `+1d` or `-90s`; nothing is now.
fn later(text: &str) -> Option<SignedDuration> {
    match text.split_at_checked(1) {
        None => Some(SignedDuration::ZERO),
        Some(("+", length)) => span(length),
        Some(("-", length)) => span(length).map(|length| -length),
        Some(_) => None,
    }
}

fn unknown(text: &str, word: &str) -> String {
    let bare = word.split(['+', '-']).next().unwrap_or(word);
    let meant = did_you_mean(bare, WORDS).filter(|meant| *meant != bare);
    let meant = meant.map_or_else(String::new, |meant| format!(" did you mean `{meant}`?"));
    format!("a rule has nothing for `${{{text}}}`;{meant} it fills {FORMS}")
}

/// Whether a rule can fill all that it leaves open.
///
/// # Errors
/// The place and a sentence, for the first hole that is none.
pub fn check(then: &Then) -> Result<(), Mistake> {
    let mut texts: Vec<(String, &str)> = Vec::new();
    if let Some(value) = &then.json {
        of_value(value, "then.json".to_owned(), &mut texts);
    }
    texts.extend(then.text.as_deref().map(|text| ("then.text".to_owned(), text)));
    for (name, values) in &then.headers {
        texts.extend(values.iter().map(|value| (format!("then.headers.{name}"), value)));
    }
    texts.into_iter().try_for_each(|(place, text)| {
        let holes = template::holes(text);
        let wrong = |problem| Mistake::new(place.clone(), problem);
        holes.into_iter().try_for_each(|hole| Hole::of(hole).map(drop).map_err(wrong))
    })
}

/// The texts of a value with their places; a key stands where its value does.
fn of_value<'a>(value: &'a Value, place: String, texts: &mut Vec<(String, &'a str)>) {
    match value {
        Value::String(text) => texts.push((place, text)),
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                of_value(value, format!("{place}[{index}]"), texts);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                let inner = format!("{place}.{key}");
                texts.push((inner.clone(), key));
                of_value(value, inner, texts);
            }
        }
        _ => {}
    }
}

/// What the holes of a rule are filled from: a call, the world's time, and chance.
#[derive(Debug)]
pub struct Filling<'a> {
    request: &'a Request,
    args: &'a Args,
    now: Timestamp,
    chance: RefCell<&'a mut Chance>,
    /// Parsed once, and only if a hole asks for it.
    body: OnceCell<Value>,
}

impl<'a> Filling<'a> {
    /// The filling of one answer.
    pub fn new(
        request: &'a Request,
        args: &'a Args,
        now: Timestamp,
        chance: &'a mut Chance,
    ) -> Self {
        Filling { request, args, now, chance: RefCell::new(chance), body: OnceCell::new() }
    }

    /// What stands in a hole: nothing (null) where the call does not have it.
    pub fn look_up(&self, hole: &str) -> Option<Value> {
        let pair = |text: &str, name: &str| {
            let found = form::pairs(text).into_iter().rev().find(|(known, _)| known == name);
            found.map(|(_, value)| json!(value))
        };
        let found = match Hole::of(hole).ok()? {
            Hole::Json(place) => {
                let read = || serde_json::from_slice(&self.request.body).unwrap_or_default();
                place.first(self.body.get_or_init(read)).cloned()
            }
            Hole::Query(name) => pair(&self.request.query, &name),
            Hole::Form(name) => pair(&self.request.body.text(), &name),
            Hole::Header(name) => self.request.headers.get(&name).map(|value| json!(value)),
            Hole::Arg(place) => {
                Some(self.args.at(place)).filter(|arg| !arg.is_empty()).map(|arg| json!(arg))
            }
            Hole::Now(ahead) => {
                let at = self.now.saturating_add(ahead).unwrap_or(Timestamp::MAX);
                Some(json!(at.to_string()))
            }
            Hole::Uuid => {
                Some(json!(self.chance.borrow_mut().draw("rule uuid").uuid().to_string()))
            }
        };
        Some(found.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Filling, Hole, check};
    use crate::kit::template::{fill, fill_value};
    use crate::message::{Method, Request, matches};
    use crate::policy::rule::Then;
    use crate::sim::chance::Chance;

    #[test]
    fn what_a_rule_cannot_fill_is_refused_with_what_it_can() {
        for (then, place, words) in [
            (json!({"text": "${jsn:$.a}"}), "then.text", "did you mean `json`?"),
            (
                json!({"json": {"a": [{"b": "x ${uid}"}]}}),
                "then.json.a[0].b",
                "did you mean `uuid`?",
            ),
            (json!({"json": {"${nowt}": 1}}), "then.json.${nowt}", "${now+1d}"),
            (json!({"headers": {"X-A": "${now+1}"}}), "then.headers.X-A", "${now-90s}"),
            (json!({"headers": {"X-A": ["a", "${ENV}"]}}), "then.headers.X-A", "`$${`"),
            (json!({"text": "${json:a}"}), "then.text", "no JSONPath"),
            (json!({"text": "${arg:first}"}), "then.text", "${arg:0}"),
            (json!({"text": "${query:}"}), "then.text", "names nothing"),
            (json!({"text": "${}"}), "then.text", "a rule has nothing for `${}`"),
        ] {
            let read: Then = serde_json::from_value(then.clone()).unwrap();
            let wrong = check(&read).unwrap_err();
            assert_eq!(wrong.place, place, "{then}");
            assert!(wrong.problem.contains(words), "{then}: {}", wrong.problem);
        }
        for then in [
            json!({"text": "${json:$.a} ${query:b} ${form:c} ${header:d} ${arg:0} ${now} ${uuid}"}),
            json!({"text": "${now+1h30m} ${now-PT1H} $${anything} ${ $${", "json": null}),
        ] {
            let read: Then = serde_json::from_value(then.clone()).unwrap();
            assert_eq!(check(&read), Ok(()), "{then}");
        }
    }

    #[test]
    fn holes_are_filled_from_the_call_the_time_and_the_seed() {
        let request = Request::new(Method::Post, "/orders/7/cancel?b=2&b=3")
            .with("x-team", "red")
            .carrying("application/json", r#"{"a":{"n":1}}"#);
        let args = matches("/orders/{id}/cancel", "/orders/7/cancel").unwrap();
        let filled = |seed: u64, text: &str| {
            let now = "2026-05-14T09:00:00Z".parse().unwrap();
            let mut chance = Chance::new(seed);
            let filling = Filling::new(&request, &args, now, &mut chance);
            let look_up = |hole: &str| filling.look_up(hole);
            (fill(text, &look_up), fill_value(&json!(text), &look_up))
        };
        for (text, printed, value) in [
            ("${json:$.a}", r#"{"n":1}"#, json!({"n": 1})),
            ("${json:$.a.n}", "1", json!(1)),
            ("${json:$.z}", "", Value::Null),
            ("<${query:z}>", "<>", json!("<>")),
            ("${query:b} ${header:X-Team} ${arg:0}", "3 red 7", json!("3 red 7")),
            ("${now+1d}", "2026-05-15T09:00:00Z", json!("2026-05-15T09:00:00Z")),
            ("${now-90s}", "2026-05-14T08:58:30Z", json!("2026-05-14T08:58:30Z")),
            ("$${now} costs $$5", "${now} costs $$5", json!("${now} costs $$5")),
        ] {
            assert_eq!(filled(7, text), (printed.to_owned(), value), "{text}");
        }
        let (two, _) = filled(7, "${uuid} ${uuid}");
        let (one, other) = two.split_once(' ').unwrap();
        assert!(one != other && uuid::Uuid::parse_str(one).is_ok(), "{two}");
        assert_eq!(filled(7, "${uuid} ${uuid}").0, two);
        assert_ne!(filled(8, "${uuid} ${uuid}").0, two);
        assert_eq!(Hole::of("now"), Ok(Hole::Now(jiff::SignedDuration::ZERO)));
    }
}
