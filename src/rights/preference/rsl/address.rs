//! Addresses of assets and of what documents speak of.

use super::super::pattern::Path;

/// The asset that is asked about.
pub(super) struct Address {
    /// Scheme and authority in lower case, where it is a URL.
    pub(super) origin: Option<String>,
    pub(super) path: Path,
}

impl Address {
    pub(super) fn new(address: &str) -> Option<Self> {
        let (origin, path) = split_address(address)?;
        Some(Self { origin, path: Path::new(path)? })
    }

    /// Whether it is on that server, by whatever scheme: most serve the same by `http` and by `https`.
    pub(super) fn is_on(&self, origin: Option<&str>) -> bool {
        fn server(origin: &str) -> Option<&str> {
            origin.split_once("://").map(|(_, server)| server)
        }
        let own = self.origin.as_deref().and_then(server);
        own.is_some() && own == origin.and_then(server)
    }
}

/// Scheme and authority of a URL, if it is one, and its path with the query.
///
/// What begins with two slashes names a server without a scheme, and is neither.
pub(super) fn split_address(address: &str) -> Option<(Option<String>, &str)> {
    if address.starts_with('/') {
        return (!address.starts_with("//")).then_some((None, address));
    }
    let (scheme, rest) = address.split_once("://")?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let sound = !scheme.is_empty() && !authority.is_empty() && !authority.contains(['*', '?', '#']);
    let origin = without_port(format!("{scheme}://{authority}").to_ascii_lowercase());
    sound.then_some((Some(origin), if path.is_empty() { "/" } else { path }))
}

/// The same where the port is the one that the scheme has anyway, or empty (RFC 3986 section 6.2.3).
fn without_port(mut origin: String) -> String {
    let port = match origin.split_once("://") {
        Some(("http", _)) => ":80",
        Some(("https", _)) => ":443",
        Some(_) | None => ":",
    };
    let shorter = origin.strip_suffix(port).or_else(|| origin.strip_suffix(':'));
    if let Some(length) = shorter.map(str::len) {
        origin.truncate(length);
    }
    origin
}
