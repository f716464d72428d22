//! The outbox: what becomes ready, in which order it goes out, and what follows from a report.

use jiff::{SignedDuration, Timestamp};

use crate::message::{Body, Headers};
use crate::sim::webhook::delivery::KEPT;
use crate::sim::webhook::outbox::{
    DeliveryState, Next, Outbox, Outcome, OutgoingAttempt, Overtakers, Retry, SUCCESS, Webhook,
};

fn webhook(url: &str) -> Webhook {
    const WAITS: &[SignedDuration] =
        &[SignedDuration::from_secs(10), SignedDuration::from_secs(100)];
    Webhook {
        subscription: "1".into(),
        event: "topic".into(),
        url: url.into(),
        headers: Headers::default(),
        body: Body::from("{}"),
        retry: Retry {
            timeout: SignedDuration::from_secs(3),
            waits: WAITS.into(),
            accepted: SUCCESS,
        },
    }
}

#[test]
fn three_tries_then_failed() {
    let now = Timestamp::UNIX_EPOCH;
    let mut outbox = Outbox::default();
    let number = outbox.promise("any", webhook("http://127.0.0.1:1/"), now);
    let mut at = now;
    for wait in [Some(10), Some(100), None] {
        assert_eq!(outbox.take(now).len(), 1);
        assert!(outbox.take(now).is_empty());
        let (_, next) = outbox.report(number, &Outcome::Answered(500), at).unwrap();
        match wait {
            Some(wait) => {
                at += SignedDuration::from_secs(wait);
                assert_eq!(next, Next::Again(at));
                outbox.retry(number, at);
            }
            None => assert_eq!(next, Next::Settled),
        }
    }
    let delivery = outbox.find("d1").unwrap();
    assert_eq!((delivery.state(), delivery.attempts.len()), (DeliveryState::Failed, 3));
}

#[test]
fn a_body_that_counts_its_tries_differs_in_nothing_else() {
    let now = Timestamp::UNIX_EPOCH;
    let mut outbox = Outbox::default();
    let body = r#"{"id":1,"tried":0,"data":{"tried":9,"x":1.50}}"#;
    let webhook = Webhook { body: Body::from(body), ..webhook("http://127.0.0.1:1/") };
    let number = outbox.promise("any", webhook, now);
    outbox.count_attempts(number, "tried");
    for tried in 0..3 {
        let attempt = outbox.take(now).pop().unwrap();
        let expected = body.replacen("\"tried\":0", &format!("\"tried\":{tried}"), 1);
        assert_eq!(attempt.body.text(), expected);
        assert_eq!(outbox.find("d1").unwrap().body.text(), expected);
        outbox.report(number, &Outcome::Answered(500), now);
        outbox.retry(number, now);
    }
}

#[test]
fn a_cancelled_delivery_is_not_tried_again_and_a_foreign_host_is_only_captured() {
    let now = Timestamp::UNIX_EPOCH;
    let mut outbox = Outbox::default();
    let number = outbox.promise("any", webhook("http://localhost:1/"), now);
    assert_eq!(outbox.take(now).len(), 1);
    outbox.cancel("any", "1", now);
    let (delivery, next) = outbox.report(number, &Outcome::Failed("refused".into()), now).unwrap();
    assert_eq!((delivery.state(), next), (DeliveryState::Cancelled, Next::Settled));
    outbox.promise("any", webhook("https://mystore.com/"), now);
    assert!(!outbox.has_ready_attempts());
    assert_eq!(outbox.find("d2").unwrap().state(), DeliveryState::Captured);
}

#[test]
fn what_is_kept_back_goes_out_behind_the_one_that_overtakes_it() {
    let now = Timestamp::UNIX_EPOCH;
    let mut outbox = Outbox::default();
    let put = |outbox: &mut Outbox, subscription: &str| {
        let webhook = webhook("http://127.0.0.1:1/");
        outbox.put("any", Webhook { subscription: subscription.into(), ..webhook }, now)
    };
    let (first, second, other, third) = (
        put(&mut outbox, "1"),
        put(&mut outbox, "1"),
        put(&mut outbox, "2"),
        put(&mut outbox, "1"),
    );
    assert_eq!(outbox.new_deliveries(), [first, second, other, third]);
    assert!(!outbox.has_ready_attempts(), "nothing goes out before the webhook rules were asked");
    outbox.hold(first, Some(Overtakers { left: 2, topic: None }), now);
    outbox.hold(second, Some(Overtakers { left: 1, topic: Some("topic".into()) }), now);
    outbox.make_ready(other, now);
    outbox.make_ready(third, now);
    let order: Vec<u64> = outbox.take(now).iter().map(|attempt| attempt.delivery).collect();
    // The second, overtaken by the third, overtakes the first in turn.
    assert_eq!(order, [other, third, second, first]);
    outbox.release(first, now);
    assert!(!outbox.has_ready_attempts(), "what went out is not released once more");
}

#[test]
fn what_a_reply_waits_for_is_taken_alone_and_what_is_lost_is_never_taken() {
    let now = Timestamp::UNIX_EPOCH;
    let mut outbox = Outbox::default();
    let [usual, early, lost] =
        [(); 3].map(|()| outbox.put("any", webhook("http://127.0.0.1:1/"), now));
    outbox.lose(lost, now, "lost".into());
    outbox.make_ready(usual, now);
    outbox.make_ready_before_reply(early, now);
    outbox.make_ready(lost, now);
    let taken = |attempts: Vec<OutgoingAttempt>| -> Vec<u64> {
        attempts.iter().map(|attempt| attempt.delivery).collect()
    };
    assert_eq!(taken(outbox.take_before_reply(now)), [early]);
    assert_eq!(taken(outbox.take(now)), [usual]);
    assert_eq!(outbox.find("d3").unwrap().state(), DeliveryState::Dropped);
}

