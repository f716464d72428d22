//! The life cycle of a shipment as a table. The words are those of the status filter and of the help centre.

use crate::machine_words;
use crate::sim::machine::{Machine, row};
use crate::words;

words! {
    /// Where a shipment stands: documentation, "List Shipments", and the help centre for the last two.
    pub enum Status {
        /// Received, but its channel has not released it.
        NotReady = "Not Ready",
        /// Received, and about to be looked at by the rules.
        Ready = "Ready",
        /// No shipping rule took it; not an error.
        Ignored = "Ignored",
        /// Somebody has to approve it.
        Waiting = "Waiting",
        /// Approved, and in the queue of the bulk shipper.
        Queued = "Queued",
        /// With the carrier.
        Processing = "PROCESSING",
        /// The carrier refused it.
        Failed = "Failed",
        /// Booked, but its label could not be printed.
        PrintError = "Print Error",
        /// Booked and printed.
        Complete = "Complete",
        /// Put away.
        Archived = "Archived",
    }
}

words! {
    /// What can happen to a shipment.
    pub enum Input {
        /// Its channel says it can go.
        Release = "release",
        /// No rule takes it.
        Ignore = "ignore",
        /// It is held for approval.
        Hold = "hold",
        /// Somebody approves it.
        Approve = "approve",
        /// It is handed to the carrier.
        Process = "process",
        /// The carrier takes it.
        Book = "book",
        /// The carrier refuses it.
        Refuse = "refuse",
        /// The carrier takes it, but the label cannot be printed.
        FailToPrint = "fail_to_print",
        /// The label is printed after all.
        Print = "print",
        /// It is given to the rules once more.
        Reprocess = "reprocess",
        /// It is put away.
        Archive = "archive",
    }
}

machine_words!(Status, Input);

/// A shipment.
#[rustfmt::skip]
pub static SHIPMENT: Machine<Status, Input> = Machine {
    name: "shipment",
    starts: &[Status::Ready, Status::NotReady],
    finals: &[Status::Archived],
    rows: &[
        //  from                on                  to
        row(Status::NotReady,   Input::Release,     Status::Ready,      None),
        row(Status::NotReady,   Input::Archive,     Status::Archived,   None),
        row(Status::Ready,      Input::Ignore,      Status::Ignored,    None),
        row(Status::Ready,      Input::Hold,        Status::Waiting,    None),
        row(Status::Ready,      Input::Process,     Status::Processing, None),
        row(Status::Ignored,    Input::Reprocess,   Status::Ready,      None),
        row(Status::Ignored,    Input::Archive,     Status::Archived,   None),
        row(Status::Waiting,    Input::Approve,     Status::Queued,     None),
        row(Status::Waiting,    Input::Archive,     Status::Archived,   None),
        row(Status::Queued,     Input::Process,     Status::Processing, None),
        row(Status::Processing, Input::Book,        Status::Complete,   None),
        row(Status::Processing, Input::Refuse,      Status::Failed,     None),
        row(Status::Processing, Input::FailToPrint, Status::PrintError, None),
        row(Status::Failed,     Input::Reprocess,   Status::Ready,      None),
        row(Status::Failed,     Input::Archive,     Status::Archived,   None),
        row(Status::PrintError, Input::Print,       Status::Complete,   None),
        row(Status::PrintError, Input::Archive,     Status::Archived,   None),
        row(Status::Complete,   Input::Archive,     Status::Archived,   None),
    ],
};

#[cfg(test)]
mod tests {
    use super::SHIPMENT;
    use crate::sim::machine::{faults, route};

    #[test]
    fn the_table_is_sound_and_a_queued_shipment_cannot_be_called_off() {
        assert_eq!(faults(&SHIPMENT), Vec::<String>::new());
        assert_eq!(route(&SHIPMENT, "Queued", "Waiting").map(|way| way[0]), Some("process"));
    }
}
