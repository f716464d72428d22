//! Tests of the journal: what is written is what is read, whatever it is, as long as the bound has room for it.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr};

use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::encoding::{EntryView, NAMES};
use super::{BOUND, Change, Entry, Journal};
use crate::message::{Body, Dribble, Evidence, Fault, Headers, Method, Reply, Request, Wire};

fn entry(number: u64, body: usize) -> Entry {
    Entry {
        number,
        at: Timestamp::UNIX_EPOCH,
        provider: "any".into(),
        route: None,
        account: None,
        request: Request::new(Method::Get, "/"),
        reply: Reply::new(200, "text/plain", vec![b'x'; body]),
        rule: None,
        changes: Vec::new(),
        webhooks: Vec::new(),
    }
}

/// Writes so many entries with bodies of a length.
fn write(journal: &mut Journal, count: u64, body: usize) {
    for _ in 0..count {
        journal.write(&entry(journal.next_number(), body).parts());
    }
}

fn kept(journal: &Journal) -> Vec<Entry> {
    journal.entries().map(|entry| entry.to_entry()).collect()
}

#[test]
fn the_oldest_entries_go_and_are_counted() {
    let mut journal = Journal::bounded(10_000);
    write(&mut journal, 20, 1_000);
    let (bytes, bound, evicted) = journal.measure();
    assert!(bytes <= bound && evicted > 0);
    assert_eq!(journal.entries().count() as u64, 20 - evicted);
    assert_eq!(journal.find("r20").unwrap().number, 20);
    assert!(
        journal.find("r1").is_none()
            && journal.find("r21").is_none()
            && journal.find("x").is_none()
    );
}

#[test]
fn an_entry_larger_than_the_bound_leaves_an_empty_journal() {
    let mut journal = Journal::bounded(100);
    write(&mut journal, 1, 1_000_000);
    assert_eq!((journal.len(), journal.measure()), (0, (0, 100, 1)));
    assert_eq!((journal.next_number(), journal.newest().is_none()), (2, true));
    let mut journal = Journal::bounded(10_000);
    write(&mut journal, 5, 100);
    write(&mut journal, 1, 10_000);
    assert_eq!((journal.len(), journal.measure()), (0, (0, 10_000, 6)));
    write(&mut journal, 1, 100);
    assert_eq!(kept(&journal), [entry(7, 100)]);
}

#[test]
fn an_entry_larger_than_a_chunk_stands_among_the_others() {
    let mut journal = Journal::default();
    write(&mut journal, 3, 10);
    write(&mut journal, 1, 3_000_000);
    write(&mut journal, 3, 10);
    let lengths: Vec<usize> = kept(&journal).iter().map(|entry| entry.reply.body.len()).collect();
    assert_eq!(lengths, [10, 10, 10, 3_000_000, 10, 10, 10]);
}

#[test]
fn what_comes_behind_a_number_is_found_wherever_the_journal_begins() {
    let mut journal = Journal::bounded(10_000);
    write(&mut journal, 20, 1_000);
    let first = journal.entries().next().unwrap().number;
    assert!(first > 5);
    let after = |number: u64| journal.after(number).map(|it| it.number).collect::<Vec<u64>>();
    for number in [0, 1, first - 1] {
        assert_eq!(after(number), (first..=20).collect::<Vec<u64>>(), "{number}");
    }
    assert_eq!(after(18), [19, 20]);
    for number in [20, 21, u64::MAX] {
        assert_eq!(after(number), [0; 0], "{number}");
    }
}

#[test]
fn numbers_go_on_when_entries_are_forgotten() {
    let mut journal = Journal::default();
    write(&mut journal, 3, 10);
    journal.clear();
    assert_eq!((journal.len(), journal.measure()), (0, (0, BOUND, 0)));
    write(&mut journal, 2, 10);
    let numbers: Vec<u64> = journal.entries().map(|entry| entry.number).collect();
    assert_eq!((numbers, journal.find("r3").is_none()), (vec![4, 5], true));
}

