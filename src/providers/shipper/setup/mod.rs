//! Shipper's part of a scenario's `world:`, and how it is opened.

mod orders;
mod soundness;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kit::mistake::Mistake;
use crate::providers::setup::{days, each, promise, setup, unless_there};
use crate::providers::shipper::data::geography;
use crate::providers::shipper::machines::{KEY, KeyInput, KeyState};
use crate::providers::shipper::setup::orders::OrderSetup;
use crate::providers::shipper::state::accounts::{Key, Organization, Role};
use crate::providers::shipper::state::book::Book;
use crate::providers::shipper::state::catalogue::{Catalogue, Product, Variant};
use crate::providers::shipper::{Shipper, State, Timer, journeys};
use crate::providers::soundness::check_id;
use crate::providers::{
    Choice, Cx, JourneyBook, Opening, Setting, WrittenJourneys, merged_journeys,
};
use crate::sim::chance::Chance;
use crate::sim::journey::plan::History;

setup! {
    /// What a scenario says about Shipper.
    #[schemars(rename = "Shipper")]
    pub struct Setup {
        /// Where documentation and evidence are silent: which way to go.
        may switches: Switches,
        /// Calls a minute.
        may limits: Limits,
        /// The journey of orders that name none.
        may journey: String,
        /// Journeys of the scenario's own, by name: chains of inputs.
        may journeys: WrittenJourneys => merged_journeys,
        /// Which orders go on which journey; the first that fits decides.
        may choose: Vec<Choice>,
        /// Accounts; the first is the one `presets` speaks of.
        may organizations: Vec<OrganizationSetup>,
    }
}

impl Setting for Setup {
    /// How many days of history have to be lived through.
    fn days(&self) -> u32 {
        let histories = self.organizations.iter().flatten().filter_map(|it| it.history.as_ref());
        days(histories)
    }
}

/// Behaviours that are inferred, and can be met the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ShipperSwitches")]
pub struct Switches {
    /// One window for all five groups, as the framework's short form of a limit gives.
    pub shared_rate_bucket: bool,
    /// Windows are counted per organization instead of per key.
    pub rate_per_organization: bool,
    /// Rate headers also on 401, unknown routes and wrong methods.
    pub rate_headers_everywhere: bool,
    /// Dates are read as PHP reads them, 30 February and all.
    pub lenient_dates: bool,
    /// A `+` between date and time is refused, as the documentation's hint has it.
    pub strict_plus: bool,
    /// Without `Accept: application/json`, a 422 becomes a redirect and a 401 a 500.
    pub redirect_without_accept: bool,
    /// `per_page` over its maximum is a 422 instead of the maximum.
    pub strict_per_page: bool,
    /// A product that has variants must be ordered by one of theirs.
    pub variants_required: bool,
    /// An unknown product is a 500 instead of a 422.
    pub unknown_product_breaks: bool,
    /// An unknown order's 404 ends in the id instead of a full stop.
    pub not_found_names_id: bool,
    /// A carrier's scans on the road reach Shipper behind the report that follows them.
    pub late_scans: bool,
    /// `is_cod` when the request does not say.
    pub cod_by_default: bool,
    /// Any origin may call, as the framework allows by default.
    #[serde(default = "crate::providers::setup::yes")]
    pub cors: bool,
    /// A webhook is switched off after so many failed tries; 0 is never.
    pub disable_webhook_after: u32,
}

impl Default for Switches {
    fn default() -> Self {
        Switches {
            shared_rate_bucket: false,
            rate_per_organization: false,
            rate_headers_everywhere: false,
            lenient_dates: false,
            strict_plus: false,
            redirect_without_accept: false,
            strict_per_page: false,
            variants_required: false,
            unknown_product_breaks: false,
            not_found_names_id: false,
            late_scans: false,
            cod_by_default: true,
            cors: true,
            disable_webhook_after: 0,
        }
    }
}

/// Calls a minute, by group: documentation, "Rate limits".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// No limits at all.
    pub lifted: bool,
    /// Products, orders, webhooks.
    pub read: u32,
    /// The dashboard.
    pub dashboard: u32,
    /// Countries and divisions.
    pub reference: u32,
    /// Creating orders and webhooks.
    pub write: u32,
    /// Cancelling and deleting.
    pub destructive: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            lifted: false,
            read: 120,
            dashboard: 30,
            reference: 60,
            write: 30,
            destructive: 20,
        }
    }
}

