//! Papers of shipments, in base64 as the answers carry them: documentation, "View Shipment", "Return Labels".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::kit::country;
use crate::providers::shiptheory::data::carriers::{self, ReturnService};
use crate::providers::shiptheory::machines::Status;
use crate::providers::shiptheory::resources::papers::{self, Back, Parcels, Pick};
use crate::providers::shiptheory::state::shipment::{Address, Shipment};

fn paper_address(address: &Address) -> papers::Address<'_> {
    let lines = [
        address.address_line_1.as_str(),
        address.address_line_2.as_deref().unwrap_or_default(),
        address.address_line_3.as_deref().unwrap_or_default(),
    ];
    let telephone = address.telephone.as_deref().filter(|it| !it.is_empty());
    papers::Address {
        company: address.company.as_deref().unwrap_or_default(),
        firstname: &address.firstname,
        lastname: &address.lastname,
        lines,
        city: &address.city,
        county: address.county.as_deref().unwrap_or_default(),
        postcode: &address.postcode,
        country: country::by_two(&address.country).map_or("", |it| it.name),
        telephone: telephone.or(address.mobile.as_deref()).unwrap_or_default(),
    }
}

/// The label of a shipment that is printed, with the return labels that travel in it.
pub fn label(shipment: &Shipment) -> Option<String> {
    let printed = matches!(shipment.life.state(), Status::Complete | Status::Archived);
    let tracking = shipment.tracking.as_deref().filter(|_| printed)?;
    let service = shipment.service.and_then(carriers::service_of);
    let draft = &shipment.draft;
    let weight = draft.particulars.weight.0.normalize().to_string();
    let day = shipment.created.to_string();
    let day = draft
        .particulars
        .ship_date
        .map_or_else(|| day.get(..10).unwrap_or_default().to_owned(), |day| day.to_string());
    let backs: Vec<Back<'_>> = shipment
        .inlays
        .iter()
        .filter_map(|inlay| {
            let service = carriers::return_service_of(inlay.service)?;
            Some(back(shipment, service, &inlay.tracking, ""))
        })
        .collect();
    let parcels = Parcels {
        carrier: shipment.carrier.as_deref().unwrap_or_default(),
        service: service.map_or("", |it| it.name),
        reference: &draft.reference,
        reference2: &draft.reference2,
        numbers: &[tracking],
        parcels: draft.particulars.parcels,
        weight: &weight,
        date: &day,
        sender: paper_address(&draft.sender),
        recipient: paper_address(&draft.recipient),
        instructions: draft.particulars.instructions.as_deref().unwrap_or_default(),
    };
    Some(STANDARD.encode(papers::label(&parcels, &backs)))
}

fn back<'a>(
    shipment: &'a Shipment,
    service: &'static ReturnService,
    number: &'a str,
    expiry: &'a str,
) -> Back<'a> {
    Back {
        carrier: service.carrier.word(),
        service: service.name,
        reference: &shipment.draft.reference,
        reference2: &shipment.draft.reference2,
        number,
        expiry,
        customer: paper_address(&shipment.draft.recipient),
        merchant: paper_address(&shipment.draft.sender),
    }
}

/// A return label of a shipment.
pub fn return_label(
    shipment: &Shipment,
    service: &'static ReturnService,
    number: &str,
    expiry: &str,
) -> String {
    STANDARD.encode(papers::return_label(&back(shipment, service, number, expiry)))
}

/// What has to be fetched for these shipments.
pub fn picking_list(shipments: &[&Shipment], date: &str) -> String {
    let picks: Vec<Pick<'_>> = shipments
        .iter()
        .flat_map(|shipment| shipment.draft.items.iter().map(move |item| (shipment, item)))
        .map(|(shipment, item)| Pick {
            reference: &shipment.draft.reference,
            reference2: &shipment.draft.reference2,
            location: item.stock_location.as_deref().unwrap_or_default(),
            sku: &item.sku,
            name: &item.name,
            quantity: item.qty,
        })
        .collect();
    STANDARD.encode(papers::picking_list(&picks, date))
}
