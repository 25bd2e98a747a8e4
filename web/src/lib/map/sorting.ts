/** Order of the table twin. Pure; areas without a figure always come last. */
import type { AreaFigure } from '../api/types';
import type { Language } from '../lang/messages';

export type Column = 'name' | 'figure' | 'interval' | 'reference' | 'remark';

/** By which column, and whether the largest comes first. */
export interface Order {
  column: Column;
  descending: boolean;
}

function key(area: AreaFigure, column: Column): number | null {
  switch (column) {
    case 'interval':
      return area.low == null || area.high == null ? null : area.high - area.low;
    case 'reference':
      return area.reference ?? null;
    case 'remark':
      return Number(area.too_uncertain) + Number(area.provisional) + area.estimated_share;
    default:
      return area.figure ?? null;
  }
}

function byNumber(a: number | null, b: number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return sign * (a - b);
}

/** A sorted copy; areas that are equal stay in the order of their names. */
export function sortFigures(areas: readonly AreaFigure[], order: Order, language: Language): AreaFigure[] {
  const sign = order.descending ? -1 : 1;
  const collator = new Intl.Collator(language, { numeric: true });
  const byName = (a: AreaFigure, b: AreaFigure) => collator.compare(a.name, b.name) || collator.compare(a.code, b.code);
  if (order.column === 'name') return [...areas].sort((a, b) => sign * byName(a, b));
  return [...areas].sort((a, b) => byNumber(key(a, order.column), key(b, order.column), sign) || byName(a, b));
}
