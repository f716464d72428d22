//! How a setup is opened: the app, the stores, what they own, and their pasts.

use jiff::{SignedDuration, Timestamp};
use serde_json::Map;

use crate::kit::mistake::Mistake;
use crate::providers::journey_book::USUAL;
use crate::providers::salla::access::{self, ACCESS, OFFLINE, REFRESH, SCOPES, is_scope};
use crate::providers::salla::data::couriers::{COURIERS, courier};
use crate::providers::salla::data::places::{city, country};
use crate::providers::salla::machines::{SHIPMENT, ShipmentInput, ShipmentState, TOPICS};
use crate::providers::salla::rules::intake::{self, Draft, branch, nowhere};
use crate::providers::salla::setup::{
    AppSetup, PastSetup, Setup, ShipmentSetup, StoreSetup, TokenSetup, TokenState, WebhookSetup,
    soundness,
};
use crate::providers::salla::state::accounts::{
    App, Grant, Plan, Store, Strategy, Subscription, User,
};
use crate::providers::salla::state::shipment::{End, EndKind, Extras, Label, Mark, Money, riyal};
use crate::providers::salla::{Salla, State, history, journeys};
use crate::providers::setup::{each, unless_there};
use crate::providers::soundness::check_id;
use crate::providers::{Cx, JourneyBook, Opening};
use crate::sim::journey::plan::History;
use crate::sim::machine::route;
use crate::sim::secrets::hexadecimal;

impl Opening for Salla {
    type Setup = Setup;

    /// Opens the stores of a setup at `start`; their pasts are written down at once.
    ///
    /// # Errors
    /// The place and the mistake, when the setup contradicts itself.
    fn open(cx: &mut Cx<'_, Salla>, setup: &Setup, start: Timestamp) -> Result<(), Mistake> {
        cx.state.switches = setup.switches.unwrap_or_default();
        cx.state.limits = setup.limits.unwrap_or_default();
        let map = &journeys::MAP;
        cx.state.journeys =
            JourneyBook::read(map, setup.journeys.as_ref(), setup.choose.as_deref())?;
        // The usual one is that of each courier.
        if let Some(name) = setup.journey.as_ref().filter(|name| *name != USUAL) {
            let name = cx.state.journeys.usual(map, journeys::route(), "journey", name)?;
            cx.state.journey = Some(name);
        }
        open_app(cx, &setup.app.clone().unwrap_or_default())
            .map_err(|mistake| mistake.below("app"))?;
        each("stores", setup.stores.iter().flatten(), |_, it| open_store(cx, it, start))
    }

    fn check(state: &State) -> Result<(), Mistake> {
        soundness::check(state)
    }
}

/// Scopes of a setup, or all that open something here.
fn scopes(given: Option<&Vec<String>>) -> Result<Vec<String>, Mistake> {
    let Some(given) = given else { return Ok(SCOPES.iter().map(|it| (*it).to_owned()).collect()) };
    match given.iter().find(|scope| !is_scope(scope)) {
        None => Ok(given.clone()),
        Some(unknown) => {
            let problem = format!("there is no scope `{unknown}`; there are {}", SCOPES.join(", "));
            Err(Mistake::new("scopes", problem))
        }
    }
}

