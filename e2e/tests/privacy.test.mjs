/** The privacy section: every release with its promise and its attack, and what differs between two. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BASE, ask, axe, launch, open, picture, signIn } from '../lib/browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('each release shows its promise, what was tried, what was found, and what it withholds by level', async () => {
  const { page, context, faults, strange } = await open(browser);
  await signIn(page);
  await page.goto(`${BASE}/privacy`);
  const newest = page.locator('details[data-release]').first();
  await newest.waitFor();
  const { releases } = await ask(page, '/api/releases');
  assert.equal(await page.locator('details[data-release]').count(), releases.length);
  const told = await newest.innerText();
  assert.match(told, /Wat we beloven/);
  assert.match(told, /Gebruikt: [\d.]+ cijfers\. Gezocht: [\d.]+ beschermde cijfers\. Precies gevonden: 0\./);
  assert.equal(await newest.locator('[data-stages] li').count(), releases[0].attack.stages.length);
  assert.equal(await newest.locator('tbody tr').count(), releases[0].levels.length);
  assert.deepEqual(await axe(page), []);
  await picture(page, 'privacy-uitgaven');
  assert.deepEqual([faults, strange], [[], []]);
  await context.close();
});

test('without signing in there is the method and no list of releases', async () => {
  const { page, context } = await open(browser);
  await page.goto(`${BASE}/privacy`);
  await page.locator('h1').waitFor();
  await page.waitForLoadState('networkidle');
  assert.equal(await page.locator('details[data-release]').count(), 0);
  await context.close();
});

const onMock = process.env.KUBUS_E2E_MOCK ? false : 'the demo town has no two releases that differ';
test('what differs between two releases is told', { skip: onMock }, async () => {
  const { page, context } = await open(browser);
  await signIn(page);
  await page.goto(`${BASE}/privacy`);
  const section = page.locator('section', {
    has: page.getByRole('heading', { name: 'Verschil tussen twee uitgaven' }),
  });
  await section.getByRole('table', { name: 'Regels' }).waitFor();
  const told = await section.innerText();
  for (const part of ['kleinste bevolking: pc6', 'gebieden erbij: 3', 'perioden erbij: 2025', 'beschrijving anders'])
    assert.ok(told.includes(part), part);
  await picture(page, 'privacy-verschil');
  await page.getByLabel('Van uitgave').selectOption('3');
  await section.getByText('Er is geen verschil.').waitFor();
  await context.close();
});

const onTown = process.env.KUBUS_E2E_MOCK ? 'the mock invents what differs' : false;
test('two releases of the same deliveries under the same rules are the same', { skip: onTown }, async () => {
  const { page, context } = await open(browser);
  await signIn(page);
  await page.goto(`${BASE}/privacy?van=1&naar=2`);
  await page.getByText('Er is geen verschil.').waitFor();
  await page.locator('details[data-release="1"] summary').click();
  assert.equal(await page.locator('details[open]').count(), 2);
  await context.close();
});
