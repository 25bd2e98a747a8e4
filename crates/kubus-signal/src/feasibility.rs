//! Can it be known at all? What a number of areas, years and events allows to find, before anyone
//! asks for data: an area that deviates, a trend, the effect of an intervention.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`power`] | the chance of finding what is there |
//! | [`question`] | what is asked, and what is known of the data |
//! | [`answer`] | what is possible at every level, and what would make it so |
//! | [`pilot`] | base rate and spread from a trial delivery |

pub mod answer;
pub mod pilot;
pub mod power;
pub mod question;

pub use answer::{Answer, LevelAnswer, answer};
pub use question::{Level, Question};
