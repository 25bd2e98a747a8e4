/** Finding areas by a part of a name or code. Pure. */
import type { Area } from '../api/types';

/** An area with its level. */
export interface Findable {
  level: string;
  area: Pick<Area, 'code' | 'name'>;
}

/** At most this many are shown. */
export const MOST_FOUND = 25;

/** Without accents, capitals, spaces and hyphens, so that `1315 xa` finds `1315XA`. */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f\s-]/g, '')
    .toLowerCase();
}

function rank({ area }: Findable, wanted: string): number {
  const [name, code] = [plain(area.name), plain(area.code)];
  if (name === wanted || code === wanted) return 0;
  if (name.startsWith(wanted) || code.startsWith(wanted)) return 1;
  return name.includes(wanted) || code.includes(wanted) ? 2 : 3;
}

/** The areas that fit best, at most [`MOST_FOUND`]; nothing for fewer than two characters. */
export function findAreas(all: readonly Findable[], text: string): Findable[] {
  const wanted = plain(text);
  if (wanted.length < 2) return [];
  const fitting = all.map((one, at) => ({ one, at, rank: rank(one, wanted) })).filter((one) => one.rank < 3);
  return fitting
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .slice(0, MOST_FOUND)
    .map(({ one }) => one);
}
