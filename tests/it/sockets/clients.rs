//! HTTP as clients speak it: half-closed connections, bodies nobody wants, methods and paths as frameworks read them,
//! browsers' preflights, compression, names and passwords in addresses.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use shipmock::internals::server::Options;

use super::wire::{Local, PATIENCE};

const KEY: &str = "Authorization: Bearer YOUR_API_KEY";

/// A client that sends all it has and only then reads, as many do.
fn sent_then_read(server: &Local, head: &str, body: usize) -> String {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let piece = vec![b'x'; 1024 * 1024];
    for _ in 0..body {
        stream.write_all(&piece).unwrap();
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn who_has_closed_the_sending_half_is_answered() {
    let server = Local::start();
    let rule = r#"{"on":"GET /shipper/api/v1/orders/{id}","then":{"delay":"200ms"}}"#;
    assert_eq!(server.call("POST /_shipmock/rules", &[], rule).status, 201);
    for head in [
        format!("GET /shipper/api/v1/orders/555 HTTP/1.1\r\nHost: localhost\r\n{KEY}\r\n\r\n"),
        format!("GET /shipper/api/v1/orders HTTP/1.1\r\nHost: localhost\r\n{KEY}\r\n\r\n"),
        "POST /_shipmock/await HTTP/1.1\r\nHost: localhost\r\nContent-Length: 26\r\n\r\n{\"quiet\":{\"for\":\"150ms\"}}\r\n"
            .to_owned(),
    ] {
        for _ in 0..5 {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{head}{answer}");
        }
    }
    // Half a request is none.
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream
        .write_all(
            b"POST /_shipmock/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
        )
        .unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(stream.read(&mut [0; 64]).unwrap_or(0), 0);
}

#[test]
fn the_413_arrives_at_who_sends_all_before_reading() {
    let server = Local::start();
    let megabyte = 1024 * 1024;
    for (line, megabytes, sentence) in [
        ("POST /shipper/api/v1/orders", 33, "The POST data is too large."),
        ("POST /shiplee/order", 33, "Request body too large"),
        ("POST /salla/admin/v2/shipments", 33, "The POST data is too large."),
        ("POST /shipup/v2/orders", 33, "Payload Too Large"),
        ("POST /shiptheory/v1/shipments", 33, "Request Entity Too Large"),
        ("PUT /_shipmock/state", 70, "the document is longer than 67108864 bytes"),
        ("POST /_shipmock/rules", 40, "the body is longer than 1048576 bytes"),
        ("POST /nobody", 2, "Nobody answers here"),
    ] {
        let head = format!(
            "{line} HTTP/1.1\r\nHost: localhost\r\n{KEY}\r\nContent-Length: {}\r\n\r\n",
            megabytes * megabyte
        );
        let answer = sent_then_read(&server, &head, megabytes);
        assert!(
            answer.contains(sentence) && answer.contains("\r\nConnection: close\r\n"),
            "{line}: {answer}"
        );
    }
}

#[test]
fn a_head_that_cannot_be_read_is_refused_in_words_and_counted() {
    let server = Local::start();
    let long = "y".repeat(100_000);
    for (head, status, sentence) in [
        (
            format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {long}\r\n\r\n"),
            431,
            "the header fields are more than",
        ),
        (
            (0..200)
                .map(|number| format!("X-{number}: y\r\n"))
                .fold("GET / HTTP/1.1\r\nHost: localhost\r\n".to_owned(), |head, line| {
                    head + &line
                })
                + "\r\n",
            431,
            "the header fields are more than",
        ),
        ("GET / HTTP/1.1\r\nHost localhost\r\n\r\n".to_owned(), 400, "must be percent-encoded"),
    ] {
        let mut wire = server.wire();
        let answer = wire.send(head).read(true);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, Some("application/problem+json"))
        );
        assert!(answer.body.contains(sentence), "{}", answer.body);
        assert!(wire.is_closed());
    }
    let metrics = server.call("GET /_shipmock/metrics", &[], "").body;
    assert!(
        metrics.contains("shipmock_requests_total{provider=\"shipmock\",status=\"4xx\"} 3\n"),
        "{metrics}"
    );
}

