/**
 * Patterns for areas without a colour, drawn as pixels: the map and the legend use the same ones.
 * Pure; nothing is fetched and nothing is inlined in a style sheet.
 */
import type { Look } from './classes';

type Rgba = readonly [number, number, number, number];

/** A square of pixels that repeats. */
export interface Tile {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

interface Pattern {
  ground: Rgba;
  ink: Rgba;
  isInk: (x: number, y: number) => boolean;
}

/** Side of a tile in pixels; every pattern's rhythm divides it. */
export const TILE = 12;

const CLEAR: Rgba = [0, 0, 0, 0];
const centred = (at: number): number => at - (TILE - 1) / 2;
const ring = (x: number, y: number): boolean => Math.abs(Math.hypot(centred(x), centred(y)) - 3.2) < 0.9;
const rising = (x: number, y: number, step: number): boolean => (x + y) % step < 2;
const falling = (x: number, y: number, step: number): boolean => (x - y + 2 * TILE) % step < 2;

/** Names of the pattern images, also those of the map's layers. */
export type PatternName = Exclude<Look, 'class'> | 'hatch';

const PATTERNS: Record<PatternName, Pattern> = {
  zero: { ground: [255, 252, 235, 255], ink: [140, 116, 40, 255], isInk: ring },
  suppressed: { ground: [214, 214, 214, 255], ink: [120, 120, 120, 255], isInk: (x, y) => rising(x, y, 6) },
  not_available: { ground: [255, 255, 255, 255], ink: [150, 150, 150, 255], isInk: (x, y) => x % 6 < 2 && y % 6 < 2 },
  not_applicable: { ground: [244, 244, 244, 255], ink: [170, 170, 170, 255], isInk: (_x, y) => y % 6 < 1 },
  too_uncertain: {
    ground: [255, 255, 255, 255],
    ink: [196, 138, 52, 255],
    isInk: (x, y) => rising(x, y, TILE) || falling(x, y, TILE),
  },
  not_authorised: { ground: [96, 96, 108, 255], ink: [60, 60, 72, 255], isInk: (x) => x % 6 < 2 },
  hatch: { ground: CLEAR, ink: [255, 255, 255, 235], isInk: (x, y) => falling(x, y, 6) },
};

/** All pattern names, in the order in which the map stacks them. */
export const PATTERN_NAMES = Object.keys(PATTERNS) as PatternName[];

function pixel(pattern: Pattern, x: number, y: number): Rgba {
  return pattern.isInk(x, y) ? pattern.ink : pattern.ground;
}

/** The tile of a pattern; `under` is the colour below a pattern that is not opaque. */
export function tile(name: PatternName): Tile {
  const data = new Uint8ClampedArray(TILE * TILE * 4);
  for (let y = 0; y < TILE; y += 1) {
    for (let x = 0; x < TILE; x += 1) data.set(pixel(PATTERNS[name], x, y), (y * TILE + x) * 4);
  }
  return { width: TILE, height: TILE, data };
}
