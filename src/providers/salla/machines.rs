//! The life of a shipment as a table.
//!
//! The states are the union of the three vocabularies that Salla's pages have had. The one rule they state, that what
//! was shipped, is being delivered or was delivered never becomes created or in progress again, is a property of the
//! table: no way leads back. The rows themselves are inferred.

use crate::machine_words;
use crate::sim::machine::{Machine, row};
use crate::words;

words! {
    /// Where a shipment stands; what `GET /shipments?status=` filters by.
    pub enum ShipmentState {
        /// Its order was placed; nobody has asked a courier yet.
        Pending = "pending",
        /// The courier was asked.
        Creating = "creating",
        /// The courier has taken it on.
        Created = "created",
        /// Being prepared or picked up.
        InProgress = "in_progress",
        /// Has left its origin.
        Shipped = "shipped",
        /// Between the courier's places.
        InTransit = "in_transit",
        /// At the place next to its end.
        ReceivedAtFinalHub = "received_at_final_hub",
        /// Out for its end.
        Delivering = "delivering",
        /// The attempt failed; another one is planned.
        ToBeReattempted = "to_be_reattempted",
        /// Out for its end once more.
        Reattempted = "reattempted",
        /// The courier could not hand it over.
        UnableToDeliver = "unable_to_deliver",
        /// Handed over.
        Delivered = "delivered",
        /// A part of it was handed over.
        PartiallyDelivered = "partially_delivered",
        /// To go back to its sender.
        ReturnToOrigin = "return_to_origin",
        /// On its way back.
        ReturnInProgress = "return_in_progress",
        /// Back at its sender's.
        Returned = "returned",
        /// Nobody knows where it is.
        Lost = "lost",
        /// Came to harm.
        Damaged = "damaged",
        /// Called off.
        Cancelled = "cancelled",
    }
}

words! {
    /// What can happen to a shipment.
    pub enum ShipmentInput {
        /// The merchant asks for the label.
        Issue = "issue",
        /// The courier takes it on; once more, when it takes back that it prepares it.
        Accept = "accept",
        /// It is prepared, the pickup arranged.
        Process = "process",
        /// It leaves its origin.
        Ship = "ship",
        /// It travels.
        Travel = "travel",
        /// It comes to the place next to its end.
        Arrive = "arrive",
        /// It goes out for its end.
        Dispatch = "dispatch",
        /// It is handed over.
        Deliver = "deliver",
        /// A part of it is handed over.
        DeliverPartly = "deliver_partly",
        /// The attempt fails, and another one is planned.
        Postpone = "postpone",
        /// Another attempt begins.
        Reattempt = "reattempt",
        /// The attempt fails.
        Fail = "fail",
        /// The courier takes back that it was handed over.
        Reopen = "reopen",
        /// It shall go back.
        SendBack = "send_back",
        /// It goes back.
        TravelBack = "travel_back",
        /// It is back.
        Return = "return",
        /// It is gone.
        Lose = "lose",
        /// It is there again.
        Find = "find",
        /// It comes to harm.
        Damage = "damage",
        /// The merchant calls it off.
        Cancel = "cancel",
        /// The courier calls it off on its way.
        CallOff = "call_off",
    }
}

machine_words!(ShipmentState, ShipmentInput);

use ShipmentInput as In;
use ShipmentState as S;

/// The merchant, or Salla for it, asks a courier.
pub const CREATING: &str = "shipment.creating";
/// The courier speaks of it for the first time.
pub const CREATED: &str = "shipment.created";
/// The courier speaks of it again.
pub const UPDATED: &str = "shipment.updated";
/// It was called off.
pub const CANCELLED: &str = "shipment.cancelled";

/// The topics, in the order of a shipment's life; then those of its order.
pub const TOPICS: &[&str] = &[
    CREATING,
    CREATED,
    UPDATED,
    CANCELLED,
    "order.shipment.creating",
    "order.shipment.created",
    "order.shipment.cancelled",
    "order.shipment.return.creating",
    "order.shipment.return.created",
    "order.shipment.return.cancelled",
];

/// What is told of an order beside what is told of its shipment: for one that goes out, for one that comes back.
const BESIDE: &[(&str, [&str; 2])] = &[
    (CREATING, ["order.shipment.creating", "order.shipment.return.creating"]),
    (CREATED, ["order.shipment.created", "order.shipment.return.created"]),
    (CANCELLED, ["order.shipment.cancelled", "order.shipment.return.cancelled"]),
];

