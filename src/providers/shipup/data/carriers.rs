//! Carriers: what is known of them publicly, and how one is guessed from a tracking number.

use serde::{Deserialize, Serialize};

/// Who carries a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    /// Shipup's code.
    pub code: String,
    pub name: String,
}

/// A carrier of the public samples. The real list is long and not public.
struct Known {
    code: &'static str,
    name: &'static str,
    /// The page that follows a parcel, its number at the end.
    page: &'static str,
    /// Whether a number looks like one of its.
    owns: fn(&str) -> bool,
}

#[rustfmt::skip]
const KNOWN: &[Known] = &[
    Known { code: "chronopost", name: "Chronopost", page: "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT=", owns: |it| postal(it) && it.starts_with('X') },
    Known { code: "colissimo",  name: "Colissimo",  page: "http://www.laposte.fr/outils/suivre-vos-envois?code=", owns: |it| postal(it) },
    Known { code: "dpd_fr",     name: "DPD France", page: "http://www.dpd.fr/traces_", owns: |it| it.len() == 18 && it.starts_with("250") && digits(it) },
    Known { code: "lasership",  name: "LaserShip",  page: "https://lasership.com/track.php?track_number_input=", owns: |it| it.len() == 15 && it.starts_with("UJ1C") },
];

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The form of the postal union: two letters, nine digits, two letters.
fn postal(text: &str) -> bool {
    let letters = |part: Option<&str>| {
        part.is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_uppercase()))
    };
    text.len() == 13
        && letters(text.get(..2))
        && text.get(2..11).is_some_and(digits)
        && letters(text.get(11..))
}

/// The carrier of a code; one that is not known here is taken at its word.
pub fn of_code(code: &str) -> Carrier {
    let known = KNOWN.iter().find(|known| known.code == code);
    let name = known.map_or_else(|| titled(code), |known| known.name.to_owned());
    Carrier { code: code.to_owned(), name }
}

/// The carrier a number looks like; else the first that the account works with.
pub fn detect(number: &str, own: &[String]) -> Option<Carrier> {
    let known = KNOWN.iter().find(|known| (known.owns)(number));
    let plausible = || number.len() >= 8 && number.bytes().all(|byte| byte.is_ascii_graphic());
    match known {
        Some(known) => Some(of_code(known.code)),
        None => own.first().filter(|_| plausible()).map(|code| of_code(code)),
    }
}

/// The page that follows a parcel, where it is known.
pub fn page(carrier: &Carrier, number: &str) -> Option<String> {
    let known = KNOWN.iter().find(|known| known.code == carrier.code)?;
    Some(format!("{}{number}", known.page))
}

/// `colissimo_express` as a title: `Colissimo Express`.
pub fn titled(code: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    code.split('_').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{detect, of_code, page, titled};

    #[test]
    fn a_carrier_is_guessed_from_the_form_of_the_number_and_else_from_the_account() {
        let own = vec!["ups".to_owned()];
        for (number, code) in [
            ("AZ123456789BE", Some("colissimo")),
            ("XY123456789FR", Some("chronopost")),
            ("250059116919212260", Some("dpd_fr")),
            ("UJ1CM9T6YP0IWUB", Some("lasership")),
            ("1231121212", Some("ups")),
            ("123", None),
            ("a b c d e f g", None),
            ("éééééééééé", None),
        ] {
            let found = detect(number, &own).map(|carrier| carrier.code);
            assert_eq!(found.as_deref(), code, "{number}");
        }
        assert_eq!(detect("1231121212", &[]), None);
        let carrier = of_code("colissimo");
        let link = "http://www.laposte.fr/outils/suivre-vos-envois?code=AZ1";
        assert_eq!(page(&carrier, "AZ1").as_deref(), Some(link));
        assert_eq!((of_code("new_post").name, titled("")), ("New Post".to_owned(), String::new()));
    }
}