/// An organization of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationSetup {
    /// Its name.
    pub name: String,
    /// Retailer, unless said otherwise.
    #[serde(default = "retailer")]
    pub role: Role,
    /// TN, DZ or MA.
    #[serde(default = "tunisia")]
    pub country: String,
    /// Its keys.
    #[serde(default)]
    pub keys: Vec<KeySetup>,
    /// `sample` for the built-in catalogue of sixty products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalogue: Option<CatalogueSetup>,
    /// Products of its own.
    #[serde(default)]
    pub products: Vec<ProductSetup>,
    /// Orders with a past of their own.
    #[serde(default)]
    pub orders: Vec<OrderSetup>,
    /// Orders to be made up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
}

fn retailer() -> Role {
    Role::Retailer
}

fn tunisia() -> String {
    "TN".to_owned()
}

crate::words! {
    /// Ready-made catalogues.
    pub enum CatalogueSetup {
        /// Sixty products of four suppliers.
        Sample = "sample",
    }
}

/// A key of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeySetup {
    /// Its name in `presets`.
    pub name: String,
    /// The token; drawn from the seed when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// `active`, unless said otherwise.
    #[serde(default = "active")]
    pub state: KeyState,
}

fn active() -> KeyState {
    KeyState::Active
}

/// A product of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductSetup {
    /// Its sequential id; the next free one when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Its UUID; drawn from the seed when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<Uuid>,
    /// Other texts it can be ordered by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its name.
    pub name: String,
    /// Its stock-keeping unit.
    pub sku: String,
    /// What the customer pays.
    #[serde(with = "rust_decimal::serde::str")]
    #[schemars(with = "String")]
    pub price: Decimal,
    /// What the supplier gets.
    #[serde(with = "rust_decimal::serde::str")]
    #[schemars(with = "String")]
    pub cost: Decimal,
    /// The supplier's name.
    #[serde(default = "supplier")]
    pub supplier: String,
    /// Units, of a product without variants.
    #[serde(default)]
    pub stock: i64,
    /// Its variants.
    #[serde(default)]
    pub variants: Vec<VariantSetup>,
}

fn supplier() -> String {
    "RU836".to_owned()
}

/// A variant of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VariantSetup {
    /// Its UUID; drawn from the seed when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// Its stock-keeping unit.
    pub sku: String,
    /// Units.
    pub stock: i64,
}

impl Opening for Shipper {
    type Setup = Setup;

    fn open(cx: &mut Cx<'_, Shipper>, setup: &Setup, start: Timestamp) -> Result<(), Mistake> {
        cx.state.switches = setup.switches.unwrap_or_default();
        cx.state.limits = setup.limits.unwrap_or_default();
        cx.state.accounts.next_webhook = 1;
        cx.state.opening = true;
        let map = &journeys::MAP;
        cx.state.journeys =
            JourneyBook::read(map, setup.journeys.as_ref(), setup.choose.as_deref())?;
        if let Some(name) = &setup.journey {
            cx.state.journey = cx.state.journeys.usual(map, journeys::route(), "journey", name)?;
        }
        each("organizations", setup.organizations.iter().flatten(), |place, it| {
            open_organization(cx, place as u32 + 1, it, start)
        })
    }

    /// From now on ids go on after the largest, and stock moves.
    fn opened(state: &mut State, _: Timestamp) {
        state.opening = false;
        for organization in state.accounts.organizations.values_mut() {
            organization.book.seal();
        }
    }

    fn check(state: &State) -> Result<(), Mistake> {
        soundness::check(state)
    }
}

fn open_organization(
    cx: &mut Cx<'_, Shipper>,
    number: u32,
    setup: &OrganizationSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    let country = geography::country(&setup.country).ok_or_else(|| {
        Mistake::new("country", format!("`{}` is none of TN, DZ, MA", setup.country))
    })?;
    let mut catalogue = Catalogue::default();
    each("products", &setup.products, |_, product| {
        let id = product.id.unwrap_or_else(|| catalogue.next_id());
        unless_there(catalogue.by_id(id).is_some(), "id", format_args!("a product {id}"))?;
        check_id(id).map_err(|problem| Mistake::new("id", problem))?;
        for (field, amount) in [("price", product.price), ("cost", product.cost)] {
            soundness::within(amount).map_err(|problem| Mistake::new(field, problem))?;
        }
        catalogue.add(build_product(product, id, cx.chance));
        Ok(())
    })?;
    if setup.catalogue == Some(CatalogueSetup::Sample) {
        add_sample(&mut catalogue, cx.chance);
    }
    for key in &setup.keys {
        open_key(cx, number, key)?;
    }
    cx.state.accounts.organizations.insert(
        number,
        Organization {
            id: number,
            name: setup.name.clone(),
            role: setup.role,
            country: country.code.to_owned(),
            catalogue,
            book: Book::default(),
        },
    );
    if let Some(history) = &setup.history {
        promise(cx, history, end_of(history, &setup.orders, start), Timer::Invent(number))?;
    }
    each("orders", &setup.orders, |_, it| orders::add(cx, number, it, start))
}

