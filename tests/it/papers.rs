//! Labels and lists, read back: what stands on them, what their bars say, and that nothing leaves the paper.

use shipmock::internals::kit::papers::barcode;
use shipmock::internals::kit::papers::{
    self as paper, CellShape, Column, Fact, Label, List, MOST_PAGES,
};
use shipmock::internals::providers::shiptheory::data::carriers::{
    Carrier, SERVICES, tracking_number,
};
use shipmock::internals::providers::shiptheory::resources::papers::{
    self, Address, Back, Parcels, Pick,
};
use shipmock::internals::sim::chance::Chance;

use crate::pdf::{self, Page};

/// The recipient of the documentation's booking.
const RECIPIENT: Address<'_> = Address {
    company: "Beard Supplies Co",
    firstname: "William",
    lastname: "Riker",
    lines: ["123 Southpaw Lane", "", ""],
    city: "Bristol",
    county: "",
    postcode: "bs2 3ap",
    country: "United Kingdom",
    telephone: "01171231234",
};

/// Its sender.
const SENDER: Address<'_> = Address {
    company: "Hair Wholesaler Co.",
    firstname: "Julian",
    lastname: "Bashir",
    lines: ["65 Horfield Retail Park", "", ""],
    city: "Bath",
    county: "Somerset",
    postcode: "ba1 2jw",
    country: "United Kingdom",
    telephone: "0117123111",
};

const SHIPMENT: Parcels<'_> = Parcels {
    carrier: "Royal Mail",
    service: "Special Delivery Guaranteed by 1pm",
    reference: "S1234",
    reference2: "ORDER1001",
    numbers: &["TT324201212GB"],
    parcels: 1,
    weight: "2.5",
    date: "20 April 2021",
    sender: SENDER,
    recipient: RECIPIENT,
    instructions: "Please leave behind the gate",
};

const BACK: Back<'_> = Back {
    carrier: "DPD",
    service: "Return to Shop",
    reference: "S0001001",
    reference2: "ORDER1001",
    number: "15502345678901",
    expiry: "23 October 2019",
    customer: RECIPIENT,
    merchant: SENDER,
};

/// Keeps a paper for `.ci/scan`, which looks at it with a real scanner's eyes: the codes it must find, page by page.
fn keep(name: &str, pdf: &[u8]) -> Vec<Page> {
    let pages = pdf::pages(pdf);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("papers");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.pdf")), pdf).unwrap();
    let codes: String = pages.iter().map(|page| format!("{}\n", page.codes.join(" "))).collect();
    std::fs::write(folder.join(format!("{name}.codes")), codes).unwrap();
    pages
}

/// Every text begins and stands on the paper, and the bars keep their quiet zones.
fn assert_inside(pages: &[Page], width: f32, height: f32) {
    for page in pages {
        for text in &page.texts {
            let inside = text.x > 5.0 && text.x < width && text.y > 5.0 && text.y < height;
            assert!(inside, "{text:?}");
        }
        for ([left, bottom, right, top], module) in &page.symbols {
            let quiet = barcode::QUIET as f32 * module;
            let inside =
                left - quiet > 0.0 && right + quiet < width && *bottom > 0.0 && *top < height;
            assert!(inside, "{left} {right} {width}");
            assert!(top - bottom > 40.0, "bars of {} points", top - bottom);
        }
    }
}

const PARCEL: (f32, f32) = (283.46, 425.2);
const A4: (f32, f32) = (595.28, 841.89);

#[test]
fn a_label_says_what_was_booked_and_its_bars_say_the_number() {
    let pages = keep("label", &papers::label(&SHIPMENT, &[]));
    assert_eq!(pages[0].codes, ["TT324201212GB"]);
    assert_inside(&pages, PARCEL.0, PARCEL.1);
    snapshot!("papers", "label", pages[0].text());
}

