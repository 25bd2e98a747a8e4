//! Who may see what: roles, the policy, passwords, throttling, sessions and requests from
//! elsewhere. What is remembered about people lives in [`crate::state`].

pub mod origin;
pub mod password;
pub mod policy;
pub mod role;
pub mod session;
pub mod throttle;

pub use policy::Audience;
pub use role::Role;
pub use session::Viewer;
