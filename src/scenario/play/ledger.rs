//! Webhook and journal assertions: the ledger of webhooks and the journal of calls, held against what a scenario
//! expects of them.

use serde_json::Value;

use crate::kit::text::{counted, excerpt, glob};
use crate::message::Body;
use crate::providers::{self, Name};
use crate::scenario::matching::pairs;
use crate::scenario::play::answers::{Difference, differs};
use crate::scenario::play::stage::PlayState;
use crate::scenario::steps::{Calls, Hooks, WebhookExpectation};
use crate::scenario::trail::Trail;
use crate::scenario::transcript;
use crate::sim::journal::EntryView;
use crate::sim::webhook::outbox::Delivery;
use crate::world::World;

/// The longest body that is repeated.
const WIDTH: usize = 300;

/// The webhooks since the last look must be these.
pub(super) fn webhooks(stage: &mut PlayState<'_>, trail: &Trail, hooks: &Hooks) {
    let world = &stage.world;
    let sent = world.outbox().after(stage.looked_at);
    let sent: Vec<Delivery> = sent.cloned().collect();
    let differences: Vec<Vec<Vec<Difference>>> = hooks
        .are
        .iter()
        .map(|wanted| sent.iter().map(|delivery| unlike(world, wanted, delivery)).collect())
        .collect();
    let meets = |wish: usize, find: usize| {
        differences.get(wish).and_then(|row| row.get(find)).is_some_and(Vec::is_empty)
    };
    let given = if hooks.in_order {
        in_order(hooks.are.len(), sent.len(), meets)
    } else {
        pairs(hooks.are.len(), sent.len(), meets)
    };
    let count = given.iter().flatten().count();
    stage.transcript.line(&format!(
        "webhooks: {count} of {} expected, {} sent",
        hooks.are.len(),
        sent.len()
    ));
    let list = |place: usize| {
        if hooks.is_long { trail.key("are").index(place) } else { trail.index(place) }
    };
    for (wish, _) in given.iter().enumerate().filter(|(_, find)| find.is_none()) {
        // The nearest of those that nobody else has.
        let free = differences
            .get(wish)
            .into_iter()
            .flat_map(|row| row.iter().zip(&sent).enumerate())
            .filter(|(place, _)| !given.contains(&Some(*place)));
        let nearest = free.min_by_key(|(_, (unlike, _))| unlike.len());
        let message = match nearest {
            Some((_, (unlike, delivery))) if !unlike.is_empty() => {
                let told: Vec<&str> = unlike.iter().map(|(_, told)| told.as_str()).collect();
                format!("no such webhook was sent; of {}, {}", delivery.id(), told.join("; "))
            }
            Some(_) => "such a webhook was sent, but not in this order".to_owned(),
            None if sent.is_empty() => "no webhook was sent".to_owned(),
            None => "no further webhook was sent".to_owned(),
        };
        let at = nearest.and_then(|(_, (unlike, _))| unlike.first()).map(|(at, _)| at.clone());
        let came = nearest.map(|(_, (_, delivery))| shown(delivery));
        stage.fail_with(&list(wish).join(&at.unwrap_or_default()), message, came);
    }
    for (place, delivery) in sent.iter().enumerate() {
        if hooks.exactly && !given.contains(&Some(place)) {
            let message = format!("a webhook was sent that is not expected: {}", delivery.event);
            stage.fail_with(trail, message, Some(shown(delivery)));
        }
    }
    stage.looked_at = stage.last_delivery();
}

fn shown(delivery: &Delivery) -> String {
    let body = delivery.body.text();
    format!("{}: {}", transcript::attempt(delivery), excerpt(&body, WIDTH))
}

/// The finds of wishes that must come one after the other.
fn in_order(
    wishes: usize,
    finds: usize,
    meets: impl Fn(usize, usize) -> bool,
) -> Vec<Option<usize>> {
    let mut next = 0;
    (0..wishes)
        .map(|wish| {
            let found = (next..finds).find(|find| meets(wish, *find))?;
            next = found + 1;
            Some(found)
        })
        .collect()
}

