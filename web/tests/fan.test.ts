/** The fan chart: what was, and what lies ahead, joined. */
import { describe, expect, test } from 'vitest';
import type { AreaOutlook } from '../src/lib/api/types';
import { fanPoints } from '../src/lib/chart/fan';
import { trendShape } from '../src/lib/chart/trend';

const shown = (quantiles: number[] | null): AreaOutlook => ({
  level: 'wijk',
  area: 'WK1',
  area_name: 'Een',
  past: [
    { period: '2025-11', count: 8 },
    { period: '2025-12', count: 10 },
  ],
  ahead: [{ period: '2026-01', mean: 9.4, quantiles, model: 'eb24_season' }],
});

describe('fan chart', () => {
  test('the expected line starts at the last count, and the band with it', () => {
    const points = fanPoints(shown([4, 5, 9, 14, 16]));
    expect(points.map((point) => point.reference ?? null)).toEqual([null, 10, 9.4]);
    expect(points.map((point) => [point.low ?? null, point.high ?? null])).toEqual([
      [null, null],
      [10, 10],
      [4, 16],
    ]);
    const shape = trendShape(points);
    expect([shape.lines.length, shape.references.length, shape.bands.length]).toEqual([1, 1, 1]);
  });

  test('a withheld count breaks the line and is no zero', () => {
    const some = shown(null);
    const points = fanPoints({ ...some, past: [{ period: '2025-10', count: null }, ...some.past] });
    expect(points.map((point) => [point.status, point.figure ?? null])).toEqual([
      ['suppressed', null],
      ['value', 8],
      ['value', 10],
      ['value', null],
    ]);
  });

  test('without a right uncertainty there is no band ahead', () => {
    const points = fanPoints(shown(null));
    expect(points.at(-1)?.high ?? null).toBe(null);
    expect(points.at(-1)?.reference).toBe(9.4);
  });
});
