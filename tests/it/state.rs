//! A world written down and read back: of every ready-made scenario, with a past, and going on.

use shipmock::internals::message::{Method, Request};
use shipmock::internals::providers::Name;
use shipmock::internals::scenario;
use shipmock::internals::world::World;

use crate::harness::{Read as _, TestWorld, build, orders, setup, with_json};

fn copied(world: &World) -> World {
    let document = world.save();
    let copy = World::restore(document.as_bytes(), world.recipe()).unwrap();
    assert_eq!(copy.save(), document);
    copy
}

/// Calls to both providers, some refused, one of which books a parcel and one of which makes an order.
fn calls(world: &mut TestWorld) -> String {
    let mut told = String::new();
    let key = "Bearer YOUR_API_KEY";
    let order = serde_json::json!({
        "address": {"name": "Omar Ben Ali", "phone1": "28177188", "address1": "Rue 1", "country": "TN"},
        "items": [{"id": "YOUR_PRODUCT_UUID"}], "auto_fulfill": true, "with_confirmation": true,
    });
    for request in [
        with_json(Request::new(Method::Post, "/api/v1/orders"), &order),
        Request::new(Method::Get, "/api/v1/orders?per_page=5"),
        Request::new(Method::Get, "/api/v1/nowhere"),
    ] {
        told += &world.call(Name::Shipper, request.with("authorization", key)).wire();
    }
    let login = serde_json::json!({"username": "you@example.com", "apikey": "your-api-key"});
    let login = with_json(Request::new(Method::Post, "/login"), &login);
    let login = world.call(Name::Shiplee, login.with("origin", "http://localhost"));
    told += &login.wire();
    let token = login.json()["token"].as_str().unwrap_or_default().to_owned();
    let booking = serde_json::json!({
        "orderId": 484900, "warehouseId": 2147483833_u32, "action": "book_shipment",
        "carrierId": "delhivery_e_prepaid", "carrierName": "Delhivery Express", "shipmentType": "forward",
    });
    let booking = with_json(Request::new(Method::Post, "/create_shipment"), &booking)
        .with("authorization", format!("Bearer {token}"))
        .with("origin", "http://localhost");
    told + &world.call(Name::Shiplee, booking).wire()
}

#[test]
fn every_ready_made_world_goes_on_from_its_document() {
    for (name, _) in scenario::ready_made() {
        let mut one = TestWorld::of(build(name, setup(name), orders()));
        calls(&mut one);
        one.advance("3h");
        one.sent();
        let mut two = TestWorld::of(copied(&one.world));
        for world in [&mut one, &mut two] {
            calls(world);
        }
        assert_eq!(one.advance("9d"), two.advance("9d"), "{name}");
        assert_eq!(calls(&mut one), calls(&mut two), "{name}");
        assert_eq!(one.sent(), two.sent(), "{name}");
        assert!(one.world.save() == two.world.save(), "{name}: the two worlds differ");
    }
}

/// A list of checks without the credential would let everybody in; a setup cannot say it, so neither can a document.
#[test]
fn a_document_whose_checks_are_not_the_usual_ones_is_refused_with_its_place() {
    let world = build("default", setup("empty"), orders());
    for checks in [serde_json::json!([]), serde_json::json!(["credential", "credential", "format"])]
    {
        let mut document: serde_json::Value = serde_json::from_str(&world.save()).unwrap();
        document["world"]["providers"]["shiplee"]["checks"] = checks;
        let refused = World::restore(document.to_string().as_bytes(), world.recipe()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the document contradicts itself: providers.shiplee.checks: has to name each once: allowed_address, \
             allowed_domain, credential"
        );
    }
}

