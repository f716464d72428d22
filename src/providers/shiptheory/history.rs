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

/// Names, which the history combines.
const FIRST_NAMES: &[&str] = &[
    "Alice", "Ben", "Chloe", "Daniel", "Emily", "Fergus", "Grace", "Harry", "Isla", "Jack",
    "Katie", "Liam", "Megan", "Noah", "Olivia", "Rhys",
];
const LAST_NAMES: &[&str] = &[
    "Adams", "Baker", "Clarke", "Davies", "Evans", "Fraser", "Green", "Hughes", "Jones", "Khan",
    "Lewis", "Morgan", "Patel", "Roberts", "Smith", "Wilson",
];
/// Where the recipients of the history live: city, county, postcode.
const CITIES: &[(&str, &str, &str)] = &[
    ("London", "Greater London", "SW1A 2AA"),
    ("Manchester", "Greater Manchester", "M1 1AE"),
    ("Birmingham", "West Midlands", "B1 1BB"),
    ("Leeds", "West Yorkshire", "LS1 4AP"),
    ("Glasgow", "Lanarkshire", "G2 1DU"),
    ("Cardiff", "South Glamorgan", "CF10 3AT"),
    ("Belfast", "Antrim", "BT1 5GS"),
    ("Norwich", "Norfolk", "NR2 1RN"),
];
const STREETS: &[&str] =
    &["High Street", "Station Road", "Church Lane", "Victoria Road", "Mill Lane", "Park Avenue"];
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
    let pick =
        |list: &[&'static str], draw: &mut Draw| draw.pick(list).copied().unwrap_or_default();
    let (city, county, postcode) = draw.pick(CITIES).copied().unwrap_or_default();
    let (channel, letters) = draw.pick(CHANNELS).copied().unwrap_or_default();
    let (sku, name, pence, grams) = draw.pick(GOODS).copied().unwrap_or_default();
    let qty = if draw.percent(20) { 2 } else { 1 };
    let (first, last) = (pick(FIRST_NAMES, draw), pick(LAST_NAMES, draw));
    let number = draw.digits(6);
    let (value, weight) = (Decimal::new(pence, 2), Decimal::new(grams, 3));
    let units = Decimal::from(qty);
    let address_line_1 = format!("{} {}", draw.between(1, 220), pick(STREETS, draw));
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
            firstname: first.to_owned(),
            lastname: last.to_owned(),
            address_line_1,
            city: city.to_owned(),
            county: Some(county.to_owned()),
            country: "GB".to_owned(),
            postcode: postcode.to_owned(),
            // Numbers that belong to nobody; these choose no journey.
            telephone: Some(format!("077009002{}", draw.digits(2))),
            email: Some(format!("{}.{}@example.com", first.to_lowercase(), last.to_lowercase())),
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
