//! Field tables held against the endpoints: each row that is checked is refused by its name where it does not fit, and
//! each that is needed is missed.

use serde_json::{Value, json};
use shipmock::internals::message::{Reply, Request};
use shipmock::internals::providers::{
    FieldRow, FieldRule, Name, Place, Shape, field_rows, service,
};
use shipmock::internals::world::World;

use super::{Valid, calls};
use crate::harness::{Read as _, TestWorld, with_json};

/// A world in which every valid call of a provider is one, and the header field that lets it in.
fn opened(name: Name) -> (World, (&'static str, String)) {
    let credential = match name {
        Name::Salla => {
            let bearer = ("authorization", "Bearer open.sesame".to_owned());
            return (super::salla::world().world.clone(), bearer);
        }
        Name::Shiptheory => "email",
        Name::Shiplee => "username",
        Name::Shipper | Name::Shipup => "api_key",
    };
    let world = TestWorld::open("small").world.clone();
    let header = service(name).authorization(world.providers(), credential, world.now());
    (world, header.unwrap())
}

/// The body of a call with a value at a path, or without one; nothing where there is nothing to take away.
fn planted(body: &str, path: &str, wrong: Option<Value>) -> Option<Value> {
    let mut whole: Value = serde_json::from_str(body).unwrap();
    let mut at = &mut whole;
    let (outer, last) = path.rsplit_once('.').unwrap_or(("", path));
    for part in outer.split('.').filter(|part| !part.is_empty()) {
        let name = part.trim_end_matches("[]");
        let is_list = part.ends_with("[]");
        if at[name].as_object().is_none() && at[name].as_array().is_none() {
            wrong.as_ref()?;
            at[name] = if is_list { json!([{}]) } else { json!({}) };
        }
        at = if is_list { &mut at[name][0] } else { &mut at[name] };
    }
    match wrong {
        Some(wrong) => at[last] = wrong,
        None => drop(at.as_object_mut()?.remove(last)?),
    }
    Some(whole)
}

/// A value that a row refuses; none where every scalar will do.
fn wrong(row: &FieldRow) -> Option<Value> {
    let rules = row.field.rules?;
    if row.field.has(|rule| matches!(rule, FieldRule::AnyType)) && rules.len() == 1 {
        return None;
    }
    Some(match row.field.shape {
        Shape::List | Shape::Object => json!("wrong"),
        _ => json!({ "wrong": 1 }),
    })
}

/// Letters and digits in lower case: Shipup reports an order's own `merchant_id` as `merchantId`.
fn plain(text: &str) -> String {
    text.chars().filter(|it| it.is_ascii_alphanumeric()).collect::<String>().to_lowercase()
}

/// What a call with a mistake in it is told.
fn must_name(told: &str, row: &FieldRow, reply: &Reply) {
    let refused = reply.status >= 400 || reply.json().get("error").is_some();
    let last = row.path.rsplit('.').next().unwrap_or_default();
    let said = format!("{} {}", reply.text(), reply.explanation.as_deref().unwrap_or_default());
    let names = plain(&said).contains(&plain(last));
    assert!(refused && names, "{told} {}: {}", row.path, reply.wire());
}

/// Tries every row of one endpoint; those that are checked and were not tried.
fn try_rows(world: &World, name: Name, valid: &Valid, request: &Request) -> Vec<String> {
    let line = service(name)
        .routes()
        .into_iter()
        .find(|line| (line.method, line.path) == (valid.method.word(), valid.row));
    let told = format!("{name} {} {}", valid.method, valid.row);
    let call = |request: Request| world.clone().request(name, request);
    let body = valid.body.filter(|body| body.starts_with('{'));
    let mut untried = Vec::new();
    for row in field_rows(line.unwrap().takes) {
        let is_checked = row.field.rules.is_some();
        if !is_checked && name != Name::Shiplee {
            continue;
        }
        let unfit = match (row.field.place, body) {
            (Place::Body, Some(body)) => wrong(&row)
                .and_then(|wrong| planted(body, &row.path, Some(wrong)))
                .map(|mistake| with_json(request.clone(), &mistake)),
            (Place::Query, _) => asked(request, &row),
            _ => None,
        };
        match unfit {
            Some(unfit) => must_name(&told, &row, &call(unfit)),
            None if is_checked => untried.push(format!("{told} {}", row.path)),
            None => {}
        }
        let lacking = body.and_then(|body| planted(body, &row.path, None));
        if let (Place::Body, true, Some(lacking)) =
            (row.field.place, row.field.is_needed(), lacking)
        {
            must_name(&told, &row, &call(with_json(request.clone(), &lacking)));
        }
    }
    untried
}

/// A call with a word in its query that is neither a number nor known; none where every text will do.
fn asked(request: &Request, row: &FieldRow) -> Option<Request> {
    if row.field.shape == Shape::Text && row.field.rules?.is_empty() {
        return None;
    }
    let name = match row.path.split_once('.') {
        Some((outer, inner)) => format!("{outer}[{inner}]"),
        None => row.path.clone(),
    };
    let mut request = request.clone();
    request.query = format!("{}&{name}=zzz", request.query);
    Some(request)
}

#[test]
fn a_checked_field_that_does_not_fit_and_a_needed_one_that_is_missing_are_refused_by_name() {
    let mut untried = Vec::new();
    for name in Name::ALL.iter().copied() {
        let (mut world, (header, value)) = opened(name);
        for valid in calls(name) {
            let request = valid.request().with(header, value.as_str());
            untried.extend(try_rows(&world, name, valid, &request));
            assert_eq!(world.request(name, request).status, valid.status, "{name} {}", valid.row);
        }
    }
    // Of these every text will do.
    let expected = [
        "shipper GET /api/v1/products search",
        "shipper GET /api/v1/orders status",
        "shipper GET /api/v1/orders search",
        "salla GET /admin/v2/shipments ship_to.country_code",
        "salla GET /admin/v2/shipments ship_from.country_code",
        "salla DELETE /admin/v2/webhooks/unsubscribe url",
    ];
    assert_eq!(untried, expected);
}
