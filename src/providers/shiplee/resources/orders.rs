//! Forward orders: documentation, "Add Order".

use crate::kit::json::{Map, Value};

use crate::message::Reply;
use crate::providers::shiplee::resources::input;
use crate::providers::shiplee::rules::intake::{self, Draft, Intake};
use crate::providers::shiplee::state::order::{Person, Pins};
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
    let same =
        fields.get("sameAddressCheckbox").is_none_or(|value| value.is_null() || input::yes(value));
    if !same {
        // Documentation, "Add Order": what an order needs that is billed to somebody else.
        input::require_each(fields, "", ["billingPincode", "billingName"].into_iter())?;
    }
    let customer = Person {
        name: input::text(fields, "name"),
        mobile: input::text(fields, "mobileNumber"),
        other_mobile: input::optional(fields, "altMobileNumber"),
        email: input::optional(fields, "email"),
        address1: input::text(fields, "addressLine1"),
        address2: input::optional(fields, "addressLine2"),
        pincode: input::pincode(fields, "pincode")?,
        city: input::text(fields, "city"),
        state: input::text(fields, "state"),
        address_type: input::optional(fields, "addressType"),
    };
    input::mobile(fields, "mobileNumber")?;
    let billing = if same { None } else { Some(billing(fields)?) };
    Ok(Draft {
        reference: input::text(fields, "orderID"),
        payment: input::payment(fields)?,
        customer,
        billing,
        items: input::items(fields)?,
        parcels: parcels(fields)?,
    })
}

fn billing(fields: &Map) -> Result<Person, Error> {
    Ok(Person {
        name: input::text(fields, "billingName"),
        mobile: input::text(fields, "billingMobileNumber"),
        email: input::optional(fields, "billingEmail"),
        address1: input::text(fields, "billingAddressLine1"),
        address2: input::optional(fields, "billingAddressLine2"),
        pincode: input::pincode(fields, "billingPincode")?,
        city: input::text(fields, "billingCity"),
        state: input::text(fields, "billingState"),
        ..Person::default()
    })
}

/// A list here, while a reverse order has one object.
fn parcels(
    fields: &Map,
) -> Result<Vec<crate::providers::shiplee::rules::carrier::Measures>, Error> {
    let refused = || Error::Invalid("parcels".to_owned(), "a list of parcels");
    let list = fields.get("parcels").and_then(Value::as_array).ok_or_else(refused)?;
    let parcel = |(place, parcel): (usize, &Value)| {
        input::measures(parcel.as_object().ok_or_else(refused)?, &format!("parcels[{place}]."))
    };
    list.iter().enumerate().map(parcel).collect()
}

/// `POST /order`: the merchant's reference may come twice, the answer's number never does.
pub fn add(cx: &mut Cx<'_, Shiplee>, call: &Call<'_, Shiplee>) -> Result<Reply, Error> {
    let draft = read(&input::json(call.request), cx.state.switches.strict_order)?;
    let intake = Intake { seller: call.caller.seller, draft, pins: Pins::default() };
    let order_id = intake::place(cx, intake);
    Ok(views::success(201, "Order added successfully", OrderAdded { order_id }))
}
