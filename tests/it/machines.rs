//! The life cycles of every provider, and of a webhook's delivery: sound, and drawn.

use shipmock::internals::providers::{Name, service};
use shipmock::internals::sim::machine::{Machine, Row, faults, mermaid, row};
use shipmock::internals::sim::webhook::outbox::{DeliveryPhase, DeliveryState, WEBHOOK_DELIVERY};

#[test]
fn every_table_is_sound_and_drawn() {
    for name in Name::ALL {
        for machine in service(*name).machines() {
            assert_eq!(faults(*machine), Vec::<String>::new(), "{name} {}", machine.name());
            snapshot!("machines", format!("{name}-{}", machine.name()), mermaid(*machine));
        }
    }
}

#[test]
fn the_delivery_of_a_webhook_is_a_table_like_the_others() {
    assert_eq!(faults(&WEBHOOK_DELIVERY), Vec::<String>::new());
    snapshot!("machines", WEBHOOK_DELIVERY.name, mermaid(&WEBHOOK_DELIVERY));
}

/// The ledger's words, as the control API prints them, are the same as ever.
#[test]
fn the_ledger_has_one_word_for_all_that_is_not_settled() {
    for phase in DeliveryPhase::ALL {
        let printed = match phase {
            DeliveryPhase::Withdrawn => "cancelled",
            settled if DeliveryState::of(settled.word()).is_some() => settled.word(),
            _ => "pending",
        };
        assert_eq!(phase.state().word(), printed, "{phase}");
    }
}

#[test]
fn names_of_tables_are_told_apart_and_are_kinds_of_entities() {
    for name in Name::ALL {
        let service = service(*name);
        let mut names: Vec<&str> =
            service.machines().iter().map(|machine| machine.name()).collect();
        for machine in &names {
            assert!(service.kinds().contains(machine), "{name}: {machine} cannot be looked at");
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), service.machines().len(), "{name}");
    }
}

shipmock::words! {
    /// States of the planted tables.
    pub enum Lamp {
        /// Dark.
        Off = "off",
        /// Bright.
        On = "on",
        /// For good.
        Broken = "broken",
    }
}

shipmock::words! {
    /// Inputs of the planted tables.
    pub enum Hand {
        /// The switch.
        Press = "press",
        /// The floor.
        Drop = "drop",
    }
}

impl shipmock::internals::sim::machine::Word for Lamp {
    const ALL: &'static [Self] = Lamp::ALL;

    fn text(self) -> &'static str {
        self.word()
    }
}

impl shipmock::internals::sim::machine::Word for Hand {
    const ALL: &'static [Self] = Hand::ALL;

    fn text(self) -> &'static str {
        self.word()
    }
}

/// What is wrong with a table of lamps.
fn wrong(finals: &'static [Lamp], rows: &'static [Row<Lamp, Hand>]) -> Vec<String> {
    let machine = Machine { name: "lamp", starts: &[Lamp::Off], finals, rows };
    faults(&machine)
}

#[test]
fn planted_faults_are_found() {
    use Hand::{Drop, Press};
    use Lamp::{Broken, Off, On};
    type Rows = &'static [Row<Lamp, Hand>];
    const WHOLE: Rows =
        &[row(Off, Press, On, None), row(On, Press, Off, None), row(On, Drop, Broken, None)];
    const UNBREAKABLE: Rows = &[row(Off, Press, On, None), row(On, Press, Off, None)];
    const TWOFOLD: Rows =
        &[row(Off, Press, On, None), row(On, Drop, Broken, None), row(On, Drop, Off, None)];
    assert_eq!(wrong(&[Broken], WHOLE), Vec::<String>::new());
    assert_eq!(wrong(&[], WHOLE), ["`broken` is a dead end"]);
    assert_eq!(wrong(&[Broken, On], WHOLE), ["`on` is final but has a way out"]);
    assert_eq!(wrong(&[Broken], UNBREAKABLE), ["`broken` cannot be reached"]);
    assert_eq!(wrong(&[Broken], TWOFOLD), ["two rows for `drop` in `on`"]);
}
