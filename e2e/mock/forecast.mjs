/** Outlooks and feasibility of the mock: invented, in the shape of the API. */
import { AREAS } from './town.mjs';

const fifth = (ratio, right) => ({ expected: 200, ratio, interval: [ratio - 0.1, ratio + 0.1], right });

const calibration = (right) => ({
  coverage: [0.81, 0.95],
  tenths: [0.1, 0.11, 0.09, 0.1, 0.1, 0.1, 0.1, 0.1, 0.11, 0.09],
  by_fifth: [fifth(0.8, false), fifth(0.97, true), fifth(1, true), fifth(1.02, true), fifth(0.99, true)],
  right,
});

function verdict(worth, calibrated) {
  return {
    origins: 24,
    stability: 0.94,
    baseline: 'eb24_season',
    baseline_crps: 0.6,
    crps: 0.58,
    skill: worth === 'negligible' ? 0.012 : 0.034,
    skill_interval: [0.004, 0.05],
    p_value: 0.01,
    worth,
    season_p_value: 0.001,
    season_swing: 1.4,
    ranking: {
      hit_long_run: 0.42,
      hit: 0.003,
      hit_interval: [-0.004, 0.01],
      efficiency: 0.004,
      efficiency_interval: [-0.01, 0.02],
      earned: false,
    },
    calibration: calibration(calibrated),
    baseline_calibration: calibration(true),
    shifts: [{ period: '2024-03', factor: 1.4 }],
    withheld: 0,
    empty: [],
  };
}

const month = (at) => `${2022 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;

/** In the shape of `/api/forecast`. Problem debt is refused everywhere; the rest is not. */
export function forecast({ indicator, level = 'wijk', area }) {
  const refused = { level: 'pc6', areas: AREAS.pc6.length, periods: 48, passes: false };
  const hidden = { ...refused, refused: { kind: 'hidden', share: 0.84 }, verdict: null };
  if (indicator === 'problem_debt') {
    const short = { kind: 'too_short', periods: 4 };
    return { release: 1, indicator, levels: [{ ...hidden, refused: short }], finest: null, shown: null };
  }
  const wijk = { level: 'wijk', areas: AREAS.wijk.length, periods: 48, refused: null, passes: true };
  const entry = AREAS[level]?.find((one) => one.code === area) ?? AREAS.wijk[0];
  const wave = (at) => Math.round(30 + 8 * Math.sin(at / 2));
  return {
    release: 1,
    indicator,
    levels: [hidden, { ...wijk, verdict: verdict('small', true) }],
    finest: 'wijk',
    shown: {
      level: 'wijk',
      area: entry.code,
      area_name: entry.name,
      past: Array.from({ length: 48 }, (_, at) => ({ period: month(at), count: wave(at) })),
      ahead: Array.from({ length: 6 }, (_, at) => ({
        period: month(48 + at),
        mean: wave(48 + at) + 0.4,
        quantiles: [20, 23, 31, 40, 44],
        model: 'dgp_season_stack',
      })),
    },
  };
}

/** In the shape of `/api/feasibility`; what is found grows with the number of persons. */
export function feasibility(query) {
  const levels = query.levels.split(',').map((text) => text.split(':'));
  if (levels.some((parts) => parts.length !== 3)) return null;
  const of = ([level, areas, units]) => {
    const expected = (Number(query.per_1000) * Number(units)) / 1000;
    const deviation = Math.min(0.99, expected / 100);
    return { level, areas: Number(areas), expected, deviation, deviation_years: 4, deviation_ratio: 2, trend: 0.06 };
  };
  const found = levels.map(of);
  const answer = {
    levels: found,
    finest: found.find((level) => level.deviation >= 0.8)?.level ?? null,
    trend_of_all: 0.3,
    effect: 0.2,
    effect_years: null,
    in_time: 0.4,
    complete: 0.5,
    in_time_and_complete: 0.6,
  };
  const question = { coverage: Number(query.coverage), delay: Number(query.delay) };
  return { question, answer };
}
