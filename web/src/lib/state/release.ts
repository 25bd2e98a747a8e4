/** Questions about a release: which tables, levels, members, names. Pure. */
import type { Indicator, LevelEntry, MemberEntry, ReleaseDescription, TableEntry, Texts } from '../api/types';

/** The indicator with this identifier. */
export function indicatorOf(release: ReleaseDescription, id: string): Indicator | undefined {
  return release.indicators.find((indicator) => indicator.id === id);
}

/** The level with this identifier. */
export function levelOf(release: ReleaseDescription, id: string): LevelEntry | undefined {
  return release.levels.find((level) => level.level === id);
}

/** The table of an indicator at a level. */
export function tableOf(release: ReleaseDescription, indicator: string, level: string): TableEntry | undefined {
  return release.tables.find((table) => table.indicator === indicator && table.level === level);
}

/** Levels at which an indicator has a table, coarse to fine. */
export function levelsOf(release: ReleaseDescription, indicator: string): LevelEntry[] {
  const has = (level: LevelEntry) => tableOf(release, indicator, level.level) !== undefined;
  return release.levels.filter(has).sort((a, b) => a.rank - b.rank);
}

/** Whether a level is a grid of squares, which nobody knows by name. */
export function isGrid(level: string): boolean {
  return level.startsWith('grid');
}

/** The finest level of an indicator that people know by name, else the finest. */
export function finestLevel(release: ReleaseDescription, indicator: string): LevelEntry | undefined {
  const levels = levelsOf(release, indicator);
  return levels.findLast((level) => !isGrid(level.level)) ?? levels.at(-1);
}

/** The level whose outlines are drawn over a finer level, for orientation. */
export function outlineLevel(release: ReleaseDescription, level: string): LevelEntry | undefined {
  const own = levelOf(release, level);
  const coarser = release.levels.filter(
    (other) => other.rank > 0 && other.geometry != null && own && other.rank < own.rank,
  );
  return coarser.sort((a, b) => a.rank - b.rank)[0];
}

/** Texts of a value of an attribute; the value itself when the release has no label for it. */
export function valueLabel(release: ReleaseDescription, attribute: string, value: string): Texts {
  return release.labels[`${attribute}=${value}`] ?? { nl: value };
}

/** Texts of an attribute; the identifier itself when the release has no label for it. */
export function attributeLabel(release: ReleaseDescription, attribute: string): Texts {
  return release.labels[attribute] ?? { nl: attribute };
}

/** Texts of a theme; the identifier itself, as a heading, when the release has no label for it. */
export function themeLabel(release: ReleaseDescription, theme: string): Texts {
  const plain = theme.charAt(0).toUpperCase() + theme.slice(1);
  return release.labels[`theme=${theme}`] ?? release.labels[theme] ?? { nl: plain };
}

/** Indicators by theme, in the order of the release. */
export function byTheme(release: ReleaseDescription): [string, Indicator[]][] {
  const groups = new Map<string, Indicator[]>();
  for (const indicator of release.indicators) {
    groups.set(indicator.theme, [...(groups.get(indicator.theme) ?? []), indicator]);
  }
  return [...groups];
}

/** Members of a table by breakdown; the total is not among them. */
export function byBreakdown(table: TableEntry): [string[], MemberEntry[]][] {
  const groups = new Map<string, MemberEntry[]>();
  for (const member of table.members.filter((one) => one.attributes.length > 0)) {
    const breakdown = member.attributes.map(([attribute]) => attribute).join('×');
    groups.set(breakdown, [...(groups.get(breakdown) ?? []), member]);
  }
  return [...groups].map(([breakdown, members]) => [breakdown.split('×'), members]);
}
