//! Salla's part of a scenario's `world:`, and how it is opened.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::providers::salla::accounts::{App, Grant, Plan, Store, Strategy, Subscription, User};
use crate::providers::salla::couriers::{COURIERS, courier};
use crate::providers::salla::intake::{self, Draft, branch, nowhere};
use crate::providers::salla::machines::{SHIPMENT, ShipmentInput, ShipmentState, TOPICS};
use crate::providers::salla::oauth::{self, ACCESS, OFFLINE, REFRESH, SCOPES};
use crate::providers::salla::places::{city, country};
use crate::providers::salla::shipment::{
    Billing, End, EndKind, Extras, Kind, Label, Mark, Money, Package, Payment, Source, riyal,
};
use crate::providers::salla::{Salla, State, journeys, past};
use crate::providers::{Cx, Mistake};
use crate::sim::journey::History;
use crate::sim::machine::route;
use crate::sim::secrets::hexadecimal;
use crate::words;

/// What a scenario says about Salla.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Setup {
    /// Where documentation and evidence are silent: which way to go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switches: Option<Switches>,
    /// How often a store may be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// The journey of shipments whose recipient chooses none; over the courier's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journey: Option<String>,
    /// The app that calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<AppSetup>,
    /// The stores it may call for; the first is the one that lets it in at the authorization page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stores: Option<Vec<StoreSetup>>,
}

/// What one list says over another, told apart by a key.
fn merged<T, K: PartialEq>(
    own: Option<Vec<T>>,
    base: Option<Vec<T>>,
    key: fn(&T) -> K,
    or: fn(T, T) -> T,
) -> Option<Vec<T>> {
    match (own, base) {
        (Some(own), Some(mut base)) => {
            let mut all: Vec<T> = Vec::with_capacity(own.len() + base.len());
            for it in own {
                let place = base.iter().position(|other| key(other) == key(&it));
                all.push(match place {
                    Some(place) => or(it, base.remove(place)),
                    None => it,
                });
            }
            all.append(&mut base);
            Some(all)
        }
        (own, base) => own.or(base),
    }
}

impl Setup {
    /// The same setup, with what it does not say taken from another. Stores are told apart by their ids.
    pub fn or(self, base: Setup) -> Setup {
        Setup {
            switches: self.switches.or(base.switches),
            limits: self.limits.or(base.limits),
            journey: self.journey.or(base.journey),
            app: self.app.or(base.app),
            stores: merged(self.stores, base.stores, |it| it.id, StoreSetup::or),
        }
    }
}

/// Behaviours that are inferred, and can be met the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Switches {
    /// Amounts and weights are numbers, and a weight has `units`: as a connector met them in live data.
    pub live_types: bool,
    /// Shipments have the keys of the example alone, without the two that only the schema has.
    pub example_fields_only: bool,
    /// The most rows on a page: 65 by the schema, 60 by the guide.
    pub most_per_page: u64,
    /// `PUT /shipments/{id}` answers with courier and status as objects, as its example has it.
    pub nested_update_answer: bool,
    /// The courier agrees to call off what it carries already.
    pub cancel_after_shipping: bool,
    /// Webhooks may go to `localhost` and to `.test`.
    pub local_webhook_urls: bool,
    /// Companies that a merchant linked have no short name, as one copy of the documentation says.
    pub manual_without_slug: bool,
    /// A refreshed access token holds until its two weeks are over.
    pub refresh_keeps_old_token: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Switches {
            live_types: false,
            example_fields_only: false,
            most_per_page: 65,
            nested_update_answer: false,
            cancel_after_shipping: false,
            local_webhook_urls: false,
            manual_without_slug: false,
            refresh_keeps_old_token: false,
        }
    }
}

/// Calls a minute by the store's plan. Once they are spent, one a second passes until the minute is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Of the smallest plan.
    pub plus: u32,
    /// Of the middle one.
    pub pro: u32,
    /// Of the largest.
    pub special: u32,
    /// None at all.
    pub lifted: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { plus: 120, pro: 360, special: 720, lifted: false }
    }
}

/// The app of a scenario; what is missing is drawn from the seed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AppSetup {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Its public name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Its secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// What webhooks are signed with that bring no secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_secret: Option<String>,
}

/// A store of a scenario.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSetup {
    /// The merchant's id.
    pub id: u64,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The owner's mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The owner's telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
    /// `plus` unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// `active` unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// Whether the app is installed; it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed: Option<bool>,
    /// Whether it is shut out; it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barred: Option<bool>,
    /// When it was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Its branches, the main one first; one in Riyadh when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branches: Option<Vec<End>>,
    /// What the app may do in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Vec<TokenSetup>>,
    /// Shipments that are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipments: Option<Vec<ShipmentSetup>>,
    /// Shipments to be made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<PastSetup>,
    /// Registered webhooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<Vec<WebhookSetup>>,
}

