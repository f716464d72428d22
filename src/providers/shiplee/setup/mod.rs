//! Shiplee's part of a scenario's `world:`, and how it is opened.

pub mod soundness;

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::frameworks::php::json_encode::Number;
use crate::kit::mistake::Mistake;
use crate::policy::PolicyStep;
use crate::policy::allow_list::{Network, loopback};
use crate::providers::setup::{days, each, merged, promise, setup, unless_there};
use crate::providers::shiplee::data::postal::{Service, is_mobile, is_pincode};
use crate::providers::shiplee::data::rate_card::RateCard;
use crate::providers::shiplee::errors::Statuses;
use crate::providers::shiplee::machines::{WAREHOUSE, WarehouseInput};
use crate::providers::shiplee::resources::orders;
use crate::providers::shiplee::rules::carrier::{Answer, Waybills};
use crate::providers::shiplee::rules::intake;
use crate::providers::shiplee::rules::intake::Intake;
use crate::providers::shiplee::state::accounts::{Seller, Warehouse};
use crate::providers::shiplee::state::order::{Direction, Pins};
use crate::providers::shiplee::state::switches::Switches;
use crate::providers::shiplee::state::wallet::{EntryKind, Wallet};
use crate::providers::shiplee::{Shiplee, State, Timer, errors, journeys};
use crate::providers::soundness::check_id;
use crate::providers::{
    Choice, Cx, JourneyBook, Opening, Setting, WrittenJourneys, merged_journeys,
};
use crate::sim::journey::plan::History;
use crate::sim::secrets::hexadecimal;

setup! {
    /// What a scenario says about Shiplee.
    #[schemars(rename = "Shiplee")]
    pub struct Setup {
        /// Where documentation and evidence are silent: which way to go.
        may switches: Switches,
        /// Status codes by the name of the refusal.
        may statuses: Statuses,
        /// The order in which a call is checked: `allowed_address`, `allowed_domain`, `credential`.
        may checks: Vec<PolicyStep>,
        /// Who is believed to forward for somebody else; this machine, unless said otherwise.
        may trusted_proxies: Vec<Network>,
        /// What carrying costs.
        may rates: RateCard,
        /// Markup in percent by the name of the plan; over `starter`, `growth` and `enterprise`.
        may plans: BTreeMap<String, Number>,
        /// Pincodes of which not everything is served.
        may pincodes: Vec<Service>,
        /// The journey of forward parcels that name none.
        may journey: String,
        /// The journey of reverse parcels that name none.
        may reverse_journey: String,
        /// Journeys of the scenario's own, by name: chains of inputs.
        may journeys: WrittenJourneys => merged_journeys,
        /// Which parcels go on which journey; the first that fits decides.
        may choose: Vec<Choice>,
        /// Accounts; the first is the one `presets` speaks of.
        may sellers: Vec<SellerSetup> => merged,
    }
}

impl Setting for Setup {
    /// How many days of history have to be lived through.
    fn days(&self) -> u32 {
        days(self.histories())
    }
}

impl Setup {
    fn histories(&self) -> impl Iterator<Item = &History> {
        self.sellers.iter().flatten().filter_map(|seller| seller.history.as_ref())
    }
}

/// The plans everybody knows, with their markup in percent.
pub const PLANS: &[(&str, i64)] = &[("starter", 20), ("growth", 15), ("enterprise", 10)];

setup! {
    /// A seller of a scenario.
    pub struct SellerSetup {
        /// What stands before its credentials in `presets`; nothing for the first.
        may name: String,
        /// The mail address it logs in with.
        must username: String,
        /// What it logs in with; drawn from the seed when missing.
        may api_key: String,
        /// Its id; the next free one from 62 on when missing.
        may id: u64,
        /// Its other name: 32 hexadecimal digits, drawn from the seed when missing.
        may shiplee_id: String,
        /// What its tokens are signed with; drawn from the seed when missing.
        may secret: String,
        /// `starter`, unless said otherwise.
        may plan: String,
        /// What its wallet holds at the start; 5000 when missing.
        may wallet: Number,
        /// From where it may call; this machine when missing.
        may allowed_ips: Vec<Network>,
        /// For which domains it may call; `localhost` when missing.
        may allowed_domains: Vec<String>,
        /// How the carrier answers its next bookings.
        may next_answers: VecDeque<Answer>,
        /// Its warehouses.
        may warehouses: Vec<WarehouseSetup>,
        /// Orders that are there and not booked.
        may orders: Vec<OrderSetup>,
        /// Orders to be made up.
        may history: History,
    }
}

