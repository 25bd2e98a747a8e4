//! A map under the areas: where its tiles come from and who made it. A setting; without it no
//! request leaves the machine. Called by the command line; used by [`crate::guard`] and the answer
//! that describes the release.

use serde::Serialize;
use utoipa::ToSchema;

/// What every template must leave open.
const HOLES: [&str; 3] = ["{z}", "{x}", "{y}"];
/// Hosts of this machine, for which no encryption is asked.
const HERE: [&str; 2] = ["localhost", "127.0.0.1"];

/// A map under the areas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BackgroundMap {
    /// Address of a tile, with `{z}`, `{x}` and `{y}` left open.
    template: String,
    /// Who made the map.
    attribution: String,
    #[serde(skip)]
    origin: String,
}

/// Why an address cannot be that of a background map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackgroundError {
    /// Neither `https`, nor `http` on this machine.
    #[error("background-scheme")]
    Scheme,
    /// The host is absent or holds what a host cannot hold.
    #[error("background-host")]
    Host,
    /// A name or password stands in the address.
    #[error("background-credentials")]
    Credentials,
    /// A query or fragment, in which keys tend to stand, would be shown to every user.
    #[error("background-query")]
    Query,
    /// `{z}`, `{x}` or `{y}` is absent from the path, or there twice.
    #[error("background-holes")]
    Holes,
}

impl BackgroundMap {
    /// A background map; without an attribution the host is named.
    ///
    /// # Errors
    /// [`BackgroundError`] when the template is not one whose tiles may be shown.
    pub fn new(template: &str, attribution: Option<&str>) -> Result<Self, BackgroundError> {
        let (scheme, rest) = template.split_once("://").ok_or(BackgroundError::Scheme)?;
        let (authority, path) = rest.split_once('/').ok_or(BackgroundError::Holes)?;
        if authority.contains('@') {
            return Err(BackgroundError::Credentials);
        }
        if template.contains(['?', '#']) {
            return Err(BackgroundError::Query);
        }
        let host = host(authority).ok_or(BackgroundError::Host)?;
        if scheme != "https" && !(scheme == "http" && HERE.contains(&host)) {
            return Err(BackgroundError::Scheme);
        }
        let printable = path.chars().all(|letter| letter.is_ascii_graphic());
        if !printable || HOLES.iter().any(|hole| path.matches(hole).count() != 1) {
            return Err(BackgroundError::Holes);
        }
        let named = attribution.map(str::trim).filter(|text| !text.is_empty());
        Ok(Self {
            template: template.to_owned(),
            attribution: named.unwrap_or(host).to_owned(),
            origin: format!("{scheme}://{authority}"),
        })
    }

    /// The one place from which tiles may come.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

/// The host of `host` or `host:port`, so plain that it means nothing else in a policy.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '.' || letter == '-';
    let is_host = host.starts_with(|letter: char| letter.is_ascii_alphanumeric()) && host.chars().all(plain);
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0 && !port.starts_with('+')));
    (is_host && is_port).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_all_that_a_policy_gets() {
        let map = BackgroundMap::new("https://tiles.example:8443/a/{z}/{x}/{y}.png", Some("© Voorbeeld")).unwrap();
        assert_eq!((map.origin(), map.attribution.as_str()), ("https://tiles.example:8443", "© Voorbeeld"));
        let here = BackgroundMap::new("http://127.0.0.1:9000/{z}/{y}/{x}.png", None).unwrap();
        assert_eq!((here.origin(), here.attribution.as_str()), ("http://127.0.0.1:9000", "127.0.0.1"));
    }

    #[test]
    fn what_is_not_a_template_is_refused_with_its_own_reason() {
        use BackgroundError::{Credentials, Holes, Host, Query, Scheme};
        for (template, reason) in [
            ("tiles/{z}/{x}/{y}", Scheme),
            ("http://tiles.example/{z}/{x}/{y}", Scheme),
            ("http://localhost.example/{z}/{x}/{y}", Scheme),
            ("ftp://tiles.example/{z}/{x}/{y}", Scheme),
            ("https:///{z}/{x}/{y}", Host),
            ("https://*/{z}/{x}/{y}", Host),
            ("https://a;script-src */{z}/{x}/{y}", Host),
            ("https://{z}.example/{z}/{x}/{y}", Host),
            ("https://tiles.example:/{z}/{x}/{y}", Host),
            ("https://tiles.example:+80/{z}/{x}/{y}", Host),
            ("https://anna:geheim@tiles.example/{z}/{x}/{y}", Credentials),
            ("https://tiles.example/{z}/{x}/{y}?key=geheim", Query),
            ("https://tiles.example/{z}/{x}/{y}#key", Query),
            ("https://tiles.example", Holes),
            ("https://tiles.example/{z}/{x}", Holes),
            ("https://tiles.example/{z}/{x}/{y}/{y}", Holes),
            ("https://tiles.example/{z}/{x}/ {y}", Holes),
        ] {
            assert_eq!(BackgroundMap::new(template, None), Err(reason), "{template}");
        }
    }
}
