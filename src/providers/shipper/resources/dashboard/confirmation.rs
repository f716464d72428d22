//! What became of the calls to customers, and of the orders they confirmed: documentation, "Dashboard: confirmation".
//!
//! Inferred: a lead is an order with a contact task, so a draft is none. What was reached but did not say yes and
//! what was cancelled before it did are both `closed_unconfirmed`; a second order of the same is `failed`. The
//! pipeline holds the confirmed orders, each once, without those that were cancelled afterwards.

use serde::Serialize;

use crate::frameworks::php::json_encode::Number;
use crate::message::Reply;
use crate::providers::shipper::machines::ContactState;
use crate::providers::shipper::resources::dashboard::{Scope, percent};
use crate::providers::shipper::resources::input;
use crate::providers::shipper::state::order::{Confirmation, Order};
use crate::providers::shipper::state::tallies::{Funnel, Leads, Stage};
use crate::providers::shipper::{Error, Shipper};
use crate::providers::{Call, Cx};

#[derive(Serialize)]
struct ConfirmationStats {
    has_stats: bool,
    stats: Option<Stats>,
}

#[derive(Serialize)]
struct Stats {
    leads: LeadCounts,
    delivery_rates: DeliveryRates,
}

#[derive(Serialize)]
struct LeadCounts {
    total: u64,
    confirmed: u64,
    failed: u64,
    closed_unreachable: u64,
    closed_unconfirmed: u64,
    under_process: u64,
    no_attempt: u64,
}

#[derive(Serialize)]
struct DeliveryRates {
    delivered: u64,
    failed: u64,
    returning: u64,
    in_transit: u64,
    not_shipped: u64,
    total_pipeline: u64,
    total_final: u64,
    overall_rate: Number,
    absolute_rate: Number,
}

/// `GET /dashboard/confirmation-stats`: what Shipper's service confirmed.
pub fn confirmation(cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    stats(cx, call, Confirmation::External)
}

/// `GET /dashboard/internal-confirmation-stats`: what the retailer's own people confirmed.
pub fn internal_confirmation(
    cx: &mut Cx<'_, Shipper>,
    call: &Call<'_, Shipper>,
) -> Result<Reply, Error> {
    stats(cx, call, Confirmation::Internal)
}

fn stats(
    cx: &mut Cx<'_, Shipper>,
    call: &Call<'_, Shipper>,
    by: Confirmation,
) -> Result<Reply, Error> {
    let scope = Scope::read(cx, call, &input::query(call.request), Vec::new())?;
    let tally = scope.tally();
    let Funnel { leads, pipeline } = &tally.funnels[by as usize];
    // Documented: it speaks of the organization, whatever the filters leave.
    let is_lead = |order: &Order| order.confirmation == by && order.contact.is_some();
    let has_stats = leads.total() > 0 || scope.organization.book.iter().any(is_lead);
    let stats = has_stats.then(|| Stats {
        leads: LeadCounts::from(leads),
        delivery_rates: DeliveryRates::from(*pipeline),
    });
    Ok(scope.reply(&ConfirmationStats { has_stats, stats }))
}

impl From<&Leads> for LeadCounts {
    fn from(leads: &Leads) -> Self {
        use ContactState as C;
        LeadCounts {
            total: leads.total(),
            confirmed: leads.of(&[C::Called]),
            failed: leads.of(&[C::Failed, C::Duplicate]),
            closed_unreachable: leads.of(&[C::Unreachable]),
            closed_unconfirmed: leads.of(&[C::Unconfirmed, C::Canceled]),
            under_process: leads.of(&[C::InProgress]),
            no_attempt: leads.of(&[C::Pending]),
        }
    }
}

impl From<[u64; Stage::COUNT]> for DeliveryRates {
    fn from(pipeline: [u64; Stage::COUNT]) -> Self {
        let of = |stage: Stage| pipeline[stage as usize];
        let (delivered, failed) = (of(Stage::Delivered), of(Stage::Failed));
        let (returning, in_transit) = (of(Stage::Returning), of(Stage::InTransit));
        let not_shipped = of(Stage::NotShipped);
        let total_final = delivered + failed;
        let total_pipeline = total_final + returning + in_transit + not_shipped;
        DeliveryRates {
            delivered,
            failed,
            returning,
            in_transit,
            not_shipped,
            total_pipeline,
            total_final,
            overall_rate: percent(delivered, total_pipeline, 2),
            absolute_rate: percent(delivered, total_final, 2),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::DeliveryRates;

    #[test]
    fn the_documented_sample_has_its_rates() {
        let rates = DeliveryRates::from([2240, 8, 12, 13, 1072]);
        let expected = json!({
            "delivered": 2240, "failed": 1072, "returning": 13, "in_transit": 8, "not_shipped": 12,
            "total_pipeline": 3345, "total_final": 3312, "overall_rate": 66.97, "absolute_rate": 67.63,
        });
        assert_eq!(serde_json::to_value(rates).unwrap(), expected);
        let none = serde_json::to_value(DeliveryRates::from([0; 5])).unwrap();
        assert_eq!((&none["overall_rate"], &none["absolute_rate"]), (&json!(0), &json!(0)));
    }
}