/// A warehouse of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WarehouseSetup {
    /// Its id; the next free one when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Its name.
    pub nickname: String,
    /// Ten digits.
    #[serde(default = "sample_mobile")]
    pub mobile: String,
    /// The street.
    pub address1: String,
    /// Six digits.
    pub pincode: String,
    /// The city.
    pub city: String,
    /// The state.
    pub state: String,
    /// `primary`, unless said otherwise.
    #[serde(default = "primary")]
    pub address_type: String,
    /// Whether it is listed.
    #[serde(default = "crate::providers::setup::yes")]
    pub active: bool,
    /// What it is called at the carrier, if it is registered there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delhivery_name: Option<String>,
    /// How often its registration at the carrier fails.
    #[serde(default)]
    pub registration_failures: u32,
}

fn sample_mobile() -> String {
    "9000000001".to_owned()
}

fn primary() -> String {
    "primary".to_owned()
}

/// An order of a scenario: what `POST /order` is sent, and the numbers it shall get.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ShipleeOrder")]
pub struct OrderSetup {
    /// Its number; the next free one when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// When it came; the world's start when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// The numbers its bookings get.
    #[serde(default)]
    pub pins: Pins,
    /// The request that made it.
    pub request: Map<String, Value>,
}

impl Opening for Shiplee {
    type Setup = Setup;

    fn open(cx: &mut Cx<'_, Shiplee>, setup: &Setup, start: Timestamp) -> Result<(), Mistake> {
        settle(cx.state, setup)?;
        cx.state.waybills = Waybills::drawn(cx.chance);
        cx.state.history_ends = Some(start);
        let invented = setup.histories().map(|history| u64::from(history.orders)).sum();
        cx.state.book.reserve(invented);
        each("sellers", setup.sellers.iter().flatten(), |place, it| {
            open_seller(cx, place, it, start)
        })
    }

    /// After the history was lived through: numbers go on behind those that are there, wallets hold what they shall
    /// and are not moved by what is left of the history.
    fn opened(state: &mut State, start: Timestamp) {
        state.history_ends = None;
        state.book.seal();
        state.book.stop_before_cancel();
        for (seller, wallet) in std::mem::take(&mut state.opening_wallets) {
            if let Some(seller) = state.sellers.get_mut(&seller) {
                seller.wallet.set(start, EntryKind::Adjustment, wallet.0);
            }
        }
    }

    fn check(state: &State) -> Result<(), Mistake> {
        soundness::check(state)
    }
}

/// Takes over what holds for everybody.
fn settle(state: &mut State, setup: &Setup) -> Result<(), Mistake> {
    state.switches = setup.switches.unwrap_or_default();
    state.statuses = setup.statuses.clone().unwrap_or_default();
    state.statuses.check()?;
    if let Some(checks) = &setup.checks {
        soundness::check_order(checks).map_err(|mistake| mistake.below("checks"))?;
        state.checks = checks.clone();
    }
    state.trusted_proxies = setup.trusted_proxies.clone().unwrap_or_else(loopback);
    state.rates = setup.rates.clone().unwrap_or_default();
    state.rates.check().map_err(|mistake| mistake.below("rates"))?;
    for (plan, markup) in setup.plans.iter().flatten() {
        state.plans.insert(plan.clone(), *markup);
    }
    for (place, service) in setup.pincodes.iter().flatten().enumerate() {
        if !is_pincode(&service.pincode) {
            let problem = format!("`{}` is not six digits, the first not zero", service.pincode);
            return Err(Mistake::new(format!("pincodes[{place}].pincode"), problem));
        }
        state.pincodes.insert(service.pincode.clone(), service.clone());
    }
    let map = &journeys::MAP;
    state.journeys = JourneyBook::read(map, setup.journeys.as_ref(), setup.choose.as_deref())?;
    for (field, name, direction) in [
        ("journey", &setup.journey, Direction::Forward),
        ("reverse_journey", &setup.reverse_journey, Direction::Reverse),
    ] {
        let Some(name) = name else { continue };
        let name = state.journeys.usual(map, journeys::route(direction), field, name)?;
        match direction {
            Direction::Forward => state.journey = name,
            Direction::Reverse => state.reverse_journey = name,
        }
    }
    Ok(())
}

/// The first seller's id when the scenario names none.
const FIRST_SELLER: u64 = 62;
/// The first warehouse's id when the scenario names none: the documentation's.
pub const FIRST_WAREHOUSE: u64 = 2_147_483_833;
/// What a wallet holds when the scenario does not say.
const WALLET: i64 = 5_000;

