//! How an order comes into being: from a request, or made up for the history.

use rust_decimal::Decimal;

use crate::providers::shipper::data::geography;
use crate::providers::shipper::rules::lifecycle;
use crate::providers::shipper::state::accounts::Organization;
use crate::providers::shipper::state::address::{Address, Recipient};
use crate::providers::shipper::state::order::{Confirmation, Line, Order, OrderKey};
use crate::providers::shipper::{Shipper, journeys};
use crate::providers::{Choosing, Cx, traveller};
use crate::sim::chance::Draw;
use crate::sim::journey::plan::Plan;
use crate::sim::journey::script::Journey;
use crate::sim::people;

/// An order that nobody has numbered yet.
#[derive(Debug, Clone)]
pub struct Intake {
    pub organization: u32,
    /// The recipient.
    pub address: Recipient<'static>,
    pub lines: Vec<Line>,
    /// What the customer pays for shipping.
    pub shipping_total: Decimal,
    /// Whether the customer pays at the door.
    pub is_cod: bool,
    /// Whether it goes to fulfilment at once.
    pub auto_fulfill: bool,
    /// Who confirms it.
    pub confirmation: Confirmation,
    /// The shop it came from.
    pub store_name: Option<String>,
    /// The retailer's reference.
    pub external_order_id: Option<String>,
    /// Where the retailer finds it.
    pub external_order_url: Option<String>,
    /// What will happen to it by itself; what it says decides when there is none.
    pub journey: Option<Journey>,
    /// The telephone number as it was sent; the address has it with its prefix.
    pub sent_phone: String,
}

/// Numbers an order, writes it down, and sends it on its way. `None` when there is no such organization.
pub fn place(cx: &mut Cx<'_, Shipper>, intake: Intake) -> Option<u64> {
    let organization = cx.state.accounts.organizations.get_mut(&intake.organization)?;
    let id = organization.book.next_id();
    let key = OrderKey { organization: intake.organization, order: id };
    organization.book.add(Order {
        id,
        created_at: crate::providers::shipper::webhooks::whole_second(cx.now),
        store_name: intake.store_name.map(Into::into),
        is_cod: intake.is_cod,
        external_order_id: intake.external_order_id.map(Into::into),
        external_order_url: intake.external_order_url.map(Into::into),
        address: Address::from(&intake.address),
        lines: intake.lines,
        shipping_total: intake.shipping_total,
        confirmation: intake.confirmation,
        contact: None,
        shipments: Vec::new(),
        announced: None,
        itinerary: None,
    });
    if intake.auto_fulfill && lifecycle::fulfill_at_once(cx, key).is_ok() {
        let journey = intake.journey.or_else(|| choose(cx, key, Some(&intake.sent_phone)))?;
        traveller::set_out(cx, key, &journey);
    }
    Some(id)
}

/// Sends a draft to fulfilment, on the journey that what it says decides.
pub fn send(cx: &mut Cx<'_, Shipper>, key: OrderKey) {
    if lifecycle::fulfill(cx, key).is_ok()
        && let Some(journey) = choose(cx, key, None)
    {
        traveller::set_out(cx, key, &journey);
    }
}

/// The journey of an order, by what it says, and by the telephone number as it was sent if that is known.
fn choose(cx: &mut Cx<'_, Shipper>, key: OrderKey, sent_phone: Option<&str>) -> Option<Journey> {
    let order = cx.state.order(key)?;
    let owner = cx.state.accounts.organizations.get(&key.organization)?;
    let recipient = order.address.recipient();
    let name;
    let mut selectors = Vec::new();
    if cx.state.journeys.has_choices() {
        name = format!("{} {}", recipient.first_name, recipient.last_name);
        selectors = selectors_of(order, &recipient, owner, name.trim());
        selectors.extend(sent_phone.map(|phone| ("phone", phone)));
    }
    let who = Choosing {
        map: &journeys::MAP,
        route: journeys::route(),
        usual: &cx.state.journey,
        selectors: &selectors,
        magic: journeys::by_phone(&recipient.phone1),
        label: "shipper/journey choice",
    };
    Some(cx.state.journeys.choose(&who, cx.chance))
}

