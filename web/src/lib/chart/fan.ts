/** The points of a fan chart, for the geometry of the trend chart. Pure. */
import type { AreaOutlook, SeriesPoint } from '../api/types';

const nothing = { status: 'value', low: null, high: null, reference: null, provisional: false } as const;

/** Counts as figures; what is expected as a reference with its band, joined to the last count. */
export function fanPoints(shown: AreaOutlook): SeriesPoint[] {
  const last = shown.past.length - 1;
  const past = shown.past.map(({ period, count }, at) => {
    const joint = at === last ? { reference: count, low: count, high: count } : {};
    return { ...nothing, estimated_share: 0, period, figure: count, ...joint };
  });
  const ahead = shown.ahead.map(({ period, mean, quantiles }) => {
    const band = quantiles ? { low: quantiles[0] ?? null, high: quantiles[4] ?? null } : {};
    return { ...nothing, estimated_share: 0, period, figure: null, reference: mean, ...band };
  });
  return [...past, ...ahead] as SeriesPoint[];
}
