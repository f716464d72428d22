//! The ready-made scenarios, embedded: the files of `scenarios/`, each under its path without extension.

use crate::kit::text::did_you_mean;
use crate::scenario::Diagnostic;

/// Name and YAML. A test holds the table against the folder.
#[rustfmt::skip]
pub(super) const READY_MADE: &[(&str, &str)] = &[
    ("default",                                      include_str!("../../scenarios/default.yaml")),
    ("load",                                         include_str!("../../scenarios/load.yaml")),
    ("empty",                                        include_str!("../../scenarios/empty.yaml")),
    ("shipper/cancel-after-shipping",                include_str!("../../scenarios/shipper/cancel-after-shipping.yaml")),
    ("shipper/cancel-racing-packaging",              include_str!("../../scenarios/shipper/cancel-racing-packaging.yaml")),
    ("shipper/client-of-the-wrong-shape",            include_str!("../../scenarios/shipper/client-of-the-wrong-shape.yaml")),
    ("shipper/created-with-only-an-id",              include_str!("../../scenarios/shipper/created-with-only-an-id.yaml")),
    ("shipper/division-names",                       include_str!("../../scenarios/shipper/division-names.yaml")),
    ("shipper/draft-order-null-status",              include_str!("../../scenarios/shipper/draft-order-null-status.yaml")),
    ("shipper/end-date-includes-the-day",            include_str!("../../scenarios/shipper/end-date-includes-the-day.yaml")),
    ("shipper/failure-without-reason",               include_str!("../../scenarios/shipper/failure-without-reason.yaml")),
    ("shipper/filter-by-shipment-status",            include_str!("../../scenarios/shipper/filter-by-shipment-status.yaml")),
    ("shipper/four-error-shapes",                    include_str!("../../scenarios/shipper/four-error-shapes.yaml")),
    ("shipper/impossible-date",                      include_str!("../../scenarios/shipper/impossible-date.yaml")),
    ("shipper/impossible-date-rolls-over",           include_str!("../../scenarios/shipper/impossible-date-rolls-over.yaml")),
    ("shipper/key-revoked-midway",                   include_str!("../../scenarios/shipper/key-revoked-midway.yaml")),
    ("shipper/loose-and-strict-types",               include_str!("../../scenarios/shipper/loose-and-strict-types.yaml")),
    ("shipper/malformed-json",                       include_str!("../../scenarios/shipper/malformed-json.yaml")),
    ("shipper/missing-accept",                       include_str!("../../scenarios/shipper/missing-accept.yaml")),
    ("shipper/missing-accept-redirects",             include_str!("../../scenarios/shipper/missing-accept-redirects.yaml")),
    ("shipper/money-in-three-shapes",                include_str!("../../scenarios/shipper/money-in-three-shapes.yaml")),
    ("shipper/name-split",                           include_str!("../../scenarios/shipper/name-split.yaml")),
    ("shipper/nested-validation-errors",             include_str!("../../scenarios/shipper/nested-validation-errors.yaml")),
    ("shipper/no-confirmation-stats",                include_str!("../../scenarios/shipper/no-confirmation-stats.yaml")),
    ("shipper/own-journeys",                           include_str!("../../scenarios/shipper/own-journeys.yaml")),
    ("shipper/page-past-the-end",                    include_str!("../../scenarios/shipper/page-past-the-end.yaml")),
    ("shipper/paid-at-once",                           include_str!("../../scenarios/shipper/paid-at-once.yaml")),
    ("shipper/paid-without-delivered",               include_str!("../../scenarios/shipper/paid-without-delivered.yaml")),
    ("shipper/partial-delivery-and-return",          include_str!("../../scenarios/shipper/partial-delivery-and-return.yaml")),
    ("shipper/per-page-refused",                     include_str!("../../scenarios/shipper/per-page-refused.yaml")),
    ("shipper/percent-10-date",                      include_str!("../../scenarios/shipper/percent-10-date.yaml")),
    ("shipper/phone-rewritten",                      include_str!("../../scenarios/shipper/phone-rewritten.yaml")),
    ("shipper/plus-between-date-and-time",           include_str!("../../scenarios/shipper/plus-between-date-and-time.yaml")),
    ("shipper/plus-between-date-and-time-refused",   include_str!("../../scenarios/shipper/plus-between-date-and-time-refused.yaml")),
    ("shipper/product-performance-without-pages",    include_str!("../../scenarios/shipper/product-performance-without-pages.yaml")),
    ("shipper/rate-headers-everywhere",              include_str!("../../scenarios/shipper/rate-headers-everywhere.yaml")),
    ("shipper/rate-headers-missing",                 include_str!("../../scenarios/shipper/rate-headers-missing.yaml")),
    ("shipper/rate-limited",                         include_str!("../../scenarios/shipper/rate-limited.yaml")),
    ("shipper/rate-limited-in-each-group",           include_str!("../../scenarios/shipper/rate-limited-in-each-group.yaml")),
    ("shipper/rate-limited-while-cancelling",        include_str!("../../scenarios/shipper/rate-limited-while-cancelling.yaml")),
    ("shipper/raw-plus-in-offset",                   include_str!("../../scenarios/shipper/raw-plus-in-offset.yaml")),
    ("shipper/required-division-left-out",           include_str!("../../scenarios/shipper/required-division-left-out.yaml")),
    ("shipper/returned-after-delivered",             include_str!("../../scenarios/shipper/returned-after-delivered.yaml")),
    ("shipper/same-id-in-two-organizations",         include_str!("../../scenarios/shipper/same-id-in-two-organizations.yaml")),
    ("shipper/shared-rate-bucket",                   include_str!("../../scenarios/shipper/shared-rate-bucket.yaml")),
    ("shipper/sixth-webhook",                        include_str!("../../scenarios/shipper/sixth-webhook.yaml")),
    ("shipper/tracking-logs",                        include_str!("../../scenarios/shipper/tracking-logs.yaml")),
    ("shipper/unknown-product",                      include_str!("../../scenarios/shipper/unknown-product.yaml")),
    ("shipper/unknown-product-breaks",               include_str!("../../scenarios/shipper/unknown-product-breaks.yaml")),
    ("shipper/variants-ordered-by-product",          include_str!("../../scenarios/shipper/variants-ordered-by-product.yaml")),
    ("shipper/variants-required",                    include_str!("../../scenarios/shipper/variants-required.yaml")),
    ("shipper/webhook-deleted-while-waiting",        include_str!("../../scenarios/shipper/webhook-deleted-while-waiting.yaml")),
    ("shipper/webhook-late-and-twice",               include_str!("../../scenarios/shipper/webhook-late-and-twice.yaml")),
    ("shipper/webhook-outage",                       include_str!("../../scenarios/shipper/webhook-outage.yaml")),
    ("shipper/webhook-receiver-slow-or-redirecting", include_str!("../../scenarios/shipper/webhook-receiver-slow-or-redirecting.yaml")),
    ("shipper/webhook-registration-refused",         include_str!("../../scenarios/shipper/webhook-registration-refused.yaml")),
    ("shipper/webhook-signature",                    include_str!("../../scenarios/shipper/webhook-signature.yaml")),
    ("shipper/webhook-weather",                        include_str!("../../scenarios/shipper/webhook-weather.yaml")),
    ("shipper/webhook-without-secret",               include_str!("../../scenarios/shipper/webhook-without-secret.yaml")),
    ("shipper/whole-percentages",                    include_str!("../../scenarios/shipper/whole-percentages.yaml")),
    ("shiplee/billing-address",                      include_str!("../../scenarios/shiplee/billing-address.yaml")),
    ("shiplee/booked-but-answer-lost",               include_str!("../../scenarios/shiplee/booked-but-answer-lost.yaml")),
    ("shiplee/carrier-named-letter-for-letter",      include_str!("../../scenarios/shiplee/carrier-named-letter-for-letter.yaml")),
    ("shiplee/carrier-refuses",                      include_str!("../../scenarios/shiplee/carrier-refuses.yaml")),
    ("shiplee/carrier-throttles-rates",              include_str!("../../scenarios/shiplee/carrier-throttles-rates.yaml")),
    ("shiplee/cash-on-delivery-carriers",            include_str!("../../scenarios/shiplee/cash-on-delivery-carriers.yaml")),
    ("shiplee/domain-not-allowed",                   include_str!("../../scenarios/shiplee/domain-not-allowed.yaml")),
    ("shiplee/double-booking",                       include_str!("../../scenarios/shiplee/double-booking.yaml")),
    ("shiplee/failed-attempt-then-delivered",        include_str!("../../scenarios/shiplee/failed-attempt-then-delivered.yaml")),
    ("shiplee/failed-with-status-200",               include_str!("../../scenarios/shiplee/failed-with-status-200.yaml")),
    ("shiplee/inactive-warehouse",                   include_str!("../../scenarios/shiplee/inactive-warehouse.yaml")),
    ("shiplee/ip-not-allowed",                       include_str!("../../scenarios/shiplee/ip-not-allowed.yaml")),
    ("shiplee/ip-removed-while-token-lives",         include_str!("../../scenarios/shiplee/ip-removed-while-token-lives.yaml")),
    ("shiplee/login-names",                          include_str!("../../scenarios/shiplee/login-names.yaml")),
    ("shiplee/merchant-reference-is-no-order-id",    include_str!("../../scenarios/shiplee/merchant-reference-is-no-order-id.yaml")),
    ("shiplee/mobile-forms",                         include_str!("../../scenarios/shiplee/mobile-forms.yaml")),
    ("shiplee/no-waybill",                           include_str!("../../scenarios/shiplee/no-waybill.yaml")),
    ("shiplee/own-journeys",                           include_str!("../../scenarios/shiplee/own-journeys.yaml")),
    ("shiplee/parcel-or-parcels",                    include_str!("../../scenarios/shiplee/parcel-or-parcels.yaml")),
    ("shiplee/pincode-forms",                        include_str!("../../scenarios/shiplee/pincode-forms.yaml")),
    ("shiplee/return-to-origin",                     include_str!("../../scenarios/shiplee/return-to-origin.yaml")),
    ("shiplee/reverse-booking-needs-a-form",         include_str!("../../scenarios/shiplee/reverse-booking-needs-a-form.yaml")),
    ("shiplee/reverse-lives",                        include_str!("../../scenarios/shiplee/reverse-lives.yaml")),
    ("shiplee/reverse-number-told",                  include_str!("../../scenarios/shiplee/reverse-number-told.yaml")),
    ("shiplee/reverse-numeric-id",                   include_str!("../../scenarios/shiplee/reverse-numeric-id.yaml")),
    ("shiplee/reverse-too-early-or-twice",           include_str!("../../scenarios/shiplee/reverse-too-early-or-twice.yaml")),
    ("shiplee/sku-left-out",                         include_str!("../../scenarios/shiplee/sku-left-out.yaml")),
    ("shiplee/token-expiry",                         include_str!("../../scenarios/shiplee/token-expiry.yaml")),
    ("shiplee/token-refused",                        include_str!("../../scenarios/shiplee/token-refused.yaml")),
    ("shiplee/unknown-path-is-a-page",               include_str!("../../scenarios/shiplee/unknown-path-is-a-page.yaml")),
    ("shiplee/unserviceable-pincode",                include_str!("../../scenarios/shiplee/unserviceable-pincode.yaml")),
    ("shiplee/upstream-page",                        include_str!("../../scenarios/shiplee/upstream-page.yaml")),
    ("shiplee/volumetric-weight",                    include_str!("../../scenarios/shiplee/volumetric-weight.yaml")),
    ("shiplee/wallet-below-500",                     include_str!("../../scenarios/shiplee/wallet-below-500.yaml")),
    ("shiplee/wallet-drained-by-first-booking",      include_str!("../../scenarios/shiplee/wallet-drained-by-first-booking.yaml")),
    ("shiplee/warehouse-id-over-32-bits",            include_str!("../../scenarios/shiplee/warehouse-id-over-32-bits.yaml")),
    ("shiplee/warehouse-registration-fails",         include_str!("../../scenarios/shiplee/warehouse-registration-fails.yaml")),
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
