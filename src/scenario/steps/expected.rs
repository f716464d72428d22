//! Expectations, what must have happened: webhooks that were sent, calls that came, entities that stand somewhere.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::message::{Evidence, Method};
use crate::policy::condition::Condition;
use crate::policy::rule::Places;
use crate::providers::Name;
use crate::scenario::steps::forms::{ListOr, Text};
use crate::sim::webhook::outbox::DeliveryState;

/// The webhooks that must have been sent since the step like this before it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hooks {
    /// One after the other, as they are listed; others may come between.
    pub in_order: bool,
    /// And no others. An empty list means that too.
    pub exactly: bool,
    /// Which.
    pub are: Vec<WebhookExpectation>,
    /// Whether they are listed below `are`.
    pub is_long: bool,
}

impl<'de> Deserialize<'de> for Hooks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct LongExpectation {
            #[serde(default)]
            in_order: bool,
            #[serde(default)]
            exactly: bool,
            are: Vec<WebhookExpectation>,
            #[serde(skip)]
            is_list: bool,
        }
        let alone = |are| LongExpectation { in_order: false, exactly: false, are, is_list: true };
        let wanted = "a list of webhooks, or { in_order: true, exactly: true, are: [...] }";
        let read: LongExpectation =
            deserializer.deserialize_any(ListOr(wanted, alone, PhantomData))?;
        let exactly = read.exactly || read.are.is_empty();
        Ok(Hooks { in_order: read.in_order, exactly, are: read.are, is_long: !read.is_list })
    }
}

/// A webhook that must have been sent.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Webhook")]
pub struct WebhookExpectation {
    /// Its topic.
    pub event: Option<String>,
    /// Places of its body by JSONPath.
    pub json: Places,
    /// Its header fields by name.
    pub headers: BTreeMap<String, Condition>,
    /// Whether it is signed, and rightly so.
    pub signed: Option<bool>,
    /// Where it stands.
    pub state: Option<DeliveryState>,
    /// Where it went.
    pub url: Option<Condition>,
    /// How often it was tried.
    pub attempts: Option<Condition>,
    /// The rule that was its weather; null for none.
    pub weather: Option<Condition>,
}

/// Calls that must have come.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Calls {
    /// To which provider.
    pub provider: Option<Name>,
    /// With which verb.
    pub method: Option<Method>,
    /// With which path behind the prefix; `*` stands for anything.
    pub path: Option<String>,
    /// With which status.
    pub status: Option<Condition>,
    /// Known how.
    pub evidence: Option<Evidence>,
    /// Of which account, as the journal names it.
    pub account: Option<Condition>,
    /// Through which rule.
    pub rule: Option<Condition>,
    /// How many; at least one when missing.
    pub count: Option<Condition>,
}

crate::written_as!(Hooks, |generator| {
    "description": "A list of webhooks, or the list and how it is meant.",
    "anyOf": [
        generator.subschema_for::<Vec<WebhookExpectation>>(),
        {
            "type": "object",
            "properties": {
                "in_order": { "type": "boolean" },
                "exactly": { "type": "boolean" },
                "are": generator.subschema_for::<Vec<WebhookExpectation>>(),
            },
            "required": ["are"],
            "additionalProperties": false,
        },
    ],
});

/// How an entity must stand, seen from inside: `{ shiplee.shipment: first, state: RTO }`.
#[derive(Debug, Clone, PartialEq)]
pub struct EntityExpectation {
    /// Provider and kind, as `shiplee.shipment`.
    pub kind: String,
    /// Its id, or `first` or `last`.
    pub id: Text,
    /// Where it stands.
    pub state: Option<Condition>,
    /// Places of what else is known of it, by JSONPath.
    pub data: Places,
}

impl<'de> Deserialize<'de> for EntityExpectation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LookKeys;
        impl<'de> Visitor<'de> for LookKeys {
            type Value = EntityExpectation;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("keys with values, as { shiplee.shipment: first, state: RTO }")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<EntityExpectation, A::Error> {
                let (mut entity, mut state, mut data) = (None, None, None);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "state" => state = Some(map.next_value()?),
                        "data" => data = Some(map.next_value()?),
                        _ if entity.is_none() => entity = Some((key, map.next_value()?)),
                        _ => {
                            let message = format!(
                                "`{key}` is one too many; say one entity, and `state` or `data`"
                            );
                            return Err(A::Error::custom(message));
                        }
                    }
                }
                let which = "say which entity, as `shiplee.shipment: first`";
                let (kind, id) = entity.ok_or_else(|| A::Error::custom(which))?;
                if state.is_none() && data.is_none() {
                    let what = "say what it must be like: `state`, `data` (JSONPaths), or both";
                    return Err(A::Error::custom(what));
                }
                Ok(EntityExpectation { kind, id, state, data: data.unwrap_or_default() })
            }
        }
        deserializer.deserialize_map(LookKeys)
    }
}

crate::written_as!(EntityExpectation as "Look", |generator| {
    "description": "One entity, as `shiplee.shipment: first`, and what it must be like: `state`, `data` or both.",
    "type": "object",
    "properties": {
        "state": generator.subschema_for::<Condition>(),
        "data": generator.subschema_for::<Places>(),
    },
    "patternProperties": { "^[a-z]+\\.[a-z_]+$": generator.subschema_for::<Text>() },
    "additionalProperties": false,
    "minProperties": 2,
    "maxProperties": 3,
});
