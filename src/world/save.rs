//! Serialization of a world: written down as one JSON document, and read back.
//!
//! Everything a world owns is in it. What belongs to the server is not: where webhooks may go, and whether answers
//! have our headers; a document must not widen what the operator allowed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kit::text::excerpt;
use crate::policy::installed::MOST;
use crate::providers;
use crate::world::{Recipe, World};

/// The version of the document. It goes up when a document can no longer be read as it was meant.
pub const FORMAT: u64 = 2;

/// Why a document is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not even JSON.
    #[error("the document is no JSON: {0}")]
    NotJson(String),
    /// It is of another version, or of none.
    #[error("the document is of format {0}; this version of Shipmock reads format {FORMAT}")]
    Format(String),
    /// Something in it is not what stands there in a world.
    #[error("the document is not a world's: {sentence}")]
    Malformed {
        /// What is wrong, with line and column.
        sentence: String,
        /// The text before that place.
        near: String,
    },
    /// It says something that a world has no place for.
    #[error(
        "the document says `{given}` at `{path}`, which a world cannot keep as it stands there"
    )]
    Lost {
        /// Where, keys and places joined by dots.
        path: String,
        /// What stands there.
        given: String,
    },
    /// Its parts contradict each other.
    #[error("the document contradicts itself: {0}")]
    Contradiction(String),
}

/// A whole world.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "State")]
pub struct WorldDocument<'a> {
    /// The version of the document.
    format: u64,
    /// Everything the world owns; not for being taken apart.
    #[schemars(with = "Value")]
    world: &'a World,
}

#[derive(Deserialize)]
struct DocumentHead {
    #[serde(default)]
    format: Value,
}

#[derive(Deserialize)]
struct Document {
    world: World,
}

impl World {
    /// The whole world as a document.
    pub fn save(&self) -> String {
        serde_json::to_string(&WorldDocument { format: FORMAT, world: self })
            .expect("a world holds no maps with other keys than texts and numbers")
    }

    /// The world of a document. What belongs to the server is taken from the recipe of another of its worlds.
    ///
    /// # Errors
    /// `Unreadable` when it is no document of this version, or not one that `save` could have written.
    pub fn restore(document: &[u8], server: &Recipe) -> Result<World, Unreadable> {
        let head: DocumentHead =
            serde_json::from_slice(document).map_err(|e| wrong(document, &e))?;
        if head.format.as_u64() != Some(FORMAT) {
            let found = match head.format {
                Value::Null => "none".to_owned(),
                other => excerpt(&other.to_string(), 40).into_owned(),
            };
            return Err(Unreadable::Format(found));
        }
        let read: Document = serde_json::from_slice(document).map_err(|e| wrong(document, &e))?;
        let mut world = read.world;
        let recipe = Recipe {
            reach: server.reach.clone(),
            bare: server.bare,
            ..Recipe::clone(&world.recipe)
        };
        world.recipe = recipe.into();
        world.outbox.reach = server.reach.clone();
        world.check()?;
        // Usually it is what was written, to the byte; whatever was edited must not be lost in silence.
        let written = world.save();
        if written.as_bytes() != document {
            let given: Value = serde_json::from_slice(document).unwrap_or_default();
            let kept: Value = serde_json::from_str(&written).unwrap_or_default();
            if let Some((path, given)) = lost(&given, &kept) {
                let given = excerpt(&given.to_string(), 80).into_owned();
                return Err(Unreadable::Lost { path, given });
            }
        }
        // What was in flight when it was written goes out once more: better twice than never, as senders have it.
        world.outbox.recall(world.now);
        Ok(world)
    }

    /// What the parts rely on.
    fn check(&mut self) -> Result<(), Unreadable> {
        let parts = [
            self.journal.settle().map_err(|wrong| format!("journal: {wrong}")),
            self.outbox.settle().map_err(|wrong| format!("outbox: {wrong}")),
            self.agenda.settle().map_err(|wrong| format!("agenda: {wrong}")),
            self.rules.settle().map_err(|wrong| format!("rules: {wrong}")),
        ];
        parts.into_iter().collect::<Result<(), String>>().map_err(Unreadable::Contradiction)?;
        if self.rules.iter().count() > MOST {
            let sentence = format!("rules: a world has at most {MOST}");
            return Err(Unreadable::Contradiction(sentence));
        }
        for installed in self.rules.iter() {
            providers::check_rule(&installed.rule).map_err(|mistake| {
                let id = installed.id();
                Unreadable::Contradiction(format!("rules: {id}: {mistake}"))
            })?;
        }
        for name in providers::Name::ALL {
            providers::service(*name).check(&self.providers).map_err(|mistake| {
                let mistake = mistake.below(&format!("providers.{name}"));
                Unreadable::Contradiction(mistake.to_string())
            })?;
        }
        Ok(())
    }
}

/// How many bytes before a mistake are shown.
const NEAR: usize = 60;

fn wrong(document: &[u8], error: &serde_json::Error) -> Unreadable {
    if error.is_syntax() || error.is_eof() {
        return Unreadable::NotJson(error.to_string());
    }
    let lines = document.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    let end = before.saturating_add(error.column()).min(document.len());
    let near = document.get(end.saturating_sub(NEAR)..end).unwrap_or_default();
    let near = String::from_utf8_lossy(near).trim_matches('\u{fffd}').to_owned();
    Unreadable::Malformed { sentence: error.to_string(), near }
}