/// Keys of organizations that are gone and journeys that nobody knows would only be noticed by the next call.
#[test]
fn a_document_whose_parts_do_not_know_each_other_is_refused_with_its_place() {
    let world = build("default", setup("default"), orders());
    for (part, value, told) in [
        (
            ["accounts", "organizations"],
            serde_json::json!({}),
            "accounts.keys.1.organization: there is no organization",
        ),
        (["journey", ""], serde_json::json!("zz"), "journey: there is no journey `zz`"),
    ] {
        let mut document: serde_json::Value = serde_json::from_str(&world.save()).unwrap();
        let mut place = &mut document["world"]["providers"]["shipper"];
        for key in part.iter().filter(|key| !key.is_empty()) {
            place = &mut place[*key];
        }
        *place = value;
        let refused = World::restore(document.to_string().as_bytes(), world.recipe()).unwrap_err();
        assert!(refused.to_string().contains(&format!("providers.shipper.{told}")), "{refused}");
    }
}

/// A document of the small world in which a text stands once more, or another one, and what is said of it.
fn told_of(provider: &str, change: impl FnOnce(&mut serde_json::Value)) -> String {
    static SMALL: std::sync::LazyLock<(World, serde_json::Value)> = std::sync::LazyLock::new(
        || {
            let mut world = TestWorld::open("small");
            let order = serde_json::json!({
                "merchant_id": "O", "line_items": [{"merchant_id": "a"}],
                "fulfillments": [{"merchant_id": "F", "line_items": [{"merchant_id": "b"}],
                    "trackers": [{"tracking_number": "JOURNEY01", "line_items": [{"merchant_id": "c"}]}]}],
            });
            let order = with_json(Request::new(Method::Post, "/v2/orders"), &order);
            let reply = world.call(Name::Shipup, order.with("authorization", "YOUR_PRIVATE_KEY"));
            assert_eq!(reply.status, 201);
            world.advance("2d");
            world.sent();
            let document = serde_json::from_str(&world.world.save()).unwrap();
            (world.world.clone(), document)
        },
    );
    let (world, document) = &*SMALL;
    let mut document = document.clone();
    change(&mut document["world"]["providers"][provider]);
    let refused = World::restore(document.to_string().as_bytes(), world.recipe());
    refused.map_or_else(|unreadable| unreadable.to_string(), |_| "taken".to_owned())
}

