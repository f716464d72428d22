//! What a booking asks for: documentation, "Book".

use std::collections::BTreeSet;

use crate::kit::json::Value;

use crate::frameworks::cakephp::validation::{Problems, check, decimal};
use crate::frameworks::php::json_encode::Number;
use crate::kit::country;
use crate::kit::numeric;
use crate::providers::shiptheory::data::carriers::service_of;
use crate::providers::shiptheory::fields;
use crate::providers::shiptheory::resources::input::{self, Fields};
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

/// What makes goods dangerous, if something is said about it.
pub fn danger(fields: &Fields) -> Option<DangerousGoods> {
    let goods = input::object(fields.get("dangerous_goods"))?;
    let un_number = input::some_text(goods, "un_number").and_then(|text| text.trim().parse().ok());
    Some(DangerousGoods { un_number, volume: input::whole(goods, "volume") })
}

/// Reads a booking.
///
/// # Errors
/// Every field that does not fit.
pub fn read(fields: &Fields, account: &Account, strict: bool) -> Result<Wanted, Problems> {
    let mut problems = Problems::default();
    check(fields, "", fields::BOOK, &mut problems);
    if strict {
        too_precise(fields, &mut problems);
    }
    problems.settle()?;
    let object = |name: &str| fields.get(name).and_then(Value::as_object);
    let nothing = Fields::new();
    let recipient = object("recipient").unwrap_or(&nothing);
    // An empty sender is none.
    let sender = object("sender").filter(|it| !it.is_empty());
    let draft = Draft {
        reference: input::text(fields, "reference").unwrap_or_default(),
        reference2: input::text(fields, "reference2").unwrap_or_default(),
        channel: "Api".to_owned(),
        particulars: particulars(object("shipment_detail").unwrap_or(&nothing)),
        recipient: address(recipient),
        tax_numbers: tax_numbers(recipient),
        sender: sender.map_or_else(|| account.sender.clone(), address),
        items: items(fields),
        packages: packages(fields),
        tags: tags(fields),
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
        let exact = value.and_then(|it| decimal(it, 20));
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

/// What of a booking counts for nothing, with the reason. What is said of packages and tags of others is stored
/// nowhere; of the rest the documentation says beside what it counts.
pub fn passed_over(
    fields: &Fields,
    account: &Account,
    has_tag: impl Fn(u64) -> bool,
) -> Vec<String> {
    let given = |name: &str| {
        input::some_text(fields, name).is_some() || fields.get(name).is_some_and(Value::is_object)
    };
    let has_service = input::whole(fields, "delivery_service")
        .and_then(service_of)
        .is_some_and(|it| account.carriers.contains_key(it.carrier.word()));
    let alone = |name: &str| !has_service && given(name);
    let has_size = |package: &Fields| {
        input::whole(package, "id").is_some_and(|id| account.package_sizes.contains_key(&id))
    };
    let no_tag = |tag: &u64| !has_tag(*tag);
    let beside = "counts only beside a delivery_service of the account";
    [
        (
            alone("delivery_service"),
            "delivery_service",
            "no delivery service of the account; the shipping rules decide",
        ),
        (alone("increment"), "increment", beside),
        (!has_service && input::yes(fields.get("mark_for_approval")), "mark_for_approval", beside),
        (tags(fields).iter().any(no_tag), "tags[]", "no tag of the account"),
        (
            objects(fields, "packages").any(|package| !has_size(package)),
            "packages[].id",
            "no package size of the account",
        ),
    ]
    .into_iter()
    .filter(|(is_so, ..)| *is_so)
    .map(|(_, field, why)| format!("body.{field}: {why}"))
    .collect()
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

/// The objects of a list.
fn objects<'a>(fields: &'a Fields, name: &str) -> impl Iterator<Item = &'a Fields> {
    input::list(fields, name).iter().filter_map(Value::as_object)
}

/// Those that say something.
fn tax_numbers(recipient: &Fields) -> Vec<TaxNumber> {
    let read = |fields: &Fields| {
        Some(TaxNumber {
            tax_number: input::some_text(fields, "tax_number")?,
            tax_number_type: input::some_text(fields, "tax_number_type")?,
        })
    };
    objects(recipient, "tax_numbers").filter_map(read).collect()
}

fn items(fields: &Fields) -> Vec<Item> {
    let read = |product: &Fields| {
        let text = |name: &str| input::text(product, name);
        Item {
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
            dangerous_goods: danger(product),
        }
    };
    objects(fields, "products").map(read).collect()
}

/// Package sizes that the account does not have are taken and mean nothing: most carriers know no sizes. A client that
/// knows none sends an id of 0.
fn packages(fields: &Fields) -> Vec<Packed> {
    let read = |package: &Fields| {
        let id = input::whole(package, "id").unwrap_or_default();
        let weight = input::number(package, "weight", 2).unwrap_or_default();
        (id != 0 || weight != Number::default()).then_some(Packed { id, weight })
    };
    objects(fields, "packages").filter_map(read).collect()
}

fn tags(fields: &Fields) -> BTreeSet<u64> {
    let id = |tag| numeric::integer_of(tag).and_then(|id| u64::try_from(id).ok());
    input::list(fields, "tags").iter().filter_map(id).collect()
}
