//! Journeys of parcels: what the carrier says of them by itself, with realistic delays.

use crate::providers::shipup::machines::TRACKER;
use crate::sim::journey::map::{JourneyMap, JourneyRoute};
use crate::sim::journey::plan::{Plan, leg};

/// The journey of a tracker nobody chose one for.
pub const USUAL: &str = "delivered";

/// Minutes are averages; each delay is drawn around them. The weights make up the generated history.
#[rustfmt::skip]
pub static PLANS: &[Plan] = &[
    Plan { name: USUAL, weight: 60, summary: "delivered at the first attempt, three days after the label", legs: &[
        leg(30, "tracker", "label_created"),   leg(480, "tracker", "origin_scan"), leg(720, "tracker", "transit"),
        leg(1_080, "tracker", "transit"),      leg(900, "tracker", "out_for_delivery"), leg(240, "tracker", "delivered"),
    ] },
    Plan { name: "failed_attempt_then_delivered", weight: 12, summary: "nobody opens at first; delivered the day after", legs: &[
        leg(30, "tracker", "label_created"),   leg(480, "tracker", "origin_scan"), leg(1_500, "tracker", "transit"),
        leg(900, "tracker", "out_for_delivery"), leg(240, "tracker", "failed_attempt"), leg(1_200, "tracker", "out_for_delivery"),
        leg(220, "tracker", "delivered"),
    ] },
    Plan { name: "pickup_point", weight: 10, summary: "left at a pickup point and fetched there two days later", legs: &[
        leg(30, "tracker", "label_created"),   leg(480, "tracker", "origin_scan"), leg(1_500, "tracker", "transit"),
        leg(900, "tracker", "pickup_point"),   leg(2_880, "tracker", "delivered"),
    ] },
    Plan { name: "incident_then_delivered", weight: 6, summary: "damaged on the way, delivered two days late", legs: &[
        leg(30, "tracker", "label_created"),   leg(480, "tracker", "origin_scan"), leg(1_500, "tracker", "incident"),
        leg(2_880, "tracker", "transit"),      leg(900, "tracker", "out_for_delivery"), leg(240, "tracker", "delivered"),
    ] },
    Plan { name: "returned", weight: 5, summary: "two attempts in vain, then back; events for five more days", legs: &[
        leg(30, "tracker", "label_created"),   leg(480, "tracker", "origin_scan"), leg(1_500, "tracker", "transit"),
        leg(900, "tracker", "out_for_delivery"), leg(240, "tracker", "failed_attempt"), leg(1_200, "tracker", "out_for_delivery"),
        leg(240, "tracker", "failed_attempt"), leg(4_320, "tracker", "return"),    leg(1_440, "tracker", "transit"),
        leg(2_880, "tracker", "transit"),      leg(7_200, "tracker", "transit"),
    ] },
    Plan { name: "lost", weight: 3, summary: "goes into the network and is never seen again: expired after 45 days", legs: &[
        leg(30, "tracker", "label_created"),   leg(480, "tracker", "origin_scan"), leg(720, "tracker", "transit"),
    ] },
    Plan { name: "never_shipped", weight: 2, summary: "a label and nothing more: expired after 45 days", legs: &[
        leg(30, "tracker", "label_created"),
    ] },
    Plan { name: "waiting", weight: 2, summary: "nothing happens by itself until it expires", legs: &[] },
];

/// What journeys lead over: what a carrier says of a parcel.
#[rustfmt::skip]
pub static MAP: JourneyMap = JourneyMap {
    machines: &[&TRACKER],
    effects: &[],
    routes: &[JourneyRoute {
        plans: PLANS,
        usual: USUAL,
        starts: &[&[("tracker", "pending")]],
        field: "tracking_number",
        numbers: "JOURNEY",
    }],
    selectors: &[
        ("number",      "tracking_number"),
        ("carrier",     "carrier_code"),
        ("country",     "shipping_address.country_code"),
        ("email",       "email"),
        ("reference",   "merchant_id"),
        ("fulfillment", "fulfillments[].merchant_id"),
        ("sku",         "line_items[].sku"),
    ],
};

/// The only route: to the customer, or back.
pub fn route() -> &'static JourneyRoute {
    &MAP.routes[0]
}

/// The journey that a tracking number chooses by its beginning, whatever follows.
pub fn by_number(number: &str) -> Option<&'static Plan> {
    route().chosen_by(number.get(..MAGIC)?)
}

/// How many letters and digits of a tracking number choose a journey.
const MAGIC: usize = "JOURNEY01".len();

#[cfg(test)]
mod tests {
    use super::{MAP, by_number, route};
    use crate::providers::journey_book::faults;

    #[test]
    fn every_journey_is_a_path_in_the_table() {
        assert_eq!(faults(&MAP), Vec::<String>::new());
    }

    #[test]
    fn magic_numbers_choose_a_journey_whatever_follows() {
        for (beginning, plan) in route().magic() {
            for number in [beginning.clone(), format!("{beginning}-7")] {
                assert_eq!(by_number(&number).map(|it| it.name), Some(plan.name), "{number}");
            }
        }
        for other in ["JOURNEY00", "JOURNEY99", "JOURNEY", "JOURNEYé1", "1231121212"] {
            assert!(by_number(other).is_none(), "{other}");
        }
    }
}
