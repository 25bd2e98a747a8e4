/** Numbers as people read them: 1.234,5 in Dutch, 1,234.5 in English. */
import type { Language } from '../lang/messages';

const LOCALES: Record<Language, string> = { nl: 'nl-NL', en: 'en-GB' };

/** A number with a fixed number of decimals. */
export function number(language: Language, value: number, decimals = 0): string {
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(LOCALES[language], options).format(value + 0);
}

/** A number with its unit: `12,3%`, `4,1 per 1.000 inwoners`. A percent sign is set without a space. */
export function withUnit(language: Language, value: number, decimals: number, unit: string): string {
  const figure = number(language, value, decimals);
  return unit === '%' ? `${figure}%` : `${figure} ${unit}`.trim();
}

/** A share of 0 to 1 as a percentage: 0.456 is `46%`. */
export function percent(language: Language, share: number, decimals = 0): string {
  return `${number(language, share * 100, decimals)}%`;
}

/** A probability as a percentage that never claims to be certain: at most `99%`, at least `1%`. */
export function probability(language: Language, share: number): string {
  return percent(language, Math.min(0.99, Math.max(0.01, share)));
}

/** How many times the reference a rate is, with one decimal; nothing when there is no reference. */
export function times(language: Language, rate: number, reference: number): string | null {
  return reference > 0 ? number(language, rate / reference, 1) : null;
}
