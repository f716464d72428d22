//! Random walks through the doors: money is conserved, a refusal changes nothing, the same calls give the same bytes.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use shipmock::internals::providers::{Name, Providers, service};

use super::{Answer, Client, changed, sample_booking, sample_form, sample_order, sample_return};

/// One thing a client, an operator or time does.
#[derive(Debug, Clone)]
enum Act {
    Order { cod: bool, magic: u8, pincode: u8 },
    Book { order: usize, carrier: u8 },
    Return { order: usize },
    BookReturn { reverse: usize },
    Wallet(u32),
    Move { kind: usize, place: usize, input: usize },
    Answer(usize),
    Wait(u32),
}

/// The default world with a short past: every step looks at all of it.
fn open() -> Client {
    let history = json!({ "orders": 4, "days": 3 });
    Client::with(json!({ "sellers": [{ "username": "you@example.com", "history": history }] }))
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (any::<bool>(), 0_u8..10, 0_u8..4).prop_map(|(cod, magic, pincode)| Act::Order { cod, magic, pincode }),
        6 => (any::<usize>(), 0_u8..5).prop_map(|(order, carrier)| Act::Book { order, carrier }),
        2 => any::<usize>().prop_map(|order| Act::Return { order }),
        2 => any::<usize>().prop_map(|reverse| Act::BookReturn { reverse }),
        1 => (0_u32..2_000).prop_map(Act::Wallet),
        5 => (0_usize..4, any::<usize>(), any::<usize>())
            .prop_map(|(kind, place, input)| Act::Move { kind, place, input }),
        1 => (0_usize..13).prop_map(Act::Answer),
        2 => (1_u32..200_000).prop_map(Act::Wait),
    ]
}

/// The ids of a kind, the newest first, so that what the walk made is met often.
fn pick(client: &Client, kind: &str, place: usize) -> String {
    let rows = service(Name::Shiplee)
        .kind(kind)
        .unwrap()
        .list(client.world.providers(), None, usize::MAX)
        .unwrap();
    let mut newest: Vec<String> = rows.into_iter().rev().map(|row| row.id).collect();
    newest.truncate(6);
    newest.get(place % newest.len().max(1)).cloned().unwrap_or_default()
}

/// Two that are served, one that is not, and one that is none.
const PINCODES: [&str; 4] = ["560098", "999999", "781001", "bad"];

fn perform(client: &mut Client, act: &Act) -> Option<Answer> {
    match act {
        Act::Order { cod, magic, pincode } => Some(client.post(
            "/order",
            &changed(
                sample_order(),
                json!({
                    "paymentType": if *cod { "cod" } else { "prepaid" },
                    "mobileNumber": format!("91000000{magic:02}"),
                    "pincode": PINCODES[usize::from(*pincode)],
                }),
            ),
        )),
        Act::Book { order, carrier } => {
            let (id, name) = [
                ("delhivery_e_prepaid", "Delhivery Express"),
                ("delhivery_s_prepaid", "Delhivery Surface"),
                ("delhivery_e_cod", "Delhivery Express"),
                ("delhivery_s_cod", "Delhivery Surface"),
                ("delhivery_e_prepaid", "Delhivery Surface"),
            ][usize::from(*carrier)];
            let order = pick(client, "order", *order);
            let changes = json!({ "orderId": order, "carrierId": id, "carrierName": name });
            Some(client.post("/create_shipment", &changed(sample_booking(), changes)))
        }
        Act::Return { order } => {
            let order = pick(client, "order", *order);
            let awb = client.detail("order", &order).data["awb"].clone();
            let awb = awb.as_str().unwrap_or("none").to_owned();
            let changes = json!({ "orderId": order, "awbNumber": awb });
            Some(client.post("/reverse_order", &changed(sample_return(), changes)))
        }
        Act::BookReturn { reverse } => {
            let id = pick(client, "reverse_order", *reverse);
            Some(client.form("/reverse_create_shipment", &sample_form(&id)))
        }
        Act::Wallet(wallet) => {
            client.patch("seller", "62", json!({ "wallet": wallet }));
            None
        }
        Act::Move { kind, place, input } => {
            let table = service(Name::Shiplee).machines()[*kind];
            let id = pick(client, table.name(), *place);
            let lines = table.lines();
            let on = lines[input % lines.len()].1;
            let before = client.world.providers().shiplee.clone();
            let done = client.world.apply(Name::Shiplee, table.name(), &id, on);
            let after = &client.world.providers().shiplee;
            assert!(done.is_ok() || before == *after, "a refused {on} has changed something");
            None
        }
        Act::Answer(place) => {
            let answers = [
                "booked",
                "unserviceable_pincode",
                "carrier_wallet_empty",
                "suspicious_consignee",
                "package_type_unserviceable",
                "capacity_exceeded",
                "pickup_failure_rate",
                "unknown_warehouse",
                "inactive_warehouse",
                "duplicate_order",
                "incorrect_phone",
                "internal_error",
                "no_waybill",
            ];
            client.patch("seller", "62", json!({ "next_answers": [answers[*place]] }));
            None
        }
        Act::Wait(seconds) => {
            client.advance(i64::from(*seconds));
            *client = client.clone().entered();
            None
        }
    }
}

