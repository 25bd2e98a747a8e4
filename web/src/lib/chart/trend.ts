/** Geometry of the trend chart: from points to coordinates. Pure; the chart only draws what this says. */
import type { SeriesPoint } from '../api/types';

/** Size of the chart and its margins, in the units of its view box. */
export const FRAME = { width: 640, height: 240, left: 56, right: 12, top: 12, bottom: 30 };

/** One period of the chart. `y` is absent when there is no figure. */
export interface Dot {
  x: number;
  y: number | null;
  point: SeriesPoint;
}

/** Everything there is to draw. */
export interface TrendShape {
  dots: Dot[];
  /** Paths through consecutive figures; a missing period breaks the line. */
  lines: string[];
  /** Closed paths of the 95 % interval. */
  bands: string[];
  /** Paths of the expected figure. */
  references: string[];
  ticks: { y: number; value: number }[];
  /** Positions in `dots` that get a label under the axis. */
  labelled: number[];
}

/** The smallest of 1, 2, 2.5, 5 × 10ⁿ that is at least `value`. */
export function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= value * (1 - 1e-9));
  return (step ?? 10) * power;
}

/** Axis values from 0 (or below, when there are negative figures) to above the largest. */
export function axis(values: readonly number[], wanted = 4): number[] {
  const top = Math.max(0, ...values);
  const bottom = Math.min(0, ...values);
  if (top === bottom) return [0, 1];
  const step = niceStep((top - bottom) / wanted);
  const first = Math.floor(bottom / step);
  const last = Math.ceil(top / step);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Stretches of consecutive dots for which `read` gives a number. */
function stretches<T>(dots: readonly Dot[], read: (dot: Dot) => T | null): T[][] {
  const runs: T[][] = [[]];
  for (const dot of dots) {
    const value = read(dot);
    if (value === null) runs.push([]);
    else runs.at(-1)?.push(value);
  }
  return runs.filter((run) => run.length > 0);
}

const path = (points: [number, number][]): string =>
  points.map(([x, y], at) => `${at ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

function everyLabel(count: number, room: number): number[] {
  const step = Math.max(1, Math.ceil(count / room));
  return Array.from({ length: count }, (_, at) => at).filter((at) => (count - 1 - at) % step === 0);
}

function numbers(point: SeriesPoint): number[] {
  return [point.figure, point.low, point.high, point.reference].filter((value) => value != null);
}

/** The shape of a series. */
export function trendShape(points: readonly SeriesPoint[]): TrendShape {
  const values = axis(points.flatMap(numbers));
  const [bottom, top] = [values[0] ?? 0, values.at(-1) ?? 1];
  const wide = FRAME.width - FRAME.left - FRAME.right;
  const high = FRAME.height - FRAME.top - FRAME.bottom;
  const y = (value: number) => FRAME.top + high * (1 - (value - bottom) / (top - bottom));
  const x = (at: number) => FRAME.left + (points.length < 2 ? wide / 2 : (wide * at) / (points.length - 1));
  const dots = points.map((point, at) => ({ x: x(at), y: point.figure == null ? null : y(point.figure), point }));
  const line = stretches(dots, (dot) => (dot.y === null ? null : ([dot.x, dot.y] as [number, number])));
  const reference = stretches(dots, ({ x, point }) =>
    point.reference == null ? null : ([x, y(point.reference)] as [number, number]),
  );
  const band = stretches(dots, ({ x, point }) =>
    point.low == null || point.high == null ? null : { x, low: y(point.low), high: y(point.high) },
  );
  return {
    dots,
    lines: line.map(path),
    references: reference.map(path),
    bands: band.map((run) => {
      const there = run.map((at): [number, number] => [at.x, at.high]);
      const back = run.map((at): [number, number] => [at.x, at.low]).reverse();
      return `${path([...there, ...back])}Z`;
    }),
    ticks: values.map((value) => ({ y: y(value), value })),
    labelled: everyLabel(points.length, 9),
  };
}
