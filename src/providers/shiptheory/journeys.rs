//! Journeys of shipments: what happens to them, at once and by itself.
//!
//! Legs of no minutes happen within the booking call. That a completed shipment is put away after a day is no leg: it
//! happens on every journey.

use crate::providers::shiptheory::machines::SHIPMENT;
use crate::sim::journey::map::{JourneyMap, JourneyRoute, States};
use crate::sim::journey::plan::{Plan, leg};
use crate::sim::journey::script::Journey;

/// The journey of a shipment nobody chose one for.
pub const USUAL: &str = "booked";
/// The journey of a shipment that is to be approved.
pub const WAITING: &str = "waiting";
/// The journey of a shipment that no rule took.
pub const IGNORED: &str = "ignored";
/// The journey of a shipment that its carrier refuses.
pub const REFUSED: &str = "refused";
/// The journey that begins before its channel released the shipment.
pub const NEVER_READY: &str = "never_ready";

/// The journeys. The weights make up the invented history.
#[rustfmt::skip]
pub static PLANS: &[Plan] = &[
    Plan { name: USUAL, weight: 62, summary: "booked and printed within the call", legs: &[
        leg(0, "shipment", "process"), leg(0, "shipment", "book"),
    ] },
    Plan { name: "queued_then_booked", weight: 8, summary: "Waiting, approved into the queue, booked minutes later", legs: &[
        leg(0, "shipment", "hold"), leg(0, "shipment", "approve"), leg(5, "shipment", "process"), leg(1, "shipment", "book"),
    ] },
    Plan { name: "print_error_then_fixed", weight: 4, summary: "the carrier takes it, the label is printed a quarter of an hour later", legs: &[
        leg(0, "shipment", "process"), leg(0, "shipment", "fail_to_print"), leg(15, "shipment", "print"),
    ] },
    Plan { name: "failed_then_rebooked", weight: 6, summary: "the carrier refuses it; half an hour later somebody books it again", legs: &[
        leg(0, "shipment", "process"), leg(0, "shipment", "refuse"), leg(30, "shipment", "reprocess"),
        leg(1, "shipment", "process"), leg(1, "shipment", "book"),
    ] },
    Plan { name: NEVER_READY, weight: 3, summary: "received as Not Ready, and it stays so", legs: &[] },
    Plan { name: "slow_carrier", weight: 4, summary: "PROCESSING for two minutes, then booked", legs: &[
        leg(0, "shipment", "process"), leg(2, "shipment", "book"),
    ] },
    Plan { name: REFUSED, weight: 5, summary: "the carrier refuses it for good", legs: &[
        leg(0, "shipment", "process"), leg(0, "shipment", "refuse"),
    ] },
    Plan { name: WAITING, weight: 3, summary: "Waiting until somebody approves it", legs: &[
        leg(0, "shipment", "hold"),
    ] },
    Plan { name: IGNORED, weight: 3, summary: "no shipping rule takes it", legs: &[
        leg(0, "shipment", "ignore"),
    ] },
    Plan { name: "release_then_booked", weight: 2, summary: "Not Ready for an hour, then released and booked", legs: &[
        leg(60, "shipment", "release"), leg(1, "shipment", "process"), leg(1, "shipment", "book"),
    ] },
];

/// What journeys lead over. A shipment begins with what its journey begins with: received as ready, or before its
/// channel released it.
#[rustfmt::skip]
pub static MAP: JourneyMap = JourneyMap {
    machines: &[&SHIPMENT],
    effects: &[],
    routes: &[JourneyRoute {
        plans: PLANS,
        usual: USUAL,
        starts: &[READY, &[("shipment", "Not Ready")]],
        field: "recipient.telephone",
        numbers: "077009001",
    }],
    selectors: &[
        ("phone",     "recipient.telephone, recipient.mobile"),
        ("name",      "the recipient's name"),
        ("country",   "recipient.country"),
        ("city",      "recipient.city"),
        ("postcode",  "recipient.postcode"),
        ("reference", "reference"),
        ("carrier",   "the carrier of its delivery_service or rule"),
        ("service",   "delivery_service, or that of its rule"),
        ("metadata",  "shipment_detail.rules_metadata"),
        ("sku",       "products[].sku"),
        ("tag",       "tags[]"),
    ],
};

/// Received, and about to be looked at by the rules.
const READY: States<'static> = &[("shipment", "Ready")];

/// The only route: to the carrier.
pub fn route() -> &'static JourneyRoute {
    &MAP.routes[0]
}

/// The journey of a name.
pub fn plan(name: &str) -> Option<&'static Plan> {
    route().plan(name)
}

/// Whether a journey begins before the channel released the shipment.
pub fn begins_early(journey: &Journey) -> bool {
    match journey {
        Journey::Built(plan) => {
            plan.name == NEVER_READY || plan.legs.first().is_some_and(|leg| leg.on == "release")
        }
        Journey::Written(script) => !script.leads_from(&MAP, READY),
    }
}

/// The digits of a telephone number.
pub fn digits(telephone: &str) -> String {
    telephone.chars().filter(char::is_ascii_digit).collect()
}

/// The journey that a recipient's telephone number chooses, if it does: these numbers belong to nobody.
pub fn by_telephone(telephone: &str) -> Option<&'static Plan> {
    route().chosen_by(&digits(telephone))
}

#[cfg(test)]
mod tests {
    use super::{MAP, PLANS, begins_early, by_telephone, route};
    use crate::providers::journey_book::faults;
    use crate::providers::shiptheory::machines::{Input, SHIPMENT};
    use crate::sim::journey::script::Journey;

    #[test]
    fn every_journey_is_a_path_in_the_table() {
        assert_eq!(faults(&MAP), Vec::<String>::new());
        for plan in PLANS {
            let early = begins_early(&Journey::Built(plan));
            let mut life = SHIPMENT.start_at(usize::from(early));
            for leg in plan.legs {
                let on = Input::of(leg.on).unwrap();
                let step = SHIPMENT.step(&mut life, on, jiff::Timestamp::UNIX_EPOCH);
                assert!(step.is_ok(), "{}: {} in {}", plan.name, leg.on, life.state());
            }
        }
    }

    #[test]
    fn magic_numbers_choose_a_journey_however_they_are_written() {
        for (number, plan) in route().magic() {
            let spaced = format!("{} {}", &number[..5], &number[5..]);
            assert_eq!(by_telephone(&spaced).map(|it| it.name), Some(plan.name));
        }
        assert!(by_telephone("07700900000").is_none());
    }
}
