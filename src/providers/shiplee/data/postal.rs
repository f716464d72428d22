//! Indian pincodes: what they look like, where they are, how far apart two of them lie for the carrier's tariff.
//!
//! The first three digits are a sorting district; districts with their state and a rough place are in `postal.txt`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::words;

words! {
    /// The carrier's distance classes.
    pub enum Zone {
        /// Within a city.
        A = "A",
        /// Within a state, or up to 500 km.
        B = "B",
        /// From metropolis to metropolis, up to 1,400 km.
        C1 = "C1",
        /// From metropolis to metropolis, farther.
        C2 = "C2",
        /// The rest of India, up to 1,400 km.
        D1 = "D1",
        /// The rest of India, farther.
        D2 = "D2",
        /// The North-East, Jammu.
        E = "E",
        /// Ladakh, the islands.
        F = "F",
    }
}

/// What of a pincode is served: a scenario's exception from the rule that everything is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The pincode.
    pub pincode: String,
    /// Prepaid parcels go there.
    #[serde(default)]
    pub prepaid: bool,
    /// Parcels that are paid at the door go there.
    #[serde(default)]
    pub cod: bool,
    /// Parcels are fetched there.
    #[serde(default)]
    pub pickup: bool,
}

impl Service {
    /// Nothing of it is served.
    pub fn none(pincode: &str) -> Service {
        Service { pincode: pincode.to_owned(), prepaid: false, cod: false, pickup: false }
    }
}

/// The well-formed pincode that is not served anywhere.
pub const UNSERVED: &str = "999999";

/// Whether a text is a pincode: six digits, the first not zero. Documentation, "Reverse Order".
pub fn is_pincode(text: &str) -> bool {
    text.len() == 6 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a mobile number: ten digits, the first from six up, no prefix. Documentation, "Reverse Order".
pub fn is_mobile(text: &str) -> bool {
    text.len() == 10
        && text.starts_with(['6', '7', '8', '9'])
        && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[derive(Debug)]
struct District {
    first: u32,
    last: u32,
    state: &'static str,
    /// Tenths of a degree.
    north: i64,
    east: i64,
    mark: &'static str,
}

/// The districts; where two fit, the first is meant.
static DISTRICTS: LazyLock<Vec<District>> = LazyLock::new(|| {
    let line = |line: &'static str| {
        let mut columns = line.split('|').map(str::trim);
        let mut column = || columns.next().expect("a built-in district has five columns");
        let number = |text: &str| text.parse().expect("the built-in districts have plain numbers");
        let (first, last) = column().split_once('-').expect("a built-in district is a range");
        District {
            first: number(first),
            last: number(last),
            state: column(),
            north: number(column()).into(),
            east: number(column()).into(),
            mark: column(),
        }
    };
    include_str!("postal.txt").lines().map(line).collect()
});

fn district(pincode: &str) -> Option<&'static District> {
    let prefix: u32 = pincode.get(..3)?.parse().ok()?;
    DISTRICTS.iter().find(|district| (district.first..=district.last).contains(&prefix))
}

/// The distance class between two pincodes, either way.
pub fn zone(one: &str, other: &str) -> Zone {
    if one.get(..3) == other.get(..3) {
        return Zone::A;
    }
    let (Some(one), Some(other)) = (district(one), district(other)) else { return Zone::D2 };
    let either = |mark: &str| one.mark == mark || other.mark == mark;
    let near = |kilometres: i64| squared_distance(one, other) <= kilometres * kilometres;
    if either("far") {
        Zone::F
    } else if either("remote") {
        Zone::E
    } else if one.state == other.state || near(500) {
        Zone::B
    } else if one.mark == "metro" && other.mark == "metro" {
        if near(1_400) { Zone::C1 } else { Zone::C2 }
    } else if near(1_400) {
        Zone::D1
    } else {
        Zone::D2
    }
}

/// In square kilometres, as if India were flat: whole numbers, so that it is the same on every machine.
fn squared_distance(one: &District, other: &District) -> i64 {
    // A tenth of a degree is 11.1 km to the north and about 10.4 km to the east at these latitudes.
    let north = (one.north - other.north) * 111 / 10;
    let east = (one.east - other.east) * 104 / 10;
    north * north + east * east
}

#[cfg(test)]
mod tests {
    use super::{DISTRICTS, Zone, is_mobile, is_pincode, zone};

    #[test]
    fn pincodes_and_mobile_numbers_have_their_form() {
        for (text, fits) in [
            ("560098", true),
            ("999999", true),
            ("012345", false),
            ("56009", false),
            ("5600981", false),
            ("560 98", false),
            ("560098\n", false),
            ("५६००९८", false),
            ("", false),
        ] {
            assert_eq!(is_pincode(text), fits, "{text:?}");
        }
        for (text, fits) in [
            ("9000000001", true),
            ("6000000000", true),
            ("5000000000", false),
            ("+919000000001", false),
            ("09000000001", false),
            ("90000000011", false),
            ("900000000", false),
        ] {
            assert_eq!(is_mobile(text), fits, "{text:?}");
        }
    }

    #[test]
    fn zones_follow_city_state_metropolis_and_distance() {
        for (one, other, expected) in [
            ("560098", "560001", Zone::A),
            ("560098", "570001", Zone::B),
            ("110076", "122001", Zone::B),
            ("110076", "400001", Zone::C1),
            ("110076", "560098", Zone::C2),
            ("110076", "302001", Zone::B),
            ("110076", "462001", Zone::D1),
            ("110076", "682001", Zone::D2),
            ("110076", "781001", Zone::E),
            ("110076", "744101", Zone::F),
            ("110076", "194101", Zone::F),
            ("110076", "560", Zone::C2),
            ("", "560098", Zone::D2),
        ] {
            assert_eq!(zone(one, other), expected, "{one} {other}");
            assert_eq!(zone(other, one), expected, "{other} {one}");
        }
        assert!(DISTRICTS.len() > 40);
    }
}
