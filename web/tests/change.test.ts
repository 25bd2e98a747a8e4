/** What differs between two releases, in words. */
import { describe, expect, test } from 'vitest';
import type { Difference, TableChange } from '../src/lib/api/types';
import { indicatorSays, isAlike, levelSays, ruleName, tableSays } from '../src/lib/privacy/change';

const table: TableChange = {
  indicator: 'debts',
  level: 'buurt',
  change: 'changed',
  periods_added: ['2025', '2026Q1'],
  periods_removed: [],
  breakdowns_added: [],
  breakdowns_removed: [['benefit']],
  figures_differ: false,
};
const nothing: Difference = {
  before: 1,
  after: 2,
  rules: [],
  levels: [],
  indicators: [],
  tables: [],
  tables_alike: 4,
};

describe('difference between two releases', () => {
  test('alike only when nothing is listed', () => {
    expect(isAlike(nothing)).toBe(true);
    expect(isAlike({ ...nothing, tables: [table] })).toBe(false);
  });

  test('a rule has a name, with the part it is about; an unknown rule keeps its code', () => {
    expect(ruleName('nl', 'min_population.pc6')).toBe('kleinste bevolking: pc6');
    expect(ruleName('nl', 'something_new')).toBe('something_new');
  });

  test('a table says what came and went, and never a figure', () => {
    expect(tableSays('nl', table)).toEqual(['perioden erbij: 2025, 1e kwartaal 2026', 'uitsplitsingen weg: 1']);
    expect(tableSays('nl', { ...table, change: 'removed' })).toEqual(['vervallen']);
    expect(tableSays('en', { ...table, periods_added: [], breakdowns_removed: [], figures_differ: true })).toEqual([
      'the same places, other figures',
    ]);
  });

  test('areas and topics', () => {
    const level = {
      level: 'pc6',
      change: 'changed',
      vintages: [2024, 2025],
      areas_added: 3,
      areas_removed: 0,
    } as const;
    expect(levelSays('nl', { ...level, vintages: [2024, 2025], boundaries_differ: true })).toEqual([
      'grenzen van 2024, nu van 2025',
      'gebieden erbij: 3',
      'lijnen op de kaart verschoven',
    ]);
    const topic = { indicator: 'debts', change: 'changed' as const, parts: ['exceedance'] };
    expect(indicatorSays('nl', topic)).toEqual(['beschrijving anders (exceedance)']);
  });
});
