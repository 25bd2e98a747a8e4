/** All releases of the mock, and what differs between two: invented, in the shape of the API. */
import { RELEASE } from './release.mjs';

const levels = ['gemeente', 'wijk', 'buurt', 'pc6'].map((level, at) => ({
  level,
  areas: 10 ** at,
  tables: 3,
  published: 900 * 10 ** at,
  withheld: 30 * at * 10 ** at,
  empty: 0,
}));

const STAGES = ['own-figures', 'nested-areas', 'breakdowns', 'part-of-whole', 'group-shares', 'earlier-releases'];

const past = (number) => ({
  number,
  published_at: `2025-0${number}-20T09:00:00Z`,
  rules: 'standaard-2026-1',
  promise: RELEASE.promise,
  attack: {
    ...RELEASE.attack,
    stages: STAGES,
    levels: levels.map(({ level }) => ({ level, cells: 900, primary: 30, exact: 0, below_threshold: 0 })),
  },
  levels,
});

/** In the shape of `/api/releases`. */
export const RELEASES = { releases: [past(3), past(2), past(1)], unopened: [] };

/** In the shape of `/api/releases/difference`. */
export function difference({ before, after }) {
  const alike = { before: Number(before), after: Number(after), rules: [], levels: [], indicators: [], tables: [] };
  if (before === after) return { ...alike, tables_alike: 12 };
  const table = {
    indicator: 'problem_debt',
    level: 'pc6',
    change: 'changed',
    periods_added: ['2025'],
    periods_removed: [],
    breakdowns_added: [],
    breakdowns_removed: [],
    figures_differ: false,
  };
  return {
    ...alike,
    rules: [{ rule: 'min_population.pc6', before: '10', after: '20' }],
    levels: [
      {
        level: 'pc6',
        change: 'changed',
        vintages: [2024, 2025],
        areas_added: 3,
        areas_removed: 1,
        boundaries_differ: true,
      },
    ],
    indicators: [{ indicator: 'domestic_violence', change: 'changed', parts: ['exceedance'] }],
    tables: [table],
    tables_alike: 11,
  };
}
