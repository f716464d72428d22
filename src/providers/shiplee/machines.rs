//! The life cycles of Shiplee as tables.
//!
//! A parcel's words are Delhivery's. Where Delhivery gives one status under several types, the type stands in
//! front of all but the undelivered one: `In Transit` goes to the customer, `RT In Transit` comes back.

use crate::machine_words;
use crate::sim::machine::{Machine, Row, row};
use crate::words;

words! {
    /// Where a parcel stands.
    pub enum ShipmentState {
        /// UD: data received.
        Manifested = "Manifested",
        /// UD: the seller did not hand it over.
        NotPicked = "Not Picked",
        /// UD: moving to the delivery centre.
        InTransit = "In Transit",
        /// UD: at the delivery centre, not out; also after a failed attempt.
        Pending = "Pending",
        /// UD: out for delivery.
        Dispatched = "Dispatched",
        /// DL: with the customer.
        Delivered = "Delivered",
        /// RT: on the way back.
        ReturnInTransit = "RT In Transit",
        /// RT: at the centre next to its origin.
        ReturnPending = "RT Pending",
        /// RT: out for its origin.
        ReturnDispatched = "RT Dispatched",
        /// DL: back at its origin.
        ReturnedToOrigin = "RTO",
        /// Taken back by the seller before it was picked up.
        Cancelled = "Cancelled",
        /// PP: a pickup was asked for.
        Open = "Open",
        /// PP: the pickup has its day.
        Scheduled = "Scheduled",
        /// PP: somebody is out to pick it up.
        PickupDispatched = "PP Dispatched",
        /// PU: moving to the return centre.
        PickedUpInTransit = "PU In Transit",
        /// PU: at the return centre.
        PickedUpPending = "PU Pending",
        /// PU: out for the warehouse.
        PickedUpDispatched = "PU Dispatched",
        /// DL: back in the warehouse.
        DeliveredToOrigin = "DTO",
        /// CN: called off before it was picked up.
        Canceled = "Canceled",
        /// CN: given up after too many attempts.
        Closed = "Closed",
    }
}

words! {
    /// What can happen to a parcel.
    pub enum ShipmentInput {
        /// The pickup gets its day.
        Schedule = "schedule",
        /// The seller does not hand it over.
        MissPickup = "miss_pickup",
        /// Taken over: at the seller's, or at the customer's.
        PickUp = "pick_up",
        /// Received at the first centre.
        Receive = "receive",
        /// Put into a bag.
        Bag = "bag",
        /// The bag is put on a trip.
        Load = "load",
        /// The trip arrives.
        Unload = "unload",
        /// The bag is opened.
        Unbag = "unbag",
        /// Weight captured.
        Weigh = "weigh",
        /// Received at the centre next to its end.
        Arrive = "arrive",
        /// Out for its end.
        Dispatch = "dispatch",
        /// The customer is rung up.
        Call = "call",
        /// The attempt fails.
        FailAttempt = "fail_attempt",
        /// Handed to the customer.
        Deliver = "deliver",
        /// Turned around.
        SendBack = "send_back",
        /// Handed back: at the origin, or in the warehouse.
        Return = "return",
        /// Called off.
        Cancel = "cancel",
        /// Given up.
        Close = "close",
    }
}

words! {
    /// Whether an order, forward or reverse, has its parcel.
    pub enum OrderState {
        /// It has none.
        Unbooked = "unbooked",
        /// It has one.
        Booked = "booked",
    }
}

words! {
    /// What can happen to an order.
    pub enum OrderInput {
        /// A parcel is booked for it.
        Book = "book",
        /// Its parcel was cancelled: it can be booked again.
        Release = "release",
    }
}

words! {
    /// Whether a warehouse is listed.
    pub enum WarehouseState {
        /// It is.
        Active = "active",
        /// It is not, but what refers to it still does.
        Inactive = "inactive",
    }
}

words! {
    /// What can happen to a warehouse.
    pub enum WarehouseInput {
        /// Take it off the list.
        Deactivate = "deactivate",
        /// Put it on the list again.
        Activate = "activate",
    }
}

machine_words!(
    ShipmentState,
    ShipmentInput,
    OrderState,
    OrderInput,
    WarehouseState,
    WarehouseInput
);

use ShipmentInput as In;
use ShipmentState as S;

