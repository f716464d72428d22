//! What Salla says in its two languages.

use crate::frameworks::laravel::messages;
use crate::frameworks::laravel::rules::{Violated, Violation};
use crate::message::Request;
use crate::words;

words! {
    /// The languages a message can come in.
    pub enum Language {
        /// Unless somebody asks otherwise.
        Arabic = "ar",
        /// When `Accept-Language` prefers it.
        English = "en",
    }
}

impl Language {
    /// The language a client prefers among the two; Arabic when it names neither.
    pub fn asked(request: &Request) -> Language {
        let header = request.headers.get("accept-language").unwrap_or_default();
        let mut best = (0, Language::Arabic);
        for part in header.split(',') {
            let mut pieces = part.split(';').map(str::trim);
            let tag = pieces.next().unwrap_or_default();
            let tag = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
            let Some(language) = Language::of(&tag) else { continue };
            let weight =
                pieces.find_map(|piece| piece.strip_prefix("q=")).map_or(1_000, thousandths);
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// A quality value in thousandths; what is none counts as nothing.
fn thousandths(text: &str) -> u32 {
    let value: f64 = text.trim().parse().unwrap_or(0.0);
    (value.clamp(0.0, 1.0) * 1_000.0) as u32
}

/// A sentence in both languages.
pub type Sentence = (&'static str, &'static str);

/// A sentence in one of the languages.
pub const fn say(language: Language, sentence: Sentence) -> &'static str {
    match language {
        Language::Arabic => sentence.0,
        Language::English => sentence.1,
    }
}

/// Nothing is there: both are documented.
pub const NOT_FOUND: Sentence = (
    "المحتوى الذي تحاول الوصول اليه غير متوفر",
    "The content you are trying to access is no longer available",
);
/// Only what was delivered can be sent back; the Arabic text is documented.
pub const NOT_DELIVERED: Sentence =
    ("يجب توصيل الشحنة اولا", "The shipment must be delivered first");
/// What was shipped stays so; the rule is documented, its text is not.
pub const NO_WAY_BACK: Sentence = (
    "لا يمكن تغيير حالة الشحنة إلى هذه الحالة",
    "The shipment status cannot be changed to this status",
);
/// Too late to be called off; the text is inferred.
pub const NOT_CANCELLABLE: Sentence = (
    "لا يمكن إلغاء الشحنة في حالتها الحالية",
    "The shipment cannot be cancelled in its current status",
);

/// What fields are called in Arabic. The first four are documented, the others inferred.
#[rustfmt::skip]
const LABELS: &[(&str, &str)] = &[
    ("courier_slug",            "ترميز الشركة"),
    ("courier_id",              "رقم الشركة"),
    ("ship_to.name",            "اسم المستلم"),
    ("ship_from.branch_id",     "رقم فرع الالتقاط"),
    ("order_id",                "رقم الطلب"),
    ("shipment_id",             "رقم الشحنة"),
    ("shipment_number",         "رقم الشحنة"),
    ("status",                  "الحالة"),
    ("shipment_type",           "نوع الشحنة"),
    ("payment_method",          "طريقة الدفع"),
    ("from_date",               "تاريخ البداية"),
    ("to_date",                 "تاريخ النهاية"),
    ("source",                  "المصدر"),
    ("packages",                "الطرود"),
    ("tracking_link",           "رابط التتبع"),
    ("pdf_label",               "بوليصة الشحن"),
    ("cost",                    "التكلفة"),
    ("ship_to",                 "المستلم"),
    ("ship_to.country",         "دولة المستلم"),
    ("ship_to.country_id",      "رقم دولة المستلم"),
    ("ship_to.country_code",    "رمز دولة المستلم"),
    ("ship_to.city_id",         "رقم مدينة المستلم"),
    ("ship_from",               "المرسل"),
    ("ship_from.type",          "نوع الالتقاط"),
    ("ship_from.country",       "دولة الالتقاط"),
    ("ship_from.country_id",    "رقم دولة الالتقاط"),
    ("ship_from.country_code",  "رمز دولة الالتقاط"),
    ("ship_from.city_id",       "رقم مدينة الالتقاط"),
    ("cash_on_delivery.amount", "مبلغ الدفع عند الاستلام"),
];

fn label(path: &str) -> &str {
    LABELS.iter().find(|(known, _)| *known == path).map_or(path, |(_, label)| label)
}

/// What is said of one field.
pub fn message(language: Language, problem: &Violation) -> String {
    match (language, problem.path.as_str(), &problem.kind) {
        // As the webhooks' own examples have it.
        (Language::Arabic, "url", Violated::Format("url")) => {
            "لابد أن يكون الرابط صالح وفعّال (لا يحتوي على localhost أو test.)".to_owned()
        }
        (Language::English, "url", Violated::Format("url")) => {
            "The url must be valid and active (it must not contain localhost or .test).".to_owned()
        }
        (Language::Arabic, "event", Violated::Invalid) => "حقل event غير صالحٍ".to_owned(),
        (Language::Arabic, "id", Violated::Integer) => "يجب أن يكون حقل id عددًا صحيحًا".to_owned(),
        (Language::Arabic, path, Violated::Required) => format!("حقل {} مطلوب.", label(path)),
        (Language::Arabic, path, _) => format!("حقل {} يحتوي على قيم غير صحيحة", label(path)),
        (Language::English, _, _) => messages::message(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, message};
    use crate::frameworks::laravel::rules::{Violated, Violation};
    use crate::message::{Method, Request};

    #[test]
    fn the_preferred_of_the_two_languages_is_spoken() {
        for (header, expected) in [
            (None, Language::Arabic),
            (Some("en"), Language::English),
            (Some("en-US,en;q=0.9"), Language::English),
            (Some("EN"), Language::English),
            (Some("ar"), Language::Arabic),
            (Some("ar, en;q=0.8"), Language::Arabic),
            (Some("ar;q=0.5, en;q=0.8"), Language::English),
            (Some("fr, en;q=0.1"), Language::English),
            (Some("fr"), Language::Arabic),
            (Some("en;q=0"), Language::Arabic),
            (Some("*"), Language::Arabic),
            (Some(""), Language::Arabic),
        ] {
            let request = Request::new(Method::Get, "/");
            let request = match header {
                Some(value) => request.with("accept-language", value),
                None => request,
            };
            assert_eq!(Language::asked(&request), expected, "{header:?}");
        }
    }

    #[test]
    fn fields_are_named_as_the_examples_name_them() {
        let said = |path: &str, kind| message(Language::Arabic, &Violation::new(path, kind));
        assert_eq!(
            said("courier_slug", Violated::Invalid),
            "حقل ترميز الشركة يحتوي على قيم غير صحيحة"
        );
        assert_eq!(said("courier_id", Violated::Required), "حقل رقم الشركة مطلوب.");
        let problem = Violation::new("courier_slug", Violated::Invalid);
        assert_eq!(message(Language::English, &problem), "The selected courier slug is invalid.");
    }
}