/// The topic of an order that goes with one of its shipment, if there is one.
pub fn of_order(topic: &str, is_return: bool) -> Option<&'static str> {
    let (_, topics) = BESIDE.iter().find(|(beside, _)| *beside == topic)?;
    Some(topics[usize::from(is_return)])
}

const NEW: Option<&str> = Some(UPDATED);
const END: Option<&str> = Some(CANCELLED);

/// A shipment, or a return, which is a shipment too.
#[rustfmt::skip]
pub static SHIPMENT: Machine<ShipmentState, ShipmentInput> = Machine {
    name: "shipment",
    starts: &[S::Creating, S::Pending],
    finals: &[S::Returned, S::Cancelled],
    rows: &[
        //  from                   on                 to                      webhook
        row(S::Pending,            In::Issue,         S::Creating,            Some(CREATING)),
        row(S::Pending,            In::Cancel,        S::Cancelled,           END),
        row(S::Creating,           In::Accept,        S::Created,             Some(CREATED)),
        row(S::Creating,           In::Cancel,        S::Cancelled,           END),
        row(S::Created,            In::Process,       S::InProgress,          NEW),
        row(S::Created,            In::Ship,          S::Shipped,             NEW),
        row(S::Created,            In::Cancel,        S::Cancelled,           END),
        row(S::InProgress,         In::Accept,        S::Created,             NEW),
        row(S::InProgress,         In::Ship,          S::Shipped,             NEW),
        row(S::InProgress,         In::Cancel,        S::Cancelled,           END),
        row(S::Shipped,            In::Travel,        S::InTransit,           NEW),
        row(S::Shipped,            In::Dispatch,      S::Delivering,          NEW),
        row(S::Shipped,            In::Lose,          S::Lost,                NEW),
        row(S::Shipped,            In::CallOff,       S::Cancelled,           END),
        row(S::InTransit,          In::Ship,          S::Shipped,             NEW),
        row(S::InTransit,          In::Arrive,        S::ReceivedAtFinalHub,  NEW),
        row(S::InTransit,          In::Dispatch,      S::Delivering,          NEW),
        row(S::InTransit,          In::SendBack,      S::ReturnToOrigin,      NEW),
        row(S::InTransit,          In::Lose,          S::Lost,                NEW),
        row(S::InTransit,          In::Damage,        S::Damaged,             NEW),
        row(S::InTransit,          In::CallOff,       S::Cancelled,           END),
        row(S::ReceivedAtFinalHub, In::Travel,        S::InTransit,           NEW),
        row(S::ReceivedAtFinalHub, In::Dispatch,      S::Delivering,          NEW),
        row(S::ReceivedAtFinalHub, In::SendBack,      S::ReturnToOrigin,      NEW),
        row(S::ReceivedAtFinalHub, In::Lose,          S::Lost,                NEW),
        row(S::ReceivedAtFinalHub, In::Damage,        S::Damaged,             NEW),
        row(S::ReceivedAtFinalHub, In::CallOff,       S::Cancelled,           END),
        row(S::Delivering,         In::Deliver,       S::Delivered,           NEW),
        row(S::Delivering,         In::DeliverPartly, S::PartiallyDelivered,  NEW),
        row(S::Delivering,         In::Postpone,      S::ToBeReattempted,     NEW),
        row(S::Delivering,         In::Fail,          S::UnableToDeliver,     NEW),
        row(S::Delivering,         In::Travel,        S::InTransit,           NEW),
        row(S::Delivering,         In::Lose,          S::Lost,                NEW),
        row(S::Delivering,         In::Damage,        S::Damaged,             NEW),
        row(S::ToBeReattempted,    In::Reattempt,     S::Reattempted,         NEW),
        row(S::ToBeReattempted,    In::Dispatch,      S::Delivering,          NEW),
        row(S::ToBeReattempted,    In::CallOff,       S::Cancelled,           END),
        row(S::Reattempted,        In::Deliver,       S::Delivered,           NEW),
        row(S::Reattempted,        In::DeliverPartly, S::PartiallyDelivered,  NEW),
        row(S::Reattempted,        In::Postpone,      S::ToBeReattempted,     NEW),
        row(S::Reattempted,        In::Fail,          S::UnableToDeliver,     NEW),
        row(S::Reattempted,        In::Dispatch,      S::Delivering,          NEW),
        row(S::UnableToDeliver,    In::Postpone,      S::ToBeReattempted,     NEW),
        row(S::UnableToDeliver,    In::SendBack,      S::ReturnToOrigin,      NEW),
        row(S::UnableToDeliver,    In::CallOff,       S::Cancelled,           END),
        row(S::Delivered,          In::Reopen,        S::Delivering,          NEW),
        row(S::PartiallyDelivered, In::Deliver,       S::Delivered,           NEW),
        row(S::PartiallyDelivered, In::Dispatch,      S::Delivering,          NEW),
        row(S::PartiallyDelivered, In::SendBack,      S::ReturnToOrigin,      NEW),
        row(S::ReturnToOrigin,     In::TravelBack,    S::ReturnInProgress,    NEW),
        row(S::ReturnToOrigin,     In::Dispatch,      S::Delivering,          NEW),
        row(S::ReturnInProgress,   In::Return,        S::Returned,            NEW),
        row(S::ReturnInProgress,   In::Dispatch,      S::Delivering,          NEW),
        row(S::ReturnInProgress,   In::Lose,          S::Lost,                NEW),
        row(S::Lost,               In::Find,          S::InTransit,           NEW),
        row(S::Damaged,            In::SendBack,      S::ReturnToOrigin,      NEW),
    ],
};