/// A parcel. The carrier has one vocabulary for both directions, so this is one table with two beginnings; no row
/// leads from one half to the other.
#[rustfmt::skip]
pub static SHIPMENT: Machine<ShipmentState, ShipmentInput> = Machine {
    name: "shipment",
    starts: &[S::Manifested, S::Open],
    finals: &[S::Delivered, S::ReturnedToOrigin, S::Cancelled, S::DeliveredToOrigin, S::Canceled, S::Closed],
    rows: &[
        //  forward: from         on               to
        row(S::Manifested,         In::Schedule,    S::Manifested,         None),
        row(S::Manifested,         In::MissPickup,  S::NotPicked,          None),
        row(S::Manifested,         In::PickUp,      S::InTransit,          None),
        row(S::Manifested,         In::Cancel,      S::Cancelled,          None),
        row(S::NotPicked,          In::MissPickup,  S::NotPicked,          None),
        row(S::NotPicked,          In::PickUp,      S::InTransit,          None),
        row(S::NotPicked,          In::Cancel,      S::Cancelled,          None),
        row(S::InTransit,          In::Receive,     S::InTransit,          None),
        row(S::InTransit,          In::Bag,         S::InTransit,          None),
        row(S::InTransit,          In::Load,        S::InTransit,          None),
        row(S::InTransit,          In::Unload,      S::InTransit,          None),
        row(S::InTransit,          In::Unbag,       S::InTransit,          None),
        row(S::InTransit,          In::Weigh,       S::InTransit,          None),
        row(S::InTransit,          In::Arrive,      S::Pending,            None),
        row(S::InTransit,          In::Cancel,      S::ReturnInTransit,    None),
        row(S::Pending,            In::Dispatch,    S::Dispatched,         None),
        row(S::Pending,            In::SendBack,    S::ReturnInTransit,    None),
        row(S::Pending,            In::Cancel,      S::ReturnInTransit,    None),
        row(S::Dispatched,         In::Call,        S::Dispatched,         None),
        row(S::Dispatched,         In::FailAttempt, S::Pending,            None),
        row(S::Dispatched,         In::Deliver,     S::Delivered,          None),
        row(S::ReturnInTransit,    In::Load,        S::ReturnInTransit,    None),
        row(S::ReturnInTransit,    In::Unload,      S::ReturnInTransit,    None),
        row(S::ReturnInTransit,    In::Arrive,      S::ReturnPending,      None),
        row(S::ReturnPending,      In::Dispatch,    S::ReturnDispatched,   None),
        row(S::ReturnDispatched,   In::FailAttempt, S::ReturnPending,      None),
        row(S::ReturnDispatched,   In::Return,      S::ReturnedToOrigin,   None),
        //  reverse: from         on               to
        row(S::Open,               In::Schedule,    S::Scheduled,          None),
        row(S::Open,               In::Cancel,      S::Canceled,           None),
        row(S::Scheduled,          In::Dispatch,    S::PickupDispatched,   None),
        row(S::Scheduled,          In::Cancel,      S::Canceled,           None),
        row(S::Scheduled,          In::Close,       S::Closed,             None),
        row(S::PickupDispatched,   In::FailAttempt, S::Scheduled,          None),
        row(S::PickupDispatched,   In::PickUp,      S::PickedUpInTransit,  None),
        row(S::PickupDispatched,   In::Cancel,      S::Canceled,           None),
        row(S::PickedUpInTransit,  In::Load,        S::PickedUpInTransit,  None),
        row(S::PickedUpInTransit,  In::Unload,      S::PickedUpInTransit,  None),
        row(S::PickedUpInTransit,  In::Arrive,      S::PickedUpPending,    None),
        row(S::PickedUpPending,    In::Dispatch,    S::PickedUpDispatched, None),
        row(S::PickedUpDispatched, In::FailAttempt, S::PickedUpPending,    None),
        row(S::PickedUpDispatched, In::Return,      S::DeliveredToOrigin,  None),
    ],
};

const ORDER_ROWS: &[Row<OrderState, OrderInput>] = &[
    row(OrderState::Unbooked, OrderInput::Book, OrderState::Booked, None),
    row(OrderState::Booked, OrderInput::Release, OrderState::Unbooked, None),
];

/// An order: documentation, "Add Order", "Create Shipment".
pub static ORDER: Machine<OrderState, OrderInput> =
    Machine { name: "order", starts: &[OrderState::Unbooked], finals: &[], rows: ORDER_ROWS };

/// A reverse order: documentation, "Reverse Order", "Reverse Shipment".
pub static REVERSE_ORDER: Machine<OrderState, OrderInput> = Machine {
    name: "reverse_order",
    starts: &[OrderState::Unbooked],
    finals: &[],
    rows: ORDER_ROWS,
};

/// A warehouse: documentation, "Warehouse Management".
#[rustfmt::skip]
pub static WAREHOUSE: Machine<WarehouseState, WarehouseInput> = Machine {
    name: "warehouse",
    starts: &[WarehouseState::Active],
    finals: &[],
    rows: &[
        row(WarehouseState::Active,   WarehouseInput::Deactivate, WarehouseState::Inactive, None),
        row(WarehouseState::Inactive, WarehouseInput::Activate,   WarehouseState::Active,   None),
    ],
};

#[cfg(test)]
mod tests {
    use super::{ORDER, REVERSE_ORDER, SHIPMENT, WAREHOUSE};
    use crate::sim::machine::{Diagram, faults, route};

    #[test]
    fn the_tables_are_sound() {
        let tables: [&dyn Diagram; 4] = [&SHIPMENT, &ORDER, &REVERSE_ORDER, &WAREHOUSE];
        for table in tables {
            assert_eq!(faults(table), Vec::<String>::new(), "{}", table.name());
        }
    }

    #[test]
    fn a_parcel_on_its_way_out_never_becomes_one_that_is_fetched() {
        for state in ["Open", "Scheduled", "PU Pending", "DTO", "Canceled", "Closed"] {
            assert_eq!(route(&SHIPMENT, "Manifested", state), None, "{state}");
        }
        for state in ["Manifested", "In Transit", "Delivered", "RTO", "Cancelled"] {
            assert_eq!(route(&SHIPMENT, "Open", state), None, "{state}");
        }
    }
}
