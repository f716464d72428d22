//! What `POST /shipments` is sent, read.

use rust_decimal::Decimal;

use crate::frameworks::laravel::rules::{Violated as Wrong, Violation, problems_knowing};
use crate::frameworks::php::json_encode::Number;
use crate::kit::json::Value;
use crate::kit::numeric::{amount_of, integer_of};
use crate::providers::salla::State;
use crate::providers::salla::data::couriers::{self, courier};
use crate::providers::salla::data::places::{self, CITIES, City, Country};
use crate::providers::salla::fields;
use crate::providers::salla::resources::input;
use crate::providers::salla::rules::intake::{Draft, branch, nowhere};
use crate::providers::salla::state::shipment::{
    End, EndKind, Extras, Kind, Money, Package, Payment, Shipment, Source, WeightUnit, riyal,
};

/// Whether a country is known, by any of its names.
fn is_country(value: &Value) -> bool {
    crate::kit::numeric::text_of(value).is_some_and(|text| places::country(&text).is_some())
}

/// A coordinate, or a list of one.
fn is_coordinate(value: &Value) -> bool {
    let lone = value.as_array().and_then(|list| list.first().filter(|_| list.len() == 1));
    amount_of(lone.unwrap_or(value)).is_some()
}

/// The problems of one request.
fn problems(state: &State, store: u64, fields: &Value) -> Vec<Violation> {
    let mut wrong = problems_knowing(fields, fields::CREATE, |name, value| {
        let number = || integer_of(value).and_then(|it| u64::try_from(it).ok());
        match name {
            "courier" => number().and_then(courier).is_some(),
            "shipment" => {
                number().and_then(|id| state.book.get(id)).is_some_and(|it| it.store == store)
            }
            "coordinate" => is_coordinate(value),
            _ => is_country(value),
        }
    });
    if input::filled(fields, "ship_to.name").is_some_and(|name| !name.is_string()) {
        wrong.push(Violation::new("ship_to.name", Wrong::Text));
    }
    for (place, package) in input::elements(fields, "packages") {
        let weight = input::filled(package, "weight").is_some_and(Value::is_object);
        if weight && input::at(package, "weight.value").is_none() {
            let path = format!("packages.{place}.weight.value");
            wrong.push(Violation { path, raw: true, kind: Wrong::Required });
        }
    }
    let is_return = input::text(fields, "shipment_type").as_deref() == Some("return");
    let mut missing = |path: &str| {
        if wrong.iter().all(|it| it.path != path) {
            wrong.push(Violation::new(path, Wrong::Required));
        }
    };
    if is_return && input::at(fields, "shipment_id").is_none() {
        missing("shipment_id");
    }
    let there = |path: &str| input::filled(fields, path).is_some();
    // A return, and a further shipment of an order, know their ends from the shipment before them.
    let known = before(state, store, fields).is_some();
    if !there("ship_to.name") && (there("ship_to") || !known) {
        missing("ship_to.name");
    }
    if there("ship_from") && end_kind(fields) == EndKind::Branch {
        match input::number(fields, "ship_from.branch_id") {
            None => missing("ship_from.branch_id"),
            Some(id) if branch(state, store, Some(id)).is_none() => {
                wrong.push(Violation::new("ship_from.branch_id", Wrong::Invalid));
            }
            Some(_) => {}
        }
    }
    wrong
}

/// A branch, unless it says it is an address.
fn end_kind(fields: &Value) -> EndKind {
    let word = input::text(fields, "ship_from.type");
    word.and_then(|it| EndKind::of(&it)).unwrap_or(EndKind::Branch)
}

/// The shipment that a return brings back, or another one of the same order.
fn before<'a>(state: &'a State, store: u64, fields: &Value) -> Option<&'a Shipment> {
    if let Some(id) = input::number(fields, "shipment_id") {
        return state.book.get(id).filter(|it| it.store == store);
    }
    let order = input::number(fields, "order_id")?;
    state.book.of_store(store).find(|it| it.order_id == Some(order) && it.kind == Kind::Shipment)
}

/// Reads a shipment.
///
/// # Errors
/// Every field that does not fit.
pub fn read(state: &State, store: u64, fields: &Value) -> Result<Draft, Vec<Violation>> {
    let wrong = problems(state, store, fields);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let word = |path: &str| input::text(fields, path).unwrap_or_default();
    let kind = Kind::of(&word("shipment_type")).unwrap_or(Kind::Shipment);
    let payment = Payment::of(&word("payment_method")).unwrap_or(Payment::PrePaid);
    let before = before(state, store, fields);
    // A return goes the other way.
    // Where an order's parcel came from once says nothing of the next, which comes from the main branch.
    let (usual_to, usual_from) = match (before, kind) {
        (Some(it), Kind::Return) => (Some(it.ship_from.clone()), Some(it.ship_to.clone())),
        (Some(it), Kind::Shipment) => (Some(it.ship_to.clone()), None),
        (None, _) => (None, None),
    };
    let ship_to = match input::filled(fields, "ship_to") {
        Some(given) => address(given),
        None => usual_to.unwrap_or_else(nowhere),
    };
    let ship_from = match (input::filled(fields, "ship_from"), end_kind(fields)) {
        (Some(given), EndKind::Address) => address(given),
        (Some(_), EndKind::Branch) => {
            let id = input::number(fields, "ship_from.branch_id");
            branch(state, store, id).unwrap_or_else(nowhere)
        }
        (None, _) => usual_from.or_else(|| branch(state, store, None)).unwrap_or_else(nowhere),
    };
    let currency = input::owned(fields, "cash_on_delivery.currency").unwrap_or_else(riyal);
    let cash_on_delivery = match (payment, input::amount(fields, "cash_on_delivery.amount")) {
        (Payment::Cod, Some(amount)) => Money { amount: Number(amount), currency },
        _ => Money::none(&currency),
    };
    let courier = input::number(fields, "courier_id").and_then(courier);
    Ok(Draft {
        store,
        order_id: input::number(fields, "order_id").or_else(|| before.and_then(|it| it.order_id)),
        kind,
        courier: courier.unwrap_or(&couriers::COURIERS[0]),
        payment,
        source: Source::Api,
        cash_on_delivery,
        app_id: Some(state.app.id),
        policy_options: options(fields),
        ship_from,
        ship_to,
        packages: packages(fields),
        extras: extras(fields),
        return_of: before.filter(|_| kind == Kind::Return).map(|it| it.id),
    })
}

