/**
 * A stand-in for kubus-web: the same paths, headers and shapes, with the invented town of town.mjs.
 * For developing screens and for their tests; it protects nothing. `node mock/server.mjs [PORT]`.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figures, profile, series, signals } from './figures.mjs';
import { feasibility, forecast } from './forecast.mjs';
import { priorities, takeUp } from './order.mjs';
import { RELEASE } from './release.mjs';
import { RELEASES, difference } from './releases.mjs';
import { AREAS, geometry } from './town.mjs';

const DIST = fileURLToPath(new URL('../../web/dist/', import.meta.url));
/** The only user of the mock; the password protects nothing. */
export const USER = { name: 'proef', password: 'proef-van-de-schermen' };

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
  "worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
const HEADERS = {
  'content-security-policy': CSP,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

function send(response, status, body, headers = {}) {
  const json = { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' };
  response.writeHead(status, { ...HEADERS, ...json, ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

const problem = (response, status, code) => send(response, status, { type: 'about:blank', title: code, status, code });

async function body(request) {
  let text = '';
  for await (const part of request) text += part;
  return JSON.parse(text || '{}');
}

async function session(request, response) {
  if (request.method === 'DELETE') return send(response, 204, undefined, { 'set-cookie': 'mock=; Path=/; Max-Age=0' });
  if (request.method === 'GET') return send(response, 200, { name: USER.name, role: 'analyst', language: null });
  const given = await body(request);
  if (given.name !== USER.name || given.password !== USER.password) return problem(response, 401, 'sign-in-refused');
  const cookie = 'mock=1; Path=/; HttpOnly; SameSite=Strict';
  return send(response, 200, { name: USER.name, role: 'analyst', language: null }, { 'set-cookie': cookie });
}

function download(response, query) {
  const found = figures(query);
  if (!found || !['csv', 'xlsx', 'gpkg'].includes(query.format)) return problem(response, 404, 'not-found');
  const lines = found.areas.map((area) => `${area.code};${area.name};${area.status}`);
  const name = `straatkubus-${query.indicator}.${query.format}`;
  response.writeHead(200, {
    ...HEADERS,
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${name}"`,
  });
  response.end(lines.join('\r\n'));
}

function answerOf(parts, query) {
  const [what, level, code, more] = parts;
  if (what === 'release') return RELEASE;
  if (what === 'signals') return signals(query);
  if (what === 'priorities') return priorities(query);
  if (what === 'take-up') return takeUp(query);
  if (what === 'releases') return level === 'difference' ? difference(query) : RELEASES;
  if (what === 'forecast') return forecast(query);
  if (what === 'feasibility') return feasibility(query);
  if (what === 'figures') return figures(query);
  if (what === 'areas' && AREAS[level]) return { level, areas: AREAS[level].map(({ ring, ...area }) => area) };
  if (what === 'geometry' && AREAS[level]) return geometry(level);
  if (what === 'area') return more === 'series' ? series(level, code, query.indicator) : profile(level, code);
  return null;
}

async function answer(request, response, url) {
  const parts = url.pathname.split('/').slice(2).map(decodeURIComponent);
  const query = Object.fromEntries(url.searchParams);
  if (parts[0] === 'health') return send(response, 200, { status: 'ok', release: RELEASE.number });
  const signedIn = /\bmock=1\b/.test(request.headers.cookie ?? '');
  if (!signedIn && !(parts[0] === 'session' && request.method === 'POST')) return problem(response, 401, 'no-session');
  if (parts[0] === 'session') return session(request, response);
  if (parts[0] === 'export') return download(response, query);
  const found = answerOf(parts, query);
  return found ? send(response, 200, found) : problem(response, 404, 'not-found');
}

function asset(response, path) {
  const inside = join(DIST, normalize(path));
  const exists = inside.startsWith(DIST) && existsSync(inside) && statSync(inside).isFile();
  const file = exists ? inside : join(DIST, 'index.html');
  response.writeHead(200, { ...HEADERS, 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}

/** Starts the mock on a port (0 is any free one); gives the server. */
export function start(port = 0) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://mock');
    if (!url.pathname.startsWith('/api/')) return asset(response, url.pathname);
    return answer(request, response, url).catch(() => problem(response, 400, 'bad-request'));
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await start(Number(process.argv[2] ?? 8080));
  process.stdout.write(`http://127.0.0.1:${server.address().port}  ${USER.name} / ${USER.password}\n`);
}
