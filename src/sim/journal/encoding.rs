//! The encoding of a journal entry: its parts one behind the other in one run of bytes, written once, read where and
//! when somebody asks.
//!
//! What a list or a filter asks for comes first and is read at once; the header fields and what most calls do not have
//! come last and are read when the entry is wanted whole. Texts and bodies have their length before them, numbers are
//! as long as they are large. Nothing outside the process sees these bytes: a world is saved as a document.
//!
//! Reading is total. The bytes are our own, so nothing is ever missing from them; what would be is read as empty.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;

use crate::message::{Body, Evidence, Headers, Method, Reply, Request};
use crate::sim::journal::{Change, Entry};

/// An entry that is to be written, in parts that belong to others: the journal copies what it keeps.
#[derive(Debug, Clone, Copy)]
pub struct NewEntry<'a> {
    /// The journal's next number.
    pub number: u64,
    /// World time.
    pub at: Timestamp,
    /// The provider that answered.
    pub provider: &'a str,
    /// The row of the route table that answered. In pieces, because it is a text only once it stands in the journal.
    pub route: Option<[&'a str; 3]>,
    /// The account whose credential it was.
    pub account: Option<&'a str>,
    /// The call.
    pub request: &'a Request,
    /// The answer.
    pub reply: &'a Reply,
    /// The rule that had a hand in it.
    pub rule: Option<&'a str>,
    /// What moved.
    pub changes: &'a [Change],
    /// The numbers of the webhooks it caused.
    pub webhooks: &'a [u64],
}

impl NewEntry<'_> {
    /// The same on its own, for whoever keeps it longer than the call takes.
    pub fn to_entry(&self) -> Entry {
        Entry {
            number: self.number,
            at: self.at,
            provider: self.provider.to_owned().into(),
            route: self.route.map(|pieces| pieces.concat()),
            account: self.account.map(str::to_owned),
            request: self.request.clone(),
            reply: self.reply.clone(),
            rule: self.rule.map(str::to_owned),
            changes: self.changes.to_vec(),
            webhooks: self.webhooks.to_vec(),
        }
    }

    /// Most of what it takes, without adding up the parts that are small.
    pub(super) fn bulk(&self) -> usize {
        let Request { path, query, body, .. } = self.request;
        path.len() + query.len() + body.len() + self.reply.body.len()
    }

    /// Writes it behind what is there.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let NewEntry { request, reply, .. } = *self;
        let explanation = reply.explanation.as_deref();
        let moved = !self.changes.is_empty() || !self.webhooks.is_empty();
        let parts = [
            (ROUTE, self.route.is_some()),
            (ACCOUNT, self.account.is_some()),
            (RULE, self.rule.is_some()),
            (EXPLANATION, explanation.is_some()),
            (OVERSIZE, request.oversize),
            (WIRE, reply.wire.is_some()),
            (MOVED, moved),
            (PASSED_OVER, !reply.passed_over.is_empty()),
            (UNKNOWN_METHOD, request.unknown_method.is_some()),
        ];
        let parts =
            parts.into_iter().filter(|(_, there)| *there).fold(0_u16, |all, (bit, _)| all | bit);
        out.extend(parts.to_le_bytes());
        out.extend([request.method as u8, reply.evidence as u8]);
        number(out, reply.status.into());
        number(out, self.number);
        instant(out, self.at);
        text(out, self.provider);
        text(out, &request.path);
        text(out, &request.query);
        if let Some(pieces) = self.route {
            number(out, pieces.iter().map(|piece| piece.len() as u64).sum());
            pieces.iter().for_each(|piece| out.extend_from_slice(piece.as_bytes()));
        }
        let unknown = request.unknown_method.as_deref();
        for part in [self.account, self.rule, explanation, unknown].into_iter().flatten() {
            text(out, part);
        }
        bytes(out, &request.body);
        bytes(out, &reply.body);
        fields(out, &request.headers);
        fields(out, &reply.headers);
        text(out, &request.base);
        match request.peer {
            IpAddr::V4(peer) => bytes(out, &peer.octets()),
            IpAddr::V6(peer) => bytes(out, &peer.octets()),
        }
        if let Some(wire) = &reply.wire {
            // Rare enough to be written as documents have it.
            bytes(out, &serde_json::to_vec(wire).unwrap_or_default());
        }
        if moved {
            number(out, self.webhooks.len() as u64);
            self.webhooks.iter().for_each(|webhook| number(out, *webhook));
            number(out, self.changes.len() as u64);
            self.changes.iter().for_each(|step| change(out, step));
        }
        if !reply.passed_over.is_empty() {
            number(out, reply.passed_over.len() as u64);
            reply.passed_over.iter().for_each(|what| text(out, what));
        }
    }
}