fn decimal(value: &Value) -> Decimal {
    value.to_string().parse().unwrap()
}

/// Every entry is the difference of two balances, every parcel is charged once and paid back at most once.
fn money_is_conserved(client: &Client) {
    let data = client.detail("seller", "62").data;
    let mut balance = Decimal::ZERO;
    let mut by_parcel: BTreeMap<String, Vec<(String, Decimal)>> = BTreeMap::new();
    for entry in data["ledger"].as_array().unwrap() {
        balance += decimal(&entry["amount"]);
        assert_eq!(balance, decimal(&entry["balance"]), "{entry}");
        if let Some(awb) = entry["awb"].as_str() {
            let kind = entry["kind"].as_str().unwrap().to_owned();
            by_parcel.entry(awb.to_owned()).or_default().push((kind, decimal(&entry["amount"])));
        }
    }
    assert_eq!(balance, decimal(&data["wallet"]));
    let shiplee = service(Name::Shiplee);
    let all = client.world.providers();
    let rows = shiplee.kind("shipment").unwrap().list(all, None, usize::MAX).unwrap();
    assert_eq!(rows.len(), by_parcel.len());
    for row in rows {
        let cost =
            decimal(&shiplee.kind("shipment").unwrap().detail(all, &row.id).unwrap().data["cost"]);
        let entries = &by_parcel[&row.id];
        assert_eq!(entries[0], ("charge".to_owned(), -cost), "{}", row.id);
        let refunded = matches!(row.state.as_deref(), Some("Cancelled" | "Canceled"));
        let refund: Vec<_> = entries[1..].to_vec();
        let expected = if refunded { vec![("refund".to_owned(), cost)] } else { Vec::new() };
        assert_eq!(refund, expected, "{}", row.id);
    }
}

/// Every life is a path in its table, and everything that was made is in its list once.
fn lives_are_paths_and_lists_whole(client: &Client) {
    let shiplee = service(Name::Shiplee);
    let all = client.world.providers();
    for table in shiplee.machines() {
        let kind = shiplee.kind(table.name()).unwrap();
        let rows = kind.list(all, None, usize::MAX).unwrap();
        assert_eq!(rows.len(), kind.count(all), "{}", table.name());
        let ids: std::collections::BTreeSet<&str> =
            rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids.len(), rows.len(), "{}", table.name());
        for row in &rows {
            let detail = kind.detail(all, &row.id).unwrap();
            let mut at = detail.history.first().map(|it| it.from.to_string());
            for it in &detail.history {
                assert_eq!(at.as_deref(), Some(&*it.from), "{} {}", table.name(), row.id);
                let taken = (&*it.from, &*it.on, &*it.to);
                let known = table.lines().iter().any(|line| (line.0, line.1, line.2) == taken);
                assert!(known, "{} {}: {taken:?}", table.name(), row.id);
                at = Some(it.to.to_string());
            }
            assert!(at.is_none() || at == detail.state, "{} {}", table.name(), row.id);
        }
    }
}

/// One waybill an order, one order a waybill.
fn orders_and_parcels_agree(client: &Client) {
    let shiplee = service(Name::Shiplee);
    let all = client.world.providers();
    for kind in ["order", "reverse_order"] {
        for row in shiplee.kind(kind).unwrap().list(all, None, usize::MAX).unwrap() {
            let detail = shiplee.kind(kind).unwrap().detail(all, &row.id).unwrap();
            let awb = detail.data["awb"].as_str();
            assert_eq!(row.state.as_deref() == Some("booked"), awb.is_some(), "{kind} {}", row.id);
            if let Some(awb) = awb {
                let parcel = shiplee.kind("shipment").unwrap().detail(all, awb).unwrap();
                assert_eq!(parcel.data["order"].to_string(), row.id);
            }
        }
    }
}

fn state_of(all: &Providers) -> String {
    serde_json::to_string(&all.shiplee).unwrap()
}

