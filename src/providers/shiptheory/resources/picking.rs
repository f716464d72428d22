//! Picking lists: documentation, "Picking Lists".

use crate::kit::json::Value;

use crate::frameworks::cakephp::validation::{Problems, check};
use crate::kit::collation;
use crate::message::Reply;
use crate::providers::shiptheory::resources::{input, printing};
use crate::providers::shiptheory::state::shipment::Shipment;
use crate::providers::shiptheory::views::Picking;
use crate::providers::shiptheory::{Error, Shiptheory, State, views};
use crate::providers::{Call, Cx};

/// `POST /v1/picking_lists/download`: one list for all shipments that are found.
pub fn download(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let fields = input::fields(call.request)?;
    let mut problems = Problems::default();
    check(&fields, "", call.takes, &mut problems);
    for (place, element) in input::list(&fields, "shipments").iter().enumerate() {
        let named = |name: &str| element.as_object().and_then(|it| input::some_text(it, name));
        if !element.is_object() {
            problems.invalid(&format!("shipments.{place}"), "array");
        } else if named("reference_1").is_none() && named("reference_2").is_none() {
            problems.missing(&format!("shipments.{place}.reference_1"));
        }
    }
    problems.settle()?;
    let mut shipments: Vec<&Shipment> = Vec::new();
    for element in input::list(&fields, "shipments") {
        for shipment in named(cx.state, call.caller.account, element) {
            if !shipments.iter().any(|known| known.number == shipment.number) {
                shipments.push(shipment);
            }
        }
    }
    if shipments.is_empty() {
        return Err(Error::Guessed(
            "Unable to find any of the shipments".to_owned(),
            "The caller has no shipment of any of these references.",
        ));
    }
    let today = cx.now.to_string();
    let pdf = printing::picking_list(&shipments, today.get(..10).unwrap_or_default());
    Ok(views::reply(200, &Picking { pdf }))
}

/// The shipments that an element of the list names, by either reference or by both.
fn named<'a>(
    state: &'a State,
    account: u64,
    element: &Value,
) -> impl Iterator<Item = &'a Shipment> {
    let text = |name: &str| element.as_object().and_then(|it| input::some_text(it, name));
    let (first, second) = (text("reference_1"), text("reference_2"));
    state.shelf.of(account).filter(move |shipment| {
        let is = |wanted: &Option<String>, own: &str| {
            wanted.as_ref().is_none_or(|it| collation::same(it, own))
        };
        is(&first, &shipment.draft.reference) && is(&second, &shipment.draft.reference2)
    })
}
