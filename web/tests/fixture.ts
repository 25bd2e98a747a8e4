/** A small release for tests. */
import type { Indicator, ReleaseDescription, Signal } from '../src/lib/api/types';

const both = (nl: string, en: string) => ({ nl, en });

export const indicator: Indicator = {
  id: 'problem_debt',
  name: both('Problematische schulden', 'Problem debt'),
  description: both('', ''),
  guidance: both('', ''),
  does_not_say: both('', ''),
  theme: 'geld',
  measure: 'share',
  unit: 'household',
  unit_name: both('%', '%'),
  per: 100,
  decimals: 1,
  direction: 'high_is_unfavourable',
  levels: ['wijk', 'buurt', 'pc6', 'grid100'],
  breakdowns: [['benefit']],
  standardise: ['benefit'],
  evidence: '',
  sources: ['notices'],
  sensitive: false,
  exceedance: 1.5,
};

function level(id: string, nl: string, rank: number, parent: string | null) {
  return { level: id, name: { nl }, vintage: 2025, rank, parent, geometry: `geometry/${id}.json`, areas: 2 };
}

const members = [
  { key: '', attributes: [] },
  { key: 'benefit=ja', attributes: [['benefit', 'ja']] },
];

function table(of: string, where: string) {
  const periods = ['2023', '2025', '2024'];
  return { indicator: of, level: where, periods, breakdowns: [['benefit']], members };
}

export const release: ReleaseDescription = {
  number: 3,
  town: 'demo',
  municipality: 'Waterrijk',
  rules: {
    name: 'r',
    min_count: 5,
    min_count_sensitive: 10,
    min_population: {},
    max_group_share: 0.9,
    min_completeness: 0,
  },
  promise: {},
  attack: { attacker: 'A0', cells: 1, primary: 1, exact: 0, below_threshold: 0, stages: [] },
  levels: [
    level('gemeente', 'Gemeente', 0, null),
    level('wijk', 'Wijk', 1, 'gemeente'),
    level('buurt', 'Buurt', 2, 'wijk'),
    level('pc6', 'Postcode', 4, 'buurt'),
    level('grid100', 'Vierkant', 5, null),
  ],
  indicators: [indicator, { ...indicator, id: 'other', theme: 'jeugd' }],
  labels: { benefit: both('Bijstand', 'Social assistance'), 'benefit=ja': both('Ja', 'Yes') },
  sources: [],
  tables: [...['wijk', 'buurt', 'pc6', 'grid100'].map((where) => table('problem_debt', where)), table('other', 'wijk')],
  default: { indicator: 'problem_debt', level: 'pc6', period: '2025' },
};

export const signal: Signal = {
  rank: 1,
  indicator: 'problem_debt',
  level: 'pc6',
  area: '1315XA',
  area_name: '1315XA',
  period: '2025',
  status: 'value',
  expected: 3.8,
  rate: 28.4,
  interval: [18, 40],
  reference: 8,
  certainty: 0.998,
  exceedance: 1.5,
  own_information: 0.8,
  reach: 9.6,
  urgency: 10,
  why: [{ kind: 'persistent', periods: 3 }],
};
