//! Products: documentation, "Products".

use serde::Serialize;

use crate::frameworks::cakephp::validation::{Problems, check};
use crate::frameworks::php::json_encode::Number;
use crate::kit::collation::{self, Collated};
use crate::message::Reply;
use crate::providers::shiptheory::resources::input::{self, Fields};
use crate::providers::shiptheory::resources::pages::{Paging, Query, Sorter};
use crate::providers::shiptheory::resources::reading::danger;
use crate::providers::shiptheory::state::accounts::{Product, Sheet};
use crate::providers::shiptheory::views::{Danger, Pagination, date};
use crate::providers::shiptheory::{Error, Shiptheory, errors, views};
use crate::providers::{Call, Cx, Field};

/// What a request says about a product, over what is on file.
///
/// # Errors
/// Every field that does not fit.
fn read(
    fields: &Fields,
    takes: &'static [Field],
    known: Option<&Sheet>,
) -> Result<Sheet, Problems> {
    let mut problems = Problems::default();
    check(fields, "", takes, &mut problems);
    problems.settle()?;
    let mut sheet = known.cloned().unwrap_or_default();
    if let Some(sku) = input::some_text(fields, "sku") {
        sheet.sku = sku;
    }
    for (name, known) in [
        ("name", &mut sheet.name),
        ("barcode", &mut sheet.barcode),
        ("commodity_code", &mut sheet.commodity_code),
        ("commodity_description", &mut sheet.commodity_description),
        ("commodity_manucountry", &mut sheet.commodity_manucountry),
        ("commodity_composition", &mut sheet.commodity_composition),
        ("mid_code", &mut sheet.mid_code),
        ("thumbnail_url", &mut sheet.thumbnail_url),
        ("stock_location", &mut sheet.stock_location),
    ] {
        if fields.contains_key(name) {
            *known = input::text(fields, name);
        }
    }
    for (name, places, known) in [
        ("price", 2, &mut sheet.price),
        ("weight", 3, &mut sheet.weight),
        ("length", 2, &mut sheet.length),
        ("width", 2, &mut sheet.width),
        ("height", 2, &mut sheet.height),
    ] {
        if fields.contains_key(name) {
            *known = input::number(fields, name, places);
        }
    }
    if fields.contains_key("dangerous_goods") {
        sheet.dangerous_goods = danger(fields);
    }
    Ok(sheet)
}

/// A product as it is viewed and listed.
#[derive(Debug, Serialize)]
struct View<'a> {
    sku: &'a str,
    name: Option<&'a str>,
    price: Number,
    weight: Number,
    barcode: Option<&'a str>,
    commodity_code: Option<&'a str>,
    commodity_description: Option<&'a str>,
    commodity_manucountry: Option<&'a str>,
    commodity_composition: Option<&'a str>,
    length: Number,
    width: Number,
    height: Number,
    thumbnail_url: Option<&'a str>,
    stock_location: Option<&'a str>,
    dangerous_goods: Option<Danger>,
    created: String,
    modified: String,
}

impl<'a> From<&'a Product> for View<'a> {
    fn from(product: &'a Product) -> Self {
        let sheet = &product.sheet;
        View {
            sku: &sheet.sku,
            name: sheet.name.as_deref(),
            price: sheet.price.unwrap_or_default(),
            weight: sheet.weight.unwrap_or_default(),
            barcode: sheet.barcode.as_deref(),
            commodity_code: sheet.commodity_code.as_deref(),
            commodity_description: sheet.commodity_description.as_deref(),
            commodity_manucountry: sheet.commodity_manucountry.as_deref(),
            commodity_composition: sheet.commodity_composition.as_deref(),
            length: sheet.length.unwrap_or_default(),
            width: sheet.width.unwrap_or_default(),
            height: sheet.height.unwrap_or_default(),
            thumbnail_url: sheet.thumbnail_url.as_deref(),
            stock_location: sheet.stock_location.as_deref(),
            dangerous_goods: sheet.dangerous_goods.as_ref().map(Danger::from),
            created: date(product.created),
            modified: date(product.modified),
        }
    }
}

/// What stands at the beginning of a written product, whether it was added or changed.
#[derive(Debug, Serialize)]
struct Front<'a> {
    sku: &'a str,
    name: Option<&'a str>,
    price: Number,
    weight: Number,
    barcode: Option<&'a str>,
    commodity_code: Option<&'a str>,
    commodity_description: Option<&'a str>,
    commodity_manucountry: Option<&'a str>,
    commodity_composition: Option<&'a str>,
    mid_code: Option<&'a str>,
}

impl<'a> From<&'a Sheet> for Front<'a> {
    fn from(sheet: &'a Sheet) -> Self {
        Front {
            sku: &sheet.sku,
            name: sheet.name.as_deref(),
            price: sheet.price.unwrap_or_default(),
            weight: sheet.weight.unwrap_or_default(),
            barcode: sheet.barcode.as_deref(),
            commodity_code: sheet.commodity_code.as_deref(),
            commodity_description: sheet.commodity_description.as_deref(),
            commodity_manucountry: sheet.commodity_manucountry.as_deref(),
            commodity_composition: sheet.commodity_composition.as_deref(),
            mid_code: sheet.mid_code.as_deref(),
        }
    }
}

/// A product that was added: what was not sent of its sides and picture is not printed.
#[derive(Debug, Serialize)]
struct Added<'a> {
    #[serde(flatten)]
    front: Front<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<&'a str>,
    stock_location: Option<&'a str>,
    dangerous_goods: Option<Danger>,
    created: String,
    modified: String,
}

