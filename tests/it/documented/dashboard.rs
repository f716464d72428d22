//! The examples of Shipper's dashboard: figures are those of another account, so shapes are compared, and the arithmetic
//! that the printed figures obey.

use serde_json::{Value, json};
use shipmock::internals::message::Reply;
use shipmock::internals::providers::Name;

use super::{assert_printed, assert_shape, curl};
use crate::harness::{Read as _, TestWorld};
use crate::shipper::shop::Shop;

/// Makes a printed call in the default world.
fn ask(target: &str) -> Reply {
    let command = format!(
        "curl \"https://server.shipper.network/api/v1/dashboard/{target}\" \\\n\
         -H \"Authorization: Bearer YOUR_API_KEY\" \\\n-H \"Accept: application/json\""
    );
    TestWorld::open("default").call(Name::Shipper, curl(&command).1)
}

const KINDS: &[&str] = &[
    "shipping",
    "packaging",
    "service",
    "qc",
    "payment_facility",
    "confirmation",
    "call_forwarding",
    "follow_up",
    "upsell",
    "prepaid_cost",
    "product_cost",
    "dropshipping_fee",
    "return_exchange_fee",
];

/// The printed shape of a status group.
fn group(status: &str) -> Value {
    let money = json!([{ "amount": "9750.00", "currency": { "id": "1", "ISO_4217": "TND", "symbol": "د.ت", "decimals": 3 } }]);
    let breakdown: serde_json::Map<String, Value> =
        KINDS.iter().map(|kind| ((*kind).to_owned(), money.clone())).collect();
    json!({
        "status": status,
        "count": 133,
        "orders_with_revenue_count": 129,
        "revenue": money,
        "revenue_expected": money,
        "revenue_transferred": money,
        "expenses": money,
        "expenses_transferred": money,
        "expenses_expected": money,
        "net_profits": money,
        "expenses_breakdown": breakdown,
        "expenses_breakdown_transferred": breakdown
    })
}

const GROUPS: &[&str] = &[
    "shipments_pending",
    "shipments_delivered_paid",
    "shipments_delivered_non_paid",
    "shipments_failed_delivery",
];

/// The four groups, by name, after some other keys.
fn groups(mut first: Value) -> Value {
    for name in GROUPS {
        first[*name] = group(name);
    }
    first
}

/// Every amount within a value is text with at least two decimals and is in dinars.
fn assert_money(value: &Value) {
    match value {
        Value::Object(members) if members.contains_key("amount") => {
            let amount = members["amount"].as_str().unwrap();
            let decimals = amount.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            assert!(amount.parse::<f64>().is_ok() && decimals >= 2, "{amount}");
            let dinar = json!({ "id": "1", "ISO_4217": "TND", "symbol": "د.ت", "decimals": 3 });
            assert_eq!(members["currency"].to_string(), dinar.to_string());
        }
        Value::Object(members) => members.values().for_each(assert_money),
        Value::Array(elements) => elements.iter().for_each(assert_money),
        _ => {}
    }
}

#[test]
fn the_overview_has_the_printed_shape() {
    let reply = ask("overview?start_date=2026-04-01&end_date=2026-04-30");
    let mut printed = groups(json!({}));
    printed["stats_by_order_type"] = json!([groups(json!({ "order_type": "dropshipping" }))]);
    assert_shape(&reply, 200, &printed.to_string());
    let body = reply.json();
    assert_money(&body);
    assert_eq!(body["stats_by_order_type"][0]["order_type"], "dropshipping");
    for name in GROUPS {
        assert_eq!(
            (&body[*name]["status"], body[*name]["revenue"].as_array().unwrap().len()),
            (&json!(name), 1)
        );
        assert!(body[*name]["count"].as_u64().unwrap() > 0, "{name} is empty in a lively account");
    }
    snapshot!("documented", "shipper-dashboard-overview", reply.wire());
}

#[test]
fn the_delivery_stats_have_the_printed_shape() {
    let reply = ask("delivery-stats?start_date=2026-04-01&end_date=2026-04-30");
    assert_shape(
        &reply,
        200,
        r#"{
            "total_by_status": [
                { "status": "delivered", "count": 4843, "on_hold_count": 0 },
                { "status": "canceled", "count": 238, "on_hold_count": 0 },
                { "status": "returnedtosender", "count": 28, "on_hold_count": 0 }
            ],
            "total_delivery_failures_by_reason": [
                { "reason": "Customer unavailable for delivery", "count": 993 },
                { "reason": "Trust or credibility issues at delivery", "count": 136 },
                { "reason": null, "count": 565 }
            ],
            "avg_delivery_speed_business_days": 1.6,
            "max_delivery_speed_business_days": 28,
            "delivered_within_1bd_pct": 66.3,
            "delivered_within_2bd_pct": 21,
            "delivered_over_2bd_pct": 12.7
        }"#,
    );
    let body = reply.json();
    let statuses: Vec<&str> = body["total_by_status"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["status"].as_str().unwrap())
        .collect();
    for status in ["delivered", "canceled", "returnedtosender"] {
        assert!(statuses.contains(&status), "{statuses:?}");
    }
    // (30)
    let reasons = body["total_delivery_failures_by_reason"].as_array().unwrap();
    assert!(reasons.iter().any(|it| it["reason"].is_null()), "{reasons:?}");
    let pct = |name: &str| body[name].as_f64().unwrap();
    let sum = pct("delivered_within_1bd_pct")
        + pct("delivered_within_2bd_pct")
        + pct("delivered_over_2bd_pct");
    assert!((sum - 100.0).abs() < 0.2, "{sum}");
    snapshot!("documented", "shipper-dashboard-delivery", reply.wire());
}

