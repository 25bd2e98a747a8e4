//! Who someone is to the window. What a role may see is in [`super::policy`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The role of a user. One user has one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Research department.
    Analyst,
    /// Policy adviser.
    Adviser,
    /// Neighbourhood team: knows the street, so sees sensitive indicators less finely.
    Team,
    /// Data protection officer (functionaris gegevensbescherming).
    Dpo,
    /// Keeps the users.
    Admin,
}

impl Role {
    /// All roles, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::Analyst, Self::Adviser, Self::Team, Self::Dpo, Self::Admin];

    /// The role as it is stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Analyst => "analyst",
            Self::Adviser => "adviser",
            Self::Team => "team",
            Self::Dpo => "dpo",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that is not a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a role: {0:?}")]
pub struct RoleError(pub String);

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| RoleError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_role_reads_back_and_another_word_does_not() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert!("owner".parse::<Role>().is_err());
    }
}
