//! Delhivery behind Shiplee: waybills, scans, and the remarks with which it refuses a booking.
//!
//! Forms and codes are those of public recordings and of public tables of the carrier's codes.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::providers::shiplee::machines::{ShipmentInput as In, ShipmentState as S};
use crate::sim::chance::Chance;
use crate::words;

words! {
    /// How a parcel travels.
    pub enum Mode {
        /// By air.
        Express = "express",
        /// By road.
        Surface = "surface",
    }
}

impl Mode {
    /// The name a booking has to give: documentation, "Get Rates".
    pub const fn carrier_name(self) -> &'static str {
        match self {
            Mode::Express => "Delhivery Express",
            Mode::Surface => "Delhivery Surface",
        }
    }

    /// The mode of a name; letter for letter, the names are no more tolerant than that.
    pub fn of_carrier_name(name: &str) -> Option<Mode> {
        Mode::ALL.iter().copied().find(|mode| mode.carrier_name() == name)
    }
}

words! {
    /// Who pays when.
    pub enum Payment {
        /// Before.
        Prepaid = "prepaid",
        /// At the door.
        Cod = "cod",
    }
}

impl Payment {
    /// The word of a request, in any case.
    pub fn read(text: &str) -> Option<Payment> {
        Payment::of(&text.to_ascii_lowercase())
    }
}

/// The id a booking has to give: the prepaid ones are documented, the others follow their pattern.
pub fn carrier_id(mode: Mode, payment: Payment) -> &'static str {
    match (mode, payment) {
        (Mode::Express, Payment::Prepaid) => "delhivery_e_prepaid",
        (Mode::Surface, Payment::Prepaid) => "delhivery_s_prepaid",
        (Mode::Express, Payment::Cod) => "delhivery_e_cod",
        (Mode::Surface, Payment::Cod) => "delhivery_s_cod",
    }
}

/// Where the next waybill comes from: seven digits of the account, a serial number, its remainder by seven.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waybills {
    account: u32,
    serial: u32,
}

const SERIALS: u32 = 1_000_000;

impl Waybills {
    /// An account drawn from the seed, with some parcels behind it.
    pub fn drawn(chance: &mut Chance) -> Waybills {
        let mut draw = chance.draw("shiplee/waybills");
        let account = draw.between(1_000_000, 9_999_999) as u32;
        Waybills { account, serial: draw.below(400_000) as u32 }
    }

    /// Whether there is a next one, in what was read.
    pub fn are_sound(self) -> bool {
        self.account < 10_000_000 && self.serial < SERIALS
    }

    /// The next one. When an account's serial numbers are used up, the next account goes on.
    pub fn next(&mut self) -> String {
        self.serial += 1;
        if self.serial >= SERIALS {
            self.serial = 1;
            self.account = if self.account >= 9_999_999 { 1_000_000 } else { self.account + 1 };
        }
        format!("{:07}{:06}{}", self.account, self.serial, self.serial % 7)
    }
}

/// The number of a batch that was handed to the carrier.
pub fn upload_number(chance: &mut Chance) -> String {
    let mut draw = chance.draw("shiplee/upload number");
    let length = draw.between(18, 20) as usize;
    format!("UPL{}", draw.digits(length))
}

words! {
    /// How the carrier answers a booking.
    pub enum Answer {
        /// It takes it.
        Booked = "booked",
        /// The pincode is not served.
        Unserviceable = "unserviceable_pincode",
        /// Shiplee's own account at the carrier is empty.
        WalletEmpty = "carrier_wallet_empty",
        /// The consignee looks made up.
        Suspicious = "suspicious_consignee",
        /// The pincode is served, but not for this kind of parcel.
        TypeUnserviceable = "package_type_unserviceable",
        /// The pincode has had enough for today.
        Capacity = "capacity_exceeded",
        /// The seller was not there too often.
        PickupFailures = "pickup_failure_rate",
        /// The warehouse is not known by its name.
        UnknownWarehouse = "unknown_warehouse",
        /// The warehouse is switched off.
        InactiveWarehouse = "inactive_warehouse",
        /// The same order was booked before.
        DuplicateOrder = "duplicate_order",
        /// The telephone number is none.
        WrongPhone = "incorrect_phone",
        /// Something broke.
        Internal = "internal_error",
        /// It takes it, but names no waybill.
        NoWaybill = "no_waybill",
    }
}

/// What a remark speaks of.
#[derive(Debug, Clone, Copy)]
pub struct Booking<'a> {
    /// The pincode of the customer.
    pub pincode: &'a str,
    /// `Prepaid`, `COD` or `Pickup`.
    pub package_type: &'static str,
    /// Shiplee's number of the order.
    pub order: u64,
}

