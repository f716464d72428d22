//! Life cycles: a fulfillment's `status_code`, a tracker's `delivery_status_code`, a job.

use crate::sim::machine::{Machine, Row, row};
use crate::{machine_words, words};

words! {
    /// How far the preparation of a fulfillment is; in the order of the public list of fulfillment statuses.
    pub enum Status {
        /// Nothing is known yet.
        Pending = "pending",
        /// Being made.
        InProduction = "in_production",
        /// On its way into stock.
        InTransitToStock = "in_transit_to_stock",
        /// Being packed.
        PreparingShipment = "preparing_shipment",
        /// With the carrier, all of it.
        Shipped = "shipped",
        /// Packed later than planned.
        Delayed = "delayed",
        /// Made later than planned.
        ProductionDelay = "production_delay",
        /// In stock later than planned.
        TransitToStockDelay = "transit_to_stock_delay",
        /// With the carrier, a part of it.
        PartiallyShipped = "partially_shipped",
        /// Something happened to it.
        Blocked = "blocked",
        /// Called off.
        Canceled = "canceled",
    }
}

words! {
    /// Where a parcel is: the public list of delivery statuses.
    pub enum DeliveryStatus {
        /// Nothing was heard of it.
        Pending = "pending",
        /// The carrier knows of it and does not have it.
        InfoReceived = "info_received",
        /// On its way.
        InTransit = "in_transit",
        /// Nobody opened.
        FailedAttempt = "failed_attempt",
        /// Something happened to it.
        Exception = "exception",
        /// To be fetched at a pickup point.
        Pickup = "pickup",
        /// Handed over.
        Delivered = "delivered",
        /// On its way back.
        Return = "return",
        /// Too old to be looked for.
        Expired = "expired",
    }
}

words! {
    /// What a carrier says of a parcel: the public list of event type codes.
    pub enum EventType {
        /// A label was printed.
        LabelCreated = "label_created",
        /// The carrier has it.
        OriginScan = "origin_scan",
        /// It goes on.
        Transit = "transit",
        /// Something happened to it.
        Incident = "incident",
        /// It comes today.
        OutForDelivery = "out_for_delivery",
        /// Nobody opened.
        FailedAttempt = "failed_attempt",
        /// Left at a pickup point.
        PickupPoint = "pickup_point",
        /// Handed over.
        Delivered = "delivered",
        /// It goes back.
        Return = "return",
        /// Brought to a pickup point by the customer who sends it back.
        DropOff = "drop_off",
        /// Looked for in vain.
        Expired = "expired",
    }
}

words! {
    /// Where a job of a batch stands.
    pub enum JobStatus {
        /// Written down.
        Queued = "queued",
        /// Being worked on.
        Processing = "processing",
        /// Done; single orders of it may be wrong.
        Completed = "completed",
        /// Given up.
        Failed = "failed",
    }
}

words! {
    /// What can happen to a job.
    pub enum JobInput {
        /// It is its turn.
        Process = "process",
        /// Its orders are created and updated.
        Complete = "complete",
        /// It breaks off; none of its orders is touched.
        Fail = "fail",
    }
}

machine_words!(Status, DeliveryStatus, EventType, JobStatus, JobInput);

const STATUSES: usize = Status::ALL.len();

/// A merchant may send any status after any other, so every pair has its row; the input is the status sent.
const fn any_to_any() -> [Row<Status, Status>; STATUSES * (STATUSES - 1)] {
    let mut rows = [const { row(Status::Pending, Status::Pending, Status::Pending, None) };
        STATUSES * (STATUSES - 1)];
    let (mut from, mut at) = (0, 0);
    while from < STATUSES {
        let mut to = 0;
        while to < STATUSES {
            if from != to {
                rows[at] = row(Status::ALL[from], Status::ALL[to], Status::ALL[to], None);
                at += 1;
            }
            to += 1;
        }
        from += 1;
    }
    rows
}

static FULFILLMENT_ROWS: [Row<Status, Status>; STATUSES * (STATUSES - 1)] = any_to_any();

/// A fulfillment. Which moves are forced is said where its items are.
pub static FULFILLMENT: Machine<Status, Status> = Machine {
    name: "fulfillment",
    starts: &[Status::Pending],
    finals: &[],
    rows: &FULFILLMENT_ROWS,
};

use DeliveryStatus as S;
use EventType as In;

/// A carrier has news of a tracker.
pub const TRACKER_EVENT: &str = "tracker.events.new";

const TOLD: Option<&str> = Some(TRACKER_EVENT);

