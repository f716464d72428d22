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
    Cancel { shipment: usize },
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
        1 => any::<usize>().prop_map(|shipment| Act::Cancel { shipment }),
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
        Act::Cancel { shipment } => {
            let awb = pick(client, "shipment", *shipment);
            let _ = client.world.apply(Name::Shiplee, "shipment", &awb, "cancel");
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn money_is_conserved_and_a_refusal_changes_nothing(acts in proptest::collection::vec(act(), 1..25)) {
        let mut client = open();
        for act in &acts {
            let before = state_of(client.world.providers());
            let refused = perform(&mut client, act)
                .is_some_and(|answer| answer.json()["success"] == json!(false));
            if refused {
                prop_assert_eq!(&before, &state_of(client.world.providers()), "{:?}", act);
                let entry = client.world.journal().newest().unwrap().to_entry();
                prop_assert!(entry.changes.is_empty());
            }
        }
        money_is_conserved(&client);
        orders_and_parcels_agree(&client);
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