/// When a made-up past ends: ids follow the order of creation, so recorded orders, whose ids are larger, come after it,
/// as long as they lie within it.
fn end_of(history: &History, orders: &[OrderSetup], start: Timestamp) -> Timestamp {
    let days = SignedDuration::from_hours(i64::from(history.days) * 24);
    let begin = start.saturating_sub(days).unwrap_or(start);
    let recorded = orders.iter().filter_map(|order| order.created_at);
    recorded.filter(|at| (begin..start).contains(at)).min().unwrap_or(start)
}

fn open_key(cx: &mut Cx<'_, Shipper>, organization: u32, setup: &KeySetup) -> Result<(), Mistake> {
    let id = cx.state.accounts.keys.keys().next_back().map_or(1, |last| last + 1);
    let drawn = || -> String {
        let mut draw = cx.chance.draw("shipper/key");
        format!("{}|{}", draw.digits(6), draw.alphanumeric(40))
    };
    let token = setup.token.clone().unwrap_or_else(drawn);
    if cx.state.accounts.key(&token).is_some() {
        let problem = format!("the token of `{}` is there twice", setup.name);
        return Err(Mistake::new("keys", problem));
    }
    let mut life = KEY.start();
    let input = match setup.state {
        KeyState::Active => None,
        KeyState::Disabled => Some(KeyInput::Disable),
        KeyState::Revoked => Some(KeyInput::Revoke),
    };
    if let Some(on) = input {
        KEY.step(&mut life, on, cx.now).expect("an active key can be disabled and revoked");
    }
    cx.state.accounts.add_key(Key { id, name: setup.name.clone(), token, organization, life });
    Ok(())
}

fn build_product(setup: &ProductSetup, id: u64, chance: &mut Chance) -> Product {
    let mut uuid =
        |given: Option<Uuid>| given.unwrap_or_else(|| chance.draw("shipper/product").uuid());
    Product {
        id,
        uuid: uuid(setup.uuid),
        aliases: setup.aliases.clone(),
        name: setup.name.clone(),
        sku: setup.sku.clone(),
        price: setup.price,
        cost: setup.cost,
        status: "active".to_owned(),
        supplier: setup.supplier.as_str().into(),
        stock: setup.stock,
        variants: setup
            .variants
            .iter()
            .map(|variant| Variant {
                uuid: uuid(variant.uuid),
                name: variant.name.clone(),
                sku: variant.sku.clone(),
                price: setup.price,
                cost: setup.cost,
                stock: variant.stock,
            })
            .collect(),
    }
}

/// The built-in catalogue: name, unit, price, cost, supplier, stock, variants with their stock.
const SAMPLE: &str = include_str!("catalogue.txt");

/// Adds the built-in catalogue, leaving out what a product of the setup already stands for.
fn add_sample(catalogue: &mut Catalogue, chance: &mut Chance) {
    let mut id = 1;
    for line in SAMPLE.lines().filter(|line| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [name, sku, price, cost, supplier, stock, variants] = fields[..] else {
            unreachable!("the built-in catalogue has seven columns: {line}");
        };
        if catalogue.iter().any(|known| known.name == name || known.sku == sku) {
            continue;
        }
        while catalogue.by_id(id).is_some() {
            id += 1;
        }
        let amount =
            |text: &str| text.parse::<Decimal>().expect("the built-in catalogue has plain amounts");
        let units =
            |text: &str| text.parse::<i64>().expect("the built-in catalogue has plain counts");
        let variant = |text: &str| {
            let (name, stock) =
                text.rsplit_once(':').expect("a built-in variant is a name and a count");
            let short = name.rsplit(' ').next().unwrap_or(name).to_uppercase();
            VariantSetup {
                uuid: None,
                name: name.to_owned(),
                sku: format!("{sku}-{short}"),
                stock: units(stock),
            }
        };
        let setup = ProductSetup {
            id: Some(id),
            uuid: None,
            aliases: Vec::new(),
            name: name.to_owned(),
            sku: sku.to_owned(),
            price: amount(price),
            cost: amount(cost),
            supplier: supplier.to_owned(),
            stock: units(stock),
            variants: variants.split(',').filter(|text| !text.is_empty()).map(variant).collect(),
        };
        catalogue.add(build_product(&setup, id, chance));
    }
}
