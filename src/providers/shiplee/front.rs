//! The page behind every path that is none: the service shows its documentation there, and 200.

use crate::http::{Evidence, Reply};

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <title>Shiplee</title>\n</head>\n<body>\n<h1>Shiplee</h1>\n\
    <p>A page, not an answer: nothing is at this path. The endpoints are /login, /order, /reverse_order, /rates,\n\
    /create_shipment, /reverse_create_shipment, /add_warehouse and /get_warehouses.</p>\n</body>\n</html>\n";

/// The page, in our words.
pub fn page() -> Reply {
    Reply::new(200, "text/html; charset=utf-8", PAGE).evidence(Evidence::Observed)
}
