//! Forward orders: documentation, "Add Order".

use crate::kit::json::{Map, Value};
use crate::message::Reply;
use crate::providers::shiplee::resources::input;
use crate::providers::shiplee::rules::intake::{self, Draft, Intake};
use crate::providers::shiplee::state::order::{Billing, Person, Pins};
use crate::providers::shiplee::views::OrderAdded;
use crate::providers::shiplee::{Error, Shiplee, fields, views};
use crate::providers::{Call, Cx, Field, Need};

/// Reads an order; a strict one lacks no field of the sample.
///
/// # Errors
/// The first field that is missing or does not fit: first all that must be there, then their forms.
pub fn read(fields: &Map, strict: bool) -> Result<Draft, Error> {
    let needed = |field: &&Field| field.is_needed() || (strict && field.need == Need::Usual);
    let needed = fields::ORDER.iter().filter(needed).map(|field| field.path);
    input::require_each(fields, "", needed)?;
    let tick = fields.get("sameAddressCheckbox").filter(|value| input::is_there(Some(value)));
    let same = tick.is_none_or(input::yes);
    if !same {
        // Documentation, "Add Order": what an order needs that is billed to somebody else.
        input::require_each(fields, "", ["billingPincode", "billingName"].into_iter())?;
    }
    input::fit(fields, "", fields::ORDER)?;
    let customer = Person {
        name: input::text(fields, "name"),
        mobile: input::text(fields, "mobileNumber"),
        other_mobile: input::optional(fields, "altMobileNumber"),
        email: input::optional(fields, "email"),
        address1: input::text(fields, "addressLine1"),
        address2: input::optional(fields, "addressLine2"),
        pincode: input::text(fields, "pincode"),
        city: input::text(fields, "city"),
        state: input::text(fields, "state"),
        address_type: input::optional(fields, "addressType"),
    };
    let parcels = fields.get("parcels").and_then(Value::as_array).into_iter().flatten();
    Ok(Draft {
        reference: input::text(fields, "orderID"),
        payment: input::payment(fields),
        customer,
        billing: (!same).then(|| billing(fields)),
        items: input::items(fields),
        parcels: parcels.filter_map(Value::as_object).map(input::measures).collect(),
    })
}

fn billing(fields: &Map) -> Billing {
    Billing {
        name: input::text(fields, "billingName"),
        pincode: input::text(fields, "billingPincode"),
        mobile: input::optional(fields, "billingMobileNumber"),
        email: input::optional(fields, "billingEmail"),
        address1: input::optional(fields, "billingAddressLine1"),
        address2: input::optional(fields, "billingAddressLine2"),
        city: input::optional(fields, "billingCity"),
        state: input::optional(fields, "billingState"),
    }
}

/// `POST /order`: the merchant's reference may come twice, the answer's number never does.
pub fn add(cx: &mut Cx<'_, Shiplee>, call: &Call<'_, Shiplee>) -> Result<Reply, Error> {
    let draft = read(&input::json(call.request), cx.state.switches.strict_order)?;
    let intake = Intake { seller: call.caller.seller, draft, pins: Pins::default() };
    let order_id = intake::place(cx, intake);
    Ok(views::success(201, "Order added successfully", OrderAdded { order_id }))
}
