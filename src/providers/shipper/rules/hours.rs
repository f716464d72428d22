//! Business hours: when a call is made, a parcel packed and handed over, and money moved, in a past that is made up.
//!
//! Inferred: the hours, and that nobody works on the day of rest, Friday in Algeria and Sunday elsewhere. The three
//! countries keep one time, an hour ahead of UTC.

use jiff::civil::Weekday;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::providers::shipper::Shipper;
use crate::providers::shipper::state::order::OrderKey;
use crate::providers::{Cx, traveller};

/// Hours of the day, and whether only from Monday to Friday.
struct Hours {
    from: i8,
    to: i8,
    on_weekdays: bool,
}

/// The hours of an input; none for what a machine does. A carrier's report comes up to four hours behind what it
/// reports, which has to lie in the day too.
fn hours(kind: &str, on: &str) -> Option<Hours> {
    let (from, to) = match (kind, on) {
        (_, "travel") => return None,
        ("contact_task", _) => (9, 20),
        ("payment", _) => (9, 17),
        (_, "pack" | "cancel") => (8, 18),
        _ => (13, 21),
    };
    Some(Hours { from, to, on_weekdays: kind == "payment" })
}

/// When the next stop of an order's journey can happen, if that is not now.
pub fn next_opening(cx: &mut Cx<'_, Shipper>, key: OrderKey) -> Option<Timestamp> {
    let (kind, _, on) = traveller::subject::<Shipper>(cx.state, key)?;
    let hours = hours(&kind, &on)?;
    let owner = cx.state.accounts.organizations.get(&key.organization)?;
    let rest = if owner.country == "DZ" { Weekday::Friday } else { Weekday::Sunday };
    let weekend = [Weekday::Saturday, Weekday::Sunday];
    let is_closed = |day: Weekday| day == rest || (hours.on_weekdays && weekend.contains(&day));
    let local = Offset::constant(1).to_datetime(cx.now);
    let (mut day, hour) = (local.date(), local.hour());
    if !is_closed(day.weekday()) && (hours.from..hours.to).contains(&hour) {
        return None;
    }
    if hour >= hours.from {
        day = day.tomorrow().ok()?;
    }
    while is_closed(day.weekday()) {
        day = day.tomorrow().ok()?;
    }
    let opens = Offset::constant(1).to_timestamp(day.at(hours.from, 0, 0, 0)).ok()?;
    // They do not all come as the door opens.
    let most = i64::from(hours.to - hours.from) * 3_600 / 2;
    let more = cx.chance.draw("shipper/business hours").below(most.unsigned_abs());
    opens.checked_add(SignedDuration::from_secs(more as i64)).ok()
}
