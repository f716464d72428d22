//! How the accounts of a scenario are opened, and what in them cannot be.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::kit::collation;
use crate::kit::mistake::Mistake;
use crate::providers::setup::{each, promise, unless_there};
use crate::providers::shiptheory::data::carriers::{self, Carrier};
use crate::providers::shiptheory::machines::{Input, SHIPMENT, Status};
use crate::providers::shiptheory::rules::booking;
use crate::providers::shiptheory::setup::{
    AccountSetup, PackageSizeSetup, ProductSetup, Setup, ShipmentSetup, TagSetup, soundness,
};
use crate::providers::shiptheory::state::accounts::{Account, PackageSize, Product, Tag};
use crate::providers::shiptheory::state::shipment::{Address, Draft, Item, Particulars, Shipment};
use crate::providers::shiptheory::{Shiptheory, State, Timer, journeys};
use crate::providers::soundness::refers;
use crate::providers::{Cx, JourneyBook, Opening};
use crate::sim::machine::route;
use crate::sim::secrets::hexadecimal;

impl Opening for Shiptheory {
    type Setup = Setup;

    fn open(cx: &mut Cx<'_, Shiptheory>, setup: &Setup, start: Timestamp) -> Result<(), Mistake> {
        cx.state.switches = setup.switches.unwrap_or_default();
        let status = cx.state.switches.validation_status;
        soundness::check_status(status).map_err(|it| it.below("switches"))?;
        let map = &journeys::MAP;
        cx.state.journeys =
            JourneyBook::read(map, setup.journeys.as_ref(), setup.choose.as_deref())?;
        if let Some(name) = &setup.journey {
            cx.state.journey = cx.state.journey_named("journey", name)?;
        }
        each("accounts", setup.accounts.iter().flatten(), |place, it| {
            open_account(cx, place, it, start)
        })
    }

    fn check(state: &State) -> Result<(), Mistake> {
        soundness::check(state)
    }
}

impl State {
    /// The name of a journey that there is, built in or written.
    ///
    /// # Errors
    /// The place that was given, and what there is instead.
    pub fn journey_named(&self, place: &str, name: &str) -> Result<String, Mistake> {
        self.journeys.usual(&journeys::MAP, journeys::route(), place, name)
    }
}

/// The first account's id when the scenario names none.
const FIRST_ACCOUNT: u64 = 1_024;

fn open_account(
    cx: &mut Cx<'_, Shiptheory>,
    place: usize,
    setup: &AccountSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    let accounts = &cx.state.accounts;
    if setup.email.trim().is_empty() {
        return Err(Mistake::new("email", "an account needs a mail address, as you@example.com"));
    }
    let is_there = accounts.values().any(|it| it.email.eq_ignore_ascii_case(&setup.email));
    unless_there(is_there, "email", format_args!("an account `{}`", setup.email))?;
    let next = accounts.keys().next_back().map_or(FIRST_ACCOUNT, |last| last.saturating_add(1));
    let id = setup.id.unwrap_or(next);
    unless_there(accounts.contains_key(&id), "id", format_args!("an account {id}"))?;
    let mut draw = cx.chance.draw("shiptheory/account");
    let (password, secret) = (draw.alphanumeric(16), draw.alphanumeric(48));
    let halves = [draw.uuid(), draw.uuid()].map(|half| hexadecimal(half.as_bytes()));
    let permanent = setup.permanent_token.clone().unwrap_or_else(|| halves.concat());
    let more = setup.more_tokens.iter().flatten().cloned();
    let usual_name = || if place == 0 { String::new() } else { format!("account_{id}") };
    let name = setup.name.clone().unwrap_or_else(usual_name);
    let is_there = accounts.values().any(|it| it.name == name);
    unless_there(is_there, "name", format_args!("an account `{name}`"))?;
    let account = Account {
        id,
        name,
        email: setup.email.clone(),
        password: setup.password.clone().unwrap_or(password),
        secret: setup.secret.clone().unwrap_or(secret),
        tokens: std::iter::once(permanent).chain(more).collect(),
        sender: setup.sender.clone().unwrap_or_else(sample_sender),
        carriers: carriers_of(setup)?,
        rules: setup.rules.clone().unwrap_or_default(),
        package_sizes: BTreeMap::new(),
        products: BTreeMap::new(),
        next_journeys: setup.next_journeys.clone().unwrap_or_default(),
    };
    for (place, name) in account.next_journeys.iter().enumerate() {
        cx.state.journey_named(&format!("next_journeys[{place}]"), name)?;
    }
    soundness::check_rules(&account.rules)?;
    cx.state.accounts.insert(id, account);
    each("package_sizes", setup.package_sizes.iter().flatten(), |_, it| {
        open_size(cx.state, id, it, start)
    })?;
    each("products", setup.products.iter().flatten(), |_, it| {
        open_product(cx.state, id, it, start)
    })?;
    each("tags", setup.tags.iter().flatten(), |_, it| open_tag(cx.state, id, it))?;
    each("shipments", setup.shipments.iter().flatten(), |_, it| open_shipment(cx, id, it, start))?;
    if let Some(history) = &setup.history {
        promise(cx, history, start, Timer::Invent(id))?;
    }
    Ok(())
}

