//! The calls of a scenario against another server: a second instance of ours has no differences but planted ones.

use std::collections::BTreeMap;

use shipmock::internals::providers::Name;
use shipmock::internals::scenario::{self, Compared, PlayOptions};
use shipmock::internals::server::RemoteServer;
use shipmock::internals::sim::webhook::egress::Url;

use super::wire::Local;

/// Plays a ready-made scenario here and on a server.
fn compare(name: &str, server: &Local) -> Compared {
    let place =
        |name: &Name| (*name, Url::of(&format!("http://{}/{name}", server.address)).unwrap());
    let places: BTreeMap<_, _> = Name::ALL.iter().map(place).collect();
    let mut elsewhere = RemoteServer::new(places, BTreeMap::new()).unwrap();
    let scenario = scenario::ready(name).unwrap().unwrap();
    scenario::against(&scenario, PlayOptions::default(), &mut elsewhere)
}

fn serving(name: &str) -> Local {
    Local::with(|options| options.scenario = name.to_owned())
}

#[test]
fn a_second_instance_of_itself_has_no_differences() {
    for name in ["shipper/rate-limited", "shiplee/domain-not-allowed", "shiplee/double-booking"] {
        let compared = compare(name, &serving(name));
        assert!(compared.calls >= 3, "{name}: {compared:?}");
        assert_eq!(compared.played.failures, [], "{name}");
    }
}

#[test]
fn what_only_a_simulator_can_do_is_left_out_and_told() {
    let compared = compare("shipper/rate-limited", &serving("shipper/rate-limited"));
    let skipped: Vec<_> = compared.skipped.iter().map(|(what, count)| (&**what, *count)).collect();
    assert_eq!(skipped, [("advance", 3), ("requests", 1)]);
}

#[test]
fn a_planted_difference_is_found() {
    let server = serving("shipper/percent-10-date");
    for (rule, told) in [
        (r#"{"status":503}"#, "the status is 422 here and 503 there"),
        (
            r#"{"status":422,"text":"x"}"#,
            "the media type is `application/json` here and `text/plain` there",
        ),
        (r#"{"status":422,"json":{"message":"no","errors":[]}}"#, "there, "),
    ] {
        let rule = format!(
            r#"{{"name":"planted","on":"GET /shipper/api/v1/orders","first":1,"then":{rule}}}"#
        );
        assert_eq!(server.call("POST /_shipmock/rules", &[], &rule).status, 201);
        let compared = compare("shipper/percent-10-date", &server);
        let failures: Vec<_> =
            compared.played.failures.iter().map(|it| it.diagnostic.message.clone()).collect();
        assert!(failures.iter().any(|it| it.contains(told)), "{told}: {failures:?}");
        assert!(
            !compare("shipper/percent-10-date", &server)
                .played
                .failures
                .iter()
                .any(|it| it.step == 1)
        );
    }
}

#[test]
fn a_server_that_is_not_there_is_a_difference_with_a_reason() {
    let server = serving("shipper/percent-10-date");
    let address = server.address;
    server.stop();
    let place = Url::of(&format!("http://{address}/shipper")).unwrap();
    let places = BTreeMap::from([(Name::Shipper, place)]);
    let mut elsewhere = RemoteServer::new(places, BTreeMap::new()).unwrap();
    let scenario = scenario::ready("shipper/percent-10-date").unwrap().unwrap();
    let compared = scenario::against(&scenario, PlayOptions::default(), &mut elsewhere);
    let first = &compared.played.failures[0].diagnostic.message;
    assert!(first.starts_with("there is no answer: connection refused"), "{first}");
}
