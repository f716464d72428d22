//! Orders as an entity of the control API.

use serde_json::{Value, json};

use crate::providers::kind::input;
use crate::providers::shiplee::kinds::shipment::Shipments;
use crate::providers::shiplee::machines::{
    ORDER, OrderInput, SHIPMENT, ShipmentInput, WarehouseState,
};
use crate::providers::shiplee::rules::booking::{self, Booking};
use crate::providers::shiplee::rules::lifecycle;
use crate::providers::shiplee::state::accounts::Warehouse;
use crate::providers::shiplee::state::order::{Direction, Order};
use crate::providers::shiplee::{Error, Shiplee, State, errors};
use crate::providers::{Cx, Kind, Operated, OperatorError, Standing, traveller};

/// Orders, by their numbers.
pub struct Orders;

impl Kind for Orders {
    type Of = Shiplee;
    type Entity<'a> = &'a Order;

    const WORD: &'static str = "order";

    fn all(state: &State) -> impl Iterator<Item = (String, &Order)> {
        state.book.orders().map(|it| (it.id.to_string(), it))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<&'a Order> {
        state.book.order(id.parse().ok()?)
    }

    fn standing<'a>(_: &State, order: &'a Order) -> Standing<'a> {
        (&order.life).into()
    }

    fn data(_: &State, order: &Order) -> Value {
        json!({
            "id": order.id,
            "seller": order.seller,
            "created_at": order.created_at,
            "reference": order.reference,
            "payment": order.payment,
            "customer": order.customer,
            "billing": order.billing,
            "products": order.items,
            "parcels": order.parcels,
            "awb": order.awb,
        })
    }

    fn apply(cx: &mut Cx<'_, Shiplee>, id: &str, on: &str) -> Operated {
        let order = Self::known(cx.state, id)?;
        let on = input(&ORDER, &order.life, on)?;
        let (seller, number, awb) = (order.seller, order.id, order.awb.clone());
        match on {
            OrderInput::Book => {
                let own = |it: &&Warehouse| {
                    it.seller == seller && it.life.state() == WarehouseState::Active
                };
                let warehouse = cx.state.warehouses.values().find(own).map(|it| it.id);
                let warehouse = warehouse.ok_or_else(|| {
                    OperatorError::Computed("the seller has no active warehouse".to_owned())
                })?;
                let direction = Direction::Forward;
                book(cx, seller, Booking { direction, order: number, warehouse })
            }
            OrderInput::Release => release(cx, awb.as_deref()),
        }
    }
}

/// Books an order by the express, as its seller would. A seller's booking that fails at the carrier leaves the
/// warehouse registered and the answer used; an operator's leaves nothing.
pub fn book(cx: &mut Cx<'_, Shiplee>, seller: u64, booking: Booking) -> Operated {
    let before = cx.state.clone();
    let done = (|| {
        cx.state.has_balance(seller)?;
        booking::register(cx, booking.warehouse)?;
        let (quotes, _) = booking::rates(cx, booking);
        let quote = quotes.into_iter().next().ok_or(Error::NotFound)?;
        booking::book(cx, booking, quote).map(drop)
    })();
    done.map_err(|error| {
        *cx.state = before;
        OperatorError::Computed(format!("it cannot be booked: {}", errors::sentence(error)))
    })
}

/// Cancels an order's parcel, which frees the order; only a parcel that was not picked up yet does.
pub fn release(cx: &mut Cx<'_, Shiplee>, awb: Option<&str>) -> Operated {
    let stays = |why: &str| OperatorError::Computed(format!("the order keeps its parcel: {why}"));
    let parcel = awb.and_then(|awb| Shipments::find(cx.state, awb));
    let (number, parcel) = parcel.ok_or_else(|| stays("it has none that can be found"))?;
    let row = SHIPMENT.rows.iter().find(|row| {
        row.from == parcel.life.state() && row.on == ShipmentInput::Cancel && SHIPMENT.ended(row.to)
    });
    if row.is_none() {
        return Err(stays("it was picked up, or is at its end"));
    }
    if !cx.state.switches.refund_on_cancel {
        return Err(stays("the scenario switches `refund_on_cancel` off"));
    }
    lifecycle::shipment(cx, number, ShipmentInput::Cancel)
        .map_err(|_| stays("it cannot be cancelled"))?;
    traveller::moved(cx, number);
    Ok(())
}
