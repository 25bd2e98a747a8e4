//! What a role may see of a release. One place, so that a screen, an export and a list of signals
//! cannot disagree. Called by everything under [`crate::api`].

use kubus_model::{AreaLevel, Indicator, Release, Signal};

use super::role::Role;

/// The finest level at which a neighbourhood team sees sensitive indicators.
const FINEST_FOR_TEAM: &str = "buurt";

/// Roles that see the same: answers are cached per audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Everything that is published.
    Everything,
    /// No level finer than `buurt` for sensitive indicators.
    Team,
}

impl From<Role> for Audience {
    fn from(role: Role) -> Self {
        match role {
            Role::Team => Self::Team,
            Role::Analyst | Role::Adviser | Role::Dpo | Role::Admin => Self::Everything,
        }
    }
}

impl Audience {
    /// Whether this audience may see an indicator at a level. A release without the level `buurt`
    /// shows a team sensitive indicators of the whole municipality only.
    #[must_use]
    pub fn may_see(self, release: &Release, indicator: &Indicator, level: &AreaLevel) -> bool {
        if self == Self::Everything || !indicator.sensitive {
            return true;
        }
        let finest = rank(release, &AreaLevel::new(FINEST_FOR_TEAM)).unwrap_or(0);
        rank(release, level).is_some_and(|rank| rank <= finest)
    }

    /// The signals this audience may see, renumbered, so that a gap does not tell what is hidden.
    #[must_use]
    pub fn signals(self, release: &Release, list: &[Signal]) -> Vec<Signal> {
        let mut seen: Vec<Signal> = list.iter().filter_map(|signal| self.signal(release, signal)).collect();
        if self != Self::Everything {
            seen.iter_mut().enumerate().for_each(|(at, signal)| signal.rank = at + 1);
        }
        seen
    }

    /// A signal as this audience may see it, if at all.
    #[must_use]
    pub fn signal(self, release: &Release, signal: &Signal) -> Option<Signal> {
        let indicator = release.indicator(&signal.indicator)?;
        let mut signal = self.may_see(release, indicator, &signal.level).then(|| signal.clone())?;
        signal.also.retain(|overlap| self.may_see(release, indicator, &overlap.level));
        Some(signal)
    }
}

fn rank(release: &Release, level: &AreaLevel) -> Option<u8> {
    release.manifest().levels.iter().find(|entry| entry.level == *level).map(|entry| entry.rank)
}
