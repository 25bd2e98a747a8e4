/** The areas of a level, asked for once. */
import { answer, api } from '../api/client';
import type { Area, AreaList } from '../api/types';

const asked = new Map<string, Promise<Area[]>>();

async function fetchAreas(level: string): Promise<Area[]> {
  const list = await answer<AreaList>(api.GET('/api/areas/{level}', { params: { path: { level } } }));
  return list.areas;
}

/** The areas of a level. A failed call is not remembered. */
export function areasOf(level: string): Promise<Area[]> {
  const known = asked.get(level);
  if (known) return known;
  const list = fetchAreas(level);
  asked.set(level, list);
  list.catch(() => asked.delete(level));
  return list;
}

/** Forgets everything: the session or the release has changed. */
export function forgetAreas(): void {
  asked.clear();
}