const STATS: &str = r#"{
    "has_stats": true,
    "stats": {
        "leads": {
            "total": 5484,
            "confirmed": 3371,
            "failed": 599,
            "closed_unreachable": 1068,
            "closed_unconfirmed": 445,
            "under_process": 1,
            "no_attempt": 0
        },
        "delivery_rates": {
            "delivered": 2240,
            "failed": 1072,
            "returning": 13,
            "in_transit": 8,
            "not_shipped": 12,
            "total_pipeline": 3345,
            "total_final": 3312,
            "overall_rate": 66.97,
            "absolute_rate": 67.63
        }
    }
}"#;

/// The sums and rates that the printed figures obey.
fn assert_adds_up(stats: &Value) {
    let lead = |name: &str| stats["leads"][name].as_u64().unwrap();
    let rate = |name: &str| stats["delivery_rates"][name].as_f64().unwrap();
    let parts = [
        "confirmed",
        "failed",
        "closed_unreachable",
        "closed_unconfirmed",
        "under_process",
        "no_attempt",
    ];
    assert_eq!(lead("total"), parts.iter().map(|part| lead(part)).sum::<u64>(), "{stats}");
    assert_eq!(rate("total_final"), rate("delivered") + rate("failed"));
    let more = rate("returning") + rate("in_transit") + rate("not_shipped");
    assert_eq!(rate("total_pipeline"), rate("total_final") + more);
    for (name, whole) in [("overall_rate", "total_pipeline"), ("absolute_rate", "total_final")] {
        let exact = rate("delivered") * 100.0 / rate(whole);
        assert!(
            (rate(name) - exact).abs() <= 0.005_000_1,
            "{name}: {} instead of {exact}",
            rate(name)
        );
    }
}

#[test]
fn the_confirmation_stats_have_the_printed_shape_and_add_up() {
    assert_adds_up(&super::printed(STATS)["stats"]);
    for (target, name) in [
        ("confirmation-stats?start_date=2026-04-01&end_date=2026-04-30", "confirmation"),
        ("internal-confirmation-stats", "internal-confirmation"),
    ] {
        let reply = ask(target);
        assert_shape(&reply, 200, STATS);
        assert_adds_up(&reply.json()["stats"]);
        snapshot!("documented", format!("shipper-dashboard-{name}"), reply.wire());
    }
}

