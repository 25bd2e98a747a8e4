/** Completes a half choice from the address to one for which the release has figures. Pure. */
import type { Figures, ReleaseDescription, TableEntry } from '../api/types';
import { newestFirst } from '../format/period';
import type { MapChoice } from './permalink';
import { finestLevel, indicatorOf, tableOf } from './release';

/** A choice for which there is a table. */
export interface FullChoice extends MapChoice {
  indicator: string;
  level: string;
  period: string;
  member: string;
}

function chosenIndicator(release: ReleaseDescription, wanted: string | undefined): string | undefined {
  if (wanted && indicatorOf(release, wanted)) return wanted;
  return release.default?.indicator ?? release.indicators[0]?.id;
}

function chosenTable(
  release: ReleaseDescription,
  indicator: string,
  wanted: string | undefined,
): TableEntry | undefined {
  const asked = wanted === undefined ? undefined : tableOf(release, indicator, wanted);
  if (asked) return asked;
  const standard =
    release.default?.indicator === indicator ? tableOf(release, indicator, release.default.level) : undefined;
  return standard ?? tableOf(release, indicator, finestLevel(release, indicator)?.level ?? '');
}

/** The choice with every blank filled: newest and finest by default. Undefined when nothing is published. */
export function complete(release: ReleaseDescription, choice: MapChoice): FullChoice | undefined {
  const indicator = chosenIndicator(release, choice.indicator);
  const table = indicator === undefined ? undefined : chosenTable(release, indicator, choice.level);
  const newest = table && newestFirst(table.periods)[0];
  if (!indicator || !table || !newest) return undefined;
  const period = table.periods.find((one) => one === choice.period) ?? newest;
  const member = table.members.some((one) => one.key === choice.member) ? (choice.member ?? '') : '';
  return { ...choice, indicator, level: table.level, period, member };
}

/** Whether figures are the answer to this choice. */
export function answers(
  figures: Pick<Figures, 'indicator' | 'level' | 'period' | 'member'> | null,
  choice: FullChoice | undefined,
): boolean {
  if (!figures || !choice) return false;
  const same = figures.indicator === choice.indicator && figures.level === choice.level;
  return same && figures.period === choice.period && (figures.member ?? '') === choice.member;
}
