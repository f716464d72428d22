//! People and addresses made up from the seed (fake data), by the country they live in.
//!
//! Names and streets are those of `fake`. Where it has no locale for a country, or one of whose parts
//! some are not that country's, the locale is ours and goes through the same functions: `India`, `Britain`, `Germany`,
//! `Gulf`. Towns are always ours: `fake` makes names
//! of towns up, and a carrier knows which postal code lies where.
//!
//! `fake` takes as many numbers as it likes; `Draw::apart` keeps what is drawn after a name where it was.

use fake::faker::address::raw::StreetName;
use fake::faker::name::raw::{FirstName, LastName};
use fake::locales::{AR_SA, CY_GB, DE_DE, Data, FR_FR, IT_IT, PT_PT};
use fake::{Dummy, Fake as _};

use crate::sim::chance::Draw;

/// Somebody who does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The given name.
    pub first_name: String,
    /// The family's name.
    pub last_name: String,
}

impl Person {
    /// Both names.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// A mail address that nobody can have (RFC 2606).
    pub fn email(&self) -> String {
        let part = |name: &str| {
            let plain = deunicode::deunicode(name).to_ascii_lowercase();
            plain.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>()
        };
        format!("{}.{}@example.com", part(&self.first_name), part(&self.last_name))
    }
}

/// A town, and a postal code that lies in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Town {
    /// As people there write it.
    pub name: &'static str,
    /// State or county; empty where addresses have none.
    pub region: &'static str,
    /// One of its postal codes.
    pub postcode: &'static str,
}

/// How people of some countries are called, and how they write where they live.
struct Locale {
    countries: &'static [&'static str],
    tongue: Tongue,
    house: House,
    /// Mobile numbers as they are dialled there: `#` is a digit, `^` one that is not zero. None of them is a number to
    /// which a provider gives a meaning.
    mobile: &'static [&'static str],
    towns: &'static [Town],
}

/// What a locale draws.
#[derive(Clone, Copy)]
struct Tongue {
    first_name: fn(&mut Draw) -> String,
    last_name: fn(&mut Draw) -> String,
    street: fn(&mut Draw) -> String,
}

/// Where the number of a house stands.
#[derive(Clone, Copy)]
enum House {
    First,
    Last,
}

/// What `fake` makes of a draw; one of its Italian families ends in a tab.
fn made<T>(what: T, draw: &mut Draw) -> String
where
    String: Dummy<T>,
{
    what.fake_with_rng::<String, _>(draw.generator()).trim().to_owned()
}

macro_rules! tongue {
    ($locale:expr) => {
        Tongue {
            first_name: |draw| made(FirstName($locale), draw),
            last_name: |draw| made(LastName($locale), draw),
            street: |draw| made(StreetName($locale), draw),
        }
    };
}

/// Germany as `fake` has it, with streets in one word: `Klausstraße`.
#[derive(Clone, Copy)]
struct Germany;

impl Data for Germany {
    const NAME_FIRST_NAME: &'static [&'static str] = <DE_DE as Data>::NAME_FIRST_NAME;
    const NAME_LAST_NAME: &'static [&'static str] = <DE_DE as Data>::NAME_LAST_NAME;
    const ADDRESS_STREET_SUFFIX: &'static [&'static str] = <DE_DE as Data>::ADDRESS_STREET_SUFFIX;
    const ADDRESS_STREET_TPL: &'static str = "{StreetName}{StreetSuffix}";
}

/// Names of India, and words that its streets and quarters end in: `fake` has no Indian locale.
#[derive(Clone, Copy)]
struct India;

#[rustfmt::skip]
impl Data for India {
    const NAME_FIRST_NAME: &'static [&'static str] = &[
        "Aarav", "Aditi", "Amit", "Ananya", "Arjun", "Deepa", "Diya", "Farhan", "Gaurav", "Harpreet", "Imran", "Ishita", "Kabir",
        "Kavya", "Lakshmi", "Manoj", "Meera", "Nikhil", "Pooja", "Priya", "Rahul", "Rohan", "Sana", "Sanjay", "Sneha", "Suresh",
        "Tanvi", "Varun", "Vikram", "Zoya",
    ];
    const NAME_LAST_NAME: &'static [&'static str] = &[
        "Agarwal", "Banerjee", "Bhat", "Chopra", "Das", "Desai", "Fernandes", "Ghosh", "Gill", "Gupta", "Iyer", "Jain", "Joshi",
        "Kapoor", "Khan", "Kulkarni", "Malhotra", "Mehta", "Menon", "Mishra", "Nair", "Patel", "Pillai", "Rao", "Reddy", "Sharma",
        "Shetty", "Singh", "Verma", "Yadav",
    ];
    const ADDRESS_STREET_SUFFIX: &'static [&'static str] = &["Road", "Nagar", "Marg", "Street", "Lane", "Colony", "Cross"];
}

