//! The papers Shiptheory prints: labels, return labels and picking lists, as PDF.
//!
//! Everything is bounded: an absurd number of parcels prints a hundred pages, a text too long is cut in its box.
//!
//! ```
//! use shipmock::internals::providers::shiptheory::resources::papers::{self, Address, Parcels};
//!
//! let recipient = Address { firstname: "William", lastname: "Riker", postcode: "BS2 3AP", ..Address::default() };
//! let pdf = papers::label(&Parcels {
//!     carrier: "DHL",
//!     service: "Domestic Economy",
//!     reference: "S1234",
//!     numbers: &["2887435806"],
//!     parcels: 1,
//!     recipient,
//!     ..Parcels::default()
//! }, &[]);
//! assert!(pdf.starts_with(b"%PDF-1.4"));
//! ```

use crate::kit::papers::{self, Block, CellShape, Column, Fact, Label, List, MOST_PAGES};

/// Who sends or receives. What is not known is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Address<'a> {
    pub company: &'a str,
    pub firstname: &'a str,
    pub lastname: &'a str,
    /// The lines of the street.
    pub lines: [&'a str; 3],
    pub city: &'a str,
    /// The county or state.
    pub county: &'a str,
    /// The postcode, as it was sent.
    pub postcode: &'a str,
    /// The country in letters that a driver reads.
    pub country: &'a str,
    pub telephone: &'a str,
}

/// A booked shipment as its labels show it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parcels<'a> {
    pub carrier: &'a str,
    /// The carrier's service.
    pub service: &'a str,
    /// The shipment's reference.
    pub reference: &'a str,
    /// The order's.
    pub reference2: &'a str,
    /// A number for each parcel; parcels without one of their own have the first.
    pub numbers: &'a [&'a str],
    /// How many parcels, and so pages.
    pub parcels: u64,
    /// Of all of them, as it was sent, in kilograms.
    pub weight: &'a str,
    /// When they leave, as a person reads it.
    pub date: &'a str,
    pub sender: Address<'a>,
    pub recipient: Address<'a>,
    /// For the driver.
    pub instructions: &'a str,
}

/// A parcel that goes back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Back<'a> {
    pub carrier: &'a str,
    /// The carrier's return service.
    pub service: &'a str,
    /// The reference of the shipment it went out with.
    pub reference: &'a str,
    /// The order's.
    pub reference2: &'a str,
    /// Its own tracking number.
    pub number: &'a str,
    /// The last day it is taken.
    pub expiry: &'a str,
    /// Who received it, and sends it back.
    pub customer: Address<'a>,
    /// Who gets it back.
    pub merchant: Address<'a>,
}

/// A line of a picking list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pick<'a> {
    /// The shipment it belongs to.
    pub reference: &'a str,
    /// Its order.
    pub reference2: &'a str,
    pub location: &'a str,
    /// What it is.
    pub sku: &'a str,
    pub name: &'a str,
    pub quantity: u64,
}

/// What keeps a label of ours out of a sorting machine.
const FOOT: &str = "Test label printed by Shipmock. Not valid for carriage.";

/// The labels of a shipment, a page for each parcel, and behind them those of returns that travel with it.
pub fn label(shipment: &Parcels<'_>, returns: &[Back<'_>]) -> Vec<u8> {
    let most = MOST_PAGES.saturating_sub(returns.len()).max(1);
    let pages = usize::try_from(shipment.parcels).unwrap_or(usize::MAX).clamp(1, most);
    let outward = (0..pages).map(|place| outward(shipment, place));
    let pages: Vec<Label> = outward.chain(returns.iter().map(homeward)).collect();
    papers::labels(&format!("Label {}", shipment.reference), &pages)
}

/// A label for a parcel that goes back.
pub fn return_label(parcel: &Back<'_>) -> Vec<u8> {
    papers::labels(&format!("Return label {}", parcel.reference), &[homeward(parcel)])
}

