//! Shiptheory seen from inside: its entities, what they are doing, what they can do next.

use serde_json::{Value, json};

use crate::frameworks::php::json_encode::Number;
use crate::providers::shiptheory::data::carriers;
use crate::providers::shiptheory::kinds::ENTITIES;
use crate::providers::shiptheory::machines::{Input, Status};
use crate::providers::shiptheory::state::accounts::{Account, PackageSize, Product};
use crate::providers::shiptheory::state::shipment::Shipment;
use crate::providers::shiptheory::{Shiptheory, State, Timer, journeys};
use crate::providers::{Detail, Entity, Inspect, Magic, Presets, Rows};

impl State {
    /// An account by its id or its mail address.
    pub fn account_by(&self, id: &str) -> Option<&Account> {
        let number = id.parse().ok();
        let fits = |it: &&Account| Some(it.id) == number || it.email.eq_ignore_ascii_case(id);
        self.accounts.values().find(fits)
    }

    /// The account that a name from inside speaks of, and what stands behind the colon: the first account's things are
    /// called as they are.
    fn unscoped<'a>(&'a self, id: &'a str) -> impl Iterator<Item = (&'a Account, &'a str)> {
        let named = id.split_once(':');
        let first = self.accounts.values().filter(|it| it.name.is_empty()).map(move |it| (it, id));
        let others = self.accounts.values().filter_map(move |it| {
            named.filter(|(name, _)| *name == it.name).map(|(_, rest)| (it, rest))
        });
        first.chain(others)
    }

    /// A shipment by its name from inside.
    pub fn shipment_by(&self, id: &str) -> Option<&Shipment> {
        self.unscoped(id).find_map(|(account, reference)| self.shelf.find(account.id, reference))
    }

    fn product_by<'a>(&'a self, id: &'a str) -> Option<(&'a Account, &'a Product)> {
        self.unscoped(id).find_map(|(account, sku)| Some((account, account.products.get(sku)?)))
    }

    fn package_size_by(&self, id: &str) -> Option<(&Account, &PackageSize)> {
        let id = id.parse().ok()?;
        self.accounts.values().find_map(|it| Some((it, it.package_sizes.get(&id)?)))
    }
}

/// Shipments in the order in which they came.
pub fn shipments(state: &State) -> Rows<'_> {
    let row = |it| (State::shipment_id(state, it), Some(it.life.state().word()));
    Box::new(state.shelf.all().map(row))
}

/// How many shipments there are.
pub fn count_shipments(state: &State) -> usize {
    state.shelf.all().len()
}

/// A shipment by its reference.
pub fn shipment(state: &State, id: &str) -> Option<Detail> {
    let shipment = state.shipment_by(id)?;
    Some(Detail::of(&shipment.life, shipment_data(state, shipment)))
}

fn shipment_data(state: &State, shipment: &Shipment) -> Value {
    let service = shipment.service.and_then(carriers::service_of);
    json!({
        "account": email(state, shipment.account),
        "draft": shipment.draft,
        "created": shipment.created,
        "modified": shipment.modified,
        "carrier": shipment.carrier,
        "service": shipment.service,
        "service_name": service.map(|it| it.name),
        "increment": shipment.increment,
        "tracking": shipment.tracking,
        "cost": shipment.cost.map(Number),
        "refusal": shipment.refusal,
        "returns": shipment.returns,
        "inlays": shipment.inlays,
        "messages": shipment.messages,
        "printed": shipment.printed,
        "example": shipment.example,
        "journey": shipment.itinerary.as_ref().map(|itinerary| &itinerary.journey),
        "stops": shipment.itinerary.as_ref().map(|itinerary| &itinerary.stops),
    })
}

fn email(state: &State, account: u64) -> Option<&str> {
    state.accounts.get(&account).map(|account| account.email.as_str())
}

/// Products by account and SKU.
pub fn products(state: &State) -> Rows<'_> {
    let accounts = state.accounts.values();
    Box::new(accounts.flat_map(|account| {
        account.products.keys().map(|sku| (state.scoped(account.id, sku), None))
    }))
}

/// How many products there are.
pub fn count_products(state: &State) -> usize {
    state.accounts.values().map(|account| account.products.len()).sum()
}

/// A product by its SKU.
pub fn product(state: &State, id: &str) -> Option<Detail> {
    let (account, product) = state.product_by(id)?;
    let data = json!({
        "account": account.email,
        "sheet": product.sheet,
        "created": product.created,
        "modified": product.modified,
        "example": product.example,
    });
    Some(Detail::computed(None, data))
}

