/**
 * A small invented town for the mock server: 6 wijken, 30 buurten, 200 postcode areas as squares.
 * Every figure follows from its position, so that tests know what to expect.
 */

const WEST = 5.2;
const NORTH = 52.4;
const STEP = 0.004;
/** Postcode squares side by side: 20 columns, 10 rows. */
const COLUMNS = 20;
const ROWS = 10;
/** The pc6 in which the story of the Eilanden is planted. */
export const EILANDEN = ['1315AB', '1315BA', '1315BC'];

const both = (nl, en) => ({ nl, en });
const letter = (at) => String.fromCharCode(65 + at);

function ring(west, north, wide, high) {
  const [east, south] = [west + wide, north - high];
  return [
    [west, north],
    [east, north],
    [east, south],
    [west, south],
    [west, north],
  ];
}

function area(id, code, name, within, column, row, wide, high) {
  const [west, north] = [WEST + column * STEP, NORTH - row * STEP];
  const bounds = [west, north - high * STEP, west + wide * STEP, north];
  return { id, code, name, within, bounds, ring: ring(west, north, wide * STEP, high * STEP) };
}

/** Wijken are 2 × 3 blocks; buurten 6 × 5; they nest, as the columns 20 and rows 10 do not divide evenly. */
const wijkOf = (column, row) => Math.min(2, Math.floor(column / 7)) + 3 * Math.floor(row / 5);
const buurtOf = (column, row) => Math.min(5, Math.floor(column / 3.5)) + 6 * Math.floor(row / 2);
const wijkOfBuurt = (buurt) => Math.min(2, Math.floor((buurt % 6) / 2)) + 3 * Math.floor(Math.floor(buurt / 6) / 2.5);
const two = (number) => String(number + 1).padStart(2, '0');
const wijkCode = (at) => `WK9901${two(at)}`;
const buurtCode = (at) => `BU9901${two(wijkOfBuurt(at))}${two(at)}`;

function wijken() {
  const names = ['Oud-Waterrijk', 'De Veste', 'Noorderplas', 'Haven', 'Parkwijk', 'Buitenrand'];
  const at = (n) => ({ column: [0, 7, 14][n % 3], wide: [7, 7, 6][n % 3], row: 5 * Math.floor(n / 3) });
  return names.map((name, n) =>
    area(n, wijkCode(n), name, { gemeente: 'GM9901' }, at(n).column, at(n).row, at(n).wide, 5),
  );
}

function buurten() {
  const columns = [0, 4, 7, 11, 14, 18, 20];
  return Array.from({ length: 30 }, (_, n) => {
    const [column, row] = [columns[n % 6], 2 * Math.floor(n / 6)];
    const name = n === 0 ? 'Eilandenbuurt' : `Buurt ${n + 1}`;
    const within = { gemeente: 'GM9901', wijk: wijkCode(wijkOfBuurt(n)) };
    return area(n, buurtCode(n), name, within, column, row, columns[(n % 6) + 1] - column, 2);
  });
}

function postcodes() {
  return Array.from({ length: COLUMNS * ROWS }, (_, n) => {
    const [column, row] = [n % COLUMNS, Math.floor(n / COLUMNS)];
    const code = `1315${letter(row)}${letter(column)}`;
    const within = { gemeente: 'GM9901', wijk: wijkCode(wijkOf(column, row)), buurt: buurtCode(buurtOf(column, row)) };
    return area(n, code, code, within, column, row, 1, 1);
  })
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map((one, id) => ({ ...one, id }));
}

/** Areas by level, sorted by code. */
export const AREAS = {
  gemeente: [area(0, 'GM9901', 'Waterrijk', {}, 0, 0, COLUMNS, ROWS)],
  wijk: wijken(),
  buurt: buurten()
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map((one, id) => ({ ...one, id })),
  pc6: postcodes(),
};

const level = (id, nl, en, rank, parent) => ({
  level: id,
  name: both(nl, en),
  vintage: 2025,
  rank,
  parent,
  geometry: `geometry/${id}.json`,
  areas: AREAS[id].length,
});

/** Levels, coarse to fine. */
export const LEVELS = [
  level('gemeente', 'Gemeente', 'Municipality', 0, null),
  level('wijk', 'Wijk', 'District', 1, 'gemeente'),
  level('buurt', 'Buurt', 'Neighbourhood', 2, 'wijk'),
  level('pc6', 'Postcode', 'Postcode', 4, 'buurt'),
];

/** GeoJSON of a level: shapes with an integer id and no values. */
export function geometry(id) {
  const features = AREAS[id].map((one) => ({
    type: 'Feature',
    id: one.id,
    properties: { code: one.code, name: one.name },
    geometry: { type: 'Polygon', coordinates: [one.ring] },
  }));
  return { type: 'FeatureCollection', features };
}
