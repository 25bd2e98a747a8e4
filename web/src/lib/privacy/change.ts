/** What differs between two releases, in words. Pure. */
import type { Difference, TableChange } from '../api/types';
import { period } from '../format/period';
import { isKey, message, type Language } from '../lang/messages';

type LevelChange = Difference['levels'][number];
type IndicatorChange = Difference['indicators'][number];

/** Whether two releases are alike in everything that is compared. */
export function isAlike(found: Difference): boolean {
  return [found.rules, found.levels, found.indicators, found.tables].every((part) => part.length === 0);
}

/** A rule in words: `kleinste bevolking: pc6`. */
export function ruleName(language: Language, rule: string): string {
  const [head = rule, ...rest] = rule.split('.');
  const key = `change.rule.${head}`;
  return [isKey(key) ? message(language, key) : head, ...rest].join(': ');
}

/** What happened to a table. */
export function tableSays(language: Language, table: TableChange): string[] {
  if (table.change !== 'changed') return [message(language, `change.${table.change}`)];
  const periods = (codes: string[]): string => codes.map((code) => period(language, code)).join(', ');
  const found: string[] = [];
  if (table.periods_added.length > 0)
    found.push(message(language, 'change.periods_added', { periods: periods(table.periods_added) }));
  if (table.periods_removed.length > 0)
    found.push(message(language, 'change.periods_removed', { periods: periods(table.periods_removed) }));
  if (table.breakdowns_added.length > 0)
    found.push(message(language, 'change.breakdowns_added', { count: table.breakdowns_added.length }));
  if (table.breakdowns_removed.length > 0)
    found.push(message(language, 'change.breakdowns_removed', { count: table.breakdowns_removed.length }));
  if (table.figures_differ) found.push(message(language, 'change.figures'));
  return found;
}

/** What happened to the areas of a level. */
export function levelSays(language: Language, level: LevelChange): string[] {
  if (level.change !== 'changed') return [message(language, `change.${level.change}`)];
  const [before, after] = level.vintages;
  const found: string[] = [];
  if (before !== after)
    found.push(message(language, 'change.vintage', { before: String(before), after: String(after) }));
  if (level.areas_added > 0) found.push(message(language, 'change.areas_added', { count: level.areas_added }));
  if (level.areas_removed > 0) found.push(message(language, 'change.areas_removed', { count: level.areas_removed }));
  if (level.boundaries_differ) found.push(message(language, 'change.boundaries'));
  return found;
}

/** What happened to an indicator. */
export function indicatorSays(language: Language, indicator: IndicatorChange): string[] {
  if (indicator.change !== 'changed') return [message(language, `change.${indicator.change}`)];
  return [message(language, 'change.description', { parts: indicator.parts.join(', ') })];
}