/// Parts that not every entry has, each a bit of its first two bytes.
const ROUTE: u16 = 1;
const ACCOUNT: u16 = 1 << 1;
const RULE: u16 = 1 << 2;
const EXPLANATION: u16 = 1 << 3;
const OVERSIZE: u16 = 1 << 4;
const WIRE: u16 = 1 << 5;
const MOVED: u16 = 1 << 6;
const PASSED_OVER: u16 = 1 << 7;
const UNKNOWN_METHOD: u16 = 1 << 8;

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn number(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn bytes(out: &mut Vec<u8>, value: &[u8]) {
    number(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn text(out: &mut Vec<u8>, value: &str) {
    bytes(out, value.as_bytes());
}

fn instant(out: &mut Vec<u8>, at: Timestamp) {
    out.extend_from_slice(&at.as_second().to_le_bytes());
    out.extend_from_slice(&at.subsec_nanosecond().to_le_bytes());
}

/// Names that most calls have. A field has the place of its name in this list, or 0 and the name itself.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "", "host", "authorization", "accept", "user-agent", "connection", "content-type", "content-length",
    "accept-encoding", "Content-Type", "Cache-Control", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
    "X-Shipup-Api-Call-Limit", "X-XSS-Protection", "Access-Control-Allow-Origin", "Location", "Retry-After", "Date",
    "X-Shipmock-Request", "X-Shipmock-Evidence",
];

fn fields(out: &mut Vec<u8>, headers: &Headers) {
    number(out, headers.iter().count() as u64);
    for (name, value) in headers.iter() {
        let place = NAMES.iter().position(|known| *known == name).unwrap_or(0);
        number(out, place as u64);
        if place == 0 {
            text(out, name);
        }
        text(out, value);
    }
}

fn change(out: &mut Vec<u8>, change: &Change) {
    let Change { at, provider, kind, id, on, from, to } = change;
    instant(out, *at);
    for part in [provider, kind, id.as_str(), on, from, to] {
        text(out, part);
    }
}

/// What is left to be read.
#[derive(Debug, Clone, Copy)]
struct Decoder<'a>(&'a [u8]);

impl<'a> Decoder<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, left) = self.0.split_at(length.min(self.0.len()));
        self.0 = left;
        taken
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        self.take(N).try_into().unwrap_or([0; N])
    }

    fn number(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let [byte] = self.array();
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        value
    }

    /// How many follow, each at least a byte.
    fn count(&mut self) -> u64 {
        self.number().min(self.0.len() as u64)
    }

    fn bytes(&mut self) -> &'a [u8] {
        let length = usize::try_from(self.number()).unwrap_or(usize::MAX);
        self.take(length)
    }

    fn text(&mut self) -> &'a str {
        std::str::from_utf8(self.bytes()).unwrap_or_default()
    }

    fn instant(&mut self) -> Timestamp {
        let second = i64::from_le_bytes(self.array());
        let nanosecond = i32::from_le_bytes(self.array());
        Timestamp::new(second, nanosecond).unwrap_or_default()
    }

    /// The name of a field: one that most calls have, or one that is spelt out.
    fn name(&mut self) -> Result<&'static str, &'a str> {
        let place = usize::try_from(self.number()).unwrap_or_default();
        NAMES.get(place).filter(|name| !name.is_empty()).copied().ok_or_else(|| self.text())
    }

    /// Each field in turn.
    fn fields(&mut self) -> impl Iterator<Item = (Result<&'static str, &'a str>, &'a str)> {
        (0..self.count()).map(|_| (self.name(), self.text()))
    }

    fn headers(&mut self) -> Headers {
        let mut headers = Headers::with_capacity(16);
        for (name, value) in self.fields() {
            let name = name.map_or_else(|spelt| Cow::Owned(spelt.to_owned()), Cow::Borrowed);
            headers.add(name, value.to_owned());
        }
        headers
    }

    fn peer(&mut self) -> IpAddr {
        let octets = self.bytes();
        let four = || octets.try_into().map(|octets: [u8; 4]| Ipv4Addr::from(octets).into());
        let sixteen = octets.try_into().map(|octets: [u8; 16]| Ipv6Addr::from(octets).into());
        sixteen.or_else(|_| four()).unwrap_or(Ipv4Addr::UNSPECIFIED.into())
    }

    fn change(&mut self) -> Change {
        let at = self.instant();
        let mut word = || self.text().to_owned();
        Change {
            at,
            provider: word().into(),
            kind: word().into(),
            id: word(),
            on: word().into(),
            from: word().into(),
            to: word().into(),
        }
    }
}

