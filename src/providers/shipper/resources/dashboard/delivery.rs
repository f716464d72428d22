//! Where shipments stand, why deliveries failed, and how fast they were: documentation, "Dashboard: delivery stats".
//!
//! Inferred: the states come in the order of their vocabulary, only those that occur. Speed counts working days from
//! the hand-over to the carrier to the hand-over to the customer, of every shipment that had both, even if it
//! came back later. Without a delivery all five figures are 0.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use crate::frameworks::php::json_encode::Number;
use crate::message::Reply;
use crate::providers::shipper::machines::ShipmentState;
use crate::providers::shipper::resources::dashboard::{Scope, quotient};
use crate::providers::shipper::resources::input;
use crate::providers::shipper::{Error, Shipper};
use crate::providers::{Call, Cx};

#[derive(Serialize)]
struct DeliveryStats<'a> {
    total_by_status: Vec<OfStatus>,
    total_delivery_failures_by_reason: Vec<OfReason<'a>>,
    avg_delivery_speed_business_days: Number,
    max_delivery_speed_business_days: u32,
    delivered_within_1bd_pct: Number,
    delivered_within_2bd_pct: Number,
    delivered_over_2bd_pct: Number,
}

#[derive(Serialize)]
struct OfStatus {
    status: ShipmentState,
    count: u64,
    on_hold_count: u64,
}

#[derive(Serialize)]
struct OfReason<'a> {
    reason: Option<&'a str>,
    count: u64,
}

/// `GET /dashboard/delivery-stats`.
pub fn delivery(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let scope = Scope::read(cx, call, &input::query(call.request), Vec::new())?;
    let tally = scope.tally();
    let of_status = |(status, (count, on_hold_count)): (&ShipmentState, (u64, u64))| OfStatus {
        status: *status,
        count,
        on_hold_count,
    };
    let total_by_status =
        ShipmentState::ALL.iter().zip(tally.states).filter(|(_, (count, _))| *count > 0);
    let failures = tally.failures.iter().map(|(reason, count)| (reason.as_deref(), *count));
    let speeds = Speeds::from(&tally.speeds);
    let [within_1, within_2, over_2] = shares(speeds.buckets);
    Ok(scope.reply(&DeliveryStats {
        total_by_status: total_by_status.map(of_status).collect(),
        total_delivery_failures_by_reason: by_frequency(failures),
        avg_delivery_speed_business_days: quotient(
            speeds.days.into(),
            speeds.buckets.iter().sum(),
            1,
        ),
        max_delivery_speed_business_days: speeds.slowest,
        delivered_within_1bd_pct: within_1,
        delivered_within_2bd_pct: within_2,
        delivered_over_2bd_pct: over_2,
    }))
}

/// The most frequent first, equals by their text. Failures without a reason stand last however many they are, as
/// in the documentation's sample.
fn by_frequency<'a>(reasons: impl Iterator<Item = (Option<&'a str>, u64)>) -> Vec<OfReason<'a>> {
    let mut rows: Vec<_> = reasons.map(|(reason, count)| OfReason { reason, count }).collect();
    rows.sort_by_key(|row| (row.reason.is_none(), Reverse(row.count), row.reason));
    rows
}

/// How many working days deliveries took.
#[derive(Default)]
struct Speeds {
    days: u64,
    slowest: u32,
    /// Up to one day, two days, more.
    buckets: [u64; 3],
}

impl From<&BTreeMap<u32, u64>> for Speeds {
    fn from(deliveries: &BTreeMap<u32, u64>) -> Self {
        let mut speeds = Speeds::default();
        for (days, count) in deliveries {
            speeds.days += u64::from(*days) * count;
            speeds.slowest = speeds.slowest.max(*days);
            speeds.buckets[match days {
                0 | 1 => 0,
                2 => 1,
                _ => 2,
            }] += count;
        }
        speeds
    }
}

/// Counts as percentages with one decimal that sum to exactly 100, by largest remainder, an earlier count first
/// among equals; all 0 when there is nothing to share.
fn shares(counts: [u64; 3]) -> [Number; 3] {
    let whole: u128 = counts.iter().copied().map(u128::from).sum();
    if whole == 0 {
        return [Number::default(); 3];
    }
    let tenths = counts.map(|count| u128::from(count) * 1_000);
    let mut rounded = tenths.map(|tenths| tenths / whole);
    let mut places = [0, 1, 2];
    places.sort_by_key(|place| Reverse(tenths[*place] % whole));
    let missing = 1_000 - rounded.iter().sum::<u128>();
    for (place, _) in places.into_iter().zip(0..missing) {
        rounded[place] += 1;
    }
    rounded.map(|tenths| Number(Decimal::new(i64::try_from(tenths).unwrap_or(1_000), 1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::{by_frequency, shares};
    use crate::frameworks::php::json_encode::php;

    fn printed(counts: [u64; 3]) -> String {
        String::from_utf8(php(&shares(counts))).unwrap()
    }

    #[test]
    fn shares_are_rounded_so_that_they_sum_to_a_hundred() {
        assert_eq!(printed([1, 1, 1]), "[33.4,33.3,33.3]");
        assert_eq!(printed([663, 210, 127]), "[66.3,21,12.7]");
        assert_eq!(printed([1, 0, 2_000]), "[0,0,100]");
        assert_eq!(printed([0, 0, 0]), "[0,0,0]");
    }

    #[test]
    fn failures_without_a_reason_stand_last_as_in_the_documented_sample() {
        let reasons = [(None, 565), (Some("B"), 136), (Some("C"), 993), (Some("A"), 136)];
        let rows = by_frequency(reasons.into_iter());
        let order: Vec<_> = rows.iter().map(|row| (row.reason, row.count)).collect();
        assert_eq!(order, [(Some("C"), 993), (Some("A"), 136), (Some("B"), 136), (None, 565)]);
    }

    proptest! {
        #[test]
        fn shares_sum_to_a_hundred_and_stay_within_a_tenth_of_the_truth(
            counts in any::<[u32; 3]>().prop_map(|counts| counts.map(u64::from)),
        ) {
            let whole: u64 = counts.iter().sum();
            prop_assume!(whole > 0);
            let shares = shares(counts).map(|share| share.0);
            prop_assert_eq!(shares.iter().sum::<Decimal>(), Decimal::ONE_HUNDRED);
            for (share, count) in shares.iter().zip(counts) {
                let exact = Decimal::from(count) * Decimal::ONE_HUNDRED / Decimal::from(whole);
                prop_assert!((*share - exact).abs() < Decimal::new(1, 1));
            }
        }
    }
}