/// (29)
#[test]
fn without_such_orders_there_are_no_stats() {
    let mut shop = Shop::small();
    let reply = shop.get("/dashboard/internal-confirmation-stats");
    assert_printed(&reply, 200, r#"{ "has_stats": false, "stats": null }"#);
    // In the small world both orders were confirmed by Shipper's service.
    assert_eq!(shop.get("/dashboard/confirmation-stats").json()["has_stats"], true);
}

/// (28)
#[test]
fn the_product_performance_has_the_printed_shape() {
    let reply = ask("product-performance?per_page=10&sort_by=delivered_orders");
    let row = groups(json!({
        "retailer_product_id": "550",
        "name": "SMOKURE STOP TABAC 40 CAPSULES",
        "shipped_orders": 2351, "shipped_units": 2418,
        "delivered_orders": 1442, "delivered_units": 1487,
        "failed_orders": 898, "failed_units": 921,
        "in_transit_orders": 12, "in_transit_units": 13,
        "returning_orders": 4, "returning_units": 4,
        "confirmed_return_orders": 320, "confirmed_return_units": 327,
        "leads_total": 3531,
        "leads_confirmed": 2374,
        "leads_failed": 121,
        "leads_unreachable": 715,
        "leads_duplicate_wrong": 18,
        "leads_closed_other": 303,
        "overall_confirmation_rate": 67.2,
        "absolute_confirmation_rate": 70.5,
        "conversion_rate": 40.8
    }));
    assert_shape(&reply, 200, &json!({ "products": [row], "total": 127 }).to_string());
    let body = reply.json();
    assert_money(&body);
    let products = body["products"].as_array().unwrap();
    assert_eq!(products.len(), 10);
    assert!(body["total"].as_u64().unwrap() >= 10);
    let column = |name: &str| -> Vec<f64> {
        products.iter().map(|row| row[name].as_f64().unwrap()).collect()
    };
    assert!(column("delivered_orders").is_sorted_by(|a, b| a >= b));
    for row in products {
        let count = |name: &str| row[name].as_f64().unwrap();
        let parts = ["confirmed", "failed", "unreachable", "duplicate_wrong", "closed_other"];
        let leads: f64 = parts.iter().map(|part| count(&format!("leads_{part}"))).sum();
        assert_eq!(count("leads_total"), leads, "{row}");
        if leads > 0.0 {
            let confirmed = count("leads_confirmed") * 100.0 / leads;
            assert!((count("overall_confirmation_rate") - confirmed).abs() <= 0.05001, "{row}");
        }
    }
    snapshot!("documented", "shipper-dashboard-performance", reply.wire());
}

/// (28)
#[test]
fn every_documented_column_sorts_and_no_other() {
    let mut shop = Shop::lively();
    for column in [
        "shipped_orders",
        "delivered_orders",
        "failed_orders",
        "confirmed_return_orders",
        "in_transit_orders",
        "returning_orders",
        "leads_total",
        "leads_confirmed",
        "overall_confirmation_rate",
        "absolute_confirmation_rate",
        "conversion_rate",
    ] {
        let reply =
            shop.get(&format!("/dashboard/product-performance?per_page=50&sort_by={column}"));
        let body = reply.json();
        let values: Vec<f64> = body["products"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row[column].as_f64().unwrap_or(-1.0))
            .collect();
        assert!(values.len() > 1 && values.is_sorted_by(|a, b| a >= b), "{column}: {values:?}");
    }
    let usual = shop.get("/dashboard/product-performance").text();
    assert_eq!(
        shop.get("/dashboard/product-performance?sort_by=shipped_orders&page=1&per_page=20").text(),
        usual
    );
    shop.advance("1m");
    for column in ["name", "shipped_units", "DELIVERED_ORDERS", "-shipped_orders"] {
        let reply = shop.get(&format!("/dashboard/product-performance?sort_by={column}"));
        let text = "The selected sort by is invalid.";
        assert_eq!(
            (reply.status, reply.json()),
            (422, json!({ "message": text, "errors": { "sort_by": [text] } }))
        );
    }
}

/// (27)
#[test]
fn a_page_of_products_has_fifty_rows_at_most_and_the_caller_counts_the_pages() {
    let mut shop = Shop::lively();
    let mut page = |query: &str| {
        let body = shop.get(&format!("/dashboard/product-performance?{query}")).json();
        let rows = body["products"].as_array().unwrap().len() as u64;
        (rows, body["total"].as_u64().unwrap())
    };
    let (_, total) = page("");
    assert!((21..=60).contains(&total), "{total}");
    assert_eq!(page("per_page=1000"), (total.min(50), total));
    assert_eq!(page("page=2"), (total.min(40) - 20, total));
    assert_eq!(page("page=99"), (0, total));
}

#[test]
fn dates_and_products_narrow_every_figure_and_are_refused_alike() {
    let mut shop = Shop::lively();
    for (target, narrowed) in [
        ("overview", "/shipments_pending/count"),
        ("delivery-stats", "/max_delivery_speed_business_days"),
        ("product-performance", "/total"),
    ] {
        let whole = shop.get(&format!("/dashboard/{target}"));
        let far = shop.get(&format!("/dashboard/{target}?start_date=2030-01-01"));
        assert_ne!(whole.json().pointer(narrowed), far.json().pointer(narrowed), "{target}");
    }
    for target in [
        "overview",
        "delivery-stats",
        "confirmation-stats",
        "internal-confirmation-stats",
        "product-performance",
    ] {
        let reply = shop.get(&format!("/dashboard/{target}?end_date=2026-03-29%1009:00"));
        assert_eq!(reply.status, 422, "{target}");
        assert_eq!(reply.json()["error"], "Invalid end_date format.");
        let reply = shop.get(&format!("/dashboard/{target}?retailer_product_id=442"));
        assert_eq!(reply.status, 200, "{target}");
        let none =
            shop.get(&format!("/dashboard/{target}?start_date=2030-01-01&retailer_product_id=442"));
        assert_eq!(none.status, 200, "{target}: {}", none.text());
    }
    shop.advance("1m");
    let one = shop.get("/dashboard/product-performance?retailer_product_id=442").json();
    assert_eq!(
        (&one["total"], &one["products"][0]["retailer_product_id"]),
        (&json!(1), &json!("442"))
    );
}

/// (31)
#[test]
fn whole_percentages_have_no_fraction_and_money_is_text() {
    // Nothing but the one parcel of order 555, delivered on the second business day.
    let mut shop = Shop::small();
    let text = shop.get("/dashboard/delivery-stats").text();
    assert!(!text.contains(".0,") && !text.contains(".0}"), "{text}");
    assert!(text.contains("_pct\":100") && text.contains("_pct\":0"), "{text}");
    let text = shop.get("/dashboard/overview").text();
    assert!(text.contains(r#""symbol":"\u062f.\u062a","decimals":3"#), "{text}");
    assert!(text.contains(r#""amount":"59.00""#), "{text}");
}
