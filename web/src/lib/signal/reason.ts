/** Why an area deviates, as sentences built from message files. Association, never cause. */
import type { Indicator, Reason, ReleaseDescription, Signal } from '../api/types';
import { number, percent, probability, times, withUnit } from '../format/number';
import { period } from '../format/period';
import { isKey, message, pick, plural, type Language, type MessageKey, type Parameters } from '../lang/messages';
import { attributeLabel, levelOf, valueLabel } from '../state/release';

/** What a sentence needs to know besides the signal itself. */
export interface Telling {
  language: Language;
  release: ReleaseDescription;
  indicator: Indicator;
  /** Name of an area, as `level` and `code`; the code when it is not known. */
  nameOf: (level: string, code: string) => string;
}

type Of<K extends Reason['kind']> = Extract<Reason, { kind: K }>;

function rate(telling: Telling, value: number): string {
  const { indicator, language } = telling;
  return withUnit(language, value, indicator.decimals, pick(language, indicator.unit_name));
}

/** `households`, `residents` …: what the indicator counts, in words. */
export function unitWord(language: Language, unit: string, capital = false): string {
  const key = `unit.${unit}`;
  const word = message(language, isKey(key) ? key : 'unit.figure');
  return capital ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}

/** What the counted numbers are: a rate counts reports, whoever they are divided by. */
export function countedWord(language: Language, indicator: Pick<Indicator, 'measure' | 'unit'>): string {
  return unitWord(language, indicator.measure === 'rate' ? 'event' : indicator.unit);
}

/** Who lives somewhere: of events and figures that is the residents. */
function livingHere(language: Language, unit: string): string {
  return unitWord(language, unit === 'household' ? unit : 'person');
}

/** Higher or lower, by which way the indicator points. */
function directed(indicator: Indicator, high: MessageKey, low: MessageKey): MessageKey {
  return indicator.direction === 'low_is_unfavourable' ? low : high;
}

/** The name of a group: `Uitkering: ja`, or `met bijstand` when that says it already. */
export function groupName(telling: Pick<Telling, 'language' | 'release'>, attribute: string, value: string): string {
  const { language, release } = telling;
  const [name, label] = [attributeLabel(release, attribute), valueLabel(release, attribute, value)];
  const [attributeText, valueText] = [pick(language, name), pick(language, label).toLocaleLowerCase(language)];
  const saysItAll = valueText.includes(attributeText.toLocaleLowerCase(language));
  return saysItAll ? valueText : `${attributeText}: ${valueText}`;
}

function behaviour(telling: Telling, reason: Of<'behaviour'>): string {
  const { language, indicator } = telling;
  const [low = reason.rate_here, high = reason.rate_here] = reason.interval;
  const parameters: Parameters = {
    unit: unitWord(language, indicator.unit, true),
    group: groupName(telling, reason.attribute, reason.value),
    here: rate(telling, reason.rate_here),
    low: number(language, low, indicator.decimals),
    high: number(language, high, indicator.decimals),
    elsewhere: rate(telling, reason.rate_reference),
    contribution: percent(language, Math.min(1, Math.max(0, reason.contribution))),
  };
  return message(language, directed(indicator, 'reason.behaviour.high', 'reason.behaviour.low'), parameters);
}

function around(telling: Telling, reason: Of<'behaviour_around'>): string {
  const { language, indicator } = telling;
  const [low = reason.rate_there, high = reason.rate_there] = reason.interval;
  const level = pick(language, levelOf(telling.release, reason.level)?.name) || reason.level;
  return message(language, directed(indicator, 'reason.around.high', 'reason.around.low'), {
    level: level.toLocaleLowerCase(language),
    area: telling.nameOf(reason.level, reason.area),
    unit: unitWord(language, indicator.unit),
    group: groupName(telling, reason.attribute, reason.value),
    there: rate(telling, reason.rate_there),
    low: number(language, low, indicator.decimals),
    high: number(language, high, indicator.decimals),
    elsewhere: rate(telling, reason.rate_reference),
  });
}

function composition(telling: Telling, reason: Of<'composition'>): string {
  const larger = reason.share_here >= reason.share_reference;
  return message(telling.language, larger ? 'reason.composition.more' : 'reason.composition.fewer', {
    unit: livingHere(telling.language, telling.indicator.unit),
    group: groupName(telling, reason.attribute, reason.value),
    here: percent(telling.language, reason.share_here),
    elsewhere: percent(telling.language, reason.share_reference),
  });
}

function stopped(telling: Telling, reason: Of<'stopped_by_disclosure'>): string {
  const attribute = pick(telling.language, attributeLabel(telling.release, reason.attribute));
  return message(telling.language, 'reason.stopped', { attribute: attribute.toLocaleLowerCase(telling.language) });
}

function hidden(telling: Telling, reason: Of<'hidden_by_average'>): string {
  const level = pick(telling.language, levelOf(telling.release, reason.level)?.name) || reason.level;
  return message(telling.language, 'reason.hidden', {
    level: level.toLocaleLowerCase(telling.language),
    area: telling.nameOf(reason.level, reason.area),
    rate: rate(telling, reason.rate),
    reference: rate(telling, reason.rate_reference),
  });
}

/** One reason as a sentence. Every kind of reason has its own. */
export function reasonSentence(telling: Telling, reason: Reason): string {
  switch (reason.kind) {
    case 'behaviour':
      return behaviour(telling, reason);
    case 'behaviour_around':
      return around(telling, reason);
    case 'composition':
      return composition(telling, reason);
    case 'stopped_by_disclosure':
      return stopped(telling, reason);
    case 'hidden_by_average':
      return hidden(telling, reason);
    case 'persistent':
      return plural(telling.language, 'reason.persistent', reason.periods, {
        count: number(telling.language, reason.periods),
      });
  }
}

/** How much it deviates: the rate, what was expected, how many times, and how many units. */
export function sizeSentence(telling: Telling, signal: Signal): string {
  const { language, indicator } = telling;
  const factor = times(language, signal.rate, signal.reference);
  const key = directed(indicator, 'signal.size.high', 'signal.size.low');
  return message(language, factor === null ? 'signal.size.plain' : key, {
    rate: rate(telling, signal.rate),
    reference: rate(telling, signal.reference),
    factor: factor ?? '',
  });
}

/** About how many units more (or fewer) than expected. */
export function reachSentence(telling: Telling, signal: Signal): string {
  const { language, indicator } = telling;
  const count = Math.max(1, Math.round(signal.reach));
  return message(language, directed(indicator, 'signal.reach.more', 'signal.reach.fewer'), {
    count: number(language, count),
    unit: countedWord(language, indicator),
  });
}

/** Since when: the length of the deviation if it is known, and the period of the figure. */
export function sinceSentence(telling: Telling, signal: Signal): string {
  const lasting = signal.why.find((reason): reason is Of<'persistent'> => reason.kind === 'persistent');
  const shown = period(telling.language, signal.period);
  if (!lasting) return message(telling.language, 'signal.since.new', { period: shown });
  return plural(telling.language, 'signal.since.periods', lasting.periods, {
    count: number(telling.language, lasting.periods),
    period: shown,
  });
}

/** How sure, as a percentage with what it is the probability of. */
export function certaintySentence(telling: Telling, signal: Signal): string {
  const { language, indicator } = telling;
  return message(language, directed(indicator, 'signal.certainty.high', 'signal.certainty.low'), {
    certainty: probability(language, signal.certainty),
    factor: number(language, signal.exceedance, 1),
  });
}
