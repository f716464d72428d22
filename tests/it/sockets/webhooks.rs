//! Webhooks on the wire: what a receiver gets, and what is said when it does not.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use jiff::{SignedDuration, Timestamp};
use shipmock::internals::message::{Body, Headers};
use shipmock::internals::server::WebhookSender;
use shipmock::internals::sim::webhook::egress::Reach;
use shipmock::internals::sim::webhook::outbox::{
    Outbox, Outcome, OutgoingAttempt, Retry, SUCCESS, Webhook,
};

fn parcel(url: &str, seconds: i64) -> Webhook {
    let mut headers = Headers::default();
    headers.add("Content-Type", "application/json");
    headers.add("X-Shipper-Signature", "sha256=abc");
    Webhook {
        subscription: "1".into(),
        event: "shipment.status_changed".into(),
        url: url.into(),
        headers,
        body: Body::from("{\"a\":1}"),
        retry: Retry {
            timeout: SignedDuration::from_millis(seconds * 1000),
            waits: Vec::new().into(),
            accepted: SUCCESS,
        },
    }
}

/// The post the core makes of a parcel.
fn post(reach: Reach, parcel: Webhook) -> OutgoingAttempt {
    let mut outbox = Outbox::reaching(reach);
    outbox.promise("any", parcel, Timestamp::UNIX_EPOCH);
    outbox.take(Timestamp::UNIX_EPOCH).remove(0)
}

fn send(post: &OutgoingAttempt) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(WebhookSender::default().send(post))
}

/// Takes one request with a body of 7 bytes, and answers it with these bytes.
fn receiver(answer: &'static [u8]) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let took = std::thread::spawn(move || {
        let stream = listener.accept().unwrap().0;
        let mut reader = BufReader::new(stream);
        let mut text = String::new();
        while !text.ends_with("\r\n\r\n") && reader.read_line(&mut text).unwrap() > 0 {}
        let mut body = [0; 7];
        reader.read_exact(&mut body).unwrap();
        let mut stream: TcpStream = reader.into_inner();
        stream.write_all(answer).unwrap();
        text + std::str::from_utf8(&body).unwrap()
    });
    (port, took)
}

#[test]
fn a_redirected_webhook_arrives_as_the_subscriber_expects_it() {
    let (port, took) = receiver(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let redirect = format!("https://mystore.com=http://127.0.0.1:{port}");
    let reach = Reach { redirects: vec![Reach::redirect(&redirect).unwrap()], allowed: Vec::new() };
    let outcome = send(&post(reach, parcel("https://mystore.com/hooks?shop=1", 10)));
    assert_eq!(outcome, Outcome::Answered(200));
    let expected = "POST /hooks?shop=1 HTTP/1.1\r\n\
                    Host: mystore.com\r\n\
                    Content-Type: application/json\r\n\
                    X-Shipper-Signature: sha256=abc\r\n\
                    Connection: close\r\n\
                    Content-Length: 7\r\n\r\n{\"a\":1}";
    assert_eq!(took.join().unwrap(), expected);
}

#[test]
fn any_status_is_an_answer_and_no_redirect_is_followed() {
    for (answer, status) in [
        (
            &b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"[..],
            302,
        ),
        (b"HTTP/1.0 500 No\r\n\r\nsorry", 500),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 Fine\r\n\r\n", 204),
    ] {
        let (port, took) = receiver(answer);
        let url = format!("http://hooks.localhost:{port}/");
        assert_eq!(send(&post(Reach::default(), parcel(&url, 10))), Outcome::Answered(status));
        took.join().unwrap();
    }
}

#[test]
fn every_failure_is_a_sentence() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (odd, _) = receiver(b"SSH-2.0-OpenSSH\r\n\r\n");
    let (curt, _) = receiver(b"");
    let (cut, _) = receiver(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal");
    for (url, seconds, words) in [
        (format!("http://127.0.0.1:{port}/"), 0, "within 0 s"),
        (format!("http://127.0.0.1:{gone}/"), 10, "connection refused"),
        (format!("http://127.0.0.1:{odd}/"), 10, "not HTTP"),
        (format!("http://127.0.0.1:{curt}/"), 10, "closed before the answer"),
        (format!("http://127.0.0.1:{cut}/"), 10, "closed before the answer"),
    ] {
        let Outcome::Failed(sentence) = send(&post(Reach::default(), parcel(&url, seconds))) else {
            panic!("{url} was answered")
        };
        assert!(sentence.contains(words), "{sentence}");
    }
}

#[cfg(feature = "tls")]
#[test]
fn a_receiver_that_does_not_speak_tls_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answering = std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let _ = stream.read(&mut [0; 1024]);
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let url = format!("https://localhost:{port}/");
    let Outcome::Failed(sentence) = send(&post(Reach::default(), parcel(&url, 10))) else {
        panic!("it was answered")
    };
    assert!(sentence.contains("does not speak TLS"), "{sentence}");
    answering.join().unwrap();
}

#[test]
#[rustfmt::skip]
fn an_address_goes_out_as_http_has_it() {
    for (user, path, own, line, authorization) in [
        ("",                  "/caf\u{e9}?q=\u{65e5}", None, "POST /caf%C3%A9?q=%E6%97%A5 HTTP/1.1",  None),
        ("me:open%20sesame@", "/a",                   None, "POST /a HTTP/1.1",                      Some("Authorization: Basic bWU6b3BlbiBzZXNhbWU=")),
        ("me:sesame@",        "/a",                   Some("Bearer mine"), "POST /a HTTP/1.1",       Some("Authorization: Bearer mine")),
    ] {
        for redirected in [false, true] {
            let (port, took) = receiver(b"HTTP/1.1 204 No Content\r\n\r\n");
            let mut reach = Reach::default();
            let place = if redirected {
                reach.redirects.push(Reach::redirect(&format!("https://shop.example=http://127.0.0.1:{port}")).unwrap());
                format!("https://{user}shop.example{path}")
            } else {
                format!("http://{user}127.0.0.1:{port}{path}")
            };
            let mut webhook = parcel(&place, 5);
            if let Some(own) = own {
                webhook.headers.add("Authorization", own);
            }
            let attempt = post(reach, webhook);
            assert_eq!(send(&attempt), Outcome::Answered(204), "{place}");
            let text = took.join().unwrap();
            assert!(text.starts_with(line), "{text}");
            let sent: Vec<&str> = text.lines().filter(|line| line.starts_with("Authorization")).collect();
            assert_eq!(sent, authorization.into_iter().collect::<Vec<_>>(), "{place}");
            assert!(!text.contains("sesame") && text.lines().any(|line| {
                line == if redirected { "Host: shop.example".to_owned() } else { format!("Host: 127.0.0.1:{port}") }
            }), "{text}");
        }
    }
}
