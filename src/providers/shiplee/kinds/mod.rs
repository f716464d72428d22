//! Shiplee's kinds of entity: what the control API shows of each, sets and moves.

mod order;
mod reverse_order;
mod seller;
mod shipment;
mod warehouse;

use serde_json::json;

use crate::providers::shiplee::data::postal;
use crate::providers::shiplee::rules::carrier;
use crate::providers::shiplee::{Shiplee, State, Timer, journeys};
use crate::providers::{Entities, Inspect, Magic, Presets, numbers, traveller};

impl Inspect for Shiplee {
    const ENTITIES: &'static [&'static dyn Entities] = &[
        &seller::Sellers,
        &warehouse::Warehouses,
        &order::Orders,
        &reverse_order::ReverseOrders,
        &shipment::Shipments,
    ];

    /// What a promise is about: the parcel that gets the next input of its journey.
    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        let Timer::Journey(number) = timer else { return None };
        traveller::subject::<Shiplee>(state, number)
    }

    fn presets(state: &State) -> Presets {
        let mut presets = Presets::default();
        for seller in state.sellers.values() {
            let named = |what: &str| match seller.name.as_str() {
                "" => what.to_owned(),
                name => format!("{name}_{what}"),
            };
            for (what, value) in [
                ("username", &seller.email),
                ("api_key", &seller.api_key),
                ("shiplee_id", &seller.shiplee_id),
            ] {
                presets.credentials.insert(named(what), json!(value));
            }
        }
        let main = state.sellers.values().find(|seller| seller.name.is_empty());
        if let Some(main) = main.or_else(|| state.sellers.values().next()) {
            let warehouse = state.warehouses.values().find(|it| it.seller == main.id);
            let own = || state.book.orders().rev().filter(|order| order.seller == main.id);
            let unbooked = own().find(|order| order.awb.is_none());
            let parcel = state.book.shipments().rev().find(|it| it.seller == main.id);
            let reverse = state.book.reverse_orders().rev().find(|it| it.seller == main.id);
            presets.ids = [
                ("seller", Some(json!(main.id))),
                ("warehouse", warehouse.map(|it| json!(it.id))),
                ("order", unbooked.map(|it| json!(it.id))),
                ("booked_order", own().find(|order| order.awb.is_some()).map(|it| json!(it.id))),
                ("reverse_order", reverse.map(|it| json!(it.id))),
                ("shipment", parcel.map(|it| json!(it.awb))),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        }
        presets.magic = magic();
        presets.magic.extend(state.journeys.magic(&journeys::MAP));
        presets
    }
}

fn magic() -> Vec<Magic> {
    let entry = |field: &str, value: String, effect: String| Magic {
        field: field.to_owned(),
        value,
        effect,
    };
    let mut all: Vec<Magic> = numbers(&journeys::MAP).collect();
    let refused = |why: &str| format!("the carrier refuses the booking: {why}");
    all.extend(
        carrier::magic().map(|(pincode, answer)| entry("pincode", pincode, refused(answer.word()))),
    );
    all.push(entry("pincode", postal::UNSERVED.to_owned(), refused("unserviceable_pincode")));
    let suspicious = carrier::SUSPICIOUS_MOBILE.to_owned();
    all.push(entry("mobileNumber", suspicious, refused("suspicious_consignee")));
    all
}
