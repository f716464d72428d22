//! The carriers of a Shiptheory account: what they carry, what they take back, and how their numbers look.
//!
//! Documented are DPD's services 37 to 39, Parcelforce's 24, the return services 1 and 7, and that a return may ask for
//! 200; the return services are those that Shiptheory's help names. Other ids are invented, and so are limits.

use crate::kit::check_digit;
use crate::sim::chance::{Chance, Draw};
use crate::words;

words! {
    /// Those that book, as Shiptheory prints them.
    pub enum Carrier {
        /// DHL.
        Dhl = "DHL",
        /// DPD.
        Dpd = "DPD",
        /// DPD's franchise for smaller senders.
        DpdLocal = "DPD Local",
        /// Formerly Hermes.
        Evri = "Evri",
        /// FedEx.
        FedEx = "FedEx",
        /// Royal Mail's express.
        Parcelforce = "Parcelforce",
        /// Royal Mail.
        RoyalMail = "Royal Mail",
        /// UPS.
        Ups = "UPS",
        /// Yodel.
        Yodel = "Yodel",
    }
}

/// How the numbers of a service look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Two letters of the service, eight digits, a check digit, the country of the post.
    S10(&'static str),
    /// Fourteen digits that begin with the depot; the check character stands on the label only.
    Dpd,
    /// Nine digits and their remainder by seven.
    Dhl,
    /// `1Z`, six characters of the account, two of the service, seven digits, a check digit.
    Ups(&'static str),
    /// Eleven digits and a check digit.
    FedEx,
    /// `H0`, a digit and the letters of the sender, ten digits; no check digit that is public.
    Evri,
    /// `JD` and sixteen digits, the first of them zeros; no check digit that is public.
    Yodel,
}

/// A service to recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// What a booking's `delivery_service` names.
    pub id: u64,
    pub carrier: Carrier,
    /// As the list of services prints it.
    pub name: &'static str,
    /// The carrier's own code of it.
    pub code: &'static str,
    /// The carrier accounts (`increment`) that have it.
    pub increments: &'static [u64],
    /// Whether it leaves the country.
    pub abroad: bool,
    /// How its tracking numbers look.
    pub numbers: Numbers,
}

/// The outgoing services, by carrier and id.
#[rustfmt::skip]
pub const SERVICES: &[Service] = &[
    service(10, Carrier::Dhl,         "Domestic Economy",                     "ESU",   &[1],    false, Numbers::Dhl),
    service(11, Carrier::Dhl,         "Domestic Express",                     "DOM",   &[1],    false, Numbers::Dhl),
    service(12, Carrier::Dhl,         "Express Worldwide",                    "WPX",   &[1],    true,  Numbers::Dhl),
    service(37, Carrier::Dpd,         "Parcel - Homecall",                    "1^01",  &[1, 2], false, Numbers::Dpd),
    service(38, Carrier::Dpd,         "Parcel - Two Day",                     "1^11",  &[1, 2], false, Numbers::Dpd),
    service(39, Carrier::Dpd,         "Parcel - Next Day",                    "1^12",  &[1, 2], false, Numbers::Dpd),
    service(40, Carrier::Dpd,         "Parcel - Next Day by 12",              "1^13",  &[1],    false, Numbers::Dpd),
    service(46, Carrier::Dpd,         "Parcel - DPD Classic",                 "1^19",  &[1],    true,  Numbers::Dpd),
    service(57, Carrier::DpdLocal,    "Parcel - Two Day",                     "2^11",  &[1],    false, Numbers::Dpd),
    service(58, Carrier::DpdLocal,    "Parcel - Next Day",                    "2^12",  &[1],    false, Numbers::Dpd),
    service(90, Carrier::Evri,        "Standard",                             "STD",   &[1],    false, Numbers::Evri),
    service(91, Carrier::Evri,        "Next Day",                             "ND",    &[1],    false, Numbers::Evri),
    service(70, Carrier::FedEx,       "UK Next Day",                          "FDN",   &[1],    false, Numbers::FedEx),
    service(71, Carrier::FedEx,       "UK Economy",                           "FDE",   &[1],    false, Numbers::FedEx),
    service(72, Carrier::FedEx,       "International Priority",               "IP",    &[1],    true,  Numbers::FedEx),
    service(21, Carrier::Parcelforce, "express9",                             "09",    &[1],    false, Numbers::S10("PB")),
    service(22, Carrier::Parcelforce, "express10",                            "S10",   &[1],    false, Numbers::S10("PB")),
    service(23, Carrier::Parcelforce, "express24",                            "SND",   &[1],    false, Numbers::S10("PB")),
    service(24, Carrier::Parcelforce, "express48",                            "SUP",   &[1],    false, Numbers::S10("PB")),
    service(25, Carrier::Parcelforce, "express48large",                       "SUL",   &[1],    false, Numbers::S10("PB")),
    service(26, Carrier::Parcelforce, "globalpriority",                       "GPR",   &[1],    true,  Numbers::S10("CP")),
    service( 1, Carrier::RoyalMail,   "Tracked 24",                           "TPN",   &[1, 2], false, Numbers::S10("TT")),
    service( 2, Carrier::RoyalMail,   "Tracked 48",                           "TPS",   &[1, 2], false, Numbers::S10("TT")),
    service( 3, Carrier::RoyalMail,   "Special Delivery Guaranteed by 1pm",   "SD1",   &[1],    false, Numbers::S10("SN")),
    service( 4, Carrier::RoyalMail,   "Signed For 1st Class",                 "STL1",  &[1],    false, Numbers::S10("RM")),
    service( 5, Carrier::RoyalMail,   "International Tracked & Signed",       "OTC",   &[1],    true,  Numbers::S10("RN")),
    service(80, Carrier::Ups,         "Standard",                             "11",    &[1],    true,  Numbers::Ups("68")),
    service(81, Carrier::Ups,         "Express Saver",                        "65",    &[1],    true,  Numbers::Ups("04")),
    service(60, Carrier::Yodel,       "Xpress 24",                            "1VN",   &[1],    false, Numbers::Yodel),
    service(61, Carrier::Yodel,       "Xpress 48",                            "2VN",   &[1],    false, Numbers::Yodel),
];

