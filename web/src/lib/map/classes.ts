/** Which class a figure falls in, and how each area looks on the map. Pure. */
import type { AreaFigure, Maybe } from '../api/types';

/** Looks of an area, in the order of the legend. `class` has a colour; the others have a pattern. */
export const LOOKS = [
  'class',
  'zero',
  'suppressed',
  'not_available',
  'not_applicable',
  'too_uncertain',
  'not_authorised',
] as const;
export type Look = (typeof LOOKS)[number];

/** Colours of the classes, low to high: one hue, so that it also works in grey and for colour blindness. */
const RAMP = ['#e6f0f5', '#b5d4e3', '#7fb2cc', '#478cb0', '#1f668d', '#0f4462', '#07283b'];

/**
 * The class of a figure: `n` breaks make `n + 1` classes, and a figure on a break belongs to the
 * lower class.
 */
export function classOf(breaks: readonly number[], figure: number): number {
  const above = breaks.findIndex((bound) => figure <= bound);
  return above === -1 ? breaks.length : above;
}

/** Colour of class `index` out of `count` classes, spread over the ramp. */
export function classColour(index: number, count: number): string {
  const last = Math.min(RAMP.length - 1, Math.max(4, count - 1));
  const at = count < 2 ? 2 : Math.round((index / (count - 1)) * last);
  return RAMP[Math.min(at, RAMP.length - 1)] ?? '#478cb0';
}

/** Whether the area has a figure but may not be given a colour, or has no figure at all. */
export function lookOf(area: Pick<AreaFigure, 'status' | 'too_uncertain' | 'figure'>): Look {
  if (area.status === 'zero') return 'zero';
  if (area.status !== 'value') return area.status;
  return area.too_uncertain || area.figure == null ? 'too_uncertain' : 'class';
}

/**
 * Whether a coloured area is hatched: its 95 % interval reaches at least two classes from end to
 * end, so that the colour says more than the data do.
 */
export function isUncertain(breaks: readonly number[], low: Maybe<number>, high: Maybe<number>): boolean {
  if (low == null || high == null || breaks.length === 0) return false;
  return classOf(breaks, high) - classOf(breaks, low) >= 2;
}

/** How one area is drawn. */
export interface Drawing {
  look: Look;
  colour: string;
  uncertain: boolean;
}

/** The drawing of an area under these breaks. */
export function drawing(breaks: readonly number[], area: AreaFigure): Drawing {
  const look = lookOf(area);
  if (look !== 'class' || area.figure == null) return { look, colour: '#ffffff', uncertain: false };
  const colour = classColour(classOf(breaks, area.figure), breaks.length + 1);
  return { look, colour, uncertain: isUncertain(breaks, area.low, area.high) };
}
