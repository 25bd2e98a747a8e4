//! Areas: levels, codes and vintages. Geometry lives in release files, not here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of an area level as a town declares it: `pc6`, `street`, `buurt`, `wijk`, `gemeente`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct AreaLevel(pub String);

/// The code of one area within its level and vintage, for instance `BU00340101` or `1315XA`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct AreaCode(pub String);

/// The year whose boundaries an area code belongs to (indelingsjaar).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct AreaVintage(pub u16);

impl AreaLevel {
    /// A level by its declared name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The declared name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AreaCode {
    /// A code, taken as it is.
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AreaLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AreaVintage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
