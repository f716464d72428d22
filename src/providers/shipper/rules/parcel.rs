//! What is in a parcel: which units come back with an input, and what an input needs besides its row.

use crate::providers::shipper::machines::{PaymentInput, ShipmentInput, ShipmentState};
use crate::providers::shipper::state::order::{Line, Shipment};

/// Units of each line that come back with an input: of what is taken in part, half of the last line that has any,
/// rounded up. At least one unit stays, or it would be no part.
pub fn coming_back(lines: &[Line], on: ShipmentInput) -> Vec<u32> {
    let mut back = vec![0; lines.len()];
    match on {
        ShipmentInput::Cancel | ShipmentInput::Return => {
            back = lines.iter().map(Line::kept).collect();
        }
        ShipmentInput::DeliverPartly | ShipmentInput::ReturnPartly => {
            let last = lines.iter().rposition(|line| line.kept() > 0);
            if let Some(last) = last.filter(|_| held(lines) > 1) {
                back[last] = lines[last].kept().div_ceil(2);
            }
        }
        _ => {}
    }
    back
}

/// Units that are not in the warehouse again.
fn held(lines: &[Line]) -> u64 {
    lines.iter().map(|line| u64::from(line.kept())).sum()
}

/// What stands against an input of a shipment that has a row: one unit is delivered or it is not.
pub fn shipment_guard(shipment: &Shipment, on: ShipmentInput) -> Option<String> {
    let parts = matches!(on, ShipmentInput::DeliverPartly | ShipmentInput::ReturnPartly);
    let units = held(&shipment.lines);
    (parts && units < 2)
        .then(|| format!("a part is taken of two units or more, and the parcel holds {units}"))
}

/// What is given instead of an input that a parcel cannot take because it has no part: all of it.
pub fn whole(on: ShipmentInput) -> &'static [ShipmentInput] {
    match on {
        ShipmentInput::DeliverPartly => &[ShipmentInput::Deliver],
        ShipmentInput::ReturnPartly => &[ShipmentInput::SendBack, ShipmentInput::Return],
        _ => &[],
    }
}

/// What stands against an input of a shipment's money that has a row: nothing is paid before it is delivered, and
/// nothing is given up while it can still be.
pub fn payment_guard(stands: ShipmentState, on: PaymentInput) -> Option<String> {
    use ShipmentState as S;
    let is_delivered =
        matches!(stands, S::Delivered | S::PartiallyDelivered | S::PartiallyReturned);
    let is_over = matches!(stands, S::ReturnedToSender | S::Lost | S::Canceled);
    match on {
        PaymentInput::Collect | PaymentInput::Settle | PaymentInput::Transfer if !is_delivered => {
            Some(format!("the shipment is `{stands}`, and its money moves once it is delivered"))
        }
        PaymentInput::Void if !is_delivered && !is_over => Some(format!(
            "the shipment is `{stands}`, and its money is given up once it is delivered, back, lost or canceled"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{coming_back, whole};
    use crate::providers::shipper::machines::ShipmentInput as S;
    use crate::providers::shipper::state::order::Line;

    fn lines(units: &[(u32, u32)]) -> Vec<Line> {
        let line = |(quantity, back): &(u32, u32)| Line {
            product: 1,
            variant: None,
            quantity: *quantity,
            total: Decimal::ONE,
            cost: Decimal::ONE,
            back: *back,
        };
        units.iter().map(line).collect()
    }

    #[test]
    fn a_part_comes_back_from_the_end_and_a_unit_stays() {
        for (units, on, back) in [
            (&[(3, 0)][..], S::DeliverPartly, &[2][..]),
            (&[(2, 0)], S::DeliverPartly, &[1]),
            (&[(1, 0)], S::DeliverPartly, &[0]),
            (&[(1, 0), (1, 0)], S::DeliverPartly, &[0, 1]),
            (&[(1, 0), (1, 1)], S::ReturnPartly, &[0, 0]),
            (&[(2, 0), (1, 1)], S::ReturnPartly, &[1, 0]),
            (&[(2, 0), (5, 3)], S::ReturnPartly, &[0, 1]),
            (&[], S::ReturnPartly, &[]),
            (&[(2, 0), (5, 3)], S::Return, &[2, 2]),
            (&[(2, 0), (5, 0)], S::Cancel, &[2, 5]),
            (&[(2, 0), (5, 0)], S::Deliver, &[0, 0]),
            (&[(2, 0), (5, 0)], S::Lose, &[0, 0]),
        ] {
            assert_eq!(coming_back(&lines(units), on), back, "{units:?} {on}");
        }
        assert_eq!(whole(S::DeliverPartly), [S::Deliver]);
    }
}
