//! Virtual hosts and path prefixes, where a request goes: which world, which provider, and the provider's own path.

use crate::kit::authority::Authority;
use crate::providers::{self, Name};

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrance {
    /// A provider.
    Provider(Name),
    /// Our own surface, below `/_shipmock`.
    Control,
    /// The front page.
    Front,
    /// Nobody.
    Nobody,
}

/// A resolved address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed<'a> {
    /// The world's name; `default` when none was given.
    pub world: &'a str,
    /// What it is for.
    pub door: Entrance,
    /// What links begin with: the prefix in the path, empty for a host name.
    pub prefix: &'a str,
    /// The path behind the prefix, beginning with `/`.
    pub path: &'a str,
}

/// The world that is there from the start.
pub const DEFAULT: &str = "default";

/// What a world may be called, in words.
pub const WORLD_NAMES: &str =
    "up to 64 letters (a to z), digits, dots, dashes and underscores, not beginning with a dot";

/// Whether a world may be called so, as [`WORLD_NAMES`] says.
pub fn valid_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// The world and the provider that a host name stands for.
fn by_host(host: &str) -> Option<(&str, Name)> {
    // Almost every request is addressed to a number or to this machine, which name nobody.
    let name = host.split(':').next().unwrap_or_default();
    if name == "localhost" || name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let host = Authority::of(host).filter(|host| host.user.is_none())?;
    // `world.provider.localhost` is read from its end, so that a request compares its host with each name once.
    if let Some(local) = host.below("localhost") {
        let (world, name) = local.rsplit_once('.').unwrap_or((DEFAULT, local));
        let name = Name::ALL.iter().find(|it| it.word().eq_ignore_ascii_case(name))?;
        return valid_name(world).then_some((world, *name));
    }
    let real = |name: &&Name| providers::service(**name).hosts().iter().any(|real| host.is(real));
    Name::ALL.iter().find(real).map(|name| (DEFAULT, *name))
}

/// Splits the first segment off a path: `/a/b` is `a` and `/b`.
fn segment(path: &str) -> (&str, &str) {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let end = inner.find('/').unwrap_or(inner.len());
    (&inner[..end], &inner[end..])
}

/// Resolves host and path. A path is that of the request target, without its query.
pub fn resolve<'a>(host: &'a str, path: &'a str) -> Addressed<'a> {
    if let Some((world, name)) = by_host(host) {
        return Addressed { world, door: Entrance::Provider(name), prefix: "", path };
    }
    let (world, rest) = match segment(path) {
        ("w", rest) => match segment(rest) {
            (world, rest) if valid_name(world) => (world, rest),
            _ => return Addressed { world: DEFAULT, door: Entrance::Nobody, prefix: "", path },
        },
        _ => (DEFAULT, path),
    };
    let (first, behind) = segment(rest);
    let door = match first {
        "" => Entrance::Front,
        "_shipmock" => Entrance::Control,
        word => Name::of(word).map_or(Entrance::Nobody, Entrance::Provider),
    };
    let prefix = &path[..path.len() - behind.len()];
    let own = if behind.is_empty() { "/" } else { behind };
    Addressed { world, door, prefix, path: own }
}

#[cfg(test)]
mod tests {
    use super::{Entrance, resolve};
    use crate::providers::Name;

    #[test]
    fn the_four_ways_lead_to_the_same_path() {
        let shipper = Entrance::Provider(Name::Shipper);
        for (host, path, world, door, prefix, own) in [
            (
                "127.0.0.1:7447",
                "/shipper/api/v1/orders",
                "default",
                shipper,
                "/shipper",
                "/api/v1/orders",
            ),
            (
                "127.0.0.1:7447",
                "/w/ci-42/shipper/api/v1",
                "ci-42",
                shipper,
                "/w/ci-42/shipper",
                "/api/v1",
            ),
            ("shipper.localhost:7447", "/api/v1/orders", "default", shipper, "", "/api/v1/orders"),
            ("CI-42.Shipper.localhost", "/api/v1", "CI-42", shipper, "", "/api/v1"),
            ("server.shipper.network", "/api/v1", "default", shipper, "", "/api/v1"),
            ("SHIPPER.LOCALHOST.:7447", "/api/v1", "default", shipper, "", "/api/v1"),
            ("a.b.shipper.localhost.", "/api/v1", "a.b", shipper, "", "/api/v1"),
            ("Server.Shipper.Network.:443", "/api/v1", "default", shipper, "", "/api/v1"),
            ("salla.localhost.example:1", "/x", "default", Entrance::Nobody, "/x", "/"),
            ("shipper.localhost:x", "/x", "default", Entrance::Nobody, "/x", "/"),
            (
                "localhost:1",
                "/_shipmock/health",
                "default",
                Entrance::Control,
                "/_shipmock",
                "/health",
            ),
            (
                "localhost:1",
                "/w/a/_shipmock/clock",
                "a",
                Entrance::Control,
                "/w/a/_shipmock",
                "/clock",
            ),
            ("localhost:1", "/", "default", Entrance::Front, "/", "/"),
            ("localhost:1", "/shipper", "default", shipper, "/shipper", "/"),
            ("localhost:1", "/shippers/x", "default", Entrance::Nobody, "/shippers", "/x"),
            ("localhost:1", "/w/.a/shipper/x", "default", Entrance::Nobody, "", "/w/.a/shipper/x"),
            ("evil.shipper.localhost.example", "/x", "default", Entrance::Nobody, "/x", "/"),
        ] {
            let got = resolve(host, path);
            assert_eq!(
                (got.world, got.door, got.prefix, got.path),
                (world, door, prefix, own),
                "{host}{path}"
            );
        }
    }
}