fn open_seller(
    cx: &mut Cx<'_, Shiplee>,
    place: usize,
    setup: &SellerSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    let sellers = &cx.state.sellers;
    if setup.username.trim().is_empty() {
        return Err(Mistake::new("username", "a seller needs a user name, as you@example.com"));
    }
    for (field, name) in
        [("username", Some(&setup.username)), ("shiplee_id", setup.shiplee_id.as_ref())]
    {
        let Some(name) = name else { continue };
        let is_there = sellers.values().any(|seller| seller.is_called(name));
        unless_there(is_there, field, format_args!("a seller `{name}`"))?;
    }
    let next = sellers.keys().next_back().map_or(FIRST_SELLER, |last| last.saturating_add(1));
    let id = setup.id.unwrap_or(next);
    check_id(id).map_err(|problem| Mistake::new("id", problem))?;
    unless_there(sellers.contains_key(&id), "id", format_args!("a seller {id}"))?;
    let plan = setup.plan.clone().unwrap_or_else(|| PLANS[0].0.to_owned());
    if !cx.state.plans.contains_key(&plan) {
        return Err(Mistake::new("plan", soundness::no_plan(cx.state, &plan)));
    }
    let usual_name = || if place == 0 { String::new() } else { format!("seller_{id}") };
    let mut draw = cx.chance.draw("shiplee/seller");
    let (drawn_key, drawn_secret) = (draw.alphanumeric(32), draw.alphanumeric(48));
    let drawn_id = hexadecimal(draw.uuid().as_bytes());
    let wallet = setup.wallet.map_or(Decimal::from(WALLET), |wallet| wallet.0);
    let mut seller = Seller {
        id,
        name: setup.name.clone().unwrap_or_else(usual_name),
        email: setup.username.clone(),
        shiplee_id: setup.shiplee_id.clone().unwrap_or(drawn_id),
        api_key: setup.api_key.clone().unwrap_or(drawn_key),
        secret: setup.secret.clone().unwrap_or(drawn_secret),
        plan,
        allowed_ips: setup.allowed_ips.clone().unwrap_or_else(loopback),
        allowed_domains: setup.allowed_domains.clone().unwrap_or_else(|| vec!["localhost".into()]),
        wallet: Wallet::default(),
        next_answers: setup.next_answers.clone().unwrap_or_default(),
    };
    if setup.history.is_some() {
        cx.state.opening_wallets.insert(id, Number(wallet));
    } else {
        seller.wallet.set(cx.now, EntryKind::Recharge, wallet);
    }
    cx.state.sellers.insert(id, seller);
    each("warehouses", setup.warehouses.iter().flatten(), |_, it| open_warehouse(cx, id, it))?;
    each("orders", setup.orders.iter().flatten(), |_, it| open_order(cx, id, it, start))?;
    if let Some(history) = &setup.history {
        if !cx.state.warehouses.values().any(|warehouse| warehouse.seller == id) {
            return Err(Mistake::new("history", "a seller with a history needs a warehouse"));
        }
        promise(cx, history, start, Timer::Invent(id))?;
    }
    Ok(())
}

fn open_warehouse(
    cx: &mut Cx<'_, Shiplee>,
    seller: u64,
    setup: &WarehouseSetup,
) -> Result<(), Mistake> {
    let id = setup.id.unwrap_or_else(|| cx.state.next_warehouse());
    check_id(id).map_err(|problem| Mistake::new("id", problem))?;
    unless_there(cx.state.warehouses.contains_key(&id), "id", format_args!("a warehouse {id}"))?;
    if !is_pincode(&setup.pincode) {
        let problem = format!("`{}` is not six digits, the first not zero", setup.pincode);
        return Err(Mistake::new("pincode", problem));
    }
    if !is_mobile(&setup.mobile) {
        return Err(Mistake::new(
            "mobile",
            format!("`{}` is not ten digits from 6 up", setup.mobile),
        ));
    }
    let mut life = WAREHOUSE.start();
    if !setup.active {
        WAREHOUSE
            .step(&mut life, WarehouseInput::Deactivate, cx.now)
            .expect("an active warehouse can be taken off the list");
    }
    let warehouse = Warehouse {
        id,
        seller,
        nickname: setup.nickname.clone(),
        mobile: setup.mobile.clone(),
        address1: setup.address1.clone(),
        pincode: setup.pincode.clone(),
        city: setup.city.clone(),
        state: setup.state.clone(),
        address_type: setup.address_type.clone(),
        delhivery_name: setup.delhivery_name.clone(),
        registration_failures: setup.registration_failures,
        life,
    };
    cx.state.warehouses.insert(id, warehouse);
    Ok(())
}

fn open_order(
    cx: &mut Cx<'_, Shiplee>,
    seller: u64,
    setup: &OrderSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    let id = setup.id.unwrap_or_else(|| cx.state.book.order_number());
    check_id(id).map_err(|problem| Mistake::new("id", problem))?;
    unless_there(cx.state.book.order(id).is_some(), "id", format_args!("an order {id}"))?;
    if let Some(reverse) = setup.pins.reverse_id {
        check_id(reverse).map_err(|problem| Mistake::new("pins.reverse_id", problem))?;
    }
    let draft = orders::read(&setup.request.clone().into(), cx.state.switches.strict_order)
        .map_err(|error| Mistake::new("request", errors::sentence(error)))?;
    let created_at = setup.created_at.unwrap_or(start);
    intake::add(cx, id, created_at, Intake { seller, draft, pins: setup.pins.clone() });
    Ok(())
}
