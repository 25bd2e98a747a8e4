/** Messages: complete in every language, none unused, parameters alike. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import en from '../src/lib/lang/en.json';
import nl from '../src/lib/lang/nl.json';
import { fill, message, pick, plural } from '../src/lib/lang/messages';

const SOURCE = join(import.meta.dirname, '../src');

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile() && /\.(ts|svelte)$/.test(file.name) && file.name !== 'schema.d.ts')
    .map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
}

const code = sources(SOURCE).join('\n');
const literals = new Set([...code.matchAll(/['"`]([a-z_]+(?:\.[a-z_]+)*)['"`]/g)].map((found) => found[1]));
const templates = [...code.matchAll(/`([a-z_.]+\.)\$\{[^}]*\}((?:\.[a-z_]+)?)`/g)].map((found) => ({
  start: found[1] ?? '',
  end: found[2] ?? '',
}));

function isUsed(key: string): boolean {
  const stem = key.replace(/\.(one|other)$/, '');
  const made = templates.some(({ start, end }) => {
    const middle = key.slice(start.length, key.length - end.length);
    return key.startsWith(start) && key.endsWith(end) && middle.length > 0 && !middle.includes('.');
  });
  return literals.has(key) || literals.has(stem) || made;
}

describe('messages', () => {
  test('no key is missing in either language', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(nl).sort());
  });

  test('no message is empty', () => {
    for (const text of [...Object.values(nl), ...Object.values(en)]) expect(text.trim()).not.toBe('');
  });

  test('no key is unused', () => {
    expect(Object.keys(nl).filter((key) => !isUsed(key))).toEqual([]);
  });

  test('a key that nobody uses would be noticed', () => {
    expect(isUsed('reason.never_written')).toBe(false);
    expect(isUsed('signals.title.extra')).toBe(false);
  });

  test('both languages take the same parameters', () => {
    const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
    for (const key of Object.keys(nl) as (keyof typeof nl)[]) expect(names(en[key]), key).toEqual(names(nl[key]));
  });

  test('a person, street or group is never called a problem, and a cause is never claimed', () => {
    const blame =
      /probleem(wijk|buurt|straat|gezin|groep|jongere)|achterstandswijk|veroorzaak|komt door|due to|caused by/i;
    for (const [key, text] of [...Object.entries(nl), ...Object.entries(en)]) expect(text, key).not.toMatch(blame);
  });

  test('parameters are filled, and a missing one stays visible', () => {
    expect(fill('{a} van {b}', { a: 1 })).toBe('1 van {b}');
    expect(message('nl', 'interval', { low: '1,0', high: '2,0' })).toBe('1,0 tot 2,0');
  });

  test('one and many have their own form', () => {
    expect(plural('nl', 'signals.found', 1, { count: 1 })).toBe('1 signaal.');
    expect(plural('en', 'signals.found', 3, { count: 3 })).toBe('3 signals.');
  });

  test('a text of the release falls back to Dutch', () => {
    expect(pick('en', { nl: 'wijk' })).toBe('wijk');
    expect(pick('en', { nl: 'wijk', en: 'district' })).toBe('district');
    expect(pick('nl', undefined)).toBe('');
  });
});
