//! What a shipment earns and costs: its transactions, from the first expectation to the pay-out.
//!
//! The thirteen kinds of expense are documented; what each amounts to is inferred.

use rust_decimal::Decimal;

use crate::providers::shipper::machines::{PaymentInput, ShipmentInput};
use crate::providers::shipper::state::order::{
    Confirmation, Line, Shipment, Transaction, TransactionKind, TransactionState,
};

/// The most an amount may be: what is over it would not fit the sums of a dashboard.
pub const MOST: i64 = 1_000_000_000_000;

/// An amount that may enter the books: neither negative nor too large, to ten digits after the point.
pub fn bounded(amount: Decimal) -> Option<Decimal> {
    (Decimal::ZERO..=Decimal::from(MOST)).contains(&amount).then(|| amount.round_dp(10))
}

/// How many units of a country's currency stand for one dinar, in hundredths, so that fees look at home.
fn scale(country: &str) -> Decimal {
    match country {
        "DZ" => Decimal::new(4_300, 2),
        "MA" => Decimal::new(320, 2),
        _ => Decimal::ONE,
    }
}

/// A fee in the currency of a country, from thousandths of a dinar.
pub fn fee(millimes: i64, country: &str) -> Decimal {
    (Decimal::new(millimes, 3) * scale(country)).round_dp(2)
}

fn share(of: Decimal, per_mille: i64) -> Decimal {
    (of * Decimal::new(per_mille, 3)).round_dp(2)
}

/// What a new shipment is expected to earn and cost.
///
/// `charged` is what the customer pays for it, `goods` what the supplier gets.
pub fn expected(
    charged: Decimal,
    goods: Decimal,
    is_cod: bool,
    confirmation: Confirmation,
    upsold: bool,
    country: &str,
) -> Vec<Transaction> {
    use TransactionKind as K;
    let mut amounts = vec![
        (K::Revenue, if is_cod { charged } else { Decimal::ZERO }),
        (K::Shipping, fee(7_000, country)),
        (K::Packaging, fee(800, country)),
        (K::Service, fee(1_000, country)),
        (K::QualityControl, fee(300, country)),
        (K::PaymentFacility, if is_cod { share(charged, 10) } else { Decimal::ZERO }),
        (if is_cod { K::ProductCost } else { K::PrepaidCost }, goods),
        (K::DropshippingFee, share(charged, 30)),
    ];
    if confirmation == Confirmation::External {
        amounts.push((K::Confirmation, fee(1_500, country)));
    }
    if upsold {
        amounts.push((K::Upsell, share(charged, 20)));
    }
    let transaction =
        |(kind, amount)| Transaction { kind, amount, state: TransactionState::Pending };
    amounts.into_iter().filter(|(_, amount)| !amount.is_zero()).map(transaction).collect()
}

/// Charges a shipment for something that just happened.
pub fn charge(shipment: &mut Shipment, kind: TransactionKind, amount: Decimal) {
    shipment.transactions.push(Transaction { kind, amount, state: TransactionState::Pending });
}

fn set(shipment: &mut Shipment, from: &[TransactionState], to: TransactionState) {
    for transaction in shipment.transactions.iter_mut().filter(|it| from.contains(&it.state)) {
        transaction.state = to;
    }
}

/// What a step of the money does to the transactions.
pub fn follow_payment(shipment: &mut Shipment, on: PaymentInput) {
    use TransactionState as T;
    match on {
        PaymentInput::Collect => set(shipment, &[T::Pending], T::UnderReview),
        PaymentInput::Settle => set(shipment, &[T::Pending, T::UnderReview], T::Successful),
        PaymentInput::Transfer => {
            set(shipment, &[T::Pending, T::UnderReview, T::Successful], T::Transferred);
        }
        PaymentInput::Void => {
            for transaction in &mut shipment.transactions {
                let open = matches!(transaction.state, T::Pending | T::UnderReview);
                transaction.state = match (open, spent(transaction.kind)) {
                    (false, _) => transaction.state,
                    (true, true) => T::Successful,
                    (true, false) => T::Canceled,
                };
            }
        }
    }
}

/// What was spent whether or not the customer pays.
fn spent(kind: TransactionKind) -> bool {
    use TransactionKind as K;
    matches!(
        kind,
        K::Shipping
            | K::Packaging
            | K::Service
            | K::QualityControl
            | K::Confirmation
            | K::CallForwarding
            | K::FollowUp
            | K::ReturnExchangeFee
    )
}

/// What a step of the parcel does to the transactions, before the money moves.
pub fn follow_shipment(shipment: &mut Shipment, on: ShipmentInput, country: &str) {
    use TransactionKind as K;
    match on {
        ShipmentInput::FailAttempt => charge(shipment, K::FollowUp, fee(500, country)),
        ShipmentInput::Return | ShipmentInput::ReturnPartly => {
            charge(shipment, K::ReturnExchangeFee, fee(4_000, country));
        }
        // Nothing was packed or carried: only calls were made.
        ShipmentInput::Cancel => {
            use TransactionState::{Canceled, Pending};
            let kept = |kind| matches!(kind, K::Confirmation | K::CallForwarding);
            for transaction in &mut shipment.transactions {
                if transaction.state == Pending && !kept(transaction.kind) {
                    transaction.state = Canceled;
                }
            }
        }
        // Only what the customer took is paid for, and only that is owed to the supplier.
        ShipmentInput::DeliverPartly => {
            let (taken, total) = taken(&shipment.lines);
            for transaction in &mut shipment.transactions {
                let follows = matches!(
                    transaction.kind,
                    K::Revenue
                        | K::ProductCost
                        | K::PaymentFacility
                        | K::DropshippingFee
                        | K::Upsell
                );
                if follows && total > 0 {
                    let part = transaction.amount * Decimal::from(taken) / Decimal::from(total);
                    transaction.amount = part.round_dp(2);
                }
            }
        }
        _ => {}
    }
}

/// Units a customer takes of a parcel delivered in part, and units in it: all but half of the last line.
pub fn taken(lines: &[Line]) -> (u64, u64) {
    let total: u64 = lines.iter().map(|line| u64::from(line.quantity)).sum();
    let left = lines.last().map_or(0, |line| part(line, 1));
    (total - left, total)
}

/// Units of a line that come back when a part of it does, the first time, the second: half of what is left, rounded up.
pub fn part(line: &Line, time: usize) -> u64 {
    let mut left = u64::from(line.quantity);
    let mut back = 0;
    for _ in 0..time {
        back = left.div_ceil(2);
        left -= back;
    }
    back
}
