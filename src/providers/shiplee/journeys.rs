//! Journeys of parcels: what happens to them by itself, with realistic delays.

use crate::providers::shiplee::machines::SHIPMENT;
use crate::providers::shiplee::state::order::Direction;
use crate::sim::journey::map::{JourneyMap, JourneyRoute};
use crate::sim::journey::plan::{Plan, leg};

/// The journey of a forward parcel nobody chose one for.
pub const USUAL: &str = "delivered";
/// The journey of a reverse parcel nobody chose one for.
pub const USUAL_REVERSE: &str = "returned";

/// Forward. Minutes are averages; each delay is drawn around them. The weights make up the generated history.
#[rustfmt::skip]
pub static FORWARD: &[Plan] = &[
    Plan { name: USUAL, weight: 60, summary: "picked up the same day, delivered at the first attempt", legs: &[
        leg(5, "shipment", "schedule"),      leg(220, "shipment", "pick_up"),  leg(10, "shipment", "receive"),
        leg(90, "shipment", "bag"),          leg(60, "shipment", "load"),      leg(900, "shipment", "unload"),
        leg(45, "shipment", "unbag"),        leg(20, "shipment", "weigh"),     leg(480, "shipment", "arrive"),
        leg(180, "shipment", "dispatch"),    leg(150, "shipment", "deliver"),
    ] },
    Plan { name: "failed_attempt_then_delivered", weight: 15, summary: "nobody opens at first; delivered at the second attempt", legs: &[
        leg(5, "shipment", "schedule"),      leg(220, "shipment", "pick_up"),  leg(10, "shipment", "receive"),
        leg(90, "shipment", "bag"),          leg(60, "shipment", "load"),      leg(900, "shipment", "unload"),
        leg(45, "shipment", "unbag"),        leg(480, "shipment", "arrive"),   leg(180, "shipment", "dispatch"),
        leg(200, "shipment", "call"),        leg(2, "shipment", "fail_attempt"), leg(1_200, "shipment", "dispatch"),
        leg(140, "shipment", "deliver"),
    ] },
    Plan { name: "rto", weight: 12, summary: "three attempts in vain, then back to its origin", legs: &[
        leg(5, "shipment", "schedule"),      leg(220, "shipment", "pick_up"),  leg(10, "shipment", "receive"),
        leg(1_100, "shipment", "arrive"),    leg(180, "shipment", "dispatch"), leg(200, "shipment", "fail_attempt"),
        leg(1_200, "shipment", "dispatch"),  leg(200, "shipment", "fail_attempt"), leg(1_200, "shipment", "dispatch"),
        leg(200, "shipment", "fail_attempt"), leg(1_440, "shipment", "send_back"), leg(120, "shipment", "load"),
        leg(1_200, "shipment", "unload"),    leg(240, "shipment", "arrive"),   leg(600, "shipment", "dispatch"),
        leg(180, "shipment", "return"),
    ] },
    Plan { name: "not_picked", weight: 4, summary: "the seller never hands it over", legs: &[
        leg(5, "shipment", "schedule"),      leg(1_440, "shipment", "miss_pickup"), leg(1_440, "shipment", "miss_pickup"),
    ] },
    Plan { name: "cancelled", weight: 4, summary: "the seller takes it back before it is picked up", legs: &[
        leg(5, "shipment", "schedule"),      leg(90, "shipment", "cancel"),
    ] },
    Plan { name: "stuck_in_transit", weight: 3, summary: "put on a trip that never arrives", legs: &[
        leg(5, "shipment", "schedule"),      leg(220, "shipment", "pick_up"),  leg(10, "shipment", "receive"),
        leg(90, "shipment", "bag"),          leg(60, "shipment", "load"),
    ] },
    Plan { name: "waiting", weight: 2, summary: "nothing happens by itself", legs: &[] },
];