#[test]
fn every_parcel_has_a_page_and_returns_come_last() {
    let numbers = &["15501111111111", "15502222222222"];
    let shipment =
        Parcels { parcels: 3, numbers, carrier: "DPD", service: "Parcel - Next Day", ..SHIPMENT };
    let pages = keep("parcels", &papers::label(&shipment, &[BACK]));
    let codes: Vec<_> = pages.iter().map(|page| page.codes.concat()).collect();
    // The third has no number of its own.
    assert_eq!(codes, ["15501111111111", "15502222222222", "15501111111111", "15502345678901"]);
    for (page, said) in pages.iter().zip(["1 of 3", "2 of 3", "3 of 3", "RETURN"]) {
        assert!(page.text().contains(said), "{said}");
    }
}

#[test]
fn a_return_label_goes_to_the_merchant() {
    let pages = keep("return", &papers::return_label(&BACK));
    assert_eq!(pages[0].codes, ["15502345678901"]);
    assert_inside(&pages, PARCEL.0, PARCEL.1);
    snapshot!("papers", "return-label", pages[0].text());
}

#[test]
fn a_picking_list_has_a_line_for_each_product() {
    let pick = |reference, location, sku, name, quantity| Pick {
        reference,
        reference2: "ORDER1001",
        location,
        sku,
        name,
        quantity,
    };
    let picks = [
        pick("S123456", "LOCATION_001", "ussbeard500", "USS Beard Trimmer 500", 1),
        pick("S123456", "", "earlgrey", "Earl Grey Gift Set", 2),
        pick(
            "S123457",
            "Aisle 12, shelf 3, a box at the very back of it",
            "cap1",
            "Baseball Cap",
            20,
        ),
    ];
    let pages = keep("picking-list", &papers::picking_list(&picks, "20 April 2021"));
    assert_inside(&pages, A4.0, A4.1);
    snapshot!("papers", "picking-list", pages[0].text());
    let pages = pdf::pages(&papers::picking_list(&[], ""));
    assert!(pages[0].text().contains("No products to pick."));
}

#[test]
fn a_list_goes_on_as_long_as_it_may() {
    let long = |rows: usize| List {
        title: "List".to_owned(),
        columns: vec![Column { caption: "Row", share: 1, shape: CellShape::Number }],
        rows: (1..=rows).map(|row| vec![row.to_string()]).collect(),
        ..List::default()
    };
    let rows = |pages: &[Page]| {
        let texts = pages.iter().flat_map(|page| &page.texts);
        texts.filter(|text| text.text.parse::<usize>().is_ok()).count()
    };
    let pages = keep("long-list", &paper::list(&long(200)));
    assert_eq!((pages.len(), rows(&pages)), (6, 200));
    assert!(pages[5].text().contains("6 / 6"));
    assert_inside(&pages, A4.0, A4.1);
    let pages = pdf::pages(&paper::list(&long(10_000)));
    let printed = rows(&pages);
    assert_eq!(pages.len(), MOST_PAGES);
    assert!(pages[0].text().contains(&format!("1 / {MOST_PAGES} (+{})", 10_000 - printed)));
    // No columns, cells without columns, columns without cells.
    for (columns, rows) in [(0, 2), (2, 0), (2, 1)] {
        let columns = vec![Column::default(); columns];
        let odd = List { columns, rows: vec![vec!["a".to_owned()]; rows], ..List::default() };
        assert_eq!(pdf::pages(&paper::list(&odd)).len(), 1);
    }
}

#[test]
fn the_same_values_give_the_same_bytes() {
    assert_eq!(papers::label(&SHIPMENT, &[BACK]), papers::label(&SHIPMENT, &[BACK]));
    let other = Parcels { reference: "S1235", ..SHIPMENT };
    assert_ne!(papers::label(&SHIPMENT, &[]), papers::label(&other, &[]));
}

