//! The routes of a provider as a table, and the router: which row takes a request.

use std::borrow::Cow;

use crate::frameworks::routing::{Holder, METHOD_FIELD, Routing};
use crate::message::{Args, Evidence, Method, Reply, Request, form, matches_routed};
use crate::providers::{Cx, Field, Provider, Wording};

/// One row of a provider's route table.
#[derive(Debug)]
pub struct Route<P: Provider> {
    /// The verb.
    pub method: Method,
    /// The path, arguments in braces.
    pub path: &'static str,
    /// The function that answers.
    pub handler: Handler<P>,
    /// The fields of the request that it reads.
    pub takes: &'static [Field],
    /// What it counts against, and what it asks of the caller.
    pub group: P::Group,
    /// The section of the provider's documentation.
    pub section: &'static str,
    /// How we know the usual answer.
    pub evidence: Evidence,
}

/// A function that answers one endpoint.
pub type Handler<P> = fn(&mut Cx<'_, P>, &Call<'_, P>) -> Result<Reply, <P as Wording>::Error>;

/// A call that has passed the checks.
#[derive(Debug)]
pub struct Call<'a, P: Provider> {
    /// The request as it came.
    pub request: &'a Request,
    /// What stood in the braces of the path.
    pub args: Args,
    /// The fields that its endpoint reads: what a handler checks the request by.
    pub takes: &'static [Field],
    /// Whose call it is.
    pub caller: P::Caller,
}

/// Why no row of the table took a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteMiss {
    /// No row has the path.
    Path,
    /// Rows have the path, with these verbs.
    Method(Vec<Method>),
    /// The body is over the limit.
    Oversize,
}

/// A path with the beginning that it stands for.
pub(super) fn usual_path<P: Provider>(path: &str) -> Cow<'_, str> {
    let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
    for (alias, usual) in P::ALIASES {
        if let Some(rest) = path.strip_prefix(alias).filter(|rest| below(rest)) {
            return Cow::Owned(format!("{usual}{rest}"));
        }
    }
    Cow::Borrowed(path)
}

/// The request as the provider's framework takes it: with another method where its client asked for that.
pub(super) fn meant<P: Provider>(request: &Request) -> Cow<'_, Request> {
    let header = match P::ROUTING {
        Routing::Plain => return Cow::Borrowed(request),
        // Nothing but a POST means another method there, and most calls are none.
        Routing::Laravel | Routing::Rails if request.method != Method::Post => {
            return Cow::Borrowed(request);
        }
        _ => request.headers.get("x-http-method-override"),
    };
    match P::ROUTING.meant(request.verb(), header, |holder| method_field(request, holder)) {
        None => Cow::Borrowed(request),
        Some(verb) => {
            let mut meant = request.clone();
            meant.set_verb(&verb);
            Cow::Owned(meant)
        }
    }
}

/// What stands in `_method`. Nothing is parsed that does not have the word.
fn method_field(request: &Request, holder: Holder) -> Option<String> {
    let word = METHOD_FIELD.as_bytes();
    let named = |held: &[u8]| memchr::memmem::find(held, word).is_some();
    let fields = match holder {
        Holder::Query if named(request.query.as_bytes()) => form::php(&request.query),
        Holder::Form if named(&request.body) => request.form()?,
        Holder::Json if named(&request.body) && request.content_type().contains("json") => {
            serde_json::from_slice(&request.body).ok()?
        }
        _ => return None,
    };
    fields.get(METHOD_FIELD)?.as_str().filter(|verb| !verb.is_empty()).map(str::to_owned)
}

/// The row that takes a request, or why none does. A row that answers GET answers HEAD.
pub(super) fn route<P: Provider>(
    request: &Request,
) -> Result<(&'static Route<P>, Args), RouteMiss> {
    let method = if request.method == Method::Head { Method::Get } else { request.method };
    let path = usual_path::<P>(&request.path);
    let path = P::ROUTING.decoded(&path).ok_or(RouteMiss::Path)?;
    let takes = |row: &'static Route<P>| matches_routed(P::ROUTING, row.path, &path);
    for row in P::ROUTES.iter().filter(|row| row.method == method) {
        let Some(args) = takes(row) else { continue };
        return if request.oversize { Err(RouteMiss::Oversize) } else { Ok((row, args)) };
    }
    let mut methods = Vec::new();
    for row in P::ROUTES.iter().filter(|row| takes(row).is_some()) {
        methods.push(row.method);
        if row.method == Method::Get {
            methods.push(Method::Head);
        }
    }
    methods.sort();
    methods.dedup();
    Err(if methods.is_empty() { RouteMiss::Path } else { RouteMiss::Method(methods) })
}
