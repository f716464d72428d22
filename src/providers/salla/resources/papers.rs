//! The label of a shipment, as Salla keeps it for whoever has its address.

use crate::kit::papers::{Block, Fact, Label as Sheet, labels};
use crate::message::{Evidence, Reply};
use crate::providers::salla::state::shipment::{End, Kind, Label, Payment, Shipment};
use crate::providers::salla::views::riyadh;
use crate::providers::salla::{Error, Salla};
use crate::providers::{Call, Cx};

/// `GET /shipping-policy/{file}`: the PDF that `label.url` names.
pub fn label(cx: &mut Cx<'_, Salla>, call: &Call<'_, Salla>) -> Result<Reply, Error> {
    let file = call.args.at(0);
    let has = |it: &&Shipment| matches!(&it.label, Some(Label::Own(own)) if own == file);
    let shipment = cx.state.book.all().find(has).ok_or(Error::NotFound("label"))?;
    let pdf = labels(&shipment.tracking_number, &[sheet(shipment)]);
    Ok(Reply::new(200, "application/pdf", pdf).evidence(Evidence::Inferred))
}

/// Who is there, the parts of the address line but the postal code, and a telephone number.
fn lines(end: &End) -> Vec<String> {
    let parts = end.address_line.split([',', '،']).map(str::trim);
    let parts = parts.filter(|part| !part.is_empty() && *part != end.postal_code);
    let name = std::iter::once(end.name.as_str());
    name.chain(parts.take(5)).chain([end.phone.as_str()]).map(str::to_owned).collect()
}

fn sheet(shipment: &Shipment) -> Sheet {
    let fact = |caption, value: String| Fact { caption, value };
    let parcels = shipment.policy_options.get("boxes").map_or("1".to_owned(), ToString::to_string);
    let collect = &shipment.cash_on_delivery;
    let paid = match shipment.payment {
        Payment::PrePaid => "PREPAID".to_owned(),
        Payment::Cod => format!("{:.2} {}", collect.amount.0, collect.currency),
    };
    let order = shipment.order_reference_id.or(shipment.order_id).unwrap_or(shipment.id);
    Sheet {
        carrier: shipment.courier_name.clone(),
        service: match shipment.kind {
            Kind::Shipment => "DELIVERY".to_owned(),
            Kind::Return => "RETURN".to_owned(),
        },
        from: Block { caption: "FROM", lines: lines(&shipment.ship_from) },
        facts: vec![
            fact("DATE", riyadh(shipment.created_at).date().to_string()),
            fact("WEIGHT KG", shipment.weight().normalize().to_string()),
            fact("BOXES", parcels),
            fact("COD", paid),
        ],
        to: Block { caption: "TO", lines: lines(&shipment.ship_to) },
        postcode: shipment.ship_to.postal_code.clone(),
        references: vec![
            fact("ORDER", order.to_string()),
            fact("SHIPMENT", shipment.id.to_string()),
        ],
        number: shipment.tracking_number.clone(),
        ..Sheet::default()
    }
}