impl Answer {
    /// The carrier's remark on a booking it refuses.
    pub fn remark(self, booking: Booking<'_>) -> Option<String> {
        let crash = |cause: String| {
            format!(
                "Crashing while saving package due to exception '{cause}'. Package might have been partially saved."
            )
        };
        Some(match self {
            Answer::Booked | Answer::NoWaybill => return None,
            Answer::Unserviceable => crash(format!("{} is non serviceable pincode", booking.pincode)),
            Answer::WalletEmpty => crash(
                "Prepaid client manifest charge API failed due to insufficient balance".to_owned(),
            ),
            Answer::Suspicious => crash("suspicious order/consignee".to_owned()),
            Answer::TypeUnserviceable => crash(format!(
                "Package type {} not serviceable for this account",
                booking.package_type
            )),
            Answer::Capacity => crash(
                "Manifestation failed as the total shipment volume has exceeded the available capacity of this pincode"
                    .to_owned(),
            ),
            Answer::PickupFailures => crash("Pickup failure rate of the seller is very high".to_owned()),
            Answer::UnknownWarehouse => "ClientWarehouse matching query does not exist.".to_owned(),
            Answer::InactiveWarehouse => "Client-Warehouse is not active.".to_owned(),
            Answer::DuplicateOrder => "Duplicate Order Id".to_owned(),
            Answer::WrongPhone => format!("Incorrect phone number(s) for order {}", booking.order),
            Answer::Internal => "An internal Error has occurred, Please get in touch with client.support@delhivery.com".to_owned(),
        })
    }
}

/// The telephone number that the carrier is known to find suspicious.
pub const SUSPICIOUS_MOBILE: &str = "9999999999";

/// Pincodes of customers that choose the carrier's answer: `9990` and the answer's place from 01 on.
pub fn magic() -> impl Iterator<Item = (String, Answer)> {
    let refusals = Answer::ALL.iter().skip(1).enumerate();
    refusals.map(|(place, answer)| (format!("9990{:02}", place + 1), *answer))
}

/// A parcel as the carrier measures it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    /// Centimetres.
    pub length: Decimal,
    /// Centimetres.
    pub breadth: Decimal,
    /// Centimetres.
    pub height: Decimal,
    /// Kilograms.
    pub weight: Decimal,
}

/// What a scan says: type, status, code, words.
pub type ScanWords = (&'static str, &'static str, &'static str, &'static str);

/// The first scan of a parcel.
pub fn first_scan(state: S) -> ScanWords {
    match state {
        S::Open => ("PP", "Open", "X-UCO", "Received soft data for consignment"),
        _ => ("UD", "Manifested", "X-UCI", "Manifest uploaded"),
    }
}

/// Why an attempt fails, with weights: the codes after which the carrier tries again.
#[rustfmt::skip]
const REASONS: &[(u64, &str, &str)] = &[
    (50, "EOD-11",  "Consignee unavailable"),
    (12, "EOD-74",  "Bad/Incomplete Address"),
    (10, "EOD-6",   "Customer Refused to accept/Order Cancelled"),
    ( 8, "EOD-15",  "Consignee moved/shifted"),
    ( 6, "EOD-16",  "Payment not ready with customer"),
    ( 5, "EOD-86",  "Not attempted"),
    ( 4, "EOD-104", "Entry restricted area"),
    ( 3, "EOD-69",  "Customer asked for open delivery"),
    ( 2, "EOD-43",  "Self Collect"),
];

