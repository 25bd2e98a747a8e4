/** Periods and dates as people read them. The codes are those of the API: 2024, 2024Q1, 2024-01. */
import { message, type Language } from '../lang/messages';

const LOCALES: Record<Language, string> = { nl: 'nl-NL', en: 'en-GB' };
const QUARTER = /^(\d{4})Q([1-4])$/;
const MONTH = /^(\d{4})-(\d{2})$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})/;

function dateText(language: Language, date: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(LOCALES[language], { ...options, timeZone: 'UTC' }).format(date);
}

/** A period in words: `maart 2024`, `2e kwartaal 2024`, `2024`. */
export function period(language: Language, code: string): string {
  const quarter = QUARTER.exec(code);
  if (quarter) return message(language, 'period.quarter', { year: quarter[1] ?? '', quarter: quarter[2] ?? '' });
  const month = MONTH.exec(code);
  if (!month) return code;
  const first = new Date(Date.UTC(Number(month[1]), Number(month[2]) - 1, 1));
  return dateText(language, first, { month: 'long', year: 'numeric' });
}

/** A period in as few characters as fit under an axis: `mrt 24`, `24-2`, `2024`. */
export function shortPeriod(language: Language, code: string): string {
  const quarter = QUARTER.exec(code);
  if (quarter) return `${quarter[1]?.slice(2)}-${quarter[2]}`;
  const month = MONTH.exec(code);
  if (!month) return code;
  const first = new Date(Date.UTC(Number(month[1]), Number(month[2]) - 1, 1));
  return dateText(language, first, { month: 'short', year: '2-digit' });
}

/** A calendar date in words; a text that is not an ISO date stays as it is. */
export function date(language: Language, iso: string): string {
  const day = DAY.exec(iso);
  if (!day) return period(language, iso);
  const at = new Date(Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3])));
  return dateText(language, at, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** Newest first. Codes of one length sort as text; the year leads in all of them. */
export function newestFirst(periods: readonly string[]): string[] {
  return [...periods].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}