impl StoreSetup {
    fn or(self, base: StoreSetup) -> StoreSetup {
        StoreSetup {
            id: self.id,
            name: self.name.or(base.name),
            owner: self.owner.or(base.owner),
            email: self.email.or(base.email),
            mobile: self.mobile.or(base.mobile),
            plan: self.plan.or(base.plan),
            user: self.user.or(base.user),
            installed: self.installed.or(base.installed),
            barred: self.barred.or(base.barred),
            created_at: self.created_at.or(base.created_at),
            branches: self.branches.or(base.branches),
            tokens: merged(self.tokens, base.tokens, |it| it.name.clone(), |own, _| own),
            shipments: self.shipments.or(base.shipments),
            history: self.history.or(base.history),
            webhooks: self.webhooks.or(base.webhooks),
        }
    }
}

words! {
    /// How a token of a scenario stands.
    pub enum Standing {
        /// Fresh.
        Active = "active",
        /// Its two weeks are over.
        Expired = "expired",
        /// Taken back.
        Revoked = "revoked",
    }
}

/// A pair of tokens of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSetup {
    /// Its name in `presets`.
    pub name: String,
    /// The access token; drawn from the seed when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The refresh token; drawn from the seed when missing, and there only with the scope `offline_access`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Texts that open the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// What it may do; everything when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// `active` unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Standing>,
}

/// Shipments to be made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastSetup {
    /// How many.
    pub shipments: u32,
    /// In how many days.
    pub days: u32,
    /// Before which instant; the world's start when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// A shipment of a scenario; what is missing is as a request would have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipmentSetup {
    /// Its id.
    pub id: u64,
    /// Its order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<u64>,
    /// The merchant's number of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_reference_id: Option<u64>,
    /// When it came; the world's start when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Which way it goes.
    #[serde(rename = "type", default = "outward")]
    pub kind: Kind,
    /// Who carries it.
    pub courier_id: u64,
    /// What that one is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courier_name: Option<String>,
    /// Its logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub courier_logo: Option<String>,
    /// The courier's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_number: Option<String>,
    /// The number to follow it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
    /// Where to follow it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_link: Option<String>,
    /// The name of its label, below `/shipping-policy/`; none when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Who pays when.
    pub payment_method: Payment,
    /// Where it was asked for.
    #[serde(default = "by_api")]
    pub source: Source,
    /// Where it stands; `creating` when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ShipmentState>,
    /// What is to be collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_on_delivery: Option<Money>,
    /// The app that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<u64>,
    /// What the policy asks.
    #[serde(default)]
    pub policy_options: Map<String, Value>,
    /// Where it comes from; the main branch when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_from: Option<End>,
    /// Where it goes to; the main branch when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_to: Option<End>,
    /// What is in it.
    #[serde(default)]
    pub packages: Vec<Package>,
    /// Who is billed.
    #[serde(default = "by_salla")]
    pub billing_account: Billing,
}

fn outward() -> Kind {
    Kind::Shipment
}

fn by_api() -> Source {
    Source::Api
}

fn by_salla() -> Billing {
    Billing::Salla
}

/// A registered webhook of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSetup {
    /// Its id; drawn from the seed when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// What it waits for.
    pub event: String,
    /// Where it goes.
    pub url: String,
    /// `signature` unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_strategy: Option<Strategy>,
    /// Its secret; the app's when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Only what fulfils this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

fn mistake(place: impl Into<String>, problem: impl Into<String>) -> Mistake {
    (place.into(), problem.into())
}

/// The mistake of something within a list.
fn within(list: &str, place: usize, (inner, problem): Mistake) -> Mistake {
    mistake(format!("{list}[{place}].{inner}"), problem)
}

/// Opens the stores of a setup at `start`; their pasts are written down at once.
///
/// # Errors
/// The place and the mistake, when the setup contradicts itself.
pub fn open(cx: &mut Cx<'_, Salla>, setup: &Setup, start: Timestamp) -> Result<(), Mistake> {
    cx.state.switches = setup.switches.unwrap_or_default();
    cx.state.limits = setup.limits.unwrap_or_default();
    if let Some(name) = &setup.journey {
        let problem = || format!("there is no journey `{name}`; the journeys are {}", journeys::names());
        let plan = journeys::plan(name).ok_or_else(|| mistake("journey", problem()))?;
        cx.state.journey = Some(plan.name.to_owned());
    }
    open_app(cx, &setup.app.clone().unwrap_or_default());
    for (place, store) in setup.stores.iter().flatten().enumerate() {
        open_store(cx, store, start).map_err(|wrong| within("stores", place, wrong))?;
    }
    Ok(())
}

