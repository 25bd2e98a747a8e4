/** A browser for the tests: what it asks, what it logs, and how it signs in. */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** Where the server is and who signs in. */
export const BASE = process.env.KUBUS_E2E_URL;
export const NAME = process.env.KUBUS_E2E_NAME;
export const PASSWORD = process.env.KUBUS_E2E_PASSWORD;

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Starts the browser. */
export function launch() {
  return chromium.launch({ executablePath: process.env.KUBUS_E2E_CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
}

/** Requests that a page makes to anywhere but the server; blocked, so that they cannot succeed. */
async function watchRequests(context, strange) {
  const home = new URL(BASE).origin;
  await context.route('**/*', (route) => {
    const url = route.request().url();
    const ours = url.startsWith(`${home}/`) || url.startsWith('data:') || url.startsWith('blob:');
    if (!ours) strange.push(url);
    return ours ? route.continue() : route.abort();
  });
}

/** A 401 to the question who is signed in is an answer, not a fault. */
const isFault = (message) => message.type() === 'error' && !/status of 401/.test(message.text());

/** A fresh page in its own context, with lists of what went wrong in it. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const strange = [];
  const faults = [];
  await watchRequests(context, strange);
  const page = await context.newPage();
  page.on('console', (message) => isFault(message) && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  return { context, page, strange, faults };
}

/** Signs in and waits until the first screen is there. */
export async function signIn(page, to = '/kaart') {
  await page.goto(`${BASE}${to}`);
  await page.getByLabel(/^(Naam|Name)$/).fill(NAME);
  await page.getByLabel(/^(Wachtwoord|Password)$/).fill(PASSWORD);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL((url) => url.pathname === new URL(to, BASE).pathname);
}

/** Waits until the map has drawn its areas. */
export async function mapReady(page) {
  await page.waitForSelector('.map[data-drawn=yes]');
  await page.waitForTimeout(300);
}

/** Saves a picture of the page. */
export async function picture(page, name) {
  mkdirSync(OUTPUT, { recursive: true });
  await page.screenshot({ path: `${OUTPUT}${name}.png`, fullPage: true });
}

/** What axe finds, as readable lines. Evaluated in the page's own world: no script tag, so CSP holds. */
export async function axe(page) {
  const { readFileSync } = await import('node:fs');
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return result.violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} ${node.failureSummary}`),
  );
}

/** An answer of the API, with the page's own session. */
export function ask(page, path) {
  return page.evaluate(async (asked) => (await fetch(asked)).json(), path);
}
