//! Shiptheory's part of a scenario's `world:`.

pub mod opening;

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::frameworks::php::json_encode::Number;
use crate::providers::Setting;
use crate::providers::shiptheory::machines::Status;
use crate::providers::shiptheory::state::accounts::{Sheet, ShippingRule};
use crate::providers::shiptheory::state::shipment::{Address, Item, Message, Particulars, Pins};
use crate::sim::journey::plan::History;
use crate::words;

/// What a scenario says about Shiptheory.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Shiptheory")]
pub struct Setup {
    /// Where documentation and evidence are silent: which way to go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switches: Option<Switches>,
    /// The journey of shipments that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journey: Option<String>,
    /// Accounts; the first is the one `presets` speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Vec<AccountSetup>>,
}

impl Setting for Setup {
    /// The same setup, with what it does not say taken from another. Accounts are told apart by their mail addresses.
    fn or(self, base: Setup) -> Setup {
        let accounts = match (self.accounts, base.accounts) {
            (Some(own), Some(mut base)) => {
                let mut merged: Vec<AccountSetup> = Vec::with_capacity(own.len() + base.len());
                for account in own {
                    let place = base.iter().position(|other| other.email == account.email);
                    merged.push(match place {
                        Some(place) => account.or(base.remove(place)),
                        None => account,
                    });
                }
                merged.append(&mut base);
                Some(merged)
            }
            (own, base) => own.or(base),
        };
        Setup {
            switches: self.switches.or(base.switches),
            journey: self.journey.or(base.journey),
            accounts,
        }
    }

    /// How many days of history have to be lived through.
    fn days(&self) -> u32 {
        let histories = self.accounts.iter().flatten().filter_map(|it| it.history.as_ref());
        histories.map(|history| history.days).max().unwrap_or(0)
    }
}

words! {
    /// The field under which a taken name of a tag is told.
    pub enum TagErrorField {
        /// As the documentation prints it.
        Sku = "sku",
        /// As the field is called.
        Name = "name",
    }
}

/// Behaviours that are inferred, and can be met the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShiptheorySwitches")]
pub struct Switches {
    /// The status of validation errors.
    pub validation_status: u16,
    /// One booking a second and account, then 429.
    pub one_booking_a_second: bool,
    /// `success` is false when the carrier refuses.
    pub refused_is_failure: bool,
    /// `carrier_result` has the keys that one client of Shiptheory's own knows.
    pub long_carrier_result: bool,
    /// A shipment without a label has `label: null`.
    pub null_label: bool,
    /// A completed shipment is put away after a day.
    pub auto_archive: bool,
    /// A shipment that was put away still shows carrier, number and prices.
    pub archived_shows_tracking: bool,
    /// `Processing`, not `PROCESSING`.
    pub processing_in_small_letters: bool,
    /// A tag that is nobody's is a 403 too.
    pub unknown_tag_is_403: bool,
    /// The field under which a taken name of a tag is told.
    pub tag_error_field: TagErrorField,
    /// Weights with more places than documented are refused, not rounded.
    pub strict_decimals: bool,
    /// Whatever is wrong with a token, one sentence is said.
    pub uniform_token_errors: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Switches {
            validation_status: 200,
            one_booking_a_second: false,
            refused_is_failure: false,
            long_carrier_result: false,
            null_label: false,
            auto_archive: true,
            archived_shows_tracking: false,
            processing_in_small_letters: false,
            unknown_tag_is_403: false,
            tag_error_field: TagErrorField::Sku,
            strict_decimals: false,
            uniform_token_errors: false,
        }
    }
}

