//! Shiptheory's part of a scenario's `world:`.

pub mod opening;
pub mod soundness;

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::frameworks::php::json_encode::Number;
use crate::providers::setup::{days, merged, setup};
use crate::providers::shiptheory::machines::Status;
use crate::providers::shiptheory::state::accounts::{Sheet, ShippingRule};
use crate::providers::shiptheory::state::shipment::{Address, Item, Message, Particulars, Pins};
use crate::providers::{Choice, Setting, WrittenJourneys, merged_journeys};
use crate::sim::journey::plan::History;
use crate::words;

setup! {
    /// What a scenario says about Shiptheory.
    #[schemars(rename = "Shiptheory")]
    pub struct Setup {
        /// Where documentation and evidence are silent: which way to go.
        may switches: Switches,
        /// The journey of shipments that name none.
        may journey: String,
        /// Journeys of the scenario's own.
        may journeys: WrittenJourneys => merged_journeys,
        /// Which shipments go on which journey; the first choice whose conditions hold decides.
        may choose: Vec<Choice>,
        /// Accounts; the first is the one `presets` speaks of.
        may accounts: Vec<AccountSetup> => merged,
    }
}

impl Setting for Setup {
    /// How many days of history have to be lived through.
    fn days(&self) -> u32 {
        let histories = self.accounts.iter().flatten().filter_map(|it| it.history.as_ref());
        days(histories)
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

setup! {
    /// An account of a scenario.
    #[schemars(rename = "ShiptheoryAccount")]
    pub struct AccountSetup {
        /// What stands before its credentials in `presets`; nothing for the first.
        may name: String,
        /// What it logs in with.
        must email: String,
        /// What it logs in with; drawn from the seed when missing.
        may password: String,
        /// Its id; the next free one from 1024 on when missing.
        may id: u64,
        /// What its tokens are signed with; drawn from the seed when missing.
        may secret: String,
        /// A token that never expires; drawn from the seed when missing.
        may permanent_token: String,
        /// More of these: the placeholders of the documentation.
        may more_tokens: Vec<String>,
        /// Where its shipments come from when they do not say.
        may sender: Address,
        /// The carriers it has, and which instances of each; all of them when missing.
        may carriers: BTreeMap<String, Vec<u64>>,
        /// How shipments find their carrier; none when missing.
        may rules: Vec<ShippingRule>,
        /// Its package sizes.
        may package_sizes: Vec<PackageSizeSetup>,
        /// Its products.
        may products: Vec<ProductSetup>,
        /// Its tags.
        may tags: Vec<TagSetup>,
        /// Shipments that are there.
        may shipments: Vec<ShipmentSetup>,
        /// What happens to its next bookings, journey by journey.
        may next_journeys: VecDeque<String>,
        /// Shipments to be made up.
        may history: History,
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
    #[serde(default = "crate::providers::setup::yes")]
    pub active: bool,
    /// When it was made; the world's start when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Timestamp>,
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
