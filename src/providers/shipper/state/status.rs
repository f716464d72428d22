//! An order's status, computed from its shipments by one pure function.

use crate::providers::shipper::machines::ShipmentState;
use crate::words;

words! {
    /// The nine documented values; an order without shipments has none.
    pub enum OrderStatus {
        /// Not packed yet.
        Pending = "Pending",
        /// Packed; the carrier has not come yet.
        Fulfilled = "Fulfilled",
        /// With the carrier, in either direction.
        InTransit = "In Transit",
        /// All of it is with the customer.
        Delivered = "Delivered",
        /// Some of it is with the customer.
        PartialDelivery = "Partial Delivery",
        /// None of it will be with the customer.
        Returned = "Returned",
        /// Some of it came back.
        PartialReturn = "Partial Return",
        /// All of it was cancelled.
        Canceled = "Canceled",
        /// Delivered, and the money is there.
        Paid = "Paid",
    }
}

/// The status of an order from the states of its shipments and whether each is paid. Cancelled shipments do not count
/// unless all are. Of what is lost nothing is back: alone it reads as cancelled, beside others it is what did not arrive.
///
/// The order of the questions is inferred: the documentation prints the values, not the rule.
pub fn from(shipments: impl Iterator<Item = (ShipmentState, bool)> + Clone) -> Option<OrderStatus> {
    use ShipmentState as S;
    shipments.clone().next()?;
    let live = shipments.filter(|(state, _)| *state != S::Canceled);
    let any = |wanted: &[S]| live.clone().any(|(state, _)| wanted.contains(&state));
    let all = |wanted: &[S]| live.clone().all(|(state, _)| wanted.contains(&state));
    let back = &[S::ReturnedToSender, S::Lost];
    let delivered = &[S::Delivered, S::PartiallyDelivered];
    Some(if all(&[S::Lost]) {
        OrderStatus::Canceled
    } else if all(&[S::Delivered]) {
        if live.clone().all(|(_, paid)| paid) { OrderStatus::Paid } else { OrderStatus::Delivered }
    } else if all(back) {
        OrderStatus::Returned
    } else if any(&[S::PartiallyReturned]) || (any(delivered) && any(&[S::ReturnedToSender])) {
        OrderStatus::PartialReturn
    } else if any(delivered) {
        OrderStatus::PartialDelivery
    } else if any(&[S::OnItsWay, S::Returning]) {
        OrderStatus::InTransit
    } else if all(&[S::AwaitingPickup, S::ReturnedToSender, S::Lost]) {
        OrderStatus::Fulfilled
    } else {
        OrderStatus::Pending
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{OrderStatus, from};
    use crate::providers::shipper::machines::ShipmentState;

    fn status(shipments: &[(ShipmentState, bool)]) -> Option<OrderStatus> {
        from(shipments.iter().copied())
    }

    #[test]
    fn single_shipments_read_as_their_order() {
        use OrderStatus as O;
        use ShipmentState as S;
        for (state, paid, expected) in [
            (S::AwaitingConfirmation, false, O::Pending),
            (S::AwaitingPackaging, false, O::Pending),
            (S::AwaitingPickup, false, O::Fulfilled),
            (S::OnItsWay, true, O::InTransit),
            (S::Returning, false, O::InTransit),
            (S::Delivered, false, O::Delivered),
            (S::Delivered, true, O::Paid),
            (S::PartiallyDelivered, true, O::PartialDelivery),
            (S::PartiallyReturned, true, O::PartialReturn),
            (S::ReturnedToSender, false, O::Returned),
            (S::Lost, false, O::Canceled),
            (S::Canceled, false, O::Canceled),
        ] {
            assert_eq!(status(&[(state, paid)]), Some(expected), "{state}");
        }
        assert_eq!(status(&[]), None);
    }

    #[test]
    fn several_shipments_read_as_what_travels_waits_or_arrived() {
        use OrderStatus as O;
        use ShipmentState as S;
        for (states, expected) in [
            (&[S::Lost, S::ReturnedToSender][..], O::Returned),
            (&[S::Lost, S::Canceled], O::Canceled),
            (&[S::Lost, S::Delivered], O::PartialDelivery),
            (&[S::ReturnedToSender, S::Delivered], O::PartialReturn),
            (&[S::ReturnedToSender, S::OnItsWay], O::InTransit),
            // Nothing travels: what waits is what there is.
            (&[S::ReturnedToSender, S::AwaitingPackaging], O::Pending),
            (&[S::Lost, S::AwaitingConfirmation], O::Pending),
            (&[S::Lost, S::AwaitingPickup], O::Fulfilled),
            (&[S::AwaitingPackaging, S::AwaitingPickup], O::Pending),
            (&[S::AwaitingPackaging, S::OnItsWay], O::InTransit),
        ] {
            let shipments: Vec<_> = states.iter().map(|state| (*state, true)).collect();
            assert_eq!(status(&shipments), Some(expected), "{states:?}");
        }
    }

    proptest! {
        #[test]
        fn in_transit_means_that_something_travels(
            shipments in prop::collection::vec((prop::sample::select(ShipmentState::ALL), any::<bool>()), 1..5),
        ) {
            use ShipmentState::{OnItsWay, Returning};
            let travels = shipments.iter().any(|(state, _)| [OnItsWay, Returning].contains(state));
            prop_assert!(travels || status(&shipments) != Some(OrderStatus::InTransit));
        }

        #[test]
        fn cancelled_shipments_and_the_order_of_shipments_do_not_matter(
            shipments in prop::collection::vec((prop::sample::select(ShipmentState::ALL), any::<bool>()), 1..5),
            paid in any::<bool>(),
        ) {
            let before = status(&shipments);
            let mut turned = shipments.clone();
            turned.reverse();
            prop_assert_eq!(status(&turned), before);
            turned.push((ShipmentState::Canceled, paid));
            prop_assert_eq!(status(&turned), before);
        }

        #[test]
        fn paid_means_all_delivered_and_paid(
            shipments in prop::collection::vec((prop::sample::select(ShipmentState::ALL), any::<bool>()), 1..5),
        ) {
            let live = || shipments.iter().filter(|(state, _)| *state != ShipmentState::Canceled);
            let delivered = live().all(|(state, paid)| *state == ShipmentState::Delivered && *paid);
            let expected = live().next().is_some() && delivered;
            prop_assert_eq!(status(&shipments) == Some(OrderStatus::Paid), expected);
        }
    }
}
