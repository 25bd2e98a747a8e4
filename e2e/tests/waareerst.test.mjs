/** Where first: an order that says how sure each place is, with ties and a table twin. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BASE, ask, axe, launch, open, picture, signIn } from '../lib/browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('every place says what, where, how many, how sure, since when, and how sure the place is', async () => {
  const { page, context, faults, strange } = await open(browser);
  await signIn(page, '/waareerst');
  const first = page.locator('article[data-area]').first();
  await first.waitFor();
  const { priorities } = await ask(page, '/api/priorities?limit=15');
  const areas = await page.locator('article[data-area]').evaluateAll((all) => all.map((one) => one.dataset.area));
  assert.deepEqual(
    areas,
    priorities.map((one) => one.signal.area),
  );
  const told = await first.innerText();
  assert.match(told, /Naar schatting [\d.]+ .* verwacht \([\d.]+ tot [\d.]+\)/);
  assert.match(told, /De plek (ligt waarschijnlijk tussen \d+ en \d+|is vrijwel zeker \d+), van de \d+/);
  assert.match(told, /Te zien (sinds|in)/);
  await picture(page, 'waareerst');
  assert.deepEqual(await axe(page), []);
  assert.deepEqual([faults, strange], [[], []]);
  await context.close();
});

test('places are whole, grow, and lie in their intervals; the chart has a table with the same', async () => {
  const { page, context } = await open(browser);
  await signIn(page, '/waareerst');
  await page.locator('article[data-area]').first().waitFor();
  const found = await ask(page, '/api/priorities?limit=15');
  const places = found.priorities.map((one) => one.priority.place);
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  for (const { priority } of found.priorities) {
    const [low, high] = priority.ranks;
    const [lowest, highest] = priority.ranks_together;
    assert.ok(1 <= lowest && lowest <= low && low <= high && high <= highest && highest <= found.ranked);
    assert.ok(low - 1 <= priority.expected_rank && priority.expected_rank <= high + 1);
  }
  await page.getByText('Toon als tabel').first().click();
  assert.equal(await page.locator('details tbody tr').count(), found.priorities.length);
  const weights = await page.getByRole('table', { name: /Wat telt mee/ }).innerText();
  for (const factor of ['Ernst', 'Bereik', 'Zekerheid', 'Duur']) assert.match(weights, new RegExp(factor));
  assert.ok(await page.getByText(`startgetal ${found.draws.seed}`).isVisible());
  await context.close();
});

test('a choice of topic stands in the address and is asked again', async () => {
  const { page, context } = await open(browser);
  await signIn(page, '/waareerst');
  await page.locator('article[data-area]').first().waitFor();
  const topic = await page.locator('article[data-area]').last().getAttribute('data-indicator');
  await page.getByLabel('Onderwerp').selectOption(topic);
  await page.waitForURL(new RegExp(`onderwerp=${topic}`));
  const others = page.locator(`article[data-area]:not([data-indicator="${topic}"])`);
  await others.first().waitFor({ state: 'detached' });
  assert.ok((await page.locator('article[data-area]').count()) > 0);
  await page.goto(`${BASE}/waareerst?onderwerp=bestaat-niet`);
  await page.getByText('0 signalen.').waitFor();
  await context.close();
});
