//! Journeys of shipments: what happens to them, at once and by itself.
//!
//! Legs of no minutes happen within the booking call. That a completed shipment is put away after a day is no leg: it
//! happens on every journey.

use crate::sim::journey::plan::{Plan, leg};

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

/// The journey of a name.
pub fn plan(name: &str) -> Option<&'static Plan> {
    PLANS.iter().find(|plan| plan.name == name)
}

/// Whether a journey begins before the channel released the shipment.
pub fn begins_early(plan: &Plan) -> bool {
    plan.name == NEVER_READY || plan.legs.first().is_some_and(|leg| leg.on == "release")
}

/// Telephone numbers of recipients that choose a journey: numbers that belong to nobody, and the journey's place from
/// 01 on.
pub fn magic() -> impl Iterator<Item = (String, &'static Plan)> {
    PLANS.iter().enumerate().map(|(place, plan)| (format!("077009001{:02}", place + 1), plan))
}

/// The journey that a recipient's telephone number chooses, if it does.
pub fn by_telephone(telephone: &str) -> Option<&'static Plan> {
    let digits: String = telephone.chars().filter(char::is_ascii_digit).collect();
    magic().find(|(number, _)| *number == digits).map(|(_, plan)| plan)
}

#[cfg(test)]
mod tests {
    use super::{PLANS, begins_early, by_telephone, magic};
    use crate::providers::shiptheory::machines::{Input, SHIPMENT};

    #[test]
    fn every_journey_is_a_path_in_the_table() {
        for plan in PLANS {
            let mut life = SHIPMENT.start_at(usize::from(begins_early(plan)));
            for leg in plan.legs {
                let on = Input::of(leg.on).unwrap();
                let step = SHIPMENT.step(&mut life, on, jiff::Timestamp::UNIX_EPOCH);
                assert!(step.is_ok(), "{}: {} in {}", plan.name, leg.on, life.state());
            }
        }
    }

    #[test]
    fn magic_numbers_choose_a_journey_however_they_are_written() {
        for (number, plan) in magic() {
            let spaced = format!("{} {}", &number[..5], &number[5..]);
            assert_eq!(by_telephone(&spaced).map(|it| it.name), Some(plan.name));
        }
        assert!(by_telephone("07700900000").is_none());
    }
}