impl<'a> From<&'a Product> for Added<'a> {
    fn from(product: &'a Product) -> Self {
        let sheet = &product.sheet;
        Added {
            front: Front::from(sheet),
            length: sheet.length,
            width: sheet.width,
            height: sheet.height,
            thumbnail_url: sheet.thumbnail_url.as_deref(),
            stock_location: sheet.stock_location.as_deref(),
            dangerous_goods: sheet.dangerous_goods.as_ref().map(Danger::from),
            created: date(product.created),
            modified: date(product.modified),
        }
    }
}

/// A product that was changed. The printed sample repeats `commodity_composition`; JSON does not.
#[derive(Debug, Serialize)]
struct Updated<'a> {
    #[serde(flatten)]
    front: Front<'a>,
    created: String,
    modified: String,
    length: Number,
    width: Number,
    height: Number,
    volume: Number,
    thumbnail_url: Option<&'a str>,
    stock_location: Option<&'a str>,
    dangerous_goods: Option<Danger>,
}

impl<'a> From<&'a Product> for Updated<'a> {
    fn from(product: &'a Product) -> Self {
        let sheet = &product.sheet;
        let [length, width, height] =
            [sheet.length, sheet.width, sheet.height].map(Option::unwrap_or_default);
        let volume = length.0.checked_mul(width.0).and_then(|area| area.checked_mul(height.0));
        Updated {
            front: Front::from(sheet),
            created: date(product.created),
            modified: date(product.modified),
            length,
            width,
            height,
            volume: Number(volume.unwrap_or_default()),
            thumbnail_url: sheet.thumbnail_url.as_deref(),
            stock_location: sheet.stock_location.as_deref(),
            dangerous_goods: sheet.dangerous_goods.as_ref().map(Danger::from),
        }
    }
}

#[derive(Debug, Serialize)]
struct Written<T> {
    success: bool,
    product: T,
}

#[derive(Debug, Serialize)]
struct Viewed<'a> {
    product: View<'a>,
}

#[derive(Debug, Serialize)]
struct Listed<'a> {
    products: Vec<View<'a>>,
    pagination: Pagination,
}

const GONE: Error = Error::Absent("The caller has no product of this SKU.");

/// `POST /v1/products`.
pub fn add(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let sheet = read(&input::fields(call.request)?, call.takes, None)?;
    let now = cx.now;
    let account = cx.state.account_mut(&call.caller)?;
    let known = account.product(&sheet.sku);
    if known.is_some_and(|product| !product.example) {
        return Err(errors::sku_taken());
    }
    let number = known.map_or_else(|| account.next_product(), |product| product.number);
    let product = Product { number, sheet, created: now, modified: now, example: false };
    let reply = views::reply(200, &Written { success: true, product: Added::from(&product) });
    account.add_product(product);
    Ok(reply)
}

/// `GET /v1/products/view/{sku}`.
pub fn view(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let account = cx.state.account(&call.caller)?;
    let product = account.product(call.args.at(0)).ok_or(GONE)?;
    Ok(views::reply(200, &Viewed { product: View::from(product) }))
}

const SORTERS: &[Sorter<Product>] = &[
    ("sku", |one, two| collation::key(&one.sheet.sku).cmp(&collation::key(&two.sheet.sku))),
    ("name", |one, two| {
        let name = |product: &Product| {
            product.sheet.name.as_deref().map(|name| collation::key(name).into_owned())
        };
        name(one).cmp(&name(two))
    }),
    ("price", |one, two| one.sheet.price.cmp(&two.sheet.price)),
    ("weight", |one, two| one.sheet.weight.cmp(&two.sheet.weight)),
    ("created", |one, two| one.created.cmp(&two.created)),
    ("modified", |one, two| one.modified.cmp(&two.modified)),
];

/// `GET /v1/products`: in pages, in the order in which they came.
pub fn list(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let account = cx.state.account(&call.caller)?;
    let query = Query::of(call.request);
    let paging = Paging::of(&query);
    let mut rows: Vec<&Product> = account.products.values().collect();
    rows.sort_by_key(|product| product.number);
    paging.sort(&mut rows, SORTERS);
    let (rows, pagination) = paging.cut(rows)?;
    let products = rows.into_iter().map(View::from).collect();
    let reply = views::reply(200, &Listed { products, pagination });
    Ok(reply.passing_over(Paging::passed_over(&query, SORTERS)))
}

/// `PUT /v1/products/update/{sku}`: what is not sent stays. A body with another SKU renames, unless that is taken.
pub fn update(cx: &mut Cx<'_, Shiptheory>, call: &Call<'_, Shiptheory>) -> Result<Reply, Error> {
    let fields = input::fields(call.request)?;
    let now = cx.now;
    let account = cx.state.account_mut(&call.caller)?;
    let sku = call.args.at(0);
    let known = account.product(sku).ok_or(GONE)?;
    let sheet = read(&fields, call.takes, Some(&known.sheet))?;
    if account.product(&sheet.sku).is_some_and(|other| other.number != known.number) {
        return Err(errors::sku_taken());
    }
    let product = Product { sheet, modified: now, example: false, ..known.clone() };
    account.products.remove(&Collated::new(sku));
    let reply = views::reply(200, &Written { success: true, product: Updated::from(&product) });
    account.add_product(product);
    Ok(reply)
}