/// Where shipments come from when neither they nor their account say.
fn sample_sender() -> Address {
    Address {
        company: Some("Hair Wholesaler Co.".to_owned()),
        firstname: "Julian".to_owned(),
        lastname: "Bashir".to_owned(),
        address_line_1: "65 Horfield Retail Park".to_owned(),
        city: "Bath".to_owned(),
        country: "GB".to_owned(),
        postcode: "BA1 2JW".to_owned(),
        telephone: Some("0117123111".to_owned()),
        ..Address::default()
    }
}

/// The carriers of an account with their instances; those of the tables when it names none.
fn carriers_of(setup: &AccountSetup) -> Result<BTreeMap<String, Vec<u64>>, Mistake> {
    let Some(named) = &setup.carriers else {
        return Ok(Carrier::ALL
            .iter()
            .map(|it| (it.word().to_owned(), soundness::instances_of(*it)))
            .collect());
    };
    soundness::check_carriers(named)?;
    Ok(named.clone())
}

fn open_size(
    state: &mut State,
    account: u64,
    setup: &PackageSizeSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    let is_there = state.accounts.values().any(|it| it.package_sizes.contains_key(&setup.id));
    unless_there(is_there, "id", format_args!("a package size {}", setup.id))?;
    soundness::measures(&[
        ("length", Some(setup.length)),
        ("width", Some(setup.width)),
        ("height", Some(setup.height)),
    ])?;
    let created = setup.created.unwrap_or(start);
    let size = PackageSize {
        id: setup.id,
        name: setup.name.clone(),
        length: setup.length,
        width: setup.width,
        height: setup.height,
        active: setup.active,
        created,
        modified: created,
    };
    if let Some(account) = state.accounts.get_mut(&account) {
        account.package_sizes.insert(size.id, size);
    }
    Ok(())
}

fn open_product(
    state: &mut State,
    account: u64,
    setup: &ProductSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    let Some(account) = state.accounts.get_mut(&account) else { return Ok(()) };
    let sku = &setup.sheet.sku;
    if sku.trim().is_empty() || account.product(sku).is_some() {
        return Err(Mistake::new("sheet.sku", format!("`{sku}` is no free SKU")));
    }
    soundness::check_sheet(&setup.sheet).map_err(|it| it.below("sheet"))?;
    let created = setup.created.unwrap_or(start);
    let product = Product {
        number: account.next_product(),
        sheet: setup.sheet.clone(),
        created,
        modified: created,
        example: setup.example,
    };
    account.add_product(product);
    Ok(())
}

