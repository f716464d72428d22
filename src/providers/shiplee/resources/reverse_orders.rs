//! Reverse orders: documentation, "Reverse Order".

use crate::kit::json::{Map, Value};
use crate::message::Reply;
use crate::providers::shiplee::resources::input;
use crate::providers::shiplee::rules::intake::{self, Return};
use crate::providers::shiplee::state::order::Person;
use crate::providers::shiplee::views::ReverseOrderAdded;
use crate::providers::shiplee::{Error, Shiplee, views};
use crate::providers::{Call, Cx};

fn customer(customer: &Map) -> Person {
    Person {
        name: input::text(customer, "name"),
        mobile: input::text(customer, "mobile"),
        other_mobile: input::optional(customer, "altMobile"),
        email: input::optional(customer, "email"),
        address1: input::text(customer, "address1"),
        address2: input::optional(customer, "address2"),
        pincode: input::text(customer, "pincode"),
        city: input::text(customer, "city"),
        state: input::text(customer, "state"),
        address_type: input::optional(customer, "addressType"),
    }
}

/// `POST /reverse_order`: the answer has the printed number only; booking wants the other one.
pub fn add(cx: &mut Cx<'_, Shiplee>, call: &Call<'_, Shiplee>) -> Result<Reply, Error> {
    let fields = input::json(call.request);
    input::require(&fields, "", call.takes)?;
    let order = input::id(fields.get("orderId")).map_err(Error::OrderId)?;
    input::fit(&fields, "", call.takes)?;
    let object = |name: &str| fields.get(name).and_then(Value::as_object);
    let nothing = Map::new();
    let seller = call.caller.seller;
    let warehouse = input::id(fields.get("warehouseId")).unwrap_or_default();
    let warehouse = cx.state.warehouse(seller, warehouse).ok_or(Error::Warehouse)?.id;
    let known = cx.state.book.order(order).filter(|order| order.seller == seller);
    let absent = |why| Error::Absent(why);
    let known = known.ok_or(absent("The caller has no order of this number."))?;
    let awb = known.awb.as_deref();
    let awb =
        awb.ok_or(absent("The order is not booked: nothing went out that could come back."))?;
    if awb != input::text(&fields, "awbNumber") {
        return Err(absent("`awbNumber` is not the waybill of the order's parcel."));
    }
    let intake = Return {
        order,
        reason: input::text(&fields, "reason"),
        warehouse,
        payment: input::payment(&fields),
        insurance: fields.get("insurance").is_some_and(input::yes),
        customer: customer(object("customer").unwrap_or(&nothing)),
        items: input::items(&fields),
        parcel: input::measures(object("parcel").unwrap_or(&nothing)),
    };
    let gone = "The order's parcel is gone.";
    let id = intake::place_return(cx, intake).ok_or(absent(gone))?;
    let added = cx.state.book.reverse(id).ok_or(absent(gone))?;
    let tells = cx.state.switches.reverse_order_tells_id;
    let rest = ReverseOrderAdded { reverse_order_id: &added.number, id: tells.then_some(id) };
    Ok(views::success(201, "Reverse order created successfully", rest))
}
