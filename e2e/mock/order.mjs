/** Where first and non-take-up of the mock: invented, in the shape of the API. */
import { SIGNALS } from './figures.mjs';
import { RELEASE } from './release.mjs';
import { AREAS } from './town.mjs';

/** In the shape of `/api/priorities`: the first two share a place. */
export function priorities({ indicator, level, limit }) {
  const fits = (one) => (!indicator || one.indicator === indicator) && (!level || one.level === level);
  const found = SIGNALS.filter(fits);
  const last = found.length;
  const place = (at) => ({
    place: at === 1 ? 1 : at + 1,
    expected_rank: at + 1.3,
    ranks: [Math.max(1, at), Math.min(last, at + 2)],
    ranks_together: [1, last],
    in_first_tenth: at === 0 ? 0.71 : 0.2 / (at + 1),
    since: at === 0 ? '2023' : found[at].period,
    reach_interval: [Math.max(0, found[at].reach - 5), found[at].reach + 6],
  });
  const all = found.map((signal, at) => ({ signal, priority: place(at) }));
  return {
    release: RELEASE.number,
    weights: { version: 'urgentie-2026-1', severity: 1, reach: 0.5, certainty: 1, persistence: 1 },
    draws: { draws: 4000, seed: 20260101, credibility: 0.95, apart: 0.95 },
    total: last,
    ranked: last,
    priorities: all.slice(0, Number(limit) || last),
  };
}

function reach(area, at) {
  const refused = [null, null, null, 'hidden', 'too_uncertain'][at % 5];
  const named = { area: area.code, area_name: area.name, entitled: refused === 'hidden' ? null : 40 + 7 * at, refused };
  if (refused) return { ...named, share: null, reachable: null };
  const count = (40 + 7 * at) * 0.6;
  return {
    ...named,
    share: { low: 48, middle: 61, high: 73 },
    reachable: { low: count * 0.7, middle: count * 0.9, high: count * 1.1 },
  };
}

/** In the shape of `/api/take-up`; null for what is not there. */
export function takeUp({ indicator = 'non_take_up', level = 'wijk' }) {
  if (indicator !== 'non_take_up' || !AREAS[level]) return null;
  return {
    release: RELEASE.number,
    indicators: ['non_take_up'],
    shown: {
      indicator,
      declared: { entitled: [0.9, 1], helped_elsewhere: [0, 0.1] },
      level,
      period: '2025',
      credibility: 0.95,
      levels: ['gemeente', 'wijk', 'buurt'],
      whole: { ...reach(AREAS.gemeente[0], 0), share: { low: 38, middle: 40, high: 42 } },
      areas: AREAS[level].map(reach),
    },
  };
}
