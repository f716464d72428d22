//! One valid call for every route of every provider, and what all routes have in common when they refuse.

mod fields;

use shipmock::internals::message::{Method, Reply, Request};
use shipmock::internals::providers::{Name, Need, field_rows, service};

use crate::harness::{Read as _, TestWorld};

/// A call that its route accepts.
#[derive(Debug)]
pub struct Valid {
    /// The verb.
    pub method: Method,
    /// The row of the route table.
    pub row: &'static str,
    /// What is called, query included.
    pub target: &'static str,
    /// The body, if the call has one: an object, or a form.
    pub body: Option<&'static str>,
    /// What it answers.
    pub status: u16,
}

impl Valid {
    /// The call, without a credential.
    pub fn request(&self) -> Request {
        let request = Request::new(self.method, self.target).with("accept", "application/json");
        match self.body {
            Some(body) if body.starts_with('{') => request.carrying("application/json", body),
            Some(body) => request.carrying("application/x-www-form-urlencoded", body),
            None => request,
        }
    }
}

macro_rules! suites {
    ($($(#[$doc:meta])* $folder:ident $provider:ident $opens:ident;)+) => {
        $(mod $folder;)+

        /// Every provider has a table of valid calls, and every row of its routes a call in it.
        pub fn calls(name: Name) -> &'static [Valid] {
            match name {
                $(Name::$provider => $folder::CALLS,)+
            }
        }
    };
}

shipmock::for_each_provider!(suites);

#[test]
fn a_valid_call_sends_nothing_that_its_endpoint_does_not_read_and_all_that_it_must() {
    for name in Name::ALL.iter().copied() {
        for call in calls(name) {
            let reading = service(name).reading(&call.request(), &Reply::empty(200)).unwrap();
            assert_eq!(reading.unread, Vec::<String>::new(), "{name} {} {}", call.method, call.row);
            let line = service(name)
                .routes()
                .into_iter()
                .find(|line| (line.method, line.path) == (call.method.word(), call.row));
            let takes = line.unwrap().takes;
            let rows = field_rows(takes);
            let must = rows.iter().filter(|row| row.field.need == Need::Must);
            let must: Vec<_> =
                must.map(|row| format!("{}.{}", row.field.place, row.path)).collect();
            let lacking: Vec<_> = reading.absent.iter().filter(|it| must.contains(it)).collect();
            assert_eq!(lacking, Vec::<&String>::new(), "{name} {} {}", call.method, call.row);
        }
    }
}

#[test]
fn a_call_that_only_reads_leaves_the_world_shared_with_the_one_it_was_forked_from() {
    for name in Name::ALL.iter().copied() {
        let prototype = TestWorld::open("small").world.clone();
        let presets = service(name).presets(prototype.providers());
        let mut read = 0;
        for call in calls(name).iter().filter(|call| call.method == Method::Get) {
            for credential in presets.credentials.keys() {
                let mut world = TestWorld::of(prototype.clone());
                let header = service(name).authorization(
                    world.world.providers(),
                    credential,
                    world.world.now(),
                );
                let (field, value) = header.unwrap();
                let before = world.holdings();
                let reply = world.call(name, call.request().with(field, value));
                // A `GET` may change something: a merchant's browser comes back with a code.
                if world.holdings() == before {
                    read += usize::from(reply.status == call.status);
                    assert!(
                        world.world.is_shared_with(&prototype),
                        "{name} {} as {credential}",
                        call.target
                    );
                }
            }
        }
        assert!(read > 0, "{name}: nothing was read");
    }
}

/// What a table of calls leaves out of a provider's routes, or has beyond them.
fn gaps(name: Name, calls: &[Valid]) -> Vec<String> {
    let routes = service(name).routes();
    let rows: Vec<String> =
        routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let called: Vec<String> =
        calls.iter().map(|call| format!("{} {}", call.method, call.row)).collect();
    let silent = rows.iter().filter(|row| !called.contains(row));
    let stray = called.iter().filter(|call| !rows.contains(call));
    silent
        .map(|row| format!("{name} {row} has no valid call"))
        .chain(stray.map(|call| format!("{name} {call} is no route")))
        .collect()
}

#[test]
fn every_route_has_a_valid_call_and_every_call_a_route() {
    for name in Name::ALL {
        assert_eq!(gaps(*name, calls(*name)), Vec::<String>::new());
    }
}

#[test]
fn a_route_without_a_call_and_a_call_without_a_route_are_found() {
    let all = calls(Name::Shipper);
    let found = gaps(Name::Shipper, &all[1..]);
    assert_eq!(found, [format!("shipper {} {} has no valid call", all[0].method, all[0].row)]);
    let stray = Valid { method: Method::Put, row: "/x", target: "/x", body: None, status: 200 };
    assert!(gaps(Name::Shipper, &[stray]).contains(&"shipper PUT /x is no route".to_owned()));
}

/// Makes a call that may be refused. A refusal says how it is known and why it came, stands in the journal, and has
/// left everything as it was; nothing is ever answered with a 5xx.
pub fn try_out(world: &mut TestWorld, name: Name, request: Request) -> Reply {
    let told = format!(
        "{} {}?{} {}",
        request.method,
        request.path,
        request.query,
        request.body.text().chars().take(300).collect::<String>()
    );
    let before = world.holdings();
    let reply = world.call(name, request);
    assert!(reply.status < 500, "{told}: {}", reply.wire());
    if reply.status >= 400 {
        assert!(world.holdings() == before, "{told}: refused with {}, but changed", reply.status);
        assert!(reply.explanation.is_some(), "{told}: {} is not explained", reply.status);
        assert_eq!(reply.header("X-Shipmock-Evidence"), Some(reply.evidence.word()), "{told}");
        let id = reply.header("X-Shipmock-Request").unwrap();
        let entry = world.world.journal().find(id).unwrap().to_entry();
        assert_eq!(entry.reply, reply, "{told}");
        assert!(entry.changes.is_empty(), "{told}");
    }
    reply
}
