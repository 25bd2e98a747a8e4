/** What was planted in the town: read from truth.json, which no program of ours reads. */
import { readFileSync } from 'node:fs';

function entries(found) {
  if (Array.isArray(found)) return found;
  return found.truths ?? found.planted ?? Object.values(found).find(Array.isArray) ?? [];
}

function codes(entry) {
  const found = entry.areas ?? entry.codes ?? entry.area_codes ?? [entry.area ?? entry.code];
  return found.filter(Boolean).map((one) => (typeof one === 'string' ? one : one.code));
}

/** Planted truths, each with `kind`, `indicators`, `level`, `areas`, and whether it should give a `signal`; null when no file is named. */
export function readTruths(path = process.env.KUBUS_E2E_TRUTH) {
  if (!path) return null;
  const found = entries(JSON.parse(readFileSync(path, 'utf8')));
  return found.map((entry) => ({
    kind: String(entry.kind),
    indicators: entry.indicators ?? [entry.indicator].filter(Boolean),
    level: entry.level,
    areas: codes(entry),
    signal: entry.signal ?? !/decoy/.test(entry.kind),
  }));
}

/** The story of the Eilanden: a few small areas hidden by the average of their neighbourhood. */
export function eilanden(truths) {
  return truths.find((truth) => truth.signal && /eiland|hidden_by_average/.test(truth.kind));
}

/** Areas that look as if they deviate and do not: they are only composed differently. */
export function decoys(truths) {
  return truths.filter((truth) => !truth.signal && truth.areas.length > 0);
}
