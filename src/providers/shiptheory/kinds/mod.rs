//! Shiptheory's kinds of entity: what the control API shows of each, sets and moves.
//!
//! What is not unique in a world stands behind the name of its account and a colon, but for the first account's.

mod account;
mod package_size;
mod product;
mod shipment;
mod tag;

use serde_json::json;

use crate::providers::shiptheory::data::carriers;
use crate::providers::shiptheory::machines::{Input, Status};
use crate::providers::shiptheory::state::accounts::{Account, Product};
use crate::providers::shiptheory::{Shiptheory, State, Timer, journeys};
use crate::providers::{Entities, Inspect, Presets, numbers, traveller};

/// Of the kinds without a table.
const NO_MOVES: &str = "only shipments have moves; what can be set is set with PATCH";

/// The account that an id speaks of, and what stands behind the colon: the first account's things are called as they
/// are.
fn unscoped<'a, 'b>(state: &'a State, id: &'b str) -> impl Iterator<Item = (&'a Account, &'b str)> {
    let named = id.split_once(':');
    let first = state.accounts.values().filter(|it| it.name.is_empty()).map(move |it| (it, id));
    let others = state.accounts.values().filter_map(move |it| {
        named.filter(|(name, _)| *name == it.name).map(|(_, rest)| (it, rest))
    });
    first.chain(others)
}

fn email(state: &State, account: u64) -> Option<&str> {
    state.accounts.get(&account).map(|account| account.email.as_str())
}

impl Inspect for Shiptheory {
    const ENTITIES: &'static [&'static dyn Entities] = &[
        &shipment::Shipments,
        &product::Products,
        &tag::Tags,
        &package_size::PackageSizes,
        &account::Accounts,
    ];

    /// What a promise is about: the shipment that gets the next input.
    fn subject(state: &State, timer: Timer) -> Option<(String, String, String)> {
        let (number, on) = match timer {
            Timer::Journey(number) => return traveller::subject::<Shiptheory>(state, number),
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
        let own = state.journeys.magic(&journeys::MAP);
        presets.magic = numbers(&journeys::MAP).chain(own).collect();
        presets
    }
}