/// What is put where, and the place that is named.
#[test]
fn a_document_with_what_cannot_be_is_refused_whole_with_the_place() {
    use serde_json::{Value, json};
    assert_eq!(told_of("shipup", |_| ()), "taken");
    let put = |provider: &str, pointer: &str, value: Value| {
        told_of(provider, |state| {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let parent =
                state.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {pointer}"));
            match parent {
                Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
                parent => parent[name] = value,
            }
        })
    };
    for (provider, pointer, value, place) in [
        (
            "shiptheory",
            "/accounts/1024/package_sizes/11110/length",
            json!(-1),
            "accounts.1024.package_sizes.11110.length",
        ),
        (
            "shiptheory",
            "/accounts/1024/package_sizes/11110/id",
            json!(7),
            "accounts.1024.package_sizes.11110.id",
        ),
        (
            "shiptheory",
            "/accounts/1024/products/hat1/sheet/weight",
            json!(-1),
            "accounts.1024.products.hat1.sheet.weight",
        ),
        (
            "shiptheory",
            "/accounts/1024/products/hat1/sheet/sku",
            json!("other"),
            "accounts.1024.products.hat1.sheet.sku",
        ),
        ("shiptheory", "/accounts/1024/tokens", json!([]), "accounts.1024.tokens"),
        (
            "shiptheory",
            "/accounts/1024/next_journeys",
            json!(["zz"]),
            "accounts.1024.next_journeys[0]",
        ),
        ("shiptheory", "/accounts", json!({}), "tags.1.account"),
        ("shiptheory", "/tags/2/name", json!("tag a"), "tags.2.name"),
        ("shiptheory", "/tags/2/account", json!(9), "tags.2.account"),
        ("shiptheory", "/tags", json!({}), "shelf.shipments.1.draft.tags"),
        (
            "shiptheory",
            "/shelf/shipments/1/draft/particulars/parcels",
            json!(0),
            "shelf.shipments.1.draft.particulars.parcels",
        ),
        (
            "shiptheory",
            "/shelf/shipments/1/draft/items/0/weight",
            json!(-1),
            "shelf.shipments.1.draft.items[0].weight",
        ),
        (
            "shiptheory",
            "/shelf/shipments/1/draft/reference",
            json!("Z"),
            "shelf.shipments.1.draft.reference",
        ),
        (
            "shiptheory",
            "/shelf/shipments/2/draft/reference",
            json!("S1234"),
            "shelf.shipments.2.draft.reference",
        ),
        ("shiptheory", "/shelf/shipments/1/account", json!(9), "shelf.shipments.1.account"),
        ("shiptheory", "/shelf/shipments/1/life/state", json!("Waiting"), "shelf.shipments.1.life"),
        ("shiptheory", "/shelf/shipments/1/service", json!(4_711), "shelf.shipments.1.service"),
        ("shiptheory", "/shelf/references", json!({}), "shelf.shipments.1.draft.reference"),
        ("shiptheory", "/shelf/next", json!(0), "shelf.shipments.1.number"),
        ("shiptheory", "/switches/validation_status", json!(7), "switches.validation_status"),
        ("shiptheory", "/journey", json!("zz"), "journey"),
        ("shipup", "/accounts", json!({}), "entries[0].account"),
        ("shipup", "/accounts/1/public_key", json!("YOUR_PRIVATE_KEY"), "accounts.1.public_key"),
        ("shipup", "/accounts/1/language_code", json!("xx"), "accounts.1.language_code"),
        ("shipup", "/waits", json!(["-PT1S"]), "waits[0]"),
        ("shipup", "/journey", json!("zz"), "journey"),
        (
            "shipup",
            "/book/orders/34568/fulfillments",
            json!([]),
            "book.orders.34568.items[1].fulfillment",
        ),
        (
            "shipup",
            "/book/orders/34568/fulfillments",
            json!([36_790, 36_790]),
            "book.orders.34568.fulfillments[1]",
        ),
        (
            "shipup",
            "/book/orders/34568/items/1/merchant_id",
            json!("a"),
            "book.orders.34568.items[1].merchant_id",
        ),
        (
            "shipup",
            "/book/orders/34568/items/2/place",
            json!({ "Trackers": [] }),
            "book.orders.34568.items[2].place",
        ),
        (
            "shipup",
            "/book/orders/34568/items/2/place",
            json!({ "Trackers": [{ "tracker": 37_371, "quantity": -1 }] }),
            "book.orders.34568.items[2].place",
        ),
        (
            "shipup",
            "/book/orders/34568/items/1/place",
            json!({ "Fulfillment": 1 }),
            "book.orders.34568.items[1].place",
        ),
        ("shipup", "/book/orders/34568/merchant_id", json!("Z"), "book.by_merchant_id.1 O"),
        (
            "shipup",
            "/book/fulfillments/36790/trackers",
            json!([]),
            "book.trackers.37371.fulfillment",
        ),
        ("shipup", "/book/trackers/37371/fulfillment", json!(1), "book."),
        (
            "shipup",
            "/book/trackers/37371/number",
            json!("Z"),
            "book.by_tracking_number.1 JOURNEY01",
        ),
        ("shipup", "/book/trackers/37371/life/state", json!("expired"), "book.trackers.37371.life"),
        ("shipup", "/book/numbers/tracker", json!(1), "book.numbers.tracker"),
        ("shipup", "/book/by_merchant_id", json!({}), "book.by_merchant_id"),
    ] {
        let told = put(provider, pointer, value.clone());
        assert!(
            told.contains(&format!(": providers.{provider}.{place}")),
            "{pointer} {value}: {told}"
        );
    }
}