/// A tracker. A late look may find a parcel in any state at once. After the first return it stays one; for how long
/// it is looked for is the clock's affair.
#[rustfmt::skip]
pub static TRACKER: Machine<DeliveryStatus, EventType> = Machine {
    name: "tracker",
    starts: &[S::Pending],
    finals: &[S::Delivered, S::Expired],
    rows: &[
        row(S::Pending,       In::LabelCreated,   S::InfoReceived,  TOLD),
        row(S::Pending,       In::OriginScan,     S::InTransit,     TOLD),
        row(S::Pending,       In::DropOff,        S::InTransit,     TOLD),
        row(S::Pending,       In::Transit,        S::InTransit,     TOLD),
        row(S::Pending,       In::OutForDelivery, S::InTransit,     TOLD),
        row(S::Pending,       In::Incident,       S::Exception,     TOLD),
        row(S::Pending,       In::FailedAttempt,  S::FailedAttempt, TOLD),
        row(S::Pending,       In::PickupPoint,    S::Pickup,        TOLD),
        row(S::Pending,       In::Delivered,      S::Delivered,     TOLD),
        row(S::Pending,       In::Return,         S::Return,        TOLD),
        row(S::Pending,       In::Expired,        S::Expired,       TOLD),
        row(S::InfoReceived,  In::OriginScan,     S::InTransit,     TOLD),
        row(S::InfoReceived,  In::DropOff,        S::InTransit,     TOLD),
        row(S::InfoReceived,  In::Transit,        S::InTransit,     TOLD),
        row(S::InfoReceived,  In::OutForDelivery, S::InTransit,     TOLD),
        row(S::InfoReceived,  In::Incident,       S::Exception,     TOLD),
        row(S::InfoReceived,  In::FailedAttempt,  S::FailedAttempt, TOLD),
        row(S::InfoReceived,  In::PickupPoint,    S::Pickup,        TOLD),
        row(S::InfoReceived,  In::Delivered,      S::Delivered,     TOLD),
        row(S::InfoReceived,  In::Return,         S::Return,        TOLD),
        row(S::InfoReceived,  In::Expired,        S::Expired,       TOLD),
        row(S::InTransit,     In::Transit,        S::InTransit,     TOLD),
        row(S::InTransit,     In::OutForDelivery, S::InTransit,     TOLD),
        row(S::InTransit,     In::Incident,       S::Exception,     TOLD),
        row(S::InTransit,     In::FailedAttempt,  S::FailedAttempt, TOLD),
        row(S::InTransit,     In::PickupPoint,    S::Pickup,        TOLD),
        row(S::InTransit,     In::Delivered,      S::Delivered,     TOLD),
        row(S::InTransit,     In::Return,         S::Return,        TOLD),
        row(S::InTransit,     In::Expired,        S::Expired,       TOLD),
        row(S::FailedAttempt, In::Transit,        S::InTransit,     TOLD),
        row(S::FailedAttempt, In::OutForDelivery, S::InTransit,     TOLD),
        row(S::FailedAttempt, In::Incident,       S::Exception,     TOLD),
        row(S::FailedAttempt, In::FailedAttempt,  S::FailedAttempt, TOLD),
        row(S::FailedAttempt, In::PickupPoint,    S::Pickup,        TOLD),
        row(S::FailedAttempt, In::Delivered,      S::Delivered,     TOLD),
        row(S::FailedAttempt, In::Return,         S::Return,        TOLD),
        row(S::FailedAttempt, In::Expired,        S::Expired,       TOLD),
        row(S::Exception,     In::Transit,        S::InTransit,     TOLD),
        row(S::Exception,     In::OutForDelivery, S::InTransit,     TOLD),
        row(S::Exception,     In::Incident,       S::Exception,     TOLD),
        row(S::Exception,     In::FailedAttempt,  S::FailedAttempt, TOLD),
        row(S::Exception,     In::PickupPoint,    S::Pickup,        TOLD),
        row(S::Exception,     In::Delivered,      S::Delivered,     TOLD),
        row(S::Exception,     In::Return,         S::Return,        TOLD),
        row(S::Exception,     In::Expired,        S::Expired,       TOLD),
        row(S::Pickup,        In::Transit,        S::InTransit,     TOLD),
        row(S::Pickup,        In::Incident,       S::Exception,     TOLD),
        row(S::Pickup,        In::Delivered,      S::Delivered,     TOLD),
        row(S::Pickup,        In::Return,         S::Return,        TOLD),
        row(S::Pickup,        In::Expired,        S::Expired,       TOLD),
        row(S::Return,        In::Transit,        S::Return,        TOLD),
        row(S::Return,        In::Incident,       S::Return,        TOLD),
        row(S::Return,        In::Return,         S::Return,        TOLD),
    ],
};

/// A job: queued, worked on, done.
#[rustfmt::skip]
pub static JOB: Machine<JobStatus, JobInput> = Machine {
    name: "job",
    starts: &[JobStatus::Queued],
    finals: &[JobStatus::Completed, JobStatus::Failed],
    rows: &[
        row(JobStatus::Queued,     JobInput::Process,  JobStatus::Processing, None),
        row(JobStatus::Processing, JobInput::Complete, JobStatus::Completed,  None),
        row(JobStatus::Processing, JobInput::Fail,     JobStatus::Failed,     None),
    ],
};

#[cfg(test)]
mod tests {
    use super::{FULFILLMENT, JOB, TRACKER};
    use crate::sim::machine::{Diagram, faults, route};

    #[test]
    fn the_tables_are_sound() {
        let tables: [&dyn Diagram; 3] = [&FULFILLMENT, &TRACKER, &JOB];
        for table in tables {
            assert_eq!(faults(table), Vec::<String>::new(), "{}", table.name());
        }
    }

    #[test]
    fn what_goes_back_never_arrives() {
        assert_eq!(route(&TRACKER, "return", "delivered"), None);
        assert_eq!(route(&TRACKER, "pickup", "delivered"), Some(vec!["delivered"]));
    }
}
