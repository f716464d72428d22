//! Metrics of a server: counters of its answers, bumped without a lock, and the Prometheus text of them and of what
//! the worlds hold.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::providers::Name;
use crate::server::registry::Registry;

/// Status classes: 1xx to 5xx.
const CLASSES: usize = 5;

/// Requests by who answered and how; the last row is our own surface.
#[derive(Debug)]
pub(crate) struct Metrics {
    requests: Vec<[AtomicU64; CLASSES]>,
    unmatched: AtomicU64,
    since: Instant,
}

impl Metrics {
    /// Nothing counted yet.
    pub(crate) fn new() -> Metrics {
        let row = || std::array::from_fn(|_| AtomicU64::new(0));
        let requests = (0..=Name::ALL.len()).map(|_| row()).collect();
        Metrics { requests, unmatched: AtomicU64::new(0), since: Instant::now() }
    }

    /// Counts an answer, of a provider or our own.
    pub(crate) fn count(&self, name: Option<Name>, status: u16) {
        let row = name.map_or(Name::ALL.len(), |name| name as usize);
        let class = usize::from(status / 100).clamp(1, CLASSES) - 1;
        if let Some(cell) = self.requests.get(row).and_then(|row| row.get(class)) {
            cell.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a call that was for no provider; its answer is counted as our own.
    pub(crate) fn unmatched(&self) {
        self.unmatched.fetch_add(1, Ordering::Relaxed);
    }

    /// Everything that is measured, as Prometheus reads it.
    pub(crate) fn text(&self, worlds: &Registry, listening: usize) -> String {
        let mut text = String::with_capacity(2048);
        let head = |text: &mut String, name: &str, kind: &str, help: &str| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        };
        let name = "shipmock_requests_total";
        head(&mut text, name, "counter", "Requests answered, by who answered and class of status.");
        let own = std::iter::once("shipmock");
        let rows = Name::ALL.iter().map(|name| name.word()).chain(own).zip(&self.requests);
        for (provider, row) in rows {
            for (class, cell) in row.iter().enumerate() {
                let (class, count) = (class + 1, cell.load(Ordering::Relaxed));
                let _ = writeln!(
                    text,
                    "{name}{{provider=\"{provider}\",status=\"{class}xx\"}} {count}"
                );
            }
        }
        let name = "shipmock_requests_unmatched_total";
        head(&mut text, name, "counter", "Requests whose path belongs to no provider.");
        let _ = writeln!(text, "{name} {}", self.unmatched.load(Ordering::Relaxed));
        let held = Held::of(worlds);
        #[rustfmt::skip]
        let gauges: [(&str, u64, &str); 9] = [
            ("shipmock_worlds",                held.worlds,           "Worlds there are."),
            ("shipmock_journal_bytes",         held.journal.bytes,    "Bytes held by the journals of all worlds."),
            ("shipmock_journal_bound_bytes",   held.journal.bound,    "Bytes the journals of all worlds may hold."),
            ("shipmock_journal_evicted",       held.journal.evicted,  "Entries dropped because a journal was full."),
            ("shipmock_ledger_bytes",          held.ledger.bytes,     "Bytes held by the webhook ledgers of all worlds."),
            ("shipmock_ledger_bound_bytes",    held.ledger.bound,     "Bytes the webhook ledgers of all worlds may hold."),
            ("shipmock_waiting",               held.waiting,          "Calls that wait for something."),
            ("shipmock_listening",             listening as u64,      "Listeners to events."),
            ("shipmock_ledger_evicted",        held.ledger.evicted,   "Deliveries dropped because a ledger was full."),
        ];
        for (name, value, help) in gauges {
            head(&mut text, name, "gauge", help);
            let _ = writeln!(text, "{name} {value}");
        }
        head(&mut text, "shipmock_uptime_seconds", "gauge", "Real seconds since the start.");
        let _ = writeln!(text, "shipmock_uptime_seconds {:.3}", self.since.elapsed().as_secs_f64());
        text
    }
}

#[derive(Default)]
struct Sample {
    bytes: u64,
    bound: u64,
    evicted: u64,
}

impl Sample {
    fn add(&mut self, (bytes, bound, evicted): (usize, usize, u64)) {
        self.bytes = self.bytes.saturating_add(bytes as u64);
        self.bound = self.bound.saturating_add(bound as u64);
        self.evicted = self.evicted.saturating_add(evicted);
    }
}

#[derive(Default)]
struct Held {
    worlds: u64,
    waiting: u64,
    journal: Sample,
    ledger: Sample,
}

impl Held {
    fn of(worlds: &Registry) -> Held {
        let mut held = Held::default();
        for entry in worlds.all() {
            held.worlds += 1;
            held.waiting = held.waiting.saturating_add(entry.waiting() as u64);
            let measured =
                entry.read(|world| (world.journal().measure(), world.outbox().measure()));
            if let Ok((journal, ledger)) = measured {
                held.journal.add(journal);
                held.ledger.add(ledger);
            }
        }
        held
    }
}