/// What a document of one provider is told with one place of it replaced; nothing when it is taken.
fn told(world: &World, provider: &str, pointer: &str, value: serde_json::Value) -> Option<String> {
    let mut document: serde_json::Value = serde_json::from_str(&world.save()).unwrap();
    let place = format!("/world/providers/{provider}{pointer}");
    let (outer, last) = place.rsplit_once('/').unwrap();
    match document.pointer_mut(outer).unwrap_or_else(|| panic!("{place}")) {
        serde_json::Value::Object(fields) => drop(fields.insert(last.to_owned(), value)),
        serde_json::Value::Array(list) => list[last.parse::<usize>().unwrap()] = value,
        _ => panic!("{place}"),
    }
    let read = World::restore(document.to_string().as_bytes(), world.recipe());
    read.err().map(|refused| refused.to_string())
}

/// The part of a provider in a world's document.
fn part(world: &World, pointer: &str) -> serde_json::Value {
    let document: serde_json::Value = serde_json::from_str(&world.save()).unwrap();
    let place = format!("/world/providers{pointer}");
    document.pointer(&place).unwrap_or_else(|| panic!("{place}")).clone()
}

#[test]
fn a_document_in_which_shiplees_parts_contradict_each_other_is_refused_whole_with_the_place() {
    use serde_json::json;
    let mut world = TestWorld::of(build("default", setup("default"), orders()));
    calls(&mut world);
    let world = world.world.clone();
    let shiplee = |pointer: &str| part(&world, &format!("/shiplee{pointer}"));
    let parcels = shiplee("/book/shipments");
    let last = parcels.as_array().unwrap().len() - 1;
    let parcel = format!("/book/shipments/{last}");
    let key = shiplee("/book/reverse").as_object().unwrap().keys().next().unwrap().clone();
    let returned = format!("/book/reverse/{key}");
    let entry = json!({ "at": "2026-05-14T09:00:00Z", "kind": "recharge", "amount": 5, "balance": 9, "awb": null });
    let doubled = |pointer: &str, field: &str, value: serde_json::Value| {
        let mut whole = shiplee(pointer);
        whole[field] = value;
        whole
    };
    for (pointer, value, said) in [
        ("/sellers/62/plan", json!("gold"), "shiplee.sellers.62.plan: there is no plan `gold`"),
        ("/sellers/62/email", json!("  "), "shiplee.sellers.62.email: a seller has a mail address"),
        (
            "/sellers/62/email",
            json!("OTHER@example.com"),
            "shiplee.sellers.63.email: `other@example.com` is there twice",
        ),
        ("/sellers/62/id", json!(7), "shiplee.sellers.62.id: 7 stands under 62"),
        (
            "/sellers/62/wallet/entries",
            json!([entry]),
            "shiplee.sellers.62.wallet.entries.0.balance: ",
        ),
        ("/sellers", json!({}), "shiplee.warehouses.2147483833.seller: there is no seller 62"),
        ("/plans", json!({}), "shiplee.sellers.62.plan: there is no plan `starter`"),
        ("/warehouses", json!({}), ".warehouse: there is no warehouse 2147483833"),
        (
            "/warehouses/2147483833/seller",
            json!(1),
            "shiplee.warehouses.2147483833.seller: there is no seller 1",
        ),
        (
            "/book/orders/484900/seller",
            json!(1),
            "shiplee.book.orders.484900.seller: there is no seller 1",
        ),
        (
            "/book/orders/484900/items",
            json!([]),
            "shiplee.book.orders.484900.items: it is never empty",
        ),
        (
            "/book/orders/484900/parcels",
            json!([]),
            "shiplee.book.orders.484900.parcels: it is never empty",
        ),
        (
            "/book/orders/484900/awb",
            json!(null),
            "shiplee.book.orders.484900.awb: a booked order has its parcel",
        ),
        (
            "/book/orders/484900/awb",
            json!("x"),
            "shiplee.book.orders.484900.awb: there is no parcel `x`",
        ),
        (
            "/book/orders/484900/life/state",
            json!("unbooked"),
            "shiplee.book.orders.484900.life: it stands in `unbooked`",
        ),
        (&format!("{returned}/order"), json!(1), ".order: there is no order 1"),
        (
            &format!("{returned}/number"),
            json!("RO-0"),
            ".number: `RO-0` is there twice, or not among the numbers",
        ),
        (
            &format!("{parcel}/awb"),
            json!("x"),
            ".awb: `x` is there twice, or not among the waybills",
        ),
        (&format!("{parcel}/order"), json!(484_899), ".awb: there is no parcel"),
        (&format!("{parcel}/scans"), json!([]), ".scans: it is never empty"),
        (&format!("{parcel}/life/state"), json!("RTO"), ".life: no shipment begins as `RTO`"),
        (
            "/book/by_awb",
            doubled("/book/by_awb", "nobody", json!(0)),
            "shiplee.book.by_awb: it has a waybill",
        ),
        ("/book/next_order", json!(u64::MAX), "shiplee.book.next_order: "),
        ("/waybills/serial", json!(u32::MAX), "shiplee.waybills: an account has seven digits"),
        ("/statuses", json!({ "booking": 99 }), "shiplee.statuses.booking: a status is a number"),
        ("/rates/slab_grams", json!(0), "shiplee.rates.slab_grams: "),
        (
            "/pincodes",
            json!({ "1": { "pincode": "1", "prepaid": true, "cod": true, "pickup": true } }),
            "shiplee.pincodes.1.pincode: ",
        ),
        ("/journey", json!("zz"), "shiplee.journey: there is no journey `zz`"),
        ("/reverse_journey", json!("delivered"), "shiplee.reverse_journey: there is no journey"),
    ] {
        let refused = told(&world, "shiplee", pointer, value);
        assert!(refused.as_ref().is_some_and(|it| it.contains(said)), "{pointer}: {refused:?}");
    }
}

