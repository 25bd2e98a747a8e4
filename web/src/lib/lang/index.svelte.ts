/** The chosen language, and messages in it. */
import type { Texts } from '../api/types';
import {
  LANGUAGES,
  message,
  pick,
  plural,
  type Language,
  type MessageKey,
  type Parameters,
  type PluralKey,
} from './messages';

const STORED = 'straatkubus.taal';

function isLanguage(text: string | null): text is Language {
  return LANGUAGES.some((language) => language === text);
}

function initial(): Language {
  const asked = new URLSearchParams(location.search).get('taal');
  const stored = localStorage.getItem(STORED);
  if (isLanguage(asked)) return asked;
  return isLanguage(stored) ? stored : 'nl';
}

class Lang {
  current = $state<Language>(initial());

  /** Chooses a language and remembers it on this device. */
  choose(language: Language): void {
    this.current = language;
    localStorage.setItem(STORED, language);
  }
}

export const lang = new Lang();

/** A message in the chosen language. */
export function t(key: MessageKey, parameters: Parameters = {}): string {
  return message(lang.current, key, parameters);
}

/** A message for a number in the chosen language. */
export function tn(key: PluralKey, count: number, parameters: Parameters = {}): string {
  return plural(lang.current, key, count, parameters);
}

/** A text of the release in the chosen language. */
export function text(texts: Texts | null | undefined): string {
  return pick(lang.current, texts);
}
