//! The countries Shipper delivers in, and their divisions on two levels.
//!
//! Documented: Tunisia's labels, the ids 1 to 3 and 10 to 12, the dinar. Observed in integrators' data: the
//! spelling of the governorates (with accents) and of the delegations (without). Everything else is real
//! geography under ids of our own: Tunisia's 264 delegations, Algeria's 58 wilayas of 2019 with a selection of
//! communes, Morocco's 12 regions and 75 provinces and prefectures.

use std::sync::LazyLock;

/// What a level of divisions is called, and whether an address should name one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// The label a form shows.
    pub label: &'static str,
    /// Whether the country's structure calls the level required; creating an order does not insist.
    pub required: bool,
}

/// The money an organisation of a country keeps its books in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency {
    /// Shipper's id, which it prints as a string.
    pub id: &'static str,
    /// The ISO 4217 code.
    pub iso: &'static str,
    /// The Arabic symbol.
    pub symbol: &'static str,
    /// Digits after the point of the smallest coin.
    pub decimals: u8,
}

/// A governorate, delegation, wilaya, commune, region or province.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    /// Unique over all countries.
    pub id: u32,
    /// The name that an order must give exactly.
    pub name: &'static str,
    /// 1 or 2.
    pub level: u8,
    /// The level-1 division that holds it; none at level 1.
    pub parent_id: Option<u32>,
}

/// A country and its divisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// The ISO 3166 code, in capitals.
    pub code: &'static str,
    /// The English name.
    pub name: &'static str,
    /// The prefix of its telephone numbers, with the plus.
    pub dial: &'static str,
    pub currency: Currency,
    /// Level 1, then level 2.
    pub levels: [Level; 2],
    divisions: Vec<Division>,
}

impl Country {
    /// The divisions of one level, in the order of their ids; with a parent, those it holds.
    ///
    /// Both filters must hold, so a parent together with level 1 finds nothing. They take any integer a query may hold.
    pub fn divisions(&self, level: i64, parent_id: Option<i64>) -> impl Iterator<Item = &Division> {
        self.divisions.iter().filter(move |division| {
            i64::from(division.level) == level
                && parent_id.is_none_or(|parent| division.parent_id.map(i64::from) == Some(parent))
        })
    }

    /// The division of exactly this name, accents and capitals included.
    ///
    /// Some names occur under several parents; without `parent` the first is found.
    pub fn division(&self, level: u8, name: &str, parent: Option<u32>) -> Option<&Division> {
        self.divisions(level.into(), parent.map(i64::from)).find(|division| division.name == name)
    }
}

/// All countries, in the order Shipper's documentation names them: TN, DZ, MA.
pub fn countries() -> &'static [Country] {
    static COUNTRIES: LazyLock<[Country; 3]> = LazyLock::new(|| {
        [
            Country {
                code: "TN",
                name: "Tunisia",
                dial: "+216",
                currency: Currency { id: "1", iso: "TND", symbol: "د.ت", decimals: 3 },
                levels: required(["Governorate", "Delegation"]),
                divisions: read(include_str!("tunisia.txt")),
            },
            Country {
                code: "DZ",
                name: "Algeria",
                dial: "+213",
                currency: Currency { id: "2", iso: "DZD", symbol: "د.ج", decimals: 2 },
                levels: required(["Wilaya", "Commune"]),
                divisions: read(include_str!("algeria.txt")),
            },
            Country {
                code: "MA",
                name: "Morocco",
                dial: "+212",
                currency: Currency { id: "3", iso: "MAD", symbol: "د.م.", decimals: 2 },
                levels: required(["Region", "Province"]),
                divisions: read(include_str!("morocco.txt")),
            },
        ]
    });
    COUNTRIES.as_slice()
}

/// The country of a two-letter code, in capitals or not.
pub fn country(code: &str) -> Option<&'static Country> {
    countries().iter().find(|country| country.code.eq_ignore_ascii_case(code))
}