#[test]
fn a_document_in_which_sallas_parts_contradict_each_other_is_refused_whole_with_the_place() {
    use serde_json::json;
    let world = build("default", setup("default"), orders());
    let grants = part(&world, "/salla/grants");
    let name = grants["1"]["name"].clone();
    for (pointer, value, said) in [
        (
            "/stores/1305146709/id",
            json!(1),
            "salla.stores.1305146709.id: 1 stands under 1305146709",
        ),
        (
            "/stores/1305146709/branches",
            json!([]),
            "salla.stores.1305146709.branches: a store has at least one branch",
        ),
        ("/stores", json!({}), "salla.grants.1.store: there is no store 1305146709"),
        ("/grants/1/scopes", json!(["all"]), "salla.grants.1.scopes: there is no scope `all`"),
        ("/grants/2/name", name, "salla.grants.2.name: `access_token` is there twice"),
        ("/app/scopes", json!(["all"]), "salla.app.scopes: there is no scope `all`"),
        ("/journey", json!("zz"), "salla.journey: there is no journey `zz`"),
        (
            "/book/shipments/362985662/store",
            json!(9),
            "salla.book.shipments.362985662.store: there is no store 9",
        ),
        (
            "/book/shipments/362985662/id",
            json!(9),
            "salla.book.shipments.362985662.id: 9 stands under 362985662",
        ),
        (
            "/book/shipments/362985662/marks",
            json!([]),
            "salla.book.shipments.362985662.marks: it is never empty",
        ),
        (
            "/book/shipments/362985662/return_of",
            json!(9),
            "salla.book.shipments.362985662.return_of: there is no shipment",
        ),
        (
            "/book/shipments/362985662/life/state",
            json!("lost"),
            "salla.book.shipments.362985662.life: ",
        ),
        ("/book/dated", json!([]), "salla.book.dated: "),
    ] {
        let refused = told(&world, "salla", pointer, value);
        assert!(refused.as_ref().is_some_and(|it| it.contains(said)), "{pointer}: {refused:?}");
    }
}

