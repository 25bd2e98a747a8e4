/** Where a signal is: the area and what encloses it, from small to large. Pure. */
import type { ReleaseDescription, Signal } from '../api/types';
import { isGrid, levelOf } from '../state/release';
import { nameIn, type NameBook } from '../state/names';

/** Levels whose names the sentences of a list of signals need. */
export function levelsNamed(release: ReleaseDescription, signals: readonly Signal[]): string[] {
  const own = signals.map((signal) => signal.level);
  const also = signals.flatMap((signal) => (signal.also ?? []).map((overlap) => overlap.level));
  const told = signals.flatMap((signal) => signal.why.flatMap((reason) => ('level' in reason ? [reason.level] : [])));
  return [...own, ...also, ...told, ...enclosingLevels(release)];
}

/** The levels that tell people where they are: those above the finest that nest in each other. */
export function enclosingLevels(release: ReleaseDescription): string[] {
  const parents = new Set(release.levels.map((level) => level.parent).filter((parent) => parent != null));
  const named = release.levels.filter((level) => level.rank > 0 && !isGrid(level.level) && parents.has(level.level));
  return named.sort((a, b) => b.rank - a.rank).map((level) => level.level);
}

/** Names of the areas around an area, from small to large. */
export function enclosing(release: ReleaseDescription, book: NameBook, level: string, code: string): string[] {
  const own = levelOf(release, level)?.rank ?? 0;
  const within = book.get(level)?.get(code)?.within ?? {};
  const larger = enclosingLevels(release).filter((other) => (levelOf(release, other)?.rank ?? 0) < own);
  return larger.flatMap((other) => (within[other] === undefined ? [] : [nameIn(book, other, within[other])]));
}
