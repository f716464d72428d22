//! Routing before a route is matched: which method a request means (`_method`, `X-HTTP-Method-Override`), and how its
//! path is percent-decoded.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Whose reading of method and path a provider has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routing {
    /// No framework is known: the method is the one that was sent, segments are decoded one by one.
    Plain,
    /// Laravel and, below it, Symfony (`Request::getMethod`, `UriValidator::matches`): a POST may mean another method;
    /// the whole path is decoded before it is matched, so that `%2F` divides segments.
    Laravel,
    /// CakePHP (`ServerRequest`, `Route::parse`): any request may mean another method; the whole path is decoded as a
    /// query is, so that `+` is a blank.
    CakePhp,
    /// Rails (`Rack::MethodOverride`, `Journey::Router`): a POST may mean another method; words of a route must stand
    /// as they are, and what stands in its braces is decoded afterwards.
    Rails,
}

/// What of a body or query may hold `_method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A form.
    Form,
    /// A JSON object.
    Json,
    /// The query.
    Query,
}

/// The field that names another method.
pub const METHOD_FIELD: &str = "_method";

/// What Symfony lets nobody ask for by another method: a POST must not pass for a safe one.
const NEVER_MEANT: [&str; 4] = ["GET", "HEAD", "CONNECT", "TRACE"];

/// What Rack takes for a method.
const RACK: [&str; 10] =
    ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "LINK", "UNLINK", "QUERY"];

impl Routing {
    /// The method that is meant where it is not the one that was sent. `header` is `X-HTTP-Method-Override`, `field`
    /// looks for `_method`; it is asked only where the framework looks.
    pub fn meant(
        self,
        sent: &str,
        header: Option<&str>,
        field: impl Fn(Holder) -> Option<String>,
    ) -> Option<String> {
        let header = header.filter(|text| !text.is_empty()).map(str::to_owned);
        let meant = match self {
            Routing::Plain => None,
            Routing::CakePhp => header.or_else(|| field(Holder::Form)),
            Routing::Laravel | Routing::Rails if sent != "POST" => None,
            Routing::Laravel => {
                let holders = [Holder::Form, Holder::Json, Holder::Query];
                let named = header.or_else(|| holders.into_iter().find_map(field))?;
                Some(named.to_ascii_uppercase())
                    .filter(|named| !NEVER_MEANT.contains(&named.as_str()))
            }
            Routing::Rails => {
                let named = field(Holder::Form).or(header)?;
                Some(named.to_ascii_uppercase()).filter(|named| RACK.contains(&named.as_str()))
            }
        };
        meant.filter(|meant| meant != sent)
    }

    /// The path as it is matched, where it is decoded before; as it was sent where it is decoded afterwards. `None` for
    /// one that is no text when it is decoded: no route has it.
    pub fn decoded(self, path: &str) -> Option<Cow<'_, str>> {
        match self {
            Routing::Laravel => {
                // Slashes at the end are cut off before, and those that appear then count.
                let decoded = percent_decode_str(path.trim_end_matches('/')).decode_utf8().ok();
                decoded.filter(|decoded| !decoded.ends_with('/'))
            }
            Routing::CakePhp if path.contains('+') => {
                let spaced = path.replace('+', " ");
                Some(percent_decode_str(&spaced).decode_utf8().ok()?.into_owned().into())
            }
            Routing::CakePhp => percent_decode_str(path).decode_utf8().ok(),
            Routing::Plain | Routing::Rails => Some(path.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Holder, Routing};

    #[test]
    #[rustfmt::skip]
    fn another_method_is_meant_as_each_framework_reads_it() {
        use Holder::{Form, Json, Query};
        use Routing::{CakePhp, Laravel, Plain, Rails};
        let put = Some("PUT");
        for (routing, sent, header, field, meant) in [
            (Laravel, "POST", Some("put"),    None,                     put),
            (Laravel, "POST", None,           Some((Form, "put")),      put),
            (Laravel, "POST", None,           Some((Json, "PUT")),      put),
            (Laravel, "POST", None,           Some((Query, "PUT")),     put),
            (Laravel, "POST", put,            Some((Form, "DELETE")),   put),
            (Laravel, "POST", Some(""),       Some((Form, "PUT")),      put),
            (Laravel, "POST", Some("BREW"),   None,                     Some("BREW")),
            (Laravel, "POST", Some("GET"),    None,                     None),
            (Laravel, "POST", Some("POST"),   None,                     None),
            (Laravel, "GET",  put,            None,                     None),
            (CakePhp, "GET",  put,            None,                     put),
            (CakePhp, "POST", None,           Some((Form, "PUT")),      put),
            (CakePhp, "POST", Some("put"),    None,                     Some("put")),
            (CakePhp, "POST", None,           Some((Json, "PUT")),      None),
            (CakePhp, "POST", None,           Some((Query, "PUT")),     None),
            (Rails,   "POST", Some("put"),    None,                     put),
            (Rails,   "POST", Some("DELETE"), Some((Form, "PUT")),      put),
            (Rails,   "POST", None,           Some((Json, "PUT")),      None),
            (Rails,   "POST", Some("BREW"),   None,                     None),
            (Rails,   "PUT",  Some("DELETE"), None,                     None),
            (Plain,   "POST", put,            Some((Form, "PUT")),      None),
        ] {
            let field = |holder| field.filter(|(known, _)| *known == holder).map(|(_, word)| word.to_owned());
            assert_eq!(routing.meant(sent, header, field).as_deref(), meant, "{routing:?} {sent} {header:?}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn a_path_is_decoded_before_it_is_matched_or_not() {
        for (path, plain, laravel, cake) in [
            ("/orders/5",      Some("/orders/5"),      Some("/orders/5"),   Some("/orders/5")),
            ("/a%2Fb",         Some("/a%2Fb"),         Some("/a/b"),        Some("/a/b")),
            ("/a+b%2B",        Some("/a+b%2B"),        Some("/a+b+"),       Some("/a b+")),
            ("/%6Frders",      Some("/%6Frders"),      Some("/orders"),     Some("/orders")),
            ("/%2541",         Some("/%2541"),         Some("/%41"),        Some("/%41")),
            ("/orders/%2F",    Some("/orders/%2F"),    None,                Some("/orders//")),
            ("/orders/",       Some("/orders/"),       Some("/orders"),     Some("/orders/")),
            ("/%ff",           Some("/%ff"),           None,                None),
        ] {
            for (routing, expected) in [
                (Routing::Plain, plain), (Routing::Rails, plain), (Routing::Laravel, laravel), (Routing::CakePhp, cake),
            ] {
                assert_eq!(routing.decoded(path).as_deref(), expected, "{routing:?} {path}");
            }
        }
    }
}