/// The scan of a step that was taken, from the state it left to the state it reached.
#[rustfmt::skip]
pub fn scan(from: S, on: In, to: S, chance: &mut Chance) -> ScanWords {
    let (kind, status) = printed(to);
    let (code, text) = match (from, on) {
        (S::Open, In::Schedule)                  => ("X-ASP",     "Pickup scheduled"),
        (_, In::Schedule)                        => ("FMPUR-101", "Pickup scheduled"),
        (_, In::MissPickup)                      => ("X-PNP",     "Shipment not received from client"),
        (S::PickupDispatched, In::PickUp)        => ("EOD-77",    "Pickup completed"),
        (_, In::PickUp)                          => ("X-PPOM",    "Shipment picked up"),
        (_, In::Receive)                         => ("X-PIOM",    "Shipment Recieved at Origin Center"),
        (_, In::Bag)                             => ("X-DBL1F",   "Added to Bag"),
        (S::InTransit, In::Load)                 => ("X-DLL2F",   "Bag Added To Trip"),
        (_, In::Load)                            => ("X-DLL2R",   "Added to IST"),
        (S::InTransit, In::Unload)               => ("X-ILL2F",   "Trip Arrived"),
        (_, In::Unload)                          => ("X-ILL2R",   "IST received"),
        (_, In::Unbag)                           => ("X-ILL1F",   "Bag Received at Facility"),
        (_, In::Weigh)                           => ("X-DWS",     "System weight captured"),
        (S::InTransit, In::Arrive)               => ("X-IBD3F",   "Shipment Received at Facility"),
        (_, In::Arrive)                          => ("X-IBD1R",   "Bag incoming at return city PC"),
        (S::Pending, In::Dispatch)               => ("X-DDD3FD",  "Out for delivery"),
        (S::Scheduled, In::Dispatch)             => ("X-DDD3FP",  "Out for pickup"),
        (S::PickedUpPending, In::Dispatch)       => ("X-DRD3R",   "Dispatched for DTO"),
        (_, In::Dispatch)                        => ("X-DRD3R",   "Dispatched for RTO"),
        (_, In::Call)                            => ("ST-114",    "Call placed to consignee"),
        (S::PickupDispatched, In::FailAttempt)   => ("EOD-26",    "Consignee unavailable"),
        (S::Dispatched, In::FailAttempt)         => reason(chance),
        (_, In::FailAttempt)                     => ("RD-PD3",    "Client/ Seller closed"),
        (_, In::Deliver)                         => ("EOD-38",    "Delivered to consignee"),
        (_, In::SendBack)                        => ("RT-108",    "No client instructions to Reattempt"),
        (_, In::Return)                          => ("RD-AC",     "RETURN Accepted"),
        (S::Manifested | S::NotPicked, In::Cancel) => ("DTUP-210", "Seller cancelled the order"),
        (S::InTransit | S::Pending, In::Cancel)  => ("RT-101",    "Returned as per Client Instructions"),
        (_, In::Cancel)                          => ("EOD-21",    "Pickup/KYC request cancelled"),
        (_, In::Close)                           => ("EOD-106",   "Reached Maximum attempt count"),
    };
    (kind, status, code, text)
}

fn reason(chance: &mut Chance) -> (&'static str, &'static str) {
    let mut draw = chance.draw("shiplee/failure reason");
    let place = draw.weighted(REASONS.iter().map(|(weight, ..)| *weight)).unwrap_or_default();
    let (_, code, text) = REASONS[place.min(REASONS.len() - 1)];
    (code, text)
}

/// Type and status as the carrier prints them.
#[rustfmt::skip]
pub fn printed(state: S) -> (&'static str, &'static str) {
    match state {
        S::Manifested         => ("UD", "Manifested"),
        // A parcel cancelled before it was picked up keeps this status; only the code tells.
        S::NotPicked | S::Cancelled => ("UD", "Not Picked"),
        S::InTransit          => ("UD", "In Transit"),
        S::Pending            => ("UD", "Pending"),
        S::Dispatched         => ("UD", "Dispatched"),
        S::Delivered          => ("DL", "Delivered"),
        S::ReturnInTransit    => ("RT", "In Transit"),
        S::ReturnPending      => ("RT", "Pending"),
        S::ReturnDispatched   => ("RT", "Dispatched"),
        S::ReturnedToOrigin   => ("DL", "RTO"),
        S::Open               => ("PP", "Open"),
        S::Scheduled          => ("PP", "Scheduled"),
        S::PickupDispatched   => ("PP", "Dispatched"),
        S::PickedUpInTransit  => ("PU", "In Transit"),
        S::PickedUpPending    => ("PU", "Pending"),
        S::PickedUpDispatched => ("PU", "Dispatched"),
        S::DeliveredToOrigin  => ("DL", "DTO"),
        S::Canceled           => ("CN", "Canceled"),
        S::Closed             => ("CN", "Closed"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Booking, Waybills, magic};
    use crate::sim::chance::Chance;

    #[test]
    fn waybills_have_the_form_of_public_ones() {
        // Serial and check digit of public samples.
        for (serial, last) in [(1, 1), (5, 5), (6, 6), (406, 0), (412, 6), (413, 0), (2_052, 1)] {
            assert_eq!(serial % 7, last);
        }
        let mut waybills = Waybills { account: 5_793_081, serial: 0 };
        assert_eq!(waybills.next(), "57930810000011");
        let mut end = Waybills { account: 9_999_999, serial: 999_999 };
        assert_eq!(end.next(), "10000000000011");
        let mut drawn = Waybills::drawn(&mut Chance::new(7));
        let (first, second) = (drawn.next(), drawn.next());
        assert!(first.len() == 14 && second > first, "{first} {second}");
    }

    #[test]
    fn every_refusal_has_a_remark_and_a_pincode_that_chooses_it() {
        let booking = Booking { pincode: "999999", package_type: "COD", order: 1 };
        for answer in Answer::ALL {
            let silent = matches!(answer, Answer::Booked | Answer::NoWaybill);
            assert_eq!(answer.remark(booking).is_none(), silent, "{answer}");
        }
        let chosen: Vec<_> = magic().collect();
        assert_eq!(chosen.len() + 1, Answer::ALL.len());
        assert_eq!(chosen[0], ("999001".to_owned(), Answer::Unserviceable));
        assert_eq!(chosen.last().unwrap().1, Answer::NoWaybill);
    }
}
