//! How a shipment comes into being: found to be new, given to a service or to the rules, handed to its carrier.

use std::borrow::Cow;

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::frameworks::php::json_encode::Number;
use crate::kit::collation::Collated;
use crate::providers::shiptheory::data::carriers::{self, Carrier, Service};
use crate::providers::shiptheory::machines::SHIPMENT;
use crate::providers::shiptheory::resources::reading::Wanted;
use crate::providers::shiptheory::state::accounts::{Account, Product, Sheet};
use crate::providers::shiptheory::state::shipment::{Draft, Item, Pins, Shipment, Tone};
use crate::providers::shiptheory::{Shiptheory, journeys};
use crate::providers::{Choosing, Cx, traveller};
use crate::sim::journey::plan::Plan;
use crate::sim::journey::script::Journey;

/// What became of a booking call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The reference is taken: nothing was done.
    Duplicate,
    /// The shipment's number inside.
    As(u64),
    /// The same, but the carrier's instance is none of the account's.
    WithoutSettings(u64),
}

/// How a shipment goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The delivery service.
    pub service: &'static Service,
    /// Which instance of the carrier.
    pub increment: u64,
    /// Somebody has to approve it.
    pub approve: bool,
    /// Return services whose labels are put into it.
    pub returns: Vec<u64>,
}

/// The instance of a carrier that is meant when none is named: help centre, "Finding your carrier increment".
const FIRST_INCREMENT: u64 = 1;

/// The way that rules choose.
pub fn by_rules(account: &Account, draft: &Draft) -> Option<Way> {
    let rule = account.rule(draft)?;
    Some(Way {
        service: carriers::service_of(rule.service)?,
        increment: rule.increment.unwrap_or(FIRST_INCREMENT),
        approve: rule.approve,
        returns: rule.returns.clone(),
    })
}

/// The way of a shipment: that of the service it names, if the account has its carrier, else the rules'.
fn way(account: &Account, wanted: &Wanted) -> Option<Way> {
    let named = wanted.service.and_then(carriers::service_of);
    match named.filter(|service| account.carriers.contains_key(service.carrier.word())) {
        Some(service) => Some(Way {
            service,
            increment: wanted.increment.unwrap_or(FIRST_INCREMENT),
            approve: wanted.approve,
            returns: Vec::new(),
        }),
        None => by_rules(account, &wanted.draft),
    }
}

/// Kilograms that one parcel may weigh.
fn heaviest(carrier: Carrier) -> u32 {
    match carrier {
        Carrier::Dhl | Carrier::Ups | Carrier::FedEx => 70,
        Carrier::Evri => 15,
        _ => 30,
    }
}

/// The longest reference that carriers take: documentation, "Book".
const LONGEST_REFERENCE: usize = 25;

/// Why a carrier refuses a shipment, in its code.
fn refusal(service: &Service, draft: &Draft) -> Option<&'static str> {
    let parcels = Decimal::from(draft.particulars.parcels.max(1));
    if draft.reference.chars().count() > LONGEST_REFERENCE {
        Some("REFERENCE.TOO.LONG")
    } else if !service.abroad && draft.recipient.country != draft.sender.country {
        Some("DESTINATION.COUNTRY.NOTSERVED")
    } else if draft.particulars.weight.0 / parcels > Decimal::from(heaviest(service.carrier)) {
        Some("PACKAGE.WEIGHT.EXCEEDED")
    } else {
        None
    }
}

/// What a history says when a carrier refuses.
pub fn carrier_error(carrier: &str, code: &str) -> String {
    format!("There was an error when communicating with {carrier}: ({code})")
}

