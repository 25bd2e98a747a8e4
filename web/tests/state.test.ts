/** Addresses, choices, names and search. */
import { describe, expect, test } from 'vitest';
import { failureOf } from '../src/lib/api/client';
import { axis, niceStep, trendShape } from '../src/lib/chart/trend';
import { enclosing, levelsNamed } from '../src/lib/signal/place';
import { answers, complete } from '../src/lib/state/choice';
import {
  areaAddress,
  exportAddress,
  mapAddress,
  readChoice,
  writeChoice,
  type MapChoice,
} from '../src/lib/state/permalink';
import { finestLevel, outlineLevel } from '../src/lib/state/release';
import { MOST_FOUND, findAreas } from '../src/lib/state/search';
import { release, signal } from './fixture';

describe('permalinks', () => {
  test('what is written reads back', () => {
    const choices: MapChoice[] = [
      {},
      { indicator: 'a', level: 'pc6', period: '2025-12', member: 'benefit=ja;age_group=65+', area: '1315 XA' },
      { background: 'off' },
      { display: 'table', view: { zoom: 12.25, lat: 52.37, lng: -5.2 } },
    ];
    for (const choice of choices) expect(readChoice(writeChoice(choice))).toEqual(choice);
  });

  test('rubbish in the address is left out', () => {
    expect(readChoice('?beeld=ver/weg&weergave=bol&achtergrond=aan&onderwerp=')).toEqual({});
    expect(readChoice('?beeld=1/2')).toEqual({});
  });

  test('codes are written so that they stay one part of the address', () => {
    expect(areaAddress('street', 'Aan de Dijk/1')).toBe('/gebied/street/Aan%20de%20Dijk%2F1');
    expect(mapAddress({})).toBe('/kaart');
    const choice = { indicator: 'a', level: 'pc6', period: '2025', member: 'x=1&2' };
    expect(new URL(exportAddress(choice, 'csv'), 'http://h').searchParams.get('member')).toBe('x=1&2');
  });
});

describe('the choice', () => {
  test('is newest and finest by default', () => {
    expect(complete(release, {})).toMatchObject({
      indicator: 'problem_debt',
      level: 'pc6',
      period: '2025',
      member: '',
    });
  });

  test('keeps what exists and replaces what does not', () => {
    const kept = complete(release, { indicator: 'problem_debt', level: 'buurt', period: '2023', member: 'benefit=ja' });
    expect(kept).toMatchObject({ level: 'buurt', period: '2023', member: 'benefit=ja' });
    expect(complete(release, { indicator: 'other', level: 'pc6' })).toMatchObject({
      indicator: 'other',
      level: 'wijk',
    });
    expect(complete(release, { indicator: 'weg', period: '1999', member: 'a=b' })).toMatchObject({
      period: '2025',
      member: '',
    });
  });

  test('figures of an earlier choice are not its answer', () => {
    const choice = { indicator: 'a', level: 'pc6', period: '2025', member: '' };
    expect(answers(choice, { ...choice, area: 'x' })).toBe(true);
    expect(answers(null, choice)).toBe(false);
    for (const part of ['indicator', 'level', 'period', 'member'] as const) {
      expect(answers({ ...choice, [part]: 'other' }, choice)).toBe(false);
    }
  });

  test('is nothing when nothing is published', () => {
    expect(complete({ ...release, tables: [] }, {})).toBeUndefined();
  });
});

describe('levels', () => {
  test('the finest that people know by name is not a grid', () => {
    expect(finestLevel(release, 'problem_debt')?.level).toBe('pc6');
  });

  test('outlines are those of the largest areas within the municipality', () => {
    expect(outlineLevel(release, 'pc6')?.level).toBe('wijk');
    expect(outlineLevel(release, 'wijk')).toBeUndefined();
  });

  test('a place is told from small to large, without the municipality', () => {
    const area = (code: string, name: string, within = {}) => ({ id: 0, code, name, within });
    const book = new Map([
      ['pc6', new Map([['1315XA', area('1315XA', '1315XA', { buurt: 'B1', wijk: 'W1', gemeente: 'G' })]])],
      ['buurt', new Map([['B1', area('B1', 'Eilandenbuurt')]])],
      ['wijk', new Map([['W1', area('W1', 'Haven')]])],
    ]);
    expect(enclosing(release, book, 'pc6', '1315XA')).toEqual(['Eilandenbuurt', 'Haven']);
    expect(enclosing(release, book, 'wijk', 'W1')).toEqual([]);
    expect(new Set(levelsNamed(release, [signal]))).toEqual(new Set(['pc6', 'buurt', 'wijk']));
  });
});

describe('search', () => {
  const list = ['Zuid', 'Eilandenbuurt', 'Café-eiland'].map((name, at) => ({
    level: 'buurt',
    area: { code: `B${at}`, name },
  }));

  test('finds parts of names without accents, capitals or spaces, the best first', () => {
    expect(findAreas(list, ' EILAND ').map((one) => one.area.name)).toEqual(['Eilandenbuurt', 'Café-eiland']);
    expect(findAreas(list, 'cafe e').map((one) => one.area.name)).toEqual(['Café-eiland']);
    expect(findAreas(list, 'b0').map((one) => one.area.name)).toEqual(['Zuid']);
  });

  test('needs two characters and gives no more than people read', () => {
    expect(findAreas(list, 'e')).toEqual([]);
    const many = Array.from({ length: 100 }, (_, at) => ({
      level: 'pc6',
      area: { code: `1315${at}`, name: `1315${at}` },
    }));
    expect(findAreas(many, '1315')).toHaveLength(MOST_FOUND);
  });
});

describe('the trend', () => {
  test('the axis has round steps and holds every value', () => {
    expect(niceStep(0.3)).toBe(0.5);
    expect(axis([0, 38.4])).toEqual([0, 10, 20, 30, 40]);
    expect(axis([])).toEqual([0, 1]);
    expect(axis([-3, 5])).toEqual([-4, -2, 0, 2, 4, 6]);
  });

  test('a missing period breaks the line', () => {
    const point = (period: string, figure: number | null) => {
      const status = figure === null ? ('suppressed' as const) : ('value' as const);
      return { period, status, figure, low: figure, high: figure, reference: 4, provisional: false };
    };
    const shape = trendShape([point('2022', 3), point('2023', null), point('2024', 5), point('2025', 6)]);
    expect(shape.lines).toHaveLength(2);
    expect(shape.references).toHaveLength(1);
    expect(shape.dots[1]?.y).toBeNull();
    expect(shape.labelled).toContain(3);
  });
});

test('each HTTP status is its own failure', () => {
  expect([401, 403, 404, 429, 400, 500, 503].map(failureOf)).toEqual([
    'unauthenticated',
    'forbidden',
    'not_found',
    'busy',
    'refused',
    'unavailable',
    'unavailable',
  ]);
});