#[test]
fn a_label_is_small_and_bounded() {
    assert!(papers::label(&SHIPMENT, &[]).len() < 4_000, "{}", papers::label(&SHIPMENT, &[]).len());
    let most = papers::label(&Parcels { parcels: u64::MAX, ..SHIPMENT }, &[BACK]);
    let pages = pdf::pages(&most);
    assert_eq!(pages.len(), MOST_PAGES);
    assert!(pages.last().unwrap().text().contains("RETURN"), "the returns are not pushed out");
    assert!(most.len() < 400_000);
}

#[test]
fn every_text_is_cut_or_written_differently_and_never_too_much() {
    let long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch ".repeat(2_000);
    let arabic = "شركة الشحن السريع للتجارة الإلكترونية";
    for text in [
        "",
        " ",
        "\0\n\t",
        "(((\\)\u{85}",
        "Łódź 北京 🎁 Ünïcödé €",
        arabic,
        long.as_str(),
        "\u{202e}\u{200d}",
    ] {
        let address = Address {
            company: text,
            firstname: text,
            lastname: text,
            lines: [text; 3],
            city: text,
            county: text,
            postcode: text,
            country: text,
            telephone: text,
        };
        let shipment = Parcels {
            carrier: text,
            service: text,
            reference: text,
            reference2: text,
            numbers: &[text],
            parcels: 0,
            weight: text,
            date: text,
            sender: address,
            recipient: address,
            instructions: text,
        };
        let pages = pdf::pages(&papers::label(&shipment, &[]));
        assert_eq!(
            (pages.len(), pages[0].codes.len()),
            (1, usize::from(text.trim() == "(((\\)")),
            "{text:.20}"
        );
        assert_inside(&pages, PARCEL.0, PARCEL.1);
        let pick =
            Pick { name: text, sku: text, location: text, quantity: u64::MAX, ..Pick::default() };
        assert_inside(&pdf::pages(&papers::picking_list(&[pick; 3], text)), A4.0, A4.1);
    }
}

#[test]
fn an_address_in_arabic_is_readable() {
    let recipient = Address {
        firstname: "محمد",
        lastname: "العتيبي",
        company: "",
        lines: ["شارع الملك فهد", "حي العليا", ""],
        city: "الرياض",
        county: "",
        postcode: "12211",
        country: "Saudi Arabia",
        telephone: "٠٥٠١٢٣٤٥٦٧",
    };
    let shipment = Parcels { recipient, carrier: "SMSA", service: "Express", ..SHIPMENT };
    let pages = keep("arabic", &papers::label(&shipment, &[]));
    snapshot!("papers", "label-arabic", pages[0].text());
}

#[test]
fn a_label_that_is_full_keeps_its_boxes() {
    let recipient = Address {
        company: "Donaudampfschifffahrtsgesellschaft für Beförderung und Verschickung mbH & Co. KG",
        firstname: "Maximiliane-Ernestine",
        lastname: "von und zu Hohenlohe-Schillingsfürst",
        lines: [
            "Straße des Siebzehnten Juni 135",
            "Hinterhaus, vierter Aufgang links",
            "c/o Größenwahn",
        ],
        city: "Großraming an der Donau",
        county: "Oberösterreich",
        postcode: "A-4463",
        country: "Österreich",
        telephone: "+43 7254 7373 1234567",
    };
    let shipment = Parcels {
        carrier: "Österreichische Post",
        service: "International Tracked & Signed with Enhanced Compensation, Saturday",
        reference: "REFERENCE-WITH-41-CHARACTERS-IN-IT-000001",
        reference2: "ORDER/2026/11/22/000000000000000001",
        numbers: &["008182709980000020033350276C"],
        parcels: 2,
        weight: "1234.567",
        sender: recipient,
        recipient,
        instructions: "Bitte beim Nachbarn im zweiten Stock abgeben, falls niemand öffnet; der Hund bellt nur, \
            er beißt nicht. Klingel defekt, bitte kräftig klopfen und kurz warten. Danke schön!",
        ..SHIPMENT
    };
    let pages = keep("full", &papers::label(&shipment, &[]));
    assert_eq!(pages[0].codes, ["008182709980000020033350276C"]);
    assert_inside(&pages, PARCEL.0, PARCEL.1);
    // No two lines stand on each other: the same place means the same line.
    for page in &pages {
        for (place, text) in page.texts.iter().enumerate() {
            for other in &page.texts[place + 1..] {
                let close = (text.y - other.y).abs() < 0.7 * text.size.min(other.size);
                assert!(!close || (text.x - other.x).abs() > 20.0, "{text:?} on {other:?}");
            }
        }
    }
    snapshot!("papers", "label-full", pages[1].text());
}