/// The English of `fake` is America's: its given names are Britain's too, the families of its Welsh locale are British
/// ones, and streets end in other words.
#[derive(Clone, Copy)]
struct Britain;

impl Data for Britain {
    const NAME_LAST_NAME: &'static [&'static str] = <CY_GB as Data>::NAME_LAST_NAME;
    const ADDRESS_STREET_SUFFIX: &'static [&'static str] = &[
        "Road", "Street", "Lane", "Avenue", "Close", "Gardens", "Grove", "Terrace", "Crescent",
        "Way",
    ];
}

/// The Arabic locale has American streets, and families among which are a royal one and one that was in the news.
#[derive(Clone, Copy)]
struct Gulf;

#[rustfmt::skip]
impl Data for Gulf {
    const NAME_FIRST_NAME: &'static [&'static str] = <AR_SA as Data>::NAME_FIRST_NAME;
    const NAME_LAST_NAME: &'static [&'static str] = &[
        "العتيبي", "الغامدي", "القحطاني", "الحربي", "الدوسري", "الزهراني", "الشهري", "المطيري", "الشمري", "العنزي", "الجابر",
        "الراشد", "الشايع", "العقيل", "العليان", "الدباغ",
    ];
    const ADDRESS_STREET_SUFFIX: &'static [&'static str] = &["شارع", "طريق"];
    const ADDRESS_STREET_TPL: &'static str = "{StreetSuffix} {StreetName}";
}

const FRENCH: Tongue = tongue!(FR_FR);

const fn town(name: &'static str, region: &'static str, postcode: &'static str) -> Town {
    Town { name, region, postcode }
}

#[rustfmt::skip]
static LOCALES: &[Locale] = &[
    Locale {
        countries: &["FR"], tongue: FRENCH, house: House::First,
        // ARCEP keeps these free for made-up people.
        mobile: &["063998####"],
        towns: &[town("Paris", "", "75002"), town("Lyon", "", "69003"), town("Marseille", "", "13001"), town("Lille", "", "59000")],
    },
    Locale {
        countries: &["BE"], tongue: FRENCH, house: House::Last,
        mobile: &["047^######"],
        towns: &[town("Bruxelles", "", "1000"), town("Liège", "", "4000")],
    },
    // Shops of the Maghreb write names and addresses in French; the towns are Shipper's divisions.
    Locale { countries: &["TN"], tongue: FRENCH, house: House::First, mobile: &["2^######", "5^######", "9^######"], towns: &[] },
    Locale { countries: &["DZ"], tongue: FRENCH, house: House::First, mobile: &["5^#######", "6^#######", "7^#######"], towns: &[] },
    Locale { countries: &["MA"], tongue: FRENCH, house: House::First, mobile: &["6^#######", "7^#######"], towns: &[] },
    Locale {
        countries: &["DE"], tongue: tongue!(Germany), house: House::Last,
        mobile: &["0151^#######"],
        towns: &[town("Berlin", "", "10115"), town("Hamburg", "", "20095"), town("München", "", "80331")],
    },
    Locale {
        countries: &["IT"], tongue: tongue!(IT_IT), house: House::Last,
        mobile: &["34^#######"],
        towns: &[town("Milano", "MI", "20121"), town("Roma", "RM", "00184")],
    },
    Locale {
        countries: &["PT"], tongue: tongue!(PT_PT), house: House::Last,
        mobile: &["91^######"],
        towns: &[town("Lisboa", "", "1100-148"), town("Porto", "", "4000-322")],
    },
    Locale {
        countries: &["GB"], tongue: tongue!(Britain), house: House::First,
        // Ofcom keeps 07700 900000 to 900999 free for made-up people.
        mobile: &["077009002^#"],
        towns: &[
            town("London", "Greater London", "SW1A 2AA"), town("Manchester", "Greater Manchester", "M1 1AE"),
            town("Birmingham", "West Midlands", "B1 1BB"), town("Leeds", "West Yorkshire", "LS1 4AP"),
            town("Glasgow", "Lanarkshire", "G2 1DU"), town("Cardiff", "South Glamorgan", "CF10 3AT"),
            town("Belfast", "Antrim", "BT1 5GS"), town("Norwich", "Norfolk", "NR2 1RN"),
        ],
    },
    Locale {
        countries: &["IN"], tongue: tongue!(India), house: House::First,
        mobile: &["93^#######"],
        towns: &[
            town("Bangalore", "Karnataka", "560034"), town("Mumbai", "Maharashtra", "400050"), town("New Delhi", "Delhi", "110019"),
            town("Chennai", "Tamil Nadu", "600020"), town("Kolkata", "West Bengal", "700029"), town("Hyderabad", "Telangana", "500033"),
            town("Pune", "Maharashtra", "411004"), town("Ahmedabad", "Gujarat", "380015"), town("Jaipur", "Rajasthan", "302001"),
            town("Lucknow", "Uttar Pradesh", "226010"), town("Kochi", "Kerala", "682016"), town("Guwahati", "Assam", "781005"),
        ],
    },
    // The towns are Salla's, which numbers them.
    Locale { countries: &["SA", "AE"], tongue: tongue!(Gulf), house: House::First, mobile: &["0555^#####"], towns: &[] },
    Locale { countries: &["KW", "QA", "BH"], tongue: tongue!(Gulf), house: House::First, mobile: &["66^#####"], towns: &[] },
];