/// An entry where it lies in the journal. What lists and filters ask for is there; the rest is read with `to_entry`.
#[derive(Debug, Clone, Copy)]
pub struct EntryView<'a> {
    /// Counts from 1 in each world.
    pub number: u64,
    /// World time.
    pub at: Timestamp,
    /// The provider that answered.
    pub provider: &'a str,
    /// The row of the route table that answered, as `METHOD /path/{id}`.
    pub route: Option<&'a str>,
    /// The account whose credential it was.
    pub account: Option<&'a str>,
    /// The verb of the call.
    pub method: Method,
    /// The verb as it was sent, where HTTP has none of that name.
    pub unknown_method: Option<&'a str>,
    /// The provider's own path.
    pub path: &'a str,
    /// The raw query.
    pub query: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// How it is known.
    pub evidence: Evidence,
    /// For a refusal: why.
    pub explanation: Option<&'a str>,
    /// The rule that had a hand in it.
    pub rule: Option<&'a str>,
    parts: u16,
    request_body: &'a [u8],
    reply_body: &'a [u8],
    rest: Decoder<'a>,
}

impl<'a> EntryView<'a> {
    /// Reads the beginning of an entry.
    pub(super) fn of(encoded: &'a [u8]) -> EntryView<'a> {
        let mut from = Decoder(encoded);
        let [low, high, method, evidence] = from.array();
        let parts = u16::from_le_bytes([low, high]);
        let status = u16::try_from(from.number()).unwrap_or_default();
        let number = from.number();
        let at = from.instant();
        let (provider, path, query) = (from.text(), from.text(), from.text());
        let mut part = |bit: u16| (parts & bit != 0).then(|| from.text());
        let (route, account) = (part(ROUTE), part(ACCOUNT));
        let (rule, explanation, unknown_method) =
            (part(RULE), part(EXPLANATION), part(UNKNOWN_METHOD));
        let (request_body, reply_body) = (from.bytes(), from.bytes());
        EntryView {
            number,
            at,
            provider,
            route,
            account,
            method: Method::ALL.get(usize::from(method)).copied().unwrap_or(Method::Get),
            unknown_method,
            path,
            query,
            status,
            evidence: *Evidence::ALL.get(usize::from(evidence)).unwrap_or(&Evidence::Inferred),
            explanation,
            rule,
            parts,
            request_body,
            reply_body,
            rest: from,
        }
    }

    /// The id under which an entry is asked for.
    pub fn id(&self) -> String {
        format!("r{}", self.number)
    }

    /// The verb as it was sent.
    pub fn verb(&self) -> &'a str {
        self.unknown_method.unwrap_or(self.method.word())
    }

    /// The first header field of the call of that name.
    pub fn request_header(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.rest;
        let mut fields = rest.fields().map(|(known, value)| (known.unwrap_or_else(|it| it), value));
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The whole entry, on its own.
    pub fn to_entry(&self) -> Entry {
        let mut rest = self.rest;
        let (request_headers, reply_headers) = (rest.headers(), rest.headers());
        let (base, peer) = (rest.text().to_owned(), rest.peer());
        let wire = (self.parts & WIRE != 0).then(|| serde_json::from_slice(rest.bytes()).ok());
        let (mut webhooks, mut changes) = (Vec::new(), Vec::new());
        if self.parts & MOVED != 0 {
            webhooks.extend((0..rest.count()).map(|_| rest.number()));
            changes.extend((0..rest.count()).map(|_| rest.change()));
        }
        let mut passed_over = Vec::new();
        if self.parts & PASSED_OVER != 0 {
            passed_over.extend((0..rest.count()).map(|_| rest.text().to_owned()));
        }
        Entry {
            number: self.number,
            at: self.at,
            provider: self.provider.to_owned().into(),
            route: self.route.map(str::to_owned),
            account: self.account.map(str::to_owned),
            request: Request {
                method: self.method,
                unknown_method: self.unknown_method.map(Into::into),
                path: self.path.to_owned(),
                query: self.query.to_owned(),
                headers: request_headers,
                body: Body::from(self.request_body.to_vec()),
                peer,
                base,
                oversize: self.parts & OVERSIZE != 0,
            },
            reply: Reply {
                status: self.status,
                headers: reply_headers,
                body: Body::from(self.reply_body.to_vec()),
                evidence: self.evidence,
                explanation: self.explanation.map(|text| Cow::Owned(text.to_owned())),
                passed_over,
                wire: wire.flatten(),
            },
            rule: self.rule.map(str::to_owned),
            changes,
            webhooks,
        }
    }
}
