//! The surface of every provider, as text.

use shipmock::internals::providers::{Name, RouteLine, service};

/// The table, each column as wide as its widest cell.
fn table(lines: &[RouteLine]) -> String {
    let rows: Vec<[String; 5]> = lines
        .iter()
        .map(|line| {
            [line.method, line.path, &line.group, line.section, line.evidence.word()]
                .map(str::to_owned)
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    let printed = rows.iter().map(|row| {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    });
    printed.collect()
}

#[test]
fn the_surface_of_every_provider_is_written_down() {
    for name in Name::ALL {
        snapshot!("routes", name.word(), table(&service(*name).routes()));
    }
}

#[test]
fn every_provider_has_a_description() {
    for name in Name::ALL {
        snapshot!("openapi", name.word(), shipmock::internals::listing::openapi(*name, 7447));
    }
}

#[test]
fn no_route_is_there_twice_and_every_one_has_a_section() {
    for name in Name::ALL {
        let routes = service(*name).routes();
        for (place, line) in routes.iter().enumerate() {
            let same = |other: &&RouteLine| (other.method, other.path) == (line.method, line.path);
            assert_eq!(routes.iter().position(|other| same(&other)), Some(place), "{line:?}");
            assert!(line.path.starts_with('/') && !line.section.is_empty(), "{line:?}");
        }
    }
}
