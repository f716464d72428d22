//! The ready-made scenarios, embedded: the files of `scenarios/`, each under its path without extension.

use crate::kit::text::did_you_mean;
use crate::scenario::Diagnostic;

/// Name and YAML. A test holds the table against the folder.
#[rustfmt::skip]
pub(super) const READY_MADE: &[(&str, &str)] = &[
    ("default",                               include_str!("../../scenarios/default.yaml")),
    ("load",                                  include_str!("../../scenarios/load.yaml")),
    ("empty",                                 include_str!("../../scenarios/empty.yaml")),
    ("shipper/cancel-after-shipping",         include_str!("../../scenarios/shipper/cancel-after-shipping.yaml")),
    ("shipper/draft-order-null-status",       include_str!("../../scenarios/shipper/draft-order-null-status.yaml")),
    ("shipper/key-revoked-midway",            include_str!("../../scenarios/shipper/key-revoked-midway.yaml")),
    ("shipper/percent-10-date",               include_str!("../../scenarios/shipper/percent-10-date.yaml")),
    ("shipper/phone-rewritten",               include_str!("../../scenarios/shipper/phone-rewritten.yaml")),
    ("shipper/rate-limited",                  include_str!("../../scenarios/shipper/rate-limited.yaml")),
    ("shipper/webhook-deleted-while-waiting", include_str!("../../scenarios/shipper/webhook-deleted-while-waiting.yaml")),
    ("shipper/webhook-outage",                include_str!("../../scenarios/shipper/webhook-outage.yaml")),
    ("shiplee/allow-lists",                    include_str!("../../scenarios/shiplee/allow-lists.yaml")),
    ("shiplee/carrier-refuses",                include_str!("../../scenarios/shiplee/carrier-refuses.yaml")),
    ("shiplee/double-booking",                 include_str!("../../scenarios/shiplee/double-booking.yaml")),
    ("shiplee/fields",                         include_str!("../../scenarios/shiplee/fields.yaml")),
    ("shiplee/lives",                          include_str!("../../scenarios/shiplee/lives.yaml")),
    ("shiplee/login-names",                    include_str!("../../scenarios/shiplee/login-names.yaml")),
    ("shiplee/rates-and-carriers",             include_str!("../../scenarios/shiplee/rates-and-carriers.yaml")),
    ("shiplee/reverse-numeric-id",             include_str!("../../scenarios/shiplee/reverse-numeric-id.yaml")),
    ("shiplee/token-hour",                     include_str!("../../scenarios/shiplee/token-hour.yaml")),
    ("shiplee/upstream-page",                  include_str!("../../scenarios/shiplee/upstream-page.yaml")),
    ("shiplee/wallet-below-500",               include_str!("../../scenarios/shiplee/wallet-below-500.yaml")),
    ("shiplee/warehouse-ids",                  include_str!("../../scenarios/shiplee/warehouse-ids.yaml")),
    ("shipup/batch",                          include_str!("../../scenarios/shipup/batch.yaml")),
    ("shipup/cancellations",                  include_str!("../../scenarios/shipup/cancellations.yaml")),
    ("shipup/ends-of-journeys",               include_str!("../../scenarios/shipup/ends-of-journeys.yaml")),
    ("shipup/flat-trackers",                  include_str!("../../scenarios/shipup/flat-trackers.yaml")),
    ("shipup/items-move",                     include_str!("../../scenarios/shipup/items-move.yaml")),
    ("shipup/keys",                           include_str!("../../scenarios/shipup/keys.yaml")),
    ("shipup/known-shop",                     include_str!("../../scenarios/shipup/known-shop.yaml")),
    ("shipup/lists",                          include_str!("../../scenarios/shipup/lists.yaml")),
    ("shipup/notifications",                  include_str!("../../scenarios/shipup/notifications.yaml")),
    ("shipup/rate-limited",                   include_str!("../../scenarios/shipup/rate-limited.yaml")),
    ("shipup/same-number",                    include_str!("../../scenarios/shipup/same-number.yaml")),
    ("shipup/validation",                     include_str!("../../scenarios/shipup/validation.yaml")),
    ("shipup/webhook-outage",                 include_str!("../../scenarios/shipup/webhook-outage.yaml")),
];

/// What a diagnostic says of a name that is none of these. The worlds are listed, and whatever is near.
pub(super) fn among(wrong: Diagnostic, given: &str) -> Diagnostic {
    let names = || READY_MADE.iter().map(|(name, _)| *name);
    let mut wrong = wrong.among(given, names().filter(|name| !name.contains('/')));
    let short = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let near = did_you_mean(given, names())
        .or_else(|| names().find(|name| short(name) == given))
        .or_else(|| {
            let near = did_you_mean(given, names().map(short))?;
            names().find(|name| short(name) == near)
        });
    wrong.hint.did_you_mean = near.map(str::to_owned);
    wrong
}
