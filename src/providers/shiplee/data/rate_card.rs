//! The rate card: what the carrier asks by mode, zone and weight, and what Shiplee makes of it.
//!
//! Documented: chargeable weight is the larger of physical and volumetric; prices include GST and the plan's
//! markup; the sample costs 138 and 104. The tariff behind it is made up so that it does.

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::frameworks::php::json_encode::Number;
use crate::kit::mistake::Mistake;
use crate::providers::shiplee::data::postal::Zone;
use crate::providers::shiplee::rules::carrier::{Measures, Mode, Payment};

/// A tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RateCard {
    /// Weight is paid in steps of so many grams.
    pub slab_grams: u32,
    /// Tax on everything, in percent.
    pub gst_percent: Number,
    /// For taking money at the door: at least this.
    pub cod_least: Number,
    /// For taking money at the door: so much of the order's value.
    pub cod_percent: Number,
    /// By air.
    pub express: ModeCard,
    /// By road.
    pub surface: ModeCard,
}

/// One mode of a tariff. What a scenario leaves out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ModeCard {
    /// Cubic centimetres that count as a kilogram.
    pub divisor: Option<u32>,
    /// How long it takes, as it is printed.
    pub tat: Option<String>,
    /// Prices before tax and markup.
    pub zones: BTreeMap<Zone, Price>,
}

/// A price by weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The first step of weight.
    pub first: Number,
    /// Every further one.
    pub more: Number,
}

/// The usual prices: zone, express first and more, surface first and more; in hundredths of a rupee.
#[rustfmt::skip]
const USUAL: &[(Zone, i64, i64, i64, i64)] = &[
    (Zone::A,  2_700, 1_800, 2_400, 1_300),
    (Zone::B,  3_100, 2_100, 2_700, 1_550),
    (Zone::C1, 3_700, 2_500, 3_050, 1_850),
    (Zone::C2, 4_150, 2_800, 3_350, 2_000),
    (Zone::D1, 4_400, 3_050, 3_600, 2_200),
    (Zone::D2, 4_850, 3_350, 3_950, 2_450),
    (Zone::E,  6_000, 4_300, 5_000, 3_200),
    (Zone::F,  6_900, 4_900, 5_700, 3_700),
];

/// What the carrier is said to divide by, for both modes.
const DIVISOR: u32 = 5_000;

impl Default for RateCard {
    fn default() -> Self {
        let whole = |number: i64| Number(Decimal::from(number));
        RateCard {
            slab_grams: 500,
            gst_percent: whole(18),
            cod_least: whole(40),
            cod_percent: whole(2),
            express: ModeCard::default(),
            surface: ModeCard::default(),
        }
    }
}

/// What Shiplee offers for one parcel by one mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub mode: Mode,
    /// Chargeable weight.
    pub grams: u64,
    /// For carrying it, in whole rupees.
    pub freight: Decimal,
    /// For taking money at the door, in whole rupees.
    pub cod: Decimal,
    /// How long it takes, as it is printed.
    pub tat: String,
}

/// What is to be carried.
#[derive(Debug, Clone, Copy)]
pub struct Load<'a> {
    pub parcels: &'a [Measures],
    pub zone: Zone,
    /// Who pays when.
    pub payment: Payment,
    /// What the goods are worth.
    pub value: Decimal,
}

impl RateCard {
    /// Refuses a card by which nothing can be reckoned.
    ///
    /// # Errors
    /// The place and the mistake.
    pub fn check(&self) -> Result<(), Mistake> {
        let refuse = |place: &str, problem: &str| Err(Mistake::new(place, problem));
        if self.slab_grams == 0 {
            return refuse("slab_grams", "a step of weight is at least 1 gram");
        }
        for mode in Mode::ALL {
            if self.mode(*mode).divisor == Some(0) {
                return refuse(&format!("{mode}.divisor"), "the divisor is at least 1");
            }
        }
        Ok(())
    }

    fn mode(&self, mode: Mode) -> &ModeCard {
        match mode {
            Mode::Express => &self.express,
            Mode::Surface => &self.surface,
        }
    }

    /// What each mode costs with a markup in percent.
    pub fn quotes(&self, load: Load<'_>, markup: Decimal) -> Vec<Quote> {
        Mode::ALL.iter().map(|mode| self.quote(*mode, load, markup)).collect()
    }

    fn quote(&self, mode: Mode, load: Load<'_>, markup: Decimal) -> Quote {
        let card = self.mode(mode);
        let divisor = Decimal::from(card.divisor.unwrap_or(DIVISOR).max(1));
        let each = load.parcels.iter().map(|it| chargeable(it, divisor));
        let kilograms = each.fold(Decimal::ZERO, Decimal::saturating_add);
        let grams = kilograms.saturating_mul(Decimal::from(1_000)).ceil().to_u64();
        let grams = grams.unwrap_or(u64::MAX);
        let slabs = grams.div_ceil(u64::from(self.slab_grams.max(1))).max(1);
        let (first, more) = price(card, mode, load.zone);
        let usual = match mode {
            Mode::Express => "2-3 days",
            Mode::Surface => "4-6 days",
        };
        let fee = match load.payment {
            Payment::Prepaid => Decimal::ZERO,
            Payment::Cod => {
                let share = percent(load.value, self.cod_percent.0);
                self.gross(share.max(self.cod_least.0), markup)
            }
        };
        let net = Decimal::from(slabs - 1).checked_mul(more).unwrap_or(Decimal::MAX);
        Quote {
            mode,
            grams,
            freight: self.gross(net.saturating_add(first), markup),
            cod: fee,
            tat: card.tat.clone().unwrap_or_else(|| usual.to_owned()),
        }
    }