fn open_app(cx: &mut Cx<'_, Salla>, setup: &AppSetup) -> Result<(), Mistake> {
    let mut draw = cx.chance.draw("salla/app");
    let (id, client) = (draw.between(100_000_000, 2_147_483_646), draw.uuid().to_string());
    let mut secret = || hexadecimal(draw.uuid().as_bytes());
    let (client_secret, webhook_secret) = (secret(), secret());
    cx.state.app = App {
        id: setup.id.unwrap_or(id),
        client_id: setup.client_id.clone().unwrap_or(client),
        client_secret: setup.client_secret.clone().unwrap_or(client_secret),
        webhook_secret: setup.webhook_secret.clone().unwrap_or(webhook_secret),
        scopes: scopes(setup.scopes.as_ref())?,
    };
    Ok(())
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
    check_id(setup.id).map_err(|problem| Mistake::new("id", problem))?;
    let is_there = cx.state.stores.contains_key(&setup.id);
    unless_there(is_there, "id", format_args!("a store {}", setup.id))?;
    let opened = start.saturating_sub(SignedDuration::from_hours(24 * 900)).unwrap_or(start);
    let text =
        |given: &Option<String>, usual: &str| given.clone().unwrap_or_else(|| usual.to_owned());
    let branches = setup.branches.clone().unwrap_or_else(|| vec![riyadh()]);
    soundness::check_branches(&branches)?;
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
        domain: setup.domain.clone(),
        tax_number: setup.tax_number.clone(),
        commercial_number: setup.commercial_number.clone(),
        branches,
    };
    cx.state.stores.insert(setup.id, store);
    each("tokens", setup.tokens.iter().flatten(), |_, it| open_token(cx, setup.id, it, start))?;
    if let Some(past) = &setup.history {
        open_past(cx, setup.id, *past, start)?;
    }
    let lately = setup.lately.unwrap_or(0);
    if lately > History::MOST {
        let problem = format!("at most {} shipments fit a world", History::MOST);
        return Err(Mistake::new("lately", problem));
    }
    for turn in 0..lately as usize {
        let status = ShipmentState::ALL[turn % ShipmentState::ALL.len()];
        history::invent_lately(cx, setup.id, status, start);
    }
    // The first of the list is the newest where they share an instant.
    for (place, shipment) in setup.shipments.as_deref().unwrap_or_default().iter().enumerate().rev()
    {
        open_shipment(cx, setup.id, shipment, start)
            .map_err(|wrong| wrong.within("shipments", place))?;
    }
    each("webhooks", setup.webhooks.iter().flatten(), |_, it| open_webhook(cx, setup.id, it))
}

fn open_token(
    cx: &mut Cx<'_, Salla>,
    store: u64,
    setup: &TokenSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    let is_there = cx.state.grants.values().any(|it| it.name == setup.name);
    unless_there(is_there, "name", format_args!("a token `{}`", setup.name))?;
    let scopes = scopes(setup.scopes.as_ref())?;
    let state = setup.state.unwrap_or(TokenState::Active);
    let issued = match state {
        TokenState::Expired => start.saturating_sub(ACCESS).unwrap_or(start),
        _ => start,
    };
    let until = |span| issued.saturating_add(span).unwrap_or(Timestamp::MAX);
    let (access, refresh) = (
        access::fresh(cx.chance, "salla/preset token"),
        access::fresh(cx.chance, "salla/preset token"),
    );
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
        retired: Vec::new(),
        revoked: state == TokenState::Revoked,
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
        return Err(Mistake::new("history.shipments", problem));
    }
    let until = past.until.unwrap_or(start);
    let span = History { orders: past.shipments, days: past.days };
    let mut draw = cx.chance.draw("salla/history");
    for at in span.moments(until, &mut draw) {
        history::invent(cx, store, at, until);
    }
    Ok(())
}

fn open_shipment(
    cx: &mut Cx<'_, Salla>,
    store: u64,
    setup: &ShipmentSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    check_id(setup.id).map_err(|problem| Mistake::new("id", problem))?;
    let is_there = cx.state.book.get(setup.id).is_some();
    unless_there(is_there, "id", format_args!("a shipment {}", setup.id))?;
    let courier = courier(setup.courier_id).ok_or_else(|| {
        let known: Vec<String> =
            COURIERS.iter().map(|it| format!("{} ({})", it.id, it.slug)).collect();
        Mistake::new(
            "courier_id",
            format!("there is no courier {}; there are {}", setup.courier_id, known.join(", ")),
        )
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
        let problem =
            format!("there is no event `{}`; there are {}", setup.event, TOPICS.join(", "));
        return Err(Mistake::new("event", problem));
    }
    let drawn = cx.chance.draw("salla/webhook id").between(100_000_000, 2_147_483_646);
    let id = setup.id.unwrap_or(drawn);
    check_id(id).map_err(|problem| Mistake::new("id", problem))?;
    unless_there(cx.state.subscriptions.contains_key(&id), "id", format_args!("a webhook {id}"))?;
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