/// The outbox as a document, and read back.
fn read_back(outbox: &Outbox) -> Result<Outbox, String> {
    let document = serde_json::to_string(outbox).unwrap();
    let mut read: Outbox = serde_json::from_str(&document).unwrap();
    read.settle().map(|()| read)
}

#[test]
fn the_index_follows_from_the_deliveries() {
    let now = Timestamp::UNIX_EPOCH;
    let mut outbox = Outbox::default();
    let here = || webhook("http://127.0.0.1:1/");
    let all = [(); 8].map(|()| outbox.put("any", here(), now));
    let [held, ready, early, sent, withdrawn, waiting, done, _new] = all;
    outbox.hold(held, Some(Overtakers { left: 9, topic: None }), now);
    [sent, withdrawn, waiting, done].iter().for_each(|number| outbox.make_ready(*number, now));
    assert_eq!(outbox.take(now).len(), 4);
    outbox.report(waiting, &Outcome::Answered(500), now);
    outbox.report(done, &Outcome::Answered(200), now);
    outbox.make_ready(ready, now);
    outbox.make_ready_before_reply(early, now);
    outbox.promise("any", webhook("https://mystore.com/"), now);
    assert_eq!(read_back(&outbox).unwrap(), outbox);
    outbox.cancel("other", "1", now);
    assert_eq!(outbox.find("d1").unwrap().state(), DeliveryState::Pending);
    outbox.cancel("any", "1", now);
    assert_eq!(read_back(&outbox).unwrap(), outbox);
    let states = |outbox: &Outbox| -> Vec<&str> {
        outbox.deliveries().map(|delivery| delivery.phase().word()).collect()
    };
    let cancelled = "cancelled";
    assert_eq!(
        states(&outbox),
        [
            cancelled,
            cancelled,
            cancelled,
            "withdrawn",
            "withdrawn",
            cancelled,
            "delivered",
            cancelled,
            "captured"
        ]
    );
    outbox.report(sent, &Outcome::Answered(500), now);
    outbox.recall(now);
    assert!(!outbox.has_attempts_in_flight() && !outbox.has_ready_attempts());
    assert_eq!(read_back(&outbox).unwrap(), outbox);
}

#[test]
fn what_is_recalled_goes_out_before_what_became_ready_later() {
    let now = Timestamp::UNIX_EPOCH;
    let mut outbox = Outbox::default();
    let numbers = [(); 3].map(|()| outbox.put("any", webhook("http://127.0.0.1:1/"), now));
    let [first, second, third] = numbers;
    outbox.make_ready(second, now);
    outbox.make_ready(first, now);
    outbox.take(now);
    outbox.make_ready(third, now);
    outbox.recall(now);
    let order: Vec<u64> = outbox.take(now).iter().map(|attempt| attempt.delivery).collect();
    assert_eq!(order, [second, first, third]);
    assert!(outbox.redeliver("d1", now).is_some() && !outbox.has_ready_attempts());
}

#[test]
fn what_changed_since_a_mark_is_told_without_a_look_at_the_rest() {
    let now = Timestamp::UNIX_EPOCH;
    let mut outbox = Outbox::default();
    let changed = |outbox: &Outbox, mark| -> Vec<u64> {
        outbox.changed_since(mark).iter().map(|delivery| delivery.number).collect()
    };
    let numbers = [(); 3].map(|()| outbox.promise("any", webhook("http://127.0.0.1:1/"), now));
    assert_eq!(changed(&outbox, 0), numbers);
    let mark = outbox.mark();
    // On its way is no news: the ledger prints the same.
    outbox.take(now);
    assert_eq!(changed(&outbox, mark).len(), 0);
    outbox.report(numbers[2], &Outcome::Answered(500), now);
    outbox.report(numbers[0], &Outcome::Answered(200), now);
    assert_eq!(changed(&outbox, mark), [numbers[0], numbers[2]]);
    let later = outbox.mark();
    let new = outbox.promise("any", webhook("https://mystore.com/"), now);
    assert_eq!(changed(&outbox, later), [new]);
    assert_eq!(changed(&outbox, outbox.mark()).len(), 0);
}

#[test]
fn a_delivery_keeps_its_last_attempts_their_count_and_its_retries() {
    let now = Timestamp::UNIX_EPOCH;
    let mut outbox = Outbox::default();
    let number = outbox.promise("any", webhook("http://127.0.0.1:1/"), now);
    for _ in 0..3 * KEPT {
        assert_eq!(outbox.take(now).len(), 1);
        outbox.report(number, &Outcome::Answered(200), now);
        outbox.redeliver("d1", now);
    }
    let delivery = outbox.get(number).unwrap();
    assert_eq!((delivery.attempts.len(), delivery.tried()), (KEPT, 3 * KEPT as u32));
    assert_eq!(delivery.attempts.last().unwrap().number, delivery.tried());
    assert!(delivery.history().len() <= 3 * KEPT);
    assert_eq!(read_back(&outbox).unwrap(), outbox);
    // No wait is left for an attempt of that number, whatever is still kept of it.
    assert_eq!(outbox.take(now).len(), 1);
    let (delivery, next) = outbox.report(number, &Outcome::Answered(500), now).unwrap();
    assert_eq!((delivery.state(), next), (DeliveryState::Failed, Next::Settled));
}