/// What keeps a delivery from being a webhook that is looked for, in sentences.
pub fn webhook_unlike(
    world: &World,
    wanted: &WebhookExpectation,
    delivery: &Delivery,
) -> Vec<String> {
    unlike(world, wanted, delivery).into_iter().map(|(_, told)| told).collect()
}

fn unlike(world: &World, wanted: &WebhookExpectation, delivery: &Delivery) -> Vec<Difference> {
    let mut found = Vec::new();
    let at = |key: &str| Trail::default().key(key);
    if let Some(event) = wanted.event.as_ref().filter(|event| **event != *delivery.event) {
        found.push((at("event"), format!("the event is {}, expected {event}", delivery.event)));
    }
    let body = parsed(&delivery.body);
    for (place, test) in wanted.json.iter() {
        let what = format!("`{}`", place.text());
        differs(&mut found, at("json").key(place.text()), &what, test, place.first(&body));
    }
    for (name, test) in &wanted.headers {
        let value = delivery.headers.get(name).map(Value::from);
        let what = format!("the header `{name}`");
        differs(&mut found, at("headers").key(name), &what, test, value.as_ref());
    }
    if let Some(test) = &wanted.url {
        differs(
            &mut found,
            at("url"),
            "the address",
            test,
            Some(&Value::from(delivery.url.as_str())),
        );
    }
    if let Some(state) = wanted.state.filter(|state| *state != delivery.state()) {
        found.push((at("state"), format!("it is {}, expected {state}", delivery.state())));
    }
    if let Some(test) = &wanted.attempts {
        differs(
            &mut found,
            at("attempts"),
            "the number of tries",
            test,
            Some(&delivery.tried().into()),
        );
    }
    if let Some(test) = &wanted.weather {
        let rule = delivery.weather.as_ref().map(|weather| Value::from(weather.rule.as_str()));
        differs(&mut found, at("weather"), "its weather", test, rule.as_ref());
    }
    if let Some(signed) = wanted.signed {
        let service = Name::of(&delivery.provider).map(providers::service);
        let holds = service.and_then(|it| it.signature_holds(world.providers(), delivery));
        let message = match (signed, holds) {
            (true, None) => "it is not signed: its subscription has no secret, or is gone",
            (true, Some(false)) => "its signature is wrong",
            (false, Some(true)) => "it is rightly signed",
            (true, Some(true)) | (false, None | Some(false)) => "",
        };
        if !message.is_empty() {
            found.push((at("signed"), message.to_owned()));
        }
    }
    found
}

fn parsed(body: &Body) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

/// These calls must have come.
pub(super) fn requests(stage: &mut PlayState<'_>, trail: &Trail, list: &[Calls]) {
    let entries = stage.world.journal().len();
    let (expected, came) = (counted(list.len(), "expectation"), counted(entries, "call"));
    stage.transcript.line(&format!("requests: {expected}, {came}"));
    for (place, wanted) in list.iter().enumerate() {
        let count = stage.world.journal().entries().filter(|it| fits(wanted, it)).count();
        let as_expected = match &wanted.count {
            None => count > 0,
            Some(test) => test.passes(Some(&count.into())),
        };
        if !as_expected {
            let expected =
                wanted.count.as_ref().map_or("at least 1".to_owned(), ToString::to_string);
            let is = if count == 1 { "is" } else { "are" };
            let message = format!("{} {is} like this, expected {expected}", counted(count, "call"));
            let at = trail.index(place);
            stage.fail(&if wanted.count.is_some() { at.key("count") } else { at }, message);
        }
    }
}

fn fits(wanted: &Calls, entry: &EntryView<'_>) -> bool {
    wanted.provider.is_none_or(|provider| entry.provider == provider.word())
        && wanted.method.is_none_or(|method| entry.method == method)
        && wanted
            .path
            .as_ref()
            .is_none_or(|pattern| glob(pattern, &format!("/{}{}", entry.provider, entry.path)))
        && wanted.status.as_ref().is_none_or(|test| test.passes(Some(&entry.status.into())))
        && wanted.evidence.is_none_or(|evidence| entry.evidence == evidence)
        && wanted.account.as_ref().is_none_or(|test| test.passes_text(entry.account))
        && wanted.rule.as_ref().is_none_or(|test| test.passes_text(entry.rule))
}
