//! Journeys of orders: what happens to them by itself, with realistic delays.

use crate::providers::shipper::machines::{CONTACT, PAYMENT, SHIPMENT};
use crate::sim::journey::map::{JourneyMap, JourneyRoute, effect};
use crate::sim::journey::plan::{Plan, leg};

/// The journey of an order nobody chose one for.
pub const USUAL: &str = "delivered_and_paid";

/// The built-in journeys. Minutes are averages; each delay is drawn around them. The weights make up the
/// generated history. Scans of a carrier arrive in bundles: a leg of 0 minutes has the same `created_at`.
#[rustfmt::skip]
pub static PLANS: &[Plan] = &[
    Plan { name: USUAL, weight: 46, summary: "delivered within two days, paid two days later, then paid out", legs: &[
        leg(12, "contact_task", "call"),    leg(4, "contact_task", "confirm"),
        leg(240, "shipment", "pack"),       leg(300, "shipment", "ship"),    leg(0, "shipment", "travel"),
        leg(1_200, "shipment", "deliver"),  leg(2_880, "payment", "settle"), leg(4_320, "payment", "transfer"),
    ] },
    Plan { name: "delivered_unpaid", weight: 8, summary: "delivered, but the money stays under review for weeks", legs: &[
        leg(12, "contact_task", "call"),    leg(4, "contact_task", "confirm"),
        leg(240, "shipment", "pack"),       leg(300, "shipment", "ship"),    leg(0, "shipment", "travel"),
        leg(1_400, "shipment", "deliver"),  leg(30_240, "payment", "settle"), leg(4_320, "payment", "transfer"),
    ] },
    Plan { name: "unavailable_then_delivered", weight: 10, summary: "nobody opens at first; delivered on the second attempt", legs: &[
        leg(25, "contact_task", "call"),    leg(90, "contact_task", "miss_call"), leg(120, "contact_task", "confirm"),
        leg(300, "shipment", "pack"),       leg(300, "shipment", "ship"),    leg(0, "shipment", "travel"),
        leg(1_300, "shipment", "fail_attempt"), leg(60, "shipment", "hold"), leg(1_380, "shipment", "deliver"),
        leg(2_880, "payment", "settle"),    leg(4_320, "payment", "transfer"),
    ] },
    Plan { name: "returned_to_sender", weight: 12, summary: "refused at the door and sent back", legs: &[
        leg(12, "contact_task", "call"),    leg(4, "contact_task", "confirm"),
        leg(240, "shipment", "pack"),       leg(300, "shipment", "ship"),    leg(0, "shipment", "travel"),
        leg(1_300, "shipment", "fail_attempt"), leg(2_880, "shipment", "send_back"), leg(240, "shipment", "travel"),
        leg(4_320, "shipment", "return"),
    ] },
    Plan { name: "delivered_then_returned", weight: 2, summary: "delivered, not paid, and sent back by the customer", legs: &[
        leg(12, "contact_task", "call"),    leg(4, "contact_task", "confirm"),
        leg(240, "shipment", "pack"),       leg(300, "shipment", "ship"),    leg(0, "shipment", "travel"),
        leg(1_200, "shipment", "deliver"),  leg(5_760, "shipment", "send_back"), leg(4_320, "shipment", "return"),
    ] },
    Plan { name: "partial_delivery", weight: 2, summary: "the customer takes a part of the parcel", legs: &[
        leg(12, "contact_task", "call"),    leg(4, "contact_task", "confirm"),
        leg(240, "shipment", "pack"),       leg(300, "shipment", "ship"),    leg(0, "shipment", "travel"),
        leg(1_500, "shipment", "deliver_partly"), leg(2_880, "payment", "settle"), leg(4_320, "payment", "transfer"),
    ] },
    Plan { name: "partial_return", weight: 2, summary: "delivered, then a part of it comes back", legs: &[
        leg(12, "contact_task", "call"),    leg(4, "contact_task", "confirm"),
        leg(240, "shipment", "pack"),       leg(300, "shipment", "ship"),    leg(0, "shipment", "travel"),
        leg(1_200, "shipment", "deliver"),  leg(5_760, "shipment", "return_partly"), leg(2_880, "payment", "settle"),
        leg(4_320, "payment", "transfer"),
    ] },
    Plan { name: "lost", weight: 1, summary: "the carrier loses it on the road", legs: &[
        leg(12, "contact_task", "call"),    leg(4, "contact_task", "confirm"),
        leg(240, "shipment", "pack"),       leg(300, "shipment", "ship"),    leg(0, "shipment", "travel"),
        leg(14_400, "shipment", "lose"),
    ] },
    Plan { name: "stuck_at_origin", weight: 2, summary: "scanned once by the carrier, then nothing", legs: &[
        leg(12, "contact_task", "call"),    leg(4, "contact_task", "confirm"),
        leg(240, "shipment", "pack"),       leg(300, "shipment", "ship"),
    ] },
    Plan { name: "unconfirmed", weight: 6, summary: "reached on the telephone, but does not want it", legs: &[
        leg(20, "contact_task", "call"),    leg(6, "contact_task", "decline"),
    ] },
    Plan { name: "unreachable", weight: 6, summary: "never answers the telephone", legs: &[
        leg(20, "contact_task", "call"),    leg(180, "contact_task", "miss_call"), leg(1_320, "contact_task", "miss_call"),
        leg(1_440, "contact_task", "give_up"),
    ] },
    Plan { name: "wrong_number", weight: 2, summary: "the number leads to somebody else", legs: &[
        leg(15, "contact_task", "call"),    leg(3, "contact_task", "fail"),
    ] },
    Plan { name: "duplicate", weight: 1, summary: "the customer ordered the same twice; this one is closed", legs: &[
        leg(15, "contact_task", "call"),    leg(3, "contact_task", "duplicate"),
    ] },
    Plan { name: "canceled", weight: 3, summary: "taken back while it waits for packaging", legs: &[
        leg(12, "contact_task", "call"),    leg(4, "contact_task", "confirm"),  leg(90, "shipment", "cancel"),
    ] },
    Plan { name: "delivered_late", weight: 6, summary: "held up on the road for days, then delivered and paid", legs: &[
        leg(12, "contact_task", "call"),    leg(4, "contact_task", "confirm"),
        leg(900, "shipment", "pack"),       leg(600, "shipment", "ship"),    leg(0, "shipment", "travel"),
        leg(2_880, "shipment", "travel"),   leg(4_320, "shipment", "deliver"), leg(2_880, "payment", "settle"),
        leg(4_320, "payment", "transfer"),
    ] },
    Plan { name: "waiting", weight: 0, summary: "nothing happens by itself", legs: &[] },
];

