//! Soundness: what a state relies on, held against one that was read from a document, and bounds that setups share.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::frameworks::php::json_encode::Number;
use crate::kit::mistake::Mistake;
use crate::kit::{collation, country};
use crate::providers::shiptheory::data::carriers::{self, Carrier, SERVICES};
use crate::providers::shiptheory::machines::{Input, SHIPMENT};
use crate::providers::shiptheory::state::accounts::{Account, Sheet, ShippingRule};
use crate::providers::shiptheory::state::shipment::{DangerousGoods, Draft, Shipment};
use crate::providers::shiptheory::{State, journeys};
use crate::providers::soundness::{fresh, own_key, refers, stops};

/// The largest measure, weight or price, whatever stands behind its point: documentation, "Add Product".
const LARGEST: i64 = 9_999_999;

/// Whether a state is one that setups and calls could have made.
///
/// # Errors
/// The place in the state, and the mistake.
pub fn check(state: &State) -> Result<(), Mistake> {
    check_status(state.switches.validation_status).map_err(|it| it.below("switches"))?;
    state.journeys.settle(&journeys::MAP).map_err(|it| it.below("journeys"))?;
    state.journey_named("journey", &state.journey)?;
    let mut known = Known::default();
    for (id, account) in &state.accounts {
        check_account(state, account, &mut known)
            .and_then(|()| own_key(account.id == *id, "id"))
            .map_err(|it| it.below(&format!("accounts.{id}")))?;
    }
    let mut names = BTreeSet::new();
    for (id, tag) in &state.tags {
        let at = |field: &str| format!("tags.{id}.{field}");
        own_key(tag.id == *id, &at("id"))?;
        let owner = state.accounts.contains_key(&tag.account);
        refers(owner, &at("account"), format_args!("account {}", tag.account))?;
        let is_new = names.insert((tag.account, collation::key(&tag.name)));
        fresh(is_new, &at("name"), &tag.name)?;
    }
    for shipment in state.shelf.all() {
        let place = format!("shelf.shipments.{}", shipment.number);
        check_shipment(state, shipment).map_err(|it| it.below(&place))?;
    }
    state.shelf.settle().map_err(|it| it.below("shelf"))
}

/// What may be there once in a world.
#[derive(Debug, Default)]
struct Known {
    emails: BTreeSet<String>,
    names: BTreeSet<String>,
    sizes: BTreeSet<u64>,
}

fn check_account(state: &State, account: &Account, known: &mut Known) -> Result<(), Mistake> {
    if account.email.trim().is_empty() {
        return Err(Mistake::new("email", "an account needs a mail address"));
    }
    fresh(known.emails.insert(account.email.to_ascii_lowercase()), "email", &account.email)?;
    fresh(known.names.insert(account.name.clone()), "name", &account.name)?;
    if account.tokens.is_empty() {
        return Err(Mistake::new("tokens", "an account has a permanent token"));
    }
    check_carriers(&account.carriers)?;
    check_rules(&account.rules)?;
    for (place, name) in account.next_journeys.iter().enumerate() {
        state.journey_named(&format!("next_journeys[{place}]"), name)?;
    }
    for (id, size) in &account.package_sizes {
        let place = format!("package_sizes.{id}");
        own_key(size.id == *id, &format!("{place}.id"))?;
        fresh(known.sizes.insert(*id), &place, id)?;
        measures(&[
            ("length", Some(size.length)),
            ("width", Some(size.width)),
            ("height", Some(size.height)),
        ])
        .map_err(|it| it.below(&place))?;
    }
    let mut numbers = BTreeSet::new();
    for (sku, product) in &account.products {
        let place = format!("products.{}", sku.text());
        let named = collation::same(sku.text(), &product.sheet.sku);
        own_key(named, &format!("{place}.sheet.sku"))?;
        fresh(numbers.insert(product.number), &format!("{place}.number"), product.number)?;
        check_sheet(&product.sheet).map_err(|it| it.below("sheet").below(&place))?;
    }
    Ok(())
}

/// Whether what is on file of a product is within its bounds.
///
/// # Errors
/// The field, and its bounds.
pub fn check_sheet(sheet: &Sheet) -> Result<(), Mistake> {
    if sheet.sku.trim().is_empty() {
        return Err(Mistake::new("sku", "a product needs a SKU"));
    }
    measures(&[
        ("price", sheet.price),
        ("weight", sheet.weight),
        ("length", sheet.length),
        ("width", sheet.width),
        ("height", sheet.height),
    ])?;
    danger(sheet.dangerous_goods.as_ref())
}

fn danger(goods: Option<&DangerousGoods>) -> Result<(), Mistake> {
    let Some(goods) = goods else { return Ok(()) };
    if goods.un_number.is_some_and(|number| number > 9_999) {
        return Err(Mistake::new("dangerous_goods.un_number", "a number from 0 to 9999"));
    }
    if goods.volume.is_some_and(|volume| !(1..=99_999).contains(&volume)) {
        return Err(Mistake::new("dangerous_goods.volume", "a number from 1 to 99999"));
    }
    Ok(())
}

