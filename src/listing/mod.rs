//! Listings of what is simulated, as text: the endpoints and the life cycles, read from the tables that play them.

mod openapi;

use std::fmt::Write as _;

use crate::providers::{self, Name, RouteLine};
use crate::sim::machine::mermaid;

pub use openapi::openapi;

fn chosen(provider: Option<Name>) -> impl Iterator<Item = Name> {
    Name::ALL.iter().copied().filter(move |name| provider.is_none_or(|wanted| wanted == *name))
}

fn lines(provider: Option<Name>) -> Vec<RouteLine> {
    chosen(provider).flat_map(|name| providers::service(name).routes()).collect()
}

/// Every endpoint in aligned columns: method, path with our prefix, section of the documentation, evidence.
pub fn routes(provider: Option<Name>) -> String {
    let rows: Vec<[String; 4]> = lines(provider)
        .iter()
        .map(|line| {
            let path = format!("/{}{}", line.provider, line.path);
            [line.method.into(), path, line.section.into(), line.evidence.word().into()]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let [method, path, section] = [0, 1, 2].map(|column| width(column).unwrap_or(0));
    rows.iter().fold(String::new(), |mut text, [verb, place, heading, evidence]| {
        let _ = writeln!(text, "{verb:method$}  {place:path$}  {heading:section$}  {evidence}");
        text
    })
}

/// The same as JSON.
pub fn routes_json(provider: Option<Name>) -> String {
    let text = serde_json::to_string_pretty(&lines(provider));
    let mut text = text.expect("a list of texts has a JSON form");
    text.push('\n');
    text
}

/// Every life cycle as a Mermaid state diagram under a heading.
pub fn machines(provider: Option<Name>) -> String {
    let mut text = String::new();
    for name in chosen(provider) {
        for machine in providers::service(name).machines() {
            let gap = if text.is_empty() { "" } else { "\n" };
            let _ = write!(
                text,
                "{gap}## {name} {}\n\n```mermaid\n{}```\n",
                machine.name(),
                mermaid(*machine)
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{machines, routes, routes_json};
    use crate::providers::Name;

    #[test]
    fn a_route_is_one_line_and_one_object() {
        let text = routes(Some(Name::Shipper));
        let json: serde_json::Value =
            serde_json::from_str(&routes_json(Some(Name::Shipper))).unwrap();
        assert_eq!(text.lines().count(), json.as_array().unwrap().len());
        assert!(text.starts_with("GET     /shipper/api/v1/countries "), "{text}");
    }

    #[test]
    fn a_machine_has_a_heading_with_its_provider_and_kind() {
        assert!(machines(None).contains("## shipper shipment\n\n```mermaid\nstateDiagram-v2\n"));
    }
}
