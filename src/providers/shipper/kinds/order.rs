//! Orders as an entity of the control API.

use serde_json::{Value, json};

use crate::kit::phone::{can_be_dialled, international};
use crate::providers::shipper::data::geography;
use crate::providers::shipper::machines::{SHIPMENT, ShipmentInput};
use crate::providers::shipper::rules::{intake, lifecycle};
use crate::providers::shipper::state::address::{Address, Recipient};
use crate::providers::shipper::state::order::{Order, OrderKey};
use crate::providers::shipper::{Shipper, State};
use crate::providers::{Cx, Kind, NewValue, Operated, OperatorError, Standing, traveller};
use crate::sim::journey::plan::Itinerary;

/// Orders, by their ids; `2:61` for the second organization's.
pub struct Orders;

impl Kind for Orders {
    type Of = Shipper;
    type Entity<'a> = (OrderKey, &'a Order);

    const WORD: &'static str = "order";
    const SETTABLE: &'static [&'static str] =
        &["store_name", "external_order_id", "external_order_url", "address", "journey"];

    fn all(state: &State) -> impl Iterator<Item = (String, Self::Entity<'_>)> {
        state.orders().map(|(key, order)| (key.to_string(), (key, order)))
    }

    fn find<'a>(state: &'a State, id: &str) -> Option<Self::Entity<'a>> {
        let key = OrderKey::labelled(id)?;
        Some((key, state.order(key)?))
    }

    fn standing<'a>(_: &'a State, (_, order): Self::Entity<'a>) -> Standing<'a> {
        Standing::Computed(order.status().map(|status| status.word()))
    }

    fn data(_: &State, (key, order): Self::Entity<'_>) -> Value {
        json!({
            "organization": key.organization,
            "created_at": order.created_at,
            "draft": order.shipments.is_empty(),
            "store_name": order.store_name,
            "external_order_id": order.external_order_id,
            "external_order_url": order.external_order_url,
            "is_cod": order.is_cod,
            "is_paid": order.is_paid(),
            "revenue": order.revenue(),
            "shipping_total": order.shipping_total,
            "confirmation": order.confirmation,
            "contact_task": order.contact.as_ref().map(|task| task.state()),
            "address": order.address,
            "items": order.lines,
            "shipments": order.shipments.iter().map(|it| json!({ "uuid": it.uuid, "state": it.life.state() })).collect::<Vec<_>>(),
            "journey": order.itinerary.as_ref().map(Itinerary::journey),
            "stops": order.itinerary.as_ref().map(Itinerary::stops),
        })
    }

    fn patch(cx: &mut Cx<'_, Shipper>, id: &str, fields: &[NewValue<'_>]) -> Operated {
        let (key, order) = Self::known(cx.state, id)?;
        let (mut order, mut journey) = (order.clone(), None);
        for given in fields {
            match given.field {
                "store_name" => order.store_name = bounded(given, 255)?.map(Into::into),
                "external_order_id" => {
                    order.external_order_id = bounded(given, 255)?.map(Into::into);
                }
                "external_order_url" => {
                    order.external_order_url = bounded(given, 2_048)?.map(Into::into);
                }
                "address" => order.address = patched(&order.address, given)?,
                _ => journey = Some(traveller::named::<Shipper>(cx.state, key, given)?),
            }
        }
        if let Some(organization) = cx.state.accounts.organizations.get_mut(&key.organization) {
            organization.book.update(key.order, |kept| *kept = order);
        }
        if let Some(journey) = journey {
            traveller::change(cx, key, &journey);
        }
        Ok(())
    }

    fn apply(cx: &mut Cx<'_, Shipper>, id: &str, on: &str) -> Operated {
        let (key, order) = Self::known(cx.state, id)?;
        let legal = Self::inputs((key, order));
        match on {
            "fulfill" if legal.contains(&on) => {
                intake::send(cx, key);
            }
            "cancel" if legal.contains(&on) => {
                lifecycle::cancel(cx, key);
            }
            _ => {
                return Err(OperatorError::Illegal {
                    from: order.status().map_or("draft", |status| status.word()).to_owned(),
                    on: on.to_owned(),
                    legal: legal.into_iter().map(str::to_owned).collect(),
                });
            }
        }
        Ok(())
    }

    /// Its status follows from its shipments, but a draft can be sent to fulfilment, and an order cancelled.
    fn inputs((_, order): Self::Entity<'_>) -> Vec<&'static str> {
        let draft = order.shipments.is_empty();
        let cancels = |on| SHIPMENT.allows(on, ShipmentInput::Cancel);
        let cancelable = order.shipments.iter().any(|shipment| cancels(shipment.life.state()));
        let inputs = [("fulfill", draft), ("cancel", cancelable)].into_iter();
        inputs.filter(|(_, possible)| *possible).map(|(on, _)| on).collect()
    }
}

/// A text or null, as creating an order takes it: an empty one is none, and it has its length.
fn bounded(given: &NewValue<'_>, most: usize) -> Result<Option<String>, OperatorError> {
    let text = given.optional()?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > most => {
            Err(given.wrong(&format!("a text of at most {most} characters")))
        }
        text => Ok(text),
    }
}

/// What a part of an address may hold is what creating an order takes.
fn patched(address: &Address, given: &NewValue<'_>) -> Result<Address, OperatorError> {
    let expected = "an object with some of first_name, last_name, phone1, phone2, address1, address2, division_1, \
                    division_2, country, each a text";
    let refused = || given.wrong(expected);
    let mut whole = serde_json::to_value(address).map_err(|_| refused())?;
    for (name, part) in given.value.as_object().ok_or_else(refused)? {
        *whole.get_mut(name).ok_or_else(refused)? = part.clone();
    }
    let is_given = |name: &str| given.value.get(name).is_some();
    let is_blank = |name: &str| whole[name].as_str().is_some_and(|text| text.trim().is_empty());
    let needed = ["first_name", "phone1", "address1", "country"];
    if needed.iter().any(|name| is_given(name) && is_blank(name)) {
        return Err(
            given.wrong("an address with a first_name, a phone1, an address1 and a country")
        );
    }
    let mut whole: Recipient<'_> = serde_json::from_value(whole).map_err(|_| refused())?;
    let parts = [
        &whole.first_name,
        &whole.last_name,
        &whole.phone1,
        &whole.phone2,
        &whole.address1,
        &whole.address2,
    ];
    if parts.iter().any(|part| part.chars().count() > 255) {
        return Err(given.wrong("an address whose parts have at most 255 characters"));
    }
    let Some(country) = geography::country(&whole.country) else {
        return Err(given.wrong("an address in TN, DZ or MA"));
    };
    for phone in [&mut whole.phone1, &mut whole.phone2] {
        if !phone.is_empty() && !can_be_dialled(phone) {
            return Err(given.wrong("an address whose telephone numbers can be dialled"));
        }
        *phone = international(phone, country.dial).into();
    }
    let top = whole.division_1.as_deref().map(|name| country.division(1, name, None));
    let parent = top.flatten().map(|top| top.id);
    let below = whole.division_2.as_deref().map(|name| country.division(2, name, parent));
    if [top, below].contains(&Some(None)) {
        let known = "an address whose divisions are exact names of its country, the second within the first";
        return Err(given.wrong(known));
    }
    whole.country = country.code.into();
    Ok(Address::from(&whole))
}
