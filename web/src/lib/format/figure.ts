/** A figure with everything that belongs to it, in words. Pure. */
import type { CellStatus, Indicator, Maybe } from '../api/types';
import { message, pick, type Language } from '../lang/messages';
import { number, percent, withUnit } from './number';

/** What a figure needs to be told. */
export interface Told {
  status: CellStatus;
  figure?: Maybe<number>;
  low?: Maybe<number>;
  high?: Maybe<number>;
  too_uncertain?: boolean;
  estimated_share?: number;
  provisional?: boolean;
}

type Described = Pick<Indicator, 'decimals' | 'unit_name'>;

/** The figure with its unit; for a state without a figure, the name of that state. */
export function figureText(language: Language, indicator: Described, told: Told): string {
  if (told.figure == null || (told.status !== 'value' && told.status !== 'zero')) {
    return message(language, told.status === 'value' ? 'status.too_uncertain' : `status.${told.status}`);
  }
  return withUnit(language, told.figure, indicator.decimals, pick(language, indicator.unit_name));
}

/** `2,1 tot 4,0`; nothing when there is no interval. */
export function intervalText(language: Language, indicator: Described, told: Told): string {
  if (told.low == null || told.high == null) return '';
  const [low, high] = [told.low, told.high].map((end) => number(language, end, indicator.decimals));
  return message(language, 'interval', { low: low ?? '', high: high ?? '' });
}

/** Remarks on a figure: too uncertain, provisional, partly estimated. None where there is no figure. */
export function remarks(language: Language, told: Told): string[] {
  if (told.figure == null) return [];
  const found: string[] = [];
  if (told.too_uncertain && told.status === 'value') found.push(message(language, 'remark.too_uncertain'));
  if (told.provisional) found.push(message(language, 'remark.provisional'));
  const estimated = told.estimated_share ?? 0;
  if (estimated >= 0.005) found.push(message(language, 'remark.estimated', { share: percent(language, estimated) }));
  return found;
}
