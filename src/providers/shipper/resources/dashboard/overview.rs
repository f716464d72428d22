//! Money of shipments by group: documentation, "Dashboard: overview".

use serde::Serialize;

use crate::message::Reply;
use crate::providers::shipper::resources::dashboard::Scope;
use crate::providers::shipper::resources::dashboard::groups::Printed;
use crate::providers::shipper::resources::input;
use crate::providers::shipper::{Error, Shipper};
use crate::providers::{Call, Cx};

#[derive(Serialize)]
struct Overview<'a> {
    #[serde(flatten)]
    all: &'a Printed,
    stats_by_order_type: &'a [OfType<'a>],
}

/// The share of one order type.
#[derive(Serialize)]
struct OfType<'a> {
    order_type: &'static str,
    #[serde(flatten)]
    groups: &'a Printed,
}

/// `GET /dashboard/overview`.
///
/// An order type has its entry as soon as there is an order of it within the filters, a draft too; the list is
/// empty without any.
pub fn overview(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let scope = Scope::read(cx, call, &input::query(call.request), Vec::new())?;
    let tally = scope.tally();
    let all = Printed::new(&tally.groups, &scope.organization.home().currency);
    let dropshipping = OfType { order_type: "dropshipping", groups: &all };
    let types = if tally.orders > 0 { std::slice::from_ref(&dropshipping) } else { &[] };
    Ok(scope.reply(&Overview { all: &all, stats_by_order_type: types }))
}
