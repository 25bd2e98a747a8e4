/** How sure a signal is, in words. The words and their bounds are explained on the page about privacy and method. */
import type { MessageKey } from '../lang/messages';

const WORDS: readonly [number, MessageKey][] = [
  [0.99, 'certainty.almost_certain'],
  [0.95, 'certainty.very_likely'],
  [0.85, 'certainty.likely'],
  [0.7, 'certainty.fairly_likely'],
];

/** The word for a probability of 0 to 1. */
export function certaintyKey(certainty: number): MessageKey {
  return WORDS.find(([bound]) => certainty >= bound)?.[1] ?? 'certainty.possible';
}
