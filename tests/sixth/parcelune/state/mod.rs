//! State: everything of Parcelune that can change in a world.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::providers::parcelune::machines::{ParcelInput, ParcelState};
use crate::providers::parcelune::{Parcelune, journeys};
use crate::providers::{JourneyBook, traveller};
use crate::sim::journey::plan::Itinerary;
use crate::sim::machine::Tracked;

/// The id of the first parcel.
pub const FIRST_PARCEL: u64 = 1_001;

/// Accounts and parcels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Accounts by name.
    pub accounts: BTreeMap<String, Account>,
    /// Parcels by id.
    pub parcels: BTreeMap<u64, Parcel>,
    /// The journey of parcels that choose none.
    pub journey: String,
    /// The journeys of the scenario, and who goes on which.
    pub journeys: JourneyBook,
}

impl Default for State {
    fn default() -> Self {
        State {
            accounts: BTreeMap::new(),
            parcels: BTreeMap::new(),
            journey: journeys::USUAL.to_owned(),
            journeys: JourneyBook::default(),
        }
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its key.
    pub key: String,
    /// Where its webhooks go.
    pub webhook: Option<Subscription>,
}

/// Where webhooks go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Where to.
    pub url: String,
    /// What they are signed with.
    pub secret: String,
}

/// A parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Its number.
    pub id: u64,
    /// The name of the account that booked it.
    pub account: String,
    /// The account's own word for it.
    pub reference: String,
    /// The country it goes to.
    pub country: String,
    /// Where it stands.
    pub life: Tracked<ParcelState, ParcelInput>,
    /// What will still happen to it by itself.
    #[serde(default, deserialize_with = "traveller::read_itinerary::<Parcelune, _>")]
    pub itinerary: Option<Itinerary>,
}
