//! The page behind every path that is none: the service shows its documentation there, and 200.

use crate::message::{Evidence, Reply};

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <title>Shiplee</title>\n</head>\n<body>\n<h1>Shiplee</h1>\n\
    <p>A page, not an answer: nothing is at this path. The endpoints are /login, /order, /reverse_order, /rates,\n\
    /create_shipment, /reverse_create_shipment, /add_warehouse and /get_warehouses.</p>\n</body>\n</html>\n";

/// The page, in our words.
pub fn page() -> Reply {
    Reply::new(200, "text/html; charset=utf-8", PAGE).evidence(Evidence::Observed)
}

/// What a proxy says when the service behind it is not there.
pub fn upstream() -> Reply {
    const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
        <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    Reply::new(502, "text/html", PAGE).evidence(Evidence::Inferred).because(
        "A rule of the scenario put a proxy's page where the service would have answered JSON.",
    )
}
