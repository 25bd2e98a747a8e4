/** The background map: tiles of a server of our own, under the content policy of a window of our own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { BASE, NAME, PASSWORD, axe, launch, mapReady } from '../lib/browser.mjs';

const ATTRIBUTION = 'Kaart: © Voorbeeldkaart';
const TILE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const { KUBUS_E2E_WINDOW: program, KUBUS_E2E_RELEASES: releases, KUBUS_E2E_STATE: state } = process.env;
const asked = [];
const tiles = createServer((request, response) => {
  asked.push(request.url);
  response.writeHead(200, { 'content-type': 'image/png', 'access-control-allow-origin': '*' }).end(TILE);
});
let browser;
let page;
let child;
let base = BASE;
const faults = [];
const strange = [];

/** A second window on the same users and releases, with the background map. */
async function openWindow(template) {
  const assets = new URL('../../web/dist', import.meta.url).pathname;
  const settings = ['--background', template, '--background-attribution', ATTRIBUTION, '--listen', '127.0.0.1:0'];
  child = spawn(program, ['--releases', releases, '--state', state, '--assets', assets, '--lang', 'en', ...settings]);
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\/\/[0-9.:]+/.exec(line);
    if (address) return address[0];
  }
  throw new Error('the window did not start');
}

before(async () => {
  await new Promise((resolve) => tiles.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${tiles.address().port}`;
  const template = `${origin}/brt/{z}/{x}/{y}.png`;
  if (program) base = await openWindow(template);
  browser = await launch();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: !program });
  page = await context.newPage();
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && faults.push(message.text()));
  page.on('request', (request) => {
    const url = request.url();
    if (![`${base}/`, `${origin}/`, 'data:', 'blob:'].some((start) => url.startsWith(start))) strange.push(url);
  });
  if (!program) {
    await page.route('**/api/release', async (route) => {
      const response = await route.fetch();
      if (!response.ok()) return route.fulfill({ response });
      const json = { ...(await response.json()), background_map: { template, attribution: ATTRIBUTION } };
      return route.fulfill({ response, json });
    });
  }
  await page.goto(`${base}/kaart`);
  await page.getByLabel(/^(Naam|Name)$/).fill(NAME);
  await page.getByLabel(/^(Wachtwoord|Password)$/).fill(PASSWORD);
  await page.locator('form button[type=submit]').click();
  await mapReady(page);
});
after(async () => {
  await browser?.close();
  child?.kill();
  tiles.close();
});

const button = () => page.getByRole('button', { name: /^(Achtergrondkaart|Background map)$/ });

test('tiles lie under the areas, with their maker named, and nothing else is asked', async () => {
  assert.ok(asked.length > 0 && asked.every((url) => /^\/brt\/\d+\/\d+\/\d+\.png$/.test(url)), asked.join());
  assert.equal(await page.locator('[data-attribution]').innerText(), ATTRIBUTION);
  assert.deepEqual([faults, strange], [[], []]);
  assert.deepEqual(await axe(page), []);
});

test('the switch stands in the address, and off asks no tile', async () => {
  await button().click();
  await page.waitForURL(/achtergrond=uit/);
  assert.equal(await button().getAttribute('aria-pressed'), 'false');
  assert.equal(await page.locator('[data-attribution]').count(), 0);
  asked.length = 0;
  await page.goto(page.url());
  await mapReady(page);
  assert.deepEqual(asked, []);
  await button().click();
  await page.waitForURL((url) => !url.searchParams.has('achtergrond'));
  await mapReady(page);
  assert.equal(await page.locator('[data-attribution]').innerText(), ATTRIBUTION);
});
