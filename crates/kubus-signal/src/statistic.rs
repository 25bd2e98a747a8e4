//! The statistics, one file each with the paper it implements. Pure numbers in, numbers out: no
//! release, no area codes.
//!
//! | module | statistic |
//! | --- | --- |
//! | [`counts`] | the true counts that are compatible with a published cell |
//! | [`noise`] | the chance of each published count, given the true one |
//! | [`posterior`] | the posterior of a rate: a mixture of Gammas or Betas |
//! | [`strength`] | how strongly areas are alike |
//! | [`classes`] | how the areas of a level differ: empirical Bayes with rare classes |
//! | [`gamma_poisson`] | the classic empirical Bayes of disease mapping |
//! | [`discovery`] | lists with a promised share of false alarms |
//! | [`ranks`] | who comes first, how sure that is, and what is a tie |
//! | [`kitagawa`] | the split of a difference in behaviour and composition |

pub mod classes;
pub mod counts;
pub mod discovery;
pub mod gamma_poisson;
pub mod kitagawa;
pub mod noise;
pub mod posterior;
pub mod ranks;
pub mod strength;
