/** Figures, profiles, series and signals of the mock town: functions of position, no randomness. */
import { INDICATORS, RELEASE } from './release.mjs';
import { AREAS, EILANDEN } from './town.mjs';

const BREAKS = {
  problem_debt: [4, 8, 12, 20],
  domestic_violence: [1, 2, 3, 5],
  non_take_up: [40, 50, 60, 70],
  purchasing_power: [24000, 27000, 30000, 34000],
};
const BASE = { problem_debt: 8, domestic_violence: 2.4, non_take_up: 50, purchasing_power: 28000 };
const MISSING = ['suppressed', 'not_available', 'not_applicable', 'not_authorised', 'too_uncertain', 'zero'];

function wave(id, period, member) {
  const shift = [...period, ...member].reduce((sum, character) => sum + character.charCodeAt(0), 0);
  return Math.sin(id * 1.7 + shift * 0.31);
}

function stateOf(level, id) {
  const at = id % 17;
  return level === 'gemeente' || at < 17 - MISSING.length || id < 6 ? 'value' : MISSING[at - (17 - MISSING.length)];
}

function estimate(area, figure, too_uncertain) {
  const width = 0.15 + 0.05 * (area.id % 9);
  return {
    low: figure * (1 - width),
    high: figure * (1 + width),
    certainty: too_uncertain ? 0.5 : 0.4,
    own_information: too_uncertain ? 0.05 : 0.7,
  };
}

function figureOf(indicator, level, period, member, area) {
  const base = BASE[indicator];
  if (EILANDEN.includes(area.code) && indicator === 'problem_debt') return member === 'benefit=ja' ? 61 : 29.5;
  return base * (1 + 0.45 * wave(area.id, period, member));
}

/** One area's figure, in the shape of `/api/figures`. */
export function areaFigure(indicator, level, period, member, area) {
  const status = EILANDEN.includes(area.code) ? 'value' : stateOf(level, area.id);
  const uncertain = status === 'value' && level === 'pc6' && area.id % 23 === 5 && !EILANDEN.includes(area.code);
  const figure = status === 'value' ? figureOf(indicator, level, period, member, area) : status === 'zero' ? 0 : null;
  const about = status === 'value' && indicator !== 'purchasing_power' ? estimate(area, figure, uncertain) : {};
  return {
    id: area.id,
    code: area.code,
    name: area.name,
    status,
    figure,
    numerator: null,
    denominator: null,
    low: about.low ?? null,
    high: about.high ?? null,
    reference: about.low === undefined ? null : BASE[indicator],
    certainty: about.certainty ?? null,
    own_information: about.own_information ?? null,
    too_uncertain: uncertain,
    estimated_share: area.id % 11 === 3 ? 0.12 : 0,
    provisional: period === '2025',
  };
}

/** The answer of `/api/figures`, or null when there is no such table. */
export function figures({ indicator, level, period, member = '' }) {
  const table = RELEASE.tables.find((one) => one.indicator === indicator && one.level === level);
  if (!table?.periods.includes(period) || !table.members.some((one) => one.key === member)) return null;
  const described = INDICATORS.find((one) => one.id === indicator);
  return {
    indicator,
    level,
    period,
    member,
    breaks: BREAKS[indicator],
    unit_name: described.unit_name,
    provenance: {
      release: RELEASE.number,
      sources: described.sources,
      reference_date: '2025-12-31',
      rule: RELEASE.rules.name,
      timeliness: 20,
      completeness: 0.996,
    },
    areas: AREAS[level].map((area) => areaFigure(indicator, level, period, member, area)),
  };
}

function why(area) {
  const interval = [44, 77];
  return [
    {
      kind: 'behaviour',
      attribute: 'benefit',
      value: 'ja',
      rate_here: 61,
      interval,
      rate_reference: 11.2,
      contribution: 0.86,
    },
    { kind: 'hidden_by_average', level: 'buurt', area: area.within.buurt, rate: 8.3, rate_reference: 8 },
    { kind: 'persistent', periods: 3 },
  ];
}