#[test]
fn bars_keep_whole_dots_and_give_way_when_there_is_no_room() {
    let modules = |number: &str| {
        let label = Label { number: number.to_owned(), ..Label::default() };
        let pages = pdf::pages(&paper::labels("", &[label]));
        assert_inside(&pages, PARCEL.0, PARCEL.1);
        let dots =
            |(_, module): &([f32; 4], f32)| (module * 25.4 / 72.0 / 0.125 * 10.0).round() / 10.0;
        (pages[0].symbols.first().map(dots), pages[0].text())
    };
    assert_eq!(modules("12345678").0, Some(4.0));
    assert_eq!(modules("TT324201212GB").0, Some(4.0));
    assert_eq!(modules("Shipment-of-20-chars").0, Some(2.0));
    assert_eq!(modules(&"9".repeat(34)).0, Some(3.0));
    assert_eq!(modules(&"A".repeat(40)).0, Some(1.5));
    let (none, text) = modules(&"A".repeat(48));
    assert_eq!(none, None, "no scanner would read it");
    assert!(text.contains("AAAA"), "but it can be typed");
    assert_eq!(modules("").0, None);
}

#[test]
fn every_carriers_numbers_can_be_scanned() {
    let mut chance = Chance::new(7);
    let services =
        Carrier::ALL.iter().filter_map(|it| SERVICES.iter().find(|row| row.carrier == *it));
    let numbered: Vec<_> =
        services.map(|it| (it, tracking_number(it.numbers, &mut chance))).collect();
    let labels: Vec<Label> = numbered
        .iter()
        .map(|(service, number)| Label {
            carrier: service.carrier.to_string(),
            service: service.name.to_owned(),
            number: number.clone(),
            ..Label::default()
        })
        .collect();
    let pages = keep("carriers", &paper::labels("Carriers", &labels));
    let printed: Vec<_> = pages.iter().map(|page| page.codes.concat()).collect();
    assert_eq!(printed, numbered.iter().map(|(_, number)| number.clone()).collect::<Vec<_>>());
    snapshot!(
        "papers",
        "tracking-numbers",
        numbered
            .iter()
            .map(|(service, number)| format!("{:<12} {number}\n", service.carrier.word()))
            .collect::<String>()
    );
}

#[test]
fn every_printable_text_survives_the_bars() {
    let ascii: String = (' '..='~').collect();
    let mut texts: Vec<String> =
        ascii.as_bytes().chunks(19).map(|part| String::from_utf8(part.to_vec()).unwrap()).collect();
    texts.extend(
        ["1Z999AA10123456784", "00", "7", "1234567", "A12345678B", "008182709980000020033350276C"]
            .map(str::to_owned),
    );
    texts.extend((1..=barcode::LONGEST).map(|length| "0123456789".repeat(5)[..length].to_owned()));
    for text in texts {
        let bars = barcode::code128(&text).unwrap();
        let widths: String = bars.widths().iter().map(u8::to_string).collect();
        assert_eq!(pdf::decoded(&widths), text);
    }
}

#[test]
fn facts_beyond_the_room_are_left_out() {
    let facts = vec![Fact { caption: "FACT", value: "value".to_owned() }; 9];
    let label = Label { facts: facts.clone(), references: facts, ..Label::default() };
    let pages = pdf::pages(&paper::labels("", &[label]));
    assert_eq!(pages[0].text().matches("value").count(), 4 + 2);
}
