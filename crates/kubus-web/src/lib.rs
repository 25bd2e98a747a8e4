//! The window: serves sealed releases to people. Sees nothing but a [`kubus_model::Release`].
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`published`] | the newest release: opened, checked, watched, swapped without a pause |
//! | [`past`], [`difference`] | earlier releases without figures, and what differs between two |
//! | [`access`] | who may see what: roles, passwords, sessions, throttling |
//! | [`state`] | what the window remembers: users, sessions, audit log |
//! | [`api`] | the answers, and their description (`OpenAPI`) |
//! | [`export`] | figures as a file, with their provenance |
//! | [`assets`], [`guard`], [`server`] | the pages, the protection around every answer, the listener |
//! | [`background`] | a map under the areas, as a setting |
//! | [`problem`] | errors as people's programs get them |

pub mod access;
pub mod api;
pub mod assets;
pub mod background;
pub mod cache;
pub mod difference;
pub mod export;
pub mod guard;
pub mod message;
pub mod past;
pub mod problem;
pub mod published;
pub mod server;
pub mod state;
pub mod users;

use std::path::PathBuf;
use std::sync::Arc;

use access::password::{Checker, PasswordError};
use access::throttle::Throttle;
use background::BackgroundMap;
use published::{Published, Shown};
use state::State;

use problem::Problem;

/// What every answer needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Users, sessions, audit log.
    pub state: Arc<dyn State>,
    /// The newest release.
    pub published: Arc<Published>,
    /// Checks passwords.
    pub checker: Arc<Checker>,
    /// Slows down guessing.
    pub throttle: Arc<Throttle>,
    /// Folder with the front end; none serves the API only.
    pub assets: Option<PathBuf>,
    /// Folder for files that live as long as one answer.
    pub scratch: PathBuf,
    /// A map under the areas; none asks nothing from elsewhere.
    pub background: Option<Arc<BackgroundMap>>,
}

impl App {
    /// An application over a state and the newest release.
    ///
    /// # Errors
    /// [`PasswordError`] when the system gives no random numbers.
    pub fn new(
        state: Arc<dyn State>,
        published: Published,
        assets: Option<PathBuf>,
        scratch: PathBuf,
    ) -> Result<Self, PasswordError> {
        Ok(Self {
            state,
            published: Arc::new(published),
            checker: Arc::new(Checker::new()?),
            throttle: Arc::new(Throttle::default()),
            assets,
            scratch,
            background: None,
        })
    }

    /// The same, with a map under the areas.
    #[must_use]
    pub fn with_background(self, background: Option<BackgroundMap>) -> Self {
        Self { background: background.map(Arc::new), ..self }
    }

    /// The release that is shown now.
    ///
    /// # Errors
    /// [`Problem::NoRelease`].
    pub fn shown(&self) -> Result<Arc<Shown>, Problem> {
        self.published.now().ok_or(Problem::NoRelease)
    }
}
