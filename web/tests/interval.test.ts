/** Rows of intervals on one scale. */
import { describe, expect, test } from 'vitest';
import { placeRows, rankTicks } from '../src/lib/chart/interval';

const row = { key: 'a', label: 'A', at: 3, low: 1, high: 5 };

describe('interval chart', () => {
  test('rows are placed as parts of the scale', () => {
    const [placed] = placeRows([{ ...row, outer: [1, 11] }], [1, 6, 11]);
    expect(placed).toMatchObject({ at: 20, inner: { start: 0, length: 40 }, outer: { start: 0, length: 100 } });
  });

  test('what lies outside the scale stays at its end, and one value lies in the middle', () => {
    expect(placeRows([{ ...row, high: 99 }], [0, 10])[0]?.inner).toEqual({ start: 10, length: 90 });
    expect(placeRows([row], [1])[0]?.at).toBe(50);
  });

  test('ranks are whole and run from the first to the last', () => {
    expect(rankTicks(1)).toEqual([1]);
    expect(rankTicks(5)).toEqual([1, 2, 3, 4, 5]);
    for (const last of [2, 8, 13, 38, 101]) {
      const ticks = rankTicks(last);
      expect([ticks[0], ticks.at(-1)]).toEqual([1, last]);
      expect(ticks.every((tick) => Number.isInteger(tick))).toBe(true);
    }
  });
});
