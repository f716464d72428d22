//! A life cycle as a table: from a state, on an input, to a state, with the webhook it causes.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::{self, Debug, Write as _};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A word of a closed vocabulary (`words!`), so that tables print themselves.
pub trait Word: Copy + Eq + Ord + Debug + 'static {
    /// Every word.
    const ALL: &'static [Self];
    /// The word as printed.
    fn text(self) -> &'static str;
    /// The word of a text.
    fn of_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.text() == text)
    }
}

/// Makes vocabularies usable as states and inputs of machines.
#[macro_export]
macro_rules! machine_words {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::sim::machine::Word for $name {
            const ALL: &'static [Self] = <$name>::ALL;
            fn text(self) -> &'static str {
                self.word()
            }
        }
    )+};
}

/// One row of a life cycle.
#[derive(Debug)]
pub struct Row<S, I> {
    /// The state it leaves.
    pub from: S,
    /// What happens.
    pub on: I,
    /// The state it reaches.
    pub to: S,
    /// The webhook topic this causes, if any.
    pub topic: Option<&'static str>,
}

/// A row of the table, short enough to align.
pub const fn row<S, I>(from: S, on: I, to: S, topic: Option<&'static str>) -> Row<S, I> {
    Row { from, on, to, topic }
}

/// A life cycle.
#[derive(Debug)]
pub struct Machine<S: 'static, I: 'static> {
    /// The kind of entity that lives it.
    pub name: &'static str,
    /// The states an entity can begin in; the first is the usual one.
    pub starts: &'static [S],
    /// The states without a way out.
    pub finals: &'static [S],
    /// The table.
    pub rows: &'static [Row<S, I>],
}

/// One step an entity took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage<S, I> {
    /// When.
    pub at: Timestamp,
    /// The input.
    pub on: I,
    /// The state it left.
    pub from: S,
    /// The state it reached.
    pub to: S,
}

/// A state that only a machine can move, with the way it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracked<S, I> {
    state: S,
    history: Vec<Passage<S, I>>,
}

impl<S: Copy, I> Tracked<S, I> {
    /// Where the entity stands.
    pub fn state(&self) -> S {
        self.state
    }

    /// How it got there, oldest first.
    pub fn history(&self) -> &[Passage<S, I>] {
        &self.history
    }

    /// Forgets how it got there, but for the last steps.
    pub fn keep_last(&mut self, steps: usize) {
        self.history.drain(..self.history.len().saturating_sub(steps));
    }
}

/// An input for which the table has no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Illegal<S, I> {
    /// Where the entity stands.
    pub from: S,
    /// What was asked.
    pub on: I,
}

impl<S: Word, I: Word> fmt::Display for Illegal<S, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not possible in state `{}`", self.on.text(), self.from.text())
    }
}

/// Why an entity did not take an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputRefused {
    /// There is no such entity.
    Missing,
    /// Its table has no row for it.
    Illegal {
        /// Where the entity stands.
        from: &'static str,
        /// What was asked.
        on: &'static str,
    },
}

impl<S: Word, I: Word> From<Illegal<S, I>> for InputRefused {
    fn from(illegal: Illegal<S, I>) -> Self {
        InputRefused::Illegal { from: illegal.from.text(), on: illegal.on.text() }
    }
}

impl<S: Word, I: Word> Machine<S, I> {
    /// A new entity at the usual beginning.
    pub fn start(&self) -> Tracked<S, I> {
        self.start_at(0)
    }

    /// A new entity at one of the beginnings.
    pub fn start_at(&self, place: usize) -> Tracked<S, I> {
        Tracked { state: self.starts[place.min(self.starts.len() - 1)], history: Vec::new() }
    }

    /// Whether an input has a row in a state.
    pub fn allows(&self, from: S, on: I) -> bool {
        self.find(from, on).is_some()
    }

    /// Whether nothing can happen any more.
    pub fn ended(&self, state: S) -> bool {
        self.finals.contains(&state)
    }

    /// After it was read from a document: whether the table leads along an entity's history to where it stands. A
    /// table whose entities are put somewhere at their opening says so with a beginning.
    ///
    /// # Errors
    /// A sentence when it does not.
    pub fn settle(&self, entity: &Tracked<S, I>) -> Result<(), String> {
        let first = entity.history.first().map_or(entity.state, |passage| passage.from);
        let mut at = first;
        if !self.starts.contains(&first) {
            return Err(format!("no {} begins as `{}`", self.name, first.text()));
        }
        for passage in &entity.history {
            let row = self.find(passage.from, passage.on);
            if passage.from != at || row.is_none_or(|row| row.to != passage.to) {
                let (on, from, to) = (passage.on.text(), at.text(), passage.to.text());
                return Err(format!("`{on}` does not lead from `{from}` to `{to}`"));
            }
            at = passage.to;
        }
        if at == entity.state {
            return Ok(());
        }
        Err(format!("it stands in `{}`, its history leads to `{}`", entity.state.text(), at.text()))
    }

