//! What a shipment earns and costs: its transactions, from the first expectation to the pay-out.
//!
//! The thirteen kinds of expense are documented; what each amounts to is inferred.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::providers::shipper::data::geography;
use crate::providers::shipper::machines::{PaymentInput, PaymentState, ShipmentInput};
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

/// An amount in the smallest coin of a country, halves away from zero as PHP rounds.
fn coins(amount: Decimal, country: &str) -> Decimal {
    let places = geography::country(country).map_or(2, |country| country.currency.decimals);
    amount.round_dp_with_strategy(places.into(), RoundingStrategy::MidpointAwayFromZero)
}

/// A fee in the currency of a country, from thousandths of a dinar.
pub fn fee(millimes: i64, country: &str) -> Decimal {
    coins(Decimal::new(millimes, 3) * scale(country), country)
}

/// What the customer pays for those units of a line that are with him or on their way.
fn worth(line: &Line, country: &str) -> Decimal {
    if line.back == 0 {
        return line.total;
    }
    let part = line.total.checked_mul(line.kept().into()).unwrap_or(line.total);
    coins(part.checked_div(line.quantity.into()).unwrap_or_default(), country)
}

fn sum(amounts: impl Iterator<Item = Decimal>) -> Decimal {
    amounts.fold(Decimal::ZERO, Decimal::saturating_add)
}

/// The amount of what follows the goods: all but the fees that are due whatever becomes of them.
///
/// The customer pays for what he takes, and for its shipping, which `shipping` says, whole; the supplier is owed what
/// was taken.
fn following(
    kind: TransactionKind,
    lines: &[Line],
    shipping: Decimal,
    country: &str,
) -> Option<Decimal> {
    use TransactionKind as K;
    let charged = || sum(lines.iter().map(|line| worth(line, country)).chain([shipping]));
    let share = |per_mille| coins(charged() * Decimal::new(per_mille, 3), country);
    let cost = |line: &Line| line.cost.checked_mul(line.kept().into()).unwrap_or(line.cost);
    Some(match kind {
        K::Revenue => charged(),
        K::PaymentFacility => share(10),
        K::DropshippingFee => share(30),
        K::Upsell => share(20),
        K::ProductCost | K::PrepaidCost => sum(lines.iter().map(cost)),
        _ => return None,
    })
}

/// What a new shipment of these lines is expected to earn and cost.
pub fn expected(
    lines: &[Line],
    shipping: Decimal,
    is_cod: bool,
    confirmation: Confirmation,
    upsold: bool,
    country: &str,
) -> Vec<Transaction> {
    use TransactionKind as K;
    let follows = |kind| following(kind, lines, shipping, country).unwrap_or_default();
    let at_the_door = |kind| if is_cod { follows(kind) } else { Decimal::ZERO };
    let goods = if is_cod { K::ProductCost } else { K::PrepaidCost };
    let mut amounts = vec![
        (K::Revenue, at_the_door(K::Revenue)),
        (K::Shipping, fee(7_000, country)),
        (K::Packaging, fee(800, country)),
        (K::Service, fee(1_000, country)),
        (K::QualityControl, fee(300, country)),
        (K::PaymentFacility, at_the_door(K::PaymentFacility)),
        (goods, follows(goods)),
        (K::DropshippingFee, follows(K::DropshippingFee)),
    ];
    if confirmation == Confirmation::External {
        amounts.push((K::Confirmation, fee(1_500, country)));
    }
    if upsold {
        amounts.push((K::Upsell, follows(K::Upsell)));
    }
    let transaction =
        |(kind, amount)| Transaction { kind, amount, state: TransactionState::Pending };
    amounts.into_iter().filter(|(_, amount)| !amount.is_zero()).map(transaction).collect()
}

/// Charges a shipment for something that just happened. Where its money has come to its end already, it is realized at
/// once: nothing would ever settle it.
pub fn charge(shipment: &mut Shipment, kind: TransactionKind, amount: Decimal) {
    let is_over =
        matches!(shipment.payment.state(), PaymentState::Transferred | PaymentState::Void);
    let state = if is_over { TransactionState::Successful } else { TransactionState::Pending };
    shipment.transactions.push(Transaction { kind, amount, state });
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
                // What was paid out for a service stays so; what was paid out for goods is taken back.
                transaction.state = match (transaction.state, spent(transaction.kind)) {
                    (T::Canceled, _) | (_, false) => T::Canceled,
                    (T::Transferred, true) => T::Transferred,
                    (_, true) => T::Successful,
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

/// What a step of the parcel does to the transactions, once its lines know what came back and before the money moves.
pub fn follow_shipment(
    shipment: &mut Shipment,
    on: ShipmentInput,
    shipping: Decimal,
    country: &str,
) {
    use TransactionKind as K;
    match on {
        ShipmentInput::FailAttempt => charge(shipment, K::FollowUp, fee(500, country)),
        ShipmentInput::Return => charge(shipment, K::ReturnExchangeFee, fee(4_000, country)),
        ShipmentInput::ReturnPartly => {
            charge(shipment, K::ReturnExchangeFee, fee(4_000, country));
            follow_goods(shipment, shipping, country);
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
        ShipmentInput::DeliverPartly => follow_goods(shipment, shipping, country),
        _ => {}
    }
}

/// Only what the customer keeps is paid for, and only that is owed to the supplier.
fn follow_goods(shipment: &mut Shipment, shipping: Decimal, country: &str) {
    let lines = &shipment.lines;
    for transaction in &mut shipment.transactions {
        if let Some(amount) = following(transaction.kind, lines, shipping, country) {
            transaction.amount = amount;
        }
    }
}
