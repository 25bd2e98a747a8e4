/** What of a verdict is about what is shown: the forecast, or the simple figure in its place. */
import type { Calibration, Verdict } from './api/types';

/** Whether the simple figure is shown. */
export const isSimple = (verdict: Verdict): boolean => verdict.worth === 'unknown' || verdict.worth === 'negligible';

/** How the uncertainty of what is shown fared. */
export const calibrationOf = (verdict: Verdict): Calibration =>
  isSimple(verdict) ? verdict.baseline_calibration : verdict.calibration;

/** Whether the share within the margin of 80% is as promised, apart from chance. */
export const isCovered = (calibration: Calibration): boolean => Math.abs((calibration.coverage[0] ?? 0) - 0.8) <= 0.03;