/// The state in which a shipment hears of the call: one that somebody has sent on by hand does not wait for it.
const WAITS: Option<&str> = Some("awaitingconfirmation");

/// The state of a call that nobody has begun.
const UNCALLED: Option<&str> = Some("pending");

/// What journeys lead over. An input without its kind is one of the call as long as somebody calls. Prepaid parcels have
/// nothing to collect. Whoever sends a shipment on before the customer was called has confirmed it, and the call with it.
#[rustfmt::skip]
pub static MAP: JourneyMap = JourneyMap {
    machines: &[&CONTACT, &SHIPMENT, &PAYMENT],
    effects: &[
        effect(("contact_task", "confirm"),    ("shipment", "confirm"), WAITS),
        effect(("contact_task", "decline"),    ("shipment", "cancel"),  WAITS),
        effect(("contact_task", "give_up"),    ("shipment", "cancel"),  WAITS),
        effect(("contact_task", "fail"),       ("shipment", "cancel"),  WAITS),
        effect(("contact_task", "duplicate"),  ("shipment", "cancel"),  WAITS),
        effect(("contact_task", "cancel"),     ("shipment", "cancel"),  WAITS),
        effect(("shipment", "confirm"),        ("contact_task", "call"),    UNCALLED),
        effect(("shipment", "confirm"),        ("contact_task", "confirm"), None),
        effect(("shipment", "cancel"),         ("contact_task", "cancel"),  None),
        effect(("shipment", "deliver"),        ("payment", "collect"),  None),
        effect(("shipment", "deliver_partly"), ("payment", "collect"),  None),
        effect(("shipment", "return"),         ("payment", "void"),     None),
        effect(("shipment", "lose"),           ("payment", "void"),     None),
        effect(("shipment", "cancel"),         ("payment", "void"),     None),
    ],
    routes: &[JourneyRoute {
        plans: PLANS,
        usual: USUAL,
        starts: &[
            &[("contact_task", "pending"), ("shipment", "awaitingconfirmation"), ("payment", "expected")],
            &[("contact_task", "pending"), ("shipment", "awaitingconfirmation"), ("payment", "prepaid")],
            &[("shipment", "awaitingpackaging"), ("payment", "expected")],
            &[("shipment", "awaitingpackaging"), ("payment", "prepaid")],
        ],
        field: "address.phone1",
        numbers: "200000",
    }],
    selectors: &[
        ("phone",     "address.phone1"),
        ("name",      "address.name"),
        ("division",  "address.division_1"),
        ("country",   "address.country"),
        ("sku",       "items[].id"),
        ("reference", "external_order_id"),
        ("store",     "store_name"),
    ],
};

/// The only route: to the customer.
pub fn route() -> &'static JourneyRoute {
    &MAP.routes[0]
}

/// The journey that a recipient's telephone number chooses, with or without its prefix.
pub fn by_phone(phone: &str) -> Option<&'static Plan> {
    let tail = phone.len().checked_sub(8).and_then(|start| phone.get(start..))?;
    route().chosen_by(tail)
}

#[cfg(test)]
mod tests {
    use super::{MAP, by_phone};
    use crate::providers::journey_book::faults;

    #[test]
    fn every_journey_is_a_path_in_the_tables() {
        assert_eq!(faults(&MAP), Vec::<String>::new());
    }

    #[test]
    fn magic_numbers_choose_a_journey_with_or_without_prefix() {
        assert_eq!(by_phone("+21620000004").map(|plan| plan.name), Some("returned_to_sender"));
        assert_eq!(by_phone("20000001").map(|plan| plan.name), Some(super::USUAL));
        assert!(by_phone("+21628177188").is_none() && by_phone("1").is_none());
    }
}