/// The locale of a country's two letters; France's for a country that has none here.
fn locale(country: &str) -> &'static Locale {
    LOCALES.iter().find(|it| it.countries.contains(&country)).unwrap_or(&LOCALES[0])
}

/// Somebody of a country.
pub fn person(country: &str, draw: &mut Draw) -> Person {
    Person { first_name: first_name(country, draw), last_name: last_name(country, draw) }
}

/// A given name of a country.
pub fn first_name(country: &str, draw: &mut Draw) -> String {
    (locale(country).tongue.first_name)(draw)
}

/// The name of a family of a country.
pub fn last_name(country: &str, draw: &mut Draw) -> String {
    (locale(country).tongue.last_name)(draw)
}

/// A street of a country, without a number.
pub fn street(country: &str, draw: &mut Draw) -> String {
    (locale(country).tongue.street)(draw)
}

/// A street with the number of a house, in the order of the country.
pub fn address_line(country: &str, number: u64, street: &str) -> String {
    match locale(country).house {
        House::First => format!("{number} {street}"),
        House::Last => format!("{street} {number}"),
    }
}

/// A mobile number as it is dialled in a country.
pub fn mobile(country: &str, draw: &mut Draw) -> String {
    let form = match locale(country).mobile {
        [only] => only,
        several => draw.pick(several).copied().unwrap_or_default(),
    };
    let digit = |c: char| match c {
        '#' => draw.digit(0),
        '^' => draw.digit(1),
        other => other,
    };
    form.chars().map(digit).collect()
}