const fn service(
    id: u64,
    carrier: Carrier,
    name: &'static str,
    code: &'static str,
    increments: &'static [u64],
    abroad: bool,
    numbers: Numbers,
) -> Service {
    Service { id, carrier, name, code, increments, abroad, numbers }
}

words! {
    /// How a parcel that goes back enters the carrier's network.
    pub enum Handover {
        /// It is fetched.
        Collection = "collection",
        /// It is brought to a shop or a locker.
        Dropoff = "dropoff",
    }
}

/// A service back from recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnService {
    /// What a return's `return_service` names.
    pub id: u64,
    pub carrier: Carrier,
    /// As the list of services prints it.
    pub name: &'static str,
    /// How the parcel is handed over.
    pub handover: Handover,
    /// In kilograms; 0 is no limit, as the documentation has it.
    pub weight: u64,
    /// Length, width and height in centimetres; 0 is no limit.
    pub sides: [u64; 3],
    /// Where the parcel may arrive.
    pub incoming: &'static [&'static str],
    /// Where it may come from.
    pub outgoing: &'static [&'static str],
    /// How its tracking numbers look.
    pub numbers: Numbers,
}

const GB: &[&str] = &["GB"];
const EUROPE: &[&str] = &["AT", "BE", "DE", "ES", "FR", "GB", "IE", "IT", "NL", "PL", "US"];

/// The incoming services, by carrier and id.
#[rustfmt::skip]
pub const RETURN_SERVICES: &[ReturnService] = &[
    back( 20, Carrier::Dhl,       "Domestic Express",                 Handover::Collection, 30, [120, 80, 80],  GB,            GB,     Numbers::Dhl),
    back(  7, Carrier::Dpd,       "Return to Shop",                   Handover::Collection,  0, [0, 0, 0],      &["GB", "US"], GB,     Numbers::Dpd),
    back(200, Carrier::Evri,      "Parcelshop Dropoff",               Handover::Dropoff,    15, [120, 80, 80],  GB,            GB,     Numbers::Evri),
    back(201, Carrier::Evri,      "Locker Dropoff",                   Handover::Dropoff,    10, [55, 35, 41],   GB,            GB,     Numbers::Evri),
    back(202, Carrier::Evri,      "Home Collection",                  Handover::Collection, 15, [120, 80, 80],  GB,            GB,     Numbers::Evri),
    back( 30, Carrier::FedEx,     "Next Day",                         Handover::Collection, 30, [274, 80, 80],  GB,            GB,     Numbers::FedEx),
    back( 31, Carrier::FedEx,     "UK Economy",                       Handover::Collection, 30, [274, 80, 80],  GB,            GB,     Numbers::FedEx),
    back(  1, Carrier::RoyalMail, "Tracked 24 Returns",               Handover::Collection,  0, [0, 0, 0],      GB,            GB,     Numbers::S10("TR")),
    back(  2, Carrier::RoyalMail, "Tracked 48 Returns",               Handover::Dropoff,    20, [61, 46, 46],   GB,            GB,     Numbers::S10("TR")),
    back( 40, Carrier::Ups,       "Returns Plus (1 Attempt)",         Handover::Collection, 70, [270, 100, 100], GB,           EUROPE, Numbers::Ups("78")),
    back( 41, Carrier::Ups,       "Returns Plus (3 Attempt)",         Handover::Collection, 70, [270, 100, 100], GB,           EUROPE, Numbers::Ups("22")),
    back( 42, Carrier::Ups,       "Returns - Electronic Return Label", Handover::Dropoff,   20, [80, 60, 60],   GB,            EUROPE, Numbers::Ups("90")),
];

