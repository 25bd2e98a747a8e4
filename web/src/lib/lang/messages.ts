/** Messages by flat key. Pure: the language is an argument; the chosen language lives in `index.svelte.ts`. */
import en from './en.json';
import nl from './nl.json';
import type { Texts } from '../api/types';

/** The languages people can choose. A new one is a new file here. */
export const LANGUAGES = ['nl', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export type MessageKey = keyof typeof nl;

/** Keys that have a `.one` and an `.other` form. */
export type PluralKey = {
  [K in MessageKey]: K extends `${infer P}.one` ? (`${P}.other` extends MessageKey ? P : never) : never;
}[MessageKey];

export type Parameters = Record<string, string | number>;

const MESSAGES: Record<Language, Record<MessageKey, string>> = { nl, en };

/** Fills `{name}` in a message; a name without a value stays visible, so that it is noticed. */
export function fill(message: string, parameters: Parameters): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}

/** The message with this key. */
export function message(language: Language, key: MessageKey, parameters: Parameters = {}): string {
  return fill(MESSAGES[language][key], parameters);
}

/** The singular or plural message for a number. `count` itself is given as text in `parameters`. */
export function plural(language: Language, key: PluralKey, count: number, parameters: Parameters = {}): string {
  const form = new Intl.PluralRules(language).select(count) === 'one' ? 'one' : 'other';
  return message(language, `${key}.${form}` as MessageKey, parameters);
}

/** Whether a key exists; for codes that the server may extend. */
export function isKey(key: string): key is MessageKey {
  return key in nl;
}

/** A text of the release in the language, else in Dutch, else nothing. */
export function pick(language: Language, texts: Texts | null | undefined): string {
  return texts?.[language] ?? texts?.nl ?? '';
}
