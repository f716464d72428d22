//! Countries and their divisions: documentation, "Geography".

use serde::Serialize;

use crate::frameworks::laravel::rules::problems;
use crate::kit::numeric;
use crate::message::Reply;
use crate::providers::shipper::data::geography::{self, Country};
use crate::providers::shipper::resources::input;
use crate::providers::shipper::{Error, Shipper, views};
use crate::providers::{Call, Cx};

#[derive(Serialize)]
struct CountryRow {
    code: &'static str,
    name: &'static str,
    geo_structure: Structure,
}

#[derive(Serialize)]
struct Structure {
    fields: Vec<Division>,
}

#[derive(Serialize)]
struct Division {
    id: String,
    label: &'static str,
    level: usize,
    required: bool,
    depends_on: Option<String>,
}

impl From<&Country> for Structure {
    fn from(country: &Country) -> Self {
        let name = |level: usize| format!("division_{level}_id");
        let field = |(place, level): (usize, &geography::Level)| Division {
            id: name(place + 1),
            label: level.label,
            level: place + 1,
            required: level.required,
            depends_on: (place > 0).then(|| name(place)),
        };
        Structure { fields: country.levels.iter().enumerate().map(field).collect() }
    }
}

#[derive(Serialize)]
struct Divisions {
    country: &'static str,
    geo_structure: Structure,
    divisions: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: u32,
    name: &'static str,
    level: u8,
    parent_id: Option<u32>,
}

/// `GET /countries`: every country with its levels.
pub fn list(_cx: &mut Cx<'_, Shipper>, _call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let row = |country: &'static Country| CountryRow {
        code: country.code,
        name: country.name,
        geo_structure: country.into(),
    };
    Ok(views::reply(200, &geography::countries().iter().map(row).collect::<Vec<_>>()))
}

/// `GET /countries/{code}/divisions`: level 1 unless asked otherwise; both filters must hold.
pub fn divisions(_cx: &mut Cx<'_, Shipper>, call: &Call<'_, Shipper>) -> Result<Reply, Error> {
    let code = call.args.at(0);
    let country =
        geography::country(code).ok_or_else(|| Error::NotFound("Country", code.to_owned()))?;
    let query = input::query(call.request);
    let wrong = problems(&query, call.takes);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let number = |field: &str| query.get(field).and_then(numeric::integer_of);
    let rows: Vec<Row> = country
        .divisions(number("level").unwrap_or(1), number("parent_id"))
        .map(|it| Row { id: it.id, name: it.name, level: it.level, parent_id: it.parent_id })
        .collect();
    let body = Divisions { country: country.code, geo_structure: country.into(), divisions: rows };
    Ok(views::reply(200, &body))
}