#[test]
#[rustfmt::skip]
fn an_unknown_method_is_the_providers_own_405() {
    let server = Local::start();
    for (path, status, said) in [
        ("/shipper/api/v1/orders",      405, r#""message": "The BREW method is not supported for route api/v1/orders. Supported methods: GET, HEAD, POST.""#),
        ("/shipper/api/v1/nothing",     404, r#""message": "The route api/v1/nothing could not be found.""#),
        ("/shiplee/rates",              405, r#""Method not allowed""#),
        ("/salla/admin/v2/shipments",   405, "The BREW method is not supported for this route. Supported methods: GET, HEAD, POST."),
        ("/shiptheory/v1/shipments",    405, r#""message":"Method Not Allowed""#),
        ("/shipup/v2/orders",           405, r#"{"status":405,"error":"Method Not Allowed"}"#),
        ("/_shipmock/clock",            405, "takes GET, HEAD, PATCH, not BREW"),
        ("/",                           405, "the front page can only be read"),
    ] {
        let answer = server.call(&format!("BREW {path}"), &[KEY], "");
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(answer.body.contains(said), "{path}: {}", answer.body);
    }
    let journal = server.call("GET /_shipmock/requests?status=405&provider=shipper", &[], "").json();
    assert_eq!(journal["requests"][0]["method"], "BREW");
}

#[test]
#[rustfmt::skip]
fn methods_and_paths_are_read_as_each_framework_reads_them() {
    const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
    const JSON: &str = "Content-Type: application/json";
    let server = Local::start();
    let salla = "Authorization: Bearer ********************";
    let shipup = "Authorization: Bearer YOUR_PRIVATE_KEY";
    let presets = server.call("GET /_shipmock/presets", &[], "").json();
    let permanent = presets["providers"]["shiptheory"]["credentials"]["permanent_token"].as_str().unwrap();
    let shiptheory = &format!("Authorization: Bearer {permanent}");
    let delete = "X-HTTP-Method-Override: delete";
    let put = "X-HTTP-Method-Override: PUT";
    for (line, headers, body, status) in [
        // Laravel decodes the whole path before it matches.
        ("GET /shipper/api/v1/countries/TN%2Fdivisions",         &[KEY, "Accept: */*"][..],    "",               200),
        ("GET /shipper/api/v1/%6Frders/55%35",                   &[KEY],                       "",               200),
        ("GET /shipper/api/v1/orders/55%2535",                   &[KEY],                       "",               404),
        ("GET /shipper/api/v1/orders/%ff",                       &[KEY],                       "",               404),
        ("GET /salla/admin/v2%2Fshipments",                      &[salla],                     "",               200),
        // CakePHP too, and a plus is a blank.
        ("GET /shiptheory/v1/tags%2F2",                          &[shiptheory],                "",               200),
        ("GET /shiptheory/v1/products/view/hat1",                &[shiptheory],                "",               200),
        // Rails decodes what stands in a brace, afterwards.
        ("GET /shipup/v2/%6Frders",                              &[shipup],                    "",               404),
        ("GET /shipup/v2%2Forders",                              &[shipup],                    "",               404),
        // No framework is known of Shiplee.
        ("POST /shiplee/%6Cogin",                                &[JSON],                      "{}",             400),
        // The other method that is meant.
        ("POST /shipper/api/v1/webhooks/999",                    &[KEY, delete],               "",               404),
        ("POST /shipper/api/v1/webhooks/999",                    &[KEY, FORM],                 "_method=DELETE", 404),
        ("POST /shipper/api/v1/webhooks/999",                    &[KEY, JSON],                 r#"{"_method":"DELETE"}"#, 404),
        ("POST /shipper/api/v1/webhooks/999?_method=DELETE",     &[KEY],                       "",               404),
        ("POST /shipper/api/v1/webhooks/999",                    &[KEY],                       "",               405),
        ("GET /shipper/api/v1/orders",                           &[KEY, delete],               "",               200),
        ("POST /salla/admin/v2/shipments/1",                     &[salla, put, JSON],          "{}",             404),
        ("POST /salla/admin/v2/shipments/1",                     &[salla, JSON],               "{}",             405),
        ("POST /shiptheory/v1/tags/2",                           &[shiptheory, put, JSON],     r#"{"name":"Odd"}"#, 200),
        ("POST /shiptheory/v1/tags/2",                           &[shiptheory, FORM],          "_method=PUT&name=Odder", 200),
        ("POST /shiptheory/v1/tags/2",                           &[shiptheory, JSON],          r#"{"_method":"PUT","name":"Oddest"}"#, 405),
        ("POST /shipup/v2/orders/1",                             &[shipup, put],               "",               404),
        ("POST /shiplee/rates",                                  &[put, JSON],                 "{}",             401),
    ] {
        let answer = server.call(line, headers, body);
        assert_eq!(answer.status, status, "{line} {headers:?} {body}: {}", answer.body);
    }
    let missing = server.call("POST /shipper/api/v1/orders", &[KEY, put], "").json();
    assert_eq!(missing["message"], "The PUT method is not supported for route api/v1/orders. Supported methods: GET, HEAD, POST.");
}

#[test]
#[rustfmt::skip]
fn a_preflight_is_answered_with_what_was_asked() {
    let server = Local::start();
    let asking = ["Origin: http://shop.example", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type"];
    for (path, status, methods, headers, vary) in [
        ("/shipper/api/v1/orders",    204, Some("POST"), Some("authorization,content-type"), Some("Access-Control-Request-Method, Access-Control-Request-Headers")),
        ("/shipper/api/v1/nothing",   204, Some("POST"), Some("authorization,content-type"), Some("Access-Control-Request-Method, Access-Control-Request-Headers")),
        ("/shiplee/create_shipment",  204, Some("POST"), Some("authorization,content-type"), Some("Access-Control-Request-Method, Access-Control-Request-Headers")),
        // No CORS library is known of these: Laravel says which methods there are, the others what they say of any.
        ("/salla/admin/v2/shipments", 200, None,         None,                               None),
        ("/shiptheory/v1/shipments",  405, None,         None,                               None),
        ("/shipup/v2/orders",         404, None,         None,                               None),
    ] {
        let answer = server.call(&format!("OPTIONS {path}"), &asking, "");
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert_eq!(answer.header("access-control-allow-methods"), methods, "{path}");
        assert_eq!(answer.header("access-control-allow-headers"), headers, "{path}");
        assert_eq!(answer.header("vary"), vary, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), methods.map(|_| "*"), "{path}");
    }
}

#[test]
fn long_answers_are_compressed_for_who_asks() {
    let server = Local::start();
    let list = |headers: &[&str]| {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let fields = headers.join("\r\n");
        let head = format!(
            "GET /shipper/api/v1/orders HTTP/1.1\r\nHost: localhost\r\n{KEY}\r\nConnection: close\r\n{fields}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|part| part == b"\r\n\r\n").unwrap() + 4;
        let body = answer.split_off(end);
        (String::from_utf8(answer).unwrap(), body)
    };
    let (head, plain) = list(&["Accept: application/json"]);
    assert!(!head.contains("Content-Encoding"), "{head}");
    let (head, packed) = list(&["Accept-Encoding: gzip, deflate"]);
    assert!(
        head.contains("\r\nContent-Encoding: gzip\r\n")
            && head.contains("\r\nVary: Accept-Encoding\r\n"),
        "{head}"
    );
    assert!(head.contains(&format!("\r\nContent-Length: {}\r\n", packed.len())), "{head}");
    assert!(packed.starts_with(&[0x1f, 0x8b]) && packed.len() * 4 < plain.len());
    // The journal has what was compressed.
    let entry = server.call("GET /_shipmock/requests/r2", &[], "").json();
    assert_eq!(entry["response"]["body"].as_str().unwrap().as_bytes(), plain);
    let short = server.call("GET /shipper/api/v1/orders/0", &[KEY, "Accept-Encoding: gzip"], "");
    assert_eq!((short.status, short.header("content-encoding")), (404, None));
    // Shiptheory's front was recorded, and does not.
    let token = server.call("GET /_shipmock/presets", &[], "").json();
    let token = token["providers"]["shiptheory"]["credentials"]["permanent_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let services = server.call(
        "GET /shiptheory/v1/services",
        &[&format!("Authorization: Bearer {token}"), "Accept-Encoding: gzip"],
        "",
    );
    assert_eq!((services.status, services.header("content-encoding")), (200, None));
    assert!(services.body.len() > 1024);
}

#[test]
fn a_compressed_body_is_named_in_the_explanation() {
    let server = Local::start();
    for (line, key, coding, named) in [
        ("POST /shipper/api/v1/orders", KEY, "gzip", true),
        (
            "POST /salla/admin/v2/shipments",
            "Authorization: Bearer ********************",
            "br",
            true,
        ),
        ("POST /shipup/v2/orders", "Authorization: Bearer YOUR_PRIVATE_KEY", "GZIP", true),
        ("POST /shiplee/login", "Accept: */*", "gzip", true),
        ("POST /shipper/api/v1/orders", KEY, "identity", false),
    ] {
        let encoding = format!("Content-Encoding: {coding}");
        let headers = [key, "Content-Type: application/json", &encoding];
        let answer = server.call(line, &headers, "\u{1f}x\u{8}");
        let id = answer.header("x-shipmock-request").unwrap();
        let entry = server.call(&format!("GET /_shipmock/requests/{id}"), &[], "").json();
        let explanation = entry["explanation"].to_string();
        let opening =
            format!("\"The body came with `Content-Encoding: {coding}`, which is not undone");
        assert_eq!(explanation.starts_with(&opening), named, "{line}: {explanation}");
    }
}

#[test]
fn localhost_is_both_of_its_addresses() {
    let both = vec!["127.0.0.1".parse().unwrap(), "::1".parse().unwrap()];
    let server = Local::with(|options: &mut Options| options.listen = both);
    let get = |host: &str| {
        let mut stream = TcpStream::connect((host, server.address.port()))?;
        stream.write_all(
            b"GET /_shipmock/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        std::io::Result::Ok(answer.starts_with("HTTP/1.1 200 OK"))
    };
    assert!(get("127.0.0.1").unwrap());
    // A machine without IPv6 has one of them.
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        assert!(get("::1").unwrap());
    }
}
