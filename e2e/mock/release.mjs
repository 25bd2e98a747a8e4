/** What the mock release says about itself. */
import { LEVELS } from './town.mjs';

const both = (nl, en) => ({ nl, en });
const YEARS = ['2022', '2023', '2024', '2025'];
const MONTHS = ['2025-09', '2025-10', '2025-11', '2025-12'];
const ALL = LEVELS.map((level) => level.level);

function indicator(id, nl, en, theme, more = {}) {
  return {
    id,
    name: both(nl, en),
    description: both(`Het aandeel huishoudens: ${nl.toLowerCase()}.`, `The share of households: ${en.toLowerCase()}.`),
    guidance: both('Vergelijk met wat u hier verwacht.', 'Compare with what you expect here.'),
    does_not_say: both('Het zegt niets over één huishouden.', 'It says nothing about one household.'),
    theme,
    measure: 'share',
    unit: 'household',
    unit_name: both('%', '%'),
    per: 100,
    decimals: 1,
    direction: 'high_is_unfavourable',
    levels: ALL,
    breakdowns: [['benefit'], ['age_group']],
    standardise: ['benefit', 'age_group'],
    evidence: 'Gekozen met wijkteams.',
    sources: ['notices'],
    sensitive: false,
    exceedance: 1.5,
    ...more,
  };
}

/** Indicators of the mock release. */
export const INDICATORS = [
  indicator('problem_debt', 'Problematische schulden', 'Problem debt', 'geld'),
  indicator('domestic_violence', 'Huiselijk geweld', 'Domestic violence', 'veiligheid', {
    measure: 'rate',
    unit: 'event',
    unit_name: both('per 1.000 inwoners', 'per 1,000 residents'),
    per: 1000,
    breakdowns: [],
    sensitive: true,
    sources: ['reports'],
  }),
  indicator('non_take_up', 'Niet-gebruik van schuldhulp', 'Non-take-up of debt assistance', 'geld', {
    decimals: 0,
    breakdowns: [],
    take_up: { entitled: [0.9, 1], helped_elsewhere: [0, 0.1] },
  }),
  indicator('purchasing_power', 'Koopkracht', 'Purchasing power', 'geld', {
    measure: 'mean',
    unit: 'figure',
    unit_name: both('euro', 'euro'),
    per: 1,
    decimals: 0,
    breakdowns: [],
    direction: 'neutral',
    sources: ['bought'],
  }),
];

const MEMBERS = [
  { key: '', attributes: [] },
  { key: 'benefit=ja', attributes: [['benefit', 'ja']] },
  { key: 'benefit=nee', attributes: [['benefit', 'nee']] },
  { key: 'age_group=0-24', attributes: [['age_group', '0-24']] },
  { key: 'age_group=65+', attributes: [['age_group', '65+']] },
];

function tables() {
  return INDICATORS.flatMap((one) =>
    ALL.map((level) => ({
      indicator: one.id,
      level,
      periods: one.id === 'domestic_violence' ? MONTHS : YEARS,
      breakdowns: one.breakdowns,
      members: one.breakdowns.length > 0 ? MEMBERS : MEMBERS.slice(0, 1),
    })),
  );
}

function source(id, nl, en, more = {}) {
  return {
    id,
    name: both(nl, en),
    owner: 'Gemeente Waterrijk',
    attribution: null,
    purpose: 'Beeld van buurten voor beleid',
    legal_basis: 'Wgs',
    reference_date: '2025-12-31',
    since: '2022',
    delay_days: 20,
    late_days: 0,
    completeness: 0.996,
    coverage: 0.988,
    level: 'pc6',
    ...more,
  };
}

/** The answer of `/api/release`. */
export const RELEASE = {
  number: 3,
  town: 'demo',
  municipality: 'Waterrijk',
  published_at: '2026-01-20T09:00:00Z',
  rules: {
    name: 'standaard-2026-1',
    min_count: 5,
    min_count_sensitive: 10,
    min_population: { pc6: 20 },
    max_group_share: 0.9,
    perturbation: { max_noise: 4, variance: 2, unused_small_counts: 0 },
    min_completeness: 0.9,
    max_delay_days: null,
  },
  promise: both(
    'Niemand kan uit deze uitgave afleiden of één huishouden schulden heeft.',
    'Nobody can derive from this release whether one household has debts.',
  ),
  attack: { attacker: 'A0', cells: 48210, primary: 912, exact: 0, below_threshold: 0, stages: ['bounds'] },
  levels: LEVELS,
  indicators: INDICATORS,
  labels: {
    benefit: both('Bijstand', 'Social assistance'),
    'benefit=ja': both('Met bijstand', 'With social assistance'),
    'benefit=nee': both('Zonder bijstand', 'Without social assistance'),
    age_group: both('Leeftijd', 'Age'),
    'age_group=0-24': both('0 tot 25 jaar', '0 to 24'),
    'age_group=65+': both('65 jaar en ouder', '65 and over'),
    'theme=geld': both('Geld', 'Money'),
    'theme=veiligheid': both('Veiligheid', 'Safety'),
  },
  sources: [
    source('notices', 'Vroegsignalen schulden', 'Early debt notices'),
    source('reports', 'Meldingen huiselijk geweld', 'Domestic violence reports', { late_days: 12, since: '2025-09' }),
    source('bought', 'Koopkrachtcijfers', 'Purchasing power figures', {
      delay_days: null,
      late_days: null,
      attribution: 'Ingekocht',
    }),
  ],
  tables: tables(),
  background_map: null,
  default: { indicator: 'problem_debt', level: 'pc6', period: '2025' },
};