    /// With markup and tax, in whole rupees.
    fn gross(&self, net: Decimal, markup: Decimal) -> Decimal {
        let marked = net.saturating_add(percent(net, markup));
        let taxed = marked.saturating_add(percent(marked, self.gst_percent.0));
        taxed.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).normalize()
    }
}

fn percent(of: Decimal, percent: Decimal) -> Decimal {
    (of / Decimal::ONE_HUNDRED).checked_mul(percent).unwrap_or(Decimal::MAX)
}

/// The larger of physical and volumetric weight, in kilograms: documentation, "parcel object".
fn chargeable(parcel: &Measures, divisor: Decimal) -> Decimal {
    let volume = parcel.length.saturating_mul(parcel.breadth).saturating_mul(parcel.height);
    parcel.weight.max(volume / divisor)
}

fn price(card: &ModeCard, mode: Mode, zone: Zone) -> (Decimal, Decimal) {
    if let Some(price) = card.zones.get(&zone) {
        return (price.first.0, price.more.0);
    }
    let usual = USUAL.iter().find(|row| row.0 == zone).unwrap_or(&USUAL[0]);
    let (first, more) = match mode {
        Mode::Express => (usual.1, usual.2),
        Mode::Surface => (usual.3, usual.4),
    };
    (Decimal::new(first, 2), Decimal::new(more, 2))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::{Load, RateCard, USUAL};
    use crate::providers::shiplee::data::postal::Zone;
    use crate::providers::shiplee::rules::carrier::{Measures, Mode, Payment};

    fn parcel(side: i64, hundredths: i64) -> Measures {
        let side = Decimal::from(side);
        Measures { length: side, breadth: side, height: side, weight: Decimal::new(hundredths, 2) }
    }

    fn cost(
        parcels: &[Measures],
        zone: Zone,
        payment: Payment,
        value: i64,
    ) -> Vec<(String, String)> {
        let load = Load { parcels, zone, payment, value: Decimal::from(value) };
        let quotes = RateCard::default().quotes(load, Decimal::from(20));
        quotes.iter().map(|quote| (quote.freight.to_string(), quote.cod.to_string())).collect()
    }

    fn pair(freight: &str, cod: &str) -> (String, String) {
        (freight.to_owned(), cod.to_owned())
    }

    #[test]
    fn the_documented_sample_costs_what_it_costs_there() {
        let sample = [parcel(10, 150)];
        let prices = cost(&sample, Zone::C2, Payment::Prepaid, 1_000);
        assert_eq!(prices, [pair("138", "0"), pair("104", "0")]);
    }

    #[test]
    fn weight_is_the_larger_of_two_and_paid_in_steps() {
        let express =
            |parcels: &[Measures]| cost(parcels, Zone::C2, Payment::Prepaid, 0)[0].clone();
        assert_eq!(express(&[parcel(1, 50)]), pair("59", "0"));
        assert_eq!(express(&[parcel(1, 51)]), pair("98", "0"));
        // A pillow: 50 cm each way weighs 25 kg on paper.
        assert_eq!(express(&[parcel(50, 100)]), express(&[parcel(1, 2_500)]));
        assert_eq!(express(&[parcel(1, 75), parcel(1, 75)]), pair("138", "0"));
    }

    #[test]
    fn taking_money_at_the_door_costs_a_least_sum_or_a_share() {
        let fee = |value| cost(&[parcel(10, 150)], Zone::C2, Payment::Cod, value)[0].1.clone();
        assert_eq!((fee(1_000), fee(2_000), fee(5_000)), ("57".into(), "57".into(), "142".into()));
    }

    #[test]
    fn a_card_by_which_nothing_can_be_reckoned_is_refused() {
        let broken = |change: fn(&mut RateCard)| {
            let mut card = RateCard::default();
            change(&mut card);
            card.check().unwrap_err().place
        };
        assert_eq!(broken(|card| card.slab_grams = 0), "slab_grams");
        assert_eq!(broken(|card| card.surface.divisor = Some(0)), "surface.divisor");
        assert_eq!(USUAL.len(), Zone::ALL.len());
    }

    proptest! {
        #[test]
        fn heavier_never_costs_less_and_nothing_overflows(
            side in 1_i64..10_000, weight in 1_i64..10_000_000, pieces in 1_usize..50, cod: bool,
        ) {
            let parcels = vec![parcel(side, weight); pieces];
            let heavier = vec![parcel(side, weight + 50); pieces];
            let payment = if cod { Payment::Cod } else { Payment::Prepaid };
            for zone in Zone::ALL {
                let load = |parcels| Load { parcels, zone: *zone, payment, value: Decimal::from(weight) };
                let card = RateCard::default();
                let (one, two) = (card.quotes(load(&parcels), Decimal::TEN), card.quotes(load(&heavier), Decimal::TEN));
                for (one, two) in one.iter().zip(&two) {
                    prop_assert!(one.freight <= two.freight && one.freight > Decimal::ZERO);
                    prop_assert!(one.freight.is_integer() && one.cod.is_integer());
                }
                prop_assert!(one[0].mode == Mode::Express && one[0].freight > one[1].freight);
            }
        }
    }
}