function signal(code, at) {
  const area = AREAS.pc6.find((one) => one.code === code);
  return {
    rank: at + 1,
    indicator: 'problem_debt',
    level: 'pc6',
    area: code,
    area_name: area.name,
    period: '2025',
    status: 'value',
    observed: 14,
    denominator: 47,
    expected: 3.8,
    rate: 28.4 - at,
    interval: [18, 40],
    reference: 8,
    certainty: 0.998 - at * 0.03,
    exceedance: 1.5,
    own_information: 0.8,
    reach: 9.6 - at,
    urgency: 10 - at,
    why: why(area),
    also: at === 0 ? [{ level: 'buurt', area: area.within.buurt }] : [],
  };
}

const violence = {
  ...signal('1315EE', 3),
  indicator: 'domestic_violence',
  period: '2025-12',
  rate: 6.2,
  interval: [3.9, 9.1],
  reference: 2.4,
  why: [
    { kind: 'stopped_by_disclosure', attribute: 'age_group' },
    { kind: 'composition', attribute: 'age_group', value: '0-24', share_here: 0.41, share_reference: 0.27 },
  ],
};

/** All signals of the mock release. */
export const SIGNALS = [...EILANDEN.map(signal), violence];

/** The answer of `/api/signals`. */
export function signals({ indicator, level, limit }) {
  const fits = (one) => (!indicator || one.indicator === indicator) && (!level || one.level === level);
  const found = SIGNALS.filter(fits);
  return {
    release: RELEASE.number,
    false_discovery_rate: 0.1,
    weights: { version: 'urgentie-2026-1', severity: 1, reach: 0.5, certainty: 1, persistence: 1 },
    total: found.length,
    signals: found.slice(0, Number(limit) || found.length),
  };
}

function profileFigure(described, level, area) {
  const period = described.id === 'domestic_violence' ? '2025-12' : '2025';
  const { id, code, name, numerator, denominator, own_information, ...rest } = areaFigure(
    described.id,
    level,
    period,
    '',
    area,
  );
  return { ...rest, indicator: described.id, theme: described.theme, period, municipality_figure: BASE[described.id] };
}

/** The answer of `/api/area/{level}/{code}`, or null. */
export function profile(level, code) {
  const area = AREAS[level]?.find((one) => one.code === code);
  if (!area) return null;
  const within = Object.entries(area.within).map(([outer, inner]) => ({
    level: outer,
    code: inner,
    name: AREAS[outer].find((one) => one.code === inner).name,
  }));
  const share = (attribute, value, here, there) => ({
    attribute,
    value,
    share_here: here,
    share_municipality: there,
    status: here === null ? 'suppressed' : 'value',
  });
  return {
    level,
    code,
    name: area.name,
    within: within.reverse(),
    bounds: area.bounds,
    figures: INDICATORS.map((described) => profileFigure(described, level, area)),
    composition: [
      share('benefit', 'ja', 0.34, 0.06),
      share('benefit', 'nee', 0.66, 0.94),
      share('age_group', '0-24', 0.31, 0.27),
      share('age_group', '65+', null, 0.19),
    ],
    signals: SIGNALS.filter(
      (one) => (one.level === level && one.area === code) || one.also.some((o) => o.level === level && o.area === code),
    ),
    series_available: ['problem_debt', 'domestic_violence'],
  };
}

/** The answer of `/api/area/{level}/{code}/series`, or null. */
export function series(level, code, indicator) {
  const area = AREAS[level]?.find((one) => one.code === code);
  const table = RELEASE.tables.find((one) => one.indicator === indicator && one.level === level);
  if (!area || !table) return null;
  const points = table.periods.map((period) => {
    const { status, figure, low, high, reference, provisional } = areaFigure(indicator, level, period, '', area);
    return { period, status, figure, low, high, reference, provisional };
  });
  return { indicator, points };
}
