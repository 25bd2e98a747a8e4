/** Forecasts that say when they have no value, and what could be known at all. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BASE, ask, launch, open, picture, signIn } from '../lib/browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** The monitor of domestic violence: by month where the release has it. */
async function monitor(page) {
  const { indicators } = await ask(page, '/api/release');
  const ids = indicators.map((one) => one.id);
  return ids.includes('domestic_violence_month') ? 'domestic_violence_month' : 'domestic_violence';
}

test('the monitor of domestic violence has no map of the next period, and says why', async () => {
  const { page, context, faults, strange } = await open(browser);
  await signIn(page);
  const indicator = await monitor(page);
  await page.goto(`${BASE}/voorspellen?onderwerp=${indicator}`);
  await page.getByRole('heading', { name: 'Het oordeel' }).waitFor();
  const verdict = await page.locator('.utrecht-alert').innerText();
  assert.match(verdict, /Er is geen hotspotkaart/);
  const levels = await page.getByRole('table', { name: 'Niveaus die geprobeerd zijn' }).innerText();
  assert.match(levels, /Geweigerd: \d+% van de aantallen is afgeschermd/);
  await picture(page, 'voorspellen');
  assert.deepEqual(strange, []);
  assert.deepEqual(faults, []);
  await context.close();
});

test('burglaries whose hot spots move earn the map of the next period', async () => {
  const { page, context } = await open(browser);
  await signIn(page);
  const { indicators } = await ask(page, '/api/release');
  if (indicators.some((one) => one.id === 'burglary_month')) {
    const { levels } = await ask(page, '/api/forecast?indicator=burglary_month');
    const buurt = levels.find((one) => one.level === 'buurt');
    assert.equal(buurt.verdict.ranking.earned, true);
    await page.goto(`${BASE}/voorspellen?onderwerp=burglary_month&niveau=buurt`);
    await page.getByRole('heading', { name: 'Het oordeel' }).waitFor();
    assert.match(await page.locator('.utrecht-alert').innerText(), /aantallen zijn afgeschermd/);
  }
  await context.close();
});

test('the chart of what lies ahead has a table with every period', async () => {
  const { page, context } = await open(browser);
  await signIn(page);
  const indicator = await monitor(page);
  const { shown } = await ask(page, `/api/forecast?indicator=${indicator}`);
  await page.goto(`${BASE}/voorspellen?onderwerp=${indicator}`);
  await page.getByText('Toon als tabel').first().click();
  const rows = page.locator('details').first().locator('tbody tr');
  assert.equal(await rows.count(), shown.past.length + shown.ahead.length);
  assert.equal(shown.ahead.length, 6);
  await context.close();
});

test('a topic that cannot be forecast says so for every level', async () => {
  const { page, context } = await open(browser);
  await signIn(page);
  await page.goto(`${BASE}/voorspellen?onderwerp=problem_debt`);
  await page.getByText('op geen enkel niveau te voorspellen').waitFor();
  const levels = await page.getByRole('table', { name: 'Niveaus die geprobeerd zijn' }).innerText();
  assert.match(levels, /Geweigerd: er zijn \d+ perioden, nodig zijn er 12/);
  await context.close();
});

test('the pilot of one year cannot tell; a larger area can; a wrong question is named', async () => {
  const { page, context, faults } = await open(browser);
  await signIn(page, '/haalbaarheid');
  await page.getByText('Op geen van deze niveaus is een afwijkend gebied te vinden').waitFor();
  await picture(page, 'haalbaarheid');
  const levels = page.getByLabel(/^Niveaus/);
  await levels.fill('buurt:10:2000,gemeente:1:200000');
  await page.getByLabel(/te laat komen/).fill('3');
  await page.getByRole('button', { name: 'Reken uit' }).click();
  await page.getByText('te vinden is: gemeente').waitFor();
  await page.getByText('Late en onvolledige gegevens kosten dit').waitFor();
  await page.reload();
  await page.getByText('te vinden is: gemeente').waitFor();
  assert.equal(await levels.inputValue(), 'buurt:10:2000,gemeente:1:200000');
  assert.deepEqual(faults, []);
  await levels.fill('buurt');
  await page.getByRole('button', { name: 'Reken uit' }).click();
  assert.match(await page.getByRole('alert').innerText(), /Deze vraag kan niet/);
  await context.close();
});
