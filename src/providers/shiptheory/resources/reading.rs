//! What a booking asks for: documentation, "Book", with every limit of its tables.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::frameworks::php::json_encode::Number;
use crate::kit::country;
use crate::kit::numeric;
use crate::providers::shiptheory::resources::input::{self, Fields};
use crate::providers::shiptheory::resources::validation::Form::{
    Country, Currency, Day, List, Number as Amount, Object, OneOf, Text, UnNumber, Whole, Words,
};
use crate::providers::shiptheory::resources::validation::Need::{May, Must};
use crate::providers::shiptheory::resources::validation::{
    LONG, Problems, Rule, check, inner, rule,
};
use crate::providers::shiptheory::state::accounts::Account;
use crate::providers::shiptheory::state::shipment::{
    Address, DangerousGoods, Draft, Item, Packed, Particulars, TaxNumber,
};

/// A booking as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What is to be sent.
    pub draft: Draft,
    /// By which delivery service; rules decide when it names none that the account has.
    pub service: Option<u64>,
    /// By which instance of the carrier.
    pub increment: Option<u64>,
    /// Whether somebody shall approve it.
    pub approve: bool,
}

/// Kilograms and money have no documented bound on a booking; a number of seven digits is one.
const KILOGRAMS: crate::providers::shiptheory::resources::validation::Form = Amount(9_999_999, 3);
const MONEY: crate::providers::shiptheory::resources::validation::Form = Amount(9_999_999, 2);

/// Kinds of a number for customs: documentation, "Book", `duty_tax_number_type`.
pub const DUTY_TYPES: &[&str] = &["ABN", "ARN", "IOSS", "EORI", "IRD", "OSS", "VOEC"];
/// Kinds of a recipient's tax number: documentation, "Book", `tax_numbers`.
const TAX_TYPES: &[&str] = &["VAT", "EORI", "PID"];

#[rustfmt::skip]
const BOOKING: &[Rule] = &[
    rule("reference",       Must, Text(255)),
    rule("reference2",      Must, Text(255)),
    rule("increment",       May,  Whole(0, 1_000_000)),
    rule("shipment_detail", Must, Object),
    rule("recipient",       Must, Object),
    rule("sender",          May,  Object),
    rule("products",        May,  List),
    rule("packages",        May,  List),
    rule("tags",            May,  List),
];

#[rustfmt::skip]
const DETAIL: &[Rule] = &[
    rule("weight",                   Must, KILOGRAMS),
    rule("parcels",                  Must, Whole(1, 9_999)),
    rule("value",                    Must, MONEY),
    rule("shipping_price",           May,  MONEY),
    rule("reference3",               May,  LONG),
    rule("enhancement_id",           May,  LONG),
    rule("format_id",                May,  LONG),
    rule("instructions",             May,  LONG),
    rule("gift_message",             May,  LONG),
    rule("channel_shipservice_name", May,  LONG),
    rule("currency_code",            May,  Currency),
    rule("sales_source",             May,  LONG),
    rule("ship_date",                May,  Day),
    rule("rules_metadata",           May,  Text(50)),
    rule("duty_tax_number",          May,  LONG),
    rule("duty_tax_number_type",     May,  OneOf(DUTY_TYPES)),
];

/// A recipient; a sender, if there is one, needs the same.
#[rustfmt::skip]
const ADDRESS: &[Rule] = &[
    rule("company",        May,  LONG),
    rule("firstname",      Must, LONG),
    rule("lastname",       Must, LONG),
    rule("address_line_1", Must, LONG),
    rule("address_line_2", May,  LONG),
    rule("address_line_3", May,  LONG),
    rule("city",           Must, LONG),
    rule("county",         May,  LONG),
    rule("country",        Must, Country),
    rule("postcode",       Must, LONG),
    rule("telephone",      May,  LONG),
    rule("mobile",         May,  LONG),
    rule("email",          May,  LONG),
    rule("tax_number",     May,  LONG),
    rule("what3words",     May,  Words),
    rule("tax_numbers",    May,  List),
];

#[rustfmt::skip]
const PRODUCT: &[Rule] = &[
    rule("name",                  Must, Text(255)),
    rule("sku",                   Must, Text(100)),
    rule("qty",                   May,  Whole(1, 1_000_000)),
    rule("value",                 Must, MONEY),
    rule("weight",                Must, KILOGRAMS),
    rule("commodity_code",        May,  LONG),
    rule("commodity_description", May,  LONG),
    rule("commodity_manucountry", May,  LONG),
    rule("commodity_composition", May,  LONG),
    rule("mid_code",              May,  Text(25)),
    rule("stock_location",        May,  Text(100)),
];

