//! EARS: a count against the mean and the standard deviation of the seven periods before. For a
//! short past only; it knows no season and no trend.
//!
//! Hutwagner, L. et al. (2003), Journal of Urban Health 80; thresholds as in Salmon, M. et al.
//! (2016), Journal of Statistical Software 70: at `alpha` of a normal curve, where the originals
//! have three standard deviations. Seven counts tell too little of a standard deviation for that:
//! false alarms are several times as frequent as promised. [`seven`] takes Student's curve.

use super::{Bar, Reading, Setting, Silent};
use crate::math::{normal, student};

/// Periods that are looked back on.
const BASE: usize = 7;
/// Periods that C2 and C3 leave out, for an outbreak may be on its way.
const LEFT_OUT: usize = 2;

/// Mean and standard deviation of seven periods, the last of which lies `back` before the next.
fn base(past: &[Reading], back: usize) -> Result<(f64, f64), Silent> {
    let end = past.len().checked_sub(back).ok_or(Silent::ShortPast)?;
    let start = end.checked_sub(BASE).ok_or(Silent::ShortPast)?;
    let counts: Result<Vec<f64>, _> = past[start..end].iter().map(|reading| reading.map(f64::from)).collect();
    let counts = counts.map_err(|_| Silent::Gaps)?;
    let mean = counts.iter().sum::<f64>() / BASE as f64;
    let squares: f64 = counts.iter().map(|count| (count - mean).powi(2)).sum();
    Ok((mean, (squares / (BASE - 1) as f64).sqrt()))
}

/// The seven periods before this one.
pub(super) fn c1(past: &[Reading], setting: &Setting) -> Result<Bar, Silent> {
    let (mean, deviation) = base(past, 0)?;
    Ok(Bar { expected: mean, threshold: mean + deviation * normal::exceeded(setting.alpha) })
}

/// The seven periods before the last two.
pub(super) fn c2(past: &[Reading], setting: &Setting) -> Result<Bar, Silent> {
    let (mean, deviation) = base(past, LEFT_OUT)?;
    Ok(Bar { expected: mean, threshold: mean + deviation * normal::exceeded(setting.alpha) })
}

/// C1 as a prediction interval: of one more count when mean and standard deviation come from seven.
pub(super) fn seven(past: &[Reading], setting: &Setting) -> Result<Bar, Silent> {
    let (mean, deviation) = base(past, 0)?;
    let count = BASE as f64;
    let error = deviation * (1.0 + 1.0 / count).sqrt();
    Ok(Bar { expected: mean, threshold: mean + error * student::exceeded(setting.alpha, count - 1.0) })
}

/// C2, lowered by the excess of the last two periods beyond one standard deviation.
pub(super) fn c3(past: &[Reading], setting: &Setting) -> Result<Bar, Silent> {
    let (mean, deviation) = base(past, LEFT_OUT)?;
    let excess = |back: usize| {
        let at = past.len().checked_sub(back).ok_or(Silent::ShortPast)?;
        let count = f64::from(past[at].map_err(|_| Silent::Gaps)?);
        let (mean, deviation) = base(&past[..at], LEFT_OUT)?;
        let beyond = if deviation > 0.0 { (count - mean) / deviation - 1.0 } else { 0.0 };
        Ok(beyond.max(0.0))
    };
    let lowered = normal::exceeded(setting.alpha) - excess(1)? - excess(2)?;
    Ok(Bar { expected: mean, threshold: mean + deviation * lowered })
}