fn required(labels: [&'static str; 2]) -> [Level; 2] {
    labels.map(|label| Level { label, required: true })
}

/// Reads lines of an id and a name; an indented line belongs to the last one that is not.
///
/// Only embedded texts come here, so a wrong line is a defect of the build: it stops every test.
fn read(text: &'static str) -> Vec<Division> {
    let mut parent = None;
    let mut divisions: Vec<Division> = text
        .lines()
        .map(|line| {
            let (parent_id, line) = match line.strip_prefix("  ") {
                Some(indented) => {
                    (Some(parent.expect("an indented line follows its parent")), indented)
                }
                None => (None, line),
            };
            let (id, name) = line.split_once(' ').expect("a line is an id, a blank and a name");
            let id = id.parse().expect("an id is a small number");
            if parent_id.is_none() {
                parent = Some(id);
            }
            Division { id, name, level: if parent_id.is_none() { 1 } else { 2 }, parent_id }
        })
        .collect();
    divisions.sort_by_key(|division| division.id);
    divisions
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn everything() -> impl Iterator<Item = &'static Division> {
        countries().iter().flat_map(|country| &country.divisions)
    }

    fn names(code: &str, level: i64, parent: Option<i64>) -> Vec<&'static str> {
        country(code).unwrap().divisions(level, parent).map(|division| division.name).collect()
    }

    #[test]
    fn ids_are_unique_over_all_countries() {
        let ids: BTreeSet<u32> = everything().map(|division| division.id).collect();
        assert_eq!(ids.len(), everything().count());
    }

    #[test]
    fn every_level_2_division_has_a_level_1_parent_in_its_country() {
        for country in countries() {
            for division in country.divisions(2, None) {
                let parent =
                    country.divisions(1, None).find(|parent| Some(parent.id) == division.parent_id);
                assert!(parent.is_some(), "{division:?}");
            }
            assert!(country.divisions(1, None).all(|division| division.parent_id.is_none()));
        }
    }

    #[test]
    fn no_division_went_missing() {
        let count = |code, level| names(code, level, None).len();
        assert_eq!((count("TN", 1), count("TN", 2)), (24, 264));
        assert_eq!((count("DZ", 1), count("DZ", 2)), (58, 543));
        assert_eq!((count("MA", 1), count("MA", 2)), (12, 75));
        let complete =
            [("Alger", 57), ("Blida", 25), ("Oran", 26), ("Annaba", 12), ("Constantine", 12)];
        for (name, communes) in complete {
            let wilaya = country("DZ").unwrap().division(1, name, None).unwrap();
            assert_eq!(names("DZ", 2, Some(wilaya.id.into())).len(), communes, "{name}");
        }
    }

    #[test]
    fn every_level_1_division_has_something_to_choose_from() {
        for country in countries() {
            for parent in country.divisions(1, None) {
                let children = country.divisions(2, Some(parent.id.into())).count();
                assert!(children >= 2, "{parent:?} holds {children}");
            }
        }
    }

    #[test]
    fn names_are_trimmed_composed_and_unique_within_their_parent() {
        let mut seen = BTreeSet::new();
        for country in countries() {
            for division in &country.divisions {
                let name = division.name;
                assert!(
                    !name.is_empty() && name.trim() == name && !name.contains("  "),
                    "{division:?}"
                );
                // An exact comparison must not fail on two ways to write an accent.
                assert!(
                    !name.chars().any(|letter| ('\u{300}'..='\u{36f}').contains(&letter)),
                    "{division:?}"
                );
                assert!(division.level == 1 || name.is_ascii(), "{division:?}");
                assert!(
                    seen.insert((country.code, division.parent_id, name)),
                    "{division:?} twice"
                );
            }
        }
    }

    #[test]
    fn documented_ids_and_their_order_hold() {
        let documented = |level, parent| -> Vec<(u32, &str, Option<u32>)> {
            let divisions = country("TN").unwrap().divisions(level, parent).take(3);
            divisions.map(|division| (division.id, division.name, division.parent_id)).collect()
        };
        assert_eq!(
            documented(1, None),
            [(1, "Tunis", None), (2, "Sfax", None), (3, "Sousse", None)]
        );
        let delegations =
            [(10, "Bab El Bhar", Some(1)), (11, "Bab Souika", Some(1)), (12, "Carthage", Some(1))];
        assert_eq!(documented(2, Some(1)), delegations);
        assert_eq!(documented(2, None), delegations);
    }

    #[test]
    fn tunisia_has_the_24_governorates_as_shipper_spells_them() {
        #[rustfmt::skip]
        let mut expected = [
            "Tunis", "Ariana", "Ben Arous", "La Manouba", "Nabeul", "Bizerte", "Béja", "Jendouba", "Zaghouan", "Siliana",
            "Le Kef", "Sousse", "Monastir", "Mahdia", "Sfax", "Kairouan", "Kasserine", "Sidi Bouzid", "Gabès", "Médenine",
            "Tataouine", "Gafsa", "Tozeur", "Kébili",
        ];
        let mut actual = names("TN", 1, None);
        expected.sort_unstable();
        actual.sort_unstable();
        assert_eq!(actual, expected);
    }

    #[test]
    fn a_country_is_found_by_its_code_in_capitals_or_not() {
        assert_eq!(
            countries().iter().map(|country| country.code).collect::<Vec<_>>(),
            ["TN", "DZ", "MA"]
        );
        assert_eq!(
            country("dz").map(|country| (country.name, country.dial)),
            Some(("Algeria", "+213"))
        );
        assert_eq!(country("FR"), None);
        assert_eq!(country(""), None);
    }

    #[test]
    fn level_and_parent_must_both_hold() {
        assert!(names("TN", 1, Some(1)).is_empty());
        assert!(names("DZ", 2, Some(1)).is_empty());
        assert!(names("TN", 0, None).is_empty());
        // 257 and 2^32 + 1 would be 1 if they were cut to the width of a level or an id.
        assert!(names("TN", 257, None).is_empty());
        assert!(names("TN", 2, Some((1 << 32) + 1)).is_empty());
        assert_eq!(names("TN", 2, Some(1)).len(), 21);
    }

    #[test]
    fn a_division_is_found_by_its_exact_name_only() {
        let tunisia = country("TN").unwrap();
        let governorate = tunisia.division(1, "Béja", None).unwrap();
        assert_eq!(tunisia.division(1, "Beja", None), None);
        assert_eq!(tunisia.division(1, "béja", None), None);
        let delegation = tunisia.division(2, "Beja Nord", Some(governorate.id)).unwrap();
        assert_eq!(delegation.parent_id, Some(governorate.id));
        assert_eq!(tunisia.division(2, "Beja Nord", Some(1)), None);
        assert_eq!(tunisia.division(1, "Beja Nord", None), None);
    }

    #[test]
    fn one_name_under_two_parents_is_told_apart_by_the_parent() {
        let tunisia = country("TN").unwrap();
        let kasserine = tunisia.division(1, "Kasserine", None).unwrap().id;
        let of_tunis = tunisia.division(2, "Ezzouhour", Some(1)).unwrap();
        let of_kasserine = tunisia.division(2, "Ezzouhour", Some(kasserine)).unwrap();
        assert_ne!(of_tunis.id, of_kasserine.id);
        assert_eq!(tunisia.division(2, "Ezzouhour", None), Some(of_tunis));
    }

    #[test]
    fn money_is_told_apart_by_id_and_has_its_own_decimals() {
        let money = |code| country(code).unwrap().currency;
        assert_eq!(money("TN"), Currency { id: "1", iso: "TND", symbol: "د.ت", decimals: 3 });
        assert_eq!((money("DZ").id, money("DZ").iso, money("DZ").decimals), ("2", "DZD", 2));
        assert_eq!((money("MA").id, money("MA").iso, money("MA").decimals), ("3", "MAD", 2));
    }
}
