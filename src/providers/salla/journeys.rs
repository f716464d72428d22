//! Journeys of shipments: what couriers do by themselves, with realistic delays.

use crate::providers::salla::data::couriers::{COURIERS, Courier};
use crate::providers::salla::machines::SHIPMENT;
use crate::sim::journey::map::{JourneyMap, JourneyRoute};
use crate::sim::journey::plan::{Plan, leg};

/// The journey of a shipment nobody chose one for.
pub const USUAL: &str = "delivered";

/// Minutes are averages; each delay is drawn around them. The weights make up the invented past.
#[rustfmt::skip]
pub static PLANS: &[Plan] = &[
    Plan { name: USUAL, weight: 30, summary: "created at once, picked up the same day, delivered on the third", legs: &[
        leg(4, "shipment", "accept"),        leg(180, "shipment", "process"),  leg(240, "shipment", "ship"),
        leg(300, "shipment", "travel"),      leg(1_500, "shipment", "arrive"), leg(700, "shipment", "dispatch"),
        leg(200, "shipment", "deliver"),
    ] },
    Plan { name: "same_day", weight: 14, summary: "a rider takes it from door to door within hours", legs: &[
        leg(2, "shipment", "accept"),        leg(40, "shipment", "ship"),      leg(15, "shipment", "dispatch"),
        leg(75, "shipment", "deliver"),
    ] },
    Plan { name: "reattempted_then_delivered", weight: 12, summary: "nobody opens at first; delivered at the second attempt", legs: &[
        leg(5, "shipment", "accept"),        leg(300, "shipment", "process"),  leg(200, "shipment", "ship"),
        leg(1_300, "shipment", "dispatch"),  leg(240, "shipment", "postpone"),
        leg(1_200, "shipment", "reattempt"), leg(180, "shipment", "deliver"),
    ] },
    Plan { name: "slow", weight: 8, summary: "ten days on the road, delivered in the end", legs: &[
        leg(60, "shipment", "accept"),       leg(1_440, "shipment", "process"), leg(1_440, "shipment", "ship"),
        leg(2_880, "shipment", "travel"),    leg(5_760, "shipment", "arrive"), leg(2_880, "shipment", "dispatch"),
        leg(400, "shipment", "deliver"),
    ] },
    Plan { name: "return_to_origin", weight: 10, summary: "cannot be delivered and goes back to its sender", legs: &[
        leg(5, "shipment", "accept"),        leg(200, "shipment", "process"),  leg(240, "shipment", "ship"),
        leg(400, "shipment", "travel"),      leg(1_200, "shipment", "dispatch"), leg(240, "shipment", "fail"),
        leg(1_440, "shipment", "send_back"), leg(300, "shipment", "travel_back"), leg(2_880, "shipment", "return"),
    ] },
    Plan { name: "partially_delivered", weight: 4, summary: "the customer takes a part of it", legs: &[
        leg(5, "shipment", "accept"),        leg(200, "shipment", "process"),  leg(240, "shipment", "ship"),
        leg(1_600, "shipment", "dispatch"),  leg(200, "shipment", "deliver_partly"),
    ] },
    Plan { name: "lost", weight: 3, summary: "on the road for days, then given up", legs: &[
        leg(5, "shipment", "accept"),        leg(240, "shipment", "ship"),     leg(300, "shipment", "travel"),
        leg(10_080, "shipment", "lose"),
    ] },
    Plan { name: "damaged", weight: 3, summary: "comes to harm on the road and is sent back", legs: &[
        leg(5, "shipment", "accept"),        leg(240, "shipment", "ship"),     leg(300, "shipment", "travel"),
        leg(900, "shipment", "damage"),      leg(1_440, "shipment", "send_back"),
    ] },
    Plan { name: "cancelled", weight: 6, summary: "the merchant calls it off before it is picked up", legs: &[
        leg(5, "shipment", "accept"),        leg(90, "shipment", "cancel"),
    ] },
    Plan { name: "stuck", weight: 4, summary: "at the last place before its end for good", legs: &[
        leg(5, "shipment", "accept"),        leg(240, "shipment", "ship"),     leg(300, "shipment", "travel"),
        leg(1_500, "shipment", "arrive"),
    ] },
    Plan { name: "waiting", weight: 6, summary: "nothing happens by itself: the courier is the one that calls `PUT /shipments/{id}`", legs: &[] },
];

/// What journeys lead over. A shipment is asked for at once, or waits for that.
#[rustfmt::skip]
pub static MAP: JourneyMap = JourneyMap {
    machines: &[&SHIPMENT],
    effects: &[],
    routes: &[JourneyRoute {
        plans: PLANS,
        usual: USUAL,
        starts: &[&[("shipment", "creating")], &[("shipment", "pending")]],
        field: "ship_to.phone",
        numbers: "9665000000",
    }],
    selectors: &[
        ("phone",     "ship_to.phone"),
        ("name",      "ship_to.name"),
        ("country",   "ship_to.country"),
        ("city",      "ship_to.city"),
        ("courier",   "courier_id"),
        ("payment",   "payment_method"),
        ("type",      "shipment_type"),
        ("reference", "order_id"),
        ("sku",       "packages[].sku"),
    ],
};

/// The only route; a return goes it too, from the customer.
pub fn route() -> &'static JourneyRoute {
    &MAP.routes[0]
}

/// A telephone number as it is compared: its digits, without plus or zeros before them.
pub fn bare(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// The journey that a recipient's telephone number chooses.
pub fn by_phone(phone: &str) -> Option<&'static Plan> {
    route().chosen_by(&bare(phone))
}

/// What a courier usually does.
pub fn of_courier(courier: u64) -> Option<&'static Plan> {
    COURIERS.iter().find(|it: &&Courier| it.id == courier).and_then(|it| route().plan(it.journey))
}

#[cfg(test)]
mod tests {
    use super::{MAP, by_phone, of_courier};
    use crate::providers::journey_book::faults;
    use crate::providers::salla::data::couriers::COURIERS;

    #[test]
    fn every_journey_is_a_path_in_the_table() {
        assert_eq!(faults(&MAP), Vec::<String>::new());
    }

    #[test]
    fn every_courier_has_a_journey_and_numbers_choose_one_over_it() {
        for courier in COURIERS {
            assert!(of_courier(courier.id).is_some(), "{}", courier.slug);
        }
        assert_eq!(by_phone("+966500000005").map(|plan| plan.name), Some("return_to_origin"));
        assert_eq!(by_phone("00966500000001").map(|plan| plan.name), Some("delivered"));
        assert!(by_phone("966501636784").is_none() && by_phone("").is_none());
    }
}