/// A carrier's name as the part of the service that talks to it has it: `Dpd`.
fn settings_name(carrier: Carrier) -> String {
    let words = carrier.word().split(' ').map(|word| {
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        first + &letters.as_str().to_lowercase()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Who books, and how it is told.
#[derive(Debug, Clone)]
pub struct Origin<'a> {
    pub account: u64,
    /// The first line of its history.
    pub told: Cow<'a, str>,
    /// The journey it goes on, whatever else would choose one.
    pub journey: Option<&'static Plan>,
}

/// Books a shipment, unless its reference is taken.
pub fn book(cx: &mut Cx<'_, Shiptheory>, origin: &Origin<'_>, wanted: Wanted) -> Taken {
    let account_id = origin.account;
    let mut pins = Pins::default();
    if let Some(known) = cx.state.shelf.find(account_id, &wanted.draft.reference) {
        if !known.example {
            return Taken::Duplicate;
        }
        // The documentation's own call: its shipment takes the place of the printed one.
        let number = known.number;
        pins = known.pins.clone();
        cx.state.shelf.remove(number);
    }
    let Some(account) = cx.state.accounts.get(&account_id) else { return Taken::Duplicate };
    let way = way(account, &wanted);
    let has_instance =
        way.as_ref().is_none_or(|way| account.instances(way.service).any(|it| it == way.increment));
    let (forced, refusal) = match &way {
        None => (journeys::plan(journeys::IGNORED), None),
        Some(way) if !has_instance => {
            let name = settings_name(way.service.carrier);
            let why = format!("Unable to load your {name} carrier settings");
            (journeys::plan(journeys::REFUSED), Some(why))
        }
        Some(way) => match refusal(way.service, &wanted.draft) {
            Some(code) if !way.approve => {
                let why = carrier_error(way.service.carrier.word(), code);
                (journeys::plan(journeys::REFUSED), Some(why))
            }
            _ => (None, None),
        },
    };
    let journey = match forced.or(origin.journey) {
        Some(plan) => Journey::Built(plan),
        None => chosen(cx, account_id, &wanted.draft, way.as_ref()),
    };
    let number = cx.state.shelf.next_number();
    let now = cx.now;
    let mut draft = wanted.draft;
    let tags = &cx.state.tags;
    draft.tags.retain(|id| tags.get(id).is_some_and(|tag| tag.account == account_id));
    cx.state.keep_tags(&draft.tags);
    file(cx, account_id, &draft.items);
    let mut shipment = Shipment {
        number,
        account: account_id,
        draft,
        created: now,
        modified: now,
        life: SHIPMENT.start_at(usize::from(journeys::begins_early(&journey))),
        carrier: None,
        service: None,
        increment: FIRST_INCREMENT,
        tracking: None,
        cost: None,
        refusal,
        returns: Vec::new(),
        inlays: Vec::new(),
        messages: Vec::new(),
        printed: false,
        itinerary: None,
        example: false,
        pins,
    };
    if let Some(way) = way {
        shipment.carrier = Some(way.service.carrier.word().to_owned());
        shipment.service = Some(way.service.id);
        shipment.increment = way.increment;
        shipment.returns = way.returns;
    }
    shipment.note(now, Tone::Info, origin.told.as_ref());
    cx.state.shelf.add(shipment);
    traveller::set_out(cx, number, &journey);
    if has_instance { Taken::As(number) } else { Taken::WithoutSettings(number) }
}

/// The journey of a shipment: what the operator said of the account's next ones, what the scenario chooses, the
/// recipient's telephone number, the wait for an approval, the scenario's own.
fn chosen(cx: &mut Cx<'_, Shiptheory>, account: u64, draft: &Draft, way: Option<&Way>) -> Journey {
    let (map, route) = (&journeys::MAP, journeys::route());
    let told = cx.state.accounts.get_mut(&account).and_then(|it| it.next_journeys.pop_front());
    if let Some(journey) = told.and_then(|name| cx.state.journeys.find(map, route, &name)) {
        return journey;
    }
    let recipient = &draft.recipient;
    let telephones = [&recipient.telephone, &recipient.mobile].into_iter().flatten();
    let digits: Vec<String> = telephones.clone().map(|it| journeys::digits(it)).collect();
    let name = format!("{} {}", recipient.firstname, recipient.lastname);
    let service = way.map(|way| way.service.id.to_string());
    let mut selectors = vec![
        ("name", name.trim()),
        ("country", recipient.country.as_str()),
        ("city", recipient.city.as_str()),
        ("postcode", recipient.postcode.as_str()),
        ("reference", draft.reference.as_str()),
    ];
    let given = [
        ("carrier", way.map(|way| way.service.carrier.word())),
        ("service", service.as_deref()),
        ("metadata", draft.particulars.rules_metadata.as_deref()),
    ];
    selectors.extend(given.iter().filter_map(|(word, value)| Some((*word, (*value)?))));
    selectors.extend(telephones.clone().map(|it| ("phone", it.as_str())));
    selectors.extend(digits.iter().map(|it| ("phone", it.as_str())));
    selectors.extend(draft.items.iter().map(|it| ("sku", it.sku.as_str())));
    let tags = draft.tags.iter().filter_map(|id| cx.state.tags.get(id));
    selectors.extend(tags.map(|tag| ("tag", tag.name.as_str())));
    let approval =
        || journeys::plan(journeys::WAITING).filter(|_| way.is_some_and(|it| it.approve));
    let who = Choosing {
        map,
        route,
        usual: &cx.state.journey,
        selectors: &selectors,
        magic: telephones.clone().find_map(|it| journeys::by_telephone(it)).or_else(approval),
        label: "shiptheory/journey choice",
    };
    cx.state.journeys.choose(&who, cx.chance)
}

/// What a carrier asks: so much a parcel, so much a kilogram, more abroad. Made up.
pub fn cost(service: &Service, draft: &Draft) -> Decimal {
    let parcels = Decimal::from(draft.particulars.parcels.max(1));
    let base = if service.abroad { Decimal::new(1495, 2) } else { Decimal::new(495, 2) };
    let weight = draft.particulars.weight.0.checked_mul(Decimal::new(85, 2)).unwrap_or_default();
    base.checked_mul(parcels).unwrap_or(base).saturating_add(weight).round_dp(2).normalize()
}

/// Writes the products of a shipment into the catalogue: what is new is added, what differs is overwritten, the SKU
/// stays. A notice in the documentation's source, next to "Products".
fn file(cx: &mut Cx<'_, Shiptheory>, account: u64, items: &[Item]) {
    let now = cx.now;
    let Some(account) = cx.state.accounts.get_mut(&account) else { return };
    for item in items {
        let number = account.next_product();
        let product = account
            .products
            .entry(Collated::new(&item.sku))
            .or_insert_with(|| new_product(number, &item.sku, now));
        product.example = false;
        let mut sheet = product.sheet.clone();
        sheet.name = Some(item.name.clone());
        sheet.price = Some(item.value);
        sheet.weight = Some(item.weight);
        for (known, given) in [
            (&mut sheet.commodity_code, &item.commodity_code),
            (&mut sheet.commodity_description, &item.commodity_description),
            (&mut sheet.commodity_manucountry, &item.commodity_manucountry),
            (&mut sheet.commodity_composition, &item.commodity_composition),
            (&mut sheet.mid_code, &item.mid_code),
            (&mut sheet.stock_location, &item.stock_location),
        ] {
            if given.is_some() {
                known.clone_from(given);
            }
        }
        if item.dangerous_goods.is_some() {
            sheet.dangerous_goods.clone_from(&item.dangerous_goods);
        }
        if sheet != product.sheet {
            product.sheet = sheet;
            product.modified = now;
        }
    }
}

fn new_product(number: u64, sku: &str, now: Timestamp) -> Product {
    let sheet = Sheet { sku: sku.to_owned(), price: Some(Number::default()), ..Sheet::default() };
    Product { number, sheet, created: now, modified: now, example: false }
}

#[cfg(test)]
mod tests {
    use super::settings_name;
    use crate::providers::shiptheory::data::carriers::Carrier;

    #[test]
    fn a_carrier_without_settings_is_called_as_the_help_centre_calls_it() {
        let names = [Carrier::Dpd, Carrier::RoyalMail, Carrier::DpdLocal].map(settings_name);
        assert_eq!(names, ["Dpd", "Royal Mail", "Dpd Local"]);
    }
}
