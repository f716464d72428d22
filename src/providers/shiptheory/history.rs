//! The past of an account, made up: shipments of several channels, each on a journey of its own.

use rust_decimal::Decimal;

use crate::frameworks::php::json_encode::Number;
use crate::providers::Cx;
use crate::providers::shiptheory::journeys::PLANS;
use crate::providers::shiptheory::resources::reading::Wanted;
use crate::providers::shiptheory::rules::booking::{self, Origin};
use crate::providers::shiptheory::state::shipment::{Address, Draft, Item, Particulars};
use crate::providers::shiptheory::{Shiptheory, journeys};
use crate::sim::chance::Draw;
use crate::sim::people;

/// Where the recipients of the history live.
const BRITAIN: &str = "GB";

/// Where their orders came from, and what such a reference begins with.
const CHANNELS: &[(&str, &str)] =
    &[("Shopify", "SH"), ("Magento", "MG"), ("BigCommerce", "BC"), ("Api", "AP"), ("Manual", "ST")];
/// What they bought: SKU, name, pence, grams.
const GOODS: &[(&str, &str, i64, i64)] = &[
    ("mug-blue", "Enamel Mug", 1_250, 320),
    ("tea-earl", "Earl Grey Tea", 899, 250),
    ("scarf-wool", "Lambswool Scarf", 3_400, 180),
    ("kettle-17", "Kettle 1.7 l", 4_999, 1_450),
    ("lamp-desk", "Desk Lamp", 5_650, 2_100),
    ("boots-42", "Walking Boots", 11_900, 1_900),
];

/// Makes up one shipment of the history and lets it happen.
pub fn invent(cx: &mut Cx<'_, Shiptheory>, account: u64) {
    let mut draw = cx.chance.draw("shiptheory/invented shipment");
    let weights = PLANS.iter().map(|plan| plan.weight);
    let plan = draw.weighted(weights).and_then(|place| PLANS.get(place));
    let Some(known) = cx.state.accounts.get(&account) else { return };
    let sender = known.sender.clone();
    let mut draft = draft(&mut draw, sender);
    while cx.state.shelf.find(account, &draft.reference).is_some() {
        draft.reference.push_str(&draw.digits(1));
    }
    let channel = draft.channel.clone();
    let wanted = Wanted { draft, service: None, increment: None, approve: false };
    let origin = Origin {
        account,
        told: format!("Shipment added from {channel}").into(),
        journey: plan.filter(|plan| plan.name != journeys::USUAL),
    };
    booking::book(cx, &origin, wanted);
}

fn draft(draw: &mut Draw, sender: Address) -> Draft {
    let town = people::town_of(BRITAIN, draw);
    let (channel, letters) = draw.pick(CHANNELS).copied().unwrap_or_default();
    let (sku, name, pence, grams) = draw.pick(GOODS).copied().unwrap_or_default();
    let qty = if draw.percent(20) { 2 } else { 1 };
    let who = people::Person {
        first_name: people::first_name(BRITAIN, &mut draw.apart()),
        last_name: people::last_name(BRITAIN, &mut draw.apart()),
    };
    let number = draw.digits(6);
    let (value, weight) = (Decimal::new(pence, 2), Decimal::new(grams, 3));
    let units = Decimal::from(qty);
    let house = draw.between(1, 220);
    let address_line_1 =
        people::address_line(BRITAIN, house, &people::street(BRITAIN, &mut draw.apart()));
    Draft {
        reference: format!("{letters}{number}"),
        reference2: format!("ORDER{number}"),
        channel: channel.to_owned(),
        particulars: Particulars {
            weight: Number((weight * units).normalize()),
            parcels: 1,
            value: Number((value * units).normalize()),
            shipping_price: Some(Number(Decimal::new(399, 2))),
            ..Particulars::default()
        },
        recipient: Address {
            email: Some(who.email()),
            firstname: who.first_name,
            lastname: who.last_name,
            address_line_1,
            city: town.name.to_owned(),
            county: Some(town.region.to_owned()),
            country: BRITAIN.to_owned(),
            postcode: town.postcode.to_owned(),
            telephone: Some(people::mobile(BRITAIN, draw)),
            ..Address::default()
        },
        tax_numbers: Vec::new(),
        sender,
        items: vec![Item {
            qty,
            sku: sku.to_owned(),
            name: name.to_owned(),
            value: Number(value.normalize()),
            weight: Number(weight.normalize()),
            ..Item::default()
        }],
        packages: Vec::new(),
        tags: Default::default(),
    }
}