fn outward(shipment: &Parcels<'_>, place: usize) -> Label {
    let number = shipment.numbers.get(place).or(shipment.numbers.first()).copied();
    let parcels = shipment.parcels.max(1);
    Label {
        carrier: shipment.carrier.to_owned(),
        service: shipment.service.to_owned(),
        from: Block { caption: "SENDER", lines: lines(&shipment.sender, true) },
        facts: vec![
            fact("PARCEL", format!("{} of {parcels}", place + 1)),
            fact("WEIGHT", with_unit(shipment.weight)),
            fact("SHIP DATE", shipment.date),
        ],
        to: Block { caption: "DELIVER TO", lines: lines(&shipment.recipient, false) },
        postcode: shipment.recipient.postcode.to_uppercase(),
        references: vec![fact("REFERENCE", shipment.reference), fact("ORDER", shipment.reference2)],
        note: Block { caption: "INSTRUCTIONS", lines: vec![shipment.instructions.to_owned()] },
        number: number.unwrap_or_default().to_owned(),
        foot: FOOT.to_owned(),
    }
}

fn homeward(parcel: &Back<'_>) -> Label {
    Label {
        carrier: parcel.carrier.to_owned(),
        service: parcel.service.to_owned(),
        from: Block { caption: "RETURNED BY", lines: lines(&parcel.customer, true) },
        facts: vec![fact("PARCEL", "RETURN"), fact("USE BEFORE", parcel.expiry)],
        to: Block { caption: "RETURN TO", lines: lines(&parcel.merchant, false) },
        postcode: parcel.merchant.postcode.to_uppercase(),
        references: vec![fact("REFERENCE", parcel.reference), fact("ORDER", parcel.reference2)],
        note: Block::default(),
        number: parcel.number.to_owned(),
        foot: FOOT.to_owned(),
    }
}

fn fact(caption: &'static str, value: impl Into<String>) -> Fact {
    Fact { caption, value: value.into() }
}

fn with_unit(weight: &str) -> String {
    if weight.is_empty() { String::new() } else { format!("{weight} kg") }
}

/// An address from the name down. The recipient's postcode has large letters of its own.
fn lines(address: &Address<'_>, postcode: bool) -> Vec<String> {
    let joined = |parts: &[&str], between: &str| {
        let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(between)
    };
    let code = if postcode { address.postcode.to_uppercase() } else { String::new() };
    let telephone = match address.telephone.trim() {
        "" => String::new(),
        number => format!("Tel {number}"),
    };
    let name = joined(&[address.firstname, address.lastname], " ");
    let street = address.lines.map(str::to_owned);
    let place = joined(&[address.city, &code], " ");
    let country = joined(&[address.county, address.country], ", ");
    let lines = [name, address.company.to_owned()].into_iter().chain(street);
    let lines = lines.chain([place, country, telephone]);
    lines.filter(|line| !line.trim().is_empty()).collect()
}

/// What has to be fetched for these shipments.
pub fn picking_list(picks: &[Pick<'_>], date: &str) -> Vec<u8> {
    let column = |caption, share, shape| Column { caption, share, shape };
    let mut references: Vec<&str> = picks.iter().map(|pick| pick.reference).collect();
    references.sort_unstable();
    references.dedup();
    let units = picks.iter().fold(0_u64, |sum, pick| sum.saturating_add(pick.quantity));
    papers::list(&List {
        title: "Picking list".to_owned(),
        facts: vec![
            fact("DATE", date),
            fact("SHIPMENTS", references.len().to_string()),
            fact("LINES", picks.len().to_string()),
            fact("UNITS", units.to_string()),
        ],
        columns: vec![
            column("Location", 28, CellShape::Text),
            column("SKU", 28, CellShape::Text),
            column("Product", 50, CellShape::Text),
            column("Qty", 11, CellShape::Number),
            column("Shipment", 27, CellShape::Text),
            column("Order", 27, CellShape::Text),
            column("Picked", 14, CellShape::Box),
        ],
        rows: picks.iter().map(cells).collect(),
        nothing: "No products to pick.",
        foot: "Picking list printed by Shipmock".to_owned(),
    })
}

fn cells(pick: &Pick<'_>) -> Vec<String> {
    let texts = [
        pick.location,
        pick.sku,
        pick.name,
        &pick.quantity.to_string(),
        pick.reference,
        pick.reference2,
    ];
    texts.map(str::to_owned).to_vec()
}
