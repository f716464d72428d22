//! The life cycle of a parcel as a state machine.

use crate::machine_words;
use crate::sim::machine::{Machine, row};
use crate::words;

words! {
    /// Where a parcel stands.
    pub enum ParcelState {
        /// The carrier knows of it.
        Booked = "booked",
        /// With the carrier.
        Moving = "moving",
        /// With the customer.
        Delivered = "delivered",
        /// Gone.
        Lost = "lost",
    }
}

words! {
    /// What can happen to a parcel.
    pub enum ParcelInput {
        /// The carrier takes it.
        Collect = "collect",
        /// The carrier hands it over.
        Deliver = "deliver",
        /// The carrier gives it up.
        Lose = "lose",
    }
}

machine_words!(ParcelState, ParcelInput);

use ParcelInput as On;
use ParcelState as At;

/// The topic of the only webhook.
pub const MOVED: &str = "parcel.moved";

/// A parcel.
#[rustfmt::skip]
pub static PARCEL: Machine<ParcelState, ParcelInput> = Machine {
    name: "parcel",
    starts: &[At::Booked],
    finals: &[At::Delivered, At::Lost],
    rows: &[
        row(At::Booked, On::Collect, At::Moving,    Some(MOVED)),
        row(At::Moving, On::Deliver, At::Delivered, Some(MOVED)),
        row(At::Moving, On::Lose,    At::Lost,      Some(MOVED)),
    ],
};
