//! What a carrier adds: tracking numbers, reasons for failed attempts, reports that come late.

use std::borrow::Cow;

use jiff::SignedDuration;

use crate::providers::shipper::machines::ShipmentInput;
use crate::sim::chance::Chance;

/// Why an attempt failed, with weights; the first two are documented, as is that a reason may be missing.
#[rustfmt::skip]
const REASONS: &[(u64, Option<&str>)] = &[
    (50, Some("Customer unavailable for delivery")),
    (10, Some("Trust or credibility issues at delivery")),
    (10, Some("Customer refused the parcel")),
    ( 6, Some("Delivery address incomplete or wrong")),
    ( 6, Some("Customer asked for a later delivery")),
    (18, None),
];

/// Eleven digits, as in the documentation's example.
pub fn tracking_number(chance: &mut Chance) -> String {
    chance.draw("shipper/tracking number").digits(11)
}

/// Why a delivery failed. A parcel that is lost or sent back without an attempt has no reason.
pub fn failure_reason(chance: &mut Chance, on: ShipmentInput) -> Option<Cow<'static, str>> {
    if on != ShipmentInput::FailAttempt {
        return None;
    }
    let mut draw = chance.draw("shipper/failure reason");
    let place = draw.weighted(REASONS.iter().map(|(weight, _)| *weight))?;
    REASONS.get(place)?.1.map(Cow::Borrowed)
}

/// How long ago a report's event was when Shipper learns of it: minutes to hours.
pub fn report_lag(chance: &mut Chance) -> SignedDuration {
    let mut draw = chance.draw("shipper/report lag");
    SignedDuration::from_secs(draw.between(20 * 60, 4 * 3_600) as i64)
}