/// Documentation, "Dangerous Goods Fields".
#[rustfmt::skip]
const DANGER: &[Rule] = &[
    rule("un_number", May, UnNumber),
    rule("volume",    May, Whole(1, 99_999)),
];

#[rustfmt::skip]
const PACKAGE: &[Rule] = &[
    rule("id",     Must, Whole(0, i64::MAX)),
    rule("weight", Must, Amount(9_999_999, 2)),
];

/// The objects of a list, each with its path; what is none is a problem.
fn objects<'a>(
    fields: &'a Fields,
    name: &str,
    at: &str,
    problems: &mut Problems,
) -> Vec<(String, &'a Fields)> {
    let mut found = Vec::new();
    for (place, element) in input::list(fields, name).iter().enumerate() {
        let path = format!("{at}{name}.{place}");
        match element.as_object() {
            Some(object) => found.push((path, object)),
            None => problems.invalid(&path, "array"),
        }
    }
    found
}

/// What makes goods dangerous, if something is said about it.
pub fn danger(fields: &Fields, at: &str, problems: &mut Problems) -> Option<DangerousGoods> {
    let value = fields.get("dangerous_goods").filter(|value| !input::is_empty(value))?;
    let path = format!("{at}dangerous_goods");
    let Some(goods) = input::object(Some(value)) else {
        problems.invalid(&path, "array");
        return None;
    };
    check(goods, &format!("{path}."), DANGER, problems);
    let un_number = input::some_text(goods, "un_number").and_then(|text| text.trim().parse().ok());
    Some(DangerousGoods { un_number, volume: input::whole(goods, "volume") })
}

/// Reads a booking.
///
/// # Errors
/// Every field that does not fit.
pub fn read(fields: &Fields, account: &Account, strict: bool) -> Result<Wanted, Problems> {
    let mut problems = Problems::default();
    check(fields, "", BOOKING, &mut problems);
    let detail = inner(fields, "shipment_detail", "", DETAIL, &mut problems);
    let recipient = inner(fields, "recipient", "", ADDRESS, &mut problems);
    // An empty sender is none.
    let sender = fields.get("sender").and_then(Value::as_object).filter(|it| !it.is_empty());
    if sender.is_some() {
        inner(fields, "sender", "", ADDRESS, &mut problems);
    }
    let tax_numbers = recipient.map(|it| tax_numbers(it, &mut problems)).unwrap_or_default();
    let items = items(fields, &mut problems);
    let packages = packages(fields, &mut problems);
    let tags = tags(fields, &mut problems);
    if strict {
        too_precise(fields, &mut problems);
    }
    problems.settle()?;
    let nothing = Fields::new();
    let draft = Draft {
        reference: input::text(fields, "reference").unwrap_or_default(),
        reference2: input::text(fields, "reference2").unwrap_or_default(),
        channel: "Api".to_owned(),
        particulars: particulars(detail.unwrap_or(&nothing)),
        recipient: address(recipient.unwrap_or(&nothing)),
        tax_numbers,
        sender: sender.map_or_else(|| account.sender.clone(), address),
        items,
        packages,
        tags,
    };
    Ok(Wanted {
        draft,
        service: input::whole(fields, "delivery_service"),
        increment: input::whole(fields, "increment"),
        approve: input::yes(fields.get("mark_for_approval")),
    })
}

/// Numbers with more places than the documentation names.
fn too_precise(fields: &Fields, problems: &mut Problems) {
    let mut look = |object: Option<&Value>, path: String, places: u32| {
        let value = object.and_then(|it| it.get("weight"));
        let exact = value.and_then(|it| input::decimal(it, 20));
        if exact.is_some_and(|it| it.normalize().scale() > places) {
            problems.invalid(&path, "decimal");
        }
    };
    look(fields.get("shipment_detail"), "shipment_detail.weight".to_owned(), 3);
    for (place, product) in input::list(fields, "products").iter().enumerate() {
        look(Some(product), format!("products.{place}.weight"), 3);
    }
    for (place, package) in input::list(fields, "packages").iter().enumerate() {
        look(Some(package), format!("packages.{place}.weight"), 2);
    }
}

