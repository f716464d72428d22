//! What must have happened: webhooks that were sent, calls that came.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer};

use crate::http::{Evidence, Method};
use crate::policy::rule::Places;
use crate::policy::test::Test;
use crate::providers::Name;
use crate::scenario::steps::forms::ListOr;
use crate::sim::outbox::Standing;

/// The webhooks that must have been sent since the step like this before it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hooks {
    /// One after the other, as they are listed; others may come between.
    pub in_order: bool,
    /// And no others. An empty list means that too.
    pub exactly: bool,
    /// Which.
    pub are: Vec<Webhook>,
    /// Whether they are listed below `are`.
    pub is_long: bool,
}

impl<'de> Deserialize<'de> for Hooks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Long {
            #[serde(default)]
            in_order: bool,
            #[serde(default)]
            exactly: bool,
            are: Vec<Webhook>,
            #[serde(skip)]
            is_list: bool,
        }
        let alone = |are| Long { in_order: false, exactly: false, are, is_list: true };
        let wanted = "a list of webhooks, or { in_order: true, exactly: true, are: [...] }";
        let read: Long = deserializer.deserialize_any(ListOr(wanted, alone, PhantomData))?;
        let exactly = read.exactly || read.are.is_empty();
        Ok(Hooks { in_order: read.in_order, exactly, are: read.are, is_long: !read.is_list })
    }
}

/// A webhook that must have been sent.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Webhook {
    /// Its topic.
    pub event: Option<String>,
    /// Places of its body by JSONPath.
    pub json: Places,
    /// Its header fields by name.
    pub headers: BTreeMap<String, Test>,
    /// Whether it is signed, and rightly so.
    pub signed: Option<bool>,
    /// Where it stands.
    pub state: Option<Standing>,
    /// Where it went.
    pub url: Option<Test>,
    /// How often it was tried.
    pub attempts: Option<Test>,
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
    pub status: Option<Test>,
    /// Known how.
    pub evidence: Option<Evidence>,
    /// Of which account, as the journal names it.
    pub account: Option<Test>,
    /// Through which rule.
    pub rule: Option<Test>,
    /// How many; at least one when missing.
    pub count: Option<Test>,
}

crate::written_as!(Hooks, |generator| {
    "description": "A list of webhooks, or the list and how it is meant.",
    "anyOf": [
        generator.subschema_for::<Vec<Webhook>>(),
        {
            "type": "object",
            "properties": {
                "in_order": { "type": "boolean" },
                "exactly": { "type": "boolean" },
                "are": generator.subschema_for::<Vec<Webhook>>(),
            },
            "required": ["are"],
            "additionalProperties": false,
        },
    ],
});