fn open_tag(state: &mut State, account: u64, setup: &TagSetup) -> Result<(), Mistake> {
    let id = setup.id.unwrap_or_else(|| state.next_tag());
    unless_there(state.tags.contains_key(&id), "id", format_args!("a tag {id}"))?;
    let mut own = state.tags.values().filter(|tag| tag.account == account);
    let is_there = own.any(|tag| collation::same(&tag.name, &setup.name));
    unless_there(is_there, "name", format_args!("a tag `{}`", setup.name))?;
    let tag = Tag {
        id,
        account,
        name: setup.name.clone(),
        background_colour: setup.background_colour.clone(),
        text_colour: setup.text_colour.clone(),
        example: setup.example,
    };
    state.tags.insert(id, tag);
    Ok(())
}

fn open_shipment(
    cx: &mut Cx<'_, Shiptheory>,
    account: u64,
    setup: &ShipmentSetup,
    start: Timestamp,
) -> Result<(), Mistake> {
    if setup.reference.is_empty() || cx.state.shelf.find(account, &setup.reference).is_some() {
        let problem = format!("`{}` is no free reference", setup.reference);
        return Err(Mistake::new("reference", problem));
    }
    let service = match setup.service {
        None => None,
        Some(id) => Some(carriers::service_of(id).ok_or_else(|| {
            Mistake::new("service", format!("there is no delivery service {id}"))
        })?),
    };
    let created = setup.created.unwrap_or(start);
    let modified = setup.modified.unwrap_or(created);
    let early = usize::from(setup.status == Status::NotReady);
    let mut life = SHIPMENT.start_at(early);
    let way = route(&SHIPMENT, life.state().word(), setup.status.word()).unwrap_or_default();
    for on in way.into_iter().filter_map(Input::of) {
        SHIPMENT.step(&mut life, on, modified).expect("a route is made of rows");
    }
    let own = cx.state.accounts.get(&account).map(|it| it.sender.clone()).unwrap_or_default();
    let draft = Draft {
        reference: setup.reference.clone(),
        reference2: setup.reference2.clone(),
        channel: setup.channel.clone(),
        particulars: Particulars { parcels: setup.detail.parcels.max(1), ..setup.detail.clone() },
        recipient: setup.recipient.clone(),
        tax_numbers: Vec::new(),
        sender: setup.sender.clone().unwrap_or(own),
        items: setup.products.iter().map(|it| Item { qty: it.qty.max(1), ..it.clone() }).collect(),
        packages: Vec::new(),
        tags: setup.tags.iter().copied().collect(),
    };
    soundness::check_draft(&draft)?;
    for id in &draft.tags {
        let is_own = cx.state.tags.get(id).is_some_and(|tag| tag.account == account);
        refers(is_own, "tags", format_args!("tag {id} of the account"))?;
    }
    let booked = matches!(setup.status, Status::Complete | Status::PrintError | Status::Archived);
    let drawn = service.filter(|_| booked && setup.tracking.is_none());
    let tracking = match drawn {
        Some(service) => Some(carriers::tracking_number(service.numbers, cx.chance)),
        None => setup.tracking.clone(),
    };
    let cost = setup.shipment_cost.map(|cost| cost.0);
    let usual_cost = || service.filter(|_| booked).map(|it| booking::cost(it, &draft));
    let shipment = Shipment {
        number: cx.state.shelf.next_number(),
        account,
        created,
        modified,
        life,
        carrier: setup.carrier.clone().or(service.map(|it| it.carrier.word().to_owned())),
        service: setup.service,
        increment: 1,
        tracking,
        cost: cost.or_else(usual_cost),
        refusal: None,
        returns: Vec::new(),
        inlays: Vec::new(),
        messages: setup.messages.clone(),
        printed: setup.printed,
        itinerary: None,
        example: setup.example,
        pins: setup.pins.clone(),
        draft,
    };
    cx.state.shelf.add(shipment);
    Ok(())
}