fn particulars(fields: &Fields) -> Particulars {
    let text = |name: &str| input::text(fields, name);
    Particulars {
        weight: input::number(fields, "weight", 3).unwrap_or_default(),
        grams: None,
        parcels: input::whole(fields, "parcels").unwrap_or(1),
        value: input::number(fields, "value", 2).unwrap_or_default(),
        shipping_price: input::number(fields, "shipping_price", 2),
        reference3: text("reference3"),
        enhancement_id: text("enhancement_id"),
        format_id: text("format_id"),
        instructions: text("instructions"),
        gift_message: text("gift_message"),
        channel_shipservice_name: text("channel_shipservice_name"),
        currency_code: text("currency_code"),
        sales_source: text("sales_source"),
        ship_date: input::some_text(fields, "ship_date").and_then(|text| input::day(&text)),
        rules_metadata: text("rules_metadata"),
        duty_tax_number: text("duty_tax_number"),
        duty_tax_number_type: text("duty_tax_number_type"),
    }
}

fn address(fields: &Fields) -> Address {
    let text = |name: &str| input::text(fields, name);
    let country = text("country").unwrap_or_default();
    Address {
        company: text("company"),
        firstname: text("firstname").unwrap_or_default(),
        lastname: text("lastname").unwrap_or_default(),
        address_line_1: text("address_line_1").unwrap_or_default(),
        address_line_2: text("address_line_2"),
        address_line_3: text("address_line_3"),
        city: text("city").unwrap_or_default(),
        county: text("county"),
        country: country::by_two(&country).map_or(country, |it| it.two.to_owned()),
        postcode: text("postcode").unwrap_or_default(),
        telephone: text("telephone"),
        mobile: text("mobile"),
        email: text("email"),
        tax_number: text("tax_number"),
        what_3_words: input::some_text(fields, "what3words"),
    }
}

/// Number and kind: each asks for the other.
fn tax_numbers(recipient: &Fields, problems: &mut Problems) -> Vec<TaxNumber> {
    #[rustfmt::skip]
    const BOTH: &[Rule] = &[
        rule("tax_number",      Must, LONG),
        rule("tax_number_type", Must, OneOf(TAX_TYPES)),
    ];
    let mut found = Vec::new();
    for (path, fields) in objects(recipient, "tax_numbers", "recipient.", problems) {
        let text = |name: &str| input::some_text(fields, name);
        if text("tax_number").is_none() && text("tax_number_type").is_none() {
            continue;
        }
        check(fields, &format!("{path}."), BOTH, problems);
        found.push(TaxNumber {
            tax_number: text("tax_number").unwrap_or_default(),
            tax_number_type: text("tax_number_type").unwrap_or_default(),
        });
    }
    found
}

fn items(fields: &Fields, problems: &mut Problems) -> Vec<Item> {
    let mut items = Vec::new();
    for (path, product) in objects(fields, "products", "", problems) {
        let at = format!("{path}.");
        check(product, &at, PRODUCT, problems);
        let text = |name: &str| input::text(product, name);
        items.push(Item {
            qty: input::whole(product, "qty").unwrap_or(1),
            sku: text("sku").unwrap_or_default(),
            name: text("name").unwrap_or_default(),
            value: input::number(product, "value", 2).unwrap_or_default(),
            weight: input::number(product, "weight", 3).unwrap_or_default(),
            grams: None,
            commodity_code: text("commodity_code"),
            commodity_description: text("commodity_description"),
            commodity_manucountry: text("commodity_manucountry"),
            commodity_composition: text("commodity_composition"),
            mid_code: text("mid_code"),
            stock_location: text("stock_location"),
            dangerous_goods: danger(product, &at, problems),
        });
    }
    items
}

/// Package sizes that the account does not have are taken and mean nothing: most carriers know no sizes. A client that
/// knows none sends an id of 0.
fn packages(fields: &Fields, problems: &mut Problems) -> Vec<Packed> {
    let mut packages = Vec::new();
    for (path, package) in objects(fields, "packages", "", problems) {
        check(package, &format!("{path}."), PACKAGE, problems);
        let id = input::whole(package, "id").unwrap_or_default();
        let weight = input::number(package, "weight", 2).unwrap_or_default();
        if id != 0 || weight != Number::default() {
            packages.push(Packed { id, weight });
        }
    }
    packages
}

fn tags(fields: &Fields, problems: &mut Problems) -> BTreeSet<u64> {
    let mut tags = BTreeSet::new();
    for (place, tag) in input::list(fields, "tags").iter().enumerate() {
        match numeric::integer_of(tag).and_then(|id| u64::try_from(id).ok()) {
            Some(id) => drop(tags.insert(id)),
            None => problems.invalid(&format!("tags.{place}"), "integer"),
        }
    }
    tags
}
