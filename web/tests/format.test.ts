/** Numbers, periods and figures as people read them. */
import { describe, expect, test } from 'vitest';
import { deviationKey } from '../src/lib/format/deviation';
import { figureText, intervalText, remarks } from '../src/lib/format/figure';
import { number, percent, probability, times, withUnit } from '../src/lib/format/number';
import { date, newestFirst, period, shortPeriod } from '../src/lib/format/period';

const share = { decimals: 1, unit_name: { nl: '%', en: '%' } };

describe('numbers', () => {
  test('Dutch has points for thousands and a comma for decimals', () => {
    expect(number('nl', 1234.5, 1)).toBe('1.234,5');
    expect(number('en', 1234.5, 1)).toBe('1,234.5');
    expect(number('nl', -0)).toBe('0');
  });

  test('a percent sign stands close, another unit stands apart', () => {
    expect(withUnit('nl', 12.34, 1, '%')).toBe('12,3%');
    expect(withUnit('nl', 4.1, 1, 'per 1.000 inwoners')).toBe('4,1 per 1.000 inwoners');
    expect(percent('nl', 0.456)).toBe('46%');
  });

  test('a probability never claims certainty', () => {
    expect(probability('nl', 0.9999)).toBe('99%');
    expect(probability('nl', 0)).toBe('1%');
  });

  test('without a reference there is no number of times', () => {
    expect(times('nl', 3, 2)).toBe('1,5');
    expect(times('nl', 3, 0)).toBeNull();
  });
});

describe('periods', () => {
  test('years, quarters and months are words', () => {
    expect(period('nl', '2024')).toBe('2024');
    expect(period('nl', '2024Q2')).toBe('2e kwartaal 2024');
    expect(period('nl', '2024-03')).toBe('maart 2024');
    expect(period('en', '2024-03')).toBe('March 2024');
    expect(shortPeriod('nl', '2024Q2')).toBe('24-2');
  });

  test('a date is written out and rubbish stays as it is', () => {
    expect(date('nl', '2025-12-31')).toBe('31 december 2025');
    expect(date('nl', 'onbekend')).toBe('onbekend');
  });

  test('the newest period comes first', () => {
    expect(newestFirst(['2024-01', '2024-12', '2023-12'])).toEqual(['2024-12', '2024-01', '2023-12']);
  });
});

describe('figures', () => {
  const states = ['suppressed', 'not_available', 'not_applicable', 'too_uncertain', 'not_authorised'] as const;

  test('zero and the five missing states have six different texts, and only zero has a figure', () => {
    const texts = states.map((status) => figureText('nl', share, { status, figure: 9 }));
    const zero = figureText('nl', share, { status: 'zero', figure: 0 });
    expect(new Set([...texts, zero]).size).toBe(6);
    expect(zero).toBe('0,0%');
    for (const text of texts) expect(text).not.toMatch(/\d/);
  });

  test('an interval needs both ends', () => {
    expect(intervalText('nl', share, { status: 'value', low: 1, high: 2.25 })).toBe('1,0 tot 2,3');
    expect(intervalText('nl', share, { status: 'value', low: 1 })).toBe('');
  });

  test('remarks say that a figure is uncertain, provisional, estimated', () => {
    const told = { status: 'value' as const, figure: 3, too_uncertain: true, provisional: true, estimated_share: 0.12 };
    expect(remarks('nl', told)).toHaveLength(3);
    expect(remarks('nl', { ...told, figure: null })).toEqual([]);
  });

  test('a figure deviates only when the data are sure of it', () => {
    const high = { direction: 'high_is_unfavourable' as const };
    const figure = { low: 4, high: 12, reference: 8, certainty: 0.5, too_uncertain: false };
    expect(deviationKey(high, figure)).toBe('deviation.none');
    expect(deviationKey(high, { ...figure, certainty: 0.95 })).toBe('deviation.higher');
    expect(deviationKey(high, { ...figure, high: 7 })).toBe('deviation.lower');
    expect(deviationKey(high, { ...figure, high: 7, too_uncertain: true })).toBeNull();
    expect(deviationKey({ direction: 'neutral' }, { ...figure, reference: null })).toBeNull();
    expect(deviationKey({ direction: 'low_is_unfavourable' }, { ...figure, certainty: 0.95 })).toBe('deviation.lower');
  });
});