    fn find(&self, from: S, on: I) -> Option<&'static Row<S, I>> {
        self.rows.iter().find(|row| row.from == from && row.on == on)
    }

    /// Moves an entity along its row and remembers the passage.
    ///
    /// # Errors
    /// `Illegal` when the table has no such row; nothing has changed then.
    pub fn step(
        &self,
        entity: &mut Tracked<S, I>,
        on: I,
        at: Timestamp,
    ) -> Result<&'static Row<S, I>, Illegal<S, I>> {
        let from = entity.state;
        let row = self.find(from, on).ok_or(Illegal { from, on })?;
        entity.state = row.to;
        entity.history.push(Passage { at, on, from, to: row.to });
        Ok(row)
    }
}

/// A row in words, for whoever does not know the types: from, on, to, topic.
pub type MachineLine = (&'static str, &'static str, &'static str, Option<&'static str>);

/// A machine seen from outside its provider: words only.
pub trait Diagram: Sync {
    /// The kind of entity.
    fn name(&self) -> &'static str;
    /// The possible beginnings.
    fn starts(&self) -> Vec<&'static str>;
    /// The states without a way out.
    fn finals(&self) -> Vec<&'static str>;
    /// Every state of the vocabulary.
    fn states(&self) -> Vec<&'static str>;
    /// The rows.
    fn lines(&self) -> Vec<MachineLine>;
}

impl<S: Word + Sync, I: Word + Sync> Diagram for Machine<S, I> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn starts(&self) -> Vec<&'static str> {
        self.starts.iter().map(|state| state.text()).collect()
    }

    fn finals(&self) -> Vec<&'static str> {
        self.finals.iter().map(|state| state.text()).collect()
    }

    fn states(&self) -> Vec<&'static str> {
        S::ALL.iter().map(|state| state.text()).collect()
    }

    fn lines(&self) -> Vec<MachineLine> {
        self.rows
            .iter()
            .map(|row| (row.from.text(), row.on.text(), row.to.text(), row.topic))
            .collect()
    }
}

/// The moves possible in a state: input and the state it reaches.
pub fn moves(machine: &dyn Diagram, state: &str) -> Vec<(&'static str, &'static str)> {
    machine
        .lines()
        .into_iter()
        .filter(|line| line.0 == state)
        .map(|line| (line.1, line.2))
        .collect()
}

/// The shortest chain of inputs from one state to another; empty when already there.
pub fn route(machine: &dyn Diagram, from: &str, to: &str) -> Option<Vec<&'static str>> {
    let lines = machine.lines();
    let start = machine.states().into_iter().find(|state| *state == from)?;
    let mut came: BTreeMap<&str, Option<(&'static str, &'static str)>> =
        BTreeMap::from([(start, None)]);
    let mut queue = VecDeque::from([start]);
    while let Some(state) = queue.pop_front() {
        if state == to {
            let mut inputs = Vec::new();
            let mut at = state;
            while let Some(Some((earlier, on))) = came.get(at) {
                inputs.push(*on);
                at = earlier;
            }
            inputs.reverse();
            return Some(inputs);
        }
        for (from, on, next, _) in &lines {
            if *from == state && !came.contains_key(next) {
                came.insert(next, Some((from, on)));
                queue.push_back(next);
            }
        }
    }
    None
}

/// The table as a Mermaid state diagram. States of more than one word get a name there, as diagrams ask for.
pub fn mermaid(machine: &dyn Diagram) -> String {
    let mut text = String::from("stateDiagram-v2\n");
    for state in machine.states() {
        if plain(state) != state {
            let _ = writeln!(text, "    state \"{state}\" as {}", plain(state));
        }
    }
    for start in machine.starts() {
        let _ = writeln!(text, "    [*] --> {}", plain(start));
    }
    for (from, on, to, topic) in machine.lines() {
        let (from, to) = (plain(from), plain(to));
        let _ = match topic {
            Some(topic) => writeln!(text, "    {from} --> {to}: {on} / {topic}"),
            None => writeln!(text, "    {from} --> {to}: {on}"),
        };
    }
    for end in machine.finals() {
        let _ = writeln!(text, "    {} --> [*]", plain(end));
    }
    text
}

/// A state as a diagram can name it.
fn plain(state: &str) -> String {
    state.replace(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_', "_")
}

/// What is wrong with a table: doubled rows, unreachable states, dead ends that are not final.
#[cfg_attr(surface_only, expect(dead_code, reason = "the soundness of every table is a test"))]
pub fn faults(machine: &dyn Diagram) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = machine.lines();
    for (place, line) in lines.iter().enumerate() {
        if lines[..place].iter().any(|earlier| (earlier.0, earlier.1) == (line.0, line.1)) {
            faults.push(format!("two rows for `{}` in `{}`", line.1, line.0));
        }
    }
    for state in machine.states() {
        let reachable = machine.starts().iter().any(|start| route(machine, start, state).is_some());
        if !reachable {
            faults.push(format!("`{state}` cannot be reached"));
        }
        let ends = moves(machine, state).is_empty();
        if ends != machine.finals().contains(&state) {
            faults.push(format!(
                "`{state}` {}",
                if ends { "is a dead end" } else { "is final but has a way out" }
            ));
        }
    }
    faults
}
