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

/** Planted truths, each with `kind`, `indicators`, `level` and `areas`; null when no file is named. */
export function readTruths(path = process.env.KUBUS_E2E_TRUTH) {
  if (!path) return null;
  const found = entries(JSON.parse(readFileSync(path, 'utf8')));
  return found.map((entry) => ({
    kind: String(entry.kind),
    indicators: entry.indicators ?? [entry.indicator].filter(Boolean),
    level: entry.level,
    areas: codes(entry),
  }));
}

/** The truths whose kind holds this word. */
export function ofKind(truths, word) {
  return truths.filter((truth) => truth.kind.toLowerCase().includes(word));
}