/// Taken, it would let sums overflow and look-ups miss. The small world has the orders 554 and 555.
#[test]
fn a_document_in_which_shippers_parts_contradict_each_other_is_refused_whole_with_the_place() {
    use serde_json::json;
    let world = TestWorld::open("small").world.clone();
    let part = |pointer: &str| part(&world, &format!("/shipper{pointer}"));
    let shop = "/accounts/organizations/1";
    let (orders, products) =
        (part(&format!("{shop}/book/orders")), part(&format!("{shop}/catalogue/products")));
    let reversed: Vec<_> = orders.as_array().unwrap().iter().rev().cloned().collect();
    let twice: Vec<_> = [0, 0].iter().map(|place| products[*place].clone()).collect();
    let key = part("/accounts/keys/2/token");
    let too_much = json!("79228162514264337593543950335");
    for (pointer, value, said) in [
        ("/accounts/keys/1/id", json!(2), "accounts.keys.1.id: 2 stands under 1"),
        ("/accounts/keys/1/organization", json!(9), "accounts.keys.1.organization: there is no"),
        ("/accounts/keys/1/token", key, "accounts.keys.2.token: "),
        ("/accounts/keys/1/life/state", json!("revoked"), "accounts.keys.1.life: "),
        ("/accounts/organizations/1/id", json!(2), "accounts.organizations.1.id: 2 stands under 1"),
        ("/accounts/organizations/1/country", json!("XX"), "1.country: there is no country `XX`"),
        (
            "/accounts/organizations/1/catalogue/products",
            json!([]),
            ".book.orders[0].lines[0].product",
        ),
        (
            "/accounts/organizations/1/catalogue/products",
            json!(twice),
            ".catalogue.products[1].id: 1",
        ),
        (
            "/accounts/organizations/1/catalogue/products/0/id",
            json!(u64::MAX),
            ".catalogue.products[0].id: 18446744073709551615 is not from 1",
        ),
        (
            "/accounts/organizations/1/catalogue/products/0/price",
            json!("-1"),
            ".catalogue.products[0].price: -1 is not from 0",
        ),
        (
            "/accounts/organizations/1/book/orders",
            json!(reversed),
            ".book.orders[1].id: 554 stands behind 555; ids rise",
        ),
        ("/accounts/organizations/1/book/next", json!(u64::MAX), ".book.next: "),
        (
            "/accounts/organizations/1/book/orders/1/lines/0/total",
            too_much.clone(),
            ".book.orders[1].lines[0].total: ",
        ),
        (
            "/accounts/organizations/1/book/orders/1/lines/0/back",
            json!(4),
            ".book.orders[1].lines[0].back: 4 of 3 cannot be back",
        ),
        (
            "/accounts/organizations/1/book/orders/1/shipments/0/transactions/0/amount",
            too_much,
            ".book.orders[1].shipments[0].transactions[0].amount: an amount is from 0",
        ),
        (
            "/accounts/organizations/1/book/orders/1/shipments/0/life/state",
            json!("lost"),
            ".book.orders[1].shipments[0].life: it stands in `lost`",
        ),
        (
            "/accounts/organizations/1/book/orders/1/shipments/0/payment/state",
            json!("void"),
            ".book.orders[1].shipments[0].payment: ",
        ),
        (
            "/accounts/organizations/1/book/orders/1/contact/state",
            json!("failed"),
            ".book.orders[1].contact: ",
        ),
        (
            "/accounts/organizations/1/book/orders/1/shipments/0/uuid",
            json!("22222222-3333-4444-5555-666666666666"),
            ".book.orders[1].shipments[0].uuid: ",
        ),
        ("/journey", json!("zz"), "shipper.journey: there is no journey `zz`"),
    ] {
        let refused = told(&world, "shipper", pointer, value);
        assert!(refused.as_ref().is_some_and(|it| it.contains(said)), "{pointer}: {refused:?}");
    }
}