/// What an order says that a scenario can choose by.
fn selectors_of<'a>(
    order: &'a Order,
    recipient: &'a Recipient<'a>,
    owner: &'a Organization,
    name: &'a str,
) -> Vec<(&'static str, &'a str)> {
    let dial = geography::country(&recipient.country).map_or("", |country| country.dial);
    let mut selectors = vec![
        ("phone", &*recipient.phone1),
        ("phone", recipient.phone1.strip_prefix(dial).unwrap_or(&recipient.phone1)),
        ("name", name),
        ("country", &*recipient.country),
    ];
    let given = [
        ("division", recipient.division_1.as_deref()),
        ("reference", order.external_order_id.as_deref()),
        ("store", order.store_name.as_deref()),
    ];
    selectors.extend(given.into_iter().filter_map(|(word, value)| Some((word, value?))));
    for line in &order.lines {
        let Some(product) = owner.catalogue.by_id(line.product) else { continue };
        let variant = product.variants.iter().find(|it| Some(it.uuid) == line.variant);
        selectors.push(("sku", product.sku.as_str()));
        selectors.extend(variant.map(|variant| ("sku", variant.sku.as_str())));
    }
    selectors
}

/// Names of shops that orders of the history came from.
const STORES: &[&str] = &["My Store", "Boutique en ligne", "Souk Express"];

/// Makes up one order of the history.
pub fn invent(cx: &mut Cx<'_, Shipper>, organization: u32) {
    let mut draw = cx.chance.draw("shipper/invented order");
    let Some(owner) = cx.state.accounts.organizations.get(&organization) else { return };
    let Some(lines) = invent_lines(owner, &mut draw) else { return };
    let address = invent_address(owner, &mut draw);
    let confirmation = match draw.below(100) {
        0..60 => Confirmation::External,
        60..80 => Confirmation::Internal,
        _ => Confirmation::None,
    };
    let calls = confirmation != Confirmation::None;
    // Where nobody calls, the journeys that end on the telephone have no legs: leave them out.
    let fits = |plan: &&Plan| calls || plan.legs.iter().any(|leg| leg.kind != "contact_task");
    let plans: Vec<&'static Plan> = journeys::PLANS.iter().filter(fits).collect();
    let place_of = draw.weighted(plans.iter().map(|plan| plan.weight));
    let Some(plan) = place_of.and_then(|place| plans.get(place)).copied() else { return };
    let number = owner.book.next_id();
    let external_order_id = format!("ORD-{}", 10_000 + number);
    let store_name = draw.pick(STORES).map(|name| (*name).to_owned());
    let intake = Intake {
        organization,
        address,
        lines,
        shipping_total: Decimal::from(draw.between(5, 9)),
        is_cod: !draw.percent(8),
        auto_fulfill: !draw.percent(4),
        confirmation,
        store_name,
        external_order_url: Some(format!("https://mystore.com/orders/{}", 10_000 + number)),
        external_order_id: Some(external_order_id),
        journey: Some(Journey::Built(plan)),
        sent_phone: String::new(),
    };
    place(cx, intake);
}

fn invent_lines(owner: &Organization, draw: &mut Draw) -> Option<Vec<Line>> {
    let products: Vec<_> = owner.catalogue.iter().collect();
    let count = if draw.percent(20) { 2 } else { 1 };
    let mut lines: Vec<Line> = Vec::with_capacity(count);
    for _ in 0..count {
        // Two draws, the smaller place: a few products sell most.
        let place = draw.below(products.len() as u64).min(draw.below(products.len() as u64));
        let product = products.get(usize::try_from(place).ok()?)?;
        let variant = draw.pick(&product.variants);
        let quantity = if draw.percent(15) { draw.between(2, 3) } else { 1 } as u32;
        let price = variant.map_or(product.price, |variant| variant.price);
        let variant = variant.map(|variant| variant.uuid);
        lines.push(Line {
            product: product.id,
            variant,
            quantity,
            total: price * Decimal::from(quantity),
            cost: Decimal::ZERO,
            back: 0,
        });
    }
    Some(lines)
}

fn invent_address(owner: &Organization, draw: &mut Draw) -> Recipient<'static> {
    let country = owner.home();
    let tops: Vec<_> = country.divisions(1, None).collect();
    let top = draw.pick(&tops).copied();
    let below: Vec<_> =
        top.map(|top| country.divisions(2, Some(top.id.into())).collect()).unwrap_or_default();
    let second = draw.pick(&below).copied();
    let number = draw.between(1, 120);
    let who = people::person(country.code, draw);
    let street = people::street(country.code, draw);
    let phone1 = format!("{}{}", country.dial, people::mobile(country.code, draw));
    Recipient {
        first_name: who.first_name.into(),
        last_name: who.last_name.into(),
        phone1: phone1.into(),
        address1: people::address_line(country.code, number, &street).into(),
        division_1: top.map(|division| division.name.into()),
        division_2: second.map(|division| division.name.into()),
        country: country.code.into(),
        ..Recipient::default()
    }
}