/// Reverse. As above.
#[rustfmt::skip]
pub static REVERSE: &[Plan] = &[
    Plan { name: USUAL_REVERSE, weight: 70, summary: "fetched the next day and back in the warehouse: DTO", legs: &[
        leg(10, "shipment", "schedule"),     leg(1_080, "shipment", "dispatch"), leg(200, "shipment", "pick_up"),
        leg(240, "shipment", "load"),        leg(1_200, "shipment", "unload"),   leg(300, "shipment", "arrive"),
        leg(600, "shipment", "dispatch"),    leg(180, "shipment", "return"),
    ] },
    Plan { name: "second_pickup", weight: 10, summary: "the customer is out at first; fetched the day after", legs: &[
        leg(10, "shipment", "schedule"),     leg(1_080, "shipment", "dispatch"), leg(220, "shipment", "fail_attempt"),
        leg(1_220, "shipment", "dispatch"),  leg(200, "shipment", "pick_up"),    leg(1_600, "shipment", "arrive"),
        leg(600, "shipment", "dispatch"),    leg(180, "shipment", "return"),
    ] },
    Plan { name: "canceled_by_customer", weight: 12, summary: "the customer keeps it after all", legs: &[
        leg(10, "shipment", "schedule"),     leg(1_080, "shipment", "dispatch"), leg(240, "shipment", "cancel"),
    ] },
    Plan { name: "given_up", weight: 6, summary: "never fetched; closed after three attempts", legs: &[
        leg(10, "shipment", "schedule"),     leg(1_080, "shipment", "dispatch"), leg(220, "shipment", "fail_attempt"),
        leg(1_220, "shipment", "dispatch"),  leg(220, "shipment", "fail_attempt"), leg(1_220, "shipment", "dispatch"),
        leg(220, "shipment", "fail_attempt"), leg(60, "shipment", "close"),
    ] },
    Plan { name: "waiting", weight: 2, summary: "nothing happens by itself", legs: &[] },
];

/// What journeys lead over: a parcel's life, on its way out and on its way back.
#[rustfmt::skip]
pub static MAP: JourneyMap = JourneyMap {
    machines: &[&SHIPMENT],
    effects: &[],
    routes: &[
        JourneyRoute {
            plans: FORWARD, usual: USUAL, starts: &[&[("shipment", "Manifested")]],
            field: "mobileNumber", numbers: "91000000",
        },
        JourneyRoute {
            plans: REVERSE, usual: USUAL_REVERSE, starts: &[&[("shipment", "Open")]],
            field: "customer.mobile", numbers: "92000000",
        },
    ],
    selectors: &[
        ("phone",     "mobileNumber, customer.mobile"),
        ("name",      "the customer's name"),
        ("pincode",   "pincode"),
        ("city",      "city"),
        ("state",     "state"),
        ("sku",       "products[].sku"),
        ("reference", "orderID"),
        ("direction", "forward or reverse"),
    ],
};

/// The route of a direction. The mobile number of a customer chooses a journey on it.
pub fn route(direction: Direction) -> &'static JourneyRoute {
    match direction {
        Direction::Forward => &MAP.routes[0],
        Direction::Reverse => &MAP.routes[1],
    }
}

#[cfg(test)]
mod tests {
    use super::{MAP, route};
    use crate::providers::journey_book::faults;
    use crate::providers::shiplee::data::postal::is_mobile;
    use crate::providers::shiplee::state::order::Direction;

    #[test]
    fn every_journey_is_a_path_in_the_table() {
        assert_eq!(faults(&MAP), Vec::<String>::new());
    }

    #[test]
    fn magic_numbers_are_mobile_numbers_and_choose_a_journey() {
        for direction in [Direction::Forward, Direction::Reverse] {
            for (number, plan) in route(direction).magic() {
                assert!(is_mobile(&number), "{number}");
                assert_eq!(route(direction).chosen_by(&number).unwrap().name, plan.name);
            }
        }
        assert!(route(Direction::Forward).chosen_by("9000000001").is_none());
        assert!(route(Direction::Forward).chosen_by("9200000001").is_none());
    }
}
