//! Orders: documentation, `POST /v2/orders`; public pages for reading them.

use serde_json::{Value, json};

use crate::message::{Evidence, Reply};
use crate::providers::shipup::resources::expand::Resource;
use crate::providers::shipup::resources::listing::Query;
use crate::providers::shipup::resources::{body, payload, schema, wire};
use crate::providers::shipup::rules::upsert;
use crate::providers::shipup::state::order::{Order, text};
use crate::providers::shipup::views::View;
use crate::providers::shipup::{Error, Shipup};
use crate::providers::{Call, Cx};

/// `POST /v2/orders`: everything that is wrong, or everything taken over.
pub fn put(cx: &mut Cx<'_, Shipup>, call: &Call<'_, Shipup>) -> Result<Reply, Error> {
    let switches = cx.state.switches;
    let fields = body::fields(call.request, switches.any_content_type).ok_or(Error::NotJson)?;
    let fitting = schema::check_order(&fields, schema::BODY, switches.strictness());
    let fitting = fitting.map_err(Error::Invalid)?;
    let draft = payload::order(&fields);
    let merchant_id = draft.merchant_id.clone();
    let kept = upsert::kept_quantities(&cx.state.book, call.caller.account, &draft);
    upsert::order(cx, call.caller.account, draft);
    let reply = if switches.created_tells_merchant_id {
        wire::reply(201, &json!({ "merchant_id": merchant_id })).evidence(Evidence::Inferred)
    } else {
        Reply::empty(201).evidence(fitting.evidence)
    };
    let unread = body::unread(call.request);
    Ok(reply.passing_over(fitting.passed_over).passing_over(kept).passing_over(unread))
}

/// `GET /v2/orders`: the account's, by number, the latest first.
pub fn list(cx: &mut Cx<'_, Shipup>, call: &Call<'_, Shipup>) -> Result<Reply, Error> {
    let query = Query::read(call.request)?;
    if query.has("created_at") && query.has("ordered_at") {
        let text = "only one of created_at and ordered_at may be used at a time";
        return Err(Error::Query("ordered_at", text.to_owned()));
    }
    let (created, ordered) = (query.span("created_at")?, query.span("ordered_at")?);
    let matches = |order: &Order, field: &str| {
        query.text(field).is_none_or(|wanted| text(&order.fields, field) == Some(wanted))
    };
    let account = call.caller.account;
    let fits = |order: &&Order| {
        let ordered_at = order.fields.get("ordered_at").and_then(Value::as_i64);
        order.account == account
            && matches(order, "email")
            && matches(order, "order_number")
            && created.holds(Some(order.created_at.as_second()))
            && ordered.holds(ordered_at)
    };
    let view = View::of(cx.state);
    let all = cx.state.book.orders.values().filter(fits).map(|order| (order.id, order));
    let page = query.page(all, |order| view.order(order, &query.expand));
    let passed_over = query.passed_over(Resource::Order, call.takes);
    Ok(wire::reply(200, &page).evidence(Evidence::Observed).passing_over(passed_over))
}

/// `GET /v2/orders/{id}`: one of them, by Shipup's number or the merchant's id.
pub fn show(cx: &mut Cx<'_, Shipup>, call: &Call<'_, Shipup>) -> Result<Reply, Error> {
    let query = Query::read(call.request)?;
    let account = call.caller.account;
    let book = &cx.state.book;
    let own = |id: u64| book.orders.get(&id).filter(|order| order.account == account);
    let by_number = call.args.number(0).and_then(own);
    let order = by_number.or_else(|| own(book.order_of(account, call.args.at(0))?));
    let order = order.ok_or(Error::NotFound("Order"))?;
    let shown = View::of(cx.state).order(order, &query.expand);
    let passed_over = query.passed_over(Resource::Order, call.takes);
    Ok(wire::reply(200, &shown).evidence(Evidence::Inferred).passing_over(passed_over))
}
