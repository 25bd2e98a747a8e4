/** Names of areas by level and code, asked for per level when they are needed. */
import type { Area } from '../api/types';
import { areasOf } from './areas';

/** Areas by code, by level. */
export type NameBook = ReadonlyMap<string, ReadonlyMap<string, Area>>;

/** Looks up the areas of these levels; a level that does not come is left out. */
export async function nameBook(levels: Iterable<string>): Promise<NameBook> {
  const wanted = [...new Set(levels)];
  const lists = await Promise.all(wanted.map((level) => areasOf(level).catch(() => [])));
  return new Map(wanted.map((level, at) => [level, new Map((lists[at] ?? []).map((area) => [area.code, area]))]));
}

/** The name of an area; its code when it is not in the book. */
export function nameIn(book: NameBook, level: string, code: string): string {
  return book.get(level)?.get(code)?.name ?? code;
}