/// The first place of a document that is not kept, and what stands there. What was left out and has its usual value
/// is no loss; neither is a null.
fn lost<'a>(given: &'a Value, kept: &Value) -> Option<(String, &'a Value)> {
    let below = |key: String, given: &'a Value, kept: Option<&Value>| match kept {
        Some(kept) => lost(given, kept).map(|(path, what)| {
            if path.is_empty() { (key, what) } else { (format!("{key}.{path}"), what) }
        }),
        None if given.is_null() => None,
        None => Some((key, given)),
    };
    match (given, kept) {
        (Value::Object(object), Value::Object(other)) => {
            object.iter().find_map(|(key, value)| below(key.clone(), value, other.get(key)))
        }
        (Value::Array(list), Value::Array(other)) if list.len() == other.len() => {
            let pairs = list.iter().zip(other).enumerate();
            pairs.into_iter().find_map(|(at, (one, two))| below(at.to_string(), one, Some(two)))
        }
        (given, kept) => (given != kept).then(|| (String::new(), given)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use serde_json::{Value, json};

    use super::Unreadable;
    use crate::message::{Method, Request};
    use crate::providers::Name;
    use crate::world::{Orders, Recipe, Setup, World};

    fn world() -> World {
        let orders = Orders { at: Some(Timestamp::UNIX_EPOCH), ..Orders::default() };
        let recipe = Recipe::new("none", Setup::default(), orders, Timestamp::UNIX_EPOCH);
        let mut world = World::build(Arc::new(recipe)).unwrap();
        let rule = json!({"on": "*", "first": 1, "then": {"status": 503}});
        world.install(serde_json::from_value(rule).unwrap()).unwrap();
        for _ in 0..2 {
            let request = Request::new(Method::Get, "/api/v1/orders").with("x-twice", "a");
            world.request(Name::Shipper, request.with("x-twice", "b"));
        }
        world
    }

    /// What is said of the world's document with one place of it replaced.
    fn refused(place: &str, value: Value) -> String {
        let world = world();
        let mut document: Value = serde_json::from_str(&world.save()).unwrap();
        let (parent, key) = place.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            Value::Object(object) => drop(object.insert(key.to_owned(), value)),
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
            _ => panic!("{place}"),
        }
        World::restore(document.to_string().as_bytes(), world.recipe()).unwrap_err().to_string()
    }

    #[test]
    fn a_document_of_another_version_or_none_is_refused() {
        for (format, said) in
            [(json!(1), "format 1;"), (json!("2"), "format \"2\";"), (json!(null), "format none;")]
        {
            assert!(refused("/format", format.clone()).contains(said), "{format}");
        }
    }

    #[test]
    fn what_is_no_document_is_refused_at_its_place() {
        let world = world();
        let refused_text =
            |text: &str| World::restore(text.as_bytes(), world.recipe()).unwrap_err();
        assert!(matches!(refused_text("{"), Unreadable::NotJson(_)));
        assert!(matches!(refused_text(&"[".repeat(100_000)), Unreadable::NotJson(_)));
        assert!(matches!(refused_text("[]"), Unreadable::Format(_)));
        assert!(matches!(refused_text("7"), Unreadable::Malformed { .. }));
        assert!(matches!(
            refused_text("{\"format\":2,\n \"world\":{}}"),
            Unreadable::Malformed { .. }
        ));
        let cut = world.save().replace("\"frozen\"", "\"frozn\"");
        let Unreadable::Malformed { sentence, near } = refused_text(&cut) else { panic!() };
        assert!(sentence.contains("frozn") && near.ends_with("\"frozn\""), "{sentence} / {near}");
    }

    /// A delivery as a document has it, under a number and in a phase.
    fn delivery(number: u64, phase: &str) -> Value {
        json!({
            "number": number, "at": "1970-01-01T00:00:00Z", "provider": "shipper", "subscription": "1",
            "event": "e", "url": "http://localhost/", "headers": [], "body": "",
            "retry": {"timeout": "PT3S", "waits": [], "accepted": [200, 299]},
            "life": {"state": phase, "history": []}, "attempts": [], "weather": null,
        })
    }

    #[test]
    fn what_would_be_lost_or_contradicts_is_refused() {
        for (place, value, said) in [
            ("/world/clok", json!(1), "`world.clok`"),
            ("/world/journal/entries/1/colour", json!("red"), "`world.journal.entries.1.colour`"),
            ("/world/journal/entries/1/number", json!(7), "journal: entry 7"),
            ("/world/journal/next", json!(2), "journal: "),
            ("/world/rules/next", json!(0), "rules: "),
            ("/world/rules/installed/0/rule/on", json!("shiper"), "did you mean `shipper`"),
            ("/world/outbox/deliveries", json!({"5": delivery(7, "new")}), "outbox: delivery 5"),
            (
                "/world/outbox/deliveries",
                json!({"0": delivery(0, "ready")}),
                "outbox: delivery 0 is ready",
            ),
        ] {
            let refusal = refused(place, value);
            assert!(refusal.contains(said), "{place}: {refusal}");
        }
    }

    #[test]
    fn what_belongs_to_the_server_is_not_in_it() {
        let world = world();
        let mut server = Recipe::clone(world.recipe());
        (server.bare, server.reach.allowed) = (true, vec!["*".to_owned()]);
        let restored = World::restore(world.save().as_bytes(), &server).unwrap();
        assert_eq!((restored.recipe().bare, &restored.outbox.reach), (true, &server.reach));
        assert!(!world.save().contains("\"reach\"") && !world.save().contains("\"bare\""));
    }
}
