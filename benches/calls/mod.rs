//! The calls that are measured: one that reads and one that writes, of every provider, against the scenario `load`.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One call. `{n}` in its body becomes a number that no call before it had.
pub struct Measured {
    /// Whose endpoint, and what it does: `shipper read`.
    pub name: &'static str,
    pub method: &'static str,
    pub target: &'static str,
    pub body: &'static str,
    credential: Credential,
}

/// How a call shows who calls.
enum Credential {
    /// A bearer token of the scenario.
    Token(&'static str),
    /// The token that a log-in gives: its target, its body, and the key of the token in the answer.
    LogIn(&'static str, &'static str),
}

const SHIPPER: Credential = Credential::Token("YOUR_API_KEY");
const SALLA: Credential = Credential::Token("********************");
const SHIPUP: Credential = Credential::Token("YOUR_PRIVATE_KEY");
const SHIPLEE: Credential = Credential::LogIn(
    "/shiplee/login",
    r#"{"username":"you@example.com","apikey":"your-api-key"}"#,
);
const SHIPTHEORY: Credential = Credential::LogIn(
    "/shiptheory/v1/token",
    r#"{"email":"you@youremail.com","password":"password"}"#,
);

const fn read(name: &'static str, target: &'static str, credential: Credential) -> Measured {
    Measured { name, method: "GET", target, body: "", credential }
}

const fn write(
    name: &'static str,
    target: &'static str,
    body: &'static str,
    credential: Credential,
) -> Measured {
    Measured { name, method: "POST", target, body, credential }
}

/// A row a call.
pub const CALLS: &[Measured] = &[
    read("shipper read", "/shipper/api/v1/orders/555", SHIPPER),
    write(
        "shipper write",
        "/shipper/api/v1/orders",
        r#"{"address":{"name":"Omar Ben Ali","division_1":"Tunis","division_2":null,"phone1":"28177188","address1":"Rue de la Liberte","country":"TN"},"items":[{"quantity":1,"id":"2e97b37a-3118-4905-842c-19706bcf1455","total_price":190}],"shipping_total":9,"is_cod":true,"auto_fulfill":true,"with_confirmation":true,"store_name":"My Store","external_order_id":"ORD-{n}","external_order_url":"https://mystore.com/orders/{n}"}"#,
        SHIPPER,
    ),
    read("shiplee read", "/shiplee/get_warehouses", SHIPLEE),
    write(
        "shiplee write",
        "/shiplee/order",
        r#"{"pincode":"560098","city":"Bangalore","state":"Karnataka","name":"John Doe","email":"customer@example.com","mobileNumber":"9000000001","addressLine1":"123 Sample Street, Apt 4B","sameAddressCheckbox":1,"orderID":"ORD-{n}","paymentType":"prepaid","products":[{"productName":"Sample Product","quantity":2,"productPrice":500.00,"sku":"SKU123"}],"parcels":[{"length":10,"breadth":10,"height":10,"physicalWeight":1.5}]}"#,
        SHIPLEE,
    ),
    read("salla read", "/salla/admin/v2/shipments/362985662", SALLA),
    write(
        "salla write",
        "/salla/admin/v2/shipments",
        r#"{"courier_id":1723506348,"order_id":{n},"shipment_type":"shipment","payment_method":"cod","cash_on_delivery":{"amount":10.7,"currency":"SAR"},"ship_to":{"name":"Mohammed Khalid","phone":"966501636784","country":"SA","city":"JEDDAH"},"packages":[{"name":"Shirt","quantity":1,"price":{"amount":25.5,"currency":"SAR"},"weight":{"value":1,"unit":"kg"}}]}"#,
        SALLA,
    ),
    read("shiptheory read", "/shiptheory/v1/products/view/hat1", SHIPTHEORY),
    write(
        "shiptheory write",
        "/shiptheory/v1/shipments",
        r#"{"reference":"B{n}","reference2":"ORDER1001","shipment_detail":{"weight":2.5,"parcels":1,"value":135.18},"recipient":{"firstname":"William","lastname":"Riker","address_line_1":"123 Southpaw Lane","city":"Bristol","postcode":"BS2 3AP","country":"GB"}}"#,
        SHIPTHEORY,
    ),
    read("shipup read", "/shipup/v2/orders?per_page=1", SHIPUP),
    write(
        "shipup write",
        "/shipup/v2/orders",
        r#"{"merchant_id":"O{n}","ordered_at":1778745600,"fulfillments":[{"merchant_id":"F{n}","shipping_address":{"country":"FR"},"trackers":[{"tracking_number":"T{n}","line_items":[{"merchant_id":"mug"}]}]}]}"#,
        SHIPUP,
    ),
];

impl Measured {
    /// The token it shows: fetched where a log-in gives it.
    pub async fn token(&self, host: SocketAddr) -> String {
        match self.credential {
            Credential::Token(token) => token.to_owned(),
            Credential::LogIn(target, body) => {
                let mut stream = TcpStream::connect(host).await.expect("a connection");
                let length = body.len();
                let request = format!(
                    "POST {target} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://localhost\r\nConnection: close\r\n\
                     Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
                );
                stream.write_all(request.as_bytes()).await.expect("a request");
                let mut answer = String::new();
                stream.read_to_string(&mut answer).await.expect("an answer");
                let token =
                    answer.split("\"token\":\"").nth(1).and_then(|rest| rest.split('"').next());
                token.unwrap_or_else(|| panic!("no token in {answer}")).to_owned()
            }
        }
    }

    /// The bytes of one call.
    pub fn request(&self, host: SocketAddr, token: &str, number: u64) -> Vec<u8> {
        let Measured { method, target, .. } = self;
        let body = self.body.replace("{n}", &number.to_string());
        let kind = match body.len() {
            0 => String::new(),
            length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        };
        format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nOrigin: http://localhost\r\n\
             Accept: application/json\r\n{kind}\r\n{body}"
        )
        .into_bytes()
    }
}

/// How long an answer is, once its head is there: what `Content-Length` says.
pub fn answer_length(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let name = b"\r\nContent-Length: ";
    let place = bytes[..head].windows(name.len()).position(|it| it == name)? + name.len();
    let digits = bytes[place..head].iter().take_while(|byte| byte.is_ascii_digit());
    Some(head + digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0')))
}