/// Whether what is to be sent is within its bounds.
///
/// # Errors
/// The field, and its bounds.
pub fn check_draft(draft: &Draft) -> Result<(), Mistake> {
    let particulars = &draft.particulars;
    measures(&[
        ("weight", Some(particulars.weight)),
        ("value", Some(particulars.value)),
        ("shipping_price", particulars.shipping_price),
    ])
    .and_then(|()| counted("parcels", particulars.parcels))
    .map_err(|it| it.below("particulars"))?;
    for (place, item) in draft.items.iter().enumerate() {
        measures(&[("value", Some(item.value)), ("weight", Some(item.weight))])
            .and_then(|()| counted("qty", item.qty))
            .and_then(|()| danger(item.dangerous_goods.as_ref()))
            .map_err(|it| it.within("items", place))?;
    }
    for (place, package) in draft.packages.iter().enumerate() {
        measures(&[("weight", Some(package.weight))]).map_err(|it| it.within("packages", place))?;
    }
    Ok(())
}

fn check_shipment(state: &State, shipment: &Shipment) -> Result<(), Mistake> {
    let owner = state.accounts.contains_key(&shipment.account);
    refers(owner, "account", format_args!("account {}", shipment.account))?;
    if shipment.draft.reference.is_empty() {
        return Err(Mistake::new("draft.reference", "a shipment needs a reference"));
    }
    check_draft(&shipment.draft).map_err(|it| it.below("draft"))?;
    for id in &shipment.draft.tags {
        let own = state.tags.get(id).is_some_and(|tag| tag.account == shipment.account);
        refers(own, "draft.tags", format_args!("tag {id} of its account"))?;
    }
    if let Some(id) = shipment.service {
        let known = carriers::service_of(id).is_some();
        refers(known, "service", format_args!("delivery service {id}"))?;
    }
    let inlays = shipment.inlays.iter().map(|inlay| inlay.service);
    for id in shipment.returns.iter().copied().chain(inlays) {
        let known = carriers::return_service_of(id).is_some();
        refers(known, "returns", format_args!("return service {id}"))?;
    }
    stops(shipment.itinerary.as_ref(), |stop| {
        stop.kind == SHIPMENT.name && Input::of(&stop.on).is_some()
    })?;
    SHIPMENT.settle(&shipment.life).map_err(|problem| Mistake::new("life", problem))
}

/// Refuses measures that nothing has.
///
/// # Errors
/// The first one, and the bounds.
pub fn measures(fields: &[(&str, Option<Number>)]) -> Result<(), Mistake> {
    let is_one = |it: Number| it.0 >= Decimal::ZERO && it.0.trunc() <= Decimal::from(LARGEST);
    match fields.iter().find(|(_, number)| number.is_some_and(|it| !is_one(it))) {
        None => Ok(()),
        Some((field, _)) => Err(Mistake::new(*field, format!("a number from 0 to {LARGEST}.99"))),
    }
}

fn counted(field: &str, number: u64) -> Result<(), Mistake> {
    if number > 0 { Ok(()) } else { Err(Mistake::new(field, "a number from 1 up")) }
}

/// Refuses a status that HTTP does not have for an answer.
pub fn check_status(status: u16) -> Result<(), Mistake> {
    if (200..600).contains(&status) {
        return Ok(());
    }
    let problem = format!("a status is a number from 200 to 599, not {status}");
    Err(Mistake::new("validation_status", problem))
}

/// The instances of a carrier that its services know.
pub fn instances_of(carrier: Carrier) -> Vec<u64> {
    let services = SERVICES.iter().filter(|service| service.carrier == carrier);
    let all: BTreeSet<u64> = services.flat_map(|it| it.increments).copied().collect();
    all.into_iter().collect()
}

/// Refuses carriers and instances that there are not.
pub fn check_carriers(named: &BTreeMap<String, Vec<u64>>) -> Result<(), Mistake> {
    for (name, instances) in named {
        let place = format!("carriers.{name}");
        let Some(carrier) = Carrier::of(name) else {
            let names: Vec<&str> = Carrier::ALL.iter().map(|it| it.word()).collect();
            let problem = format!("there is no such carrier; there are {}", names.join(", "));
            return Err(Mistake::new(place, problem));
        };
        if let Some(strange) = instances.iter().find(|it| !instances_of(carrier).contains(it)) {
            let there: Vec<String> = instances_of(carrier).iter().map(u64::to_string).collect();
            let problem = format!("{name} has no instance {strange}; it has {}", there.join(", "));
            return Err(Mistake::new(place, problem));
        }
    }
    Ok(())
}

/// Refuses rules that speak of what there is not.
pub fn check_rules(rules: &[ShippingRule]) -> Result<(), Mistake> {
    for (place, rule) in rules.iter().enumerate() {
        let at = |field: &str| format!("rules[{place}].{field}");
        if carriers::service_of(rule.service).is_none() {
            let problem = format!("there is no delivery service {}", rule.service);
            return Err(Mistake::new(at("service"), problem));
        }
        if let Some(strange) = rule.countries.iter().find(|it| country::by_two(it).is_none()) {
            let problem = format!("`{strange}` is no country in two letters");
            return Err(Mistake::new(at("countries"), problem));
        }
        let unknown = rule.returns.iter().find(|id| carriers::return_service_of(**id).is_none());
        if let Some(strange) = unknown {
            return Err(Mistake::new(
                at("returns"),
                format!("there is no return service {strange}"),
            ));
        }
    }
    Ok(())
}
