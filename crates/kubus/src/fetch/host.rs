//! From which hosts may be fetched: the publishers of public figures and boundaries, over HTTPS.
//! Called by [`super`] for the declared address and by [`super::http`] for every redirect.

use kubus_model::Finding;
use url::Url;

use super::FetchOptions;

/// Hosts by their whole name.
const HOSTS: [&str; 3] = ["service.pdok.nl", "api.pdok.nl", "www.politie.nl"];

/// Every host of this domain: opendata, datasets, dataderden, download, geodata.
const DOMAIN: &str = "cbs.nl";

/// The address, when it may be fetched.
pub(super) fn allowed(address: &str, options: &FetchOptions) -> Result<Url, Box<Finding>> {
    let url = Url::parse(address).map_err(|_| refusal("fetch-bad-address", "address", address))?;
    let host = url.host_str().unwrap_or_default();
    let named = options.allow_hosts.iter().any(|allowed| allowed == host);
    let known = HOSTS.contains(&host) || host.strip_suffix(DOMAIN).is_some_and(|before| before.ends_with('.'));
    match url.scheme() {
        "https" if known || named => Ok(url),
        "http" if named => Ok(url),
        "http" if known => Err(refusal("fetch-not-secure", "address", address)),
        _ => Err(refusal("fetch-host-not-allowed", "host", host)),
    }
}

fn refusal(code: &str, name: &str, value: &str) -> Box<Finding> {
    Box::new(Finding::error(code).with(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(address: &str) -> Option<String> {
        allowed(address, &FetchOptions::default()).err().map(|finding| finding.code)
    }

    #[test]
    fn only_publishers_of_public_figures_are_allowed() {
        for address in ["https://opendata.cbs.nl/ODataFeed", "https://www.cbs.nl/", "https://service.pdok.nl/a.gpkg"] {
            assert_eq!(code(address), None, "{address}");
        }
        for address in [
            "https://cbs.nl.example.org/",
            "https://notcbs.nl/",
            "https://example.org/",
            "file:///etc/passwd",
            "ftp://opendata.cbs.nl/",
            "https://user@example.org/https://www.cbs.nl/",
            "https://service.pdok.nl.evil.nl/",
        ] {
            assert_eq!(code(address).as_deref(), Some("fetch-host-not-allowed"), "{address}");
        }
        assert_eq!(code("http://www.cbs.nl/").as_deref(), Some("fetch-not-secure"));
        assert_eq!(code("geen adres").as_deref(), Some("fetch-bad-address"));
    }
}
