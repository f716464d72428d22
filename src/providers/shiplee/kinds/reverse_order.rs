//! Reverse orders as an entity of the control API.

use serde_json::{Value, json};

use crate::providers::kind::input;
use crate::providers::shiplee::kinds::order::{book, release};
use crate::providers::shiplee::machines::{OrderInput, REVERSE_ORDER};
use crate::providers::shiplee::rules::booking::Booking;
use crate::providers::shiplee::state::order::{Direction, ReverseOrder};
use crate::providers::shiplee::{Shiplee, State};
use crate::providers::{Cx, Kind, Operated, Standing};

/// Reverse orders, by the numeric ids that no answer tells, or their printed numbers.
pub struct ReverseOrders;

impl Kind for ReverseOrders {
    type Of = Shiplee;
    type Entity<'a> = &'a ReverseOrder;

    const WORD: &'static str = "reverse_order";

    fn all(state: &State) -> impl Iterator<Item = (String, &ReverseOrder)> {
        state.book.reverse_orders().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a ReverseOrder> {
        match id.parse() {
            Ok(number) => state.book.reverse(number),
            Err(_) => state.book.reverse_orders().find(|order| order.number == id),
        }
    }

    fn standing<'a>(_: &State, order: &'a ReverseOrder) -> Standing<'a> {
        (&order.life).into()
    }

    fn data(_: &State, order: &ReverseOrder) -> Value {
        json!({
            "id": order.id,
            "reverse_order_id": order.number,
            "seller": order.seller,
            "created_at": order.created_at,
            "order": order.order,
            "awb_number": order.awb_number,
            "reason": order.reason,
            "warehouse": order.warehouse,
            "payment": order.payment,
            "insurance": order.insurance,
            "customer": order.customer,
            "products": order.items,
            "parcel": order.parcel,
            "awb": order.awb,
        })
    }

    fn apply(cx: &mut Cx<'_, Shiplee>, id: &str, on: &str) -> Operated {
        let order = Self::known(cx.state, id)?;
        let on = input(&REVERSE_ORDER, &order.life, on)?;
        let (seller, awb) = (order.seller, order.awb.clone());
        let direction = Direction::Reverse;
        let booking = Booking { direction, order: order.id, warehouse: order.warehouse };
        match on {
            OrderInput::Book => book(cx, seller, booking),
            OrderInput::Release => release(cx, awb.as_deref()),
        }
    }
}