/// An account of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShiptheoryAccount")]
pub struct AccountSetup {
    /// What stands before its credentials in `presets`; nothing for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it logs in with.
    pub email: String,
    /// What it logs in with; drawn from the seed when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Its id; the next free one from 1024 on when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// What its tokens are signed with; drawn from the seed when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// A token that never expires; drawn from the seed when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permanent_token: Option<String>,
    /// More of these: the placeholders of the documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_tokens: Option<Vec<String>>,
    /// Where its shipments come from when they do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<Address>,
    /// The carriers it has, and which instances of each; all of them when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carriers: Option<BTreeMap<String, Vec<u64>>>,
    /// How shipments find their carrier; none when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<ShippingRule>>,
    /// Its package sizes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_sizes: Option<Vec<PackageSizeSetup>>,
    /// Its products.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub products: Option<Vec<ProductSetup>>,
    /// Its tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<TagSetup>>,
    /// Shipments that are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipments: Option<Vec<ShipmentSetup>>,
    /// What happens to its next bookings, journey by journey.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_journeys: Option<VecDeque<String>>,
    /// Shipments to be made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
}

impl AccountSetup {
    /// The same account, with what it does not say taken from another.
    fn or(self, base: AccountSetup) -> AccountSetup {
        AccountSetup {
            name: self.name.or(base.name),
            email: self.email,
            password: self.password.or(base.password),
            id: self.id.or(base.id),
            secret: self.secret.or(base.secret),
            permanent_token: self.permanent_token.or(base.permanent_token),
            more_tokens: self.more_tokens.or(base.more_tokens),
            sender: self.sender.or(base.sender),
            carriers: self.carriers.or(base.carriers),
            rules: self.rules.or(base.rules),
            package_sizes: self.package_sizes.or(base.package_sizes),
            products: self.products.or(base.products),
            tags: self.tags.or(base.tags),
            shipments: self.shipments.or(base.shipments),
            next_journeys: self.next_journeys.or(base.next_journeys),
            history: self.history.or(base.history),
        }
    }
}

/// A package size of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShiptheoryPackageSize")]
pub struct PackageSizeSetup {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// How long it is.
    pub length: Number,
    /// How wide it is.
    pub width: Number,
    /// How high it is.
    pub height: Number,
    /// Whether it is enabled.
    #[serde(default = "yes")]
    pub active: bool,
    /// When it was made; the world's start when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
}

fn yes() -> bool {
    true
}

/// A product of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShiptheoryProduct")]
pub struct ProductSetup {
    /// What is on file.
    pub sheet: Sheet,
    /// When it came; the world's start when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
    /// It gives way to the first call that adds it.
    #[serde(default)]
    pub example: bool,
}

/// A tag of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShiptheoryTag")]
pub struct TagSetup {
    /// Its id; the next free one when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Its name.
    pub name: String,
    /// A hexadecimal colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background_colour: Option<String>,
    /// A hexadecimal colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_colour: Option<String>,
    /// It gives way to the first call that adds it.
    #[serde(default)]
    pub example: bool,
}

/// A shipment of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShiptheoryShipment")]
pub struct ShipmentSetup {
    /// Unique in its account.
    pub reference: String,
    /// Not unique.
    #[serde(default)]
    pub reference2: String,
    /// Where the order came from; `Api` when missing.
    #[serde(default = "api")]
    pub channel: String,
    /// When it was received; the world's start when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
    /// When it was changed last; when it was received when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Timestamp>,
    /// Where it stands; `Complete` when missing.
    #[serde(default = "complete")]
    pub status: Status,
    /// The carrier it goes by; that of its service when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The delivery service it goes by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<u64>,
    /// What the carrier calls it; drawn from the seed when missing and complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
    /// What the carrier asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment_cost: Option<Number>,
    /// Numbers and remarks.
    #[serde(default)]
    pub detail: Particulars,
    /// To whom.
    #[serde(default)]
    pub recipient: Address,
    /// From whom; the account's own address when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<Address>,
    /// What is in it.
    #[serde(default)]
    pub products: Vec<Item>,
    /// The ids of its tags.
    #[serde(default)]
    pub tags: Vec<u64>,
    /// Its history.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// Its label was fetched before.
    #[serde(default)]
    pub printed: bool,
    /// It gives way to the first booking of its reference.
    #[serde(default)]
    pub example: bool,
    /// Numbers to be given.
    #[serde(default)]
    pub pins: Pins,
}

fn api() -> String {
    "Api".to_owned()
}

fn complete() -> Status {
    Status::Complete
}
