//! Journeys of parcels: what the carrier does with them by itself.

use crate::providers::parcelune::machines::PARCEL;
use crate::sim::journey::map::{JourneyMap, JourneyRoute};
use crate::sim::journey::plan::{Plan, leg};

/// The journey of a parcel nobody chose one for.
pub const USUAL: &str = "delivered";

/// What journeys lead over.
#[rustfmt::skip]
pub static MAP: JourneyMap = JourneyMap {
    machines: &[&PARCEL],
    effects: &[],
    routes: &[JourneyRoute {
        plans: &[
            Plan { name: USUAL, weight: 1, summary: "collected within hours, delivered the day after", legs: &[
                leg(240, "parcel", "collect"), leg(1_440, "parcel", "deliver"),
            ] },
        ],
        usual: USUAL,
        starts: &[&[("parcel", "booked")]],
        field: "reference",
        numbers: "JOURNEY",
    }],
    selectors: &[("reference", "reference"), ("country", "country")],
};

/// The only route: to the customer.
pub fn route() -> &'static JourneyRoute {
    &MAP.routes[0]
}

#[cfg(test)]
mod tests {
    use super::MAP;
    use crate::providers::journey_book::faults;

    #[test]
    fn every_journey_is_a_path_in_the_table() {
        assert_eq!(faults(&MAP), Vec::<String>::new());
    }
}
