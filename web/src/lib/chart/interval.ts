/** Rows of intervals on one scale, as parts of a hundred. Pure. */

/** One row: a mark with its interval, and if there is one a wider interval around it. */
export interface IntervalRow {
  key: string;
  label: string;
  at: number;
  low: number;
  high: number;
  outer?: readonly [number, number];
}

/** Where a stretch begins and how long it is. */
export interface Stretch {
  start: number;
  length: number;
}

/** A row on the scale. */
export interface PlacedRow {
  key: string;
  label: string;
  at: number;
  inner: Stretch;
  outer: Stretch | null;
}

/** The scale runs from the first to the last of evenly spaced ticks. */
export function placeRows(rows: readonly IntervalRow[], ticks: readonly number[]): PlacedRow[] {
  const [first, last] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const part = (value: number): number =>
    last > first ? Math.min(100, Math.max(0, (100 * (value - first)) / (last - first))) : 50;
  const stretch = (low: number, high: number): Stretch => ({ start: part(low), length: part(high) - part(low) });
  return rows.map((row) => ({
    key: row.key,
    label: row.label,
    at: part(row.at),
    inner: stretch(row.low, row.high),
    outer: row.outer ? stretch(row.outer[0], row.outer[1]) : null,
  }));
}

/** Evenly spaced ranks from the first to the last: as many as divide the distance, at most five. */
export function rankTicks(last: number): number[] {
  if (last <= 1) return [1];
  const steps = [4, 3, 2].find((wanted) => (last - 1) % wanted === 0) ?? 1;
  return Array.from({ length: steps + 1 }, (_, at) => 1 + (at * (last - 1)) / steps);
}