/// What a refusal leaves as it was: everything, but that a booking which fails at the carrier has registered its
/// warehouse and used the answer it was told.
fn kept_by(answer: &Answer, all: &Providers) -> String {
    let mut state = serde_json::to_value(&all.shiplee).unwrap();
    if answer.message().starts_with("Booking failed: ") {
        for warehouse in state["warehouses"].as_object_mut().unwrap().values_mut() {
            warehouse["delhivery_name"] = Value::Null;
        }
        for seller in state["sellers"].as_object_mut().unwrap().values_mut() {
            seller["next_answers"] = Value::Null;
        }
    }
    state.to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn money_is_conserved_and_a_refusal_changes_nothing(acts in proptest::collection::vec(act(), 1..25)) {
        let mut client = open();
        for act in &acts {
            let before = client.world.providers().clone();
            let answer = perform(&mut client, act);
            if let Some(answer) = answer.filter(|answer| answer.json()["success"] == json!(false)) {
                let after = kept_by(&answer, client.world.providers());
                prop_assert_eq!(kept_by(&answer, &before), after, "{:?}", act);
                let entry = client.world.journal().newest().unwrap().to_entry();
                prop_assert!(entry.changes.is_empty());
            }
        }
        money_is_conserved(&client);
        orders_and_parcels_agree(&client);
        lives_are_paths_and_lists_whole(&client);
    }

    #[test]
    fn the_same_calls_give_the_same_bytes(acts in proptest::collection::vec(act(), 1..12)) {
        let (mut one, mut two) = (open(), open());
        for act in &acts {
            let (first, second) = (perform(&mut one, act), perform(&mut two, act));
            prop_assert_eq!(first, second, "{:?}", act);
        }
        prop_assert_eq!(state_of(one.world.providers()), state_of(two.world.providers()));
    }

    #[test]
    fn no_body_makes_it_panic(path in 0_usize..8, body in ".{0,200}", json in any::<bool>()) {
        let mut client = Client::open();
        let line = &service(Name::Shiplee).routes()[path];
        let answer = if json {
            client.post(line.path, &json!({ "orderId": body, "products": [body], "customer": { body.clone(): body } }))
        } else {
            client.form(line.path, &body)
        };
        prop_assert!(answer.status >= 200);
    }
}

#[test]
fn a_state_survives_being_written_and_read() {
    let mut client = Client::open();
    client.booked(484_900);
    client.send_back(484_900, "XB1234567890", json!({}));
    let written = state_of(client.world.providers());
    let read: shipmock::internals::providers::shiplee::State =
        serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), written);
}

/// What an operator does to a parcel is what its journey does: scanned, charged, paid back, and its order freed alike.
#[test]
fn an_operators_move_does_what_the_same_input_does_on_a_journey() {
    let numbers =
        |base: &'static str, count: usize| (1..=count).map(move |it| format!("{base}{it:02}"));
    for (mobile, reverse) in numbers("91000000", 7)
        .map(|mobile| (mobile, false))
        .chain(numbers("92000000", 5).map(|mobile| (mobile, true)))
    {
        let mut travelling = Client::with(json!({ "switches": { "charge_returns": true } }));
        let (order, awb) = if reverse {
            travelling.booked(484_900);
            let mut customer = sample_return()["customer"].clone();
            customer["mobile"] = json!(mobile);
            let id = travelling.send_back(484_900, "XB1234567890", json!({ "customer": customer }));
            let awb = travelling.book_back(id).json()["awb_number"].as_str().unwrap().to_owned();
            (("reverse_order", id.to_string()), awb)
        } else {
            let id = travelling.order(json!({ "mobileNumber": mobile }));
            let awb = travelling.booked(id);
            (("order", id.to_string()), awb)
        };
        loop {
            let stops = travelling.detail("shipment", &awb).data["stops"].clone();
            let Some(stop) = stops.as_array().and_then(|stops| stops.first()) else { break };
            let on = stop["on"].as_str().unwrap().to_owned();
            let seconds = stop["after"].as_str().unwrap().parse::<jiff::SignedDuration>().unwrap();
            let mut moved = travelling.clone();
            moved.world.apply(Name::Shiplee, "shipment", &awb, &on).unwrap();
            let steps = travelling.detail("shipment", &awb).history.len();
            let since = travelling.world.now();
            travelling.advance(seconds.as_secs());
            assert!(travelling.world.now() > since);
            assert_eq!(
                travelling.detail("shipment", &awb).history.len(),
                steps + 1,
                "{mobile} {on}"
            );
            let seen = |client: &Client| {
                let mut data = client.detail("shipment", &awb).data;
                for name in ["journey", "stops"] {
                    data[name] = Value::Null;
                }
                for scan in data["scans"].as_array_mut().unwrap() {
                    scan["ScanDateTime"] = Value::Null;
                }
                let ledger = client.detail("seller", "62").data["ledger"].clone();
                let own =
                    ledger.as_array().unwrap().iter().filter(|entry| entry["awb"] == awb.as_str());
                let own: Vec<String> =
                    own.map(|it| format!("{} {}", it["kind"], it["amount"])).collect();
                let order = client.detail(order.0, &order.1);
                (client.state("shipment", &awb), data, own, order.state, order.data["awb"].clone())
            };
            assert_eq!(seen(&moved), seen(&travelling), "{mobile} {on}");
        }
    }
}