fn open_app(cx: &mut Cx<'_, Salla>, setup: &AppSetup) {
    let mut draw = cx.chance.draw("salla/app");
    let (id, client) = (draw.between(100_000_000, 2_147_483_646), draw.uuid().to_string());
    let mut secret = || hexadecimal(draw.uuid().as_bytes());
    let (client_secret, webhook_secret) = (secret(), secret());
    cx.state.app = App {
        id: setup.id.unwrap_or(id),
        client_id: setup.client_id.clone().unwrap_or(client),
        client_secret: setup.client_secret.clone().unwrap_or(client_secret),
        webhook_secret: setup.webhook_secret.clone().unwrap_or(webhook_secret),
    };
}

/// The main branch when a scenario names none.
fn riyadh() -> End {
    let (land, town) = (country("SA"), city("SA", "RIYADH"));
    End {
        kind: EndKind::Branch,
        name: "Riyadh".to_owned(),
        email: Some(String::new()),
        phone: "0555555555".to_owned(),
        country: land.map(|it| it.arabic.to_owned()),
        country_id: land.map(|it| it.id),
        country_code: land.map(|it| it.code.to_owned()),
        city: town.map(|it| it.latin.to_owned()),
        city_id: town.map(|it| it.id),
        branch_id: Some(1_723_506_348),
        ..nowhere()
    }
}

fn open_store(cx: &mut Cx<'_, Salla>, setup: &StoreSetup, start: Timestamp) -> Result<(), Mistake> {
    if setup.id == 0 || cx.state.stores.contains_key(&setup.id) {
        return Err(mistake("id", format!("{} is no free id of a store", setup.id)));
    }
    let opened = start.saturating_sub(SignedDuration::from_hours(24 * 900)).unwrap_or(start);
    let text = |given: &Option<String>, usual: &str| given.clone().unwrap_or_else(|| usual.to_owned());
    let branches = setup.branches.clone().unwrap_or_else(|| vec![riyadh()]);
    if let Some(place) = branches.iter().position(|it| it.kind != EndKind::Branch || it.branch_id.is_none()) {
        return Err(mistake(format!("branches[{place}]"), "a branch has `type: branch` and a `branch_id`"));
    }
    let store = Store {
        id: setup.id,
        name: text(&setup.name, "dev-store"),
        owner: text(&setup.owner, "Test User"),
        email: text(&setup.email, "testuser@example.com"),
        mobile: text(&setup.mobile, "+966500000000"),
        plan: setup.plan.unwrap_or(Plan::Plus),
        user: setup.user.unwrap_or(User::Active),
        installed: setup.installed.unwrap_or(true),
        barred: setup.barred.unwrap_or(false),
        created_at: setup.created_at.unwrap_or(opened),
        branches,
    };
    cx.state.stores.insert(setup.id, store);
    for (place, token) in setup.tokens.iter().flatten().enumerate() {
        open_token(cx, setup.id, token, start).map_err(|wrong| within("tokens", place, wrong))?;
    }
    if let Some(past) = &setup.history {
        open_past(cx, setup.id, *past, start)?;
    }
    // The first of the list is the newest where they share an instant.
    for (place, shipment) in setup.shipments.as_deref().unwrap_or_default().iter().enumerate().rev() {
        open_shipment(cx, setup.id, shipment, start)
            .map_err(|wrong| within("shipments", place, wrong))?;
    }
    for (place, webhook) in setup.webhooks.iter().flatten().enumerate() {
        open_webhook(cx, setup.id, webhook).map_err(|wrong| within("webhooks", place, wrong))?;
    }
    Ok(())
}

fn open_token(
    cx: &mut Cx<'_, Salla>,
    store: u64,
    setup: &TokenSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    if cx.state.grants.values().any(|it| it.name == setup.name) {
        return Err(mistake("name", format!("there is a token `{}` already", setup.name)));
    }
    let all = || SCOPES.iter().map(|it| (*it).to_owned()).collect();
    let scopes: Vec<String> = setup.scopes.clone().unwrap_or_else(all);
    if let Some(unknown) = scopes.iter().find(|it| !SCOPES.contains(&it.as_str())) {
        let problem = format!("there is no scope `{unknown}`; there are {}", SCOPES.join(", "));
        return Err(mistake("scopes", problem));
    }
    let state = setup.state.unwrap_or(Standing::Active);
    let issued = match state {
        Standing::Expired => start.saturating_sub(ACCESS).unwrap_or(start),
        _ => start,
    };
    let until = |span| issued.saturating_add(span).unwrap_or(Timestamp::MAX);
    let (access, refresh) =
        (oauth::fresh(cx.chance, "salla/preset token"), oauth::fresh(cx.chance, "salla/preset token"));
    let offline = scopes.iter().any(|it| it == OFFLINE);
    let id = cx.state.next_grant();
    let grant = Grant {
        id,
        name: setup.name.clone(),
        store,
        scopes,
        access: setup.token.clone().unwrap_or(access),
        aliases: setup.aliases.clone(),
        expires: until(ACCESS),
        refresh: offline.then(|| setup.refresh_token.clone().unwrap_or(refresh)),
        refresh_expires: until(REFRESH),
        spent: Vec::new(),
        replaced: Vec::new(),
        revoked: state == Standing::Revoked,
    };
    cx.state.grants.insert(id, grant);
    Ok(())
}