#[test]
fn a_copy_keeps_what_it_had_while_the_original_is_written_on_and_the_other_way_round() {
    // Short enough for all chunks to come round several times.
    let mut journal = Journal::bounded(30_000);
    write(&mut journal, 15, 1_000);
    let mut copy = journal.clone();
    let before = kept(&copy);
    write(&mut journal, 100, 1_000);
    assert_eq!(kept(&copy), before);
    write(&mut copy, 1, 7);
    assert_eq!(copy.newest().unwrap().to_entry(), entry(16, 7));
    assert_eq!(kept(&copy)[..15], before);
    assert_eq!(journal.newest().unwrap().to_entry(), entry(115, 1_000));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[ -~]{0,12}", 1 => "\\PC{0,200}"]
}

fn instant() -> impl Strategy<Value = Timestamp> {
    let range = Timestamp::MIN.as_nanosecond()..=Timestamp::MAX.as_nanosecond();
    range.prop_map(|nanosecond| Timestamp::from_nanosecond(nanosecond).unwrap())
}

fn headers() -> impl Strategy<Value = Headers> {
    let name = prop_oneof![text(), proptest::sample::select(NAMES).prop_map(str::to_owned)];
    vec((name, text()), 0..6).prop_map(|fields| {
        let mut headers = Headers::default();
        fields.into_iter().for_each(|(name, value)| headers.add(name, value));
        headers
    })
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![9 => vec(any::<u8>(), 0..300), 1 => vec(any::<u8>(), 6_000..9_000)]
        .prop_map(Body::from)
}

fn request() -> impl Strategy<Value = Request> {
    let method = proptest::sample::select(Method::ALL);
    let parts = (method, text(), text(), headers(), body(), any::<IpAddr>(), text());
    (parts, any::<bool>()).prop_map(
        |((method, path, query, headers, body, peer, base), oversize)| Request {
            unknown_method: (method == Method::Unknown).then(|| "BREW".into()),
            method,
            path,
            query,
            headers,
            body,
            peer,
            base,
            oversize,
        },
    )
}

fn wire() -> impl Strategy<Value = Wire> {
    let lasting = || (0_i64..100_000_000_000).prop_map(SignedDuration::from_nanos);
    let dribble = (any::<u32>(), lasting())
        .prop_map(|(bytes, every)| Dribble { bytes: bytes as usize, every });
    (lasting(), option::of(proptest::sample::select(Fault::ALL)), option::of(dribble))
        .prop_map(|(delay, fault, dribble)| Wire { delay, fault, dribble })
}

fn reply() -> impl Strategy<Value = Reply> {
    let evidence = proptest::sample::select(Evidence::ALL);
    let wire = option::weighted(0.2, wire().prop_map(Box::new));
    let passed_over = proptest::collection::vec(text(), 0..3);
    (any::<u16>(), headers(), body(), evidence, option::of(text()), passed_over, wire).prop_map(
        |(status, headers, body, evidence, explanation, passed_over, wire)| Reply {
            status,
            headers,
            body,
            evidence,
            explanation: explanation.map(Into::into),
            passed_over,
            wire,
        },
    )
}

fn change() -> impl Strategy<Value = Change> {
    (instant(), text(), text(), text(), text(), text(), text()).prop_map(
        |(at, provider, kind, id, on, from, to)| Change {
            at,
            provider: provider.into(),
            kind: kind.into(),
            id,
            on: on.into(),
            from: from.into(),
            to: to.into(),
        },
    )
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let names = (text(), option::of(text()), option::of(text()), option::of(text()));
    let moved = (vec(change(), 0..3), vec(any::<u64>(), 0..4));
    (instant(), names, request(), reply(), moved).prop_map(
        |(at, (provider, route, account, rule), request, reply, (changes, webhooks))| Entry {
            number: 0,
            at,
            provider: provider.into(),
            route,
            account,
            request,
            reply,
            rule,
            changes,
            webhooks,
        },
    )
}