/// Tags by id.
pub fn tags(state: &State) -> Rows<'_> {
    Box::new(state.tags.keys().map(|id| (id.to_string(), None)))
}

/// How many tags there are.
pub fn count_tags(state: &State) -> usize {
    state.tags.len()
}

/// A tag by its id.
pub fn tag(state: &State, id: &str) -> Option<Detail> {
    let tag = state.tags.get(&id.parse().ok()?)?;
    let data = json!({
        "account": email(state, tag.account),
        "id": tag.id,
        "name": tag.name,
        "background_colour": tag.background_colour,
        "text_colour": tag.text_colour,
        "example": tag.example,
    });
    Some(Detail::computed(None, data))
}

/// Package sizes by account and id.
pub fn package_sizes(state: &State) -> Rows<'_> {
    let sizes = state.accounts.values().flat_map(|account| account.package_sizes.keys());
    Box::new(sizes.map(|id| (id.to_string(), None)))
}

/// How many package sizes there are.
pub fn count_package_sizes(state: &State) -> usize {
    state.accounts.values().map(|account| account.package_sizes.len()).sum()
}

/// A package size by its id.
pub fn package_size(state: &State, id: &str) -> Option<Detail> {
    let (account, size) = state.package_size_by(id)?;
    Some(Detail::computed(None, json!({ "account": account.email, "size": size })))
}

/// Accounts by id.
pub fn accounts(state: &State) -> Rows<'_> {
    Box::new(state.accounts.keys().map(|id| (id.to_string(), None)))
}

/// How many accounts there are.
pub fn count_accounts(state: &State) -> usize {
    state.accounts.len()
}

/// An account by its id or its mail address.
pub fn account(state: &State, id: &str) -> Option<Detail> {
    let account = state.account_by(id)?;
    let data = json!({
        "id": account.id,
        "name": account.name,
        "email": account.email,
        "password": account.password,
        "permanent_token": account.tokens.first(),
        "sender": account.sender,
        "carriers": account.carriers,
        "rules": account.rules,
        "next_journeys": account.next_journeys,
    });
    Some(Detail::computed(None, data))
}

impl Inspect for Shiptheory {
    const ENTITIES: &'static [Entity<Self>] = ENTITIES;

    /// What a promise is about: the shipment that gets the next input.
    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        let (number, on) = match timer {
            Timer::Journey(number) => {
                let stop = state.shelf.get(number)?.itinerary.as_ref()?.stops.front()?;
                (number, stop.on.clone())
            }
            Timer::Archive(number) => (number, Input::Archive.word().to_owned()),
            Timer::Invent(_) => return None,
        };
        let shipment = state.shelf.get(number)?;
        Some(("shipment".to_owned(), state.shipment_id(shipment), on))
    }

    fn presets(state: &State) -> Presets {
        let mut presets = Presets::default();
        for account in state.accounts.values() {
            let named = |what: &str| match account.name.as_str() {
                "" => what.to_owned(),
                name => format!("{name}_{what}"),
            };
            let token = account.tokens.first().map_or("", String::as_str);
            for (what, value) in [
                ("email", account.email.as_str()),
                ("password", account.password.as_str()),
                ("permanent_token", token),
            ] {
                presets.credentials.insert(named(what), json!(value));
            }
        }
        let main = state.accounts.values().find(|account| account.name.is_empty());
        if let Some(main) = main.or_else(|| state.accounts.values().next()) {
            let own = || state.shelf.of(main.id);
            let complete = own().find(|it| it.life.state() == Status::Complete);
            let service = carriers::SERVICES.iter().find(|it| main.instances(it).next().is_some());
            let returns = || {
                let mut known = carriers::RETURN_SERVICES.iter();
                known.find(|it| main.carriers.contains_key(it.carrier.word()))
            };
            let tag = state.tags.values().find(|tag| tag.account == main.id);
            let mut products: Vec<&Product> = main.products.values().collect();
            products.sort_by_key(|product| product.number);
            presets.ids = [
                ("account", Some(json!(main.id))),
                ("shipment", complete.map(|it| json!(it.draft.reference))),
                ("product", products.last().map(|it| json!(it.sheet.sku))),
                ("tag", tag.map(|it| json!(it.id))),
                ("package_size", main.package_sizes.keys().next().map(|id| json!(id))),
                ("delivery_service", service.map(|it| json!(it.id))),
                ("return_service", returns().map(|it| json!(it.id))),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        }
        let journeys = journeys::magic().map(|(number, plan)| Magic {
            field: "recipient.telephone".to_owned(),
            value: number,
            effect: format!("journey {}: {}", plan.name, plan.summary),
        });
        presets.magic = journeys.collect();
        presets
    }
}