#[allow(clippy::too_many_arguments, reason = "the columns of the table above")]
const fn back(
    id: u64,
    carrier: Carrier,
    name: &'static str,
    handover: Handover,
    weight: u64,
    sides: [u64; 3],
    incoming: &'static [&'static str],
    outgoing: &'static [&'static str],
    numbers: Numbers,
) -> ReturnService {
    ReturnService { id, carrier, name, handover, weight, sides, incoming, outgoing, numbers }
}

/// The outgoing service of an id.
pub fn service_of(id: u64) -> Option<&'static Service> {
    SERVICES.iter().find(|service| service.id == id)
}

/// The incoming service of an id.
pub fn return_service_of(id: u64) -> Option<&'static ReturnService> {
    RETURN_SERVICES.iter().find(|service| service.id == id)
}

/// The next tracking number of a form, with a check digit that its carrier would accept.
pub fn tracking_number(numbers: Numbers, chance: &mut Chance) -> String {
    numbers.drawn(&mut chance.draw("shiptheory/tracking number"))
}

impl Numbers {
    fn drawn(self, draw: &mut Draw) -> String {
        let checked = |body: String, check: fn(&str) -> Option<char>, after: &str| {
            let digit = check(&body).expect("the body was made of what the check takes");
            format!("{body}{digit}{after}")
        };
        match self {
            Numbers::S10(letters) => {
                let number = checked(draw.digits(8), check_digit::s10, "GB");
                format!("{letters}{number}")
            }
            Numbers::Dpd => format!("15{}", draw.digits(12)),
            Numbers::Dhl => checked(draw.digits(9), check_digit::modulo_7, ""),
            Numbers::Ups(service) => {
                // Accounts at the carrier, six digits and capitals each.
                const ACCOUNT: [&str; 4] = ["84W6R9", "R4V312", "E0X77F", "19A54Y"];
                let account = draw.pick(&ACCOUNT).copied().unwrap_or(ACCOUNT[0]);
                let body = format!("{account}{service}{}", draw.digits(7));
                format!("1Z{}", checked(body, check_digit::ups, ""))
            }
            Numbers::FedEx => checked(draw.digits(11), check_digit::fedex, ""),
            Numbers::Evri => format!("H0{}HYA00{}", draw.below(10), draw.digits(8)),
            Numbers::Yodel => format!("JD000{}", draw.digits(13)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_documented_ones_are_there() {
        let ids: BTreeSet<u64> = SERVICES.iter().map(|service| service.id).collect();
        assert_eq!(ids.len(), SERVICES.len());
        let ids: BTreeSet<u64> = RETURN_SERVICES.iter().map(|service| service.id).collect();
        assert_eq!(ids.len(), RETURN_SERVICES.len());

        let names = [37, 38, 39].map(|id| service_of(id).unwrap().name);
        assert_eq!(names, ["Parcel - Homecall", "Parcel - Two Day", "Parcel - Next Day"]);
        assert_eq!(service_of(24).unwrap().name, "express48");
        assert_eq!(return_service_of(7).unwrap().name, "Return to Shop");
        assert_eq!(return_service_of(1).unwrap().name, "Tracked 24 Returns");
        assert!(return_service_of(200).is_some() && return_service_of(37).is_none());
    }

    #[test]
    fn a_carrier_names_a_service_once() {
        let names: BTreeSet<_> = SERVICES.iter().map(|it| (it.carrier, it.name)).collect();
        assert_eq!(names.len(), SERVICES.len());
        for carrier in Carrier::ALL {
            assert!(
                SERVICES
                    .iter()
                    .any(|it| it.carrier == *carrier && !it.abroad || *carrier == Carrier::Ups)
            );
        }
    }

    #[test]
    fn numbers_have_their_carriers_form() {
        let mut chance = Chance::new(7);
        for numbers in
            SERVICES.iter().map(|it| it.numbers).chain(RETURN_SERVICES.iter().map(|it| it.numbers))
        {
            for _ in 0..20 {
                let number = tracking_number(numbers, &mut chance);
                let (length, valid) = match numbers {
                    Numbers::S10(_) => {
                        (13, check_digit::s10(&number[2..10]) == number[10..].chars().next())
                    }
                    Numbers::Dpd => (14, number.starts_with("15")),
                    Numbers::Dhl => {
                        (10, check_digit::modulo_7(&number[..9]) == number[9..].chars().next())
                    }
                    Numbers::Ups(_) => {
                        (18, check_digit::ups(&number[2..17]) == number[17..].chars().next())
                    }
                    Numbers::FedEx => {
                        (12, check_digit::fedex(&number[..11]) == number[11..].chars().next())
                    }
                    Numbers::Evri => (16, number.starts_with("H0")),
                    Numbers::Yodel => (18, number.starts_with("JD000")),
                };
                assert!(number.len() == length && valid, "{numbers:?} {number}");
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let draw = |seed| {
            let mut chance = Chance::new(seed);
            [(); 3].map(|()| tracking_number(Numbers::Dhl, &mut chance))
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }
}