/// A town of a country; one without a name where the towns are a provider's.
pub fn town_of(country: &str, draw: &mut Draw) -> Town {
    draw.pick(locale(country).towns).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::{LOCALES, address_line, mobile, person, street, town_of};
    use crate::sim::chance::Chance;

    #[test]
    fn people_look_as_they_do_at_home() {
        let mut chance = Chance::new(7);
        let mut lines = Vec::new();
        for country in LOCALES.iter().flat_map(|it| it.countries) {
            for _ in 0..3 {
                let mut draw = chance.draw("people");
                let who = person(country, &mut draw);
                let street = street(country, &mut draw);
                let line = address_line(country, draw.between(1, 120), &street);
                let town = town_of(country, &mut draw);
                let mobile = mobile(country, &mut draw);
                let town = format!("{} {}", town.postcode, town.name);
                let told = [who.full_name(), line, town.trim().to_owned(), mobile, who.email()];
                let told: Vec<String> = told.into_iter().filter(|it| !it.is_empty()).collect();
                lines.push(format!("{country} {}", told.join(", ")));
            }
        }
        assert_snapshot!(lines.join("\n"), @r"
        FR Hector Julien, 17 Cours Jacob, 13001 Marseille, 0639985323, hector.julien@example.com
        FR Alya Sarrazin, 18 Allée Brault, 13001 Marseille, 0639983829, alya.sarrazin@example.com
        FR Evrard Lenfant, 100 Place Grandjean, 75002 Paris, 0639984000, evrard.lenfant@example.com
        BE Fortuné Jacquot, Impasse Forest 40, 1000 Bruxelles, 0474727448, fortune.jacquot@example.com
        BE Julienne Fernandez, Avenue Serres 12, 4000 Liège, 0474526160, julienne.fernandez@example.com
        BE Prisca Durand, Place Lucy 33, 4000 Liège, 0474743087, prisca.durand@example.com
        TN Naël Villeneuve, 86 Allée Florentine, 92704171, nael.villeneuve@example.com
        TN Cécile Bailly, 31 Venelle Joshua, 59198173, cecile.bailly@example.com
        TN Edmée Delannoy, 78 Cours Robert, 58986423, edmee.delannoy@example.com
        DZ Aliette Parent, 78 Allée Alan, 767472989, aliette.parent@example.com
        DZ Aline Cannet, 83 Place Olivier, 533292428, aline.cannet@example.com
        DZ Ninon Andrieu, 27 Venelle Félicien, 780905304, ninon.andrieu@example.com
        MA Naëlle Papin, 100 Rue Blanchet, 797298490, naelle.papin@example.com
        MA Gwendoline Lecuyer, 13 Avenue Villard, 725684924, gwendoline.lecuyer@example.com
        MA Mélina Thibault, 117 Place Eva, 675562578, melina.thibault@example.com
        DE Stefan Lehmann, Manfredpfad 116, 80331 München, 015110868454, stefan.lehmann@example.com
        DE Edith Otto, Schmitzgasse 26, 10115 Berlin, 015136620607, edith.otto@example.com
        DE Renate Klein, Bernhardallee 32, 10115 Berlin, 015166279246, renate.klein@example.com
        IT Beatrice Fontana, Strada Mariani 48, 00184 Roma, 3429986538, beatrice.fontana@example.com
        IT Nina Conti, Piazza Bianchi 19, 00184 Roma, 3464372730, nina.conti@example.com
        IT Marco Marino, Strada Diego 12, 00184 Roma, 3480884587, marco.marino@example.com
        PT Martim Campos, Rua Raposo 7, 4000-322 Porto, 914108661, martim.campos@example.com
        PT Adriana Faria, Alameda Fonseca 39, 1100-148 Lisboa, 912154941, adriana.faria@example.com
        PT Sara Fernandes, Largo Alice 85, 1100-148 Lisboa, 918906595, sara.fernandes@example.com
        GB Zula Rees-Jones, 116 Lowcock Road, NR2 1RN Norwich, 07700900282, zula.rees-jones@example.com
        GB Liliane Nash-Williams, 89 Annabelle Crescent, CF10 3AT Cardiff, 07700900296, liliane.nash-williams@example.com
        GB Bridie Lloyd, 62 Clint Street, NR2 1RN Norwich, 07700900219, bridie.lloyd@example.com
        IN Deepa Kulkarni, 18 Suresh Nagar, 411004 Pune, 9330701108, deepa.kulkarni@example.com
        IN Ananya Menon, 106 Suresh Road, 110019 New Delhi, 9339452264, ananya.menon@example.com
        IN Vikram Das, 14 Sana Lane, 560034 Bangalore, 9371605189, vikram.das@example.com
        SA ريتال الجابر, 80 طريق الغامدي, 0555302858, rytl.ljbr@example.com
        SA غيداء المطيري, 96 طريق الجابر, 0555288057, gyd.lmtyry@example.com
        SA ريفال المطيري, 105 شارع القحطاني, 0555343722, ryfl.lmtyry@example.com
        AE أجوان العقيل, 86 طريق بيسان, 0555139990, jwn.lqyl@example.com
        AE ريفال الراشد, 10 شارع العقيل, 0555651108, ryfl.lrshd@example.com
        AE ريان المطيري, 70 شارع ريفال, 0555281785, ryn.lmtyry@example.com
        KW بنفسج الشمري, 29 شارع ليساء, 66853711, bnfsj.lshmry@example.com
        KW مادلين الدوسري, 100 شارع آيات, 66118276, mdlyn.ldwsry@example.com
        KW لورا الشايع, 111 طريق الحربي, 66319322, lwr.lshy@example.com
        QA بوران الراشد, 81 شارع بهاء, 66428406, bwrn.lrshd@example.com
        QA خاشعة الشايع, 88 طريق الزهراني, 66873252, khsh.lshy@example.com
        QA ابتهال العتيبي, 62 طريق ايمان, 66867635, bthl.ltyby@example.com
        BH بيلسان الشهري, 7 شارع سبأ, 66629595, bylsn.lshhry@example.com
        BH شادن الشهري, 70 طريق ريم, 66994579, shdn.lshhry@example.com
        BH ضياء القحطاني, 5 طريق العقيل, 66896796, dy.lqhtny@example.com
        ");
    }

    #[test]
    fn nobody_is_without_a_name_a_street_and_a_number() {
        let mut chance = Chance::new(1);
        for country in LOCALES.iter().flat_map(|it| it.countries) {
            for _ in 0..500 {
                let mut draw = chance.draw("people");
                let who = person(country, &mut draw);
                let street = street(country, &mut draw);
                let shown = [&who.first_name, &who.last_name, &street, &mobile(country, &mut draw)];
                for text in shown {
                    assert!(!text.is_empty() && text.trim() == text, "{country} {text:?}");
                    assert!(!text.contains(char::is_control), "{country} {text:?}");
                }
                let email = who.email();
                assert!(email.is_ascii() && !email.contains([' ', '\'']), "{email}");
                assert!(!email.starts_with('.') && !email.contains(".@"), "{email}");
            }
        }
    }
}