/// What a courier can report: the statuses of `PUT /shipments/{id}`.
#[rustfmt::skip]
pub const REPORTABLE: &[&str] = &[
    "created", "in_progress", "in_transit", "received_at_final_hub", "to_be_reattempted", "reattempted",
    "unable_to_deliver", "delivering", "delivered", "partially_delivered", "shipped", "cancelled", "lost", "damaged",
    "return_to_origin", "return_in_progress",
];

/// Every word a filter may name.
#[rustfmt::skip]
pub const STATES: &[&str] = &[
    "creating", "created", "pending", "delivered", "returned", "in_progress", "cancelled", "delivering", "in_transit",
    "received_at_final_hub", "to_be_reattempted", "reattempted", "unable_to_deliver", "partially_delivered", "shipped",
    "lost", "damaged", "return_to_origin", "return_in_progress",
];

#[cfg(test)]
mod tests {
    use super::{BESIDE, REPORTABLE, SHIPMENT, STATES, ShipmentState, TOPICS};
    use crate::sim::machine::{faults, route};

    #[test]
    fn the_table_is_sound_and_the_vocabularies_are_its_states() {
        assert_eq!(faults(&SHIPMENT), Vec::<String>::new());
        assert_eq!(STATES.len(), ShipmentState::ALL.len());
        for word in STATES.iter().chain(REPORTABLE) {
            assert!(ShipmentState::of(word).is_some(), "{word}");
        }
    }

    #[test]
    fn every_topic_is_caused_by_a_row_or_stands_beside_one_that_is() {
        let caused = |topic: &&str| {
            let beside = BESIDE.iter().find(|(_, topics)| topics.contains(topic));
            let of_shipment = beside.map_or(*topic, |(of_shipment, _)| of_shipment);
            SHIPMENT.rows.iter().any(|row| row.topic == Some(of_shipment))
        };
        assert!(TOPICS.iter().all(caused));
    }

    #[test]
    fn what_was_shipped_never_becomes_created_or_in_progress_again() {
        for from in ["shipped", "delivering", "delivered"] {
            for to in ["created", "in_progress", "creating", "pending"] {
                assert_eq!(route(&SHIPMENT, from, to), None, "{from} to {to}");
            }
        }
    }

    #[test]
    fn a_courier_can_report_anything_else_of_what_is_not_at_its_end() {
        for from in STATES.iter().filter(|from| !["returned", "cancelled"].contains(*from)) {
            let early = ["creating", "created", "pending", "in_progress"].contains(from);
            for to in REPORTABLE {
                let back = ["created", "in_progress"].contains(to) && !early;
                assert_eq!(route(&SHIPMENT, from, to).is_none(), back, "{from} to {to}");
            }
        }
    }
}
