/** Every kind of reason is a sentence, in both languages, without a number or name left open. */
import { describe, expect, test } from 'vitest';
import type { Reason } from '../src/lib/api/types';
import { certaintyKey } from '../src/lib/signal/certainty';
import {
  certaintySentence,
  groupName,
  reachSentence,
  reasonSentence,
  sinceSentence,
  sizeSentence,
  type Telling,
} from '../src/lib/signal/reason';
import { indicator, release, signal } from './fixture';

const telling: Telling = { language: 'nl', release, indicator, nameOf: (_level, code) => `naam van ${code}` };
const benefit = { attribute: 'benefit', value: 'ja' };
const reasons: Record<Reason['kind'], Reason> = {
  behaviour: {
    kind: 'behaviour',
    ...benefit,
    rate_here: 61,
    interval: [44, 77],
    rate_reference: 11.2,
    contribution: 0.864,
  },
  behaviour_around: {
    kind: 'behaviour_around',
    level: 'buurt',
    area: 'BU1',
    ...benefit,
    rate_there: 37.6,
    interval: [29, 46.5],
    rate_reference: 12.5,
  },
  composition: { kind: 'composition', ...benefit, share_here: 0.34, share_reference: 0.06 },
  stopped_by_disclosure: { kind: 'stopped_by_disclosure', attribute: 'benefit' },
  hidden_by_average: { kind: 'hidden_by_average', level: 'buurt', area: 'BU1', rate: 8.3, rate_reference: 8 },
  persistent: { kind: 'persistent', periods: 3 },
};

describe('reasons', () => {
  test('behaviour says that the same group elsewhere has a lower figure', () => {
    expect(reasonSentence(telling, reasons.behaviour)).toBe(
      'Huishoudens in de groep ‘Bijstand: ja’ hebben hier een hoger cijfer dan dezelfde groep elders in de gemeente: ' +
        '61,0% (waarschijnlijk tussen 44,0 en 77,0), elders 11,2%. Ongeveer 86% van de afwijking zit bij deze groep.',
    );
  });

  test('where less is less favourable, the sentence says lower', () => {
    const low = { ...telling, indicator: { ...indicator, direction: 'low_is_unfavourable' as const } };
    expect(reasonSentence(low, reasons.behaviour)).toContain('lager cijfer');
    expect(reachSentence(low, signal)).toContain('minder dan verwacht');
  });

  test('an average that hides names the enclosing area', () => {
    expect(reasonSentence(telling, reasons.hidden_by_average)).toBe(
      'De buurt naam van BU1 als geheel wijkt niet af: 8,3%, verwacht 8,0%. ' +
        'Dat gemiddelde verbergt wat hier speelt.',
    );
  });

  test('a group that is too small here is shown in the area around it', () => {
    expect(reasonSentence(telling, reasons.behaviour_around)).toBe(
      'In de buurt naam van BU1 hebben huishoudens in de groep ‘Bijstand: ja’ een hoger cijfer dan dezelfde groep ' +
        'elders in de gemeente: 37,6% (waarschijnlijk tussen 29,0 en 46,5), elders 12,5%. ' +
        'Hier zelf is de groep te klein om te tonen.',
    );
  });

  test('a group is larger or smaller here', () => {
    expect(reasonSentence(telling, reasons.composition)).toContain('meer huishoudens');
    const fewer = { ...reasons.composition, share_here: 0.01 } as Reason;
    expect(reasonSentence(telling, fewer)).toContain('minder huishoudens');
  });

  test('events do not live anywhere: composition is about residents', () => {
    const events = { ...telling, indicator: { ...indicator, unit: 'event' } };
    expect(reasonSentence(events, reasons.composition)).toContain('meer inwoners');
  });

  test('every kind has a whole sentence in both languages', () => {
    for (const language of ['nl', 'en'] as const) {
      const sentences = Object.values(reasons).map((reason) => reasonSentence({ ...telling, language }, reason));
      expect(new Set(sentences).size).toBe(5);
      for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z‘][^{}]*\.$/s);
    }
  });

  test('a label that names its attribute is not said twice', () => {
    const labels = { ...release.labels, 'benefit=ja': { nl: 'Met bijstand' } };
    expect(groupName({ language: 'nl', release: { ...release, labels } }, 'benefit', 'ja')).toBe('met bijstand');
  });
});

describe('a signal', () => {
  test('says how many, how large, how sure and since when', () => {
    expect(reachSentence(telling, signal)).toBe('Naar schatting 10 huishoudens meer dan verwacht.');
    expect(sizeSentence(telling, signal)).toBe('Hier 28,4%, verwacht 8,0%: 3,6 keer zo hoog.');
    expect(certaintySentence(telling, signal)).toContain('99% dat het cijfer hier meer dan 1,5 keer');
    expect(sinceSentence(telling, signal)).toBe('Al 3 perioden op rij, tot en met 2025.');
    expect(sinceSentence(telling, { ...signal, why: [] })).toContain('Te zien in 2025');
  });

  test('without a reference it does not say how many times', () => {
    expect(sizeSentence(telling, { ...signal, reference: 0 })).toBe('Hier 28,4%, verwacht 0,0%.');
  });

  test('certainty has five words, in order', () => {
    const words = [0.5, 0.7, 0.85, 0.95, 0.99].map(certaintyKey);
    expect(new Set(words).size).toBe(5);
    expect(certaintyKey(1)).toBe('certainty.almost_certain');
    expect(certaintyKey(0.9899)).toBe('certainty.very_likely');
  });
});
