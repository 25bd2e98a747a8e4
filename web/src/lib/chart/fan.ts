/** The points of a fan chart, for the geometry of the trend chart. Pure. */
import type { AreaOutlook, SeriesPoint } from '../api/types';

const nothing = { status: 'value', low: null, high: null, reference: null, provisional: false } as const;

/**
 * Counts as figures, none where one was withheld; what is expected as a reference with its band,
 * joined to the last count.
 */
export function fanPoints(shown: AreaOutlook): SeriesPoint[] {
  const last = shown.past.length - 1;
  const past = shown.past.map(({ period, count }, at) => {
    const known = count ?? null;
    const joint = at === last ? { reference: known, low: known, high: known } : {};
    const status = known === null ? 'suppressed' : 'value';
    return { ...nothing, status, estimated_share: 0, period, figure: known, ...joint };
  });
  const ahead = shown.ahead.map(({ period, mean, quantiles }) => {
    const band = quantiles ? { low: quantiles[0] ?? null, high: quantiles[4] ?? null } : {};
    return { ...nothing, estimated_share: 0, period, figure: null, reference: mean, ...band };
  });
  return [...past, ...ahead] as SeriesPoint[];
}
