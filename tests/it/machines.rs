//! The life cycles of every provider: sound, and drawn.

use shipmock::providers::{Name, service};
use shipmock::sim::machine::{Machine, Row, faults, mermaid, row};

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

shipmock::machine_words!(Lamp, Hand);

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