/// The policy as it was said.
pub fn options(fields: &Value) -> serde_json::Map<String, serde_json::Value> {
    match input::at(fields, "policy_options") {
        Some(Value::Object(options)) => options.into(),
        _ => {
            let list = input::elements(fields, "policy_options").into_iter();
            list.map(|(key, value)| (key, value.into())).collect()
        }
    }
}

fn extras(fields: &Value) -> Extras {
    let types = input::elements(fields, "service_types");
    let types = types.into_iter().filter_map(|(_, it)| it.as_str().map(str::to_owned));
    Extras {
        external_id: input::owned(fields, "external_id"),
        external_additional_id: input::owned(fields, "external_additional_id"),
        external_company_name: input::owned(fields, "external_company_name"),
        description: input::owned(fields, "description"),
        remarks: input::owned(fields, "remarks"),
        service_types: input::at(fields, "service_types").map(|_| types.collect()),
        cost: None,
    }
}

fn packages(fields: &Value) -> Vec<Package> {
    input::elements(fields, "packages").into_iter().map(|(_, it)| package(it)).collect()
}

fn package(given: &Value) -> Package {
    let quantity = input::number(given, "quantity").and_then(|it| u32::try_from(it).ok());
    let unit = ["weight.units", "weight.unit"].iter().find_map(|path| input::text(given, path));
    let unit = unit.and_then(|it| WeightUnit::of(&it)).unwrap_or(WeightUnit::Kilogram);
    let weight = input::amount(given, "weight.value").unwrap_or(Decimal::ONE);
    Package {
        item_id: input::number(given, "item_id"),
        external_id: input::owned(given, "external_id"),
        name: input::owned(given, "name").unwrap_or_default(),
        sku: input::owned(given, "sku").unwrap_or_default(),
        price: Money {
            amount: Number(input::amount(given, "price.amount").unwrap_or_default()),
            currency: input::owned(given, "price.currency").unwrap_or_else(riyal),
        },
        quantity: quantity.unwrap_or(1),
        weight: Number(weight.saturating_mul(unit.kilograms()).normalize()),
    }
}

/// An address: its country by id, letters or name; its city by id or name, and any name will do.
fn address(given: &Value) -> End {
    let text = |path: &str| input::owned(given, path);
    let first = |paths: &[&str]| paths.iter().find_map(|path| text(path));
    let country = first(&["country", "country_id", "country_code"]);
    let country = country.as_deref().and_then(places::country);
    let named = first(&["city", "city_id"]);
    let city = match (country, &named) {
        (Some(country), Some(name)) => places::city(country.code, name),
        (None, Some(name)) => CITIES.iter().find(|it| it.latin.eq_ignore_ascii_case(name)),
        (_, None) => None,
    };
    let country = country.or_else(|| city.and_then(|it| places::country(it.country)));
    let coordinate = |names: [&str; 3]| {
        let lone = |path: &&str| input::amount(given, &format!("{path}.0"));
        let given = names.iter().find_map(|it| input::amount(given, it));
        given.or_else(|| names.iter().find_map(lone)).map(Number)
    };
    End {
        kind: EndKind::Address,
        name: text("name").unwrap_or_default(),
        email: Some(text("email").unwrap_or_default()),
        phone: text("phone").unwrap_or_default(),
        country: country.map(|it| it.arabic.to_owned()),
        country_id: country.map(|it| it.id),
        country_code: country.map(|it| it.code.to_owned()),
        city: city.map(|it| it.latin.to_owned()).or(named),
        city_id: city.map(|it| it.id),
        address_line: line(&text, city, country),
        street_number: text("street_number").unwrap_or_default(),
        block: text("block").unwrap_or_default(),
        postal_code: text("postal_code").unwrap_or_default(),
        latitude: coordinate(["geo_coordinates.lat", "geo_coordinates.latitude", "latitude"]),
        longitude: coordinate(["geo_coordinates.lng", "geo_coordinates.longitude", "longitude"]),
        branch_id: None,
    }
}

/// All of an address in a line, as the example has it: number, quarter, postal code, street, city, country.
fn line(
    text: &impl Fn(&str) -> Option<String>,
    city: Option<&City>,
    country: Option<&Country>,
) -> String {
    let parts = [
        text("street_number"),
        text("block"),
        text("postal_code"),
        text("address_line").map(|it| format!(" {it}")),
        city.map(|it| format!(" {}", it.latin)),
        country.map(|it| it.arabic.to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(",")
}
