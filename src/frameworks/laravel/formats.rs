//! What the single rules of a Laravel validation accept: UUIDs, addresses of pages and of mail.

/// Any 8-4-4-4-12 hexadecimal text; version and variant are not looked at.
pub fn uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// A page address: scheme, host (a name of at least two characters, or an IPv6 address in brackets), then
/// optionally user, port, path, query and fragment, without blanks.
///
/// The framework also holds a list of schemes; here every well-formed scheme passes.
pub fn url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let mut scheme = scheme.bytes();
    if !scheme.next().is_some_and(|b| b.is_ascii_alphabetic())
        || !scheme.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    {
        return false;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let host_and_port = match authority.rsplit_once('@') {
        Some((user, host)) if user_information(user) => host,
        Some(_) => return false,
        None => authority,
    };
    let (host, port) = match host_and_port.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (host_and_port, None),
    };
    let port =
        port.is_none_or(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    port && host_name(host) && tail_characters(tail)
}

fn user_information(user: &str) -> bool {
    let (name, password) =
        user.split_once(':').map_or((user, None), |(name, password)| (name, Some(password)));
    let part = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '%'))
    };
    part(name) && password.is_none_or(part)
}

fn host_name(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    name.chars().nth(1).is_some()
        && name.chars().next_back().is_some_and(char::is_alphanumeric)
        && name.chars().all(|c| matches!(c, '-' | '_' | '.') || letter_or_symbol(c))
}

/// Letters, digits and symbols of any script; beyond ASCII everything that can be seen.
fn letter_or_symbol(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
            || matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~')
    } else {
        !c.is_whitespace() && !c.is_control()
    }
}

fn tail_characters(tail: &str) -> bool {
    let mut rest = tail.chars();
    while let Some(c) = rest.next() {
        let fine = match c {
            '%' => {
                [rest.next(), rest.next()].iter().all(|h| h.is_some_and(|h| h.is_ascii_hexdigit()))
            }
            '-' | '.' | '_' | '!' | '&' | '\'' | '(' | ')' | '*' | ',' | ';' | ':' | '@' | '/'
            | '?' | '#' => true,
            '[' | ']' => true,
            other => letter_or_symbol(other),
        };
        if !fine {
            return false;
        }
    }
    true
}

/// A mail address by RFC 5322, as leniently as the framework's default: `user@localhost` passes.
pub fn email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let atoms = local.split('.').all(|atom| {
        !atom.is_empty()
            && atom.chars().all(|c| {
                !c.is_ascii() || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
            })
    });
    let literal = domain.len() > 2 && domain.starts_with('[') && domain.ends_with(']');
    let labels = domain.split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || c == '-')
    });
    (quoted || atoms) && (literal || labels) && !text.chars().any(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_needs_its_form_and_no_version() {
        assert!(uuid("2e97b37a-3118-4905-842c-19706bcf1455"));
        assert!(uuid("A1B2C3D4-5678-9012-ABCD-EF0123456789"));
        for text in [
            "",
            "2e97b37a31184905842c19706bcf1455",
            "{2e97b37a-3118-4905-842c-19706bcf145}",
            "éééééééééééééééééé",
        ] {
            assert!(!uuid(text), "{text}");
        }
    }

    #[test]
    fn a_url_needs_scheme_and_host_and_no_blanks() {
        for text in [
            "https://mystore.com/webhooks/shipper",
            "https://mystore.com",
            "http://localhost:8080/a?b[]=c#d",
            "https://user:pass@example.com./%20",
            "https://[::1]:9/x",
            "https://متجر.com/طلب",
            "https://127.0.0.1",
        ] {
            assert!(url(text), "{text}");
        }
        for text in [
            "",
            "mystore.com",
            "https://",
            "https:///x",
            "https://a",
            "https://a b.com",
            "https://x.com/a b",
            "https://x.com/%zz",
            "https://x.com:",
            "https://x.com:8a",
            "://x.com",
            "1https://x.com",
            "https://-",
            "https://@x.com",
            "https://[::g]",
            "https://x.com/<script>\u{1}",
        ] {
            assert!(!url(text), "{text}");
        }
    }

    #[test]
    fn a_mail_address_needs_both_sides() {
        for text in [
            "a@b.com",
            "user@localhost",
            "o'neil+tag@example.co.uk",
            "\"a,b\"@x.com",
            "é@exämple.com",
        ] {
            assert!(email(text), "{text}");
        }
        for text in
            ["", "a", "@b.com", "a@", "a..b@c.com", ".a@c.com", "a@-c.com", "a@c..com", "a b@c.com"]
        {
            assert!(!email(text), "{text}");
        }
    }
}
