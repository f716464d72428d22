//! Countries and cities as Salla numbers them: small numbers in disguise, the same for both.

/// A country.
#[derive(Debug)]
pub struct Country {
    pub id: u64,
    /// Two letters.
    pub code: &'static str,
    pub arabic: &'static str,
    pub english: &'static str,
}

/// A city.
#[derive(Debug)]
pub struct City {
    pub id: u64,
    /// Its country's two letters.
    pub country: &'static str,
    /// As couriers write it.
    pub latin: &'static str,
    pub arabic: &'static str,
    /// A place in it, north and east, in ten-thousandths of a degree.
    pub place: (i64, i64),
}

/// The countries of the public examples.
#[rustfmt::skip]
pub static COUNTRIES: &[Country] = &[
    Country { id: 1_473_353_380, code: "SA", arabic: "السعودية", english: "Saudi Arabia" },
    Country { id: 566_146_469,   code: "AE", arabic: "الإمارات", english: "United Arab Emirates" },
    Country { id: 1_939_592_358, code: "KW", arabic: "الكويت",   english: "Kuwait" },
    Country { id: 1_298_199_463, code: "QA", arabic: "قطر",      english: "Qatar" },
    Country { id: 525_144_736,   code: "BH", arabic: "البحرين",  english: "Bahrain" },
];

/// Cities: those of Saudi Arabia and Abbasiya are in the public examples, the others' ids are ours.
#[rustfmt::skip]
pub static CITIES: &[City] = &[
    City { id: 1_473_353_380, country: "SA", latin: "RIYADH",      arabic: "الرياض",        place: (247_136, 466_753) },
    City { id: 566_146_469,   country: "SA", latin: "JEDDAH",      arabic: "جدة",           place: (214_858, 391_925) },
    City { id: 1_939_592_358, country: "SA", latin: "MECCA",       arabic: "مكة",           place: (213_891, 398_579) },
    City { id: 1_298_199_463, country: "SA", latin: "MEDINA",      arabic: "المدينة المنورة", place: (244_672, 396_024) },
    City { id: 525_144_736,   country: "SA", latin: "DAMMAM",      arabic: "الدمام",        place: (264_207, 500_888) },
    City { id: 1_313_869_267, country: "KW", latin: "ABBASIYA",    arabic: "العباسية",      place: (292_700, 479_400) },
    City { id: 1_764_372_897, country: "KW", latin: "KUWAIT CITY", arabic: "مدينة الكويت",  place: (293_759, 479_774) },
    City { id: 989_286_562,   country: "AE", latin: "DUBAI",       arabic: "دبي",           place: (252_048, 552_708) },
    City { id: 349_994_915,   country: "QA", latin: "DOHA",        arabic: "الدوحة",        place: (252_854, 515_310) },
    City { id: 1_723_506_348, country: "BH", latin: "MANAMA",      arabic: "المنامة",       place: (262_285, 505_860) },
];

/// A country by its id, its two letters in any case, or its name in either language.
pub fn country(text: &str) -> Option<&'static Country> {
    let id = text.parse().ok();
    COUNTRIES.iter().find(|it| {
        Some(it.id) == id
            || it.code.eq_ignore_ascii_case(text)
            || it.arabic == text
            || it.english.eq_ignore_ascii_case(text)
    })
}

/// A city of a country by its id or its name in either script.
pub fn city(country: &str, text: &str) -> Option<&'static City> {
    let id = text.parse().ok();
    CITIES
        .iter()
        .filter(|it| it.country == country)
        .find(|it| Some(it.id) == id || it.latin.eq_ignore_ascii_case(text) || it.arabic == text)
}

#[cfg(test)]
mod tests {
    use super::{city, country};

    #[test]
    fn places_are_found_by_number_and_by_name() {
        for text in ["1473353380", "sa", "SA", "السعودية", "saudi arabia"] {
            assert_eq!(country(text).map(|it| it.code), Some("SA"), "{text}");
        }
        assert!(country("FR").is_none() && country("").is_none());
        for text in ["566146469", "Jeddah", "جدة"] {
            assert_eq!(city("SA", text).map(|it| it.latin), Some("JEDDAH"), "{text}");
        }
        // The same number is another city, or none, in another country.
        assert!(city("KW", "566146469").is_none());
    }
}