fn open_past(
    cx: &mut Cx<'_, Salla>,
    store: u64,
    past: PastSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    if past.shipments > History::MOST {
        let problem = format!("at most {} shipments fit a world", History::MOST);
        return Err(mistake("history.shipments", problem));
    }
    let until = past.until.unwrap_or(start);
    let span = History { orders: past.shipments, days: past.days };
    let mut draw = cx.chance.draw("salla/history");
    for at in span.moments(until, &mut draw) {
        past::invent(cx, store, at, until);
    }
    Ok(())
}

fn open_shipment(
    cx: &mut Cx<'_, Salla>,
    store: u64,
    setup: &ShipmentSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    if setup.id == 0 || cx.state.book.get(setup.id).is_some() {
        return Err(mistake("id", format!("{} is no free id of a shipment", setup.id)));
    }
    let courier = courier(setup.courier_id).ok_or_else(|| {
        let known: Vec<String> = COURIERS.iter().map(|it| format!("{} ({})", it.id, it.slug)).collect();
        mistake("courier_id", format!("there is no courier {}; there are {}", setup.courier_id, known.join(", ")))
    })?;
    let at = setup.created_at.unwrap_or(start);
    let main = || branch(cx.state, store, None).unwrap_or_else(nowhere);
    let (ship_from, ship_to) =
        (setup.ship_from.clone().unwrap_or_else(main), setup.ship_to.clone().unwrap_or_else(main));
    let draft = Draft {
        store,
        order_id: setup.order_id,
        kind: setup.kind,
        courier,
        payment: setup.payment_method,
        source: setup.source,
        cash_on_delivery: setup.cash_on_delivery.clone().unwrap_or_else(|| Money::none(&riyal())),
        app_id: setup.app_id,
        policy_options: setup.policy_options.clone(),
        ship_from,
        ship_to,
        packages: setup.packages.clone(),
        extras: Extras::default(),
        return_of: None,
    };
    let waits = setup.status == Some(ShipmentState::Pending);
    let mut new = intake::shipment(cx, setup.id, at, usize::from(waits), draft);
    new.order_reference_id = setup.order_reference_id.or(new.order_reference_id);
    new.billing = setup.billing_account;
    new.label = setup.label.clone().map(Label::Own);
    for (own, given) in [
        (&mut new.courier_name, &setup.courier_name),
        (&mut new.courier_logo, &setup.courier_logo),
        (&mut new.shipping_number, &setup.shipping_number),
        (&mut new.tracking_number, &setup.tracking_number),
        (&mut new.tracking_link, &setup.tracking_link),
    ] {
        if let Some(given) = given {
            own.clone_from(given);
        }
    }
    let to = setup.status.unwrap_or(ShipmentState::Creating);
    let way = route(&SHIPMENT, new.life.state().word(), to.word()).unwrap_or_default();
    for on in way.into_iter().filter_map(ShipmentInput::of) {
        // The way was found in the table, so that every step has its row.
        if SHIPMENT.step(&mut new.life, on, at).is_ok() {
            new.marks.push(Mark { at, status: new.life.state(), note: None });
        }
    }
    cx.state.book.add(new);
    Ok(())
}

fn open_webhook(cx: &mut Cx<'_, Salla>, store: u64, setup: &WebhookSetup) -> Result<(), Mistake> {
    if !TOPICS.contains(&setup.event.as_str()) {
        let problem = format!("there is no event `{}`; there are {}", setup.event, TOPICS.join(", "));
        return Err(mistake("event", problem));
    }
    let drawn = cx.chance.draw("salla/webhook id").between(100_000_000, 2_147_483_646);
    let id = setup.id.unwrap_or(drawn);
    if id == 0 || cx.state.subscriptions.contains_key(&id) {
        return Err(mistake("id", format!("{id} is no free id of a webhook")));
    }
    let webhook = Subscription {
        id,
        store,
        name: None,
        event: setup.event.clone(),
        url: setup.url.clone(),
        version: 2,
        rule: setup.rule.clone(),
        headers: Map::new(),
        strategy: setup.security_strategy.unwrap_or(Strategy::Signature),
        secret: setup.secret.clone(),
    };
    cx.state.subscriptions.insert(id, webhook);
    Ok(())
}

impl State {
    /// The number of the next grant.
    pub fn next_grant(&self) -> u32 {
        self.grants.keys().next_back().map_or(1, |last| last.saturating_add(1))
    }
}
