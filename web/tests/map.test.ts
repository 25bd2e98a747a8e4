/** Classes, looks, patterns, order and painting of the map. */
import type { Map as MapLibreMap } from 'maplibre-gl';
import { describe, expect, test } from 'vitest';
import type { AreaFigure } from '../src/lib/api/types';
import { LOOKS, classColour, classOf, drawing, isUncertain, lookOf } from '../src/lib/map/classes';
import { ALL_AT_ONCE, Painter } from '../src/lib/map/painter';
import { PATTERN_NAMES, tile } from '../src/lib/map/patterns';
import { sortFigures } from '../src/lib/map/sorting';

function area(id: number, more: Partial<AreaFigure> = {}): AreaFigure {
  const base = { id, code: `B${id}`, name: `Buurt ${id}`, status: 'value' as const, figure: id };
  return { ...base, too_uncertain: false, estimated_share: 0, provisional: false, ...more };
}

describe('classes', () => {
  test('a figure on a break belongs to the lower class', () => {
    const breaks = [4, 8, 12];
    expect([0, 4, 4.1, 8, 12, 13].map((figure) => classOf(breaks, figure))).toEqual([0, 0, 1, 1, 2, 3]);
    expect(classOf([], 3)).toBe(0);
  });

  test('every class has its own colour', () => {
    for (let count = 2; count <= 7; count += 1) {
      const colours = Array.from({ length: count }, (_, at) => classColour(at, count));
      expect(new Set(colours).size).toBe(count);
    }
  });

  test('a figure that is too uncertain has no colour, whatever its status says', () => {
    expect(lookOf(area(3))).toBe('class');
    expect(lookOf(area(3, { too_uncertain: true }))).toBe('too_uncertain');
    expect(lookOf(area(3, { figure: null }))).toBe('too_uncertain');
    expect(lookOf(area(3, { status: 'zero', figure: 0, too_uncertain: true }))).toBe('zero');
  });

  test('hatched is what could as well be two classes higher or lower', () => {
    expect(isUncertain([4, 8, 12], 3, 9)).toBe(true);
    expect(isUncertain([4, 8, 12], 5, 9)).toBe(false);
    expect(isUncertain([4, 8, 12], null, 9)).toBe(false);
    expect(drawing([4, 8], area(3, { low: 1, high: 20 }))).toMatchObject({ look: 'class', uncertain: true });
    expect(drawing([4, 8], area(3, { status: 'suppressed', figure: null, low: 1, high: 20 })).uncertain).toBe(false);
  });
});

describe('patterns', () => {
  test('every look without a colour has a pattern, and no two are alike', () => {
    for (const look of LOOKS.filter((one) => one !== 'class')) expect(PATTERN_NAMES).toContain(look);
    const pictures = PATTERN_NAMES.map((name) => tile(name).data.join());
    expect(new Set(pictures).size).toBe(PATTERN_NAMES.length);
  });
});

describe('the table twin', () => {
  test('areas without a figure come last, in both directions', () => {
    const list = [area(1, { figure: null, status: 'suppressed' }), area(2), area(3)];
    const codes = (descending: boolean) =>
      sortFigures(list, { column: 'figure', descending }, 'nl').map((one) => one.id);
    expect(codes(true)).toEqual([3, 2, 1]);
    expect(codes(false)).toEqual([2, 3, 1]);
  });

  test('names sort as people count', () => {
    const list = [area(10), area(9), area(1)];
    const sorted = sortFigures(list, { column: 'name', descending: false }, 'nl');
    expect(sorted.map((one) => one.id)).toEqual([1, 9, 10]);
  });
});

/** A map that only remembers which features got a state. */
class FakeMap {
  readonly states = new Map<number, Record<string, unknown>>();
  inView: number[] = [];

  setFeatureState({ id }: { id: number }, state: Record<string, unknown>): void {
    this.states.set(id, { ...this.states.get(id), ...state });
  }

  removeFeatureState(): void {
    this.states.clear();
  }

  queryRenderedFeatures(): { id: number }[] {
    return this.inView.map((id) => ({ id }));
  }
}

function drawings(count: number) {
  return new Map(Array.from({ length: count }, (_, id) => [id, drawing([4], area(id))] as const));
}

describe('painting', () => {
  test('few areas are painted at once, of many only those in view', () => {
    const few = new FakeMap();
    new Painter(few as unknown as MapLibreMap).show(drawings(ALL_AT_ONCE));
    expect(few.states.size).toBe(ALL_AT_ONCE);
    const many = new FakeMap();
    many.inView = [5, 6];
    const painter = new Painter(many as unknown as MapLibreMap);
    painter.show(drawings(ALL_AT_ONCE + 1));
    expect([...many.states.keys()]).toEqual([5, 6]);
    many.inView = [6, 7];
    painter.paint();
    expect([...many.states.keys()]).toEqual([5, 6, 7]);
  });

  test('one area at a time is chosen, and it stays chosen when the figures change', () => {
    const map = new FakeMap();
    const painter = new Painter(map as unknown as MapLibreMap);
    painter.mark('chosen', 1);
    painter.mark('chosen', 2);
    painter.show(drawings(3));
    expect(map.states.get(1)?.chosen).toBeUndefined();
    expect(map.states.get(2)?.chosen).toBe(true);
    painter.mark('chosen', null);
    expect(map.states.get(2)?.chosen).toBe(false);
  });
});
