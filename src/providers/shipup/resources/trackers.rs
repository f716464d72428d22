//! Trackers: public pages `GET /v2/trackers` and `POST /v1/trackers`.

use serde_json::Value;

use crate::message::{Evidence, Reply};
use crate::providers::shipup::resources::expand::Resource;
use crate::providers::shipup::resources::listing::Query;
use crate::providers::shipup::resources::{body, payload, schema, wire};
use crate::providers::shipup::rules::upsert;
use crate::providers::shipup::state::order::Tracker;
use crate::providers::shipup::views::View;
use crate::providers::shipup::{Error, Shipup};
use crate::providers::{Call, Cx};

/// The most trackers of one call.
const MOST: usize = 1_000;

/// `GET /v2/trackers`: the account's, by number, the latest first.
pub fn list(cx: &mut Cx<'_, Shipup>, call: &Call<'_, Shipup>) -> Result<Reply, Error> {
    let query = Query::read(call.request)?;
    let created = query.span("created_at")?;
    let book = &cx.state.book;
    let account = call.caller.account;
    let fits = |tracker: &&Tracker| {
        query.text("tracking_number").is_none_or(|wanted| tracker.number == wanted)
            && created.holds(Some(tracker.created_at.as_second()))
            && book.order_of_tracker(tracker.id).is_some_and(|order| order.account == account)
    };
    let view = View::of(cx.state);
    let all = book.trackers.values().filter(fits).map(|tracker| (tracker.id, tracker));
    let page = query.page(all, |tracker| {
        let order = book.order_of_tracker(tracker.id);
        order.map_or(Value::Null, |order| view.tracker(tracker, order, &query.expand))
    });
    let passed_over = query.passed_over(Resource::Tracker, call.takes);
    Ok(wire::reply(200, &page).evidence(Evidence::Observed).passing_over(passed_over))
}

/// `POST /v1/trackers`: each a row of order, address and parcel, found again by order number and tracking number.
pub fn put(cx: &mut Cx<'_, Shipup>, call: &Call<'_, Shipup>) -> Result<Reply, Error> {
    let switches = cx.state.switches;
    let fields = body::fields(call.request, switches.any_content_type).ok_or(Error::NotJson)?;
    let list = fields.get("trackers").and_then(Value::as_array);
    if list.is_some_and(|list| list.len() > MOST) {
        return Err(Error::TooLong("trackers", MOST));
    }
    let fitting = schema::check(&fields, call.takes, switches.strictness());
    let passed_over = fitting.map_err(Error::Invalid)?.passed_over;
    for tracker in list.into_iter().flatten().filter_map(Value::as_object) {
        upsert::flat(cx, call.caller.account, payload::flat_tracker(tracker));
    }
    let reply = Reply::empty(201).evidence(Evidence::Inferred).passing_over(passed_over);
    Ok(reply.passing_over(body::unread(call.request)))
}