/// What a view says of an entry.
fn shown_alike(view: &EntryView<'_>, entry: &Entry) {
    let Entry { request, reply, .. } = entry;
    assert_eq!((view.number, view.at, view.provider), (entry.number, entry.at, &*entry.provider));
    assert_eq!(
        (view.method, view.path, view.query),
        (request.method, &*request.path, &*request.query)
    );
    assert_eq!((view.status, view.evidence), (reply.status, reply.evidence));
    assert_eq!(
        [view.route, view.account, view.rule, view.explanation],
        [
            entry.route.as_deref(),
            entry.account.as_deref(),
            entry.rule.as_deref(),
            reply.explanation.as_deref()
        ]
    );
    for (name, _) in request.headers.iter() {
        assert_eq!(view.request_header(&name.to_ascii_uppercase()), request.headers.get(name));
    }
    assert_eq!(view.request_header("no such field"), None);
    assert_eq!(view.id(), entry.id());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Against a list of the entries that were written: what is kept are its last ones, unchanged; one more would be
    /// over the bound. A document gives the same journal again.
    #[test]
    fn what_is_kept_is_the_end_of_what_was_written(
        written in vec(any_entry(), 1..30),
        bound in prop_oneof![Just(BOUND), 0_usize..40_000],
        copied in 0_usize..30,
    ) {
        let mut journal = Journal::bounded(bound);
        let mut all = VecDeque::new();
        let mut copy = None;
        for (place, mut entry) in written.into_iter().enumerate() {
            entry.number = journal.next_number();
            let before = journal.measure();
            journal.write(&entry.parts());
            all.push_back(entry);
            let (bytes, _, evicted) = journal.measure();
            prop_assert!(bytes <= bound);
            prop_assert_eq!(journal.len() as u64 + evicted, all.len() as u64);
            let alone = Journal::default();
            let weight = |entry: &Entry| {
                let mut alone = alone.clone();
                alone.write(&entry.parts());
                alone.measure().0
            };
            // Nothing went before it had to.
            let gone = usize::try_from(evicted).unwrap();
            if evicted > before.2 {
                let last = weight(&all[gone - 1]);
                prop_assert!(bytes + last > bound);
            }
            let held: usize = all.iter().skip(gone).map(weight).sum();
            prop_assert_eq!(bytes, held);
            for (view, entry) in journal.entries().zip(all.iter().skip(gone)) {
                shown_alike(&view, entry);
                prop_assert_eq!(&view.to_entry(), entry);
            }
            if place == copied {
                copy = Some((journal.clone(), kept(&journal)));
            }
        }
        if let Some((copy, then)) = copy {
            prop_assert_eq!(kept(&copy), then);
        }
        let document = serde_json::to_string(&journal).unwrap();
        let read: Journal = serde_json::from_str(&document).unwrap();
        read.settle().unwrap();
        prop_assert_eq!(read.measure(), journal.measure());
        prop_assert_eq!(kept(&read), kept(&journal));
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), document);
    }

    #[test]
    fn a_new_entry_on_its_own_is_the_entry(entry in any_entry()) {
        prop_assert_eq!(entry.parts().to_entry(), entry);
    }

    /// No bytes make reading an entry panic or go on for ever, though none but our own are ever read.
    #[test]
    fn whatever_the_bytes_are_reading_them_ends(
        entry in any_entry(),
        spoiled in vec((any::<proptest::sample::Index>(), any::<u8>()), 0..9),
        end in any::<proptest::sample::Index>(),
    ) {
        let mut bytes = Vec::new();
        entry.parts().encode(&mut bytes);
        for (place, byte) in spoiled {
            *place.get_mut(&mut bytes) = byte;
        }
        let view = EntryView::of(&bytes[..end.index(bytes.len())]);
        view.request_header("x");
        view.to_entry();
    }
}

#[test]
fn a_peer_is_of_the_family_it_was_of() {
    for peer in [Ipv4Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.to_ipv6_mapped().into()] {
        let mut entry = entry(1, 0);
        entry.request.peer = peer;
        let mut journal = Journal::default();
        journal.write(&entry.parts());
        assert_eq!(journal.newest().unwrap().to_entry().request.peer, peer);
    }
}
